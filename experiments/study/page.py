"""What every page of the paper shares: its options, its trained networks, and where it writes.

    python -m experiments.<page> [--data-dir DIR] [--only CONDITION ...] [--epochs N]
                                 [--seeds S ...] [--runs DIR] [--results DIR] [--smoke]

Networks are trained in ``runs/<condition>/seed_<S>`` and found there again by any page that asks
for the same; a run that was stopped is gone on with. ``--smoke`` does all of it on a handful of
small images in seconds, to see that it works: its numbers mean nothing. Results of cells in a file
of your own go into ``runs/results``, apart from those that are kept in git.
"""

import argparse
import dataclasses
from pathlib import Path
from typing import NamedTuple

import numpy as np

from experiments.run import command
from experiments.run import loop as training
from experiments.run.config import Config
from experiments.run.folder import RunError, RunFolder
from experiments.study.results import ROOT, Results
from models.engine import device

SMOKE = {
    "dataset": "digits",
    "data_dir": None,
    "train_examples": 6,
    "test_examples": 6,
    "validation": 0,
    "chunk": 6,
    "quick_examples": 0,
    "test_ms": 50.0,
    "device": "runtime",
}


RESULTS = "where results are kept (default: results; of a file.py: RUNS/results)"


class Trained(NamedTuple):
    """A trained network: its run, and its weights after the epochs asked for."""

    run: training.Run
    weights: dict
    epochs: int


class Setting(NamedTuple):
    """What the command line said.

    Attributes
    ----------
    results : Results
        Where the page's numbers go.
    runs : Path
        Folder of the trained networks.
    data_dir : str or None
        Folder of the MNIST files; None: they are fetched.
    only : tuple of str
        Conditions asked for; empty: all.
    epochs : int or None
        None: what the page says.
    seeds : tuple of int
    smoke : bool
    arguments : tuple of str
        Those that choose what is done, for the record.
    given : argparse.Namespace
        The whole command line, for a page with options of its own.
    """

    results: Results
    runs: Path
    data_dir: str | None
    only: tuple
    epochs: int | None
    seeds: tuple
    smoke: bool
    arguments: tuple
    given: argparse.Namespace

    def size(self, full, smoke):
        """A number of images, tests, ...: one for real, one for ``--smoke``."""
        return smoke if self.smoke else full

    def chosen(self, names):
        """Conditions to look at: those asked for, or all; for ``--smoke`` the first three."""
        return self.only or tuple(names)[: self.size(None, 3)]

    def config(self, options, epochs, seed=None):
        """The configuration of a network on MNIST; small and short for ``--smoke``."""
        values = {"dataset": "mnist", "data_dir": self.data_dir, **options, "epochs": epochs}
        values["seed"] = self.seeds[0] if seed is None else seed
        if self.smoke:
            *hidden, _ = values.get("layers", (500, 10))
            values |= SMOKE | {"layers": (*(8 for _ in hidden), 10), "epochs": 1}
        return Config(**values)

    def trained(self, name, options, epochs, seed=None):
        """Train a network, or find it trained; returns ``Trained``.

        Raises
        ------
        RunError
            If its folder holds a network of other options or equations.
        """
        config = self.config(options, epochs, seed)
        folder = RunFolder(self.runs / name / f"seed_{config.seed}")
        file = f"epoch_{config.epochs:03d}.npz"
        if (folder.path / "weights" / file).exists():
            other = Config.from_dict(folder.config()).differences(config)
            if other:
                raise RunError(
                    f"{folder.path} holds a network of other settings ({'; '.join(other)}): "
                    "move it away, or choose another --runs"
                )
            run = training.Run(config, folder)
            run.refuse_other_equations()
        else:
            print(f"{name}, seed {config.seed}: {config.epochs} epochs", flush=True)
            training.run(config, folder.path, resume=True)
            run = training.Run(config, folder)
        self.results.configure(name, dataclasses.asdict(config) | {"data_dir": None})
        return Trained(run, folder.weights(file).weights, config.epochs)


def main(name, text, study, arguments=None, conditions=(), options=None, seeds=(1,)):
    """The command of a page; returns the exit status.

    Parameters
    ----------
    name : str
        Of the page.
    text : str
        Its docstring.
    study : callable
        ``study(setting)`` does the experiment and writes its results.
    conditions : sequence of str
        What ``--only`` may name.
    options : callable, optional
        ``options(parser)`` adds options of the page; ``study`` finds them in ``setting.given``.
    seeds : tuple of int
        What ``--seeds`` is if it is not given.
    """
    prog = f"experiments.{name}"

    def action(words):
        parser = command.parser(prog, text)
        parser.add_argument("--data-dir", help="folder with the four MNIST files (else fetched)")
        parser.add_argument("--runs", default="runs", help="trained networks (default: runs)")
        parser.add_argument("--results", help=RESULTS)
        usual = " ".join(map(str, seeds))
        parser.add_argument(
            "--seeds", type=int, nargs="+", default=seeds, help=f"(default: {usual})"
        )
        parser.add_argument("--epochs", type=int, help="(default: what the page says)")
        parser.add_argument("--smoke", action="store_true", help="a few small images, in seconds")
        if conditions:
            parser.add_argument("--only", nargs="+", choices=conditions, help="(default: all)")
        if options:
            options(parser)
        given = parser.parse_args(words)
        if given.epochs is not None and given.epochs < 1:
            parser.error(f"--epochs: 1 or more, not {given.epochs}")
        study(_setting(name, given, tuple(seeds)))

    goes_on = "the last chunk of training is kept, and the same command goes on"
    return command.guarded(prog, action, arguments, goes_on)


def results_folder(given, cells=()):
    """Where results go: what ``--results`` said, or ``results``, or beside the trained networks.

    Parameters
    ----------
    given : argparse.Namespace
        With ``results``, ``runs`` and ``smoke``.
    cells : sequence of str
        Names of variants, or files: what comes of one's own file is not for ``results``, which is
        kept in git.
    """
    if given.results:
        return Path(given.results)
    if given.smoke:
        return Path(given.runs) / "smoke" / "results"
    own = any(cell.endswith(".py") for cell in cells)
    return Path(given.runs) / "results" if own else ROOT


def _setting(name, given, seeds):
    runs, only = Path(given.runs), tuple(getattr(given, "only", None) or ())
    results, words = results_folder(given, only), []
    if given.smoke:
        device.interpret()
        runs = runs / "smoke"
    for option, value, usual in (
        ("only", only, ()),
        ("epochs", given.epochs, None),
        ("seeds", tuple(given.seeds), seeds),
    ):
        if value != usual:
            words += [f"--{option}", *map(str, np.atleast_1d(value))]
    return Setting(
        Results(name, results),
        runs,
        given.data_dir,
        only,
        given.epochs,
        tuple(given.seeds),
        given.smoke,
        tuple(words),
        given,
    )
