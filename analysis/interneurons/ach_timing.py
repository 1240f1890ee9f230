"""Acetylcholine that is shifted: cells that learn, updates beside imposed ones, and errors.

    python -m analysis ach_timing

Lines are means of three networks, dots are networks. Updates: before learning and after it, beside
those of imposed plateaus with the same weights and images; hollow: acetylcholine in the forward
window and movement in the target phase. Below, errors after ten epochs (mean of the last five).
"""

import matplotlib.pyplot as plt
import numpy as np

PANELS = {
    "cells_learning": ("cells that learn (share)", (-0.05, 1.05)),
    "cos_imposed": ("cosine with the\nimposed update", (-1.1, 1.1)),
    "size_imposed": ("size along the\nimposed update", (-1.3, 1.3)),
}
WHEN = {"before": ("before learning", "k", "o", "-"), "trained": ("trained", "#D55E00", "s", "--")}
SHIFTS = {"ach_forward": -100, "ach_early_40": -40, "ach_early_20": -20, "ach_usual": 0}
SHIFTS |= {"ach_late_10": 10, "ach_late_20": 20}
LEAST = 0.01  # share of cells that learn below which an update has no direction


def draw(results):
    """Four panels, one below the other."""
    table, networks = results.table("shifts"), results.table("networks")
    figure, axes = plt.subplots(4, 1, figsize=(6.7, 8), sharex=True)
    for (column, (text, limits)), ax in zip(PANELS.items(), axes, strict=False):
        ax.axhline(0, color="0.6", linewidth=0.6)
        for when, (name, color, marker, line) in WHEN.items():
            own = table.where(when=when, at="shifted")
            shifts = np.unique(own["shift"])
            learn = np.array([own["cells_learning"][own["shift"] == s].mean() for s in shifts])
            mean = np.array([own[column][own["shift"] == s].mean() for s in shifts])
            if column == "cos_imposed":
                mean[learn < LEAST] = np.nan
            ax.plot(shifts, mean, line, color=color, marker=marker, markersize=4, label=name)
            known = own["cells_learning"] >= LEAST
            ax.plot(own["shift"][known], own[column][known], ".", color=color, markersize=2)
            swapped = table.where(when=when, at="swapped")
            look = {"color": color, "marker": marker, "mfc": "w", "linestyle": ""}
            ax.plot(swapped["shift"] - 3, swapped[column], **look, markersize=4)
        ax.set(ylabel=text, ylim=limits)
    text = "hollow: with movement swapped"
    axes[0].plot([], [], "s", color="0.4", mfc="w", markersize=4, label=text)
    axes[0].legend(fontsize="small", loc="center", bbox_to_anchor=(0.5, 0.4))
    errors = axes[3]
    for name, shift in SHIFTS.items():
        own = networks.where(condition=name)["test_error_last_five"]
        if not len(own):
            continue
        errors.plot(np.full(len(own), shift), own, "o", color="k", mfc="none", markersize=3.5)
        errors.plot(shift, own.mean(), "_", color="k", markersize=14, markeredgewidth=2)
        errors.annotate(f"{own.mean():.1f}", (shift, own.max() + 4), ha="center", fontsize="small")
    errors.set(ylabel="test error (%)", ylim=(0, 105))
    errors.set_xlabel("acetylcholine's begin after its usual time, 150 ms after the onset (ms)")
    for ax in axes:
        ax.axvline(0, color="0.7", linewidth=0.8, linestyle=":")
    figure.align_ylabels(axes)
    return figure
