"""Bars of 3 x 3 pixels: how many are told apart, by epoch, and what cells send of one of them.

    python -m analysis bars

Above: bars that were answered rightly; thin lines are single networks, thick ones their means.
Below: spikes of the first network while the first bar, a horizontal one, is shown without a target.
"""

import matplotlib.pyplot as plt
import numpy as np

LOOKS = {  # condition -> text, colour, line
    "bars_rates": ("rates", "C0", "-"),
    "bars_spikes": ("spikes at 1 kHz", "C3", "-"),
    "bars_spikes_100": ("spikes at 100 Hz", "C1", "-"),
    "bars_slow": ("slow cells, rates", "C0", "--"),
    "bars_slow_spikes": ("slow cells, spikes at 1 kHz", "C3", "--"),
    "bars_slow_no_lag": ("slow cells, rates, no lag", "0.4", ":"),
}
ROWS = {"input": ("0.3", 9), "hidden_0": ("C2", 30), "inter_0": ("C4", 3), "output": ("C3", 3)}
CHANCE = 100 * 3 / 8  # answering the larger class


def plot_accuracy(table, ax):
    """Bars that were right by epoch, per cent; returns the axes."""
    for name, (text, color, line) in LOOKS.items():
        mine = table.where(condition=name)
        if not len(mine["epoch"]):
            continue
        epochs, seeds = np.unique(mine["epoch"]), np.unique(mine["seed"])
        curves = [mine.where(seed=seed)["accuracy"] for seed in seeds]
        ax.plot(epochs, np.transpose(curves), color=color, linewidth=0.5, alpha=0.5)
        ax.plot(epochs, np.mean(curves, axis=0), color=color, linestyle=line, label=text)
    ax.axhline(CHANCE, color="0.6", linewidth=0.6)
    ax.set(xlabel="epochs (8 bars of 100 ms)", ylabel="bars that were right (%)", ylim=(0, 103))
    ax.legend(fontsize="x-small", loc="center left", bbox_to_anchor=(1.01, 0.5))
    return ax


def plot_spikes(table, ax):
    """Spikes of one showing, all populations above each other; returns the axes."""
    bottom, ticks = 0, {}
    for population, (color, cells) in ROWS.items():
        mine = table.where(population=population)
        ax.plot(mine["time"], bottom + mine["cell"], "|", color=color, markersize=3)
        ticks[bottom + cells / 2] = population
        bottom += cells + 3
    ax.set(xlabel="time (ms)", ylim=(-1, bottom))
    ax.set_yticks(list(ticks), list(ticks.values()))
    return ax


def draw(results):
    """Accuracy above; spikes before and after learning below, where cells spike."""
    figure = plt.figure(figsize=(6.7, 5.4))
    grid = figure.add_gridspec(2, 2)
    spiking = results.has("spikes")
    plot_accuracy(results.table("accuracy"), figure.add_subplot(grid[0, :] if spiking else grid[:]))
    if spiking:
        spikes = results.table("spikes")
        for place, epoch in enumerate((spikes["epoch"].min(), spikes["epoch"].max())):
            ax = plot_spikes(spikes.where(epoch=epoch), figure.add_subplot(grid[1, place]))
            ax.set_title(f"after {epoch:.0f} epochs", fontsize="small")
    return figure
