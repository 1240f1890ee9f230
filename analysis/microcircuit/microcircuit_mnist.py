"""Test errors of microcircuits on MNIST, and what hidden cells learn from.

    python -m analysis microcircuit_mnist

Below the errors, by epoch: the angle between each layer's update and that of backpropagation, the
same of the update less that without a target, the angle of top-down to transposed bottom-up
weights, and the apical potential that is left without a target, beside its part from above; means
over networks, shades the range between them.
"""

import numpy as np

from analysis.drawing import conditions
from analysis.drawing.angles import right_angle

SHOWN = {"mnist_500_500": "microcircuit", "transposed": "transposed top-down"}
LAYERS = {
    0: ("first hidden", "C0", "-"),
    1: ("second hidden", "C1", "--"),
    2: ("output", "C2", ":"),
}
COLUMNS = {
    "update": "update to backprop (degrees)",
    "taught": "the same, less that untaught",
    "feedback": "feedback to transposed (degrees)",
    "residual": "apical potential left (share)",
}


def plot_layers(table, column, ax):
    """A column by epoch, of each layer that has it; returns the axes."""
    for layer, (text, color, line) in LAYERS.items():
        mine = table.where(layer=layer)
        at = np.unique(mine["epoch"])
        values = np.array([mine[column][mine["epoch"] == one] for one in at], dtype=float)
        if not len(at) or not np.isfinite(values).any():
            continue
        ax.fill_between(at, values.min(1), values.max(1), color=color, alpha=0.15, linewidth=0)
        ax.plot(at, values.mean(1), color=color, linestyle=line, label=text)
    return ax


def draw(results):
    """Errors, and a row of axes for each condition that is there."""
    table = results.table("layers")
    there = [name for name in SHOWN if name in table["condition"]]
    drawing = conditions.draw(results, more=0.3 + 2.3 * len(there))
    grid = drawing.subfigs[-1].subplots(len(there), len(COLUMNS), sharex=True, squeeze=False)
    for axes, name in zip(grid, there, strict=True):
        mine = table.where(condition=name)
        for ax, (column, label) in zip(axes, COLUMNS.items(), strict=True):
            plot_layers(mine, column, ax)
            ax.set_ylabel(label, fontsize="small")
            if column != "residual":
                right_angle(ax)
                ax.set(ylim=(0, None), yticks=(0, 30, 60, 90))
        axes[0].set_title(SHOWN[name], loc="left")
    for ax in grid[-1]:
        ax.set_xlabel("epochs")
    handles = grid[0, 0].get_legend_handles_labels()
    drawing.subfigs[-1].legend(*handles, fontsize="small", loc="outside lower center", ncols=3)
    return drawing
