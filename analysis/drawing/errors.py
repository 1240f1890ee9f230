"""Test errors of trained conditions: curves over training, and tests after it."""

from typing import NamedTuple

import numpy as np
from matplotlib.ticker import MaxNLocator

from analysis.drawing.axes import logarithmic


class Look(NamedTuple):
    """How a condition is shown: its text, its colour, the marker and the line of its curve."""

    text: str
    color: str
    marker: str
    line: object = "-"


def plot_curves(curves, looks, ax, hollow=()):
    """Test error after each epoch, one line for each condition and seed; returns the axes.

    ``curves``: condition -> list of (epochs, errors), one for each seed, the longest first; per
    cent. ``looks``: condition -> Look. The conditions in ``hollow`` have hollow markers.
    """
    for name, lines in curves.items():
        text, color, marker, line = looks[name]
        first, *further = lines
        face = "white" if name in hollow else color
        ax.plot(
            *first, color=color, linestyle=line, marker=marker, mfc=face, label=text,
            markevery=max(1, len(first[0]) // 8),
        )  # fmt: skip
        for epochs, errors in further:
            ax.plot(epochs, errors, color=color, linestyle=line, linewidth=0.6, alpha=0.7)
    if any(len(lines) > 1 for lines in curves.values()):
        ax.plot([], [], color="0.3", linewidth=0.6, label="thin: of further seeds")
    logarithmic(ax, *(errors for lines in curves.values() for _, errors in lines))
    ax.set(xlabel="epochs", ylabel="test error (%)")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    return ax


def plot_rows(tests, looks, rows, ax, hollow=()):
    """Several tests for each condition: every test a dot, the mean a bar; returns the axes.

    ``tests``: condition -> ndarray of test errors, per cent, of one network again and again, or of
    networks of several seeds; ``rows``: condition -> its row from the top; ``looks`` and ``hollow``
    as for ``plot_curves``.
    """
    beside = ax.get_yaxis_transform()
    for name, errors in tests.items():
        row, color = rows[name], looks[name].color
        heights = row + (np.linspace(-0.32, 0.02, len(errors)) if len(errors) > 1 else [-0.15])
        dots = {"color": color, "mfc": "none" if name in hollow else color}
        dots |= {"markersize": 2.4 if len(errors) > 5 else 3.5, "markeredgewidth": 0.5}
        ax.plot(errors, heights, "o", **dots, alpha=0.8)
        ax.vlines(errors.mean(), row - 0.42, row + 0.12, color=color, linewidth=2)
        text = f"{errors.mean():.2f}"
        ax.text(1.02, row - 0.1, text, transform=beside, va="center", fontsize="small")
    ax.plot([], [], "o", color="0.3", markersize=2.4, label="one test")
    ax.plot([], [], "|", color="0.3", markersize=9, markeredgewidth=2, label="mean of these tests")
    ax.set(xlabel="test error (%)", ylim=(len(rows) - 0.4, -0.6))
    ax.grid(axis="y", color="0.9", linewidth=0.5)
    return ax


def plot_networks(errors, row, look, ax, above=0.3, note=""):
    """Errors of networks in a row, the mean as a bar, and above it in figures with its spread.

    ``errors``: ndarray, per cent; ``look``: as of ``studies.look``; ``note``: what else is said.
    """
    mean = errors.mean()
    ax.plot(errors, np.full(len(errors), row), look["marker"], color=look["color"], mfc="white")
    ax.plot([mean] * 2, [row - 0.25, row + 0.25], color=look["color"], linewidth=2)
    spread = f" ± {errors.std(ddof=1):.2f}" if len(errors) > 1 else ""
    text, place = f"{mean:.2f}{spread}{note}", (mean, row - above)
    ax.annotate(text, place, ha="center", va="bottom", fontsize="small")


def plot_last_epochs(means, spreads, rows, ax):
    """Means and s.d. of tests after last epochs, condition -> per cent; returns the axes."""
    places = [rows[name] + 0.25 for name in means]
    style = {"fmt": ".", "color": "0.25", "elinewidth": 0.9, "capsize": 2, "markersize": 3}
    label = "mean ± s.d. of tests after each of the last 10 epochs"
    ax.errorbar(
        list(means.values()), places, xerr=[spreads[name] for name in means], label=label, **style
    )
    return ax


def plot_paper(errors, rows, ax, label="paper"):
    """The paper's test errors (condition -> per cent); returns the axes."""
    places = [rows[name] for name in errors]
    style = {"mfc": "white", "mec": "0.1", "markersize": 5, "zorder": 5}
    ax.plot(list(errors.values()), places, "D", **style, label=label)
    return ax


def plot_estimates(ranges, rows, ax):
    """What the paper's figures show where it prints no number; returns the axes.

    ``ranges``: condition -> lowest and highest estimate, per cent.
    """
    label = "estimated from the paper's figure"
    for name, ends in ranges.items():
        style = {"color": "0.1", "linewidth": 0.9, "mfc": "white", "markersize": 6, "zorder": 5}
        ax.plot(ends, [rows[name]] * 2, "*-", **style, label=label)
        label = None
    return ax
