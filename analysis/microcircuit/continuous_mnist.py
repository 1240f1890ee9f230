"""MNIST in continuous time: one image before and after learning, and the course of learning.

    python -m analysis continuous_mnist

The image is shown for 100 ms without a target, then as long with it; nothing is learned from it.
"""

import matplotlib.pyplot as plt

POTENTIALS = {
    "v_TD": (r"from above, $v_{TD}$", "C0", "--"),
    "v_PI": (r"interneurons, $v_{PI}$", "C2", ":"),
    "v_A": (r"sum, $v_A$", "C1", "-"),
}
RATES = {"own": ("of the class", "C0", "-"), "other": ("of another", "0.4", "--")}


def plot(table, looks, ax):
    """Columns of a table by time; returns the axes."""
    for name, (text, color, line) in looks.items():
        ax.plot(table["t"], table[name], color=color, linestyle=line, label=text)
    return ax


def draw(results):
    """Traces above, errors and mean potentials of chunks below."""
    traces, course = results.table("traces"), results.table("course")
    figure = plt.figure(figsize=(6.7, 7.0))
    top, bottom = figure.subfigures(2, 1, height_ratios=(1.7, 1))
    grid = top.subplots(2, 2, sharex=True, sharey="row")
    for axes, when in zip(grid.T, ("before", "after"), strict=True):
        mine = traces.where(when=when)
        plot(mine, RATES, axes[0]).set_title(f"{when} learning")
        plot(mine, POTENTIALS, axes[1]).set_xlabel("time (ms), target in the second half")
        for ax in axes:
            ax.axvline(mine["t"].max() / 2, color="0.8", zorder=0)
    grid[0, 0].set_ylabel("rate of an output")
    grid[1, 0].set_ylabel("apical potential")
    for ax in grid[:, 1]:
        ax.legend(fontsize="x-small")
    left, right = bottom.subplots(1, 2, sharex=True)
    left.plot(course["images"], course["training_error"], "o-", color="0.2", markersize=2)
    left.set(ylabel="errors in training (%)", ylim=(0, 100))
    for name, (text, color, line) in {
        "top_down_0": (r"first hidden, $|v_{TD}|^2$", "C0", "--"),
        "apical_0": (r"first hidden, $|v_A|^2$", "C1", "-"),
        "apical_1": (r"second hidden, $|v_A|^2$", "C2", ":"),
    }.items():
        if name in course:
            right.plot(course["images"], course[name], color=color, linestyle=line, label=text)
    right.set(yscale="log", ylabel="squared potential")
    right.legend(fontsize="x-small")
    for ax in (left, right):
        ax.set_xlabel("images learned from")
    return figure
