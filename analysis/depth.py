"""Test error with 0 to 3 hidden layers (P Fig 6B).

python -m analysis.depth [--results DIR]
"""

import sys

from analysis import compare
from analysis.command import figure
from analysis.compare import Look

NAME = "depth"
# A colour for each set of settings, a marker for each depth.
LOOKS = {
    "printed_no_hidden": Look("none, as printed", "C3", "o"),
    "printed_one_hidden": Look("one, as printed", "C3", "s"),
    "printed_two_hidden": Look("two, as printed", "C3", "^"),
    "cleared_one_hidden": Look("one, cleared", "C4", "s"),
    "cleared_two_hidden": Look("two, cleared", "C4", "^"),
    "late_no_hidden": Look("none, cleared and late", "C2", "o"),
    "late_one_hidden": Look("one, cleared and late", "C2", "s"),
    "late_two_hidden": Look("two, cleared and late", "C2", "^"),
    "no_hidden": Look("none", "C0", "o"),
    "one_hidden": Look("one", "C0", "s"),
    "two_hidden": Look("two", "C0", "^"),
    "best_one_hidden": Look("one, best settings", "C1", "s"),
    "best_two_hidden": Look("two, best settings", "C1", "^"),
    "three_hidden": Look("three, best settings", "C1", "D"),
}


def draw(results):
    """Test error over training, and after it, for each number of hidden layers."""
    return compare.draw(results, LOOKS, "Hidden layers: none, 500, 500-100, 500-100-100")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure(NAME, draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
