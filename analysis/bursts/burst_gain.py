"""What inhibition of dendrites and of somata does to event rate and burst probability.

    python -m analysis burst_gain

A column for each kind of inhibition. Above: burst probability by dendritic current, a line for each
somatic one; below: event rate by somatic current, a line for some dendritic ones.
``burst_recurrent``: burst probability where cells inhibit each other by synapses of their own, a
row for each share of pairs that have one, a column for each weight.
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


def _recurrent(results):
    table = results.table("recurrent")
    shares, weights = np.unique(table["p"]), np.unique(table["w"])
    figure, axes = plt.subplots(
        len(shares), len(weights), figsize=(6.7, 4.6), sharex=True, sharey=True, squeeze=False
    )
    for p, row in zip(shares, axes, strict=True):
        for w, ax in zip(weights, row, strict=True):
            plot_curves(table.where(p=p, w=w), "BP", "I_d", "I_s", ax, "Oranges")
        row[0].set_ylabel(f"{100 * p:g} % of pairs\nburst probability (%)")
    for w, ax in zip(weights, axes[0], strict=True):
        ax.set(title=f"weight {w:g}", ylim=(0, 100))
    for ax in axes[-1]:
        ax.set_xlabel("$I_d$ (pA)")
    legend = {"title": "$I_s$ (pA)", "fontsize": "x-small", "title_fontsize": "x-small"}
    axes[0, 0].legend(loc="upper left", **legend)
    return figure


def more(results):
    """A further figure, where there are synapses of cells' own."""
    return {"burst_recurrent": _recurrent} if results.has("recurrent") else {}
