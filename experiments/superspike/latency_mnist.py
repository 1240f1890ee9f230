"""How well does SuperSpike tell MNIST's images apart, of which each pixel fires once?

    python -m experiments latency_mnist

784-256-10 on 10,000 images, 12 epochs, updates of 100 images; all else as in ``latency``, whose
settings it has. Three networks.

There is no published number of SuperSpike on images. Expected: 6.4 %. Ten minutes.
"""

from experiments.study.conditions import Condition
from experiments.study.replicates import replicate
from experiments.superspike.latency import small
from models.superspike.options import PRESETS

MNIST = PRESETS["mnist"]
CONDITIONS = {
    "mnist": Condition("10,000 images", MNIST | {"train_examples": 10_000}, MNIST["epochs"])
}

page = replicate(
    __name__, __doc__, CONDITIONS, title="MNIST, told by one spike a pixel", smoke=small
)
