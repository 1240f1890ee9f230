"""Cross-validation of a configuration, fold by fold: what a worker of a search computes.

Folds are made of training images alone. The same number makes the same folds of the same images,
for each configuration and theory.
"""

import contextlib
import hashlib
import io
import tempfile
import time
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
from sklearn.model_selection import StratifiedKFold

from experiments.run import data as datasets
from experiments.run import folder, loop, named, score
from experiments.run.config import Config
from experiments.study import jobs

SEEDS = 2**31
RESULT = {"accuracy": float, "epochs": [float], "growth": {...: float}, "diverged": bool}
RESULT |= {"why": str, "cpu_seconds": float}


class Fold(NamedTuple):
    """A fold of a configuration: all that its accuracy depends on.

    Attributes
    ----------
    config : dict
        As ``Config.flat`` has it, with the seed of this fold.
    images : int
        Of the training set, the first so many.
    folds, fold, seed : int
        How many folds, which one (from 0), and the seed that divides the images.
    digest : str
        SHA-256 of the data.
    watched : bool
        Whether it is tested after each epoch, and not after the last alone.
    """

    config: dict
    images: int
    folds: int
    fold: int
    seed: int
    digest: str
    watched: bool = True

    @property
    def key(self):
        """SHA-256 of all of it: the name under which its result is kept."""
        free = ("data_dir",)
        config = {key: value for key, value in self.config.items() if key not in free}
        text = named.dumps(self._replace(config=config)._asdict() | {"sorted": sorted(config)})
        return hashlib.sha256(text.encode()).hexdigest()


def seed_of(point, fold):
    """The seed of a network: the same for the same point of a design and fold, in each study."""
    return int(np.random.SeedSequence([point, fold]).generate_state(1)[0]) % SEEDS


def divided(data, fold):
    """The data of a fold: its images in the place of the test images, the others for training."""
    data = data.limit(train=fold.images)
    parts = StratifiedKFold(fold.folds, shuffle=True, random_state=fold.seed)
    train, test = list(parts.split(data.train_images, data.train_labels))[fold.fold]
    return data._replace(
        train_images=data.train_images[train],
        train_labels=data.train_labels[train],
        test_images=data.train_images[test],
        test_labels=data.train_labels[test],
    )


def evaluate(tell, values):
    """Train and test a fold.

    Parameters
    ----------
    tell : callable
        ``tell(message)`` after each chunk: ``n`` of ``total`` images.
    values : dict
        Of a ``Fold``.

    Returns
    -------
    dict
        ``accuracy`` in [0, 1]; ``epochs``, the same after each test; ``diverged``, and ``why`` if
        so: then the accuracy is that of chance; ``growth``, the norm of each matrix of weights over
        that at the start; ``cpu_seconds``.

    Raises
    ------
    ValueError
        If the data are not there, or others.
    """
    fold, began = Fold(**values), time.process_time()
    config = Config.of(fold.config)
    data, digest = _data(config.dataset, config.data_dir)
    if digest != fold.digest:
        raise ValueError(f"--dataset {config.dataset}: a worker has other data under this name")
    data = divided(data, fold)
    try:
        with tempfile.TemporaryDirectory() as own, contextlib.redirect_stderr(io.StringIO()):
            return _trained(tell, config, data, own, fold.watched)
    except (datasets.DataError, folder.RunError):  # no fault of the values
        raise
    except (score.Diverged, ValueError) as error:
        return useless(data.classes, error, time.process_time() - began)


def useless(classes, error, seconds=0.0):
    """The result of a fold that has none: that of chance, and why."""
    found = {"accuracy": 1 / classes, "epochs": [], "growth": {}, "diverged": True}
    return found | {"why": str(error), "cpu_seconds": seconds}


_KEPT = {}


def _data(name, where):
    """Data that this process has loaded last, and their SHA-256."""
    key = name, where
    if key not in _KEPT:
        _KEPT.clear()
        try:
            data = datasets.load(name, where)
        except datasets.DataError as error:
            raise datasets.DataError(f"a worker has no such data: {error}") from error
        _KEPT[key] = data, data.digest()
    return _KEPT[key]


class _Unwatched(loop.Run):
    """A run that is tested at its end alone: half of a short fold's time would go into tests."""

    def due(self, seen):
        return super().due(seen) if seen == self.total else 0


_BUILT = {}


def prepared(config, data, own, tell=None, watched=True):
    """The run of a fold, in a folder of its own, compiled; folds of one network share programs."""
    kind = loop.Run if watched else _Unwatched
    run = kind(config, folder.create(own), partial(jobs.Teller, tell), data)
    key = repr((replace(config, seed=0), run.chunk, run.test_chunk))
    if key not in _BUILT:
        _BUILT.clear()  # a search comes to the next network and not back
        _BUILT[key] = run.prepare()
    run.learner, run.tester = _BUILT[key]
    return run


def _trained(tell, config, data, own, watched):
    run = prepared(config, data, own, tell, watched)
    seen, rows, start = run.start()
    run.train(seen, rows, start)
    rows = run.folder.metrics()
    tests = [r for r in rows if r["test_examples"] == len(data.test_images)]
    state = run.folder.state().state
    growth = {
        name: float(np.linalg.norm(state[name]) / np.linalg.norm(value))
        for name, value in start.items()
        if np.ndim(value) == 2 and np.linalg.norm(value) > 0
    }
    accuracies = [1 - row["test_error"] / 100 for row in tests]
    return {
        "accuracy": accuracies[-1],
        "epochs": accuracies,
        "growth": growth,
        "diverged": False,
        "why": "",
        "cpu_seconds": sum(row["cpu_seconds"] for row in rows),
    }
