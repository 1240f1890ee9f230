"""Do learned inverses meet the condition of Theorem 1, and do targets descend without it?

    python -m experiments targets_small

784-100-100-100-10, tanh and softmax, Adam at 0.001 for forward weights and inverses, step and noise
0.2, mini-batches of 50; 8,000 training images, tested on 2,000 others of the training set. Forward
weights pass 20 times through the images; alternating ones take turns with inverses, epoch by epoch.
After 0, 1, 5, 10 and 20 passes, of 100 of the test images: lambda_max, the largest eigenvalue of
(I - U)^T (I - U) for U = J_f J_g of each inverse, in each image and for the mean of U (which is
what `alignment` has of the segregated dendrites, with the same function), and the share of images
in which it is below 1, where small targets of any direction bring the layer above nearer to its own
(Lee et al. 2015; Theorem 1 of Guerguiev et al. 2017). Of 1,000: the share in which they do so
(`descends`), that in which the loss falls (`lowers`), and the squared error of the inverse.

Expected: test errors after 20 passes near 3.6 % by backpropagation, 3.9 by DTP, 5.2 by SDTP, and no
better in turns than in parallel. lambda_max of the two lower inverses at the end 2.9 and 3.7 (DTP),
2.2 and 2.7 (SDTP), in no image below 1; the targets descend in all images from the first pass on.
A NumPy network of the same settings on other images (one seed) had errors of 4.4, 5.1 and 6.9 % and
lambda_max of 2.7 and 3.7, 2.1 and 3.1. Five minutes of one core in all.
"""

from experiments.study.conditions import Condition
from experiments.study.replicates import replicate
from experiments.target_propagation import layerwise
from experiments.target_propagation.targets_mnist import small

FEW = {
    "layers": (100, 100, 100, 10),
    "train_examples": 8000,
    "validation": 2000,
    "quick_examples": 0,
}
DTP, SDTP = FEW | {"mode": "dtp"}, FEW | {"mode": "sdtp", "inverse": "denoising"}
TURNS = {"updates": "alternating"}
CONDITIONS = {
    "bp_small_targets": Condition("backpropagation", FEW | {"mode": "bp"}, 20),
    "dtp_small": Condition("DTP, alternating", DTP | TURNS, 40, each=2),
    "dtp_small_parallel": Condition("DTP, parallel", DTP, 20),
    "sdtp_small": Condition("SDTP, alternating", SDTP | TURNS, 40, each=2),
    "sdtp_small_parallel": Condition("SDTP, parallel", SDTP, 20),
}
PAIRS = (
    ("bp_small_targets", "dtp_small"),
    ("dtp_small", "sdtp_small"),
    ("dtp_small", "dtp_small_parallel"),
    ("sdtp_small", "sdtp_small_parallel"),
)
PASSES = (0, 1, 5, 10, 20)


def follow(setting, about, network):
    """Keep what layers and inverses do; returns what the summary says of them."""
    return layerwise.follow(setting, about, network, PASSES, eigenvalues=True)


page = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="8,000 images, 784-100-100-100-10",
    measure=follow,
    smoke=small,
)
