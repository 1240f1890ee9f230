"""An ensemble that answers two currents: what fires when, and which rate tells which current.

    python -m analysis burst_coding

Steps: spikes of 25 cells, events blue strokes, bursts orange triangles; below, event rate, burst
probability and firing rate of 4,000 cells. Dashed: a current, moved and stretched to fit.
``burst_noise``: the same with noise as currents; ``burst_coherence``: which frequencies get
through, and how many cells it takes.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.bursts.looks import BURSTS, CURRENTS, EVENTS, KINDS, RATES, SPIKES, plot_signal

FOLLOWS = {"ER": "I_s", "BP": "I_d", "FR": "I_s"}
PAIRS = {  # column -> text, colour, line
    "ER_I_s": ("event rate, $I_s$", EVENTS, "-"),
    "BP_I_d": ("burst probability, $I_d$", BURSTS, "-"),
    "ER_I_d": ("event rate, $I_d$", EVENTS, ":"),
    "BP_I_s": ("burst probability, $I_s$", BURSTS, ":"),
}
SIZES = {  # column -> text, colour, marker
    "r_event_rate": ("event rate, $I_s$", EVENTS, "o"),
    "r_burst_probability": ("burst probability, $I_d$", BURSTS, "^"),
    "r_firing_rate": ("firing rate, $I_s$", SPIKES, "s"),
    "r_firing_rate_dendrite": ("firing rate, $I_d$", SPIKES, "D"),
    "r_event_rate_dendrite": ("event rate, $I_d$", EVENTS, "v"),
    "r_burst_probability_soma": ("burst probability, $I_s$", BURSTS, "v"),
}


def plot_raster(table, ax):
    """Spikes of some cells, each as what it is; returns the axes."""
    for kind, (text, color, marker, size) in enumerate(KINDS):
        mine = table.where(kind=kind)
        style = {"color": color, "markersize": size, "label": text, "linestyle": "none"}
        ax.plot(mine["t"], mine["cell"], marker, **style)
    ax.set(ylabel="cell", ylim=(-1, table["cell"].max() + 1))
    ax.legend(fontsize="x-small", ncols=3, loc="lower right", bbox_to_anchor=(1, 0.98))
    return ax


def plot_rates(table, axes):
    """Event rate, burst probability and firing rate, and currents over them; returns the axes."""
    for (name, (text, color, _)), ax in zip(RATES.items(), axes, strict=True):
        factor, current = 100 if name == "BP" else 1, FOLLOWS[name]
        values = table[name] * factor
        plot_signal(table["t"], values, table[current], text, color, ax, CURRENTS[current])
        ax.legend(fontsize="x-small", loc="upper right")
    return axes


def plot_currents(table, ax):
    """Both currents by time; returns the axes."""
    for (name, text), color in zip(CURRENTS.items(), (EVENTS, BURSTS), strict=True):
        ax.plot(table["t"], table[name], color=color, label=text, linewidth=1.1)
    ax.set(ylabel="current (pA)")
    ax.legend(fontsize="x-small", loc="upper right", ncols=2)
    return ax


def plot_coherence(table, ax):
    """Coherence by frequency, a line for each pair; the mean over seeds. Returns the axes."""
    at = np.unique(table["frequency"])
    for name, (text, color, line) in PAIRS.items():
        values = [table[name][table["frequency"] == f].mean() for f in at]
        ax.plot(at, values, color=color, linestyle=line, label=text)
    ax.set(xlabel="frequency (Hz)", ylabel="coherence", ylim=(0, 1.02))
    ax.legend(fontsize="x-small")
    return ax


def plot_sizes(table, ax):
    """Correlations by number of cells; the mean over seeds. Returns the axes."""
    at = np.unique(table["cells"])
    for name, (text, color, marker) in SIZES.items():
        values = [table[name][table["cells"] == n].mean() for n in at]
        across = name in list(SIZES)[3:]
        ax.plot(at, values, marker + (":" if across else "-"), color=color, label=text)
    ax.axhline(0, color="0.6", linewidth=0.6)
    ax.set(xscale="log", xlabel="cells", ylabel="correlation", ylim=(-0.2, 1.02))
    ax.legend(fontsize="x-small", loc="center left", bbox_to_anchor=(1.01, 0.5))
    return ax


def _rows(results, condition, above):
    """A figure of rates below each other, with so many rows above."""
    table = results.table("traces").where(condition=condition)
    heights = [1.7] * above + [1, 1, 1]
    figure, axes = plt.subplots(
        above + 3, 1, figsize=(6.7, 6.2), sharex=True, height_ratios=heights
    )
    plot_rates(table, axes[above:])
    axes[-1].set(xlabel="time (ms)", xlim=(table["t"].min(), table["t"].max()))
    return figure, axes, table


def draw(results):
    """Steps, or what there is first; with spikes where they were kept."""
    there = list(dict.fromkeys(results.table("traces")["condition"].tolist()))
    condition = "steps" if "steps" in there else there[0]
    raster = condition == "steps" and results.has("raster")
    figure, axes, table = _rows(results, condition, 2 if raster else 1)
    plot_currents(table, axes[0])
    if raster:
        spikes = results.table("raster")
        plot_raster(spikes, axes[1])
        axes[-1].set_xlim(0, min(table["t"].max(), np.ceil(spikes["t"].max() / 100) * 100))
    figure.align_ylabels(axes)
    return figure


def _noise(results):
    figure, axes, table = _rows(results, "noise", 1)
    plot_currents(table, axes[0])
    figure.align_ylabels(axes)
    return figure


def _coherence(results):
    figure, axes = plt.subplots(1, 2, figsize=(6.7, 2.9))
    plot_coherence(results.table("coherence").where(condition="noise"), axes[0])
    plot_sizes(results.table("correlations").where(condition="noise"), axes[1])
    return figure


def more(results):
    """Further figures, where there was noise."""
    if "noise" not in results.table("traces")["condition"]:
        return {}
    return {"burst_noise": _noise, "burst_coherence": _coherence}
