"""Accuracies with one setting moved at a time, a column for each model.

    python -m analysis one_by_one

A row for each setting, the one that counts most above. Grey: the settings as they are, range of
three folds.
"""

import matplotlib.pyplot as plt

from analysis.drawing import studies

LABELS = {"paper": "paper", "best": "best", "backprop": "backpropagation, same cells"}


def draw(results):
    """A tornado for each model."""
    table = results.table("points")
    there = [name for name in LABELS if name in table["condition"]]
    most = max(len(set(table.where(condition=name)["parameter"])) for name in there)
    figure, axes = plt.subplots(
        1, len(there), figsize=(0.6 + 3.9 * len(there), 1.9 + 0.25 * most), squeeze=False,
        sharex=True,
    )  # fmt: skip
    for ax, name in zip(axes.flat, there, strict=True):
        own = table.where(condition=name)
        usual = own.where(point=0)
        found = {
            parameter: (one["factor"], 100 * one["accuracy"])
            for parameter in dict.fromkeys(own["parameter"])
            if parameter != "none"
            for one in [own.where(parameter=parameter)]
        }
        middle, *ends = (100 * usual[key][0] for key in ("accuracy", "low", "high"))
        studies.plot_tornado(middle, ends, found, ax)
        ax.set_title(LABELS[name], loc="left")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure
