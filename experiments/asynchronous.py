"""Must plateaus come all at once? Each cell at its own time (P Fig 6-S1).

    python -m experiments.asynchronous

Each cell fires its plateaus up to 5 ms before a phase ends, from the mean of its own last 30 ms.
Expected: no loss against plateaus that all come when the phase ends. But a mean of 30 ms reaches
further back into the rise of the apical potential (see ``settling``) than the 20 ms of a
synchronous plateau: ``asynchronous_20`` has a mean of 20 ms, ``early_*`` forward phases of 50 ms,
in which the rise is steeper. Twenty epochs take about 25 minutes of one core for each.
"""

import sys

from experiments import compare

NAME = "asynchronous"
NAMES = (
    "synchronous",
    "asynchronous",
    "asynchronous_20",
    "early_synchronous",
    "early_asynchronous",
)
PAIRS = (
    ("synchronous", "asynchronous"),
    ("synchronous", "asynchronous_20"),
    ("early_synchronous", "early_asynchronous"),
)


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return compare.main(NAME, __doc__, NAMES, PAIRS, arguments)


if __name__ == "__main__":
    sys.exit(main())
