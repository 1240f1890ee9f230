"""Which learning rates? Chosen on training images held out; the test set is left alone.

    python -m experiments relaxed_rates [--only paper_rates ...]

784-500-10 on 50,000 training images, tested on the other 10,000, each from 0, 25 epochs; two hidden
layers on 10,000 images, 4 epochs. Seed 1. Rates of the hidden layer and of the output, and their
factor after each epoch; fewer steps of the free phase with two hidden layers.

Expected: the paper's rates 2.8 %; higher ones that fall from epoch to epoch 2.0 to 2.6. Two minutes
of one core each.
"""

from experiments.equilibrium.relaxed_mnist import small
from experiments.study.candidates import candidates
from experiments.study.conditions import Condition
from models.equilibrium.options import PRESETS

HELD_OUT = {"validation": 10_000, "quick_examples": 0}
ONE = PRESETS["paper"] | HELD_OUT
TWO = PRESETS["mnist-2"] | HELD_OUT | {"train_examples": 10_000, "free": 60, "decay": 0.9}
TWO |= {"alpha": (0.4, 0.1, 0.02)}


def one(hidden, output, decay, beta=1.0):
    """784-500-10 with these rates."""
    label = f"one hidden layer, {hidden:g} and {output:g}, x {decay:g}"
    label += "" if beta == 1 else f", beta {beta:g}"
    return Condition(label, ONE | {"alpha": (hidden, output), "decay": decay, "beta": beta}, 25)


CONDITIONS = {
    "paper_rates": Condition("one hidden layer, the paper's rates", ONE, 25),
    "one_.2_.05_.9": one(0.2, 0.05, 0.9),
    "one_.2_.1_.9": one(0.2, 0.1, 0.9),
    "one_.4_.1_.85": one(0.4, 0.1, 0.85),
    "one_.4_.2_.85": one(0.4, 0.2, 0.85),
    "one_.8_.4_.85": one(0.8, 0.4, 0.85),
    "one_.4_.2_half": one(0.4, 0.2, 0.85, beta=0.5),
    "two_.4_.1_.02": Condition("two, 0.4, 0.1 and 0.02", TWO, 4),
    "two_.4_.1_.02_short": Condition("the same, 30 free steps", TWO | {"free": 30}, 4),
    "two_.8_.2_.04": Condition("two, twice the rates", TWO | {"alpha": (0.8, 0.2, 0.04)}, 4),
    "two_.4_.2_.1": Condition("two, 0.4, 0.2 and 0.1", TWO | {"alpha": (0.4, 0.2, 0.1)}, 4),
}

page = candidates(
    __name__, __doc__, CONDITIONS, "Equilibrium propagation: rates, on images held out", smoke=small
)
