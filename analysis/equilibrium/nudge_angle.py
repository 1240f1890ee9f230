"""The angle between what an image teaches each layer and backpropagation, through all of learning.

    python -m analysis nudge_angle

Lines are means of those test images that have a gradient (100 at most; few are left when it has
learned), shades hold the middle half of them; at 90 degrees both have nothing in common.
Backpropagation is that through the network at its free fixed point.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator, MultipleLocator

from analysis.drawing.angles import plot_angle, right_angle

PHASES = {"as_trained": "phases of training", "long": "phases to their ends, small nudge"}
COLUMNS = "epoch", "mean", "lower_quartile", "upper_quartile"
LAYERS = ("C0", "-"), ("C1", "--"), ("C2", ":"), ("C3", "-.")


def draw(results):
    """A row for each network, a column for each kind of phases."""
    table, conditions = results.table("angles"), results.page()["conditions"]
    there = [name for name in conditions if name in table["condition"]]
    phases = [name for name in PHASES if name in table["phases"]]
    size = (3.3 * len(phases) + 0.4, 0.4 + 2.6 * len(there))
    how = {"sharey": True, "squeeze": False}
    figure, axes = plt.subplots(len(there), len(phases), figsize=size, **how)
    for name, row in zip(there, axes, strict=True):
        for phase, ax in zip(phases, row, strict=True):
            mine = table.where(condition=name, phases=phase)
            right_angle(ax)
            for layer in np.unique(mine["layer"]).astype(int):
                own, (color, line) = mine.where(layer=layer), LAYERS[layer]
                plot_angle(*(own[key] for key in COLUMNS), ax, color, line, f"$W_{layer}$")
            ax.set_title(f"{conditions[name]['label']}: {PHASES[phase]}", fontsize="small")
            ax.legend(fontsize="small", ncols=3, loc="upper right")
        row[0].set_ylabel("angle to backprop (degrees)")
    for ax in axes[-1]:
        ax.set_xlabel("epochs")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[0, 0].set_ylim(0, 110)
    axes[0, 0].yaxis.set_major_locator(MultipleLocator(30))
    return figure
