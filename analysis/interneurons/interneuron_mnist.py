"""Test errors on MNIST of circuits that time plateaus, lesions, and what their cells learn from.

    python -m analysis interneuron_mnist

Below the errors, of each network at the end: the angle between the error of hidden cells and
backpropagation's, the share of cells with a plateau that teaches, and how large the difference
between the two plateaus is. A network that does not learn at all, its output gated, is not drawn.
"""

from analysis.drawing.axes import logarithmic
from analysis.interneurons import points

COLUMNS = {
    "angle_spiking": ("angle to backprop (degrees)", 1),
    "cells_learning": ("cells that learn (%)", 100),
    "d_alpha": (r"$|\alpha^t - \alpha^f|$", 1),
}


def draw(results):
    """Errors, and what hidden cells learn from."""
    drawing = points.draw(results, COLUMNS, without=("no_vip_gated_mnist",))
    for ax in drawing.subfigs[1].axes:
        logarithmic(ax, results.table("networks")["test_error"], axis="x")
    return drawing
