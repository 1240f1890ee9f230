"""Input units: a pixel is the rate of a Poisson spike train (P 'Input'), or trains are given."""

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

# Given trains begin anew with each phase, so that plateaus see the same input. A spike is in the
# step that is nearest to its time.
BEGIN = """
    k = 0
    begun = t
"""
GIVEN = {
    "rate": "phi                                              : Hz    # not used: spikes are given",
    "clock": "begun                                           : second  # when they began",
    "place": "k                                               : integer  # spikes since they began",
    "next": "next = images(example*dt, i + n_cells*k)*ms        : second (constant over dt)",
    "train": TRAIN,
    "averages": PARTS["averages"],
}


def given(cells):
    """The input cell that fires at given times (``models.theory.Trains``)."""
    moments = {"onset": BEGIN, "teach": BEGIN, "forward_window": MOMENTS["forward_window"]}
    how = {"threshold": "t - begun + 0.5*dt >= next", "reset": "k += 1", "double": ("begun",)}
    return Cell.of(GIVEN, moments, params=Biophysics(), constants={"n_cells": cells}, **how)
