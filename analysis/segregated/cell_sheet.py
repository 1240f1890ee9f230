"""The data sheet of one cell, as it was measured on the bench.

Dots and coloured lines are measured; black lines are the closed form, where the cell has one;
dotted grey lines are those of the paper's cell.
"""

from functools import partial

import matplotlib.pyplot as plt
import numpy as np

COLORS = {"soma": "C6", "basal": "C0", "apical": "C2", "current": "C1"}
SYMBOLS = {"basal": "$V^b$", "apical": "$V^a$"}
DPI = 110  # many figures, kept in git
SAME = 1e-3  # how far measures of cells that are the same may differ
PAPER = {"color": "0.6", "linestyle": ":", "linewidth": 1.8, "zorder": 1}
CLOSED = {"color": "0.1", "linewidth": 0.8, "zorder": 4}
# What the sheet prints: measure -> what it is, unit.
PRINTED = {
    "input_resistance_ms": ("resistance (per capacitance)", "ms"),
    "time_constant_ms": ("time constant", "ms"),
    "gain_basal_when_silent": ("gain, basal to soma (silent)", ""),
    "gain_basal": ("    of mean $V$, spikes and all", ""),
    "gain_apical_when_silent": ("gain, apical to soma (silent)", ""),
    "gain_apical": ("    of mean $V$, spikes and all", ""),
    "rate_slope_current": ("slope of rate, by current", "Hz/(mV/ms)"),
    "rate_slope_basal": ("    by $V^b$", "Hz/mV"),
    "rate_slope_apical": ("    by $V^a$", "Hz/mV"),
    "basal_volley_soma_mV": ("basal volley, at the soma", "mV"),
    "basal_volley_soma_time_to_peak_ms": ("    time to peak", "ms"),
    "basal_volley_soma_half_width_ms": ("    half width", "ms"),
    "apical_volley_dendrite_mV": ("apical volley, in dendrite", "mV"),
    "apical_volley_soma_mV": ("    at the soma", "mV"),
    "plateau_slope_per_mV": ("plateau: slope", "/mV"),
    "plateau_middle_mV": ("    middle", "mV"),
    "rate_at_0_mV": ("rate at rest", "Hz"),
    "rate_at_2_mV": ("rate at $V^b$ = 2 mV", "Hz"),
    "cv_at_2_mV": ("    CV of intervals", ""),
    "fano_at_2_mV": ("    Fano factor", ""),
    "rate_after_spike": ("    rate after a spike / mean", ""),
    "rate_poisson_input": ("rate under Poisson input", "Hz"),
    "cv_poisson_input": ("    CV of intervals", ""),
    "fano_poisson_input": ("    Fano factor", ""),
}


def plot_curve(
    x, value, theory, paper, ax, color="C0", style="-", spread=None, label=None, behind=":"
):
    """A measured curve with its closed form and the paper's cell behind it; returns the axes.

    Arrays have shape (points,): x and ``value`` as measured, ``theory`` and ``paper`` the closed
    forms of this cell and of the paper's (nan: none), ``spread`` a standard deviation, drawn as a
    bar. ``style`` is a marker, "o" or "s", for points, or a line style; ``behind`` is that of the
    paper's.
    """
    ax.plot(x, paper, **PAPER | {"linestyle": behind})
    if style in ("o", "s"):
        ax.errorbar(x, value, spread, fmt=style, color=color, elinewidth=0.7, label=label, zorder=3)
    else:
        ax.plot(x, value, style, color=color, linewidth=2, label=label, zorder=3)
    ax.plot(x, theory, **CLOSED)
    return ax


def plot_regularity(rate, cv, fano, theory, ax):
    """CV of intervals and Fano factor of counts by rate (Hz), shape (points,); returns the axes.

    ``theory`` has both for spikes that come or not in each step.
    """
    none = np.nan * rate
    cv_label, fano_label = "CV (paper: dotted)", "Fano factor (dashed)"
    plot_curve(rate, cv, none, theory[0], ax, "C1", "o", label=cv_label)
    plot_curve(rate, fano, none, theory[1], ax, "C3", "s", label=fano_label, behind="--")
    return ax


