"""Bits that events and bursts tell, by share of bursts and spikes in a burst.

    python -m analysis sparse_bursts

Left: both together, by share of bursts p and number of spikes n in one, as a map; crosses mark the
largest of each n, the line 1/(n+1). Right: for some n, both (solid), and bursts alone (dashed);
points are simulated, means over seeds.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.bursts.looks import MARKERS

COLORS = ("#0072B2", "#D55E00", "#009E73")


def plot_map(table, ax):
    """All bits by share and length; returns the axes and the map."""
    n, p = np.unique(table["n"]), np.unique(table["p"])
    total = table["total"].reshape(len(n), len(p))
    shown = ax.pcolormesh(p, np.arange(len(n)), total, cmap="cividis")
    ax.plot(p[total.argmax(axis=1)], np.arange(len(n)), "x", color="white")
    ax.plot(1 / (n + 1), np.arange(len(n)), "-", color="white", linewidth=0.8)
    ax.set_yticks(np.arange(len(n)), [f"{one:.0f}" for one in n])
    ax.set(xlabel="burst probability", ylabel="spikes in a burst")
    return ax, shown


def plot_bits(calculated, simulated, ax):
    """Bits by share, for the lengths that were simulated; returns the axes."""
    for k, n in enumerate(np.unique(simulated["n"])):
        own, mine = calculated.where(n=n), simulated.where(n=n)
        at = np.unique(mine["p"])
        for column, line in (("total", "-"), ("bursts", "--")):
            label = f"{n:.0f} spikes" if column == "total" else None
            ax.plot(own["p"], own[column], line, color=COLORS[k], label=label)
            means = [mine[column][mine["p"] == p].mean() for p in at]
            ax.plot(at, means, MARKERS[k], color=COLORS[k], markersize=3)
    ax.set(xlabel="burst probability", ylabel="bits in a window", ylim=(0, None))
    ax.legend(fontsize="x-small")
    return ax


def draw(results):
    """The map, and lines."""
    figure, axes = plt.subplots(1, 2, figsize=(6.7, 2.9))
    ax, shown = plot_map(results.table("calculated"), axes[0])
    figure.colorbar(shown, ax=ax, label="bits")
    plot_bits(results.table("calculated"), results.table("simulated"), axes[1])
    return figure
