"""Which learning rates? Chosen on training images held out; the test set is left alone.

    python -m experiments rates [--only fa_1_0.02 ...]

784-1000-10 on 50,000 training images, tested on the other 10,000, a few epochs with rates that fall
as far as they would in 25. Seed 1. A wider search by a program of a few lines, on the same images,
had shown where to look: a high rate for the hidden layer and a low one for the output; with random
feedback only the product of the hidden rate and the width of B counts. Mini-batches sum
their gradients: whether that is what a rule of single images, such as plateaus', lacks, and whether
momentum is (.9 of an update done again with the next, so that rates of a tenth go as far).

Expected: an error that changes by 0.1 to 0.5 % from one to the next. With the output rate that is
best for single images mini-batches of ten learn nothing; with rates that serve both they learn as
much in as many passes, and no more. Momentum takes nothing off either, and with mini-batches it
needs lower rates still. A minute of one core each; five with momentum at each image.
"""

from experiments.backprop.full_mnist import small
from experiments.study.candidates import candidates
from experiments.study.conditions import Condition

HELD_OUT = {"layers": (1000, 10), "validation": 10_000, "quick_examples": 0, "decay": 0.75}
FAST = HELD_OUT | {"eta": (3.0, 0.1)}
MOMENTUM = {"momentum": 0.9}
RANDOM = HELD_OUT | {"feedback": "random"}
CONDITIONS = {
    "bp_0.2": Condition("backpropagation, 0.2 and 0.2", HELD_OUT | {"eta": (0.2,)}, 8),
    "bp_1_0.2": Condition("backpropagation, 1 and 0.2", HELD_OUT | {"eta": (1.0, 0.2)}, 8),
    "bp_3_0.1": Condition("backpropagation, 3 and 0.1", FAST, 8),
    "bp_3_0.03": Condition("backpropagation, 3 and 0.03", HELD_OUT | {"eta": (3.0, 0.03)}, 8),
    "bp_1_0.03": Condition("backpropagation, 1 and 0.03", HELD_OUT | {"eta": (1.0, 0.03)}, 8),
    "bp_batch_10": Condition("3 and 0.1, mini-batches of 10", FAST | {"batch": 10}, 8),
    "bp_3_0.03_batch_10": Condition(
        "3 and 0.03, mini-batches of 10", FAST | {"batch": 10, "eta": (3.0, 0.03)}, 8
    ),
    "bp_1_0.03_batch_10": Condition(
        "1 and 0.03, mini-batches of 10", FAST | {"batch": 10, "eta": (1.0, 0.03)}, 8
    ),
    "bp_0.3_0.01_batch_10": Condition(
        "0.3 and 0.01, mini-batches of 10", FAST | {"batch": 10, "eta": (0.3, 0.01)}, 8
    ),
    "bp_0.1_0.003_batch_100": Condition(
        "0.1 and 0.003, mini-batches of 100", FAST | {"batch": 100, "eta": (0.1, 0.003)}, 8
    ),
    "bp_0.3_0.01_momentum": Condition(
        "0.3 and 0.01, momentum 0.9", FAST | MOMENTUM | {"eta": (0.3, 0.01)}, 8
    ),
    "bp_0.3_0.003_momentum": Condition(
        "0.3 and 0.003, momentum 0.9", FAST | MOMENTUM | {"eta": (0.3, 0.003)}, 8
    ),
    "bp_0.3_0.003_batch_10_momentum": Condition(
        "0.3 and 0.003, mini-batches, momentum",
        FAST | MOMENTUM | {"batch": 10, "eta": (0.3, 0.003)},
        8,
    ),
    "bp_0.1_0.003_batch_10_momentum": Condition(
        "0.1 and 0.003, mini-batches, momentum",
        FAST | MOMENTUM | {"batch": 10, "eta": (0.1, 0.003)},
        8,
    ),
    "fa_0.05": Condition("random feedback, 0.05 and 0.05", RANDOM | {"eta": (0.05,)}, 8),
    "fa_0.4_0.05": Condition("random feedback, 0.4 and 0.05", RANDOM | {"eta": (0.4, 0.05)}, 8),
    "fa_1_0.02": Condition("random feedback, 1 and 0.02", RANDOM | {"eta": (1.0, 0.02)}, 8),
    "fa_2_0.02": Condition("random feedback, 2 and 0.02", RANDOM | {"eta": (2.0, 0.02)}, 8),
}

page = candidates(__name__, __doc__, CONDITIONS, "Rates, on images held out", smoke=small)
