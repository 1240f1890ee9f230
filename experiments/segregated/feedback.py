"""Which feedback will do? Random, sparse, symmetric and noisy weights (P Fig 8 and 8-S1).

    python -m experiments.feedback [--only sparse_x5 ...]

Expected: with four in five feedback weights gone and the others five times as strong, and with the
feedforward weights used backwards, at least as good as random feedback; sparse weights left as they
are, and symmetric weights with noise, worse. The noise is drawn anew for each image; the paper
prints "variance sigma = 0.05", which the authors' code reads as the spread (``noisy_*``; with that
variance: ``noisier_*``). All at the paper's scale and learning rates, with the traces cleared at
each image's onset; and some once more with a forward plateau that waits until activity has reached
the apical dendrites (``late_*``, see ``settling``). Twenty epochs take about 15 minutes of one core
for each.
"""

import sys

from experiments.study import comparison as compare

NAME = "feedback"
NAMES = (
    "random",
    "sparse_x5",
    "sparse_x1",
    "symmetric",
    "noisy_symmetric",
    "noisier_symmetric",
    "late_random",
    "late_sparse_x5",
    "late_symmetric",
)
PAIRS = (
    ("random", "sparse_x5"),
    ("random", "sparse_x1"),
    ("random", "symmetric"),
    ("symmetric", "noisy_symmetric"),
    ("symmetric", "noisier_symmetric"),
    ("late_random", "late_sparse_x5"),
    ("late_random", "late_symmetric"),
)


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return compare.main(NAME, __doc__, NAMES, PAIRS, arguments)


if __name__ == "__main__":
    sys.exit(main())
