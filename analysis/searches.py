"""Folders of studies: what figures read of them, and which go together."""

import os.path
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.reading import line
from experiments.run import files, named
from experiments.run.folder import RunError
from experiments.study.results import read_rows

ROBUST, EACH, TUNE = KINDS = "robust", "each", "tune"
ABOUT = dict.fromkeys(("evaluations", "images", "folds", "seed"), int)
ABOUT |= {"kind": str, "spread": float, "sampler": str, "pruning": bool}
SHAPE = {"config": dict, "study": ABOUT, "data": str}
NEEDED = ("point", "accuracy", "spread", "diverged", "pruned")  # columns of trials.csv
FAR = 3  # standard deviations of guesses above chance: it learns
NEAR = 0.9  # of the best of the study
FEW = 8  # points, of which nobody can tell what counts


class Search(NamedTuple):
    """A study that has ended.

    Attributes
    ----------
    path : Path
    config, study : dict
    digest : str
        Of the data. All three are as ``study.json`` has them.
    accuracy : ndarray, shape (trials,)
        Per cent.
    diverged, pruned : ndarray of bool, shape (trials,)
    places : dict
        Name of a parameter -> its sizes (without a sign), shape (trials,).
    seconds : ndarray, shape (trials,)
        CPU time of each.
    times : ndarray, shape (2, trials)
        When each began and ended, seconds.
    folds : ndarray, shape (trials, folds)
        Accuracies of each fold, per cent; nan where there is none.
    """

    path: Path
    config: dict
    study: dict
    digest: str
    accuracy: np.ndarray
    diverged: np.ndarray
    pruned: np.ndarray
    places: dict
    seconds: np.ndarray
    times: np.ndarray
    folds: np.ndarray

    @property
    def settings(self):
        """What studies that go together share, as text."""
        free = "seed" if self.study["kind"] == TUNE else "spread"
        about = {name: value for name, value in self.study.items() if name != free}
        return named.dumps([sorted(self.config.items()), sorted(about.items()), self.digest])

    @property
    def called(self):
        """The folder's name, without what ``experiments.study`` adds of kind, factor and seed."""
        name = self.path.resolve().name.removesuffix(f"-seed{self.study['seed']}")
        name = name.removesuffix(f"-{self.study['spread']:g}")
        return line(name.removesuffix(f"-{ROBUST}").removesuffix(f"-{EACH}"))

    @property
    def dataset(self):
        """The name of its data set."""
        return line(Path(str(self.config.get("dataset", "?"))).stem)

    @property
    def chance(self):
        """Accuracy of guesses, per cent; None if it does not say how many classes there are."""
        layers = self.config.get("layers")
        good = named.fits(layers, [int]) and layers and layers[-1] > 1
        return 100 / layers[-1] if good else None

    @property
    def learns(self):
        """Whether each point is above chance by more than guesses would be; None: unknown."""
        if self.chance is None:
            return None
        share = self.chance / 100
        far = FAR * np.sqrt(share * (1 - share) / self.study["images"])
        return self.accuracy > 100 * (share + far)


def read(path):
    """A ``Search`` from its folder; RunError, in one sentence, if it is none or has not ended."""
    path = Path(path)
    if not path.is_dir():
        raise RunError(f"{path}: there is no such folder")
    try:
        about = named.loads(files.text(path, "study.json"))
    except FileNotFoundError:
        raise RunError(
            f"{path} holds no study: make one with python -m experiments.study"
        ) from None
    except RunError:
        raise
    except ValueError as error:
        raise RunError(f"{path / 'study.json'} is damaged: {error}") from error
    study = about.get("study", {}) if isinstance(about, dict) else {}
    if not named.fits(about, SHAPE) or not _possible(study):
        raise RunError(f"{path / 'study.json'} is damaged: it is not what a study writes")
    rows, costs = read_rows(path / "trials.csv"), read_rows(path / "costs.csv")
    if not rows:
        raise RunError(f"{path} has no trials.csv yet: the same command goes on with the study")
    return _search(path, about, rows, costs)


def _possible(study):
    return (
        study["kind"] in KINDS
        and min(study["images"], study["folds"], study["evaluations"]) > 0
        and study["spread"] > 0
    )


def _search(path, about, rows, costs):
    table = path / "trials.csv"
    if not set(NEEDED) <= rows[0].keys():
        raise RunError(f"{table} is damaged: it has no column {' or '.join(NEEDED)}")
    others = [name for name in rows[0] if name not in NEEDED]
    others = [name for name in others if not name.startswith(("growth_", "fold_"))]
    pruned = [row["pruned"] for row in rows]
    numbers = {
        name: _numbers(table, rows, name) for name in ("point", "accuracy", "diverged", *others)
    }
    accuracy = numbers["accuracy"]
    good = set(pruned) <= {"True", "False"} and 0 <= accuracy.min() and accuracy.max() <= 1
    if not good or not others or not all(_of_one_sign(numbers[name]) for name in others):
        raise RunError(f"{table} is damaged: it is not what a study writes")
    if [row.get("point") for row in costs] != [row["point"] for row in rows]:
        raise RunError(f"{path / 'costs.csv'} is damaged: its points are not those of trials.csv")
    pruned = np.array([text == "True" for text in pruned])
    if pruned.all():
        raise RunError(f"{path}: all trials were dropped: there is nothing to draw")
    seconds, *times = (
        _numbers(path / "costs.csv", costs, name) for name in ("cpu_seconds", "began", "ended")
    )
    folds = [name for name in rows[0] if name.startswith("fold_")]
    folds = [[float(row[name] or "nan") for name in folds] for row in rows]
    places = {line(name): np.abs(numbers[name]) for name in others}
    return Search(
        path, *(about[part] for part in SHAPE), 100 * accuracy, numbers["diverged"] > 0,
        pruned, places, seconds, np.array(times), 100 * np.array(folds),
    )  # fmt: skip


def _of_one_sign(values):
    return bool((values > 0).all() or (values < 0).all())


def _numbers(path, rows, name):
    """A column; RunError if it is missing or holds what is no number."""
    try:
        found = np.array([float(row[name]) for row in rows])
    except (KeyError, ValueError) as error:
        raise RunError(f"{path} is damaged: not all of {line(name)} are numbers") from error
    if not np.isfinite(found).all():
        raise RunError(f"{path} is damaged: not all of {line(name)} are numbers")
    return found


def together(searches):
    """Label -> studies of the same settings, in the order of their factor and seed."""
    groups = {}
    for search in searches:
        groups.setdefault(search.settings, []).append(search)
    found = {}
    for own in groups.values():
        own = sorted(own, key=lambda s: (s.study["spread"], s.study["seed"]))
        name = os.path.commonprefix([s.called for s in own]).rstrip("-_. ")
        label = usual = name or line(Path(str(own[0].config.get("theory", "?"))).stem)
        k = 1
        while label in found:
            k += 1
            label = f"{usual} ({k})"
        found[label] = own
    return found


def near(search):
    """Whether each point has 90 % of the best accuracy of its study."""
    return search.accuracy >= NEAR * search.accuracy.max()


def can_tell(search):
    """Whether a study has points enough, and different ones, to tell which parameter counts."""
    return len(search.accuracy) >= FEW and np.ptp(search.accuracy) > 0
