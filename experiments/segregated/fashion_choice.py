"""Which settings for Fashion-MNIST? Chosen on training images held out; the test set is left alone.

    python -m experiments fashion_choice --data-dir DIR [--only CANDIDATE ...]

The settings that were chosen on MNIST do not carry over: of Fashion-MNIST's pixels more than twice
as much light falls on a cell, and its rates are soon too fast. Each candidate is trained on 50,000
images for five epochs, with rates that fall as far as they would in a long run, and tested on 5,000
of the other 10,000. Seed 1. DIR is a folder with the four files of Fashion-MNIST. A candidate takes
five to eight minutes of one core.
"""

from experiments.segregated import settings
from experiments.study.candidates import candidates
from experiments.study.conditions import Condition
from models.segregated.presets import BEST

EPOCHS = 5
START = {"dataset": "fashion", "validation": 10_000, "test_examples": 5_000, "quick_examples": 0}
USUAL = BEST | START | {"decay": 0.7}
BACKPROP = USUAL | settings.BACKPROP
TWO = settings.BEST_DEEP | START
RATES = {"output_error": "rates"}
REGULAR = RATES | {"variant": "regular"}
NARROW, WIDE = {"init": (0.25, 0.5)}, {"init": (1.0, 0.5)}


def slower(factor, base=USUAL):
    """The same with all rates divided by a factor."""
    return base | {"eta": tuple(eta / factor for eta in base["eta"])}


CANDIDATES = {
    "usual": ("as on MNIST", USUAL),
    "slower_2": ("rates / 2", slower(2)),
    "slower_3": ("rates / 3", slower(3)),
    "slower_5": ("rates / 5", slower(5)),
    "slower_10": ("rates / 10", slower(10)),
    "slower_30": ("rates / 30", slower(30)),
    "slow_output": ("output / 10", USUAL | {"eta": (0.2, 0.01)}),
    "slow_output_3": ("output / 3", USUAL | {"eta": (0.2, 0.03)}),
    "fast_hidden": ("hidden x 3, output / 3", USUAL | {"eta": (0.6, 0.03)}),
    "slow_hidden": ("hidden / 10", USUAL | {"eta": (0.02, 0.1)}),
    "narrow": ("rates / 3, narrow weights", slower(3) | NARROW),
    "wide": ("rates / 3, wide weights", slower(3) | WIDE),
    "feedback_1": ("rates / 3, feedback x 1", slower(3) | {"feedback": (1.0,)}),
    "feedback_16": ("rates / 3, feedback x 16", slower(3) | {"feedback": (16.0,)}),
    "backprop": ("backpropagation", BACKPROP),
    "backprop_slower_3": ("backpropagation, rates / 3", slower(3, BACKPROP)),
    "backprop_slower_10": ("backpropagation, rates / 10", slower(10, BACKPROP)),
    "backprop_slower_30": ("backpropagation, rates / 30", slower(30, BACKPROP)),
}

LONG = 20
MORE = {
    "long": ("rates / 2", slower(2)),
    "long_slow_output": ("output / 3", USUAL | {"eta": (0.2, 0.03)}),
    "long_feedback_16": ("rates / 3, feedback x 16", slower(3) | {"feedback": (16.0,)}),
    "long_1000": ("rates / 2, 1,000 cells", slower(2) | {"layers": (1000, 10)}),
    "long_two": ("two layers, rates / 2", slower(2, TWO)),
    "long_two_slower": ("two layers, rates / 4", slower(4, TWO)),
    "long_rates": ("rates / 2, error of rates", slower(2) | RATES),
    "long_rates_slower": ("rates / 4, error of rates", slower(4) | RATES),
    "long_regular": ("rates / 2, error of rates, regular spikes", slower(2) | REGULAR),
    "long_regular_slower": ("rates / 4, error of rates, regular spikes", slower(4) | REGULAR),
    "long_backprop": ("backpropagation, rates / 2", slower(2, BACKPROP)),
}

FALL = {  # rates that fall to 1.4 per cent of what they were, not to 13
    "fall": ("rates / 2, error of rates, regular", slower(2) | REGULAR),
}

LONGER = 30
LONGER_STILL = {"longer": ("rates / 2, error of rates, regular spikes", slower(2) | REGULAR)}

page = candidates(
    __name__,
    __doc__,
    {name: Condition(label, options, EPOCHS) for name, (label, options) in CANDIDATES.items()}
    | {
        name: Condition(f"{label}, {LONG} epochs", options | {"decay": 0.9}, LONG)
        for name, (label, options) in MORE.items()
    }
    | {
        name: Condition(f"{label}, {LONG} epochs, falling faster", options | {"decay": 0.8}, LONG)
        for name, (label, options) in FALL.items()
    }
    | {
        name: Condition(f"{label}, {LONGER} epochs", options | {"decay": 0.93}, LONGER)
        for name, (label, options) in LONGER_STILL.items()
    },
    title="Settings for Fashion-MNIST: errors on images held out",
    smoke=settings.small,
)
