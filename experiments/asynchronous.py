"""Must plateaus come all at once? Each cell at its own time (P Fig 6-S1).

    python -m experiments.asynchronous

Expected: no loss against plateaus that all come when the phase ends. Twenty epochs take about 20
minutes of one core for each.
"""

import sys

from experiments import compare, page

NAME = "asynchronous"
NAMES = ("synchronous", "asynchronous")


def study(setting):
    """Train and test the conditions of the page."""
    compare.study(setting, NAMES)


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return page.main(NAME, __doc__, study, arguments, NAMES)


if __name__ == "__main__":
    sys.exit(main())
