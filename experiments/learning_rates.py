"""Do the learning rates of presets serve? All of them times a factor, on images held out.

    python -m experiments learning_rates [--theories NAME|FILE.py ...] [--sets digits mnist ...]
                                         [--factors X ...] [--epochs N] [--data-dir DIR]
                                         [--seeds S ...] [--jobs N | --scheduler ADDRESS]

The last training images (of the digits 300, of others 10,000) are held out, networks learn the
others with the rates of their preset times each factor, and are tested on those held out; the test
set is left alone. Fashion-MNIST begins with MNIST's presets: what served best there is the preset
``fashion``. A learning rate is an option that is named eta, or whose help begins so; all are moved
at once, also those with a scale of their own, as that of inverses. Writes
``results/<theory>/learning_rates/``; a theory of a file of your own goes to ``runs/results``.
Killed, the same command goes on. Draw it: python -m analysis.learning_rates.
"""

import argparse
import dataclasses
import math
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from experiments import RUNS, side_by_side
from experiments.run import command, seeds
from experiments.run.folder import RunFolder

NAME = "experiments.learning_rates"
PAGE = "learning_rates"


class Set(NamedTuple):
    """A data set, the preset whose rates are moved, images held out, and networks of each."""

    dataset: str
    preset: str
    held_out: int
    networks: int = 1


SETS = {
    "digits": Set("digits", "digits", 300, 3),
    "mnist": Set("mnist", "mnist", 10_000),
    "fashion": Set("fashion", "mnist", 10_000),
}
FACTORS = (0.1, 0.3, 1.0, 3.0)
RATE = "learning rate"  # how the help of an option begins that is one, if it is not named eta
KEY = ("set", "factor", "epochs", "seed")
GOES_ON = "what was trained is kept, and the same command goes on"
SMOKE = {"epochs": 1, "train_examples": 20, "test_examples": 20, "device": "runtime", "chunk": 10}


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, GOES_ON)


def _main(arguments):
    from experiments.study import jobs, training  # Brian2 takes a second: Ctrl-C may come meanwhile
    from models import theory as theories
    from models.engine import device

    given = _given(arguments, jobs)
    if given.smoke:
        device.interpret()
    where, asked = jobs.where(given), {}
    for name in given.theories or theories.names():
        for data in given.sets:
            if SETS[data].preset not in theories.find(name).presets:
                print(f"{Path(name).stem} has no preset for {data}: left out", flush=True)
                continue
            for factor in given.factors[: 2 if given.smoke else None]:
                for seed in given.seeds or range(1, 1 + (given.smoke or SETS[data].networks)):
                    key = name, data, factor, seed
                    asked[key] = _place(given, *key)
    configs = {
        " ".join(map(str, key)): one for key, one in asked.items() if not training.has_ended(*one)
    }
    _, failures = training.train(configs, where, resume=True) if configs else ({}, [])
    for name, data in dict.fromkeys(key[:2] for key in asked):
        mine = {key[2:]: one for key, one in asked.items() if key[:2] == (name, data)}
        mine = {key: one for key, one in mine.items() if training.has_ended(*one)}
        if mine:
            _keep(given, name, data, mine)
    if failures:
        raise RuntimeError("; ".join(failures))


def _given(arguments, jobs):
    parser = command.parser(NAME, __doc__)
    add = parser.add_argument
    add("--theories", nargs="+", help="names, or files.py of your own (default: all)")
    add("--sets", nargs="+", choices=SETS, default=["digits"], help="(default: digits)")
    usual = " ".join(f"{factor:g}" for factor in FACTORS)
    text = f"of learning rates (default: {usual})"
    add("--factors", type=_factor, nargs="+", default=FACTORS, help=text)
    add("--epochs", type=int, help="(default: the preset's)")
    text = ", ".join(f"{one.networks} of {name}" for name, one in SETS.items())
    add("--seeds", type=seeds.typed, nargs="+", help=f"(default: {text})")
    add("--data-dir", help="folder with a folder for each data set (else fetched)")
    add("--runs", default=RUNS, help="trained networks (default: runs)")
    add("--results", help="where results go (default: results; of a file.py: RUNS/results)")
    add("--smoke", action="store_true", help="one short epoch, in seconds")
    jobs.add_options(parser)
    given = parser.parse_args(arguments)
    if given.epochs is not None and given.epochs < 1:
        parser.error(f"--epochs: 1 or more, not {given.epochs}")
    return given


