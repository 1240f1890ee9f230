"""Spikes at given times: one potential, J over learning, and output spikes trial by trial.

    python -m analysis spike_times

Lines of J are medians over seeds, shades their quartiles; below 1e-4 the sequence is exact. In the
rasters each row is a trial of half a second, the first at the top, and ticks above are the targets.
"""

import matplotlib.pyplot as plt
import numpy as np

ALONE = {  # condition -> text, color, line
    "single": ("no hidden cells, $r_0$ = 1 mV", "C0", "-"),
    "fast": ("5 mV", "C1", "--"),
    "slow": ("0.2 mV", "C2", ":"),
}
HIDDEN = {
    "symmetric": ("4 hidden, symmetric", "C0", "-"),
    "random": ("random", "C1", "--"),
    "uniform": ("uniform", "C2", "-."),
    "random_8": ("8 hidden, random", "C4", (0, (5, 1, 1, 1))),
    "negative": ("4 hidden, random, all < 0", "C3", ":"),
}
EXACT = 0.005  # root of the mean square of the error, below which it is exact
LEAST = 1e-4  # of J: what is lower is exact
TIMES = (83, 166, 249, 332, 415)  # ms
RASTERS = {"single": "no hidden cells", "symmetric": "4 hidden cells, symmetric"}


def plot_psp(table, ax):
    """The potential after one spike, beside its closed form; returns the axes."""
    ax.plot(table["t"], table["U"], color="C0", label="simulated")
    ax.plot(table["t"], table["theory"], color="0.2", linestyle=":", label="closed form")
    ax.set(xlabel="time since the spike (ms)", ylabel="$U - U_{rest}$ (mV)", title="w = 10 mV")
    ax.legend(fontsize="small")
    return ax


def plot_J(table, looks, ax):
    """J by time, median and quartiles over seeds; returns the axes."""
    for name, (text, color, line) in looks.items():
        mine = table.where(condition=name)
        if not len(mine["t"]):
            continue
        times = np.unique(mine["t"])
        J = [np.maximum(mine["J"][mine["t"] == t], LEAST) for t in times]
        low, middle, high = np.transpose([np.quantile(one, (0.25, 0.5, 0.75)) for one in J])
        ax.fill_between(times, low, high, color=color, alpha=0.15, linewidth=0)
        ax.plot(times, middle, color=color, linestyle=line, label=text)
    ax.set(yscale="log", ylim=(LEAST, 2), xlabel="time (s)", ylabel="J (1: silence)")
    ax.legend(fontsize="x-small", loc="lower left")
    return ax


def plot_exact(table, looks, ax):
    """Share of the seeds whose sequence is exact, by time; returns the axes."""
    for name, (text, color, line) in looks.items():
        mine = table.where(condition=name)
        times = np.unique(mine["t"])
        share = [np.mean(mine["rms"][mine["t"] == t] < EXACT) for t in times]
        if len(times):
            ax.plot(times, share, color=color, linestyle=line, label=text)
    ax.set(ylim=(-0.02, 1.02), xlabel="time (s)", ylabel="exact sequences (share)")
    return ax


def plot_raster(table, title, ax):
    """Output spikes by their time in the trial; returns the axes."""
    ax.plot(table["t"], table["trial"], ",", color="0.1")
    last = table["trial"].max() if len(table["trial"]) else 1
    ax.plot(TIMES, [-0.02 * last] * len(TIMES), "v", color="C1", markersize=5, clip_on=False)
    ax.set(xlabel="time in the trial (ms)", ylabel="trial", title=title)
    ax.set(xlim=(0, 500), ylim=(last, -0.01 * last))
    return ax


def draw(results):
    """All parts that are there."""
    figure, axes = plt.subplots(3, 2, figsize=(6.7, 8.6))
    (psp, alone), (hidden, exact), rasters = axes
    if results.has("psp"):
        plot_psp(results.table("psp"), psp)
    if results.has("curves"):
        curves = results.table("curves")
        plot_J(curves, ALONE, alone)
        plot_J(curves, HIDDEN, hidden)
        plot_exact(curves, {"single": ("", "0.4", (0, (1, 1)))} | HIDDEN, exact)
        exact.set_title("grey: no hidden cells", fontsize="small")
    if results.has("raster"):
        raster = results.table("raster")
        for (name, title), ax in zip(RASTERS.items(), rasters, strict=True):
            plot_raster(raster.where(condition=name), title, ax)
    return figure
