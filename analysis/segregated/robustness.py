"""Accuracies of models moved around their own settings.

    python -m analysis robustness

For each data set: above, all points within a factor of 2, the highest median first, with bootstrap
intervals; below, medians by the factor, and the share of points that are within 90 % of the
model's median where its settings are hardly moved.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing import studies
from experiments.study.statistics import median_interval, wilson

LABELS = {
    "paper": "paper",
    "late": "late plateau",
    "best": "best",
    "backprop": "backpropagation,\nsame cells",
    "rates": "backpropagation,\nrates",
    "alignment": "feedback alignment,\nrates",
}
SETS = {"mnist": "MNIST", "fashion": "Fashion-MNIST"}
TOLD = 2.0
NEAR = 0.9


def draw(results):
    """A column for each data set."""
    table = results.table("points")
    there = [name for name in SETS if name in table["set"]]
    figure, axes = plt.subplots(
        3, len(there), figsize=(1.2 + 4 * len(there), 9), height_ratios=(1.6, 1, 1), squeeze=False
    )
    for column, name in zip(axes.T, there, strict=True):
        own = table.where(set=name)
        told = TOLD if TOLD in own["spread"] else own["spread"][0]
        _boxes(own.where(spread=told), column[0])
        column[0].set_title(f"{SETS[name]}: all within a factor of {told:g}", loc="left")
        median, near = _by_spread(own)
        studies.plot_against_spread(median, column[1], f"median {studies.ACCURACY}")
        studies.plot_against_spread(near, column[2], "share within 90 % of\nits own settings")
        column[2].set_ylim(-0.03, 1.03)
    told = [ax.get_legend_handles_labels() for ax in (axes[1, 0], axes[0, 0])]
    handles, labels = (sum(parts, []) for parts in zip(*told, strict=True))
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize="small")
    return figure


def _boxes(table, ax):
    names = [name for name in LABELS if name in table["condition"]]
    rows = {name: table.where(condition=name) for name in names}
    values = {LABELS[name]: 100 * own["accuracy"] for name, own in rows.items()}
    failed = {LABELS[name]: own["diverged"] > 0 for name, own in rows.items()}
    studies.plot_boxes(values, ax, failed)
    studies.mark_chance(10, ax)


def _by_spread(table):
    """Model -> rows for ``plot_against_spread``: of medians, and of shares near its own."""
    median, near = {}, {}
    for name in (name for name in LABELS if name in table["condition"]):
        own = table.where(condition=name)
        spreads = np.unique(own["spread"])
        usual = np.median(own["accuracy"][own["spread"] == spreads[0]])
        for spread in spreads:
            values = own["accuracy"][own["spread"] == spread]
            ends = (100 * one for one in median_interval(values))
            median.setdefault(LABELS[name], []).append((spread, 100 * np.median(values), *ends))
            count = int((values >= NEAR * usual).sum())
            row = (spread, count / len(values), *wilson(count, len(values)))
            near.setdefault(LABELS[name], []).append(row)
    return median, near
