"""Test error when each cell has its plateaus at its own times (P Fig 6-S1).

python -m analysis.asynchronous [--results DIR]
"""

import sys

from analysis import compare
from analysis.command import figure

NAME = "asynchronous"
LABELS = {
    "synchronous": "all at the phase's end",
    "asynchronous": "each at its own time",
    "asynchronous_20": "each at its own, mean of 20 ms",
    "early_synchronous": "at 50 ms, all at once",
    "early_asynchronous": "at 50 ms, each at its own time",
}


def draw(results):
    """Test error over training, and after it, with plateaus together or apart."""
    return compare.draw(results, compare.looks(LABELS), "Plateaus")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure(NAME, draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
