"""A picture played by spikes: what was asked for, what came, and J by hidden cells and by mode.

    python -m analysis spike_pattern

A dot is a spike; the loop of two seconds is the last of training. Below: J at the end of training,
a dot for each seed; the line is the mean, and the dashed one that without hidden cells.
"""

import matplotlib.pyplot as plt
import numpy as np

ROWS = {"large": "200-256-200", "symmetric_256": "100-256-100", "symmetric_0": "100-100"}
MODES = {
    "symmetric_64": "symmetric",
    "no_surrogate": "no surrogate\nderivative",
    "fixed": "hidden weights\nfixed",
    "regulariser": "random,\nregularised",
    "random": "random",
    "uniform": "uniform",
}
KINDS = {"target": "target", "output": "output"}


def plot_dots(table, title, ax):
    """Spikes by time and cell, the first cell at the top; returns the axes."""
    ax.plot(table["t"], table["cell"], ",", color="0.1")
    cells = table["cell"].max() if len(table["cell"]) else 1
    ax.set(xlim=(0, 2), ylim=(cells + 1, -1), title=title, xlabel="time (s)", ylabel="output cell")
    return ax


def at_the_end(table, name):
    """J of each seed at the end of training."""
    mine = table.where(condition=name)
    return mine["J"][mine["t"] == mine["t"].max()] if len(mine["t"]) else np.zeros(0)


def plot_sizes(table, ax):
    """J by the number of hidden cells; returns the axes."""
    names = [n for n in dict.fromkeys(table["condition"]) if n.startswith("symmetric_")]
    sizes = sorted(int(name.removeprefix("symmetric_")) for name in names)
    values = [at_the_end(table, f"symmetric_{size}") for size in sizes]
    for place, own in enumerate(values):
        ax.plot([place] * len(own), own, "o", color="C0", markersize=3)
    ax.plot(range(len(sizes)), [own.mean() for own in values], color="C0")
    ax.set_xticks(range(len(sizes)), [str(size) for size in sizes])
    ax.set(xlabel="hidden cells", ylabel="J (1: silence)", title="symmetric feedback")
    ax.set_ylim(bottom=0)
    return ax


def plot_modes(table, ax):
    """J by mode; returns the axes."""
    there = [name for name in MODES if len(at_the_end(table, name))]
    for place, name in enumerate(there):
        own = at_the_end(table, name)
        ax.plot([place] * len(own), own, "o", color="C0", markersize=3)
        ax.hlines(own.mean(), place - 0.25, place + 0.25, color="C0")
    none = at_the_end(table, "symmetric_0")
    if len(none):
        ax.axhline(none.mean(), color="0.4", linestyle="--", linewidth=0.9)
        ax.text(0, none.mean(), "no hidden cells", va="bottom", fontsize="x-small", color="0.3")
    ax.set_xticks(range(len(there)), [MODES[name] for name in there], rotation=40, ha="right")
    ax.tick_params(axis="x", labelsize="x-small")
    ax.set(ylabel="J (1: silence)", title="64 hidden cells")
    ax.set_ylim(bottom=0)
    return ax


def draw(results):
    """All parts that are there."""
    dots = results.table("dots") if results.has("dots") else None
    shown = [n for n in ROWS if dots is not None and (dots["condition"] == n).any()]
    rows = len(shown) + 1
    figure, axes = plt.subplots(rows, 2, figsize=(6.7, 2.9 * rows), squeeze=False)
    for name, pair in zip(shown, axes, strict=False):
        for (kind, text), ax in zip(KINDS.items(), pair, strict=True):
            plot_dots(dots.where(condition=name, kind=kind), f"{ROWS[name]}: {text}", ax)
    curves = results.table("curves")
    plot_sizes(curves, axes[-1, 0])
    plot_modes(curves, axes[-1, 1])
    return figure
