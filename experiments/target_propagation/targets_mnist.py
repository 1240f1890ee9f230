"""How well does target propagation learn MNIST, and are its targets worth following?

    python -m experiments targets_mnist [--only dtp ...]

Five layers of 256 tanh cells and a softmax, Adam; inverses and forward weights learn in turns,
epoch by epoch (Lee et al. 2015). "Paper" is Bartunov et al. (2018), who took the best of 60 random
searches and the best test within 500 epochs: 1.48 % of test errors by backpropagation, 1.85 by
feedback alignment, 1.83 by DTP, 2.28 by SDTP, 1.86 by AO-SDTP. Here errors are those at the end.
Rates were chosen on training images held out (see `targets_rates`), and so was the noise that we
add to the pixels that are learned from; two conditions are without it. Three networks each.

Nothing is assumed of the targets: after each pass, of 1,000 test images, the share in which a
layer's target brings the layer above nearer to its own (`descends`), that in which the loss falls
if the layer is at its target (`lowers`), the squared error of the inverse (`reconstruction`), and
the angle between the layer's error and that of backpropagation.

Expected: after 24 passes 1.5 % by backpropagation, 1.7 by DTP, 2.1 by feedback alignment and 2.2 by
SDTP; on pixels as they are 1.8 by backpropagation and 2.3 by DTP. Targets of DTP descend in nearly
all images from the first pass on. Four CPU minutes a network with inverses, two without.
"""

from experiments.study.conditions import Condition
from experiments.study.replicates import replicate
from experiments.target_propagation import layerwise
from models.target_propagation.options import PRESETS

EPOCHS = {name: PRESETS[name]["epochs"] for name in ("bp", "fa", "dtp", "sdtp", "ao-sdtp")}
PLAIN = {"pixel_noise": 0.0}
CONDITIONS = {
    "bp": Condition("backpropagation", PRESETS["bp"], EPOCHS["bp"], 1.48),
    "fa": Condition("feedback alignment", PRESETS["fa"], EPOCHS["fa"], 1.85),
    "dtp": Condition("DTP", PRESETS["dtp"], EPOCHS["dtp"], 1.83, each=2),
    "sdtp": Condition("SDTP", PRESETS["sdtp"], EPOCHS["sdtp"], 2.28, each=2),
    "ao_sdtp": Condition("AO-SDTP", PRESETS["ao-sdtp"], EPOCHS["ao-sdtp"], 1.86, each=2),
    "bp_plain": Condition(
        "backpropagation, pixels as they are", PRESETS["bp"] | PLAIN, EPOCHS["bp"], 1.48
    ),
    "dtp_plain": Condition(
        "DTP, pixels as they are", PRESETS["dtp"] | PLAIN, EPOCHS["dtp"], 1.83, each=2
    ),
}
PAIRS = (
    ("bp", "fa"),
    ("bp", "dtp"),
    ("fa", "dtp"),
    ("dtp", "sdtp"),
    ("sdtp", "ao_sdtp"),
    ("bp", "bp_plain"),
    ("dtp", "dtp_plain"),
)


def small(options):
    """What ``--smoke`` changes."""
    return {"layers": (8, 7, 6, 10), "batch": 3}


page = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="784-256-256-256-256-256-10 on MNIST: what hidden layers learn from",
    measure=layerwise.follow,
    smoke=small,
)
