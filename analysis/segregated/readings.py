"""Test error by how the paper is read, where it can be read in two ways.

python -m analysis.readings [--results DIR]
"""

import sys

from analysis.drawing import conditions as compare
from analysis.drawing.figure import figure

NAME = "readings"
LABELS = {
    "read_printed": "as printed",
    "read_wide": "weights twice as wide",
    "read_centred": "weights without a mean",
    "read_literal": "literal teaching current",
    "read_code": "authors' code",
    "read_two": "two layers, as printed",
    "read_two_reversed": "two layers, rates reversed",
}


def draw(results):
    """Test error over training for each reading, three networks each."""
    return compare.draw(results, compare.looks(LABELS), "One reading of the paper, or the other")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure(NAME, draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
