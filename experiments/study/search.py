"""Search the settings of a theory: how robust are they, and how good is the best?

Three kinds, never mixed. ``robust``: a fixed design around the settings that a configuration has,
each point evaluated in full: what can be said of robustness comes from here. ``each``: one
parameter at a time, at four places within the factor. ``tune``: an optimiser that chooses where
to look, and drops what begins badly: the best that so many evaluations reach.

A study is a folder: ``study.json`` (what was asked), ``journal.log`` (Optuna's, of all trials),
``folds/`` (the result of each fold, by the SHA-256 of all that it depends on), ``trials.csv`` and
``costs.csv``. Only the driver writes; a study that was killed is gone on with by the same command,
and no fold that has ended is computed again. The table of a study of a fixed design is the same, to
the bit, whatever the number of workers and however often it was killed.
"""

import hashlib
import tempfile
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from experiments.run import data as datasets
from experiments.run import encodings, files, named, seeds
from experiments.run.config import Config
from experiments.run.folder import RunError
from experiments.study import folds, jobs, journal, space, trials
from models import progress

ROBUST, EACH, TUNE = KINDS = ("robust", "each", "tune")
AROUND = ROBUST, EACH  # kinds of a fixed design
SAMPLERS = ("tpe", "gp", "random")
WARM_UP = 10, 1  # trials, and epochs of a trial, before one is dropped
TOLD = "study.json"


