"""How variants learn: test error, CPU time and mean rates, over seeds, as a figure and as a table.

    python -m analysis compare_variants

The table is ``compare_variants.md``, beside the figure. Every network is a mark, a variant's mean a
bar; from best to worst on the digits. Nothing was tuned for any of them.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.axes import logarithmic

DATASETS = {"digits": ("C0", "o"), "mnist": ("C1", "s")}
CHANCE = 90  # per cent of errors with ten classes
MEASURES = {
    "test_error": "test error (%)",
    "cpu_ms": "CPU time (ms an image)",
    "rate_hidden": "rate, hidden (Hz)",
    "rate_output": "rate, output (Hz)",
}


def plot_networks(values, ax, color="C0", marker="o", label=None):
    """Variants from top to bottom: each network a mark, their mean a bar; returns the axes.

    ``values`` has an ndarray of shape (networks,) for each variant; empty: it was not trained.
    """
    for k, found in enumerate(values):
        if len(found):
            ax.plot(found, np.full(len(found), k), marker, color=color, mfc="none", label=label)
            ax.vlines(found.mean(), k - 0.3, k + 0.3, color=color, linewidth=2)
            label = None
    ax.set_ylim(len(values) - 0.5, -0.5)
    ax.grid(axis="y", color="0.9", linewidth=0.5)
    return ax


def read(results):
    """The networks that learned to the end, and (variant, data set) -> how many of them diverged.

    Columns of their table; of one variant and data set, those with the most epochs.
    """
    table, kept, diverged = results.table("networks"), [], {}
    for name, dataset in dict.fromkeys(zip(table["condition"], table["dataset"], strict=True)):
        most = table.where(condition=name, dataset=dataset)["epochs"].max()
        mine = (table["condition"] == name) & (table["dataset"] == dataset)
        mine &= table["epochs"] == most
        ended = mine & np.isfinite(table["test_error"])
        kept.append(ended)
        diverged[name, dataset] = int(mine.sum() - ended.sum())
    ended = np.any(kept, axis=0)
    return {key: column[ended] for key, column in table.items()}, diverged


def order(table):
    """Variants from the best to the worst, by error on the digits where they were trained there."""

    def key(name):
        mine = table["condition"] == name
        digits = mine & (table["dataset"] == "digits")
        return not digits.any(), table["test_error"][digits if digits.any() else mine].mean()

    return sorted(np.unique(table["condition"]), key=key)


def values(table, names, dataset, measure):
    """A measure of all networks of each variant on a data set: a list of ndarray."""
    there = table["dataset"] == dataset
    return [table[measure][there & (table["condition"] == name)] for name in names]


def draw(results):
    """Test error, CPU time and mean rates of each variant."""
    table, _ = read(results)
    names = order(table)
    size = (7.4, 1.4 + 0.24 * len(names))
    drawing, axes = plt.subplots(1, 4, figsize=size, sharey=True, width_ratios=(3, 2, 2, 2))
    for dataset, (color, marker) in DATASETS.items():
        for ax, (measure, text) in zip(axes, MEASURES.items(), strict=True):
            found = values(table, names, dataset, measure)
            label = _label(table, dataset) if ax is axes[0] else None
            plot_networks(found, ax, color, marker, label)
            ax.set_xlabel(text.replace(" (", "\n("))
    logarithmic(axes[0], table["test_error"], np.array([CHANCE]), axis="x")
    axes[0].axvline(CHANCE, color="0.3", linestyle=":", linewidth=1, label=f"chance ({CHANCE} %)")
    axes[0].plot([], [], "|", color="0.3", markersize=12, markeredgewidth=2, label="mean")
    axes[0].set_yticks(range(len(names)), [name.replace("_", " ") for name in names])
    drawing.legend(loc="outside upper center", ncols=len(DATASETS) + 2)
    for ax, measure in zip(axes[1:], list(MEASURES)[1:], strict=True):
        ax.set_xlim(0, 1.08 * table[measure].max())
    return drawing


def _label(table, dataset):
    mine = table["dataset"] == dataset
    if not mine.any():
        return None
    title = {"digits": "digits", "mnist": "MNIST"}[dataset]
    return f"{title}, {int(table['epochs'][mine].max())} epochs"


def table(results):
    """The table in Markdown: mean and standard deviation over the networks of each variant."""
    table, diverged = read(results)
    head = ["variant", "data set", "epochs", "networks", *MEASURES.values()]
    lines = ["| " + " | ".join(head) + " |", "|---|---|" + "---:|" * (len(head) - 2)]
    for dataset in DATASETS:
        for name in order(table):
            mine = (table["dataset"] == dataset) & (table["condition"] == name)
            if not mine.any():
                continue
            epochs, lost = f"{table['epochs'][mine].max():.0f}", diverged[name, dataset]
            count = f"{mine.sum()}, and {lost} diverged" if lost else str(mine.sum())
            cells = [name.replace("_", " "), dataset, epochs, count]
            cells += [_number(table[measure][mine]) for measure in MEASURES]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _number(found):
    spread = f" ± {found.std(ddof=1):.2g}" if len(found) > 1 else ""
    return f"{found.mean():.3g}{spread}"
