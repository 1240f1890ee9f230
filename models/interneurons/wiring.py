"""Who is there and who is connected: numbers of cells, and weights drawn once.

A cell has a synapse from each cell of another class with a probability of its own (Hertaeg &
Sprekeler 2019), and from one at least. Weights are 1/K, K its synapses from that class, so that
what reaches a cell is a mean, whatever the number of cells; where there is no synapse, they are 0.
"""

import numpy as np

from models.interneurons.parameters import CONNECTED, GABAERGIC, SHARES


def counts(n_E, factor=1.0):
    """Cells of each class beside so many pyramidal cells, of each at least one.

    Parameters
    ----------
    n_E : int
    factor : float
        Of the numbers that the cortex has.

    Returns
    -------
    dict
        "PV", "SST", "VIP" -> int.
    """
    n_I = n_E * GABAERGIC / (1 - GABAERGIC)
    return {name: max(1, round(factor * share * n_I)) for name, share in SHARES.items()}


def weights(source, target, n_source, n_target, rng):
    """Weights between two classes.

    Parameters
    ----------
    source, target : str
        "E" (pyramidal cells), "X" (the input), or a class of interneurons.
    n_source, n_target : int
        Their cells.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n_source, n_target)
    """
    there = rng.random((n_source, n_target)) < CONNECTED[source, target]
    if source == target:
        np.fill_diagonal(there, False)
    alone = ~there.any(axis=0)
    there[rng.integers(n_source, size=alone.sum()), alone] = True
    return there / there.sum(axis=0)