class Study(NamedTuple):
    """What is asked; all of it is kept in ``study.json``.

    Attributes
    ----------
    kind : str
        "robust", "each" or "tune".
    evaluations : int
        Points of the design, or trials of the optimiser. ``each`` has as many as it needs.
    spread : float
        ``robust``, ``each``: the factor within which parameters are moved.
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
        leasts = {"evaluations": 1, "folds": 2, "images": 2, "seed": 0}
        for name, least in leasts.items():
            if getattr(self, name) < least:
                flag = "--study-seed" if name == "seed" else f"--{name}"
                raise ValueError(f"{flag}: {least} or more, not {getattr(self, name)}")
        if self.seed > seeds.MOST:
            raise ValueError(f"--study-seed: {seeds.MOST} at most, not {self.seed}")
        if self.kind in AROUND and not 1 < self.spread <= 100:
            raise ValueError(f"--spread: above 1 and at most 100, not {self.spread:g}")
        return self


class Trial(NamedTuple):
    """A trial that has been asked for: Optuna's, its configuration, and what its folds gave.

    Without a configuration no network has its values.
    """

    own: object
    point: int
    config: Config | None
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
    _refuse_few(data, study)
    config = replace(config, train_examples=None, test_examples=None, validation=0)
    config = replace(config, quick_examples=0, record=(), record_variables=(), seed=0)
    about = encodings.encoded(data, config.encoding).inputs, data.classes
    network = config.network(*about)  # refused here, in a sentence, and not in each fold
    parameters = _parameters(config, study, *about)
    design = _design(parameters, study)
    if design:
        study = study._replace(evaluations=len(design))
    _refuse_others(out, config, study, data.digest(), network.model())
    with files.held(out):
        files.tidy(out)
        driver = _Driver(optuna, config, study, parameters, design, out, data)
        if driver.left:
            driver.build(where)
            with jobs.pool(where, len(driver.left) * study.folds) as pool:
                driver.work(pool)
        return driver.write()


def _optuna():
    try:
        import optuna
    except ImportError as error:
        raise ValueError("a study needs Optuna: pip install -e .[study]") from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def _refuse_few(data, study):
    """Raise ValueError, in one sentence, unless each fold has images of each class."""
    if study.images > len(data.train_images):
        raise ValueError(f"--images: the data set has {len(data.train_images)} to train with")
    count = np.bincount(data.train_labels[: study.images], minlength=data.classes)
    for k in np.unique(data.train_labels):
        if count[k] < study.folds:
            raise ValueError(
                f"--images: the first {study.images} have {count[k]} of class {k}, which are too "
                f"few for {study.folds} folds: take more, or shuffle the files"
            )


def _parameters(config, study, inputs, classes):
    """What is moved; one that does nothing in this network is left out, and said."""
    found = space.within(config) if study.kind == TUNE else space.around(config, study.spread)
    kept, refused = space.that_count(config, found, inputs, classes)
    for name, why in refused.items():
        print(f"{name} is left as it is: {why}", flush=True)
    if not kept:
        raise ValueError(
            f"--theory {config.theory}: it names nothing for a search to move: an option that is "
            "made with search=(lowest, highest) is moved"
        )
    return kept


def _design(parameters, study):
    """All points of a fixed design; none where an optimiser chooses them."""
    if study.kind == ROBUST:
        return space.design(parameters, study.evaluations, study.seed)
    return space.one_by_one(parameters) if study.kind == EACH else []


def _refuse_others(out, config, study, digest, model):
    """Raise RunError if a folder holds another study; else say in it which one it is.

    A study of an earlier version says nothing of its equations, and goes on. An option that has
    come since it was begun is at its default there.
    """
    about = {"config": config.flat() | {"data_dir": None}, "study": study._asdict(), "data": digest}
    about |= {"model": hashlib.sha256(named.dumps(model).encode()).hexdigest()}
    about = named.loads(named.dumps(about))  # as it will be read
    try:
        there = named.loads(files.text(out, TOLD))
    except FileNotFoundError:
        out.mkdir(parents=True, exist_ok=True)
        if any(not path.name.startswith(".") for path in out.iterdir()):  # such as a .part
            raise RunError(f"{out} holds something else than a study: choose another") from None
        files.write(out, TOLD, (named.dumps(about, indent=1) + "\n").encode())
        return
    except RunError:
        raise
    except ValueError as error:
        raise RunError(f"{out / TOLD} is damaged: {error}") from error
    if not named.fits(there, {"config": dict, "study": dict, "data": str, "model?": str}):
        raise RunError(f"{out / TOLD} is damaged: it is not what a study writes")
    usual = named.loads(named.dumps(Config.of({"theory": config.theory}).flat()))
    other = [
        f"{name} is {before.get(name)}, not {now.get(name)}"
        for before, now in ((there["study"], about["study"]), (there["config"], about["config"]))
        for name in before | now
        if before.get(name, usual.get(name)) != now.get(name)
    ]
    if not other and there["data"] != digest:
        other = ["the data have changed"]
    if not other and there.get("model", about["model"]) != about["model"]:
        other = ["its equations have changed"]
    if other:
        more = f"; and {len(other) - 3} more" if len(other) > 3 else ""
        raise RunError(f"{out} holds another study: {'; '.join(other[:3])}{more}")


class _Driver:
    """Asks for trials, hands out their folds, and keeps what comes back."""

    def __init__(self, optuna, config, study, parameters, design, out, data):
        self.optuna, self.config, self.study, self.out = optuna, config, study, out
        self.design = design
        self.parameters, self.data, self.digest = parameters, data, data.digest()
        self.trials = journal.opened(optuna, out)
        self.trials.pruner = optuna.pruners.MedianPruner(*WARM_UP)
        done = {trial.user_attrs["point"] for trial in journal.ended(self.trials)}
        self.left = deque(k for k in range(study.evaluations) if k not in done)
        self.open, self.waiting = {}, deque()

    def _sampler(self, point):
        """What chooses a point: the same from the same trials, however often we were killed."""
        own, samplers = folds.seed_of(self.study.seed, point), self.optuna.samplers
        if self.design or self.study.sampler == "random":
            return samplers.RandomSampler(seed=own)
        if self.study.sampler == "tpe":
            return samplers.TPESampler(seed=own, constant_liar=True)
        from experiments.study.gp_ucb import GPUCB

        return GPUCB(seed=self.study.seed)  # which remembers nothing

    # --- jobs -------------------------------------------------------------------------------------

    def build(self, where):
        """Compile what all folds share, once, before workers look for it at the same time."""
        if where.jobs > 1 and self.config.device == "standalone":
            fold = folds.Fold({}, self.study.images, self.study.folds, 0, self.study.seed, "")
            with tempfile.TemporaryDirectory() as own:
                folds.prepared(self.config, folds.divided(self.data, fold), own)

    def work(self, pool):
        """Do what is left of the study."""
        total = self.study.evaluations * self.study.folds
        with progress.bar(total=total, unit="fold") as bar:
            for name, result, failure in pool.each(folds.evaluate, self._jobs()):
                if failure is not None:
                    raise failure
                number, k = map(int, name.split(":"))
                self._keep(self.open[number], k, result)
                bar.update(self._done() - bar.n)
                bar.set_postfix(best=f"{self._best():.3f}")

    def _done(self):
        """Folds that need not be computed any more."""
        asked = self.study.evaluations - len(self.left) - len(self.open)
        return asked * self.study.folds + sum(len(t.found) for t in self.open.values())

    def _best(self):
        ended = journal.ended(self.trials)
        return max((t.value for t in ended if t.value is not None), default=np.nan)

    def _jobs(self):
        """Folds to be computed: of trials under way before those of new ones; None: wait."""
        while self.left or self.open:
            if self.waiting:
                number, k = self.waiting.popleft()
                yield f"{number}:{k}", (self._fold(self.open[number], k)._asdict(),)
            elif self.left:
                self._ask(self.left.popleft())
            else:
                yield None

    def _ask(self, point):
        """Begin a trial; folds that were computed before are taken as they are."""
        values, again = journal.asked(self.trials, point)
        about = {"point": point} | ({} if again is None else {"again_of": again})
        if self.design:
            values = {name: abs(value) for name, value in self.design[point].items()}
        self.trials.enqueue_trial(values, user_attrs=about)
        self.trials.sampler = self._sampler(point)
        own = self.trials.ask()
        for p in self.parameters:
            own.suggest_float(p.name, *p.sizes, log=True)
        trial = Trial(own, point, None, {})
        try:
            trial = trial._replace(config=space.moved(self.config, self._signed(own.params)))
        except ValueError as error:  # it counts, as one that is of no use
            wrong = folds.useless(self.data.classes, error)
            trial.found.update(dict.fromkeys(range(self.study.folds), wrong))
        self.open[own.number] = trial
        if trial.config is None:
            self._tell(trial, self.optuna.trial.TrialState.COMPLETE)
        else:
            self._begin(own.number, range(self.study.folds) if self.design else (0,))

    def _signed(self, sizes):
        """Values of parameters, by name; Optuna knows them without their sign."""
        return {p.name: float(np.copysign(sizes[p.name], p.value)) for p in self.parameters}

    def _begin(self, number, some):
        for k in some:
            trial = self.open[number]
            kept = self._kept(self._fold(trial, k))
            if kept is None:
                self.waiting.append((number, k))
            else:
                self._take(trial, k, kept)

    def _fold(self, trial, k):
        config, study = replace(trial.config, seed=folds.seed_of(trial.point, k)), self.study
        # A trial is dropped by its first fold.
        watched = study.kind == TUNE and study.pruning and k == 0
        return folds.Fold(
            config.flat(), study.images, study.folds, k, study.seed, self.digest, watched
        )

    def _kept(self, fold):
        name, why = f"folds/{fold.key}.json", "it is no result of a fold"
        try:
            found = named.loads(files.text(self.out, name))
            if named.fits(found, folds.RESULT):
                return found
        except FileNotFoundError:
            return None
        except RunError:
            raise
        except ValueError as error:
            why = str(error)
        raise RunError(
            f"{self.out / name} is damaged: {why}; without it, the fold is computed again"
        )

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
        for name, value in trials.summary(found).items():
            trial.own.set_user_attr(name, value)
        value = float(np.mean([one["accuracy"] for one in found]))
        if state == self.optuna.trial.TrialState.PRUNED:
            value = None  # Optuna takes what was reported last
        self.trials.tell(trial.own.number, value, state=state)
        del self.open[trial.own.number]

    # --- tables -----------------------------------------------------------------------------------

    def write(self):
        """Write the tables; returns the rows of ``trials.csv``."""
        ended = sorted(journal.ended(self.trials), key=lambda t: (t.user_attrs["point"], t.number))
        rows, costs, first = [], [], min(trial.datetime_start for trial in ended)
        for trial in ended:
            about = {"point": trial.user_attrs["point"]}
            told = {k: v for k, v in trial.user_attrs.items() if k in trials.COLUMNS}
            folded = {f"fold_{k}": v for k, v in enumerate(trial.user_attrs["folds"])}
            row = about | {"accuracy": trial.value} | told
            row |= {"pruned": trial.state == self.optuna.trial.TrialState.PRUNED} | folded
            rows.append(row | self._signed(trial.params) | trial.user_attrs["growth"])
            when = {"began": trial.datetime_start, "ended": trial.datetime_complete}
            when = {key: (time - first).total_seconds() for key, time in when.items()}
            costs.append(about | {"cpu_seconds": trial.user_attrs["cpu_seconds"]} | when)
        for name, table in (("trials.csv", rows), ("costs.csv", costs)):
            files.write(self.out, name, trials.as_csv(table).encode())
        return rows
