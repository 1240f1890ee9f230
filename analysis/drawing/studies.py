"""Studies of settings as figures: how accuracies are distributed, what counts, the best so far.

Accuracies are per cent. A row, a curve or a marker is a study, or studies of the same settings.
"""

import numpy as np
from matplotlib.ticker import NullLocator

from analysis.drawing.axes import plain
from analysis.drawing.conditions import LINES, MARKERS
from experiments.study import statistics

ACCURACY = "accuracy (%)"
SHADES = "viridis"  # from dark to light: readable in grey


def look(k):
    """Colour, marker and line of the k-th of several."""
    return {
        "color": f"C{k % 9}",
        "marker": MARKERS[k % len(MARKERS)],
        "line": LINES[k % len(LINES)],
    }


def mark_chance(chance, ax, text=True):
    """A line where guesses would be; returns the axes. ``chance`` per cent, or None."""
    if chance is not None:
        label = "chance" if text else None
        ax.axvline(chance, color="0.4", linewidth=0.9, linestyle=(0, (1, 1.5)), label=label)
    return ax


def plot_distribution(values, ax, label, color, marker, line):
    """The share of points that are not above each accuracy (EDF); returns the axes.

    ``values`` has shape (points,). The curve begins at 0 below the least of them.
    """
    values = np.sort(values)
    shares = np.arange(len(values) + 1) / len(values)
    ax.step(
        np.append(values[:1], values), shares, where="post", color=color, linestyle=line,
        label=plain(label), marker=marker, markevery=(len(values) // 4 or 1, len(values) // 3 or 1),
    )  # fmt: skip
    ax.set(xlabel=ACCURACY, ylabel="share of points not above", ylim=(0, 1.02))
    return ax


def plot_boxes(groups, ax, failed=None):
    """A box and all points of each study, the highest median above; returns the axes.

    Parameters
    ----------
    groups : dict
        Label -> accuracies, shape (points,).
    failed : dict, optional
        Label -> whether each point diverged: these are crosses.
    """
    order = sorted(groups, key=lambda label: -np.median(groups[label]))
    beside = ax.get_yaxis_transform()
    for row, label in enumerate(order):
        values = np.asarray(groups[label])
        bad = np.zeros(len(values), bool) if failed is None else np.asarray(failed[label], bool)
        ax.boxplot(
            values, positions=[row], orientation="horizontal", widths=0.36, showfliers=False,
            whis=(5, 95), boxprops={"color": "0.35"}, whiskerprops={"color": "0.35"},
            capprops={"color": "0.35"}, medianprops={"color": "C1", "linewidth": 2.2},
        )  # fmt: skip
        # Not one on the other: by their place in the order, up and down in turn.
        rank = np.argsort(np.argsort(values, kind="stable"), kind="stable")
        heights = row + 0.33 + 0.09 * (rank % 3 - 1)
        dots = {"color": "C0", "markersize": 2.6, "alpha": 0.75, "markeredgewidth": 0.6}
        ax.plot(values[~bad], heights[~bad], "o", **dots)
        ax.plot(values[bad], heights[bad], "x", **dots | {"color": "0.1", "markersize": 4})
        low, high = statistics.median_interval(values)
        text = f"{np.median(values):.1f} [{low:.1f}, {high:.1f}]"
        ax.text(1.02, row, text, transform=beside, va="center", fontsize="small")
    ax.plot([], [], "o", color="C0", markersize=2.6, label="one point of the design")
    ax.plot(
        [],
        [],
        color="C1",
        linewidth=2.2,
        label="median [bootstrap, 95 %]; box: quartiles, whiskers: 5 to 95 %",
    )
    if failed is not None and any(np.any(one) for one in failed.values()):
        ax.plot([], [], "x", color="0.1", markersize=4, label="diverged in a fold")
    ax.set(xlabel=ACCURACY, ylim=(len(order) - 0.4, -0.5))
    ax.set_yticks(range(len(order)), [plain(label) for label in order])
    return ax


def plot_against_spread(curves, ax, label):
    """A number with its interval against the factor of a study; returns the axes.

    ``curves``: label -> list of (factor, number, lower end, upper end), in the order of factors;
    ``label``: what it is.
    """
    factors = sorted({row[0] for rows in curves.values() for row in rows})
    step = 0.09
    for k, (name, rows) in enumerate(curves.items()):
        at, middle, low, high = np.array(rows).T
        own = look(k)
        beside = at * 2 ** (step * (k - (len(curves) - 1) / 2))  # not one on the other
        ends = np.maximum([middle - low, high - middle], 0)
        ax.errorbar(
            beside, middle, ends, color=own["color"], marker=own["marker"], linestyle=own["line"],
            capsize=2, elinewidth=0.9, label=plain(name),
        )  # fmt: skip
    ax.set_xscale("log")
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticks(factors, [f"{one:g}" for one in factors])
    ax.set_xlim(factors[0] / 1.3, factors[-1] * 1.3)
    ax.set(xlabel="factor that parameters are moved within", ylabel=label)
    return ax


def plot_parallel(names, places, values, ax):
    """A line for each point through all its parameters, the lighter the better; returns the image.

    Parameters
    ----------
    names : sequence of str
    places : ndarray, shape (points, parameters)
        All above 0: the axes are logarithmic, from the least to the most that was tried.
    values : ndarray, shape (points,)
        Accuracies. The best tenth are thick.
    """
    logs = np.log(places)
    low, width = logs.min(axis=0), np.ptp(logs, axis=0)
    heights = (logs - low) / np.where(width > 0, width, 1)
    shades = ax.scatter(np.zeros(len(values)), np.zeros(len(values)), c=values, s=0, cmap=SHADES)
    thick = np.quantile(values, 0.9)
    for k in np.argsort(values, kind="stable"):
        best = values[k] >= thick
        style = {"linewidth": 1.8 if best else 0.7, "alpha": 1.0 if best else 0.6}
        ax.plot(heights[k], color=shades.to_rgba(values[k]), **style)
    for k in range(len(names)):
        ax.axvline(k, color="0.3", linewidth=0.7, zorder=0)
        for end, at, side in ((0, -0.02, "top"), (1, 1.02, "bottom")):
            text = f"{np.exp(low[k] + end * width[k]):.3g}"
            ax.text(k, at, text, ha="center", va=side, fontsize="x-small")
    ax.set_xticks(range(len(names)), [plain(name) for name in names], rotation=45, ha="right")
    ax.tick_params(axis="x", length=0, pad=11)
    ax.set(yticks=[], ylim=(0, 1), xlim=(-0.4, len(names) - 0.6))
    ax.spines[["left", "bottom"]].set_visible(False)
    return shades


def plot_importance(names, found, ax):
    """What each parameter counts, and what it would by chance; returns the axes.

    ``found`` is an ``Importance`` of the parameters ``names``.
    """
    order = np.argsort(-found.values, kind="stable")
    rows = np.arange(len(order))
    sure = found.values[order] > found.chance
    ends = np.quantile(found.null[:, order], (0.05, 0.95), axis=0)
    ax.hlines(rows, *ends, color="0.75", linewidth=6, label="by chance, 5 to 95 %")
    for mine, face in ((sure, "C0"), (~sure, "white")):
        label = "more than chance" if face == "C0" else "not surely more"
        ax.plot(
            found.values[order][mine],
            rows[mine],
            "o",
            color="C0",
            mfc=face,
            markersize=5,
            label=label,
        )
    text = "largest of all by chance, 95 %"
    ax.axvline(found.chance, color="C1", linestyle="--", linewidth=1, label=text)
    ax.axvline(0, color="0.4", linewidth=0.8, zorder=0)
    ax.set_yticks(rows, [plain(names[k]) for k in order])
    ax.set(xlabel="share of variance explained less when shuffled", ylim=(len(order) - 0.4, -0.6))
    return ax


def plot_tornado(usual, ends, found, ax):
    """Accuracies with one parameter moved, a row each, the widest above; returns the axes.

    Parameters
    ----------
    usual : float
        The accuracy of the settings as they are.
    ends : pair of float
        The lowest and highest of its folds.
    found : dict
        Parameter -> factors on it, shape (places,), from below 1 to above, and accuracies.
    """
    order = sorted(found, key=lambda name: -np.ptp(np.append(found[name][1], usual)))
    ax.axvspan(*ends, color="0.9", label="as they are: range of folds")
    ax.axvline(usual, color="0.4", linewidth=0.9)
    for row, name in enumerate(order):
        factors, values = found[name]
        for side, face in ((factors < 1, "white"), (factors > 1, "C0")):
            line = np.append(values[side], usual)
            ax.plot([line.min(), line.max()], [row, row], color="0.6", linewidth=2, zorder=1)
            far = np.abs(np.log(factors[side]))
            sizes = 12 + 30 * far / np.abs(np.log(factors)).max()
            label = ("less of it" if face == "white" else "more of it") if not row else None
            ax.scatter(values[side], [row] * side.sum(), s=sizes, c=face, ec="C0", label=label)
    ax.set_yticks(range(len(order)), [plain(name) for name in order])
    ax.set(
        xlabel=f"{ACCURACY}; the larger the dot, the farther moved", ylim=(len(order) - 0.4, -0.6)
    )
    return ax


def plot_timeline(times, pruned, diverged, ax):
    """A bar for each trial from its begin to its end, minutes; returns the axes.

    ``times`` has shape (2, trials); what was dropped and what diverged is marked.
    """
    rows = np.arange(times.shape[1])
    kinds = {
        "ended": (~pruned & ~diverged, "C0", ""),
        "dropped": (pruned, "white", ""),
        "diverged in a fold": (diverged & ~pruned, "C1", "///"),
    }
    for label, (mine, color, hatch) in kinds.items():
        if mine.any():
            began, ended = times[:, mine]
            style = {"color": color, "edgecolor": "0.3", "linewidth": 0.5, "hatch": hatch}
            ax.barh(rows[mine], ended - began, left=began, height=0.8, label=label, **style)
    ax.set(xlabel="minutes since the study began", ylabel="trial", ylim=(len(rows) - 0.4, -0.6))
    return ax


def plot_best(runs, at, ax, label, color, marker, line):
    """The best so far, of several runs their median and range; returns the axes.

    Parameters
    ----------
    runs : list of ndarray, each of shape (trials,)
        Accuracies in the order of trials; nan where there is none, as of one that was dropped.
    at : list of ndarray
        What was spent at the end of each trial, increasing.
    """
    places, bests = best_so_far(runs, at)
    if len(runs) > 1:
        shade = {"color": color, "alpha": 0.15, "linewidth": 0, "step": "post"}
        ax.fill_between(places, bests.min(axis=0), bests.max(axis=0), **shade)
        for edge in (bests.min(axis=0), bests.max(axis=0)):
            ax.step(places, edge, where="post", color=color, linestyle=line, linewidth=0.4)
    ax.step(
        places, np.median(bests, axis=0), where="post", color=color, linestyle=line, marker=marker,
        markevery=max(1, len(places) // 8), label=plain(label),
    )  # fmt: skip
    ax.set(ylabel=f"best {ACCURACY} so far")
    return ax


def best_so_far(runs, at):
    """The best of each run at all places where one of them gets better or ends a trial.

    Returns places, from where all have something to where the first ends, shape (places,), and the
    best, shape (runs, places). Parameters as of ``plot_best``.
    """
    there = [np.isfinite(values) for values in runs]
    start = max(x[mine][0] for x, mine in zip(at, there, strict=True))
    stop = max(min(x[-1] for x in at), start)
    places = np.unique(np.concatenate([*at, [start]]))
    places = places[(start <= places) & (places <= stop)]
    found = []
    for values, x in zip(runs, at, strict=True):
        highest = np.fmax.accumulate(values)
        found.append(highest[np.searchsorted(x, places, side="right") - 1])
    return places, np.array(found)
