"""Nonlinear regression: test error, angle and interneurons by patterns; outputs and errors in time.

    python -m analysis microcircuit_regression

Lines are means over networks, shades the range between them. Below: one output without a target,
and one apical potential with it, for five patterns of 100 ms, before and after learning.
"""

import matplotlib.pyplot as plt

from analysis.drawing.axes import shaded

LOOKS = {
    "regression_full": ("both layers learn", "C0", "-"),
    "regression_shallow": ("only the output learns", "C1", "--"),
}
COLUMNS = {
    "error": "test error, $|r_2 - r_{target}|^2$",
    "angle": "angle of feedback (degrees)",
    "IP": "$W_{IP}$ to its own (relative)",
}


def plot_curves(table, column, ax):
    """A column by patterns seen, of all conditions; returns the axes."""
    for name, (text, color, line) in LOOKS.items():
        mine = table.where(condition=name)
        shaded(mine, column, "patterns", ax, color=color, linestyle=line, label=text)
    ax.set(xlabel="patterns seen", ylabel=COLUMNS[column])
    return ax


def plot_traces(table, above, below):
    """An output's rate beside its target, and an apical potential, by time."""
    above.plot(table["t"], table["target"], color="0.2", linestyle=":", label="target")
    above.plot(table["t"], table["r_2"], color="C0", label="output, no target")
    below.plot(table["t"], table["v_A"], color="C1")
    below.set_xlabel("time (ms)")


def draw(results):
    """All parts that are there."""
    figure = plt.figure(figsize=(6.7, 6.6))
    top, bottom = figure.subfigures(2, 1, height_ratios=(1, 1.4))
    if results.has("curves"):
        axes = top.subplots(1, len(COLUMNS))
        for column, ax in zip(COLUMNS, axes, strict=True):
            plot_curves(results.table("curves"), column, ax)
        axes[0].set_yscale("log")
        axes[0].legend(fontsize="x-small")
        axes[1].set_ylim(0, 100)
    if results.has("traces"):
        traces = results.table("traces")
        grid = bottom.subplots(2, 2, sharex=True, sharey="row")
        for (above, below), when in zip(grid.T, ("before", "after"), strict=True):
            plot_traces(traces.where(when=when), above, below)
            above.set_title(f"{when} learning")
        grid[0, 0].set_ylabel("rate of an output")
        grid[1, 0].set_ylabel("$v_A$ with the target")
        grid[0, 0].legend(fontsize="x-small")
    return figure
