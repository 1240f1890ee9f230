"""The angle between what SuperSpike sums up and steepest descent, in each layer, by epochs.

    python -m analysis surrogate_angle

A row for each network, a column for each feedback. Shaded: potentials are differentiated as if
resets were not there; crosses: as the network steps them. Lines are means of mini-batches of 10
test images, shades hold the middle half of them; at 90 degrees both have nothing in common.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator, MultipleLocator

from analysis.drawing.angles import plot_angle, right_angle

COLUMNS = "epoch", "mean", "lower_quartile", "upper_quartile"
LAYERS = ("C0", "-", "o"), ("C1", "--", "s"), ("C2", ":", "D")
ROWS, FEEDBACK = ("one", "two"), ("symmetric", "random", "uniform")


def plot_condition(table, ax):
    """Angles of all layers of one network; returns the axes."""
    right_angle(ax)
    for layer in np.unique(table["layer"]).astype(int):
        color, line, marker = LAYERS[layer]
        own = table.where(layer=layer, resets="ignored")
        how = {"marker": marker, "markersize": 3}
        plot_angle(*(own[key] for key in COLUMNS), ax, color, line, f"$W_{layer}$", **how)
        own = table.where(layer=layer, resets="cut")
        ax.plot(own["epoch"], own["mean"], "x", color=color, linestyle=line, markersize=4)
    return ax


def draw(results):
    """Networks below each other, feedback side by side; only those that are there."""
    table, conditions = results.table("angles"), results.page()["conditions"]
    there = [[f"{row}_{kind}" for kind in FEEDBACK] for row in ROWS]
    there = [[n for n in row if n in table["condition"]] for row in there]
    there = [row for row in there if row]
    columns = max(map(len, there))
    size = (2.4 * max(columns, 2) + 0.6, 0.5 + 2.5 * len(there))
    how = {"sharey": True, "sharex": True, "squeeze": False}
    figure, axes = plt.subplots(len(there), columns, figsize=size, **how)
    for names, row in zip(there, axes, strict=True):
        row[0].set_ylabel("angle to steepest descent (degrees)", fontsize="small")
        for name, ax in zip(names, row, strict=False):
            plot_condition(table.where(condition=name), ax)
            ax.set_title(conditions[name]["label"], fontsize="small")
            ax.legend(fontsize="small", ncols=3, loc="upper right")
        for ax in row[len(names) :]:
            ax.set_axis_off()
    for ax in axes[-1]:
        ax.set_xlabel("epochs")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[0, 0].set_ylim(0, 205)
    axes[0, 0].yaxis.set_major_locator(MultipleLocator(45))
    figure.suptitle(results.page()["title"])
    return figure
