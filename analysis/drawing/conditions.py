"""Trained conditions as a figure: curves, repeated tests of one network, and several seeds.

What conditions are called, how they look and what the paper found is in the page's ``page.json``.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing import errors
from analysis.drawing.errors import Look

MARKERS = "osD^vP*X<>"
LINES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))


def looks(conditions):
    """Condition -> Look: its own, or one by its place; ``conditions`` as in ``page.json``."""
    found = {}
    for k, (name, about) in enumerate(conditions.items()):
        usual = f"C{k}", MARKERS[k % len(MARKERS)], LINES[k % len(LINES)]
        color, marker, line = about["look"] or usual
        line = line if isinstance(line, str) else tuple(line)  # JSON has lists for tuples
        found[name] = Look(about["label"], color, marker, line)
    return found


def read(results, names):
    """Curves and last tests of the conditions that are there.

    Returns ``curves`` as for ``plot_curves``; ``tests``, those after the most epochs, as for
    ``plot_rows``; and condition -> these epochs.
    """
    curve, found = results.table("curves"), {}
    for name in names:
        own, lines = curve.where(condition=name), []
        for seed in np.unique(own["seed"]):
            mine = own.where(seed=seed)
            order = np.argsort(mine["epoch"])
            lines.append((mine["epoch"][order], mine["test_error"][order]))
        if lines:
            found[name] = sorted(lines, key=lambda line: -len(line[0]))
    tests, epochs = {}, {}
    if results.has("tests"):
        for name in found:
            mine = results.table("tests").where(condition=name)
            if len(mine["epochs"]):
                epochs[name] = int(mine["epochs"].max())
                tests[name] = mine.where(epochs=epochs[name])["test_error"]
    return found, tests, epochs


def of_seeds(curves):
    """Test errors of several seeds after as many epochs: those of the shortest curve.

    Returns these epochs, None if no condition has several seeds, and condition -> ndarray of test
    errors, per cent; ``curves`` as for ``plot_curves``.
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

    ``epochs``: condition -> epochs after which the training ended.
    """
    table, means, spreads = results.table("headline"), {}, {}
    table = table.where(measure="test_error_last_epochs")
    for name, count in epochs.items():
        mine = table.where(condition=name, epochs=count)
        if len(mine["value"]):
            means[name], spreads[name] = float(mine["value"][0]), float(mine["spread"][0])
    return means, spreads


def paper(results):
    """Condition -> the paper's test error (per cent), where it gives one."""
    table = results.table("headline").where(measure="test_error")
    found = zip(table["condition"], table["paper"], strict=True)
    return {name: float(value) for name, value in found if value and np.isfinite(float(value))}


def estimates(conditions, tests):
    """Condition -> lowest and highest error as estimated from the paper's figure, per cent.

    ``conditions`` as in ``page.json``, where some estimates are above the mean of another
    condition; ``tests`` as for ``plot_rows``.
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


def over_seeds(table, column, by="epoch"):
    """Values of ``by``, and at each the mean of a column over seeds, as two arrays."""
    places = np.unique(table[by])
    return places, np.array([table[column][table[by] == place].mean() for place in places])


def draw(results, more=0.0, names=None):
    """Curves, repeated tests of one network, and networks of several seeds, as far as there.

    ``more`` inches are left free in a last SubFigure, for what a page adds; ``names`` are the
    conditions that are shown, default: all.
    """
    page = results.page()
    conditions = page["conditions"]
    if names is not None:
        conditions = {name: conditions[name] for name in names}
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
    errors.plot_curves(curves, shown, parts[0].subplots(), fewer)
    parts[0].legend(fontsize="small", loc="outside right center", handlelength=3.5)
    if rows:
        columns = [kind for kind in (tests, seeds) if kind]
        axes = parts[1].subplots(1, len(columns), sharey=True, squeeze=False)[0]
        if tests:
            errors.plot_rows(tests, shown, rows, axes[0], fewer)
            times = max(map(len, tests.values()))
            axes[0].set_title(f"one network, {_epochs(usual)}, {times} tests")
            _draw_others(results, after, rows, estimates(conditions, tests), axes[0])
        if seeds:
            errors.plot_rows(seeds, shown, rows, axes[-1])
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
        errors.plot_last_epochs(means, spreads, rows, ax)
    theirs = {name: value for name, value in paper(results).items() if name in rows}
    if theirs:
        errors.plot_paper(theirs, rows, ax, results.page().get("paper", "paper"))
    errors.plot_estimates({name: ends for name, ends in ranges.items() if name in rows}, rows, ax)


def _legend(axes, part):
    found = {}
    for ax in axes:
        found |= dict(zip(*ax.get_legend_handles_labels()[::-1], strict=True))
    part.legend(found.values(), found.keys(), fontsize="small", loc="outside lower center", ncols=2)


def _epochs(count):
    return f"{count} epoch{'s' * (count > 1)}"
