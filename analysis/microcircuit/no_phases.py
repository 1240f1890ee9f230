"""What patterns with and without a target induce in the weights, where nothing is gated.

    python -m analysis no_phases

A row for each condition, a column for each kind of weights: histograms over patterns of all
networks, on a logarithmic axis; filled: with a target, hatched: without. Lines are medians. Without
noise, patterns after one with a target induce more than others: they begin from its potentials.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

TITLES = {
    "W_0": "$W_0$, from the input",
    "W_1": "$W_1$, to the output",
    "IP_0": "$W_{IP}$, to interneurons",
    "PI_0": "$W_{PI}$, from interneurons",
}
ROWS = {
    "noisy": "noise",
    "noisy_lag": "noise, lag 20 ms",
    "noiseless": "no noise",
    "noiseless_lag": "no noise, lag 20 ms",
}
KINDS = {  # taught -> how its histogram looks
    1: ("with a target", {"color": "C1", "alpha": 0.5}, "C1"),
    0: ("without", {"fill": False, "hatch": "////", "edgecolor": "C0"}, "C0"),
}
SMALLEST, BINS = 1e-12, 30  # of what is drawn: less is there


def plot_sizes(table, layer, ax):
    """Histograms of the sizes of one layer's changes; returns the axes."""
    sizes = np.log10(np.maximum(table[layer], SMALLEST))
    bins = np.linspace(sizes.min() - 0.1, sizes.max() + 0.1, BINS)
    for taught, (label, look, color) in KINDS.items():
        mine = sizes[table["taught"] == taught]
        ax.hist(mine, bins, histtype="stepfilled", linewidth=0.8, label=label, **look)
        ax.axvline(np.median(mine), color=color, linestyle="-" if taught else "--")
    return ax


def draw(results):
    """All conditions and weights."""
    table = results.table("induced")
    there = [name for name in ROWS if name in table["condition"]]
    size = (8.0, 0.9 + 1.45 * len(there))
    figure, axes = plt.subplots(len(there), len(TITLES), figsize=size, sharex="col", squeeze=False)
    for name, row in zip(there, axes, strict=True):
        for layer, ax in zip(TITLES, row, strict=True):
            plot_sizes(table.where(condition=name), layer, ax)
        row[0].set_ylabel(f"{ROWS[name]}\npatterns")
    for (_, title), ax in zip(TITLES.items(), axes[0], strict=True):
        ax.set_title(title)
    for ax in axes[-1]:
        ax.set_xlabel("log$_{10}$ of what is induced")
        ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    handles = axes[0, 0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside lower center", ncols=2)
    figure.suptitle(results.page()["title"])
    return figure
