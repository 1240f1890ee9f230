"""One image in the circuit: potentials, shunt, rates, and spikes and plateaus of all classes.

    python -m analysis plateau_timing

Volleys of VIP cells are shaded, the one with acetylcholine darker. From above: apical potentials of
some cells (what feedback alone makes is dashed, plateaus are bars), their somata, the shunt of all
cells with its threshold, rates of the four classes, and spikes. Plateaus of pyramidal cells are
bars behind their spikes: blue without acetylcholine, orange with it, hollow if the image ended.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.interneurons.looks import CLASSES, KEPT, TAUGHT, shade

SHOWN = {"E": 40, "PV": 20, "SST": 20, "VIP": 20}  # cells of each class in the raster


def plot_potential(traces, plateaus, ax):
    """Apical potentials of some cells, one below the other, and their plateaus; the axes."""
    cells = np.unique(traces["cell"])
    apart = 1.1 * np.ptp(traces["V_fb"])
    for k, cell in enumerate(cells):
        own, base = traces.where(cell=cell), -k * apart
        ax.axhline(base, color="0.85", linewidth=0.6, zorder=0)
        ax.plot(own["t_ms"], base + own["V_fb"], "--", color="0.5", linewidth=0.8)
        ax.plot(own["t_ms"], base + own["V_a"], color="k", linewidth=1.0)
        _bars(plateaus.where(cell=cell), base - 0.42 * apart, 0.12 * apart, ax)
    ax.plot([], [], "--", color="0.5", linewidth=0.8, label="$V_{fb}$: no shunt")
    ax.plot([], [], color="k", linewidth=1.0, label="$V_a$")
    ax.set_yticks([0, 5])
    return ax


def _bars(plateaus, low, height, ax):
    for begin, end, taught, whole in zip(
        *(plateaus[name] for name in ("begin", "end", "taught", "whole")), strict=True
    ):
        color = TAUGHT if taught else KEPT
        style = {"facecolor": color if whole else "none", "edgecolor": color, "linewidth": 0.6}
        ax.broken_barh([(begin, end - begin)], (low, height), **style)


def plot_spikes(raster, plateaus, sizes, ax):
    """Spikes of the four classes, one below the other, and plateaus; returns the axes."""
    top, ticks = 0, []
    for name, cells in SHOWN.items():
        own = raster.where(**{"class": name})
        there = int(sizes.where(**{"class": name})["cells"][0])
        cells = min(cells, there)
        first = own["i"] < cells
        if name == "E":
            for cell in range(cells):
                _bars(plateaus.where(cell=cell), top + cell - 0.45, 0.9, ax)
        color = "k" if name == "E" else CLASSES[name][0]
        t, i = own["t_ms"][first] + 0.5, top + own["i"][first]
        ax.vlines(t, i - 0.45, i + 0.45, color=color, linewidth=0.7)
        ticks.append((top + cells / 2, f"{name}\n{cells} of {there}"))
        top += cells + 3
    ax.set_yticks(*zip(*ticks, strict=True))
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(top - 3, -1)
    return ax


def draw(results):
    """Five panels, one below the other."""
    names = ("traces", "plateaus", "shunt", "rates", "raster", "sizes", "volleys")
    traces, plateaus, shunt, rates, raster, sizes, volleys = map(results.table, names)
    figure, axes = plt.subplots(
        5, 1, figsize=(6.7, 8.6), sharex=True, height_ratios=(2.4, 1.1, 1.2, 1.4, 4)
    )
    potential, soma, conductance, firing, spikes = axes
    shade(volleys, axes)
    plot_potential(traces, plateaus, potential).set_ylabel("apical potential\nof 3 cells (mV)")
    potential.legend(fontsize="x-small", loc="upper left", ncols=2)
    for cell, line in zip(np.unique(traces["cell"]), ("-", "--", ":"), strict=False):
        own = traces.where(cell=cell)
        soma.plot(own["t_ms"], own["V"], line, color="k", linewidth=0.8)
    soma.set_ylabel("$V$ of these\n(mV)")
    t = shunt["t_ms"]
    conductance.fill_between(t, shunt["low"], shunt["high"], color=CLASSES["SST"][0], alpha=0.25)
    conductance.plot(t, shunt["middle"], color=CLASSES["SST"][0], label="median, 5 to 95 %")
    conductance.plot(t, shunt["threshold"], "k:", linewidth=0.9, label="$\\theta_p G_S$")
    conductance.set_ylabel("$g_{SST}$ (1/ms)")
    conductance.legend(fontsize="x-small", loc="upper right")
    for name, (color, line) in CLASSES.items():
        firing.plot(rates["t_ms"], rates[name], line, color=color, label=name, linewidth=1.2)
    firing.set(ylabel="rate (Hz)", ylim=(-5, 150))
    firing.legend(fontsize="x-small", loc="upper left", ncols=4)
    plot_spikes(raster, plateaus, sizes, spikes)
    spikes.set(xlabel="time after the image's onset (ms)", xlim=(0, t.max() + 1))
    handles = [plt.Rectangle((0, 0), 1, 1, color=color) for color in (KEPT, TAUGHT)]
    texts = ("plateau, kept", "plateau with acetylcholine: teaches")
    figure.legend(handles, texts, fontsize="small", loc="outside lower center", ncols=2)
    figure.align_ylabels(axes)
    return figure
