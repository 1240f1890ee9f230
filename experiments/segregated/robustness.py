"""Are segregated dendrites robust to their settings? Each model moved around its own by one factor.

    python -m experiments robustness --data-dir DIR [--only paper best ...] [--sets mnist]
                                     [--spreads 2] [--points 64] [--jobs N | --scheduler ADDRESS]

Lange (2019) read robustness off the path of an optimiser in 31 dimensions for one model and 9 for
the other. Here each model is moved around its own settings by the same relative amounts: all that
its theory lets a search move, each number within a factor of 1.25, 2 and 4 of what it is (a
scrambled Sobol sequence of 64 points, the same for models of as many parameters). Accuracy is the
mean of three folds of 3,000 training images after three epochs; the test set is left alone.

Models: the paper's settings, with a late plateau, and the best of them; backpropagation through
the same cells; backpropagation and feedback alignment in a network of rates. All have 500 hidden
cells. A fold that diverges counts as chance. A point takes some six seconds of one core.
"""

from dataclasses import replace

import numpy as np

from experiments.run.config import Config, chosen
from experiments.segregated.settings import BACKPROP, LATE, RESTED, small
from experiments.study import jobs, search, trials
from experiments.study.importance import LEAST, importance
from experiments.study.page import Page
from experiments.study.statistics import median_row

CELLS = {"theory": "segregated", "layers": (500, 10)}
PRINTED = {"eta": (0.21, 0.21)}  # the paper's, said so that they can be moved
RATES = {"theory": "backprop", "layers": (500, 10)}
MODELS = {  # name -> label, preset, options that differ from it
    "paper": ("paper", "paper", CELLS | PRINTED),
    "late": ("late plateau", "paper", CELLS | PRINTED | RESTED | LATE),
    "best": ("best", "best", CELLS),
    "backprop": ("backpropagation, same cells", "best", CELLS | BACKPROP),
    "rates": ("backpropagation, rates", "mnist", RATES),
    "alignment": ("feedback alignment, rates", "mnist-random", RATES),
}
SETS = ("mnist", "fashion")
SPREADS = (1.25, 2.0, 4.0)
POINTS, IMAGES, EPOCHS, FOLDS = 64, 3000, 3, 3
TOLD = 2.0  # the spread whose medians are headlines


def study(setting):
    """A robust study for each model, data set and spread."""
    given = setting.given
    if given.points < 1:
        raise ValueError(f"--points: 1 or more, not {given.points}")
    where = jobs.where(given)
    for name in setting.chosen(MODELS):
        for data in given.sets[: setting.size(None, 1)]:
            for spread in given.spreads[: setting.size(None, 1)]:
                _study(setting, name, data, spread, where)


def _study(setting, name, data, spread, where):
    label, preset, options = MODELS[name]
    config = chosen(options | {"dataset": data, "data_dir": setting.data_dir}, preset)
    config = replace(config, epochs=setting.size(EPOCHS, 1))
    asked = search.Study(search.ROBUST, setting.given.points, spread, IMAGES, FOLDS)
    if setting.smoke:
        config, asked = small_study(config, asked)
    out = setting.runs / "studies" / f"{name}_{data}_{spread:g}"
    print(f"{label}, {data}, within a factor of {spread:g}", flush=True)
    about = {"condition": name, "set": data, "spread": spread}
    found = search.run(config, asked, out, where)
    rows = [about | {key: row[key] for key in ("point", "accuracy", "diverged")} for row in found]
    setting.results.update("points", rows, (*about, "point"))
    if counts := importances(found):
        setting.results.update("importance", [about | one for one in counts], (*about, "parameter"))
    accuracies = [row["accuracy"] for row in rows]
    suffix = "" if data == SETS[0] else f"_{data}"
    suffix += "" if spread == TOLD else f"_{spread:g}"
    heads = [
        {"condition": f"robust_{name}{suffix}", "measure": f"median_accuracy{end}", "value": value}
        | {"n": len(rows), "epochs": config.epochs}
        for end, value in median_row(accuracies).items()
    ]
    setting.results.headline(heads, setting.arguments or ("--only", name))


def importances(rows):
    """What each parameter counts in a study: rows for a table; none of a few points."""
    places = [list(trials.places(row).values()) for row in rows]
    values = [row["accuracy"] for row in rows]
    if len(values) < LEAST or np.ptp(values) == 0:
        return []
    found = importance(np.abs(places), values)
    names = trials.places(rows[0])
    return [
        {"parameter": name, "importance": value, "chance": found.chance}
        for name, value in zip(names, found.values, strict=True)
    ]


def small_study(config, asked):
    """What ``--smoke`` makes of a configuration and of a study of it."""
    more = small(config.flat()) if config.theory == CELLS["theory"] else {"layers": (8, 10)}
    more |= {"dataset": "digits", "data_dir": None, "device": "runtime", "chunk": 20}
    few = asked._replace(evaluations=1, images=60, folds=2)
    return Config.of(config.flat() | more), few


def _options(parser):
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, help="(default: both)")
    usual = " ".join(f"{spread:g}" for spread in SPREADS)
    parser.add_argument(
        "--spreads", type=float, nargs="+", default=SPREADS, help=f"(default: {usual})"
    )
    parser.add_argument("--points", type=int, default=POINTS, help=f"(default: {POINTS})")
    jobs.add_options(parser)


page = Page(
    __name__,
    __doc__,
    study,
    title="Accuracy of models moved around their own settings",
    options=_options,
    parts=tuple(MODELS),
)
