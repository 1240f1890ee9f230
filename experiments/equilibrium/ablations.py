"""Which parts of equilibrium propagation does learning rest on (page Q7)?

    python -m experiments ablations [--only fixed_sign ...]

784-500-10 on 20,000 images of MNIST, ten epochs, with the settings of the preset ``mnist`` but for
one thing: the sign of beta is always positive; the free state of each image is kept; one rate
serves both layers; the free phase is shorter or longer, the nudged one too; steps are shorter or
longer, phases as long in time constants; the nudge is weak. Three networks each; test images begin
at 0.

Expected: a random sign helps (Scellier & Bengio 2017, 5.2: 3.1 against 3.8 %); one nudged step does
not say enough to the hidden layer (7.4 %); with a free phase of 5 steps two networks of three never
begin to learn, and one of three with a weak nudge; all else matters little. Half a minute of one
core a network.
"""

from experiments.study.conditions import Condition
from experiments.study.replicates import replicate
from models.equilibrium.options import PRESETS

IMAGES = 20_000
PLAIN = PRESETS["mnist"] | {"train_examples": IMAGES}
CONDITIONS = {
    name: Condition(label, PLAIN | changed, 10)
    for name, label, changed in (
        ("whole", "all of it", {}),
        ("fixed_sign", "beta = 1 always", {"sign": "fixed"}),
        ("kept", "free states kept", {"particles": IMAGES}),
        ("one_rate", "one rate for both layers", {"alpha": (0.3,)}),
        ("free_5", "free phase of 5 steps", {"free": 5}),
        ("free_10", "free phase of 10 steps", {"free": 10}),
        ("free_50", "free phase of 50 steps", {"free": 50}),
        ("nudged_1", "nudged phase of 1 step", {"nudged": 1}),
        ("nudged_12", "nudged phase of 12 steps", {"nudged": 12}),
        ("fine", "steps of 0.1", {"eps": 0.1, "free": 100, "nudged": 20}),
        ("coarse", "steps of 0.9", {"eps": 0.9, "free": 11, "nudged": 2}),
        ("weak", "beta = 0.2", {"beta": 0.2}),
    )
}
PAIRS = [("whole", name) for name in CONDITIONS if name != "whole"]


def small(options):
    """What ``--smoke`` changes."""
    return {"layers": (8, 10), "particles": 0}


page = replicate(__name__, __doc__, CONDITIONS, PAIRS, title="What learning rests on", smoke=small)