def _factor(text):
    """A factor of the command line."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"a number above 0, not {text}")
    return value


def moved(options, factor):
    """The learning rates among a theory's options, times a factor.

    Parameters
    ----------
    options : object
        The theory's.
    factor : float

    Returns
    -------
    dict
        Option -> rate, or rates as a tuple.

    Raises
    ------
    ValueError
        If there is no learning rate among them.
    """
    rates = {
        field.name: getattr(options, field.name)
        for field in dataclasses.fields(options)
        if field.name.startswith("eta") or field.metadata.get("help", "").startswith(RATE)
    }
    rates = {name: value for name, value in rates.items() if np.any(value)}
    if not rates:
        raise ValueError(f"no option is a learning rate: named eta, or said to be a {RATE}")
    return {
        name: tuple(factor * rate for rate in value) if isinstance(value, tuple) else factor * value
        for name, value in rates.items()
    }


def _place(given, name, data, factor, seed):
    """A network's configuration, and its run folder."""
    from experiments.run import provenance
    from experiments.run.config import chosen

    about = SETS[data]
    values = {"theory": name, "dataset": about.dataset, "seed": seed, "quick_examples": 0}
    values |= {"data_dir": None if about.dataset == "digits" else given.data_dir}
    values |= {"validation": about.held_out, "train_examples": None}
    values |= {"epochs": given.epochs} if given.epochs else {}
    values |= SMOKE if given.smoke else {}
    rates = moved(chosen(values, about.preset).options, factor)
    config = chosen(values | rates, about.preset)
    runs = Path(given.runs) / ("smoke" if given.smoke else "") / Path(name).stem / PAGE
    out = runs / f"{data}_{config.epochs}_epochs_x_{factor:g}" / f"seed_{seed}"
    if (out / "model.json").exists():
        network = config.network(side_by_side.SETS[data].inputs, side_by_side.SETS[data].classes)
        provenance.refuse_other_model(RunFolder(out), network)
    return config, out


def _keep(given, name, data, networks):
    """Tables and headlines of a theory's networks: factor and seed -> configuration, folder."""
    from experiments.study import results as kept
    from experiments.study.statistics import summary

    own = Path(given.runs) / "results" if name.endswith(".py") or given.smoke else kept.ROOT
    results = kept.Results(Path(name).stem, PAGE, given.results or own)
    errors = {}
    for (factor, seed), (config, out) in networks.items():
        rates = moved(config.options, 1)
        told = ", ".join(f"{key} {_told(value)}" for key, value in rates.items())
        error = RunFolder(out).result()["test_error"]
        errors.setdefault((factor, config.epochs), []).append(
            dict(zip(KEY, (data, factor, config.epochs, seed), strict=True))
            | {"validation_error": error, "rates": told}
        )
    results.update("errors", [row for rows in errors.values() for row in rows], KEY)
    heads = [
        {"condition": f"{data}_x_{factor:g}", "measure": "validation_error", "epochs": epochs}
        | summary([row["validation_error"] for row in rows])
        for (factor, epochs), rows in errors.items()
    ]
    words = ["--theories", name, "--sets", data]
    words += ["--factors", *(f"{factor:g}" for factor in dict.fromkeys(f for f, _ in errors))]
    words += ["--epochs", str(given.epochs)] if given.epochs else []
    words += ["--seeds", *map(str, given.seeds)] if given.seeds else []
    results.headline(heads, words)
    print(f"{results.theory}, {data}: see {results.path}", flush=True)


def _told(value):
    return " ".join(f"{rate:g}" for rate in value) if isinstance(value, tuple) else f"{value:g}"


if __name__ == "__main__":
    sys.exit(main())
