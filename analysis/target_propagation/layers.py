"""What is measured of hidden layers through learning: angles, conditions of descent, inverses."""

import numpy as np

LINES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))
MARKERS = "osD^v"


def over_seeds(table, column):
    """Mean of a column over seeds, and lowest and highest, after each of the passes.

    Returns passes, means, lows and highs, of shape (passes,); without what is nan in all seeds.
    """
    there = np.isfinite(table[column])
    passes = np.unique(table["passes"][there])
    groups = [table[column][there & (table["passes"] == done)] for done in passes]
    found = [[pick(group) for group in groups] for pick in (np.mean, np.min, np.max)]
    return passes, *map(np.array, found)


def plot_layers(table, column, ax, shade=("lower_quartile", "upper_quartile")):
    """A measure of each hidden layer against passes, the lowest layer first; returns the axes.

    Lines are means over seeds; shades lie between the means of two other columns, if given.
    """
    for m in np.unique(table["layer"]).astype(int):
        own = table.where(layer=m)
        passes, mean, *_ = over_seeds(own, column)
        if not len(passes):
            continue
        look = {"color": f"C{m}", "linestyle": LINES[m % len(LINES)]}
        if shade:
            low, high = (over_seeds(own, name)[1] for name in shade)
            ax.fill_between(passes, low, high, color=look["color"], alpha=0.15, linewidth=0)
        marks = {"marker": MARKERS[m % len(MARKERS)], "markevery": max(1, len(passes) // 6)}
        ax.plot(passes, mean, **look, **marks, label=f"hidden layer {m + 1}")
    ax.set(xlim=0)
    return ax
