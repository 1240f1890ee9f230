"""Test error with 0 to 3 hidden layers (P Fig 6B).

python -m analysis.depth [--results DIR]
"""

import sys

from analysis import compare
from analysis.command import figure

NAME = "depth"
LABELS = {
    "no_hidden": "none",
    "one_hidden": "one: 500",
    "two_hidden": "two: 500-100",
    "best_one_hidden": "one, best settings",
    "best_two_hidden": "two, best settings",
    "three_hidden": "three: 500-100-100, best settings",
    "printed_no_hidden": "none, as printed",
    "printed_one_hidden": "one, as printed",
    "printed_two_hidden": "two, as printed",
}


def draw(results):
    """Test error over training, and after it, for each number of hidden layers."""
    return compare.draw(results, LABELS, "Hidden layers")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure(NAME, draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
