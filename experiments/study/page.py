"""What every page shares: its options, its trained networks, and where it writes.

    python -m experiments PAGE [--data-dir DIR] [--only CONDITION ...] [--epochs N]
                               [--seeds S ...] [--jobs N | --scheduler ADDRESS]
                               [--runs DIR] [--results DIR] [--smoke]

Networks are trained in ``runs/<condition>/seed_<S>`` and found there again by any page that asks
for the same; a run that was stopped is gone on with. Pages that train all of their conditions with
all seeds have ``--jobs N``, N of them at once, and ``--scheduler``: see ``jobs``. ``--smoke`` does
all of it on a handful of small images in seconds, to see that it works: its numbers mean nothing.
Results of a file of your own go into ``runs/results``, apart from those that are kept in git.
"""

import argparse
import ast
import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from experiments import RUNS
from experiments.run import command, loop, provenance, seeds
from experiments.run.config import Config
from experiments.run.folder import RunFolder, of_epoch
from experiments.study import jobs, training
from experiments.study import results as kept
from experiments.study.results import Results
from models.engine import device

SMOKE = {"dataset": "digits", "data_dir": None, "device": "runtime", "epochs": 1, "chunk": 4}
SMOKE |= {"train_examples": 4, "test_examples": 6, "validation": 0, "quick_examples": 0}
SMOKE["encoding"] = "pixels"  # as digits have no colour


class Page(NamedTuple):
    """A question of a theory: ``page = Page(__name__, __doc__, study)`` at the top of its module.

    ``study(setting)`` does the experiment and writes its results; ``smoke(options)`` gives the
    options of the theory that ``--smoke`` changes; ``options(parser)`` adds options of the page,
    which ``study`` finds in ``setting.given``. ``conditions`` (name -> Condition) are trained and
    compared, ``pairs`` of them set against each other; ``--only`` names some of them, or of
    ``parts``. The spread of test errors ``counts`` "tests" of one network, or "networks".
    """

    module: str  # experiments.<theory>.<page>
    text: str | None  # its docstring; python -OO has none
    study: Callable
    conditions: Mapping = MappingProxyType({})
    pairs: tuple = ()
    title: str = ""  # of its figure; empty: the first line of its docstring
    seeds: tuple = (1,)  # what --seeds is if it is not given
    paper: str = "paper"  # what figures call the paper's test errors
    counts: str = "tests"
    smoke: Callable | None = None
    options: Callable | None = None
    parts: tuple = ()
    trains: bool = True  # whether it has --data-dir, --seeds and --epochs
    trains_all: bool = False  # its conditions with all seeds: it has --jobs

    @property
    def theory(self):
        """The theory whose question it is."""
        return self.module.split(".")[-2]

    @property
    def name(self):
        """Its name, which is that of its results and of its figure."""
        return self.module.split(".")[-1]

    @property
    def about(self):
        """Its docstring, from its source where Python has left it out."""
        if self.text is not None:
            return self.text
        source = inspect.getsource(sys.modules[self.module])
        return ast.get_docstring(ast.parse(source), clean=False)

    def described(self):
        """What figures and tables need of it, as data: ``page.json`` beside its results."""
        return {
            "theory": self.theory,
            "page": self.name,
            "title": self.title or self.about.splitlines()[0],
            "text": self.about,
            "paper": self.paper,
            "counts": self.counts,
            "conditions": {name: one.described() for name, one in self.conditions.items()},
            "pairs": [list(pair) for pair in self.pairs],
        }

    def main(self, arguments=None):
        """The command of the page; returns the exit status."""
        prog = f"experiments {self.name}"

        def action(words):
            parser = self._parser(prog)
            given = parser.parse_args(words)
            if given.epochs is not None and given.epochs < 1:
                parser.error(f"--epochs: 1 or more, not {given.epochs}")
            where = jobs.where(given)
            setting = _setting(self, given)
            try:
                if where != jobs.HERE and not given.smoke:
                    setting.train_all(where)
                self.study(setting)
            finally:  # what there is of results can be drawn
                if setting.results.path.exists():
                    setting.results.describe(self.described())

        goes_on = "the last chunk of training is kept, and the same command goes on"
        return command.guarded(prog, action, arguments, goes_on)

    def _parser(self, prog):
        parser = command.parser(prog, self.about)
        add = parser.add_argument
        add("--runs", default=RUNS, help="trained networks (default: runs)")
        add("--results", help="where results go (default: results; of a file.py: RUNS/results)")
        add("--smoke", action="store_true", help="a few small images, in seconds")
        if self.trains:
            usual = " ".join(map(str, self.seeds))
            add("--data-dir", help="folder with the data, or with one for each set (else fetched)")
            add(
                "--seeds",
                type=seeds.typed,
                nargs="+",
                default=self.seeds,
                help=f"(default: {usual})",
            )
            add("--epochs", type=int, help="(default: what the page says)")
        else:
            parser.set_defaults(data_dir=None, seeds=self.seeds, epochs=None)
        parser.set_defaults(jobs=None, scheduler=None)
        if self.trains_all:
            jobs.add_options(parser)
        names = (*self.conditions, *self.parts)
        if names:
            add("--only", nargs="+", choices=names, help="(default: all)")
        if self.options:
            self.options(parser)
        return parser


