"""What was measured on one cell: its curves, its measures and words, and how each is drawn.

Dots and coloured lines are measured; black lines are the closed form, where the cell has one;
dotted grey lines are those of the paper's cell.
"""

import numpy as np

from analysis.drawing.axes import plain

COLORS = {"soma": "C6", "basal": "C0", "apical": "C2", "current": "C1"}
SYMBOLS = {"basal": "$V^b$", "apical": "$V^a$"}
SAME = 1e-3  # how far measures of cells that are the same may differ
PAPER = {"color": "0.6", "linestyle": ":", "linewidth": 1.8, "zorder": 1}
CLOSED = {"color": "0.1", "linewidth": 0.8, "zorder": 4}
# What the sheet prints: measure -> what it is, unit.
PRINTED = {
    "input_resistance_ms": ("resistance (per capacitance)", "ms"),
    "time_constant_ms": ("time constant", "ms"),
    "gain_basal_when_silent": ("gain, basal to soma (silent)", ""),
    "gain_basal": ("    of mean $V$, with spikes", ""),
    "gain_apical_when_silent": ("gain, apical to soma (silent)", ""),
    "gain_apical": ("    of mean $V$, with spikes", ""),
    "rate_slope_current": ("slope of rate, by current", "Hz/(mV/ms)"),
    "rate_slope_basal": ("    by $V^b$", "Hz/mV"),
    "rate_slope_apical": ("    by $V^a$", "Hz/mV"),
    "basal_volley_soma_mV": ("basal volley, at the soma", "mV"),
    "basal_volley_soma_time_to_peak_ms": ("    time to peak", "ms"),
    "basal_volley_soma_half_width_ms": ("    half width", "ms"),
    "apical_volley_dendrite_mV": ("apical volley, in dendrite", "mV"),
    "apical_volley_soma_mV": ("    at the soma", "mV"),
    "volleys_V_a_most": ("    many: most $V^a$ / predicted", ""),
    "volleys_V_a_mean_most": ("        of its mean over 50 ms", ""),
    "volleys_V_a_largest": ("        of the largest volley", ""),
    "volleys_V_most": ("        at the soma, most", ""),
    "basal_pair_together": ("with a basal one: $V$ / sum", ""),
    "basal_pair_spikes": ("    spikes / sum", ""),
    "spike_pair_together": ("with a spike: $V^a$ / sum", ""),
    "spike_pair_spikes": ("    spikes / sum", ""),
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
    bar. ``style`` is a marker, "o", "s" or "^", for points, or a line style; ``behind`` is that of
    the paper's.
    """
    ax.plot(x, paper, **PAPER | {"linestyle": behind})
    if style in ("o", "s", "^"):
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
    places, step = (0, 0.6, 0.75, 0.88, 0.9), 1 / (len(rows) + 6)
    sides = ("left", "right", "right", "right", "left")
    lines = [("", "measured", "theory", "paper", "")]
    lines += [(row[0], *(number(v) for v in row[1:4]), row[4]) for row in rows]
    for row, line in enumerate(lines):
        for place, text, side in zip(places, line, sides, strict=True):
            color = "0.45" if place == places[3] or not row else "0.1"
            style = {"va": "center", "ha": side, "fontsize": "small", "color": color}
            ax.text(place, 1 - (row + 0.5) * step, text, transform=ax.transAxes, **style)
    about = "–: not measured, or no closed form\n=: measured as the paper's, so its theory holds"
    style = {"va": "top", "fontsize": "small", "color": "0.45"}
    ax.text(0, 1 - (len(lines) + 0.3) * step, about, transform=ax.transAxes, **style)
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
        self.words = results.table("words").where(condition=name)

    def curve(self, name):
        """Columns x, value, theory, paper and spread of a curve; float, nan where empty."""
        return self.curves.where(curve=name)

    def has(self, name):
        """Whether a curve was measured."""
        return name in self.curves["curve"]

    def said(self, kind):
        """Place -> what is said there: of "about", "note" or "variable"."""
        words = self.words.where(kind=kind)
        return dict(zip(words["place"], map(plain, words["text"]), strict=True))

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
