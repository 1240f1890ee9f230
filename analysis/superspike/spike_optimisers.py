"""J after learning, by optimiser and learning rate.

    python -m analysis spike_optimisers

A dot is a seed, the line their median.
"""

import matplotlib.pyplot as plt
import numpy as np

TITLES = {"rmaxprop": "RMaxProp", "rmsprop": "RMSprop", "constant": "constant"}
UNITS = {"rmaxprop": "mV", "rmsprop": "mV", "constant": "mV a gradient"}
LEAST = 1e-4  # of J: what is lower is exact


def plot_rates(table, unit, ax):
    """J by the learning rate; returns the axes."""
    rates = np.unique(table["r_0"])
    J = np.maximum(table["J"], LEAST)
    ax.plot(table["r_0"], J, "o", color="C0", markersize=3)
    ax.plot(rates, [np.median(J[table["r_0"] == r]) for r in rates], color="C0")
    ax.axhline(1, color="0.4", linestyle="--", linewidth=0.8)
    ax.set(xscale="log", yscale="log", xlabel=f"$r_0$ ({unit})", ylim=(LEAST / 1.5, 10))
    return ax


def draw(results):
    """A panel for each optimiser that is there."""
    table = results.table("rates")
    there = [name for name in TITLES if (table["condition"] == name).any()]
    shape = {"figsize": (6.7, 2.7), "sharey": True, "squeeze": False}
    figure, axes = plt.subplots(1, len(there), **shape)
    for name, ax in zip(there, axes[0], strict=True):
        plot_rates(table.where(condition=name), UNITS[name], ax).set_title(TITLES[name])
    axes[0, 0].set_ylabel("J after 250 s (1: silence)")
    return figure
