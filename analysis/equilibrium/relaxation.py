"""How a network relaxes and is nudged: energy, cost and states in time, and how long it takes.

    python -m analysis relaxation

For each network one test image: above, F = E + beta C, which falls in each phase, and the cost C;
below, the states of the cells that the nudge moves most. Last, the steps of half a time constant
until no state moves by more than .001: medians over images, bars are quartiles; the numbers are
those of the paper's free phase.
"""

import matplotlib.pyplot as plt
import numpy as np

COLORS = "C0", "C1", "C2", "C3"
LINES = "-", "--", ":", "-."
DEPTHS = {"one_hidden": ("1", 20), "two_hidden": ("2", 100), "three_hidden": ("3", 500)}


def plot_energy(table, nudge, ax):
    """F and C by time; returns the axes, and those of C."""
    ax.axvspan(nudge, table["t"].max(), color="#E69F00", alpha=0.15, linewidth=0)
    for phase in (table["t"] < nudge, table["t"] >= nudge):  # F jumps where the nudge begins
        ax.plot(table["t"][phase], table["F"][phase], color="C0")
    ax.set_ylabel("$F = E + \\beta C$", color="C0")
    cost = ax.twinx()
    cost.plot(table["t"], table["C"], color="C1", linestyle="--")
    cost.set_ylabel("cost $C$", color="C1")
    return ax, cost


def plot_states(table, nudge, ax):
    """States of some cells of each layer by time; returns the axes."""
    ax.axvspan(nudge, table["t"].max(), color="#E69F00", alpha=0.15, linewidth=0)
    for k, layer in enumerate(dict.fromkeys(table["layer"])):
        mine = table.where(layer=layer)
        for cell in np.unique(mine["cell"]):
            own = mine.where(cell=cell)
            first = cell == mine["cell"].min()
            style = {"color": COLORS[k], "linestyle": LINES[k], "linewidth": 0.8}
            ax.plot(own["t"], own["s"], **style, label=layer.replace("_", " ") if first else None)
    ax.set(xlabel="time (time constants)", ylabel="state $s$", ylim=(-0.03, 1.03))
    ax.legend(fontsize="small")
    return ax


def plot_steps(table, ax):
    """Steps until nothing moves, by depth; returns the axes."""
    for k, when in enumerate(("begun", "trained")):
        mine = table.where(when=when)
        places = [list(DEPTHS).index(name) + 0.08 * (2 * k - 1) for name in mine["condition"]]
        ends = mine["median"] - mine["lower"], mine["upper"] - mine["median"]
        how = {"fmt": "os"[k], "color": COLORS[k], "mfc": ("white", COLORS[k])[k]}
        ax.errorbar(places, mine["median"], ends, **how, label=("at the start", "trained")[k])
    for k, (_, paper) in enumerate(DEPTHS.values()):
        ax.plot([k - 0.25, k + 0.25], [paper, paper], color="0.3", linewidth=1)
        ax.text(k + 0.27, paper, str(paper), va="center", fontsize="small")
    ax.plot([], [], color="0.3", label="the paper's phase")
    names = [text for text, _ in DEPTHS.values()]
    ax.set(xticks=range(len(names)), xticklabels=names, xlabel="hidden layers", yscale="log")
    ax.set(ylabel="steps until nothing moves", xlim=(-0.5, len(names) - 0.3))
    ax.legend(fontsize="small")
    return ax


def draw(results):
    """A column for each network, and one for the steps."""
    energy, states, steps = (results.table(name) for name in ("energy", "states", "steps"))
    conditions = results.page()["conditions"]
    there = [name for name in conditions if name in energy["condition"]]
    figure = plt.figure(figsize=(3.4 * len(there) + 3.0, 4.8))
    parts = figure.subfigures(1, len(there) + 1, width_ratios=[3.4] * len(there) + [3.0])
    for name, part in zip(there, parts, strict=False):
        upper, lower = part.subplots(2, 1, sharex=True)
        own, cells = energy.where(condition=name), states.where(condition=name)
        jump = np.argmax(np.abs(np.diff(own["F"] - own["E"]))) + 1  # beta C is not 0 from here on
        nudge = own["t"][jump]
        plot_energy(own, nudge, upper)
        upper.set_title(conditions[name]["label"])
        plot_states(cells, nudge, lower)
    plot_steps(steps, parts[-1].subplots())
    return figure
