"""How near to backpropagation, and what is left: errors, what they are made of, and the teaching.

    python -m analysis frontier

Left: test errors of each network, with their mean. Middle: what an error is made of: of training
images by the same weights in a network of rates, what is more on test images (overfitting), and
what spikes and dynamics add or take. Right: degrees of hidden errors to backpropagation's, after
the first epoch (open) and the last (full), by one presentation of an image and without noise;
beside them the share of an error that is not noise.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing import studies
from analysis.drawing.axes import plain
from analysis.drawing.errors import plot_networks

PARTS = (
    ("training images, by rates", "0.45", ""),
    ("overfitting", "0.75", "//"),
    ("spikes and dynamics", "white", ".."),
)


def draw(results):
    """A row for each condition."""
    page, ends, limits = results.page(), results.table("networks"), results.table("limits")
    known = page["conditions"]
    names = [name for name in known if name in ends["condition"]]
    height = 1.9 + 0.42 * len(names)
    figure, axes = plt.subplots(1, 3, figsize=(11, height), sharey=True)
    for row, name in enumerate(names):
        own, theirs = ends.where(condition=name), limits.where(condition=name)
        look = studies.look(int(name.startswith("backprop")))
        plot_networks(own["test_error"], row, look, axes[0], above=0.27)
        _parts(axes[1], own, row)
        _teaching(axes[2], theirs, row)
    axes[0].set_yticks(range(len(names)), [plain(known[name]["label"]) for name in names])
    axes[0].set(ylim=(len(names) - 0.4, -0.7), xlabel="test error (%)")
    axes[0].margins(x=0.3)
    axes[1].set(xlabel="error (%), and what makes it", xlim=(0, 1.1 * axes[1].get_xlim()[1]))
    axes[2].axvline(90, color="0.6", linewidth=0.8)
    axes[2].set(xlabel="angle to backpropagation (degrees)", xlim=(-5, 128), xticks=(0, 30, 60, 90))
    for ax in axes[1:]:
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), fontsize="small")
    axes[2].text(110, -0.7, "signal", ha="center", va="bottom", fontsize="small")
    return figure


def _parts(ax, table, row):
    """A bar: training error, overfitting, noise; one that is negative is drawn back from the end.

    The mark is the test error.
    """
    keys = ("training_error_of_rates", "error_of_rates", "test_error")
    training, quiet, tested = (table[key].mean() for key in keys)
    bounds = ((0, training), (training, quiet), (quiet, tested))
    for (label, color, hatch), (low, high) in zip(PARTS, bounds, strict=True):
        ax.barh(
            row, high - low, 0.55, left=low, color=color, hatch=hatch, edgecolor="black",
            linewidth=0.7, label=None if row else label,
        )  # fmt: skip
    ax.plot([tested] * 2, [row - 0.4, row + 0.4], color="black", linewidth=2)


def _teaching(ax, table, row):
    for key, look, label in (
        ("angle", studies.look(0), "one presentation"),
        ("angle_without_noise", studies.look(1), "without noise"),
    ):
        first, last = table["after"].min(), table["after"].max()
        for after, place, face in ((first, row - 0.13, "white"), (last, row + 0.13, look["color"])):
            values = table.where(after=after)[key]
            ax.plot(
                values, np.full(len(values), place), look["marker"], color=look["color"],
                markerfacecolor=face, markersize=5, label=label if place > row == 0 else None,
            )  # fmt: skip
    share = [100 * table.where(after=a)["signal"].mean() for a in (first, last)]
    text = f"{share[0]:.0f}, then {share[1]:.0f} %"
    ax.text(110, row, text, ha="center", va="center", fontsize="small")
