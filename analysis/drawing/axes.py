"""Axes and their labels: logarithmic ones with plain numbers, and units."""

import re

import numpy as np
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter


def logarithmic(ax, *values, axis="y"):
    """A logarithmic axis with plain numbers; returns the axes.

    ``values`` are the arrays on the axes; a zero, such as no error at all, keeps the axis linear.
    ``axis`` is "x" or "y".
    """
    there = np.concatenate([v for v in values if len(v)])
    if there.min() > 0:
        ax.set(**{f"{axis}scale": "log"})
        subs = (1, 2, 5) if there.max() > 10 * there.min() else (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
        scale = ax.xaxis if axis == "x" else ax.yaxis
        scale.set_major_locator(LogLocator(subs=subs, numticks=20))
        scale.set_major_formatter(StrMethodFormatter("{x:g}"))
        scale.set_minor_formatter(NullFormatter())
    return ax


def legend_below(figure, axes, columns):
    """One legend for all axes, below them."""
    found = {}
    for ax in axes:
        found |= dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True))
    figure.legend(found.values(), found.keys(), loc="outside lower center", ncols=columns)


def shaded(table, column, by, ax, middle=np.mean, **look):
    """A column by another one: ``middle`` of all seeds as a line, and their range as a shade.

    Nothing is drawn where there is no number.
    """
    at = np.unique(table[by])
    values = np.array([table[column][table[by] == one] for one in at], dtype=float)
    if len(at) and np.isfinite(values).any():
        shade = {"color": look["color"], "alpha": 0.15, "linewidth": 0}
        ax.fill_between(at, values.min(axis=1), values.max(axis=1), **shade)
        ax.plot(at, middle(values, axis=1), **look)


def unit_text(unit):
    """A unit for a figure: "kHz^2" -> "kHz$^{2}$"; nothing for a pure number."""
    return "" if unit == "1" else re.sub(r"\^(-?\d+)", r"$^{\1}$", unit)


def labelled(text, unit):
    """A label with its unit, if it has one: "loss", "mV" -> "loss (mV)"."""
    shown = unit_text(unit)
    return f"{text} ({shown})" if shown else text


def symbol(name):
    """A variable's name for a figure: "W_0" -> "$W_{0}$", W_0_mean alike; words stay words."""
    if not re.fullmatch(r"[A-Za-z](_[^\W_]+){1,2}", name):
        return plain(name)
    letter, *marks = name.split("_")
    marks = [rf"\mathrm{{{mark}}}" if len(mark) > 2 else mark for mark in marks]
    return f"${letter}_{{{',~'.join(marks)}}}$"


def plain(text):
    """Text of a file for a figure: what stands between dollars is no formula."""
    return text.replace("$", r"\$")
