"""Test error with 0 to 3 hidden layers (P Fig 6B).

    python -m analysis.depth [--results DIR]

A colour and a line for each set of settings, a marker for each number of hidden layers.
"""

import sys

from analysis.drawing import conditions as compare
from analysis.drawing.conditions import EARLY, LINES, Look
from analysis.drawing.figure import figure

NAME = "depth"
PRINTED, RESTED, LATE, BEST = "as printed", "from rest", "from rest, late plateau", "best settings"
LOOKS = {
    "printed_no_hidden": Look(f"none, {PRINTED}", "C3", "o", LINES[1]),
    "printed_one_hidden": Look(f"one, {PRINTED}", "C3", "s", LINES[1]),
    "printed_two_hidden": Look(f"two, {PRINTED}", "C3", "^", LINES[1]),
    "cleared_one_hidden": Look(f"one, {RESTED}", "C4", "s", LINES[2]),
    "cleared_two_hidden": Look(f"two, {RESTED}", "C4", "^", LINES[2]),
    "late_no_hidden": Look(f"none, {LATE}", "C2", "o", LINES[3]),
    "late_one_hidden": Look(f"one, {LATE}", "C2", "s", LINES[3]),
    "late_two_hidden": Look(f"two, {LATE}", "C2", "^", LINES[3]),
    "no_hidden": Look("none, chosen rates", "C0", "o", LINES[4]),
    "one_hidden": Look(f"one, {EARLY}", "C0", "s", LINES[4]),
    "two_hidden": Look(f"two, {EARLY}", "C0", "^", LINES[4]),
    "best_one_hidden": Look(f"one, {BEST}", "C1", "s"),
    "best_two_hidden": Look(f"two, {BEST}", "C1", "^"),
    "three_hidden": Look(f"three, {BEST}", "C1", "D"),
}


def draw(results):
    """Test error over training, and after it, for each number of hidden layers."""
    return compare.draw(results, LOOKS, "Hidden layers: none, 500, 500-100, 500-100-100")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure(NAME, draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
