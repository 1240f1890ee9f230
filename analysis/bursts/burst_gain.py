"""What inhibition of dendrites and of somata does to event rate and burst probability.

    python -m analysis burst_gain

A column for each kind of inhibition. Above: burst probability by dendritic current, a line for each
somatic one; below: event rate by somatic current, a line for some dendritic ones.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.bursts.burst_transfer import plot_curves

TITLES = {
    "none": "no inhibition",
    "dendrite": "of dendrites,\nby bursts (STF)",
    "soma": "of somata,\nby events (STD)",
    "both": "of both",
}
SHOWN = (-200, 200, 400, 600)  # pA, of event rates


def draw(results):
    """All kinds of inhibition that are there."""
    table = results.table("rates")
    there = [name for name in TITLES if name in table["condition"]]
    figure, axes = plt.subplots(
        2, len(there), figsize=(6.7, 4.9), sharex="row", sharey="row", squeeze=False
    )
    for name, (above, below) in zip(there, axes.T, strict=True):
        mine = table.where(condition=name)
        few = type(mine)(mine.path, {k: v[np.isin(mine["I_d"], SHOWN)] for k, v in mine.items()})
        plot_curves(mine, "BP", "I_d", "I_s", above, "Oranges")
        plot_curves(few, "ER", "I_s", "I_d", below)
        above.set(title=TITLES[name], xlabel="$I_d$ (pA)", ylim=(0, 90))
        below.set(xlabel="$I_s$ (pA)")
    axes[0, 0].set_ylabel("burst probability (%)")
    axes[1, 0].set_ylabel("event rate (Hz)")
    for ax, name in zip(axes[:, 0], ("$I_s$ (pA)", "$I_d$ (pA)"), strict=True):
        ax.legend(title=name, fontsize="x-small", title_fontsize="x-small", loc="upper left")
    return figure
