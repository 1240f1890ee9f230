"""The contract: what a theory of credit assignment offers, and what is asked of it.

A theory is a folder of ``models/`` (or a file of one's own) that has one object ``THEORY``. The
commands find it, the loop trains it, and neither knows its name.
"""

import argparse
import ast
import dataclasses
import difflib
import importlib
import importlib.util
import math
import os
import reprlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

HERE = Path(__file__).parent
NONE: Mapping = MappingProxyType({})
DEFAULT = "segregated"  # where nothing names a theory
LARGEST = 2**63 - 1  # of whole numbers: what 64 bits hold
LONGEST = 4096  # of texts: what a path may be
NEVER = 1e9  # ms: when a spike comes that does not
NEEDS = {  # what a theory may ask of a cell; the first four are those of the field's debate
    "explicit error": "an error, as such, reaches it",
    "downstream weights": "weights of other cells' synapses are used at its own",
    "derivative": "the slope of its response, apart from the response",
    "separate passes": "a pass without a teacher, then one that brings what it says",
    "phases": "all cells know which of two times it is: to remember, or to learn",
    "signed cells": "one signal takes both signs, as no rate does",
    "symmetric plasticity": "the way up and the way back change alike",
    "pairing": "a partner cell of its own",
}
LIGHTS = ("early", "late", "throughout")  # when light comes: before a teacher does, with it, both


class Equivalent(NamedTuple):
    """The network of rates that a theory's network is like, with the same weights ``W_0``, ...

    Attributes
    ----------
    variable : str
        What of a hidden cell is its rate: recorded once an image, or in each step (then the last).
    most : float
        Its highest value.
    hidden, output : str
        How rates depend on their drive: names of ``models.measures.SLOPES``.
    potentials : bool
        Answers are potentials in mV of logistic output cells; else they are rates.
    targets : pair of float
        Rates that are asked of the other output cells, and of the class's.
    """

    variable: str
    most: float = 1.0
    hidden: str = "logistic"
    output: str = "logistic"
    potentials: bool = False
    targets: tuple = (0.0, 1.0)


class Theory(NamedTuple):
    """A theory of credit assignment.

    Attributes
    ----------
    about : str
        Whose it is, its source, what to expect.
    options : type
        A frozen dataclass made with ``option``: each field is an option of the command line.
    presets : mapping
        Name -> values of options, and of the run's; ``digits`` is obligatory.
    network : callable
        ``network(options, inputs, classes)`` -> a network; ValueError, in one sentence, for what
        does not go together. A network has

        - ``sizes``: population -> number of cells, the input first;
        - ``variables``: name -> ``Variable`` of all that it holds, records or measures;
        - ``records``: kind -> names of variables, what ``--record`` may ask for;
        - ``start(seed)`` -> the state that learning begins with;
        - ``program(images, learning, record, device, precision)`` -> a program for so many images,
          which calculates in "single" or "double" precision; a program has ``run(inputs)`` ->
          ``Outputs``, ``images``, ``schedule``, and, if it has processes of its own, ``stop()``;
        - ``text()`` and ``model()``: what is simulated, as text and as data;
        - where it has them: ``own_equations`` (a user changed some) with ``trial()``, which tries
          them and raises ValueError; ``notes()`` for ``describe``; ``rest()``, where cells rest;
          ``shown``: "train" and "test" -> the shortest time that a spike train is shown then, ms,
          and the options that say so.
    needs : mapping
        What it asks of a cell: name of ``NEEDS`` -> a sentence that says how.
    takes_trains : bool
        Whether ``inputs`` may be ``Trains``: examples are spike trains, not images.
    varies : str
        Another theory, whose cells and rules it takes and changes in part; empty: it stands alone.
    equivalent : Equivalent or None
        What its updates are compared with; None: it is like no network of rates.
    feedback : tuple of str
        Arrays of the state that only tell hidden cells of what is above: "Y" is ``Y_0``, ...
    lights : mapping
        When (of ``LIGHTS``) -> options that light what in hidden cells hears of an error; none, if
        nothing listens then. "dark": what they are compared with, if not the options as they are.
    memory : tuple of str
        Ends of names of arrays that hold past updates, such as "_mean".
    inhibition : tuple of str
        Arrays by which interneurons act on hidden cells, named as in ``feedback``.
    """

    about: str
    options: type
    presets: Mapping
    network: Callable
    needs: Mapping
    takes_trains: bool = False
    varies: str = ""
    equivalent: Equivalent | None = None
    feedback: tuple = ()
    lights: Mapping = NONE
    memory: tuple = ()
    inhibition: tuple = ()


