"""Which encoding and settings for CIFAR-10? Chosen on training images held out.

    python -m experiments cifar_choice --data-dir DIR [--only CANDIDATE ...]

Fully connected, 500 hidden cells, on the approximate copy of CIFAR-10 in JPEG: as red, green and
blue pixels (Lange), as grey ones, as contrast (on and off cells), and as contrast of lightness and
colours. Every pixel of a bright image is bright, so rates of inputs have a large part in common;
contrast has none. Each candidate is trained on 40,000 images, with rates that fall as far as they
would in a long run, and tested on 5,000 of the other 10,000; seed 1. Three to fifteen minutes of
one core a candidate, by the spikes of its input.
"""

from experiments.segregated import settings
from experiments.segregated.fashion_choice import REGULAR, slower
from experiments.study.candidates import candidates
from experiments.study.conditions import Condition
from models.segregated.presets import BEST

EPOCHS = 5
START = {"dataset": "cifar10-jpeg", "validation": 10_000, "test_examples": 5_000}
USUAL = BEST | START | {"quick_examples": 0, "decay": 0.7, "encoding": "on-off"}
BACKPROP = USUAL | settings.BACKPROP


def seen(encoding, options=USUAL):
    """The same with another encoding."""
    return options | {"encoding": encoding}


CANDIDATES = {
    "usual": ("on-off, as on MNIST", USUAL),
    "slower_3": ("on-off, rates / 3", slower(3, USUAL)),
    "slower_10": ("on-off, rates / 10", slower(10, USUAL)),
    "slower_30": ("on-off, rates / 30", slower(30, USUAL)),
    "grey": ("grey, rates / 10", seen("grey", slower(10, USUAL))),
    "rgb": ("rgb, rates / 10", seen("rgb", slower(10, USUAL))),
    "rgb_slower": ("rgb, rates / 30", seen("rgb", slower(30, USUAL))),
    "colours": ("colour-opponent, rates / 10", seen("colour-opponent", slower(10, USUAL))),
    "colours_faster": ("colour-opponent, rates / 3", seen("colour-opponent", slower(3, USUAL))),
    "colours_slower": ("colour-opponent, rates / 30", seen("colour-opponent", slower(30, USUAL))),
    "colours_backprop": (
        "colour-opponent, backprop, rates / 10",
        seen("colour-opponent", slower(10, BACKPROP)),
    ),
    "colours_regular": (
        "colour-opponent, error of rates, regular spikes, rates / 3",
        seen("colour-opponent", slower(3, USUAL)) | REGULAR,
    ),
    "colours_regular_slower": (
        "colour-opponent, error of rates, regular spikes, rates / 10",
        seen("colour-opponent", slower(10, USUAL)) | REGULAR,
    ),
    "backprop": ("on-off, backprop, rates / 3", slower(3, BACKPROP)),
    "backprop_slower": ("on-off, backprop, rates / 10", slower(10, BACKPROP)),
}

page = candidates(
    __name__,
    __doc__,
    {name: Condition(label, options, EPOCHS) for name, (label, options) in CANDIDATES.items()},
    title="Encodings and settings for CIFAR-10 (JPEG): errors on images held out",
    smoke=settings.small,
)
