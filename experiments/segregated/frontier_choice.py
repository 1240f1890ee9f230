"""What brings the segregated dendrites nearer to backpropagation? Levers, on images held out.

    python -m experiments frontier_choice --data-dir DIR [--only CANDIDATE ...]

Each lever alone beside the best settings, then together, then with more cells, layers, shifted
images: trained on 50,000 images of MNIST with rates that fall to a few per cent, and tested on the
other 10,000; seed 1. ``*_backprop`` is backpropagation through the same cells, spikes and images:
what a rule could reach there. ``settled_*``: the forward plateau waits for activity to arrive,
plateaus are long, and, but for backpropagation, forward and feedback weights begin small, so that
soon both are what they have learned. One to eight minutes of one core a candidate.
"""

from experiments.segregated import settings
from experiments.segregated.fashion_choice import RATES
from experiments.segregated.settings import BEST, BEST_DEEP
from experiments.study.candidates import candidates
from experiments.study.conditions import Condition

START = {"validation": 10_000, "quick_examples": 0}
EPOCHS, LONG, LONGER = 5, 20, 40
# To 13, 5 and 4 per cent in the last epoch.
FALL = {EPOCHS: {"decay": 0.6}, LONG: {"decay": 0.85}, LONGER: {"decay": 0.92}}
REGULAR, CELLS = {"variant": "regular"}, {"variant": "regular_cells"}
SYMMETRIC = {"feedback_kind": "symmetric"}
MIRROR, SHIFT = {"feedback_mirror": 2.0}, {"shift": 1}
FAST = {"eta": (0.3, 0.1)}  # best has 0.2 and 0.1
BACKPROP = settings.BACKPROP
ALL = RATES | REGULAR | MIRROR | FAST
# Phases that outlast the climb of activity to the apical dendrite, and long plateaus.
SETTLED = {"forward_ms": 130.0, "target_ms": 80.0, "window_ms": 40.0}
FORWARD = {"forward_ms": 150.0}
LONG_PHASES = {"forward_ms": 150.0, "target_ms": 110.0, "window_ms": 60.0}
MEANS = {"output_error": "mean-rates"}
# What forward and feedback weights begin with is small, so that soon both are what they learned.
GROWN = {"init": (0.5, 0.05), "feedback": (0.3,), "feedback_mirror": 3.0}
NEAR = MEANS | GROWN | {"eta": (0.5, 0.1)}
TWO = BEST_DEEP | {"layers": (500, 500, 10), "eta": (0.3, 0.3, 0.1), "feedback": (4.0, 4.0)}
# Plateaus that feedback does not saturate: a third as strong, and hidden rates three times as high.
THIRD = NEAR | {"feedback": (0.1,), "feedback_mirror": 1.0, "eta": (1.5, 0.1)}
# Ten output cells a class, whose feedback is a tenth as strong each: their noise averages out.
TEN = NEAR | {"layers": (500, 100), "feedback": (0.03,), "feedback_mirror": 0.3}
TEN_THIRD = TEN | {"feedback": (0.01,), "feedback_mirror": 0.1, "eta": (1.5, 0.1)}
TEN_REGULAR = TEN | REGULAR | SETTLED | FORWARD | {"eta": (0.7, 0.1)}
TEN_BACKPROP = BACKPROP | MEANS | {"layers": (500, 100), "eta": (1.0, 0.1)}
# Feedback to both layers comes from the output, and changes as if they projected there.
NEAR_TWO = MEANS | {"layers": (500, 500, 10), "eta": (0.5, 0.5, 0.1), "feedback_mirror": 3.0}
NEAR_TWO |= {"init": (0.5, 0.5, 0.05), "feedback": (0.3, 0.3)}
THIRD_TWO = NEAR_TWO | {"feedback": (0.1, 0.1), "feedback_mirror": 1.0, "eta": (1.5, 1.5, 0.1)}