class Trains(NamedTuple):
    """In the place of a number of pixels: each example is a spike train for each input cell.

    A row of ``Inputs.images`` then holds times in ms since the example's onset: of the first spikes
    of all cells, then of the second ones, and so on; ``NEVER`` where a cell has no more.

    Attributes
    ----------
    cells : int
    columns : int
        Times of a cell in a row: one more than the most spikes that one has.
    """

    cells: int
    columns: int


class Inputs(NamedTuple):
    """What a program is given.

    Attributes
    ----------
    images : ndarray, shape (n, inputs)
        Pixels in [0, 1], or as ``Trains`` says; n may be less than the program's number of images.
    labels : ndarray of int, shape (n,)
        Classes.
    state : dict of ndarray
        As from a network's ``start``, in the units of its ``variables``.
    seed : int
        Of all random draws, 64 bits.
    epoch : int
        Passes through the training images that are done: rates may fall with it.
    learns : bool
        Whether anything is learned from these images.
    places : ndarray of int, shape (n,), optional
        Of the images in the training set, for what a theory keeps of each.
    more : mapping of name -> ndarray, shape (n,) or (n, columns)
        What else a network asks for of each image, such as targets or latencies.
    """

    images: np.ndarray
    labels: np.ndarray
    state: dict
    seed: int
    epoch: int = 0
    learns: bool = True
    places: np.ndarray | None = None
    more: Mapping = NONE


class Seconds(NamedTuple):
    """What a chunk took: processor time, all, and in steps of the network alone."""

    cpu: float
    wall: float
    stepping: float


class Outputs(NamedTuple):
    """What a program gives back.

    Attributes
    ----------
    state : dict of ndarray
        As in ``Inputs``.
    answers : ndarray, shape (n, classes)
        The largest is the class that was chosen.
    measures : dict of ndarray, shape (n,)
        A number for each image; ``loss`` where the program learns.
    records : dict of ndarray
        (kind, population, variable), in the units of the network's ``variables``: a row for each
        step or image and a column for each cell; of spikes, and of times, one value each.
    seconds : Seconds
    """

    state: dict
    answers: np.ndarray
    measures: dict
    records: dict
    seconds: Seconds


class Variable(NamedTuple):
    """A quantity that a network holds, records or measures.

    Attributes
    ----------
    unit : str
        As ``models.units`` writes it.
    factor : float
        What an SI value is multiplied by.
    meaning : str
    when : str
        "step", "image", "spike" or "state".
    """

    unit: str
    factor: float
    meaning: str
    when: str


# --- options --------------------------------------------------------------------------------------


def option(default, text, **about):
    """A field of a theory's options.

    Parameters
    ----------
    default
        Its value; a tuple is a list on the command line.
    text : str
        Its line of help.
    **about
        ``type`` (of what is None or empty by default), ``choices``, ``least``, ``most``, ``unit``,
        and ``search`` (lowest, highest: where a search looks).
    """
    return dataclasses.field(default=default, metadata={"help": text, **about})


def flag(name):
    """The option of the command line that sets a field."""
    return "--" + name.replace("_", "-")


def refuse(options):
    """Raise ValueError, in one sentence, for a value that a field cannot have.

    ``options`` is a dataclass whose fields were made with ``option``; ``__post_init__`` calls this.
    """
    for field in dataclasses.fields(options):
        if "help" not in field.metadata:
            continue
        value = getattr(options, field.name)
        listed = isinstance(value, tuple)
        items = value if listed else (value,)
        if listed != isinstance(field.default, tuple) or not all(_fits(i, field) for i in items):
            raise ValueError(f"{flag(field.name)}: {reprlib.repr(value)} is not what it takes")
        for item in items:
            if item is not None:
                _refuse_range(field, item)


def _fits(item, field):
    """Whether a value (or one of a list) is of an option's type."""
    kind = field.metadata.get("type", type(field.default))
    if item is None:
        return field.default is None
    kinds = {float: (int, float), type(None): str}
    return isinstance(item, kinds.get(kind, kind)) and (kind is bool) == isinstance(item, bool)


