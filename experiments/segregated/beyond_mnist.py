"""Beyond MNIST: how well do spiking segregated dendrites learn Fashion-MNIST and CIFAR-10?

    python -m experiments beyond_mnist --data-dir DIR [--only fashion_best_one_hidden ...]

The paper's rule with the settings that did best on training images held out (pages
`fashion_choice` and `cifar_choice`), and backpropagation through the same cells and spikes beside
it; three networks each. On Fashion-MNIST best are regular spikes (variant `regular`) and an output
error of rates alone; `fashion_poisson` has the paper's Poisson spikes. CIFAR-10 is the approximate
copy in JPEG, shown as contrast of lightness and of colours, with Poisson spikes (regular ones are
no better there); the network is fully connected. A ReLU network with as many cells is on the page
`lange`. DIR has a folder for each data set. Seven to ten minutes of one core a network.
"""

from experiments.segregated import cifar_choice, fashion_choice
from experiments.segregated.fashion_choice import RATES, REGULAR, TWO, slower
from experiments.segregated.settings import small
from experiments.study.conditions import Condition
from experiments.study.replicates import replicate

ALL = {"validation": 0, "test_examples": None}  # nothing is held out any more
FASHION, LONG = ALL | {"decay": 0.93}, 30
CIFAR, SHORT = ALL | {"decay": 0.7, "encoding": "colour-opponent"}, 5
CONDITIONS = {
    "fashion_best_one_hidden": Condition(
        "Fashion-MNIST, 500", slower(2, fashion_choice.USUAL) | FASHION | REGULAR, LONG
    ),
    "fashion_backprop": Condition(
        "Fashion-MNIST, 500, backprop",
        slower(2, fashion_choice.BACKPROP) | FASHION | REGULAR,
        LONG,
    ),
    "fashion_poisson": Condition(
        "Fashion-MNIST, 500, Poisson", slower(2, fashion_choice.USUAL) | FASHION | RATES, LONG
    ),
    "fashion_best_two_hidden": Condition(
        "Fashion-MNIST, 500-100", slower(2, TWO) | FASHION | REGULAR, LONG
    ),
    "cifar10_jpeg_best": Condition(
        "CIFAR-10 (JPEG), 500", slower(3, cifar_choice.USUAL) | CIFAR, SHORT
    ),
    "cifar10_jpeg_backprop": Condition(
        "CIFAR-10 (JPEG), 500, backprop",
        slower(10, cifar_choice.BACKPROP) | CIFAR,
        SHORT,
    ),
}
PAIRS = (
    ("fashion_best_one_hidden", "fashion_backprop"),
    ("fashion_best_one_hidden", "fashion_poisson"),
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
