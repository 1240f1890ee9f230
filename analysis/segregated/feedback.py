"""Test error with random, sparse, symmetric and noisy feedback (P Fig 8 and 8-S1).

    python -m analysis.feedback [--results DIR]

The paper's figure gives no number for two conditions. Stars are what it shows: for noisy symmetric
weights the error after 60 epochs; for unscaled sparse ones, after 20 epochs, the difference from
random feedback, which is added to ours.
"""

import sys

from analysis.drawing import conditions as compare
from analysis.drawing.figure import figure

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
NOISY = (5.6, 6.1)  # per cent, read off P Fig 8D
UNSCALED = (1.1, 1.4)  # above random feedback, read off P Fig 8-S1


def draw(results):
    """Test error over training, and after it, for each kind of feedback."""
    estimates = {"noisy_symmetric": NOISY}
    _, tests, _ = compare.read(results, ("random",))
    if "random" in tests:
        estimates["sparse_x1"] = tuple(tests["random"].mean() + more for more in UNSCALED)
    title = "Feedback weights: images from rest, and with a late plateau as well"
    return compare.draw(results, compare.looks(LABELS), title, estimates)


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure(NAME, draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
