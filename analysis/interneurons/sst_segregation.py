"""Errors where the apical dendrite is not segregated, with and without SST cells.

    python -m analysis sst_segregation

Below the errors, of each network at the end: the mean size of the apical potential outside the
volleys, and of what of it reaches the soma.
"""

from analysis.interneurons import points

COLUMNS = {
    "apical_outside": ("apical potential outside volleys (mV)", 1),
    "apical_leak": ("its share in the soma (mV)", 1),
}


def draw(results):
    """Errors, and what leaks into somata."""
    return points.draw(results, COLUMNS)
