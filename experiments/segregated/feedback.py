"""Which feedback will do? Random, sparse, symmetric and noisy weights (P Fig 8 and 8-S1).

    python -m experiments feedback [--only sparse_x5 ...]

Expected: with four in five feedback weights gone and the others five times as strong, and with the
feedforward weights used backwards, at least as good as random feedback; sparse weights left as they
are, and symmetric weights with noise, worse. The noise is drawn anew for each image; the paper
prints "variance sigma = 0.05", which the authors' code reads as the spread (``noisy_*``; with that
variance: ``noisier_*``). All at the paper's scale and learning rates, where it matters how strong
feedback is, with the traces cleared at each image's onset; and some once more with a forward
plateau that waits until activity has reached the apical dendrites (``late_*``, see ``settling``).
Twenty epochs take about 15 minutes of one core for each.
"""

from experiments.segregated.settings import LATE, PAPER, RESTED, small
from experiments.study.comparison import compare
from experiments.study.conditions import Condition

SPARSE, SYMMETRIC = {"sparsity": 0.8}, {"feedback_kind": "symmetric"}
UNSCALED = SPARSE | {"sparse_rescale": 1.0}
NOISY = SYMMETRIC | {"feedback_noise": 0.05}
NOISIER = SYMMETRIC | {"feedback_noise": 0.05**0.5}
OVER_60 = (5.6, 6.1)  # per cent after 60 epochs, read off P Fig 8D
ABOVE_RANDOM = (1.1, 1.4, "random")  # above random feedback after 20 epochs, read off P Fig 8-S1

CONDITIONS = {
    "random": Condition("random", RESTED, 20, 4.1),
    "sparse_x5": Condition("sparse, 5 times as strong", RESTED | SPARSE, 20, 3.7),
    "sparse_x1": Condition("sparse, unscaled", RESTED | UNSCALED, 20, estimate=ABOVE_RANDOM),
    "symmetric": Condition("symmetric", RESTED | SYMMETRIC, 20, 3.6),
    "noisy_symmetric": Condition(
        "symmetric, noise of spread 0.05", RESTED | NOISY, 20, estimate=OVER_60
    ),
    "noisier_symmetric": Condition("symmetric, noise of variance 0.05", RESTED | NOISIER, 20),
    "late_random": Condition("random, late plateau", RESTED | LATE, 20, network="late"),
    "late_sparse_x5": Condition("sparse, 5 times, late plateau", RESTED | LATE | SPARSE, 20),
    "late_symmetric": Condition("symmetric, late plateau", RESTED | LATE | SYMMETRIC, 20),
}
PAIRS = (
    ("random", "sparse_x5"),
    ("random", "sparse_x1"),
    ("random", "symmetric"),
    ("symmetric", "noisy_symmetric"),
    ("symmetric", "noisier_symmetric"),
    ("late_random", "late_sparse_x5"),
    ("late_random", "late_symmetric"),
)
TITLE = "Feedback weights: images from rest, and with a late plateau as well"
page = compare(__name__, __doc__, CONDITIONS, PAIRS, TITLE, paper=PAPER, smoke=small)
