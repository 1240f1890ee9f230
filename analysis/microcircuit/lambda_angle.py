"""The angle between what circuits teach and backpropagation, by the strength of feedback.

    python -m analysis lambda_angle

A column for each kind of top-down weights; medians of networks, shades are their quartiles. The
thin line has the slope 1. Hidden layers lie on each other.
"""

import matplotlib.pyplot as plt
import numpy as np

LAYERS = {0: ("C0", "-", "o"), 1: ("C1", "--", "s"), 2: ("C2", ":", "D")}
NAMES = {0: "$W_0$, from the input", 1: "$W_1$", 2: "$W_2$, to the output"}
TITLES = {"transposed": "top-down weights transposed", "random": "top-down weights random"}


def plot_angles(table, ax):
    """Angles of all layers by lambda; returns the axes."""
    for layer, (color, line, marker) in LAYERS.items():
        own = table.where(layer=layer)
        style = {"color": color, "linestyle": line, "marker": marker}
        ends = own["angle_lower"], own["angle_upper"]
        ax.fill_between(own["lambda"], *ends, color=color, alpha=0.15, linewidth=0)
        ax.plot(own["lambda"], own["angle"], **style, label=NAMES[layer])
    ax.axhline(90, color="0.4", linewidth=0.8, zorder=1)
    ax.set(xscale="log", yscale="log", xlabel="$\\lambda$, share of apical potentials and targets")
    return ax


def plot_slope(table, ax):
    """A line of slope 1, below the first point; returns the axes."""
    strengths = np.array([table["lambda"].min(), 0.1])
    first = table["angle"].min() / 2
    ax.plot(strengths, first * strengths / strengths[0], color="0.5", linewidth=0.6)
    there = np.sqrt(strengths[0] * strengths[1])
    ax.text(there, 0.6 * first * there / strengths[0], "slope 1", va="top", color="0.3")
    return ax


def draw(results):
    """Both kinds of top-down weights, side by side."""
    table = results.table("angles")
    figure, axes = plt.subplots(1, 2, figsize=(6.7, 3.2), sharey=True)
    for (name, title), ax in zip(TITLES.items(), axes, strict=True):
        plot_angles(table.where(condition=name), ax).set_title(title)
    plot_slope(table.where(condition="transposed"), axes[0])
    axes[0].set_ylabel("angle to backpropagation (degrees)")
    axes[1].legend(fontsize="small", loc="center left")
    figure.suptitle(results.page()["title"])
    return figure
