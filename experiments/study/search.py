"""Search the settings of a theory: how robust are they, and how good is the best?

Two kinds, never mixed. ``robust``: a fixed design around the settings that a configuration has,
each point evaluated in full: what can be said of robustness comes from here. ``tune``: an optimiser
that chooses where to look, and drops what begins badly: the best that so many evaluations reach.

A study is a folder: ``study.json`` (what was asked), ``journal.log`` (Optuna's, of all trials),
``folds/`` (the result of each fold, by the SHA-256 of all that it depends on), ``trials.csv`` and
``costs.csv``. Only the driver writes; a study that was killed is gone on with by the same command,
and no fold that has ended is computed again. The table of a ``robust`` study is the same, to the
bit, whatever the number of workers and however often it was killed.
"""

import csv
import io
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from experiments.run import data as datasets
from experiments.run import files, named
from experiments.run.config import Config
from experiments.run.folder import RunError
from experiments.study import folds, jobs, space
from models import progress

ROBUST, TUNE = KINDS = ("robust", "tune")
SAMPLERS = ("tpe", "gp", "random")
WARM_UP = 10, 1  # trials, and epochs of a trial, before one is dropped
TOLD = ("study.json", "journal.log", "folds")


class Study(NamedTuple):
    """What is asked; all of it is kept in ``study.json``.

    Attributes
    ----------
    kind : str
        "robust" or "tune".
    evaluations : int
        Points of the design, or trials of the optimiser.
    spread : float
        ``robust``: the factor within which each parameter is moved.
    images : int
        The first so many of the training set.
    folds : int
    seed : int
        Of the design or optimiser, and of the folds.
    sampler : str
        ``tune``: "tpe", "gp" (Gaussian process, upper confidence bound) or "random".
    pruning : bool
        ``tune``: drop a trial whose first fold is worse, epoch for epoch, than the median.
    """

    kind: str = ROBUST
    evaluations: int = 64
    spread: float = 2.0
    images: int = 6000
    folds: int = 3
    seed: int = 1
    sampler: str = SAMPLERS[0]
    pruning: bool = True

    def check(self):
        """Raise ValueError, in one sentence, for what cannot be."""
        for name, least in (("evaluations", 1), ("folds", 2), ("images", 2), ("seed", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"--{name}: {least} or more, not {getattr(self, name)}")
        if self.kind == ROBUST and not 1 < self.spread <= 100:
            raise ValueError(f"--spread: above 1 and at most 100, not {self.spread:g}")
        return self


class Trial(NamedTuple):
    """A trial that has been asked for: Optuna's, its configuration, and what its folds gave."""

    own: object
    point: int
    config: Config
    found: dict  # fold -> result


def run(config, study, out, where=jobs.HERE):
    """Do a study, or go on with it.

    Parameters
    ----------
    config : Config
        The settings that are searched around; its data.
    study : Study
    out : path
        The folder of the study.
    where : jobs.Where

    Returns
    -------
    list of dict
        A row for each trial, as in ``trials.csv``.

    Raises
    ------
    RunError, ValueError, DataError
        Each with one sentence.
    """
    study, out = study.check(), Path(out)
    optuna = _optuna()
    data = datasets.load(config.dataset, config.data_dir)
    if study.images > len(data.train_images):
        raise ValueError(f"--images: the data set has {len(data.train_images)} to train with")
    config = replace(config, train_examples=None, test_examples=None, validation=0)
    config = replace(config, quick_examples=0, record=(), seed=0)
    parameters = _parameters(config, study, data)
    _refuse_others(out, config, study, data.digest())
    with files.held(out):
        driver = _Driver(optuna, config, study, parameters, out, data.digest())
        with jobs.pool(where, study.evaluations * study.folds) as pool:
            driver.work(pool)
        return driver.write()


def _optuna():
    try:
        import optuna
    except ImportError as error:
        raise ValueError("a study needs Optuna: pip install -e .[study]") from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def _parameters(config, study, data):
    """What is moved; one that does nothing in this network is left out, and said."""
    found = space.around(config, study.spread) if study.kind == ROBUST else space.within(config)
    inputs = np.prod(np.shape(data.train_images)[1:])
    kept, refused = space.that_count(config, found, int(inputs), data.classes)
    for name, why in refused.items():
        print(f"{name} is left as it is: {why}", flush=True)
    if not kept:
        raise ValueError(f"--theory {config.theory}: it names nothing for a search to move")
    return kept


def _refuse_others(out, config, study, digest):
    """Raise RunError if a folder holds another study; else say in it which one it is."""
    about = {"config": config.flat() | {"data_dir": None}, "study": study._asdict(), "data": digest}
    about = named.loads(named.dumps(about))  # as it will be read
    try:
        there = named.loads(files.text(out, TOLD[0]))
    except FileNotFoundError:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise RunError(f"{out} holds something else than a study: choose another") from None
        files.write(out, TOLD[0], (named.dumps(about, indent=1) + "\n").encode())
        return
    except (ValueError, OSError) as error:
        raise RunError(f"{out / TOLD[0]} is damaged: {error}") from error
    if not named.fits(there, {"config": dict, "study": dict, "data": str}):
        raise RunError(f"{out / TOLD[0]} is damaged: it is not what a study writes")
    other = [
        f"{name} is {before.get(name)}, not {now.get(name)}"
        for before, now in ((there["study"], about["study"]), (there["config"], about["config"]))
        for name in before | now
        if before.get(name) != now.get(name)
    ]
    if not other and there["data"] != digest:
        other = ["the data have changed"]
    if other:
        more = f"; and {len(other) - 3} more" if len(other) > 3 else ""
        raise RunError(f"{out} holds another study: {'; '.join(other[:3])}{more}")


class _Driver:
    """Asks for trials, hands out their folds, and keeps what comes back."""

    def __init__(self, optuna, config, study, parameters, out, digest):
        self.optuna, self.config, self.study, self.out = optuna, config, study, out
        self.parameters, self.digest = parameters, digest
        storage = optuna.storages.JournalStorage(
            optuna.storages.journal.JournalFileBackend(str(out / "journal.log"))
        )
        self.trials = optuna.create_study(
            storage=storage,
            study_name="search",
            direction="maximize",
            load_if_exists=True,
            sampler=self._sampler(),
            pruner=optuna.pruners.MedianPruner(*WARM_UP),
        )
        self.design, self.again = [], deque()
        if study.kind == ROBUST:
            self.design = space.design(parameters, study.evaluations, study.seed)
        self._mend()
        self.open, self.waiting = {}, deque()

    def _sampler(self):
        seed, samplers = self.study.seed, self.optuna.samplers
        if self.study.kind == ROBUST or self.study.sampler == "random":
            return samplers.RandomSampler(seed=seed)
        if self.study.sampler == "tpe":
            return samplers.TPESampler(seed=seed, constant_liar=True)
        from experiments.study.gp_ucb import GPUCB

        return GPUCB(seed=seed)

    def _mend(self):
        """Trials that were under way when the driver was killed have failed: they come again."""
        for trial in self.trials.get_trials(deepcopy=False):
            if trial.state == self.optuna.trial.TrialState.RUNNING:
                self.trials.tell(trial.number, state=self.optuna.trial.TrialState.FAIL)
                if self.study.kind == TUNE:
                    about = {"again_of": trial.number}
                    self.trials.enqueue_trial(trial.params, user_attrs=about)

    def _ended(self):
        states = self.optuna.trial.TrialState
        return [
            t for t in self.trials.get_trials(deepcopy=False)
            if t.state in (states.COMPLETE, states.PRUNED)
        ]  # fmt: skip

    # --- jobs -------------------------------------------------------------------------------------

    def work(self, pool):
        """Do what is left of the study."""
        done = {trial.user_attrs["point"] for trial in self._ended()}
        left = deque(k for k in range(self.study.evaluations) if k not in done)
        total = self.study.evaluations * self.study.folds
        with progress.bar(
            total=total, unit="fold", initial=total - len(left) * self.study.folds
        ) as bar:
            for name, result, failure in pool.each(folds.evaluate, self._jobs(left)):
                if failure is not None:
                    raise failure
                number, k = map(int, name.split(":"))
                self._keep(self.open[number], k, result)
                bar.update()
                bar.set_postfix(best=f"{self._best():.3f}")

    def _best(self):
        return max((t.value for t in self._ended() if t.value is not None), default=np.nan)

    def _jobs(self, left):
        """Folds to be computed: of trials under way before those of new ones; None: wait."""
        while left or self.open:
            if self.waiting:
                number, k = self.waiting.popleft()
                yield f"{number}:{k}", (self._fold(self.open[number], k)._asdict(),)
            elif left:
                self._ask(left.popleft())
            else:
                yield None

    def _ask(self, point):
        """Begin a trial; folds that were computed before are taken as they are."""
        if self.design:
            self.trials.enqueue_trial(self.design[point], user_attrs={"point": point})
        own = self.trials.ask()
        own.set_user_attr("point", point)
        values = {
            p.name: p.value / abs(p.value) * own.suggest_float(p.name, *p.sizes, log=True)
            for p in self.parameters
        }
        self.open[own.number] = Trial(own, point, space.moved(self.config, values), {})
        first = range(self.study.folds) if self.study.kind == ROBUST else (0,)
        self._begin(own.number, first)

    def _begin(self, number, some):
        for k in some:
            trial = self.open[number]
            kept = self._kept(self._fold(trial, k))
            if kept is None:
                self.waiting.append((number, k))
            else:
                self._take(trial, k, kept)

    def _fold(self, trial, k):
        config = replace(trial.config, seed=folds.seed_of(trial.point, k))
        return folds.Fold(
            config.flat(), self.study.images, self.study.folds, k, self.study.seed, self.digest
        )

    def _kept(self, fold):
        try:
            found = named.loads(files.text(self.out, f"folds/{fold.key}.json"))
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise RunError(f"{self.out}/folds/{fold.key}.json is damaged: {error}") from error
        if not named.fits(found, folds.RESULT):
            raise RunError(f"{self.out}/folds/{fold.key}.json is damaged: it is no result")
        return found

    def _keep(self, trial, k, result):
        """A fold has ended: it is on the disk before it counts."""
        text = named.dumps(result, indent=1) + "\n"
        (self.out / "folds").mkdir(exist_ok=True)
        files.write(self.out, f"folds/{self._fold(trial, k).key}.json", text.encode())
        self._take(trial, k, result)

    def _take(self, trial, k, result):
        trial.found[k] = result
        number, states = trial.own.number, self.optuna.trial.TrialState
        if self.study.kind == TUNE and k == 0:
            for epoch, accuracy in enumerate(result["epochs"]):
                trial.own.report(accuracy, epoch)
            if self.study.pruning and trial.own.should_prune():
                self._tell(trial, states.PRUNED)
                return
            self._begin(number, range(1, self.study.folds))
        if len(trial.found) == self.study.folds and number in self.open:
            self._tell(trial, states.COMPLETE)

    def _tell(self, trial, state):
        found = [trial.found[k] for k in sorted(trial.found)]
        for name, value in summary(found).items():
            trial.own.set_user_attr(name, value)
        value = float(np.mean([one["accuracy"] for one in found]))
        self.trials.tell(trial.own.number, value, state=state)
        del self.open[trial.own.number]

    # --- tables -----------------------------------------------------------------------------------

    def write(self):
        """Write the tables; returns the rows of ``trials.csv``."""
        ended = sorted(self._ended(), key=lambda t: (t.user_attrs["point"], t.number))
        rows, costs = [], []
        for trial in ended:
            about = {"point": trial.user_attrs["point"]}
            told = {k: v for k, v in trial.user_attrs.items() if k in COLUMNS}
            folded = {f"fold_{k}": v for k, v in enumerate(trial.user_attrs["folds"])}
            row = about | {"accuracy": trial.value} | told
            row |= {"pruned": trial.state == self.optuna.trial.TrialState.PRUNED} | folded
            rows.append(row | trial.params | trial.user_attrs["growth"])
            costs.append(about | {"cpu_seconds": trial.user_attrs["cpu_seconds"]})
        for name, table in (("trials.csv", rows), ("costs.csv", costs)):
            files.write(self.out, name, _csv(table).encode())
        return rows


COLUMNS = ("spread", "diverged")


def summary(found):
    """What a trial's folds say together, beside their mean."""
    growths = [one["growth"] for one in found]
    return {
        "folds": [one["accuracy"] for one in found],
        "spread": float(np.std([one["accuracy"] for one in found])),
        "diverged": sum(one["diverged"] for one in found),
        "cpu_seconds": sum(one["cpu_seconds"] for one in found),
        "growth": {
            f"growth_{name}": float(np.mean([g[name] for g in growths if name in g]))
            for name in dict.fromkeys(name for g in growths for name in g)
        },
    }


def _csv(rows):
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
