"""Test errors on Fashion-MNIST and CIFAR-10, and those of backpropagation through the same cells.

    python -m analysis beyond_mnist

A row for each data set: errors of each network by epoch, and at the end, with their mean.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing import studies
from analysis.drawing.axes import logarithmic, plain

SETS = {"fashion": "Fashion-MNIST", "cifar10": "CIFAR-10 (JPEG)"}


def draw(results):
    """Curves on the left, the last errors on the right."""
    page, curves, ends = results.page(), results.table("curves"), results.table("networks")
    labels = {name: about["label"] for name, about in page["conditions"].items()}
    there = [s for s in SETS if any(name.startswith(s) for name in ends["condition"])]
    figure, axes = plt.subplots(
        len(there), 2, figsize=(10, 3.1 * len(there)), squeeze=False, width_ratios=(1.3, 1)
    )
    for row, kind in zip(axes, there, strict=True):
        mine = [n for n in labels if n.startswith(kind) and n in ends["condition"]]
        for k, name in enumerate(mine):
            _curves(row[0], curves.where(condition=name), studies.look(k))
            _ends(row[1], ends.where(condition=name), k, studies.look(k))
        logarithmic(row[0], *(line.get_ydata() for line in row[0].get_lines()))
        row[0].set(xlabel="epochs", ylabel="test error (%)")
        row[0].set_title(SETS[kind], loc="left")
        names = [labels[name].partition(", ")[2] for name in mine]
        row[1].set_yticks(range(len(mine)), [plain(name) for name in names])
        row[1].margins(x=0.25)
        row[1].set(xlabel="test error after the last epoch (%)", ylim=(len(mine) - 0.5, -0.5))
    return figure


def _curves(ax, table, look):
    for seed in np.unique(table["seed"]):
        own = table.where(seed=seed)
        ax.plot(
            own["epoch"], own["test_error"], color=look["color"], linestyle=look["line"],
            linewidth=1,
        )  # fmt: skip


def _ends(ax, table, row, look):
    errors = table["test_error"]
    ax.plot(errors, np.full(len(errors), row), look["marker"], color=look["color"], mfc="white")
    ax.plot([errors.mean()] * 2, [row - 0.25, row + 0.25], color=look["color"], linewidth=2)
    spread = f" ± {errors.std(ddof=1):.2f}" if len(errors) > 1 else ""
    text = f"{errors.mean():.2f}{spread} ({len(errors)})"
    ax.annotate(text, (errors.mean(), row - 0.3), ha="center", va="bottom", fontsize="small")
