"""Panels of a data sheet: what comes together at a cell, and the variables of its own.

A dashed line is what a cell would do that adds up what it does with each thing alone.
"""

from functools import partial
from textwrap import fill

import numpy as np

from analysis.drawing.axes import symbol
from analysis.segregated.cell_curves import COLORS, SYMBOLS, plot_curve

SUM = {"color": "C1", "linestyle": "--", "linewidth": 1.4, "zorder": 5}
PAIR = {"basal": ("basal", "$V$", "C0"), "spike": ("spike", SYMBOLS["apical"], "C3")}
KINDS = {  # what a cell's own variables are shown with -> colour, line style, label
    "basal": ("C0", "-", "basal volley"),
    "apical": ("C2", "--", "apical volley"),
    "spike": ("C6", ":", "a spike"),
}


def sizes(cell, ax):
    """Potentials by the size of an apical volley."""
    if not cell.has("volleys_V_a"):
        return say(cell, "volleys", ax)
    a = SYMBOLS["apical"]
    cell.plot("volleys_V_a", ax, COLORS["apical"], "o", label=f"{a}, peak")
    cell.plot("volleys_V_a_mean", ax, "C3", "s", label=f"{a}, mean of 50 ms")
    cell.plot("volleys_V", ax, COLORS["soma"], "^", label="$V$, peak")
    ax.set(xlabel="spikes in an apical volley", ylabel="change (mV)", xlim=(0, None))
    room_above(ax, 0.35)
    ax.legend(loc="upper left", borderaxespad=0, fontsize="small", handletextpad=0.2)


def together(pair, cell, ax):
    """What two things do to a potential alone, both at once, and their sum."""
    what, potential, color = PAIR[pair]
    if not cell.has(f"{pair}_pair_both"):
        return say(cell, f"{pair}_pair" if cell.has("volleys_V_a") else "volleys", ax)
    plot_alone(cell.curve(f"{pair}_pair_{pair}"), ax, color, "-", what)
    plot_alone(cell.curve(f"{pair}_pair_apical"), ax, COLORS["apical"], "-.", "apical")
    cell.plot(f"{pair}_pair_both", ax, COLORS["soma"], label="both")
    summed = cell.curve(f"{pair}_pair_sum")
    ax.plot(summed["x"], summed["value"], **SUM, label="sum")
    ax.set(xlabel="time (ms)", ylabel=f"change of {potential} (mV)", xlim=(0, 60))
    room_above(ax, 0.4)
    ax.legend(loc="upper left", ncols=2, borderaxespad=0, fontsize="small", columnspacing=1)
    if f"{pair}_pair" in cell.said("note"):
        remark(fill(cell.said("note")[f"{pair}_pair"], 20), ax, 0.45)


def plot_alone(found, ax, color, style, label):
    """A thin line for what one thing does alone, shape (points,); returns the axes."""
    ax.plot(found["x"], found["value"], color=color, linestyle=style, linewidth=1, label=label)
    return ax


def lags(measure, unit, cell, ax):
    """Peaks or spikes by the lag of an apical volley, after a basal one and after a spike."""
    shown = [pair for pair in PAIR if cell.has(f"{pair}_timing_{measure}")]
    if not shown:
        return say(cell, "volleys", ax)
    for pair in shown:
        name, potential, color = PAIR[pair]
        label = f"with {name}" + (f": {potential}" if measure == "peak" else "")
        found = cell.curve(f"{pair}_timing_{measure}")
        error = found["spread"] / np.sqrt(found["n"])  # of the mean; nan where nothing is random
        values = (found[key] for key in ("x", "value", "theory", "paper"))
        style = {"basal": "o", "spike": "s"}[pair]
        plot_curve(*values, ax, color, style, None if np.isnan(error).all() else error, label)
        summed = cell.curve(f"{pair}_timing_{measure}_sum")
        ax.plot(summed["x"], summed["value"], **SUM | {"zorder": 2})
    ax.set(
        xlabel="lag of the apical volley (ms)", ylabel=unit, ylim=(min(0, ax.get_ylim()[0]), None)
    )
    room_above(ax, 0.3)
    ax.legend(loc="upper left", borderaxespad=0, fontsize="small", handletextpad=0.2)
    said = [cell.said("note").get(f"{pair}_{measure}") for pair in shown]
    remark("\n".join(fill(text, 26) for text in said if text), ax, 0.5)


def variable(name, cell, ax):
    """A variable of the cell's own, over one image."""
    moved = False
    for kind, (color, style, label) in KINDS.items():
        found = cell.curve(f"own_{name}_{kind}")
        moved |= np.ptp(found["value"]) > 0
        ax.plot(found["x"], found["value"], color=color, linestyle=style, label=label)
    what, _, meaning = cell.said("variable")[name].partition(": ")
    ax.set(xlabel="time in an image (ms)", ylabel=symbol_and_unit(what), xlim=(0, 100))
    own = symbol(what.partition(" ")[0])
    ax.set_title(fill(f"{own}: {meaning}" if meaning != name else own, 40), fontsize="medium")
    room_above(ax, 0.4)
    ax.legend(loc="upper left", borderaxespad=0, fontsize="small")
    if not moved:
        remark("it does not move here", ax, 0.3)


def symbol_and_unit(text):
    """ "g_K (Hz)" -> "$g_{K}$ (Hz)"; of a pure number, the symbol alone."""
    name, _, unit = text.partition(" (")
    return symbol(name) if unit == "1)" else f"{symbol(name)} ({unit}"


def say(cell, place, ax):
    """In place of a panel: why it cannot be."""
    ax.axis("off")
    said = fill(cell.said("note").get(place, "not measured"), 24).replace("V_a", SYMBOLS["apical"])
    ax.text(0.5, 0.5, said, transform=ax.transAxes, ha="center", va="center", color="0.35")


def remark(text, ax, height):
    """A few words on the right of a panel; height is a share of it."""
    place = {"ha": "right", "va": "center", "transform": ax.transAxes}
    ax.text(1, height, text, fontsize="small", color="0.35", **place)


def room_above(ax, share):
    """Leave room for a legend."""
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + share * (high - low))


def panels(cell):
    """Title -> what draws it, for a cell; those of its own variables have their meaning instead."""
    return {
        "apical volleys": sizes,
        "basal and apical volley": partial(together, "basal"),
        "spike and apical volley": partial(together, "spike"),
        "peaks by the lag": partial(lags, "peak", "peak (mV)"),
        "spikes by the lag": partial(lags, "spikes", "more spikes"),
    } | {f"own {name}": partial(variable, name) for name in cell.said("variable")}
