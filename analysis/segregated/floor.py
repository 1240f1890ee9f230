"""Test error as printed, and after one change after the other.

python -m analysis.floor [--results DIR]
"""

import sys

from analysis.drawing import conditions as compare
from analysis.drawing.figure import figure

NAME = "floor"
LABELS = {
    "printed": "as printed",
    "cleared": "+ images from rest",
    "late": "+ late plateau",
    "best": "+ best weights, rates, feedback",
}


def draw(results):
    """Test error over training, and after it, one change after the other."""
    return compare.draw(results, compare.looks(LABELS), "From the printed settings to the best")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure(NAME, draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
