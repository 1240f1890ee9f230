"""How robust are settings, which parameter counts, and how good is the best? Figures of studies.

    python -m analysis.study FOLDER [FOLDER ...] [--out DIR]

Each FOLDER is one that ``python -m experiments.study`` wrote; several are compared. Of robust
studies: ``distribution.png``, ``points.png``, ``spread.png``, the table ``robust.md``, and of each
``parameters.png`` and ``importance.png``; of those that move one parameter at a time,
``tornado.png``; of tuned ones, ``best.png``. Kinds are never mixed, and those of the same settings
go together: factors of a robust study, seeds of a tuned one. Of all of them ``timeline.png``: what
each trial cost, in the order of their ends. Written to ``figures`` in the first FOLDER.
"""

import sys
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from analysis import searches
from analysis.drawing import studies
from analysis.drawing.axes import legend_below, plain
from analysis.drawing.writing import save, write, write_text
from analysis.searches import EACH, FAR, KINDS, NEAR, ROBUST, TUNE, near
from experiments.run.command import guarded, parser, say
from experiments.study import statistics

NAME = "analysis.study"
KEPT = "what was drawn is kept"
UNITS = (("hours", 3600), ("minutes", 60), ("seconds", 1))
ROW = 0.7  # inches of a box


# --- figures of robust studies --------------------------------------------------------------------


def panels(groups):
    """(data set, factor) -> label -> study: what can be compared."""
    found = {}
    for label, group in groups.items():
        for search in group:
            found.setdefault((search.dataset, search.study["spread"]), {})[label] = search
    return dict(sorted(found.items()))


def distribution(groups):
    """Distributions of accuracy, a panel for each data set and factor."""
    shown = panels(groups)
    columns = min(3, len(shown))
    rows = -(-len(shown) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(6.7, 0.6 + 2.7 * rows), sharex=True, sharey=True, squeeze=False
    )
    looks = {label: studies.look(k) for k, label in enumerate(groups)}
    for ax, (key, own) in zip(axes.flat, shown.items(), strict=False):
        for label, search in own.items():
            studies.plot_distribution(search.accuracy, ax, label, **looks[label])
        studies.mark_chance(next(iter(own.values())).chance, ax)
        ax.set_title(_title(*key), loc="left")
    for ax in axes.flat[len(shown) :]:
        ax.set_visible(False)
    for ax in axes[:, 1:].flat:
        ax.set_ylabel("")
    legend_below(figure, axes.flat, 3)
    return figure


def points(groups):
    """A box and the points of each study, sorted by their medians."""
    shown = panels(groups)
    counts = [len(own) for own in shown.values()]
    figure, axes = plt.subplots(
        len(shown), 1, figsize=(6.7, 1 + sum(ROW * n + 0.6 for n in counts)),
        height_ratios=[n + 0.4 for n in counts], sharex=True, squeeze=False,
    )  # fmt: skip
    for ax, (key, own) in zip(axes.flat, shown.items(), strict=True):
        values = {label: search.accuracy for label, search in own.items()}
        failed = {label: search.diverged for label, search in own.items()}
        studies.plot_boxes(values, ax, failed)
        studies.mark_chance(next(iter(own.values())).chance, ax)
        ax.set_title(_title(*key), loc="left")
    for ax in axes.flat[:-1]:
        ax.set_xlabel("")
    legend_below(figure, axes.flat, 2)
    return figure


def spread(groups):
    """Median, share that learns and share near the best against the factor of the study."""
    sets = list(dict.fromkeys(group[0].dataset for group in groups.values()))
    figure, axes = plt.subplots(
        len(sets), 3, figsize=(6.7, 0.8 + 2.5 * len(sets)), sharex=True, squeeze=False
    )
    for row, dataset in zip(axes, sets, strict=True):
        own = {label: g for label, g in groups.items() if g[0].dataset == dataset}
        for ax, (text, curves) in zip(row, _curves(own).items(), strict=True):
            if curves:
                studies.plot_against_spread(curves, ax, text)
            ax.set_visible(bool(curves))
            ax.set_xlabel("moved within a factor of")
        row[0].set_title(plain(dataset), loc="left")
    for ax in axes[:, 1:].flat:
        ax.set_ylim(-0.03, 1.03)
    legend_below(figure, axes.flat, 2)
    return figure


