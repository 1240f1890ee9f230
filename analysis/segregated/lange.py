"""Lange's network: accuracies, and weights of the lowest layer while they learn.

    python -m analysis lange

Above, of each data set: accuracies of three networks as he ran them and with initial weights half
as wide, of the ReLU network, and his own (diamond). Below, of the lowest layer of one network of
each kind, a column for each data set: the norm of its weights, also over that at the start; their
change and that of the update since the last look, 5,000 images before; and the angle of the update
to backpropagation's through the same cells.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.axes import logarithmic

SETS = {"mnist": "MNIST", "fashion": "Fashion-MNIST", "cifar10_jpeg": "CIFAR-10 (JPEG)"}
KINDS = {  # name of a condition -> label, colour, marker, line
    "lange_{}": ("as he ran it", "#0072B2", "o", "-"),
    "lange_{}_half": ("half as wide", "#D55E00", "s", "--"),
    "mlp_{}": ("ReLU network", "0.4", "^", ":"),
}
MEASURES = {
    "norm": ("norm of $W_0$", "log"),
    "growth": ("over that\nat the start", "linear"),
    "change": ("relative\nchange", "log"),
    "update_change": ("the same\nof the update", "linear"),
    "angle": ("angle to\nbackprop (°)", "linear"),
}
LAYER = "W_0"


def _accuracies(results, name, ax):
    """Three networks of each kind, in per cent."""
    tables = [results.table(part) for part in ("networks", "mlp") if results.has(part)]
    for k, (kind, (_, color, marker, _)) in enumerate(KINDS.items()):
        for table in tables:
            values = 100 * table.where(condition=kind.format(name))["accuracy"]
            ax.plot(values, np.full(len(values), k), marker, color=color, markersize=5)
            if len(values):
                ax.annotate(
                    f"{values.mean():.1f}", (values.mean(), k), xytext=(0, 6),
                    textcoords="offset points", ha="center", fontsize="small",
                )  # fmt: skip
    heads = results.table("headline").where(measure="accuracy", condition=f"lange_{name}")
    for value in heads["paper"]:
        if value:
            ax.plot(100 * float(value), 0, "D", mfc="w", mec="k", label="Lange (2019)", zorder=3)
    ax.set_yticks(range(len(KINDS)), [label for label, *_ in KINDS.values()])
    ax.set_ylim(len(KINDS) - 0.5, -0.7)
    ax.margins(x=0.15)
    ax.set_title(SETS[name], loc="left")
    ax.set_xlabel("accuracy (%)")


def draw(results):
    """Accuracies and dynamics."""
    table = results.table("dynamics")
    there = [n for n in SETS if any(k.format(n) in table["condition"] for k in KINDS)]
    rows = 1 + len(MEASURES)
    figure, axes = plt.subplots(
        rows, len(there), figsize=(max(5, 1 + 2.6 * len(there)), 1 + 1.35 * rows), squeeze=False,
        height_ratios=(1.2, *[1] * len(MEASURES)),
    )  # fmt: skip
    for column, name in zip(axes.T, there, strict=True):
        _accuracies(results, name, column[0])
        for ax, (measure, (label, scale)) in zip(column[1:], MEASURES.items(), strict=True):
            for kind, (text, color, _, line) in KINDS.items():
                own = table.where(condition=kind.format(name), layer=LAYER)
                if np.isfinite(own[measure]).any():
                    ax.plot(own["images"] / 1e3, own[measure], line, color=color, label=text)
            if scale == "log":
                own = table[measure][table["layer"] == LAYER]
                logarithmic(ax, own[np.isfinite(own)])
            ax.set_xlim(left=0)
            if column is axes.T[0] or name == there[0]:
                ax.set_ylabel(label)
        for ax in column[1:-1]:
            ax.tick_params(labelbottom=False)
        column[-1].set_xlabel("images (thousands)")
    for ax in axes[0, 1:]:
        ax.tick_params(labelleft=False)
    figure.align_ylabels(axes[:, 0])
    handles, labels = axes[1, 0].get_legend_handles_labels()
    more, texts = axes[0, 0].get_legend_handles_labels()
    figure.legend(
        handles + more[:1],
        labels + texts[:1],
        loc="outside lower center",
        ncols=4,
        fontsize="small",
    )
    return figure
