"""Test error with random, sparse, symmetric and noisy feedback (P Fig 8 and 8-S1).

python -m analysis.feedback [--results DIR]
"""

import sys

from analysis import compare
from analysis.command import figure

NAME = "feedback"
LABELS = {
    "random": "random",
    "sparse_x5": "sparse, 5 times as strong",
    "sparse_x1": "sparse, unscaled",
    "symmetric": "symmetric",
    "noisy_symmetric": "symmetric, noise of spread 0.05",
    "noisier_symmetric": "symmetric, noise of variance 0.05",
    "late_random": "random, late plateau",
    "late_sparse_x5": "sparse, 5 times, late plateau",
    "late_symmetric": "symmetric, late plateau",
}


def draw(results):
    """Test error over training, and after it, for each kind of feedback."""
    return compare.draw(results, compare.looks(LABELS), "Feedback weights")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure(NAME, draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