def _curves(groups):
    """What is on the axis -> label -> rows of (factor, number, lower end, upper end)."""
    found = {
        f"median {studies.ACCURACY}": {},
        "share that learns": {},
        "share within 90 % of best": {},
    }
    median, learn, best = found.values()
    for label, group in groups.items():
        for s in group:
            factor, count = s.study["spread"], len(s.accuracy)
            low, high = statistics.median_interval(s.accuracy)
            median.setdefault(label, []).append((factor, np.median(s.accuracy), low, high))
            for rows, mine in ((learn, s.learns), (best, near(s))):
                if mine is not None:
                    ends = statistics.wilson(int(mine.sum()), count)
                    rows.setdefault(label, []).append((factor, mine.mean(), *ends))
    return found


def table(groups):
    """The same in numbers, as a table in Markdown."""
    head = (
        "settings",
        "data",
        "factor",
        "points",
        "median (%)",
        "best (%)",
        "learns",
        "near the best",
    )
    lines = [head, ["---"] * len(head)]
    for label, group in groups.items():
        for s in group:
            low, high = statistics.median_interval(s.accuracy)
            cells = [label.replace("|", "/"), s.dataset, f"{s.study['spread']:g}", len(s.accuracy)]
            cells += [
                f"{np.median(s.accuracy):.1f} [{low:.1f}, {high:.1f}]",
                f"{s.accuracy.max():.1f}",
            ]
            lines.append([*cells, _share(s.learns), _share(near(s))])
    rows = "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in lines)
    return (
        f"{rows}\n\nIn brackets: 95 % intervals, of medians by bootstrap, of shares Wilson's. "
        f"Learns: above chance by {FAR} standard deviations of guesses. Near the best: at least "
        f"{100 * NEAR:.0f} % of the best accuracy of the study.\n"
    )


def _share(mine):
    if mine is None:
        return ""
    low, high = statistics.wilson(int(mine.sum()), len(mine))
    return f"{mine.mean():.2f} [{low:.2f}, {high:.2f}]"


# --- figures of one robust study ------------------------------------------------------------------


def parameters(search):
    """All points of a study through all their parameters, coloured by accuracy."""
    names = list(search.places)
    figure, ax = plt.subplots(figsize=(max(4.5, 1.6 + 0.55 * len(names)), 4))
    places = np.stack(list(search.places.values()), axis=1)
    shades = studies.plot_parallel(names, places, search.accuracy, ax)
    figure.colorbar(shades, ax=ax, label=studies.ACCURACY, pad=0.02)
    figure.suptitle(_said(search))
    return figure


def importance(search):
    """What each parameter counts, beside what it would by chance."""
    from experiments.study.importance import importance  # scikit-learn takes a second

    names, places = list(search.places), np.stack(list(search.places.values()), axis=1)
    found = importance(places, search.accuracy, search.study["seed"])
    figure, ax = plt.subplots(figsize=(6.7, 1.7 + 0.26 * len(names)))
    studies.plot_importance(names, found, ax)
    share = f"{100 * found.explained:.0f} %" if found.explained > 0 else "nothing"
    explained = f"a random forest explains {share} of the variance of points it has not seen"
    figure.suptitle(f"{_said(search)}\n{explained}")
    legend_below(figure, [ax], 2)
    return figure


# --- figures of one parameter at a time -----------------------------------------------------------


def tornado(search):
    """What each parameter alone does to the accuracy, at four places within the factor."""
    found, first = {}, 1  # the usual point comes before them
    each = (len(search.accuracy) - 1) // len(search.places)
    for name, values in search.places.items():
        own = slice(first, first + each)
        found[name] = values[own] / values[0], search.accuracy[own]
        first = own.stop
    figure, ax = plt.subplots(figsize=(6.7, 1.9 + 0.3 * len(found)))
    folds = search.folds[0]
    studies.plot_tornado(search.accuracy[0], (folds.min(), folds.max()), found, ax)
    figure.suptitle(f"{_said(search)}, one at a time")
    legend_below(figure, [ax], 2)
    return figure


