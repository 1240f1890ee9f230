"""What the figures of trained conditions share: curves, repeated tests, and several seeds."""

from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from analysis.learning_curve import logarithmic

MARKERS = "osD^vP*X<>"


class Look(NamedTuple):
    """How a condition is shown: its text, its colour, and the marker of its curve."""

    text: str
    color: str
    marker: str


def looks(labels):
    """A look for each of some texts, by its place among them; both dicts by condition."""
    return {
        name: Look(text, f"C{k}", MARKERS[k % len(MARKERS)])
        for k, (name, text) in enumerate(labels.items())
    }


def plot_curves(curves, looks, ax):
    """Test error after each epoch, one line for each condition and seed; returns the axes.

    Parameters
    ----------
    curves : dict
        Condition -> list of (epochs, errors), one for each seed, the longest first; per cent.
    looks : dict
        Condition -> Look.
    ax : Axes
    """
    for name, lines in curves.items():
        text, color, marker = looks[name]
        for seed, (epochs, errors) in enumerate(lines):
            style = {"linewidth": 1.4} if seed == 0 else {"linewidth": 0.6, "alpha": 0.7}
            style |= {"markevery": max(1, len(epochs) // 8), "label": None if seed else text}
            ax.plot(epochs, errors, color=color, marker=marker, **style)
    logarithmic(ax, *(errors for lines in curves.values() for _, errors in lines))
    ax.set(xlabel="epochs", ylabel="test error (%)")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return ax


def plot_tests(tests, looks, ax, paper=None):
    """Several tests for each condition: every test a dot, the mean a bar; returns the axes.

    Parameters
    ----------
    tests : dict
        Condition -> ndarray of test errors, per cent: of one network again and again, or of
        networks of several seeds.
    looks : dict
        Condition -> Look.
    ax : Axes
    paper : dict, optional
        Condition -> the paper's test error after 60 epochs, drawn as a diamond.
    """
    for k, (name, errors) in enumerate(tests.items()):
        spread = np.linspace(-0.25, 0.25, len(errors)) if len(errors) > 1 else [0]
        color = looks[name].color
        ax.plot(spread + np.float64(k), errors, ".", color=color, markersize=3, alpha=0.7)
        ax.hlines(errors.mean(), k - 0.35, k + 0.35, color=color, linewidth=2)
        beside = {"xy": (k, errors.min()), "xytext": (0, -0.5), "va": "top"}
        if (paper or {}).get(name, np.inf) < errors.mean():  # the diamond is below
            beside = {"xy": (k, errors.max()), "xytext": (0, 0.4), "va": "bottom"}
        style = {"textcoords": "offset fontsize", "ha": "center", "weight": "bold"}
        ax.annotate(f"{errors.mean():.2f}", **beside, **style, color=color)
    theirs = [(k, paper[name]) for k, name in enumerate(tests) if name in (paper or {})]
    if theirs:
        ax.plot(*zip(*theirs, strict=True), "D", mfc="none", mec="0.2", label="paper, 60 epochs")
    ax.set_xticks(range(len(tests)), [looks[name].text for name in tests])
    ax.tick_params(axis="x", rotation=25)
    plt.setp(ax.get_xticklabels(), ha="right", rotation_mode="anchor")
    ax.set(ylabel="test error (%)", xlim=(-0.6, len(tests) - 0.4))
    ax.margins(y=0.2)
    return ax


def read(results, names):
    """Curves and last tests of the conditions that are there, as the plot functions take them.

    Returns
    -------
    curves : dict
        As for ``plot_curves``.
    tests : dict
        As for ``plot_tests``: the tests after the most epochs.
    epochs : dict
        Condition -> these epochs.
    """
    curve, found = results.table("curves"), {}
    for name in names:
        lines = []
        for seed in np.unique(curve["seed"][curve["condition"] == name]):
            mine = (curve["condition"] == name) & (curve["seed"] == seed)
            order = np.argsort(curve["epoch"][mine])
            lines.append((curve["epoch"][mine][order], curve["test_error"][mine][order]))
        if lines:
            found[name] = sorted(lines, key=lambda line: -len(line[0]))
    tests, epochs = {}, {}
    if results.has("tests"):
        table = results.table("tests")
        for name in found:
            mine = table["condition"] == name
            if mine.any():
                epochs[name] = int(table["epochs"][mine].max())
                tests[name] = table["test_error"][mine & (table["epochs"] == epochs[name])]
    return found, tests, epochs


def of_seeds(curves):
    """Test errors of several seeds after as many epochs: those of the shortest curve.

    Parameters
    ----------
    curves : dict
        As for ``plot_curves``.

    Returns
    -------
    epochs : int or None
        None: no condition has several seeds.
    tests : dict
        Condition -> ndarray of test errors, per cent, of conditions with several seeds.
    """
    several = {name: lines for name, lines in curves.items() if len(lines) > 1}
    if not several:
        return None, {}
    last = min(int(epochs[-1]) for lines in several.values() for epochs, _ in lines)
    return last, {
        name: np.array([float(errors[epochs == last][0]) for epochs, errors in lines])
        for name, lines in several.items()
    }


def paper(results):
    """Condition -> the paper's test error (per cent), where it gives one."""
    table = results.table("headline")
    mine = table["measure"] == "test_error"
    found = zip(table["condition"][mine], table["paper"][mine], strict=True)
    return {name: float(value) for name, value in found if value and np.isfinite(float(value))}


def draw(results, looks, title):
    """Curves, repeated tests of one network, and networks of several seeds, as far as there."""
    curves, tests, after = read(results, looks)
    epochs, seeds = of_seeds(curves)
    widths = [3.9, *(max(2.6, 0.7 + 0.38 * len(part)) for part in (tests, seeds) if part)]
    size, sharing = (sum(widths), 4.6), {"width_ratios": widths, "squeeze": False}
    figure, axes = plt.subplots(1, len(widths), figsize=size, **sharing)
    left, *others = axes[0]
    plot_curves(curves, looks, left)
    figure.legend(fontsize="small", loc="outside lower left", ncols=3)
    if tests:
        right, theirs = others.pop(0), paper(results)
        times, usual = max(map(len, tests.values())), max(after.values())
        fewer = {name: f" ({count} epochs)" for name, count in after.items() if count < usual}
        shown = {
            name: look._replace(text=look.text + fewer.get(name, ""))
            for name, look in looks.items()
        }
        plot_tests(tests, shown, right, theirs)
        when = f"{_epochs(usual)}{' unless said' if fewer else ''}"
        right.set_title(f"one network, {when},\ntested {times} times", fontsize="medium")
        if any(name in theirs for name in tests):
            right.legend(fontsize="small")
    if seeds:
        plot_tests(seeds, looks, others[0])
        count = max(map(len, seeds.values()))
        others[0].set_title(f"{count} seeds,\n{_epochs(epochs)}", fontsize="medium")
    figure.suptitle(title)
    return figure


def _epochs(count):
    return f"{count} epoch{'s' * (count > 1)}"
