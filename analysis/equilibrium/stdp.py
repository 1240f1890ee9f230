"""From rates to spike timing and back: one pair of spikes, Poisson spikes, and ramps of rates.

    python -m analysis stdp

First: the rule dW = rho_pre d rho_post with traces of one spike each. Second: the same rule where
the post rate wanders, averaged by the time from each pre to each post spike; bars are standard
errors between parts. Third: the other way round, pair-based STDP with Poisson spikes whose rates
are ramps; bars are standard errors over synapses. Lines are closed forms. Last: what synapses of a
network that relaxes learn along the nudged phase by the rates of their own cells, up and down, and
both together, beside the contrast of both phases.
"""

import matplotlib.pyplot as plt
import numpy as np

SCALE = 1e4  # the mean change of the second part is shown in 1e-4/ms^2
CLOSED = {"pairs": ("s1", 1.0), "wandering": ("s2", SCALE)}
RAMPS = {  # part -> text, colour, marker, line
    "post": ("post ramp", "C0", "o", "-"),
    "both": ("both", "C2", "D", "-."),
    "pre": ("pre ramp", "C1", "s", "--"),
}


def _axes(ax, x, y, title):
    ax.axhline(0, color="0.5", linewidth=0.6)
    ax.axvline(0, color="0.5", linewidth=0.6)
    ax.set(xlabel=x, ylabel=y, title=title)


def _closed(results, part, ax, scale=1.0):
    """The closed form of a part; it jumps at 0."""
    if not results.has("closed"):
        return
    table = results.table("closed").where(part=part)
    for side in (table["x"] < 0, table["x"] > 0):
        ax.plot(table["x"][side], scale * table["theory"][side], color="0.3")


def plot_pairs(table, ax):
    """The window of single pairs, as simulated; returns the axes."""
    ax.plot(table["x"], table["dw"], "o", color="C0", label="simulated")
    ax.plot([], [], color="0.3", label="closed form")
    _axes(ax, "$t_{post} - t_{pre}$ (ms)", "change of the weight", "one pair of spikes")
    ax.legend(fontsize="small")
    return ax


def plot_wandering(table, ax):
    """The mean change at a pre spike by the lag of a post spike, 1e-4/ms^2; returns the axes."""
    bars = {"fmt": "o", "color": "C0", "markersize": 3, "elinewidth": 0.8}
    ax.errorbar(table["x"], SCALE * table["dw"], SCALE * table["error"], **bars)
    y = "mean change ($10^{-4}$ ms$^{-2}$)"
    _axes(ax, "$t_{post} - t_{pre}$ (ms)", y, "rate rule, Poisson spikes")
    return ax


def plot_ramps(table, ax):
    """The change by the slope of the rates; returns the axes."""
    for part, (text, color, marker, line) in RAMPS.items():
        mine = table.where(part=part)
        x = 1e6 * mine["x"]  # 1/ms^2 -> Hz/s
        bars = {"fmt": marker, "color": color, "markersize": 3, "elinewidth": 0.8}
        ax.errorbar(x, mine["dw"], mine["error"], **bars, label=text)
        order = np.argsort(x)
        ax.plot(x[order], mine["theory"][order], color=color, linestyle=line, linewidth=1)
    _axes(ax, "slope of the rate (Hz/s)", "change of the weight ($A_+$)", "STDP, Poisson spikes")
    ax.legend(fontsize="small")
    return ax


def plot_together(table, ax):
    """What synapses learn along the nudged phase, beside eq 10; returns the axes."""
    ends = np.array([table["x"].min(), table["x"].max()])
    ax.plot(ends, ends, color="0.3", linewidth=0.8)
    for column, marker, color, text in (
        ("up", "^", "C0", "up alone"),
        ("down", "v", "C1", "down alone"),
        ("dw", "o", "0.3", "both"),
    ):
        face = "none" if column == "dw" else color
        ax.plot(table["x"], table[column], marker, color=color, mfc=face, markersize=3, label=text)
    _axes(ax, "contrast of both phases (eq 10)", "change of the weight", "a network that relaxes")
    ax.legend(fontsize="small")
    return ax


PLOTS = {
    "pairs": plot_pairs,
    "wandering": plot_wandering,
    "ramps": plot_ramps,
    "together": plot_together,
}


def draw(results):
    """The parts that are there, two in a row."""
    there = [name for name in PLOTS if results.has(name)]
    rows = -(-len(there) // 2)
    figure, axes = plt.subplots(rows, 2, figsize=(6.7, 3.1 * rows), squeeze=False)
    for ax in axes.flat[len(there) :]:
        ax.set_axis_off()
    for name, ax in zip(there, axes.flat, strict=False):
        if name in CLOSED:
            _closed(results, CLOSED[name][0], ax, CLOSED[name][1])
        PLOTS[name](results.table(name), ax)
    return figure
