"""Test error with apical dendrites more or less segregated (P Fig 9B).

python -m analysis.attenuation [--results DIR]
"""

import sys

from analysis.drawing import conditions as compare
from analysis.drawing.figure import figure

NAME = "attenuation"
LABELS = {
    "g_a_0": "$g_a$ = 0",
    "g_a_0.05": "$g_a$ = 0.05 /ms",
    "g_a_0.6": "$g_a$ = 0.6 /ms",
}
ESTIMATES = {"g_a_0.05": (3.3, 3.3), "g_a_0.6": (5.2, 5.2)}  # per cent, read off P Fig 9B


def draw(results):
    """Test error over training, and after it, for each apical conductance."""
    title = "Apical attenuation, two hidden layers, best settings"
    return compare.draw(results, compare.looks(LABELS), title, ESTIMATES)


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure(NAME, draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