def _refuse_range(field, item):
    name, about = flag(field.name), field.metadata
    least, most, choices = (about.get(limit) for limit in ("least", "most", "choices"))
    if isinstance(item, float) and not math.isfinite(item):
        raise ValueError(f"{name}: {item} is not a number")
    if isinstance(item, int) and abs(item) > LARGEST:
        raise ValueError(f"{name}: {reprlib.repr(item)} has more than 64 bits")
    if isinstance(item, str) and len(item) > LONGEST:
        raise ValueError(f"{name}: {reprlib.repr(item)} has more than {LONGEST} characters")
    if choices and item not in choices:
        raise ValueError(f"{name}: {' or '.join(choices)}, not {reprlib.repr(item)}")
    if least is not None and item < least:
        raise ValueError(f"{name}: {least} or more, not {item}")
    if most is not None and item > most:
        raise ValueError(f"{name}: {most} or less, not {item}")


def add_option(parser, field):
    """Add the option of one field to an ``argparse`` parser."""
    usual, kind = field.default, field.metadata.get("type", type(field.default))
    shown = "" if usual in (None, ()) else f" (default: {written(usual)})"
    text = field.metadata["help"].replace("%", "%%") + shown
    keywords = {"help": text, "default": argparse.SUPPRESS}
    if isinstance(usual, bool):
        keywords["action"] = argparse.BooleanOptionalAction
    elif isinstance(usual, tuple):
        keywords |= {"type": kind, "nargs": "*" if field.name.startswith("record") else "+"}
    else:
        keywords["type"] = str if usual is None and kind is type(None) else kind
    parser.add_argument(flag(field.name), **keywords)


def refuse_other_outputs(layers, classes):
    """Raise ValueError if the last of the layers has not one cell a class."""
    if layers[-1] != classes:
        raise ValueError(
            f"--layers: the last layer has a cell for each of the {classes} classes, "
            f"not {layers[-1]}"
        )


def written(value):
    """A value of an option, as it would be typed."""
    if value is None:
        return "left out"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return f"{value:.3g}" if isinstance(value, float) else str(value)


# --- finding --------------------------------------------------------------------------------------


@cache
def names():
    """Theories that come with the project: folders of ``models/`` that have a THEORY."""
    found = (path.parent.name for path in HERE.glob("*/__init__.py") if _offers(path))
    return tuple(sorted(found))


def _offers(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else ()
        if any(isinstance(target, ast.Name) and target.id == "THEORY" for target in targets):
            return True
    return False


@cache
def find(name):
    """A theory.

    Parameters
    ----------
    name : str
        Of a folder in ``models/``, or the path of a Python file. Its code is run: load only files
        that you trust.

    Raises
    ------
    ValueError
        If there is none, or the file offers none.
    """
    if not name.endswith(".py") and name not in names():
        near = difflib.get_close_matches(name, names(), 3) or names()
        raise ValueError(
            f"--theory: unknown theory {reprlib.repr(name)}: did you mean {' or '.join(near)}? "
            f"There are {', '.join(names())}, and a file.py of your own"
        )
    own = name.endswith(".py")
    found = _from_file(Path(name)) if own else importlib.import_module(f"models.{name}").THEORY
    return found._replace(about=found.about or "")  # python -OO leaves docstrings out


def _from_file(path):
    module = load(path, "--theory")
    found = getattr(module, "THEORY", None)
    if not isinstance(found, Theory):
        raise ValueError(f"--theory {path}: it offers no THEORY = Theory(...)")
    for name, known in (("needs", NEEDS), ("lights", (*LIGHTS, "dark"))):
        if not isinstance(getattr(found, name), Mapping) or set(getattr(found, name)) - set(known):
            raise ValueError(f"--theory {path}: {name} is a dict, with names {', '.join(known)}")
    return found


def load(path, what):
    """The module of a user's file, whose code is run; ValueError, in one sentence, if it cannot be.

    ``what`` is what the sentence calls it: "variant", "--theory". A leading ~ is the home.
    """
    path = Path(os.path.expanduser(path))
    if not os.path.isfile(path):  # which takes any text
        raise ValueError(f"{what}: no file {path}")
    spec = importlib.util.spec_from_file_location(f"own_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # it is the user's code: anything may happen
        raise ValueError(f"{what} {path}: {type(error).__name__}: {error}") from error
    return module
