"""Backpropagation and feedback alignment: errors that come back through synapses.

Backpropagation hands errors down through the transposed forward weights. Lillicrap, Cownden, Tweed
& Akerman (2014, arXiv:1411.0247; 2016) showed that fixed random weights will do: the forward
weights learn to align to them. One step is one image. Expect under 1.8 % of errors on MNIST by
backpropagation and under 2.2 % by random feedback, with 1,000 hidden cells and 25 epochs.
"""

from models.backprop.network import network
from models.backprop.options import PRESETS, Options
from models.theory import NEEDS, Equivalent, Theory

# Errors come in a pass of their own, and nothing hears of them before.
THEORY = Theory(
    __doc__,
    Options,
    PRESETS,
    network,
    NEEDS,
    equivalent=Equivalent("h"),
    feedback=("B",),
    lights={"late": {"light": 0.01}},
)
