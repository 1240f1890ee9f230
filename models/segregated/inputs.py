"""Input units: a pixel is the rate of a Poisson spike train (P 'Input')."""

from models.engine.cell import Cell
from models.segregated.parameters import Biophysics
from models.segregated.spiking import TRAIN

PARTS = {
    "rate": "phi                                              : Hz    # phi_max times the pixel",
    "train": TRAIN,
    "averages": "s_bar                                        : Hz    # mean of s, forward phase",
}

MOMENTS = {
    "onset": "phi = phi_max*images(example*dt, i)",
    "forward_window": "s_bar += (s - s_bar)/n",
}

INPUT = Cell.of(PARTS, MOMENTS, params=Biophysics())
