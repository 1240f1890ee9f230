"""What two populations tell: bursts of dendritic input, events of somatic input, up and down.

    python -m analysis burst_hierarchy

A column for each circuit. Traces are means over seeds with bands of two standard deviations, bins
of 50 ms; dashed is what they are to follow, moved and stretched to fit. Axes are the paper's:
volleys go beyond. Below, how well each does (the largest correlation up to 120 ms later), in the
circuit as it is and with parts taken away; dots are seeds.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.bursts.looks import BURSTS, EVENTS, rescaled

TITLES = {
    "published": "published",
    "found": "two numbers changed",
    "from_soma": "dendritic synapses\ndriven by $V_s$",
}
PANELS = {  # column -> axis, colour, what is laid over it, and its name
    "BP_2": ("$BP_2$ (%)", BURSTS, "I_d_2", "$I_d$"),
    "ER_1": ("$ER_1$ (Hz)", EVENTS, "I_s_1", "$I_s$"),
    "ER_2": ("$ER_2$ (Hz)", EVENTS, "ER_1", "$ER_1$"),
    "BP_1": ("$BP_1$ (%)", BURSTS, "BR_2", "$BR_2$"),
}
BARS = {  # column -> text, colour, hatch
    "r_BP_2": ("$BP_2$, $I_d$", BURSTS, ""),
    "r_ER_1": ("$ER_1$, $I_s$", EVENTS, ""),
    "r_ER_2": ("$ER_2$, $ER_1$", EVENTS, "////"),
    "r_BP_1": ("$BP_1$, $BR_2$", BURSTS, "////"),
    "r_BP_1_partial": ("the same,\nwithout $ER_1$", "0.45", ""),
}
TAKEN = {  # end of a condition's name -> text
    "": "as it is",
    "_no_within": "no inhibition within",
    "_no_SOM": "no SOM",
    "_no_PV": "no PV",
    "_no_feedback": "no feedback",
    "_static": "static feedback",
}
ASKED = 0.8


def plot_trace(table, column, ax):
    """One rate over time, and what it is to follow; returns the axes."""
    _, color, over, name = PANELS[column]
    seeds = np.unique(table["seed"])
    each, other = (np.array([table.where(seed=s)[key] for s in seeds]) for key in (column, over))
    t, mean = table.where(seed=seeds[0])["t"] / 1e3, each.mean(axis=0)
    ax.plot(t, mean, color=color, linewidth=1.1)
    if len(seeds) > 1:
        wide = 2 * each.std(axis=0, ddof=1)
        ax.fill_between(t, mean - wide, mean + wide, color=color, alpha=0.25, linewidth=0)
    ax.plot(t, rescaled(other.mean(axis=0), mean), "k--", linewidth=0.8, label=name)
    ax.set_xlim(0, t.max())
    return ax


def plot_bars(table, circuit, ax):
    """Correlations of a circuit and of what is left of it; returns the axes."""
    there = [end for end in TAKEN if circuit + end in table["condition"]]
    width = 0.84 / len(BARS)
    for k, (column, (text, color, hatch)) in enumerate(BARS.items()):
        at = np.arange(len(there)) + (k - (len(BARS) - 1) / 2) * width
        each = [table.where(condition=circuit + end)[column] for end in there]
        means = [one.mean() for one in each]
        style = {"color": color, "hatch": hatch, "edgecolor": "white", "linewidth": 0.3}
        ax.bar(at, means, width, label=text, **style)
        for x, one in zip(at, each, strict=True):
            ax.plot(np.full(len(one), x), one, ".", color="k", markersize=1.5)
    ax.axhline(ASKED, color="k", linewidth=0.7, linestyle=":")
    ax.axhline(0, color="0.6", linewidth=0.6)
    ax.set_xticks(range(len(there)), [TAKEN[end] for end in there], rotation=60, ha="right")
    ax.tick_params(axis="x", labelsize="small")
    return ax


def draw(results):
    """Traces of all circuits that are there, and bars below."""
    traces, table = results.table("traces"), results.table("encodings")
    there = [name for name in TITLES if name in traces["condition"]]
    figure, axes = plt.subplots(
        6,
        len(there),
        figsize=(6.7, 8.2),
        height_ratios=(1, 1, 1, 1, 0.02, 1.6),
        sharey="row",
        squeeze=False,
    )
    for name, column in zip(there, axes.T, strict=True):
        column[4].axis("off")
        mine = traces.where(condition=name)
        column[0].set_title(TITLES[name], fontsize="medium")
        for key, ax in zip(PANELS, column[:4], strict=True):
            plot_trace(mine, key, ax)
            ax.tick_params(labelbottom=key == "BP_1")
        column[3].set_xlabel("time (s)")
        plot_bars(table, name, column[5])
    for (text, *_), ax in zip(PANELS.values(), axes[:4, 0], strict=True):
        ax.set(ylabel=text, ylim=(0, 50 if "BP" in text else 15))
    for ax in axes[:4, 0]:
        ax.legend(fontsize="x-small", loc="upper right")
    axes[5, 0].set(ylabel="correlation", ylim=(min(0, axes[5, 0].get_ylim()[0]), 1.02))
    figure.legend(
        *axes[5, 0].get_legend_handles_labels(),
        loc="outside lower center",
        ncols=len(BARS),
        fontsize="x-small",
    )
    figure.align_ylabels(axes[:, 0])
    return figure
