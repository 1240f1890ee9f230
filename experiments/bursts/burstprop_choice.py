"""What do ensembles that burst need to learn MNIST soon? Settings are chosen on images held out.

    python -m experiments burstprop_choice [--only base ...]

The networks of `burstprop_mnist` after five epochs of 55,000 images, tested on the other 5,000
training images; the test set is left alone. One seed each, so that differences under .3 % say
nothing. ``base`` and ``fixed`` are the chosen settings; others are the same but for one thing.
``published`` has the rates, momentum and widths of Payeur et al. (2021), who train 500 epochs. A
wider search by a program of a few lines, on the same images, had shown where to look.

Expected: learned feedback comes to 2.0 to 2.1 % with any decay, to 2.7 with a quarter of the rates;
the published rates, chosen for many more epochs, to 11, as what comes down shrinks to a quarter
with each layer. With rates that grow downwards feedback has to begin small: from U(-1, 1) nothing
is learned. Fixed feedback has to begin wide, bears an eighth of the rates, and is not settled after
five epochs (21 %; after 30 it is). Half a minute of one core each.
"""

from experiments.bursts.burstprop_mnist import small
from experiments.study.candidates import candidates
from experiments.study.conditions import Condition
from models.bursts.options import PRESETS

HELD_OUT = {"validation": 5000, "train_examples": 55_000, "quick_examples": 0}
BASE, FIXED = PRESETS["mnist"] | HELD_OUT, PRESETS["mnist-fixed"] | HELD_OUT
EPOCHS = 5


def scaled(options, factor):
    """All learning rates times a factor."""
    return options | {"eta": tuple(factor * eta for eta in options["eta"])}


PUBLISHED = BASE | {"eta": (0.1, 0.1, 0.1, 0.01), "momentum": 0.9, "feedback_width": 1.0}
PUBLISHED |= {"gain": (3.6,), "decay": 1.0}
CONDITIONS = {
    "base": Condition("learned feedback, as chosen", BASE, EPOCHS),
    "quarter": Condition("a quarter of all rates", scaled(BASE, 0.25), EPOCHS),
    "wide_feedback": Condition("feedback from U(-1, 1)", BASE | {"feedback_width": 1.0}, EPOCHS),
    "little_decay": Condition("a tenth of the decay", BASE | {"weight_decay": 1e-6}, EPOCHS),
    "much_decay": Condition("three times the decay", BASE | {"weight_decay": 3e-5}, EPOCHS),
    "fixed": Condition("fixed feedback, as chosen", FIXED, EPOCHS)._replace(look=("C5", "x", "-.")),
    "fixed_twice": Condition("the same, twice the rates", scaled(FIXED, 2.0), EPOCHS)._replace(
        look=("0.3", "|", "-")
    ),
    "published": Condition("published rates", PUBLISHED, EPOCHS)._replace(look=("0.5", ".", ":")),
}

page = candidates(
    __name__,
    __doc__,
    CONDITIONS,
    title="What bursts need to teach soon: errors on images held out",
    smoke=small,
)
