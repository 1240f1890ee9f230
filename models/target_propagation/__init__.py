"""Target propagation: layers get targets, not gradients, from learned inverses of the layers above.

Difference target propagation (Lee, Zhang, Fischer & Bengio 2015) corrects each target by what the
inverse makes of the activity that there is; its first target still takes one step along the
gradient, through the output's weights. Simplified DTP (Bartunov et al. 2018) inverts the output,
too, and needs no gradient; AO-SDTP gives that inverse fixed random features beside the outputs.
Backpropagation and feedback alignment learn in the same network, for comparison. Published for
MNIST with 5 layers of 256 cells: 1.5 % of errors by backpropagation, 1.8 % by DTP, 2.3 % by SDTP,
the best within 500 epochs; here after twelve passes 2.0, 2.4 and 2.9. Some 3 % on the digits.
"""

from models.target_propagation.network import network
from models.target_propagation.options import PRESETS, Options
from models.theory import Equivalent, Theory

# As the usual mode asks for them. SDTP and AO-SDTP do without the output's weights and gradient, at
# the price of a worse first target.
NEEDS = {
    "explicit error": "the first target is a step along the gradient",
    "downstream weights": "which comes through the output's weights",
    "derivative": "the slope of its response scales its distance to the target",
    "separate passes": "activities go up, then targets come down",
    "phases": "a target is not to be taken for an activity",
    "signed cells": "the output's error, for the first target",
}
EQUIVALENT = Equivalent("h", hidden="tanh", output="softmax")
# Targets come in a pass of their own, and nothing hears of them before.
LIT = {"light": 0.005}
THEORY = Theory(
    __doc__,
    Options,
    PRESETS,
    network,
    NEEDS,
    equivalent=EQUIVALENT,
    feedback=("V",),
    lights={"early": {}, "late": LIT, "throughout": LIT},
    memory=("_mean",),
)