# Hidden steps of the size of backpropagation's below, and feedback from the same weights: what is
# left between them is when plateaus are, and noise.
ALIKE = SYMMETRIC | REGULAR | RATES | {"feedback": (3.0,), "eta": (0.7, 0.1)}
LEVERS = {
    "best": ("as they are", {}),
    "rates": ("output error of rates", RATES),
    "regular": ("regular spikes", REGULAR),
    "mirror": ("mirrored feedback", MIRROR),
    "rates_mirror": ("error of rates, mirrored", RATES | MIRROR),
    "regular_rates": ("regular, error of rates", REGULAR | RATES),
    "all": ("all three, hidden x 1.5", ALL),
    "symmetric_1": ("symmetric feedback", SYMMETRIC | {"feedback": (1.0,)}),
    "symmetric_3": ("symmetric feedback x 3", SYMMETRIC | {"feedback": (3.0,)}),
    "symmetric_regular": ("symmetric x 3, regular, hidden x 3.5", ALIKE),
    "symmetric_settled": ("symmetric x 3, regular, hidden x 3.5, settled", ALIKE | SETTLED),
    "symmetric_long_phases": (
        "symmetric x 3, regular, hidden x 3.5, long phases",
        ALIKE | LONG_PHASES,
    ),
    "backprop": ("backprop", BACKPROP),
    "backprop_rates": ("backprop, error of rates", BACKPROP | RATES),
    "regular_backprop": ("backprop, regular", BACKPROP | REGULAR),
    "regular_rates_backprop": ("backprop, regular, error of rates", BACKPROP | REGULAR | RATES),
}
TOGETHER = {
    "poisson_long": ("Poisson, error of rates, mirrored", RATES | MIRROR | FAST),
    "poisson_1000_long": (
        "Poisson, error of rates, mirrored, 1,000 cells",
        RATES | MIRROR | {"layers": (1000, 10), "eta": (0.2, 0.07)},
    ),
    "regular_long": ("regular, error of rates, mirrored", ALL),
    "regular_1000_long": (
        "regular, error of rates, mirrored, 1,000 cells",
        ALL | {"layers": (1000, 10)},
    ),
    "regular_2000_long": (
        "regular, error of rates, mirrored, 2,000 cells",
        ALL | {"layers": (2000, 10)},
    ),
    "narrow_long": ("regular, initial weights half as wide", ALL | {"init": (0.25, 0.5)}),
    "narrower_long": ("regular, a fifth as wide", ALL | {"init": (0.1, 0.5)}),
    "aligned_long": (
        "regular, feedback that starts small and mirrors more",
        ALL | {"feedback": (1.0,), "feedback_mirror": 4.0},
    ),
    "symmetric_long": (
        "regular, error of rates, symmetric feedback x 3",
        RATES | REGULAR | FAST | SYMMETRIC | {"feedback": (3.0,)},
    ),
    "hidden_fast_long": ("regular, mirrored, hidden x 5, output / 2", ALL | {"eta": (1.0, 0.05)}),
    "output_slow_long": ("regular, output / 3", ALL | {"eta": (0.3, 0.03)}),
    "aligned_fast_long": (
        "regular, feedback that starts small and mirrors more, hidden x 4",
        ALL | {"feedback": (1.0,), "feedback_mirror": 4.0, "eta": (0.8, 0.1)},
    ),
    "symmetric_fast_long": (
        "regular, error of rates, symmetric feedback x 3, hidden x 5",
        RATES | REGULAR | SYMMETRIC | {"feedback": (3.0,), "eta": (1.0, 0.1)},
    ),
    "window_long": (
        "regular, plateaus of 50 ms",
        ALL | {"forward_ms": 110.0, "target_ms": 80.0, "window_ms": 50.0},
    ),
    "settled_long": ("regular, small weights at first, settled", REGULAR | SETTLED | NEAR),
    "settled_1000_long": (
        "regular, small weights at first, settled, 1,000 cells",
        REGULAR | SETTLED | NEAR | {"layers": (1000, 10), "eta": (0.35, 0.07)},
    ),
    "settled_poisson_long": (
        "Poisson, small weights at first, long phases",
        LONG_PHASES | NEAR | FAST,
    ),
    "settled_shifted_long": (
        "regular, small weights at first, settled, shifted images",
        REGULAR | SETTLED | NEAR | SHIFT,
    ),
    "settled_ten_long": (
        "Poisson, small weights at first, settled, ten output cells a class",
        SETTLED | TEN,
    ),
    "settled_fast_long": (
        "regular, small weights at first, settled, hidden x 2",
        REGULAR | SETTLED | FORWARD | NEAR | {"eta": (1.0, 0.1)},
    ),
    "settled_third_long": (
        "regular, small weights at first, settled, feedback / 3",
        REGULAR | SETTLED | FORWARD | THIRD,
    ),
    "settled_third_slow_long": (
        "regular, small weights at first, settled, feedback / 3, hidden / 2",
        REGULAR | SETTLED | FORWARD | THIRD | {"eta": (0.75, 0.1)},
    ),
    "settled_third_slower_long": (
        "regular, small weights at first, settled, feedback / 3, hidden / 4",
        REGULAR | SETTLED | FORWARD | THIRD | {"eta": (0.37, 0.1)},
    ),
    "settled_third_symmetric_long": (
        "regular, symmetric, settled, error of mean rates",
        ALIKE | MEANS | SETTLED | FORWARD | {"feedback": (1.0,), "eta": (2.1, 0.1)},
    ),
    "settled_symmetric_long": (
        "regular, symmetric x 3, hidden x 3.5, settled, error of mean rates",
        ALIKE | MEANS | SETTLED | FORWARD,
    ),
    "settled_ten_regular_long": (
        "regular, small weights at first, settled, ten output cells a class",
        TEN_REGULAR,
    ),
    "settled_ten_shifted_long": (
        "regular, small weights at first, settled, ten output cells a class, shifted images",
        TEN_REGULAR | SHIFT,
    ),
    "settled_ten_third_long": (
        "Poisson, small weights at first, settled, ten output cells a class, feedback / 3",
        SETTLED | FORWARD | TEN_THIRD,
    ),
    "settled_third_two_long": (
        "500-500, regular, small weights at first, long phases, feedback / 3",
        THIRD_TWO | REGULAR | LONG_PHASES,
    ),
    "settled_third_shifted_long": (
        "regular, small weights at first, settled, feedback / 3, shifted images",
        REGULAR | SETTLED | FORWARD | THIRD | SHIFT,
    ),
    "settled_third_two_shifted_long": (
        "500-500, regular, small weights at first, long phases, feedback / 3, shifted images",
        THIRD_TWO | REGULAR | LONG_PHASES | SHIFT,
    ),
    "settled_backprop_long": (
        "regular, settled, backprop, error of mean rates",
        REGULAR | SETTLED | BACKPROP | MEANS,
    ),
    "settled_backprop_slow_long": (
        "regular, settled, backprop, error of mean rates, hidden / 2",
        REGULAR | SETTLED | BACKPROP | MEANS | {"eta": (5.0, 0.1)},
    ),
    "settled_small_backprop_long": (
        "regular, small weights at first, settled, backprop, hidden / 2",
        REGULAR | SETTLED | FORWARD | BACKPROP | MEANS | {"init": (0.5, 0.05), "eta": (5.0, 0.1)},
    ),
    "settled_backprop_slower_long": (
        "regular, settled, backprop, error of mean rates, hidden / 4",
        REGULAR | SETTLED | BACKPROP | MEANS | {"eta": (2.5, 0.1)},
    ),
    "settled_ten_backprop_long": (
        "Poisson, settled, ten output cells a class, backprop",
        SETTLED | TEN_BACKPROP,
    ),
    "settled_ten_regular_backprop_long": (
        "regular, settled, ten output cells a class, backprop",
        REGULAR | SETTLED | FORWARD | TEN_BACKPROP,
    ),
    "settled_two_long": (
        "500-500, regular, small weights at first, long phases",
        NEAR_TWO | REGULAR | LONG_PHASES,
    ),
    "gradient_long": ("regular, error of the gradient, mirrored", REGULAR | MIRROR | FAST),
    "gradient_fast_long": (
        "regular, error of the gradient, mirrored, rates x 3",
        REGULAR | MIRROR | {"eta": (0.9, 0.3)},
    ),
    "decay_1_long": ("regular, weight decay 1e-6", ALL | {"weight_decay": 1e-6}),
    "decay_4_long": ("regular, weight decay 4e-6", ALL | {"weight_decay": 4e-6}),
    "decay_16_long": ("regular, weight decay 1.6e-5", ALL | {"weight_decay": 1.6e-5}),
    "cells_long": ("regular cells, Poisson inputs", ALL | CELLS),
    "cells_1000_long": (
        "regular cells, Poisson inputs, 1,000 cells",
        ALL | CELLS | {"layers": (1000, 10)},
    ),
    "shifted_long": ("regular, mirrored, shifted images", ALL | SHIFT),
    "shifted_1000_long": (
        "regular, mirrored, shifted images, 1,000 cells",
        ALL | SHIFT | {"layers": (1000, 10)},
    ),
    "shifted_cells_long": ("regular cells, Poisson inputs, shifted images", ALL | CELLS | SHIFT),
    "two_long": ("500-500, regular, mirrored", TWO | RATES | REGULAR | MIRROR),
    "two_shifted_long": (
        "500-500, regular, mirrored, shifted images",
        TWO | RATES | REGULAR | MIRROR | SHIFT,
    ),
    "poisson_backprop_long": ("Poisson, backprop", BACKPROP),
    "poisson_rates_backprop_long": ("Poisson, backprop, error of rates", BACKPROP | RATES),
    "regular_rates_backprop_long": (
        "regular, backprop, error of rates",
        BACKPROP | REGULAR | RATES,
    ),
    "regular_backprop_long": ("regular, backprop", BACKPROP | REGULAR),
    "shifted_backprop_long": ("regular, backprop, shifted images", BACKPROP | REGULAR | SHIFT),
}
LONGEST = {
    "poisson_1000_40": (
        "Poisson, 1,000 cells",
        RATES | MIRROR | {"layers": (1000, 10), "eta": (0.2, 0.07)},
    ),
    "cells_1000_40": (
        "regular cells, Poisson inputs, 1,000 cells",
        ALL | CELLS | {"layers": (1000, 10)},
    ),
}
CANDIDATES = {
    name: Condition(label, BEST | START | FALL[EPOCHS] | options, EPOCHS)
    for name, (label, options) in LEVERS.items()
} | {
    name: Condition(f"{label}, {epochs} epochs", BEST | START | FALL[epochs] | options, epochs)
    for epochs, some in ((LONG, TOGETHER), (LONGER, LONGEST))
    for name, (label, options) in some.items()
}

page = candidates(
    __name__,
    __doc__,
    CANDIDATES,
    title="Levers on MNIST: errors on images held out",
    smoke=settings.small,
)