class Trained(NamedTuple):
    """A trained network: its run, and its state after the epochs asked for."""

    run: loop.Run
    state: dict
    epochs: int


class Setting(NamedTuple):
    """What the command line said."""

    page: Page
    results: Results  # where the page's numbers go
    runs: Path  # folder of the trained networks
    data_dir: str | None  # of the MNIST files; None: they are fetched
    only: tuple  # conditions asked for; empty: all
    epochs: int | None  # None: what the page says
    seeds: tuple
    smoke: bool
    arguments: tuple  # those that choose what is done, for the record
    given: argparse.Namespace  # the whole command line, for a page with options of its own

    def size(self, full, smoke):
        """A number of images, tests, ...: one for real, one for ``--smoke``."""
        return smoke if self.smoke else full

    def chosen(self, names):
        """Conditions to look at: those asked for, or all; for ``--smoke`` the first two."""
        return self.only or tuple(names)[: self.size(None, 2)]

    def one_seed(self, why):
        """The seed; ValueError if several were given, for the reason ``why``."""
        if len(self.seeds) > 1:
            raise ValueError(f"--seeds: {why}")
        return self.seeds[0]

    def config(self, options, epochs, seed=None):
        """The configuration of a network on MNIST; small and short for ``--smoke``."""
        about = {"theory": self.page.theory, "dataset": "mnist", "data_dir": self.data_dir}
        values = {**about, **options, "epochs": epochs}
        if values["dataset"] == "digits":
            values["data_dir"] = None  # they come with the project
        values["seed"] = self.seeds[0] if seed is None else seed
        if self.smoke:
            values |= SMOKE | (self.page.smoke(options) if self.page.smoke else {})
        return Config.of(values)

    def configured(self, name, options, epochs, seed=None):
        """The same, kept among the results under the name of the condition."""
        config = self.config(options, epochs, seed)
        self.results.configure(name, config.flat() | {"data_dir": None})
        return config

    def network(self, name, seed=None):
        """The trained network of one of the page's conditions."""
        condition = self.page.conditions[name]
        epochs = self.epochs or condition.epochs
        return self.trained(condition.network or name, condition.options, epochs, seed)

    def train_all(self, where):
        """Train the networks of the conditions asked for, all seeds, where jobs are run.

        Those that are there are left alone; RuntimeError, after the others, if one fails.
        """
        configs = {}
        for name in self.chosen(self.page.conditions):
            condition = self.page.conditions[name]
            own, epochs = condition.network or name, self.epochs or condition.epochs
            for seed in self.seeds:
                config, folder = self._place(own, condition.options, epochs, seed)
                if not _is_trained(folder, config.epochs):
                    configs[f"{own}, seed {seed}"] = config, folder.path
        _, failures = training.train(configs, where, resume=True) if configs else ({}, [])
        if failures:
            raise RuntimeError("; ".join(failures))

    def _place(self, name, options, epochs, seed):
        """A network's configuration and its run folder."""
        config = self.config(options, epochs, seed)
        return config, RunFolder(self.runs / self.page.theory / name / f"seed_{config.seed}")

    def trained(self, name, options, epochs, seed=None):
        """Train a network, or find it trained; returns ``Trained``.

        RunError if its folder holds a network of other options or equations.
        """
        config, folder = self._place(name, options, epochs, seed)
        if _is_trained(folder, config.epochs):
            training.refuse_other(config, folder)
            run = loop.Run(config, folder)
            provenance.refuse_other_model(folder, run.network)
        else:
            print(f"{name}, seed {config.seed}: {config.epochs} epochs", flush=True)
            loop.run(config, folder.path, resume=True)
            run = loop.Run(config, folder)
        self.configured(name, options, epochs, seed)
        return Trained(run, folder.after(config.epochs), config.epochs)


def _is_trained(folder, epochs):
    """Whether there are weights after so many epochs, and the test of them."""
    tested = [row["epoch"] for row in folder.metrics() if row["test_error"] is not None]
    return of_epoch(epochs) in folder.states("*") and epochs in tested


def _setting(page, given):
    """What the command line said; ``--smoke`` also makes Brian2 compile nothing."""
    runs, only, words = Path(given.runs), tuple(getattr(given, "only", None) or ()), []
    if given.smoke:
        device.interpret()
        runs = runs / "smoke"
    for option, value, usual in (
        ("only", only, ()),
        ("epochs", given.epochs, None),
        ("seeds", tuple(given.seeds), tuple(page.seeds)),
    ):
        if value != usual:
            words += [f"--{option}", *map(str, np.atleast_1d(value))]
    results = Results(page.theory, page.name, _results_folder(given, only))
    seeds = tuple(given.seeds)[: 2 if given.smoke else None]
    about = runs, given.data_dir, only, given.epochs, seeds, given.smoke, tuple(words)
    return Setting(page, results, *about, given)


def _results_folder(given, names):
    """Where results go: what ``--results`` said, or ``results``, or beside the trained networks.

    What comes of one's own file is not for ``results``, which is kept in git.
    """
    if given.results:
        return Path(given.results)
    if given.smoke:
        return Path(given.runs) / "smoke" / "results"
    own = any(name.endswith(".py") for name in names)
    return Path(given.runs) / "results" if own else kept.ROOT
