"""Does it matter how the paper is read, where it can be read in two ways?

    python -m experiments.readings [--only read_wide ...]

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

import sys

from experiments.study import comparison as compare

NAME = "readings"
NAMES = (
    "read_printed",
    "read_wide",
    "read_centred",
    "read_literal",
    "read_code",
    "read_two",
    "read_two_reversed",
)
PAIRS = (
    ("read_printed", "read_wide"),
    ("read_printed", "read_centred"),
    ("read_printed", "read_literal"),
    ("read_printed", "read_code"),
    ("read_two", "read_two_reversed"),
)


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return compare.main(NAME, __doc__, NAMES, PAIRS, arguments, seeds=(1, 2, 3))


if __name__ == "__main__":
    sys.exit(main())
