"""Errors on few images, and the largest eigenvalue beside that of the segregated dendrites.

    python -m analysis targets_small

Below the errors, for the inverse to each hidden layer: the largest eigenvalue of (I - U)^T (I - U),
for which Theorem 1 asks for less than 1. Upper row: in single images, means over a shade of the
middle half of 100 images; and the share of 1,000 images in which the layer above comes nearer to
its target, mean of all inverses. Lower row: for the mean of U over 100 images; beside it the same
of the segregated dendrites through their first epoch (page `alignment`), running means of ten.
Lines are means of all seeds.
"""

import numpy as np
from matplotlib.ticker import EngFormatter

from analysis.drawing import conditions
from analysis.target_propagation.layers import over_seeds
from experiments.study.results import Results

BESIDE = {  # condition of the page `alignment` -> its line
    "printed_one_hidden": "--",
    "code_one_hidden": ":",
    "best_one_hidden": "-",
}
WIDTH = 10  # chunks of a running mean


def plot_inverse(table, column, looks, ax, shade=()):
    """A measure of one inverse against passes, a line for each condition; returns the axes.

    ``looks``: condition -> Look; ``shade``: the columns between whose means a shade lies.
    """
    for name, look in looks.items():
        own = table.where(condition=name)
        passes, mean, *_ = over_seeds(own, column)
        if not len(passes):
            continue
        style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
        ax.plot(passes, mean, **style, markersize=3, label=look.text)
        if shade:
            low, high = (over_seeds(own, edge)[1] for edge in shade)
            ax.fill_between(passes, low, high, color=look.color, alpha=0.12, linewidth=0)
    return ax


def plot_beside(results, ax):
    """mu of the segregated dendrites through their first epoch, if it is kept; returns the axes."""
    if not results.has("eigenvalues"):
        ax.text(0.5, 0.5, "not measured", transform=ax.transAxes, ha="center")
        return ax
    table, labels = results.table("eigenvalues"), results.page()["conditions"]
    for name, line in BESIDE.items():
        own = table.where(condition=name)
        if len(own["mu"]):
            width = min(WIDTH, len(own["mu"]))
            smooth = np.convolve(own["mu"], np.full(width, 1 / width), "valid")
            seen = own["images_seen"][width - 1 :]
            ax.plot(seen, smooth, color="0.25", linestyle=line, label=labels[name]["label"])
    ax.xaxis.set_major_formatter(EngFormatter(sep=""))
    return ax


def draw(results):
    """Errors, and eigenvalues of each inverse."""
    table, found = results.table("layers"), conditions.looks(results.page()["conditions"])
    found = {name: look for name, look in found.items() if name in table["condition"]}
    drawing = conditions.draw(results, more=4.6)
    drawing.axes[0].set_xlabel("passes")
    part = drawing.subfigs[-1]
    grid = part.subplots(2, 4)
    shade = "lambda_low", "lambda_high"
    rows = (("lambda_max", "in single images", shade), ("lambda_of_mean", "for the mean of U", ()))
    for axes, (column, where, edges) in zip(grid, rows, strict=True):
        for m, ax in enumerate(axes[:3]):
            plot_inverse(table.where(layer=m), column, found, ax, edges)
            ax.set(yscale="log", ylim=(0.7, 10), title=f"inverse to layer {m + 1}")
        axes[0].set_ylabel(f"largest eigenvalue\n{where}")
    plot_inverse(table, "descends", found, grid[0, 3])
    grid[0, 3].set(ylim=(0, 1.05), title="share of targets\nthat descend")
    plot_beside(Results("segregated", "alignment", results.root), grid[1, 3])
    grid[1, 3].set(
        yscale="log", ylim=(0.7, 10), title="segregated\ndendrites", xlabel="images seen"
    )
    for ax in (*grid[0, :3], *grid[1]):
        ax.axhline(1, color="0.4", linewidth=0.8, zorder=1)
        ax.set_yticks((1, 2, 5, 10), ("1", "2", "5", "10"))
        ax.minorticks_off()
    for ax in (*grid[0], *grid[1, :3]):
        ax.set_xlabel("passes")
    shown = dict(zip(*grid[0, 0].get_legend_handles_labels()[::-1], strict=True))
    shown |= dict(zip(*grid[1, 3].get_legend_handles_labels()[::-1], strict=True))
    part.legend(shown.values(), shown.keys(), fontsize="small", loc="outside lower center", ncols=3)
    return drawing
