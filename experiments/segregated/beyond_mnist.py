"""Beyond MNIST: how well do spiking segregated dendrites learn Fashion-MNIST and CIFAR-10?

    python -m experiments beyond_mnist --data-dir DIR [--only fashion_best_one_hidden ...]

The paper's cells and rule with spikes, with the settings that did best on training images held out
(pages `fashion_choice` and `cifar_choice`), backpropagation through the same cells and spikes
beside them; three networks each. CIFAR-10 is the approximate copy in JPEG, shown as contrast of
lightness and of colours; the network is fully connected. A ReLU network with as many cells is on
the page `lange`. DIR has a folder for each data set. Twenty minutes to an hour of one core a
network.
"""

from experiments.segregated import cifar_choice, fashion_choice
from experiments.segregated.fashion_choice import TWO, slower
from experiments.segregated.settings import small
from experiments.study.conditions import Condition
from experiments.study.replicates import replicate

ALL = {"validation": 0, "test_examples": None}  # nothing is held out any more
FASHION, LONG = ALL | {"decay": 0.95}, 60
CIFAR, SHORT = ALL | {"decay": 0.9, "encoding": "colour-opponent"}, 20


def fashion(options):
    """Settings for Fashion-MNIST, for the long training."""
    return options | FASHION


def cifar(options):
    """Settings for CIFAR-10."""
    return options | CIFAR


CONDITIONS = {
    "fashion_best_one_hidden": Condition(
        "Fashion-MNIST, 500", fashion(slower(2, fashion_choice.USUAL)), LONG
    ),
    "fashion_backprop": Condition(
        "Fashion-MNIST, 500, backprop", fashion(slower(2, fashion_choice.BACKPROP)), LONG
    ),
    "fashion_best_two_hidden": Condition("Fashion-MNIST, 500-100", fashion(slower(2, TWO)), LONG),
    "cifar10_jpeg_best": Condition(
        "CIFAR-10 (JPEG), 500", cifar(slower(10, cifar_choice.USUAL)), SHORT
    ),
    "cifar10_jpeg_backprop": Condition(
        "CIFAR-10 (JPEG), 500, backprop", cifar(slower(3, cifar_choice.BACKPROP)), SHORT
    ),
}
PAIRS = (
    ("fashion_best_one_hidden", "fashion_backprop"),
    ("fashion_best_one_hidden", "fashion_best_two_hidden"),
    ("cifar10_jpeg_best", "cifar10_jpeg_backprop"),
)

page = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="Beyond MNIST: spiking segregated dendrites, and backpropagation through the same cells",
    smoke=small,
)