# --- figures of tuned studies ---------------------------------------------------------------------


def best(groups):
    """The best so far against evaluations and CPU time: median and range over seeds."""
    sets = list(dict.fromkeys(group[0].dataset for group in groups.values()))
    figure, axes = plt.subplots(
        len(sets), 2, figsize=(6.7, 0.9 + 2.7 * len(sets)), sharey="row", squeeze=False
    )
    most = max(search.seconds.sum() for group in groups.values() for search in group)
    unit, size = next((one for one in UNITS if most >= one[1]), UNITS[-1])
    for row, dataset in zip(axes, sets, strict=True):
        for k, (label, group) in enumerate(groups.items()):
            if group[0].dataset != dataset:
                continue
            runs = [np.where(s.pruned, np.nan, s.accuracy) for s in group]
            spent = [np.cumsum(s.seconds) / size for s in group]
            counts = [np.arange(1, len(values) + 1) for values in runs]
            count = f"{len(group)} seed{'s' if len(group) > 1 else ''}"
            for ax, at in zip(row, (counts, spent), strict=True):
                studies.plot_best(runs, at, ax, f"{label} ({count})", **studies.look(k))
        row[0].set_title(plain(dataset), loc="left")
        row[0].set_xlabel("evaluations")
        row[1].set(xlabel=f"CPU {unit}", ylabel="")
    legend_below(figure, axes.flat, 2)
    return figure


# --- of any study ---------------------------------------------------------------------------------


def timeline(search):
    """When each trial began and ended."""
    figure, ax = plt.subplots(figsize=(6.7, 3.2))
    studies.plot_timeline(search.times / 60, search.pruned, search.diverged, ax)
    figure.suptitle(plain(f"{search.called}: {search.dataset}"))
    legend_below(figure, [ax], 3)
    return figure


# --- all of them ----------------------------------------------------------------------------------


def figures(found):
    """File name -> what makes it, of all studies.

    ``found``: list of ``Search``.
    """
    robust, tuned = (
        searches.together(s for s in found if s.study["kind"] == kind) for kind in (ROBUST, TUNE)
    )
    made = {}
    if robust:
        for draw in (distribution, points, spread):
            made[f"{draw.__name__}.png"] = partial(draw, robust)
        made["robust.md"] = partial(table, robust)
    own = [s for group in robust.values() for s in group]
    for k, search in enumerate(own):
        mark = f"_{k + 1}_{_file(search)}" if len(own) > 1 else ""
        made[f"parameters{mark}.png"] = partial(parameters, search)
        if searches.can_tell(search):
            made[f"importance{mark}.png"] = partial(importance, search)
    for draw, some in ((tornado, (EACH,)), (timeline, KINDS)):
        own = [s for s in found if s.study["kind"] in some]
        for k, search in enumerate(own):
            mark = f"_{k + 1}_{_file(search)}" if len(own) > 1 else ""
            made[f"{draw.__name__}{mark}.png"] = partial(draw, search)
    if tuned:
        made["best.png"] = partial(best, tuned)
    return made


def _file(search):
    name = search.path.resolve().name
    return "".join(c if c.isalnum() or c in "-_.," else "_" for c in name)


def _title(dataset, factor):
    return plain(f"{dataset}, within a factor of {factor:g}")


def _said(search):
    return plain(
        f"{search.called}: {search.dataset}, within a factor of {search.study['spread']:g}"
    )


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return guarded(NAME, _main, sys.argv[1:] if arguments is None else list(arguments), KEPT)


def _main(words):
    told = parser(NAME, __doc__)
    told.add_argument("folders", nargs="+", metavar="FOLDER", help="of a study")
    told.add_argument("--out", metavar="DIR", help="default: figures in the first FOLDER")
    given = told.parse_args(words)
    found = [searches.read(path) for path in given.folders]
    first = found[0].path
    out = Path(given.out) if given.out else first / "figures"
    for name, make in figures(found).items():
        say(f"making {out / name}")
        kind = write_text if name.endswith(".md") else write
        save(make, out / name, kind, None if given.out else first)


if __name__ == "__main__":
    sys.exit(main())
