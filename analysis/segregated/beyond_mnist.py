"""Test errors on Fashion-MNIST and CIFAR-10, and those of backpropagation through the same cells.

    python -m analysis beyond_mnist

A row for each data set: errors of each network by epoch, and at the end, with their mean.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing import studies
from analysis.drawing.axes import logarithmic, plain
from analysis.drawing.errors import plot_networks

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
            found = ends.where(condition=name)["test_error"]
            plot_networks(found, k, studies.look(k), row[1], note=f" ({len(found)})")
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
