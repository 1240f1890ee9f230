"""A new association: apical potentials in time, and errors by presentation.

    python -m analysis association

Above, one apical dendrite and the rate of one output cell: without a target, as it comes, and at
the end. Below, medians over seeds of what is at the end of each presentation, and the free error.
"""

import matplotlib.pyplot as plt
import numpy as np

TITLES = {"association": "logistic cells", "association_softplus": "log(1 + exp(u))"}
PARTS = {"silent": "no target", "onset": "the target comes", "end": "after learning"}
TRACES = {
    "v_TD": (r"from above, $v_{TD}$", "C0", "--"),
    "v_PI": (r"interneurons, $v_{PI}$", "C2", ":"),
    "v_A": (r"sum, $v_A$", "C1", "-"),
}
MEASURES = {
    "error": (r"free error, $|u_2 - u_{target}|^2$", "0.2", "-."),
    "apical": (r"$|v_A|^2$", "C1", "-"),
    "mismatch": (r"$|u_2 - u_I|^2$", "C2", ":"),
}


def plot_traces(table, ax, rate):
    """Potentials of one apical dendrite, and an output's rate, by time."""
    for name, (text, color, line) in TRACES.items():
        ax.plot(table["t"], table[name], color=color, linestyle=line, label=text)
    rate.plot(table["t"], table["r"], color="0.2")
    rate.set_xlabel("time (ms)")


def plot_measures(table, ax):
    """What is at the end of presentations, on a logarithmic scale."""
    for name, (text, color, line) in MEASURES.items():
        there = np.isfinite(table[name])
        at, found = table["presentation"][there], table[name][there]
        times = np.unique(at)
        middle = [np.median(found[at == t]) for t in times]
        ax.plot(times, middle, color=color, linestyle=line, label=text)
    ax.set(yscale="log", xlabel="presentations (100 ms each)")


def draw(results):
    """Traces of the logistic cells, and measures of all."""
    traces, rows = results.table("traces"), results.table("presentations")
    there = [name for name in TITLES if name in rows["condition"]]
    figure = plt.figure(figsize=(6.7, 7.0))
    top, bottom = figure.subfigures(2, 1, height_ratios=(1.3, 1))
    grid = top.subplots(2, len(PARTS), sharex=True, sharey="row")
    for (above, below), (part, title) in zip(grid.T, PARTS.items(), strict=True):
        plot_traces(traces.where(condition=there[0], part=part), above, below)
        above.set_title(title)
    grid[0, 0].set_ylabel("apical potential")
    grid[1, 0].set_ylabel("rate of an output cell")
    grid[0, -1].legend(fontsize="x-small", loc="upper right")
    axes = bottom.subplots(1, len(there), sharey=True, squeeze=False)[0]
    for ax, name in zip(axes, there, strict=True):
        plot_measures(rows.where(condition=name), ax)
        ax.set_title(TITLES[name])
    axes[0].set_ylabel("squared potential (rest: 0)")
    axes[0].legend(fontsize="x-small")
    return figure
