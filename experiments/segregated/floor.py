"""What keeps the error of the printed settings up? One change after the other.

    python -m experiments floor [--only late ...]

With one hidden layer: the settings as printed; then every image begins at rest, so that nothing of
the last image and its label is left in the traces; then the forward plateau is taken 30 ms later,
when activity has reached the apical dendrite (see ``settling``); then weights without a mean, rates
that fall, and feedback four times as strong (the preset ``best``). Twenty epochs each.

Expected: each of them lowers the error; the paper gives 4.1 per cent after 60 epochs. Twenty epochs
take about 20 minutes of one core for each.
"""

from experiments.segregated.settings import BEST, LATE, PAPER, PRINTED_ONE, RESTED, small
from experiments.study.comparison import compare
from experiments.study.conditions import Condition

CONDITIONS = {
    "printed": Condition("as printed", PRINTED_ONE, 20, 4.1, "printed_one_hidden"),
    "cleared": Condition("+ images from rest", RESTED, 20, network="random"),
    "late": Condition("+ late plateau", RESTED | LATE, 20),
    "best": Condition("+ best weights, rates, feedback", BEST, 20, network="best_one_hidden"),
}
PAIRS = (("printed", "cleared"), ("cleared", "late"), ("late", "best"))
TITLE = "From the printed settings to the best"
page = compare(__name__, __doc__, CONDITIONS, PAIRS, TITLE, paper=PAPER, smoke=small)
