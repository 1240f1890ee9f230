"""What depressing and facilitating synapses tell of both signals.

    python -m analysis burst_decoding

Above, with noise as currents: drives of both kinds of synapses, over the rates that they are to
read; below these, facilitating by depressing drive, and the top-down current. All dashed lines are
moved and stretched to fit. At the bottom: correlations, by kind of current; ``interneurons`` are PV
cells in the place of STD and SOM cells in that of STF, with noise.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.bursts.looks import BURSTS, EVENTS, plot_signal

PANELS = {  # column -> text, colour, what is laid over it, and its name
    "STD": ("STD (Hz)", EVENTS, "ER", "event rate"),
    "STF": ("STF (Hz)", BURSTS, "BR", "burst rate"),
    "ratio": ("STF / STD", "#009E73", "I_d", "$I_d$"),
}
BARS = {  # column -> text, colour, hatch
    "r_STD_events": ("STD, event rate", EVENTS, ""),
    "r_STF_bursts": ("STF, burst rate", BURSTS, ""),
    "r_STF_soma": ("STF, $I_s$", BURSTS, "////"),
    "r_STF_dendrite": ("STF, $I_d$", BURSTS, "...."),
    "r_ratio_soma": ("STF/STD, $I_s$", "#009E73", "////"),
    "r_ratio_dendrite": ("STF/STD, $I_d$", "#009E73", "...."),
}
CELLS = {"STD": "PV", "STF": "SOM", "ratio": "cells_ratio"}  # which stand for what
TITLES = {"steps": "steps", "sines": "sines", "noise": "noise", "strong_noise": "strong noise"}


def plot_bars(table, ax, cells=None):
    """Correlations by condition, means over seeds, and of interneurons; returns the axes."""
    there = [name for name in TITLES if name in table["condition"]]
    width = 0.8 / len(BARS)
    for k, (column, (text, color, hatch)) in enumerate(BARS.items()):
        values = [table.where(condition=name)[column].mean() for name in there]
        if cells is not None:
            _, kind, other = column.split("_")
            values.append(cells[f"r_{CELLS[kind]}_{other}"].mean())
        style = {"color": color, "hatch": hatch, "edgecolor": "white", "linewidth": 0.4}
        ax.bar(np.arange(len(values)) + (k - 2.5) * width, values, width, label=text, **style)
    names = [TITLES[name] for name in there] + ["interneurons"] * (cells is not None)
    ax.set_xticks(range(len(names)), names)
    ax.set(ylabel="correlation", ylim=(0, 1.02))
    ax.legend(fontsize="x-small", loc="center left", bbox_to_anchor=(1.01, 0.5))
    return ax


def draw(results):
    """Traces above, correlations below."""
    traces = results.table("traces")
    there = [name for name in ("noise", *TITLES) if name in traces["condition"]]
    table = traces.where(condition=there[0])
    figure, axes = plt.subplots(4, 1, figsize=(6.7, 6.6), height_ratios=(1, 1, 1, 1.4))
    for (column, (text, color, over, name)), ax in zip(PANELS.items(), axes[:3], strict=True):
        plot_signal(table["t"], table[column], table[over], text, color, ax, name)
        ax.legend(fontsize="x-small", loc="upper right")
        ax.set_xlim(table["t"].min(), table["t"].max())
    for ax in axes[:2]:
        ax.tick_params(labelbottom=False)
    axes[2].set_xlabel("time (ms)")
    cells = results.table("interneurons") if results.has("interneurons") else None
    plot_bars(results.table("correlations"), axes[3], cells)
    figure.align_ylabels(axes[:3])
    return figure
