"""Equilibrium propagation: a network relaxes, is nudged, and learns from what that changes.

Scellier & Bengio (2017), Front. Comput. Neurosci. 11:24. Cells descend an energy E; then a small
force on the output alone moves all of them, and the difference between the two states is the
gradient of the cost (theorem 1). Weights are symmetric: one matrix works both ways. Expect under
5 % of errors on the digits; the paper has 2 to 3 % on MNIST.
"""

from models.equilibrium.network import network
from models.equilibrium.options import PRESETS, Options
from models.theory import Equivalent, Theory

# Weights are symmetric, and there are two phases. No cell computes an error; with the paper's hard
# sigmoid rho' is 1 wherever states are kept, so that no derivative is asked for either.
NEEDS = {
    "downstream weights": "what goes up by a synapse comes down by the same one",
    "separate passes": "cells settle freely, then with the output nudged",
    "phases": "rates of the free phase are remembered until the end of the nudged one",
    "symmetric plasticity": "one matrix works both ways, and has one rule",
}

EQUIVALENT = Equivalent("s", hidden="bounded", output="bounded")
# What light does turns with the nudge, whose sign is random: here it is fixed.
DARK = {"sign": "fixed"}
LIT_EARLY, LIT_LATE = DARK | {"light_early": 0.01}, DARK | {"light_late": 0.01}
THEORY = Theory(
    __doc__,
    Options,
    PRESETS,
    network,
    NEEDS,
    equivalent=EQUIVALENT,
    lights={"dark": DARK, "early": LIT_EARLY, "late": LIT_LATE, "throughout": LIT_EARLY | LIT_LATE},
)
