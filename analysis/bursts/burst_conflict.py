"""Weights, event rates and burst probabilities where soma and dendrite agree, and where not.

    python -m analysis burst_conflict

A row for each condition, a point for each seed, a line at their mean. Grey lines: as usual.
"""

import matplotlib.pyplot as plt

LABELS = {
    "usual": "as usual",
    "soma_up": "soma up",
    "soma_down": "soma down",
    "dendrite_up": "dendrite up",
    "dendrite_down": "dendrite down",
    "both_up": "both up",
    "both_down": "both down",
    "soma_up_dendrite_down": "soma up, dendrite down",
    "soma_down_dendrite_up": "soma down, dendrite up",
}
COLUMNS = {
    "event_rate": ("event rate (Hz)", "C0", "o"),
    "burst_probability": ("burst probability (%)", "C1", "s"),
    "weight_change": ("change of weights (%)", "C2", "D"),
}


def draw(results):
    """A panel for each measure, with the conditions as rows; returns the figure."""
    table = results.table("conflict")
    figure, axes = plt.subplots(1, len(COLUMNS), figsize=(8, 3.4), sharey=True)
    for ax, (column, (label, color, marker)) in zip(axes, COLUMNS.items(), strict=True):
        usual = table.where(condition="usual")[column].mean()
        ax.axvline(0 if column == "weight_change" else usual, color="0.6", linewidth=0.8)
        for k, name in enumerate(LABELS):
            values = table.where(condition=name)[column]
            ax.plot(values, [k] * len(values), marker, color=color, markersize=4, alpha=0.7)
            ax.plot([values.mean()] * 2, [k - 0.3, k + 0.3], color=color)
        ax.set_xlabel(label)
    axes[0].set_yticks(range(len(LABELS)), LABELS.values())
    axes[0].invert_yaxis()
    return figure
