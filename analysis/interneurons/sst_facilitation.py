"""What bursts of pyramidal cells by light do to SST cells and to plateaus.

    python -m analysis sst_facilitation

By the strength of light on pyramidal cells in the second volley, filled throughout its 50 ms,
hollow in its first 20: rates of pyramidal and SST cells in this volley, how much later plateaus
begin than without light, and how many cells learn. Marks are networks, lines their means;
strengths stand at equal distances, and kinds of synapses from pyramidal onto SST cells side by
side.
"""

import matplotlib.pyplot as plt
import numpy as np

PANELS = {  # column -> label, factor
    "rate_E_lit": ("rate of E in the volley (Hz)", 1),
    "rate_SST_lit": ("rate of SST in the volley (Hz)", 1),
    "later": ("plateaus later\nthan without light (ms)", 1),
    "cells_learning": ("cells that learn (%)", 100),
}
KINDS = {  # condition -> label, colour, marker, line
    "facilitating": ("facilitating", "k", "o", "-"),
    "static": ("static, as much at 35 Hz", "#D55E00", "s", "--"),
    "none": ("none", "#0072B2", "^", ":"),
}
APART = 0.17  # of kinds that stand side by side


def later(table):
    """Latencies less those of the same network without light, ms; nan where this is not there."""
    delays, about = [], [table[name] for name in ("condition", "seed", "lasts")]
    for latency, condition, seed, lasts in zip(table["latency"], *about, strict=True):
        dark = table.where(condition=condition, seed=seed, lasts=lasts, g=0)["latency"]
        delays.append(latency - dark[0] if len(dark) else np.nan)
    return np.array(delays)


def plot_measure(table, column, factor, ax):
    """A measure by the strength of light; returns the axes."""
    strengths, longest = np.unique(table["g"]), table["lasts"].max()
    for j, (kind, (_, color, marker, line)) in enumerate(KINDS.items()):
        for lasts in np.unique(table["lasts"]):
            own = table.where(condition=kind, lasts=lasts)
            if not len(own["g"]):
                continue
            values = factor * own[column].astype(float)
            place = np.searchsorted(strengths, own["g"]) + APART * (j - 1)
            at = np.unique(place)
            mean = [values[place == one].mean() for one in at]
            whole = lasts == longest
            ax.plot(at, mean, line, color=color, linewidth=1.2 if whole else 0.5)
            face = color if whole else "w"
            ax.plot(place, values, marker, color=color, mfc=face, markersize=3.5)
    ax.set_xticks(range(len(strengths)), [f"{g:g}" for g in strengths])
    return ax


def draw(results):
    """Four panels by the strength of light."""
    table = results.table("bursts")
    table["later"] = later(table)
    figure, axes = plt.subplots(2, 2, figsize=(6.7, 5.2), sharex=True)
    for (column, (label, factor)), ax in zip(PANELS.items(), axes.flat, strict=True):
        plot_measure(table, column, factor, ax).set_ylabel(label)
    rate_E, rate_SST, delay, learn = axes.flat
    rate_E.set_ylim(0, None)
    rate_SST.set_ylim(0, 1.2 * table["rate_SST_lit"].max() or None)
    learn.set_ylim(0, 105)
    delay.axhline(0, color="0.6", linewidth=0.6, zorder=0)
    spreads = table["latency_sd"][np.isfinite(table["latency_sd"])]
    if len(spreads):
        text = f"SD over cells: {spreads.mean():.1f} ms"
        delay.set_title(text, fontsize="small", loc="left")
    for ax in axes[1]:
        ax.set_xlabel("light on E (1/ms)")
    looks = [(text, color, marker, line, color) for text, color, marker, line in KINDS.values()]
    texts = [f"light of {lasts:g} ms" for lasts in np.unique(table["lasts"])[::-1]]
    looks += [(text, "0.4", "D", "", face) for text, face in zip(texts, ("0.4", "w"), strict=False)]
    for text, color, marker, line, face in looks:
        look = {"color": color, "marker": marker, "mfc": face, "linestyle": line or "none"}
        rate_E.plot([], [], **look, label=text)
    handles = rate_E.get_legend_handles_labels()
    figure.legend(*handles, title="synapses from E onto SST", loc="outside upper center", ncols=5)
    return figure
