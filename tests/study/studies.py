"""Studies that tests do: tiny ones, ones without networks, drivers that are killed on purpose."""

import hashlib
import multiprocessing
import os
import signal
import warnings
from contextlib import contextmanager
from pathlib import Path

import optuna

from experiments.run.config import Config
from experiments.study import folds, jobs, search

FORK = multiprocessing.get_context("fork")
WORDS = "--theory backprop --preset digits --layers 8 10 --eta 0.2 --epochs 1 --images 60"
WORDS += " --evaluations 4"
TINY = Config.of({"theory": "backprop", "layers": (8, 10)}, epochs=1)
STUDY = search.Study(evaluations=4, images=60)


def shown(folder):
    """The table of a study, as it is on the disk."""
    return (Path(folder) / "trials.csv").read_bytes()


def states(folder):
    """States of a study's trials, in their order."""
    backend = optuna.storages.journal.JournalFileBackend(str(Path(folder) / "journal.log"))
    storage = optuna.storages.JournalStorage(backend)
    study = optuna.load_study(study_name="search", storage=storage)
    return [trial.state.name for trial in study.get_trials()]


# --- without networks -----------------------------------------------------------------------------


class Made:
    """In the place of ``folds.evaluate``: an accuracy from the fold's own name, and a list of them.

    A file has a line for each fold that was computed, whoever did it.
    """

    def __init__(self, path):
        self.path = Path(path)

    def __call__(self, tell, values):
        key = folds.Fold(**values).key
        with self.path.open("a") as file:
            file.write(f"{key}\n")
        accuracies = [int(hashlib.sha256(f"{key}{k}".encode()).hexdigest()[:6], 16) for k in (1, 2)]
        accuracies = [number / 16**6 for number in accuracies]
        found = {"accuracy": accuracies[-1], "epochs": accuracies, "growth": {"W_0": 1.5}}
        return found | {"diverged": False, "why": "", "cpu_seconds": 0.1}

    @property
    def computed(self):
        """Names of the folds."""
        return self.path.read_text().split() if self.path.exists() else []


class Several:
    """In the place of a pool: three jobs under way at once, of which the last ends first."""

    slots = 3

    def each(self, function, asked, told=None):
        asked, under_way = iter(asked), []
        while True:
            while len(under_way) < self.slots and (job := next(asked, None)) is not None:
                under_way.append(job)
            if not under_way:
                return
            name, arguments = under_way.pop()
            yield jobs.Job(name, function(lambda message: None, *arguments))


@contextmanager
def several(where, most=None):
    """``jobs.pool`` with it."""
    yield Several()


# --- killed ---------------------------------------------------------------------------------------

BEFORE = {"take": (search._Driver, "_take"), "tell": (search._Driver, "_tell")}
AFTER = {"enqueued": (optuna.Study, "enqueue_trial"), "told": (optuna.Study, "tell")}
AFTER |= {"asked": (optuna.Study, "ask"), "suggested": (optuna.Trial, "suggest_float")}


def kill_at(place, count):
    """Have this process kill itself when it is there for the ``count``-th time."""
    owner, name = (BEFORE | AFTER)[place]
    usual, left = getattr(owner, name), [count]

    def come(*given, **more):
        left[0] -= 1
        if place in AFTER:
            result = usual(*given, **more)
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return result if place in AFTER else usual(*given, **more)

    setattr(owner, name, come)


def killed(place, count, *asked):
    """Do a study in a process that kills itself at a place; whether it came to that."""

    def work():
        kill_at(place, count)
        search.run(*asked)
        os._exit(0)

    process = FORK.Process(target=work)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside idle threads
        process.start()
    process.join(120)
    return process.exitcode == -signal.SIGKILL
