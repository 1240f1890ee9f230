"""Weight changes of the three pairing protocols, beside their closed form.

    python -m analysis burst_pairing

Left: five regular spikes of both cells, 15 times, by frequency; the dotted line is 62.5 Hz, where
intervals are 16 ms. Middle: Poisson spikes by their rate, for two burst probabilities that the cell
is used to. Right: events of which a share are bursts, at two rates of events. Points are means of
20 realisations, bars standard deviations, lines the closed form of the mean.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.bursts.looks import BURSTS, EVENTS

PANELS = {  # part -> title, x axis
    "regular": ("regular, together", "frequency (Hz)"),
    "poisson": ("Poisson, independent", "rate (Hz)"),
    "doublets": ("events and bursts, independent", "burst probability (%)"),
}
LEGENDS = {"regular": "", "poisson": "$\\bar P$ at first", "doublets": "events"}
LOOKS = ((EVENTS, "o", "-"), (BURSTS, "s", "--"))
LIMIT = 62.5  # Hz: intervals of 16 ms


def plot_part(part, table, ax):
    """Changes of a protocol, one line for each of its settings; returns the axes."""
    ax.axhline(0, color="0.5", linewidth=0.6)
    lines = dict.fromkeys(table["line"].tolist())
    for line, (color, marker, style) in zip(lines, LOOKS, strict=False):
        mine = table.where(line=line)
        about = {"color": color, "marker": marker, "markersize": 3.5, "linestyle": "none"}
        ax.errorbar(mine["x"], mine["dw"], mine["spread"], elinewidth=0.8, label=line, **about)
        if np.isfinite(mine["theory"]).all():
            ax.plot(mine["x"], mine["theory"], style, color=color, linewidth=1)
    if part == "regular":
        ax.axvline(LIMIT, color="0.5", linestyle=":", linewidth=0.8)
    else:
        ax.legend(title=LEGENDS[part], fontsize="small", title_fontsize="small")
    title, x = PANELS[part]
    ax.set(title=title, xlabel=x, ylabel="change of the weight")
    return ax


def draw(results):
    """The parts that are there, side by side."""
    table = results.table("pairing")
    there = [part for part in PANELS if (table["part"] == part).any()]
    figure, axes = plt.subplots(1, len(there), figsize=(3.1 * len(there), 2.9), squeeze=False)
    for part, ax in zip(there, axes[0], strict=True):
        plot_part(part, table.where(part=part), ax)
    return figure
