"""SuperSpike: networks of spiking cells learn to fire at given times, by a rule of three factors.

Zenke & Ganguli (2018), Neural Computation 30:1514-1541. A spike has no derivative; in its place
stands a function of the membrane potential alone. With it each synapse keeps an eligibility trace
of what it could have done, and an error signal, the filtered difference of target and actual
spikes, says what it should have. Nothing runs backwards in time. Expect 6 % of errors on the
digits, told by one spike a pixel; of images the paper has none.
"""

from models.superspike.network import network
from models.superspike.options import PRESETS, Options
from models.theory import Theory

# Hidden cells are told an error, with symmetric feedback through the weights above them. The
# surrogate derivative is one of the cell's own potential.
NEEDS = {
    "explicit error": "a hidden cell is sent the weighted errors of the outputs",
    "downstream weights": "through the weights above it, unless feedback is random",
    "derivative": "a surrogate, of its own potential, stands for that of its spikes",
    "signed cells": "errors have both signs",
    "symmetric plasticity": "the way back is the way up, unless feedback is random",
}
# Errors come while spikes do: there are no phases for light to come in.
THEORY = Theory(
    __doc__,
    Options,
    PRESETS,
    network,
    NEEDS,
    takes_trains=True,
    feedback=("B",),
    lights={"throughout": {"light": 0.0001}},
)
