"""The data sheet of one cell, as it was measured on the bench.

Dots and coloured lines are measured; black lines are the closed form, where the cell has one;
dotted grey lines are those of the paper's cell.
"""

from functools import partial
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np

from analysis.segregated import cell_volleys
from analysis.segregated.cell_curves import (
    CLOSED,
    COLORS,
    PAPER,
    SYMBOLS,
    Cell,
    plot_regularity,
    print_measures,
)

DPI = 110  # many figures, kept in git


def step(cell, ax):
    """Response to a step of current."""
    cell.plot("step", ax, COLORS["current"])
    found = cell.curve("step")
    x, V = found["x"], found["value"]
    far = np.abs(V - V[-1]) > 0.02 * np.abs(V).max()  # from where it ends
    settled = 1.5 * x[far].max(initial=0)
    ax.set(xlabel="time (ms)", ylabel="$V$ (mV per mV/ms)", xlim=(0, max(15, settled)), ylim=0)


def gains(cell, ax):
    """Steady somatic potential by that of each dendrite."""
    _by_dendrite(cell, "V", ax)
    ax.set(ylabel="$V$ from rest (mV)")


def current(cell, ax):
    """Rate by injected current."""
    cell.plot("current_rate", ax, COLORS["current"], "o")
    ax.set(xlabel="current (mV/ms)", ylabel="rate (Hz)", ylim=(-5, None))


def rates(cell, ax):
    """Rate by the potential of each dendrite."""
    _by_dendrite(cell, "rate", ax)
    ax.set(ylabel="rate (Hz)", ylim=(-5, None))


def _by_dendrite(cell, measure, ax):
    for name, symbol in SYMBOLS.items():
        cell.plot(f"{name}_{measure}", ax, COLORS[name], "o", label=f"by {symbol}")
    ax.set(xlabel="dendritic potential (mV)")
    ax.legend(loc="upper left", borderaxespad=0)


def volley(dendrite, cell, ax):
    """Response of both dendrites and of the soma to a volley in one dendrite."""
    other = {"basal": "apical", "apical": "basal"}[dendrite]
    cell.plot(f"{dendrite}_volley_other", ax, COLORS[other], label=SYMBOLS[other])
    cell.plot(f"{dendrite}_volley_soma", ax, COLORS["soma"], "-", label="$V$")
    cell.plot(f"{dendrite}_volley_own", ax, COLORS[dendrite], label=SYMBOLS[dendrite])
    ax.set(xlabel="time (ms)", ylabel="change (mV)", xlim=(0, 40))
    cell_volleys.room_above(ax, 0.25)
    ax.legend(loc="upper left", ncols=3, borderaxespad=0, handlelength=1, columnspacing=1)


def plateau(cell, ax):
    """Plateau potential by the apical potential."""
    cell.plot("plateau", ax, COLORS["apical"], "o", label="constant")
    mean = cell.curve("poisson_V_a")["value"]
    cell.plot("poisson_plateau", ax, "C3", "o", True, "Poisson (± s.d.)", mean)
    ax.set(xlabel="$V^a$ from rest (mV)", ylabel=r"plateau $\alpha$", ylim=(-0.03, 1.5))
    ax.set_yticks([0, 0.5, 1])
    ax.legend(loc="upper left", borderaxespad=0, fontsize="small", handletextpad=0.2)


def intervals(cell, ax):
    """Distribution of the intervals between spikes under constant drive."""
    cell.plot("intervals", ax, COLORS["soma"], "o")
    ax.set(xlabel="interval (ms)", ylabel="share", ylim=(0, None), xlim=(0, 40))


def regularity(cell, ax):
    """CV and Fano factor by rate."""
    cv, fano = (cell.curve(f"{name}_by_rate") for name in ("cv", "fano"))
    plot_regularity(cv["x"], cv["value"], fano["value"], (cv["paper"], fano["paper"]), ax)
    ax.set(xlabel="rate (Hz)", ylabel="CV, Fano factor", ylim=(0, None), xlim=(0, None))
    ax.legend(loc="lower left", borderaxespad=0, fontsize="small")


def after(cell, ax):
    """Potentials around a spike of the cell's own."""
    cell.plot("after_spike_V", ax, COLORS["soma"], label="$V$")
    cell.plot("after_spike_V_a", ax, COLORS["apical"], label="$V^a$")
    ax.set(xlabel="time from a spike (ms)", ylabel="from the mean (mV)", xlim=(-5, 20))
    low, high = ax.get_ylim()
    low, high = min(low, -0.5), max(high, 0.5)
    ax.set_ylim(low, high + 0.3 * (high - low))  # room for the legend
    ax.legend(loc="upper right", borderaxespad=0, ncols=2)


def again(cell, ax):
    """Rate after a spike, as a share of the mean."""
    cell.plot("after_spike_rate", ax, COLORS["soma"])
    ax.set(xlabel="time since a spike (ms)", ylabel="rate / mean", xlim=(0, 20))
    ax.set_ylim(0, max(1.6, ax.get_ylim()[1]))


SHEET = {  # title of a panel -> what draws it
    "step of current": step,
    "gain of each dendrite": gains,
    "rate by current (f-I)": current,
    "rate by each dendrite": rates,
    "one basal volley": partial(volley, "basal"),
    "one apical volley": partial(volley, "apical"),
    "plateau potential": plateau,
    "around its own spikes": after,
    "intervals of its spikes": intervals,
    "rate after a spike": again,
    "regularity of spikes": regularity,
}


COLUMNS, HEIGHT = 4, 2.2  # of panels; inches a row


def sheet(name, results):
    """The data sheet of one cell."""
    cell = Cell(results, name)
    shown = SHEET | cell_volleys.panels(cell)
    rows = -(-len(shown) // COLUMNS)
    whole = plt.figure(figsize=(12, HEIGHT * rows + 0.4), dpi=DPI)
    whole.suptitle(fill(cell.said("about").get("cell", name), 110), weight="bold")
    places = whole.add_gridspec(rows, COLUMNS + 1, width_ratios=(1, 1, 1, 1, 2.2))
    for place, (title, draw_one) in enumerate(shown.items()):
        ax = whole.add_subplot(places[divmod(place, COLUMNS)])
        ax.set_title(title, fontsize="medium")
        draw_one(cell, ax)
    table = whole.add_subplot(places[:4, COLUMNS])
    print_measures(cell.printed(), table)
    _key(table, not np.isnan(cell.curves["theory"]).all())
    return whole


def _key(ax, closed):
    ax.plot([], [], "o", color="0.4", label="measured")
    if closed:
        ax.plot([], [], **CLOSED, label="closed form")
    ax.plot([], [], **PAPER, label="the paper's cell")
    ax.plot([], [], **cell_volleys.SUM, label="if it added up")
    ax.legend(loc="lower left", ncols=2, fontsize="small", borderaxespad=0)
