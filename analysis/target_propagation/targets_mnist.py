"""Test errors of target propagation on MNIST, and what its targets are worth.

    python -m analysis targets_mnist

Below the errors: the angle between each hidden layer's error and that of backpropagation, of 1,000
test images (means of all seeds over a shade of the middle half of images; the last hidden layer of
DTP has the gradient itself). And the share of images in which a layer's target brings the layer
above nearer to its own, that in which the loss falls if the layer is at its target, and the error
of the inverses.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing import conditions
from analysis.drawing.angles import right_angle
from analysis.drawing.axes import logarithmic
from analysis.target_propagation.layers import plot_layers

ANGLES = {"dtp": "DTP", "sdtp": "SDTP", "fa": "feedback alignment"}
SHARES = {
    "descends": "layer above comes\nnearer to its target\n(share of images)",
    "lowers": "loss falls at the target\n(share of images)",
    "reconstruction": "error of the inverse\n(squared distance)",
}


def draw(results):
    """Errors, angles, and conditions of descent."""
    table = results.table("layers")
    there = [name for name in ANGLES if name in table["condition"]]
    drawing = conditions.draw(results, more=2.6)
    drawing.axes[0].set_xlabel("passes")
    axes = drawing.subfigs[-1].subplots(1, len(there), sharey=True, squeeze=False)[0]
    for ax, name in zip(axes, there, strict=True):
        plot_layers(table.where(condition=name), "angle", ax)
        right_angle(ax)
        ax.set(xlabel="passes", title=ANGLES[name], ylim=(0, None), yticks=(0, 30, 60, 90))
    axes[0].set_ylabel("angle to backprop (degrees)")
    handles = axes[0].get_legend_handles_labels()
    drawing.subfigs[-1].legend(*handles, fontsize="small", loc="outside lower center", ncols=3)
    return drawing


def draw_conditions(results):
    """Conditions of descent, and errors of inverses, by layer."""
    table = results.table("layers")
    there = [name for name in ANGLES if name in table["condition"] and name != "fa"]
    size = (6.7, 6.6)
    drawing, grid = plt.subplots(
        len(SHARES), len(there), figsize=size, sharex=True, sharey="row", squeeze=False
    )
    for axes, (column, label) in zip(grid, SHARES.items(), strict=True):
        for ax, name in zip(axes, there, strict=True):
            plot_layers(table.where(condition=name), column, ax, None)
        axes[0].set_ylabel(label)
        if column == "reconstruction":
            found = table["reconstruction"]
            logarithmic(axes[0], found[np.isfinite(found)])
        else:
            axes[0].set_ylim(0, 1.05)
    for ax in grid[-1]:
        ax.set_xlabel("passes")
    for ax, name in zip(grid[0], there, strict=True):
        ax.set_title(ANGLES[name])
    handles = grid[1, 0].get_legend_handles_labels()
    drawing.legend(*handles, fontsize="small", loc="outside lower center", ncols=3)
    drawing.suptitle("Are targets worth following?")
    return drawing


def more(results):
    """A further figure, where there are inverses: the conditions of descent."""
    there = {"dtp", "sdtp"} & set(results.table("layers")["condition"])
    return {"conditions_of_descent": draw_conditions} if there else {}
