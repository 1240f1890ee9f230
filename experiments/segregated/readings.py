"""Does it matter how the paper is read, where it can be read in two ways?

    python -m experiments readings [--only read_wide ...]

Each condition is the printed one but for one reading, three networks each after five epochs:

- initial weights: the paper gives the potentials that they should make; the moments of these give
  weights half as wide (``read_printed``) as the authors' later code draws them (``read_wide``);
- their mean, and that of the feedback weights: Results say normally distributed, Methods uniform,
  and an earlier code had no mean (``read_centred``, whose biases start at 0, too);
- the teaching current: its conductances in units of g_l, or as printed, where they are ten times
  weaker (``read_literal``);
- all that the authors' code does otherwise, at once (``read_code``: the preset ``code``);
- with two hidden layers, the rate 0.12 for the output, as printed, or for the first layer, as an
  old script of the authors has it (``read_two``, ``read_two_reversed``).

Expected: no more than the seeds make of it, but for the teaching current: with literal conductances
no output cell reaches its target rate. Five epochs take about four minutes of one core.
"""

from experiments.segregated.settings import PAPER, PRINTED_ONE, PRINTED_TWO, small
from experiments.study.comparison import compare
from experiments.study.conditions import Condition
from models.segregated.presets import PRESETS

REVERSED = {"eta": (0.12, 0.23, 0.23)}

CONDITIONS = {
    "read_printed": Condition("as printed", PRINTED_ONE, 5, network="printed_one_hidden"),
    "read_wide": Condition("weights twice as wide", PRINTED_ONE | {"init": (1.0,)}, 5),
    "read_centred": Condition("weights without a mean", PRINTED_ONE | {"centre": True}, 5),
    "read_literal": Condition("literal teaching current", PRINTED_ONE | {"teaching": "literal"}, 5),
    "read_code": Condition("authors' code", PRINTED_ONE | PRESETS["code"], 5),
    "read_two": Condition("two layers, as printed", PRINTED_TWO, 5, network="printed_two_hidden"),
    "read_two_reversed": Condition("two layers, rates reversed", PRINTED_TWO | REVERSED, 5),
}
PAIRS = (
    ("read_printed", "read_wide"),
    ("read_printed", "read_centred"),
    ("read_printed", "read_literal"),
    ("read_printed", "read_code"),
    ("read_two", "read_two_reversed"),
)
TITLE = "One reading of the paper, or the other"
page = compare(
    __name__, __doc__, CONDITIONS, PAIRS, TITLE, seeds=(1, 2, 3), paper=PAPER, smoke=small
)
