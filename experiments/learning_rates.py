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
from typing import NamedTuple

import numpy as np

from experiments import side_by_side
from experiments.run import command
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


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, GOES_ON)


def _main(arguments):
    from experiments.study import every_theory, jobs  # Brian2 takes a second: Ctrl-C may come
    from models.engine import device

    given = _given(arguments, every_theory, jobs)
    where, networks = jobs.where(given), {}
    if given.smoke:
        device.interpret()
    for name, data in every_theory.asked(given, SETS):
        for factor in given.factors[: 2 if given.smoke else None]:
            for seed in given.seeds or range(1, 1 + (given.smoke or SETS[data].networks)):
                networks[name, data, factor, seed] = _place(given, name, data, factor, seed)
    every_theory.train(networks, where, lambda *mine: _keep(given, *mine))


def _given(arguments, every_theory, jobs):
    parser = command.parser(NAME, __doc__)
    every_theory.add_options(parser, SETS, "one short epoch, in seconds")
    usual = " ".join(f"{factor:g}" for factor in FACTORS)
    text = f"of learning rates (default: {usual})"
    parser.add_argument("--factors", type=_factor, nargs="+", default=FACTORS, help=text)
    parser.add_argument("--epochs", type=int, help="(default: the preset's)")
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
    from experiments.run.config import chosen
    from experiments.study import every_theory

    about, sizes = SETS[data], side_by_side.SETS[data]
    values = every_theory.options(given, name, about.dataset, seed)
    values |= {"validation": about.held_out, "train_examples": None}
    values |= {"epochs": given.epochs} if given.epochs else {}
    values |= side_by_side.SMOKE if given.smoke else {}
    rates = moved(chosen(values, about.preset).options, factor)
    config = chosen(values | rates, about.preset)
    where = every_theory.runs(given, name) / PAGE
    out = where / f"{data}_{config.epochs}_epochs_x_{factor:g}" / f"seed_{seed}"
    every_theory.refuse_other_model(out, config.network(sizes.inputs, sizes.classes))
    return config, out


def _keep(given, name, data, networks):
    """Tables and headlines of a theory's networks: factor and seed -> configuration, folder."""
    from experiments.study import every_theory
    from experiments.study.statistics import summary

    results = every_theory.results(given, name, PAGE)
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
