"""Backpropagation and feedback alignment: errors that come back through synapses.

Backpropagation hands errors down through the transposed forward weights. Lillicrap, Cownden, Tweed
& Akerman (2014, arXiv:1411.0247; 2016) showed that fixed random weights will do: the forward
weights learn to align to them. One step is one image. Expect under 1.8 % of errors on MNIST by
backpropagation and under 2.2 % by random feedback, with 1,000 hidden cells and 25 epochs.
"""

from models.backprop.network import network
from models.backprop.options import PRESETS, Options
from models.theory import Equivalent, Theory

# As the usual feedback asks for them; random weights do without downstream weights and symmetry.
NEEDS = {
    "explicit error": "the gradient of the loss is handed down from cell to cell",
    "downstream weights": "an error comes back through the weights of the cells above",
    "derivative": "it is multiplied by the slope of the cell's own response",
    "separate passes": "activities go up, then errors come down",
    "phases": "an error is not to be taken for an activity",
    "signed cells": "errors have both signs",
    "symmetric plasticity": "the way back is the transpose of the way up, and stays so",
}

# Errors come in a pass of their own, and nothing hears of them before.
LIT = {"light": 0.01}
THEORY = Theory(
    __doc__,
    Options,
    PRESETS,
    network,
    NEEDS,
    equivalent=Equivalent("h"),
    feedback=("B",),
    memory=("_moves",),
    lights={"early": {}, "late": LIT, "throughout": LIT},
)
