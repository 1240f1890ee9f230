"""Trained conditions as a figure: curves, repeated tests of one network, and several seeds.

What conditions are called, how they look and what the paper found is in the page's ``page.json``.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.errors import (
    Look,
    plot_curves,
    plot_estimates,
    plot_last_epochs,
    plot_paper,
    plot_rows,
)

MARKERS = "osD^vP*X<>"
LINES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))


def looks(conditions):
    """Condition -> Look: its own, or one by its place; ``conditions`` as in ``page.json``."""
    found = {}
    for k, (name, about) in enumerate(conditions.items()):
        usual = f"C{k}", MARKERS[k % len(MARKERS)], LINES[k % len(LINES)]
        color, marker, line = about["look"] or usual
        found[name] = Look(about["label"], color, marker, _line(line))
    return found


def _line(line):
    """A line style: JSON has lists for tuples."""
    return line if isinstance(line, str) else tuple(line)


def read(results, names):
    """Curves and last tests of the conditions that are there, as the plot functions take them.

    Returns
    -------
    curves : dict
        As for ``plot_curves``.
    tests : dict
        As for ``plot_rows``: the tests after the most epochs.
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


def last_epochs(results, epochs):
    """Mean and s.d. of the last tests of each training, as two dicts by condition.

    Parameters
    ----------
    results : Results
    epochs : dict
        Condition -> epochs after which the training ended.
    """
    table, means, spreads = results.table("headline"), {}, {}
    for name, count in epochs.items():
        mine = (table["condition"] == name) & (table["measure"] == "test_error_last_epochs")
        mine &= table["epochs"] == count
        if mine.any():
            means[name] = float(table["value"][mine][0])
            spreads[name] = float(table["spread"][mine][0])
    return means, spreads


def paper(results):
    """Condition -> the paper's test error (per cent), where it gives one."""
    table = results.table("headline")
    mine = table["measure"] == "test_error"
    found = zip(table["condition"][mine], table["paper"][mine], strict=True)
    return {name: float(value) for name, value in found if value and np.isfinite(float(value))}


def estimates(conditions, tests):
    """Condition -> lowest and highest error as estimated from the paper's figure, per cent.

    Parameters
    ----------
    conditions : dict
        As in ``page.json``: some estimates are above the mean of another condition.
    tests : dict
        As for ``plot_rows``.
    """
    found = {}
    for name, about in conditions.items():
        if about["estimate"]:
            low, high, above = about["estimate"]
            if above is None:
                found[name] = low, high
            elif above in tests:
                found[name] = tuple(tests[above].mean() + more for more in (low, high))
    return found


def draw(results, more=0.0):
    """Curves, repeated tests of one network, and networks of several seeds, as far as there.

    Parameters
    ----------
    results : Results
    more : float
        Inches left free in a last SubFigure, for what a page adds.
    """
    page = results.page()
    conditions = page["conditions"]
    looks_of = looks(conditions)
    curves, tests, after = read(results, conditions)
    epochs, seeds = of_seeds(curves)
    usual = max(after.values(), default=0)
    fewer = [name for name, count in after.items() if count < usual]
    shown = {name: looks_of[name] for name in curves} | {
        name: looks_of[name]._replace(text=f"{looks_of[name].text} ({after[name]} epochs)")
        for name in fewer
    }
    rows = {name: k for k, name in enumerate(n for n in curves if n in tests or n in seeds)}
    heights = [max(2.6, 0.5 + 0.17 * len(curves))]
    heights += [1.3 + 0.27 * len(rows)] * bool(rows) + [more] * bool(more)
    drawing = plt.figure(figsize=(6.7, 0.3 + sum(heights)))
    parts = drawing.subfigures(len(heights), 1, height_ratios=heights, squeeze=False)[:, 0]
    plot_curves(curves, shown, parts[0].subplots(), fewer)
    parts[0].legend(fontsize="small", loc="outside right center", handlelength=3.5)
    if rows:
        columns = [kind for kind in (tests, seeds) if kind]
        axes = parts[1].subplots(1, len(columns), sharey=True, squeeze=False)[0]
        if tests:
            plot_rows(tests, shown, rows, axes[0], fewer)
            times = max(map(len, tests.values()))
            axes[0].set_title(f"one network, {_epochs(usual)}, {times} tests")
            _draw_others(results, after, rows, estimates(conditions, tests), axes[0])
        if seeds:
            plot_rows(seeds, shown, rows, axes[-1])
            least, most = (pick(map(len, seeds.values())) for pick in (min, max))
            count = f"{least} to {most}" if least < most else most
            axes[-1].set_title(f"{count} networks, {_epochs(epochs)}")
            if not tests:
                _draw_others(results, {}, rows, {}, axes[-1])
        axes[0].set_yticks(list(rows.values()), [shown[name].text for name in rows])
        if fewer:
            axes[0].plot([], [], "o", color="0.3", mfc="none", label="hollow: fewer epochs")
        _legend(axes, parts[1])
    drawing.suptitle(page["title"])
    return drawing


def _draw_others(results, after, rows, ranges, ax):
    """What stands beside repeated tests: the last epochs, the paper, and estimates from it."""
    means, spreads = last_epochs(results, after)
    if means:
        plot_last_epochs(means, spreads, rows, ax)
    theirs = {name: value for name, value in paper(results).items() if name in rows}
    if theirs:
        plot_paper(theirs, rows, ax, results.page().get("paper", "paper"))
    plot_estimates({name: ends for name, ends in ranges.items() if name in rows}, rows, ax)


def _legend(axes, part):
    found = {}
    for ax in axes:
        found |= dict(zip(*ax.get_legend_handles_labels()[::-1], strict=True))
    part.legend(found.values(), found.keys(), fontsize="small", loc="outside lower center", ncols=2)


def _epochs(count):
    return f"{count} epoch{'s' * (count > 1)}"
