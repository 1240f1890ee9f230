"""What keeps the error of the printed settings up? One change after the other.

    python -m experiments.floor [--only late ...]

With one hidden layer: the settings as printed; then every image begins at rest, so that nothing of
the last image and its label is left in the traces; then the forward plateau is taken 30 ms later,
when activity has reached the apical dendrite (see ``settling``); then weights without a mean, rates
that fall, and feedback four times as strong (the preset ``best``). Twenty epochs each.

Expected: each of them lowers the error; the paper gives 4.1 per cent after 60 epochs. Twenty epochs
take about 20 minutes of one core for each.
"""

import sys

from experiments.study import comparison as compare

NAME = "floor"
NAMES = ("printed", "cleared", "late", "best")
PAIRS = (("printed", "cleared"), ("cleared", "late"), ("late", "best"))


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return compare.main(NAME, __doc__, NAMES, PAIRS, arguments)


if __name__ == "__main__":
    sys.exit(main())
