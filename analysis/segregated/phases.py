"""What the output cells do in the two phases, and how long phases are (P Fig 4).

    python -m analysis phases

Above: rates (shade) and spikes (strokes) of the ten output cells while a '9' goes through both
phases. Below: phases of successive images, and how many phases have which length, beside the Wald
density and what is left of it by rounding to whole milliseconds.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator
from scipy import stats

from analysis.drawing.phases import write_above
from analysis.segregated import EARLY, SHADES


def plot_rates(t, rates, ax):
    """Rates (Hz), shape (cells, steps), as shades by time (ms), a row each; returns the image."""
    step = t[1] - t[0]
    extent = (t[0], t[-1] + step, len(rates) - 0.5, -0.5)
    return ax.imshow(rates, cmap="Blues", vmin=0, vmax=200, aspect="auto", extent=extent)


def plot_spikes(t, cell, ax):
    """A stroke for each spike at its time (ms) and row, shape (spikes,); returns the axes."""
    ax.vlines(t, cell - 0.32, cell + 0.32, color="C1", linewidth=1)
    return ax


def plot_lengths(forward, target, ax):
    """Lengths of the phases (ms) of successive images, in pairs of bars; returns the axes."""
    image = np.arange(len(forward)) + 1
    for shift, name, length in ((-0.2, "forward", forward), (0.2, "target", target)):
        ax.bar(image + shift, length, 0.4, color=SHADES[name][0], label=name)
    ax.axhline(50, color="0.3", linewidth=0.8, linestyle="--")
    return ax


def plot_histogram(length, share, expected, mean, scale, ax):
    """Shares of lengths beside the Wald distribution; returns the axes.

    Arrays have shape (lengths,): whole milliseconds from the shortest on, and the share of the
    phases, measured and by the distribution, whose random part has this mean and scale (ms).
    """
    ax.bar(length, share, 0.8, color="0.75", label="phases")
    x = np.linspace(1e-3, length[-1] - length[0], 2000)
    density = stats.invgauss.pdf(x, mean / scale, scale=scale)
    ax.plot(length[0] + x, density, color="C0", label="Wald density (per ms)")
    ax.plot(length, expected, ".", color="C1", label="in whole ms")
    ax.set_yscale("log")
    return ax


def draw(results):
    """One image through both phases; lengths of phases."""
    rates, spikes = results.table("image_rates"), results.table("image_spikes")
    figure = plt.figure(figsize=(7.2, 5.6))
    upper, lower = figure.subfigures(2, 1, height_ratios=(5, 4))
    ax = upper.subplots()
    cells = [name for name in rates if name.startswith("rate_")]
    shades = plot_rates(rates["t_ms"], np.array([rates[name] for name in cells]), ax)
    plot_spikes(spikes["t_ms"], spikes["cell"], ax)
    _draw_phases(results.table("image_phases"), ax)
    ax.set_yticks(range(len(cells)), [name.removeprefix("rate_") for name in cells])
    ax.set(xlabel="time (ms)", ylabel="output cell (class)")
    bar = upper.colorbar(shades, ax=ax, pad=0.02)
    bar.set_label(r"rate $\phi^1$ (Hz)")
    left, right = lower.subplots(1, 2)
    lengths = results.table("lengths")
    plot_lengths(lengths["forward_ms"], lengths["target_ms"], left)
    left.set(xlabel="successive images", ylabel="length of phase (ms)")
    left.xaxis.set_major_locator(MaxNLocator(integer=True))
    left.margins(x=0.01)
    left.legend(ncols=2, loc="upper center", bbox_to_anchor=(0.5, 1.18))
    _draw_histogram(results, right)
    return figure


def _draw_phases(phases, ax):
    texts = [f"{name} phase" for name in phases["phase"]]
    write_above(phases["start_ms"], phases["end_ms"], texts, ax)
    for start in phases["start_ms"]:
        ax.axvline(start, color="0.2", linewidth=1)
    label = int(phases["label"][0])
    for tick in ax.get_yticklabels():
        if tick.get_text() == str(label):
            tick.set(weight="bold")
    ax.set_title(f"image '{label}' ({EARLY}, after one epoch)", pad=18)


def _draw_histogram(results, ax):
    table, wald = results.table("histogram"), results.table("random_part")["wald"]
    mean, variance = wald[:2]
    share, shown = table["phases"] / table["phases"].sum(), table["length_ms"] <= 80
    values = (values[shown] for values in (table["length_ms"], share, table["expected_share"]))
    plot_histogram(*values, mean, mean**3 / variance, ax)
    ax.set(xlabel="length of phase (ms)", ylabel="share of phases", ylim=(1e-5, 1))
    ax.legend(title=f"{int(table['phases'].sum()):,} phases", title_fontsize="small")
