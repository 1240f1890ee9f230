"""One cell: a spike alone, dendritic input alone, and both, which make a burst.

    python -m analysis bac_firing

Above: potentials of soma and dendrite; triangles are spikes, grey bars the pulses (dark: soma,
light: dendrite). Below: spikes by delay and strength of the dendrite's pulse.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm

from analysis.bursts.looks import BURSTS, EVENTS

TITLES = {"soma": "pulse into the soma", "dendrite": "into the dendrite", "both": "into both"}
PULSES = {"soma": (10, "0.2"), "dendrite": (40, "0.65")}  # ms, colour


def plot_potentials(traces, spikes, name, ax):
    """Both potentials of one condition by time; returns the axes."""
    mine = traces.where(condition=name)
    for column, text, color, line in (
        ("V_s", "soma", EVENTS, "-"),
        ("V_d", "dendrite", BURSTS, "--"),
    ):
        ax.plot(mine["t"], mine[column], line, color=color, label=text)
    own = spikes["t"][spikes["condition"] == name]
    ax.plot(own, np.full(len(own), -45.0), "v", color=EVENTS, markersize=4)
    for k, (part, (lasts, color)) in enumerate(PULSES.items()):
        if name in (part, "both"):
            ax.plot([0, lasts], [-86 - 3 * k] * 2, color=color, linewidth=3, solid_capstyle="butt")
    ax.set(title=TITLES[name], xlabel="time (ms)", ylim=(-92, 15))
    return ax


def plot_coincidence(table, ax):
    """Spikes by delay and strength, as a map; returns the axes and the map."""
    x, y = np.unique(table["delay"]), np.unique(table["strength"])
    counts = table["n_spikes"].reshape(len(y), len(x))
    edges = np.arange(0.5, max(counts.max(), 2) + 1)
    colors = plt.get_cmap("cividis", len(edges) - 1)
    shown = ax.pcolormesh(x, y, counts, cmap=colors, norm=BoundaryNorm(edges, colors.N))
    ax.set(xlabel="pulse into the dendrite begins after the soma's (ms)", ylabel="it has (pA)")
    return ax, shown


def draw(results):
    """Potentials above, the map below."""
    traces, spikes = results.table("traces"), results.table("spikes")
    figure = plt.figure(figsize=(6.7, 4.9))
    grid = figure.add_gridspec(2, 3)
    first = None
    for k, name in enumerate(TITLES):
        ax = figure.add_subplot(grid[0, k], sharey=first)
        plot_potentials(traces, spikes, name, ax)
        first = first or ax
    first.set_ylabel("potential (mV)")
    first.legend(fontsize="x-small", loc="upper right")
    ax, shown = plot_coincidence(results.table("coincidence"), figure.add_subplot(grid[1, :]))
    figure.colorbar(shown, ax=ax, label="spikes", ticks=range(1, 10))
    return figure
