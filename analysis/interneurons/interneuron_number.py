"""Jitter of plateaus, plateaus outside volleys, cells that learn, and errors, by SST cells.

    python -m analysis interneuron_number

Filled: 100 pyramidal cells with once to eight times the interneurons that the cortex has; hollow:
the cortex's share beside 50 to 500 of them. Marks are networks, lines their means, over the number
of SST cells of a layer. The dotted line falls as one over the root of that number, as the spread of
a mean over independent cells does. At the bottom right, errors of what has learned (mean of the
last five epochs).
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.axes import logarithmic

PANELS = {  # column -> label, factor, limits
    "latency_sd": ("SD of latency (ms)", 1, None),
    "early": ("plateaus outside volleys\n(of a cell in an image)", 1, (0, None)),
    "cells_learning": ("cells that learn (%)", 100, (0, 105)),
}
BESIDE = 100  # pyramidal cells of the filled marks
LOOKS = {True: ("k", "o", "-"), False: ("#D55E00", "s", "--")}  # whether there are so many
TEXTS = {True: "100 cells, 1 to 8 times the cortex's", False: "50 to 500 cells, the cortex's share"}


def series(table):
    """Rows of the table with 100 cells, and those with the cortex's share, by number."""
    for many in (True, False):
        rows = table["n_E"] == BESIDE if many else table["factor"] == 1
        if rows.any():
            yield many, {name: table[name][rows] for name in table}


def means(values, by):
    """Values of ``by``, and the mean of the others at each."""
    at = np.unique(by)
    return at, np.array([np.mean(values[by == one]) for one in at])


def plot_measure(table, column, factor, ax):
    """A measure by the number of SST cells; returns the axes."""
    for many, own in series(table):
        color, marker, line = LOOKS[many]
        values = factor * own[column].astype(float)
        ax.plot(*means(values, own["n_SST"]), line, color=color)
        ax.plot(
            [], [], line, marker=marker, color=color, mfc=color if many else "w", label=TEXTS[many]
        )
        other = many | (own["n_E"] != BESIDE)  # else it is drawn already
        look = {"color": color, "mfc": color if many else "w", "markersize": 4}
        ax.plot(own["n_SST"][other], values[other], marker, **look)
    return ax


def plot_root(table, ax):
    """One over the root of the number, through the mean of the usual networks; the axes."""
    number, spread = (table[name][table["n_E"] == BESIDE] for name in ("n_SST", "latency_sd"))
    there = spread > 0
    if there.any():
        at = np.unique(table["n_SST"])
        size = np.exp(np.mean(np.log(spread[there] * np.sqrt(number[there]))))
        ax.plot(at, size / np.sqrt(at), "k:", linewidth=0.9, label=r"$\propto 1/\sqrt{n}$")
    return ax


def named(table, ax):
    """What marks of 100 cells, and the others, are called, beside their means."""
    for many, own in series(table):
        for number, mean in zip(*means(own["latency_sd"], own["n_SST"]), strict=True):
            first = np.flatnonzero(own["n_SST"] == number)[0]
            if not many and own["n_E"][first] == BESIDE:
                continue
            text = f"× {own['factor'][first]:g}" if many else f"{own['n_E'][first]:g}"
            place, side = ((5, 5), "left") if many else ((-5, -5), "right")
            level = "bottom" if many else "top"
            style = {"fontsize": "x-small", "color": LOOKS[many][0], "ha": side, "va": level}
            ax.annotate(text, (number, mean), place, textcoords="offset points", **style)


def plot_errors(table, networks, ax):
    """Late errors of what has learned, by the number of SST cells; returns the axes."""
    usual, at, values = table.where(n_E=BESIDE), [], []
    for number, factor in sorted(set(zip(usual["n_SST"], usual["factor"], strict=True))):
        own = networks.where(condition=f"number_{factor:g}")["test_error_last_five"]
        at += [number] * len(own)
        values += list(own)
    if values:
        at, values = np.array(at), np.array(values)
        ax.plot(*means(values, at), "-", color="k")
        ax.plot(at, values, "o", color="k", markersize=4)
        ax.set_ylim(0, 1.15 * values.max())
    return ax


def draw(results):
    """Four panels over one axis of numbers."""
    table, networks = results.table("timing"), results.table("networks")
    figure, axes = plt.subplots(2, 2, figsize=(6.7, 5.2), sharex=True)
    for (column, (label, factor, limits)), ax in zip(PANELS.items(), axes.flat, strict=False):
        plot_measure(table, column, factor, ax).set(ylabel=label, ylim=limits)
    first = axes[0, 0]
    plot_root(table, first)
    named(table, first)
    logarithmic(first, table["latency_sd"])
    plot_errors(table, networks, axes[1, 1]).set_ylabel("test error, last 5 epochs (%)")
    for ax in axes.flat:
        logarithmic(ax, table["n_SST"], axis="x")
        ax.margins(x=0.1)
    for ax in axes[1]:
        ax.set_xlabel("SST cells of the layer")
    handles = first.get_legend_handles_labels()
    figure.legend(*handles, fontsize="small", loc="outside upper center", ncols=3)
    return figure