def same(value, paper):
    """Whether measures are those of the paper's cell; not where one of the two is nan."""
    return np.abs(value - paper) <= SAME * (1 + np.abs(paper))


def print_measures(rows, ax):
    """Measures beside their closed forms, as text; returns the axes.

    A row is: what it is, value, closed form (nan: none; "=": as the paper's), paper's cell (nan:
    none), unit.
    """
    ax.axis("off")
    places, step = (0, 0.6, 0.75, 0.88, 0.9), 1 / (len(rows) + 2)
    sides = ("left", "right", "right", "right", "left")
    lines = [("", "measured", "theory", "paper", "")]
    lines += [(row[0], *(number(v) for v in row[1:4]), row[4]) for row in rows]
    for row, line in enumerate(lines):
        for place, text, side in zip(places, line, sides, strict=True):
            color = "0.45" if place == places[3] or not row else "0.1"
            style = {"va": "center", "ha": side, "fontsize": "small", "color": color}
            ax.text(place, 1 - (row + 0.5) * step, text, transform=ax.transAxes, **style)
    about = "–: not measured, or no closed form\n=: measured as the paper's, so its theory holds"
    ax.text(0, -0.02, about, fontsize="small", color="0.45")
    return ax


def number(value):
    """A measure as text, with three digits."""
    if isinstance(value, str):
        return value
    return "–" if np.isnan(value) else f"{value if abs(value) > 5e-4 else 0:.3g}"


class Cell:
    """The curves and measures of one cell."""

    def __init__(self, results, name):
        self.curves = results.table("curves").where(condition=name)
        self.measures = results.table("measures").where(condition=name)
        self.paper = by_measure(results.table("measures"), "paper")

    def curve(self, name):
        """Columns x, value, theory, paper and spread of a curve; float, nan where empty."""
        return self.curves.where(curve=name)

    def plot(self, name, ax, color, style="-", spread=False, label=None, x=None):
        """Draw one curve."""
        found = self.curve(name)
        bars = found["spread"] if spread else None
        values = [found["x"] if x is None else x, *(found[k] for k in ("value", "theory", "paper"))]
        return plot_curve(*values, ax, color, style, bars, label)

    def printed(self):
        """Rows of ``print_measures``."""
        rows = []
        for name, (text, unit) in PRINTED.items():
            own = self.measures.where(measure=name)
            values = [own[k] for k in ("value", "theory", "paper")]
            value, theory, paper = (float(v[0]) if len(v) else np.nan for v in values)
            known = np.isnan(theory) and np.isfinite(paper)
            if known and same(value, self.paper.get(name, np.nan)):
                theory = "="
            rows.append((text, value, theory, paper, unit))
        return rows


def by_measure(table, name):
    """Measure -> its value in one cell."""
    own = table.where(condition=name)
    return dict(zip(own["measure"], own["value"], strict=True))


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
    ax.set(xlabel=f"time from {dendrite} volley (ms)", ylabel="change (mV)", xlim=(0, 40))
    ax.legend(loc="upper right", borderaxespad=0)


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


def sheet(name, results):
    """The data sheet of one cell."""
    cell, whole = Cell(results, name), plt.figure(figsize=(12, 6.6), dpi=DPI)
    whole.suptitle(f"cell: {name}", weight="bold")
    places = whole.add_gridspec(3, 5, width_ratios=(1, 1, 1, 1, 2.2))
    for place, (title, draw_one) in enumerate(SHEET.items()):
        ax = whole.add_subplot(places[divmod(place, 4)])
        draw_one(cell, ax)
        ax.set_title(title, fontsize="medium")
    _key(whole.add_subplot(places[2, 3]), not np.isnan(cell.curves["theory"]).all())
    print_measures(cell.printed(), whole.add_subplot(places[:, 4]))
    return whole


def _key(ax, closed):
    ax.axis("off")
    ax.plot([], [], "o", color="0.4", label="measured")
    if closed:
        ax.plot([], [], **CLOSED, label="closed form")
    ax.plot([], [], **PAPER, label="the paper's cell")
    ax.legend(loc="center")
