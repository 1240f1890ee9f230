"""Rates, bursts and weights while dendritic input changes.

    python -m analysis burst_steering

Means over seeds, with bands of two standard deviations. Top: rates of events of both populations.
Middle: burst probability of both, and the one that the second is used to. Bottom: the mean weight,
and what rates of whole populations predict of it. Words say how strong dendritic input is.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.bursts.looks import BURSTS, EVENTS, SPIKES

PANELS = {  # y axis -> column: text, colour, line
    "event rate (Hz)": {
        "event_rate": ("second population", EVENTS, "-"),
        "event_rate_pre": ("first population", SPIKES, "--"),
    },
    "burst probability (%)": {
        "burst_probability": ("second population", BURSTS, "-"),
        "usual": ("used to: $\\bar P$", "k", ":"),
        "burst_probability_pre": ("first population", SPIKES, "--"),
    },
    "mean weight": {
        "w": ("synapses", EVENTS, "-"),
        "predicted": ("by mean rates", "k", ":"),
    },
}
WORDS = {
    "before": "no\nplasticity",
    "usual": "$d_0$",
    "more": "$1.5\\,d_0$",
    "after_more": "$d_0$",
    "less": "$.55\\,d_0$",
    "after_less": "$d_0$",
    "pre": "40 pA\nto the first",
}


def edges(table):
    """First and last time of each stretch, in their order."""
    names = dict.fromkeys(table["stretch"].tolist())
    ends = [table["time"][table["stretch"] == name].max() for name in names]
    return dict(zip(names, zip([0, *ends], ends, strict=False), strict=True))


def plot_columns(table, columns, ax):
    """Means over seeds of some columns, in time; returns the axes."""
    seeds = np.unique(table["seed"])
    time = table.where(seed=seeds[0])["time"]
    for name, (text, color, line) in columns.items():
        each = np.array([table.where(seed=seed)[name] for seed in seeds])
        mean = each.mean(axis=0)
        ax.plot(time, mean, line, color=color, label=text)
        if len(seeds) > 1:
            wide = 2 * each.std(axis=0, ddof=1)
            ax.fill_between(time, mean - wide, mean + wide, color=color, alpha=0.2, linewidth=0)
    ax.legend(fontsize="small", ncols=len(columns), loc="best")
    return ax


def draw(results):
    """Three panels, one below the other."""
    table = results.table("steering")
    figure, axes = plt.subplots(3, 1, figsize=(6.7, 6.4), sharex=True)
    for (label, columns), ax in zip(PANELS.items(), axes, strict=True):
        plot_columns(table, columns, ax).set_ylabel(label)
        for name, (start, end) in edges(table).items():
            ax.axvline(end, color="0.8", linewidth=0.6, zorder=0)
            if name in ("more", "less"):
                ax.axvspan(start, end, color="0.93", zorder=-1)
    for name, (start, end) in edges(table).items():
        place = ((start + end) / 2, 1.03)
        about = {"ha": "center", "va": "bottom", "fontsize": "small"}
        axes[0].text(*place, WORDS[name], transform=axes[0].get_xaxis_transform(), **about)
    axes[0].set_ylim(bottom=0)
    axes[-1].set_xlabel("time (s)")
    return figure
