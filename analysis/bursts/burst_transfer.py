"""Event rate and burst probability by somatic and dendritic current.

    python -m analysis burst_transfer

A row for each kind of cell. Left: event rate by somatic current, a line for each dendritic one;
right: burst probability by dendritic current, a line for each somatic one. Points are means over
seeds, bars their standard deviation.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.bursts.looks import LINES, MARKERS


def plot_curves(table, y, by, lines, ax, map_name="Blues"):
    """A column by one current, a line for each value of the other; returns the axes."""
    values = np.unique(table[lines])
    colors = plt.get_cmap(map_name)(np.linspace(0.4, 1, len(values)))
    for k, value in enumerate(values):
        own = table.where(**{lines: value})
        at = np.unique(own[by])
        found = [own[y][own[by] == x] for x in at]
        style = {"color": colors[k], "linestyle": LINES[k % 4], "marker": MARKERS[k % 4]}
        means, spreads = [one.mean() for one in found], [one.std() for one in found]
        ax.errorbar(at, means, spreads, label=f"{value:.0f}", elinewidth=0.8, **style)
    return ax


def draw(results):
    """All kinds of cells that are there."""
    table = results.table("rates")
    there = list(dict.fromkeys(table["condition"].tolist()))
    there.sort(key=lambda name: name != "paper")
    size = 6.7, 0.4 + 2.6 * len(there)
    figure, axes = plt.subplots(len(there), 2, figsize=size, sharex="col", squeeze=False)
    for name, (left, right) in zip(there, axes, strict=True):
        mine = table.where(condition=name)
        plot_curves(mine, "ER", "I_s", "I_d", left)
        plot_curves(mine, "BP", "I_d", "I_s", right, "Oranges")
        left.set(ylabel="event rate (Hz)", title=f"{name.replace('_', ' ')}: events")
        right.set(ylabel="burst probability (%)", title="bursts", ylim=(0, 100))
        left.legend(title="$I_d$ (pA)", fontsize="x-small", title_fontsize="x-small")
        right.legend(title="$I_s$ (pA)", fontsize="x-small", title_fontsize="x-small")
    axes[-1, 0].set_xlabel("somatic current $I_s$ (pA)")
    axes[-1, 1].set_xlabel("dendritic current $I_d$ (pA)")
    return figure
