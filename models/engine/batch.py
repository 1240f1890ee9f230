"""Networks of rates in NumPy, mini-batch by mini-batch: the same program as a compiled one.

For theories whose equations are a few lines of arrays, and whose layers are dense, so that a matrix
product is faster than a walk through synapses.
"""

import inspect
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from brian2 import ms
from scipy.linalg.blas import get_blas_funcs
from scipy.special import expit as sigmoid  # the logistic function, for theories

from models.engine import printing
from models.engine.device import TYPES
from models.engine.network import EACH_IMAGE, IMAGE, one_hot
from models.engine.program import refuse_number
from models.engine.recording import NOTHING
from models.engine.schedule import ONSET, Schedule
from models.theory import NONE, Outputs, Seconds, Variable

__all__ = ["BatchNetwork", "add_product", "glorot", "sigmoid"]

MEASURED = 100  # images of a chunk


def glorot(**shapes):
    """A ``start`` that draws each array from U(-w, w), w = sqrt(6/(rows + columns)).

    Glorot & Bengio (2010). ``shapes`` are (cells below, cells) by name; (cells,) are biases of 0.
    """

    def start(seed):
        rng, state = np.random.default_rng([seed, 0]), {}
        for name, shape in shapes.items():
            width = np.sqrt(6 / sum(shape)) if len(shape) > 1 else 0.0
            state[name] = rng.uniform(-width, width, shape)
        return state

    return start


def squared(answers, target):
    """Squared error of the output, halved, of each image."""
    return np.sum((target - answers) ** 2, axis=1) / 2


def add_product(weights, source, error, rate):
    """``weights + rate*source.T @ error``, in one pass; in place where the layout allows it."""
    gemm = get_blas_funcs("gemm", (weights,))
    return gemm(rate, error.T, source.T, 1, weights.T, trans_b=True, overwrite_c=True).T


class BatchNetwork(NamedTuple):
    """What the contract asks of a network (``models.theory.Theory``), made from three functions.

    Attributes
    ----------
    sizes : dict
        Population -> number of cells, the input first, the output last.
    start : callable
        ``start(seed)`` -> state.
    forward : callable
        ``forward(state, x)`` -> population -> activity of shape (images, cells), of all but the
        input; ``x`` has shape (images, inputs).
    learn : callable
        ``learn(state, x, target, cells, rng, epoch)`` -> the state after a mini-batch; ``target``
        has shape (images, classes), ``cells`` is what ``forward`` gave. It may change the arrays of
        the state that it is given.
    batch : int
        Images of a mini-batch.
    meanings : mapping of name -> str
        What the arrays of the state are.
    loss : callable
        ``loss(answers, target)`` -> the loss of each image, shape (images,).
    records : mapping of kind -> tuple of str
        What ``--record`` may ask for: ``h``, which are the activities, and what is observed.
    observe : callable, optional
        ``observe(state, x, target)`` -> name -> population -> array of shape (images, cells): what
        may be recorded beside activities.
    measure : callable, optional
        ``measure(state, x, target)`` -> name -> numbers of shape (images,). It is asked at the
        beginning of a chunk that learns, of its first ``MEASURED`` images; each image of the chunk
        then has their mean, but for nan. It is given double precision, as small errors vanish in
        single.
    about : mapping of name -> Variable
        Of what is observed and measured, and of a loss of one's own.
    equations : mapping of population -> mapping of name -> str
        What a cell does, as blocks of statements with sums over cells left out: for reading, as
        what runs is the functions.
    uses : tuple of functions
        Those that ``forward`` and ``learn`` call, to be shown after them.
    """

    sizes: dict
    start: Callable
    forward: Callable
    learn: Callable
    batch: int = 1
    meanings: Mapping = NONE
    loss: Callable = squared
    records: Mapping = MappingProxyType({"rates": ("h",)})
    observe: Callable | None = None
    measure: Callable | None = None
    about: Mapping = NONE
    equations: Mapping = NONE
    uses: tuple = ()

    @property
    def variables(self):
        """Name -> ``Variable``: activities, the loss, and what is learned."""
        found = {
            "h": Variable("1", 1.0, "activity", "image"),
            "loss": Variable("1", 1.0, "squared error of the output, halved", "image"),
        }
        for name in self.start(0):
            meaning = self.meanings.get(name, f"what is learned: {name}")
            found[name] = Variable("1", 1.0, meaning, "state")
        return found | self.about

    def program(
        self, images, learning=True, record=NOTHING, device="standalone", precision="double"
    ):
        """A program for so many images; on any device it is NumPy's."""
        return BatchProgram(self, images, learning, record, TYPES[precision])

    def model(self):
        """What is simulated, as data: the functions' own source, and statements for reading."""
        shown = []
        for name, size in self.sizes.items():
            cell = {"name": name, "size": size, "integrator": ""}
            said = self.equations.get(name, NONE).items()
            blocks = [_block(block, "statements", printing.stripped(code)) for block, code in said]
            like = [c["name"] for c in shown if blocks and c.get("blocks") == blocks]
            shown.append(cell | ({"like": like[0]} if like else {"blocks": blocks}))
        functions = {"forward": self.forward, "learn": self.learn}
        functions |= {function.__name__: function for function in self.uses}
        code = [_block(name, "code", _source(f)) for name, f in functions.items()]
        shown[-1]["blocks"] = [*shown[-1]["blocks"], *code]
        settings = {"mini-batch": str(self.batch)}
        return {
            "cells": shown,
            "synapses": [],
            "order": [],
            "parameters": _symbols(self.forward, self.learn),
            "settings": settings,
        }

    def text(self):
        """What is simulated, as plain text."""
        return printing.text(self.model())


def _kept(value, given):
    """An array of the state after a chunk: as it was given, if it stood still."""
    same = np.array_equal(value, given.astype(value.dtype))
    return given if same else value.astype(float)


def _block(name, kind, code):
    return {"name": name, "kind": kind, "code": code, "meaning": ""}


def _source(function):
    return printing.stripped(inspect.getsource(function))


def _symbols(*functions):
    """Rows of the numbers and options that functions take from around them."""
    found = {}
    for function in functions:
        found |= inspect.getclosurevars(function).nonlocals
    rows = []
    for name, value in found.items():
        if isinstance(value, int | float):
            rows.append((name, value))
        elif hasattr(value, "__dataclass_fields__"):
            rows += [(f"{name}.{field}", getattr(value, field)) for field in vars(value)]
    return [
        {"symbol": name, "value": str(value), "unit": "1", "cells": "", "source": "an option"}
        for name, value in rows
    ]


class BatchProgram:
    """A network that is run in NumPy.

    Attributes
    ----------
    schedule : Schedule
        An image a step.
    images : int
        The most images of one run.
    """

    def __init__(self, network, images, learning, record, kind):
        self.network, self.images, self.learning, self.record = network, images, learning, record
        self.kind = kind
        lengths = {IMAGE: np.ones(images, dtype=int)}
        self.schedule = Schedule.of(lengths, {ONSET: EACH_IMAGE}, 1 * ms)

    def run(self, inputs):
        """Run one chunk; see ``program.Program.run``."""
        start = time.process_time(), time.perf_counter()
        refuse_number(len(inputs.images), self.images)
        net, cells, learns = self.network, [], self.learning and inputs.learns
        state = {name: value.astype(self.kind) for name, value in inputs.state.items()}
        images = inputs.images.astype(self.kind)
        rng = np.random.default_rng(inputs.seed)
        target = one_hot(inputs.labels, list(net.sizes.values())[-1]).astype(self.kind)
        seen = net.observe(state, images, target) if net.observe and self.record.kinds else {}
        for k in range(0, len(target), net.batch):
            x, t = images[k : k + net.batch], target[k : k + net.batch]
            cells.append(net.forward(state, x))
            if learns:
                state = net.learn(state, x, t, cells[-1], rng, inputs.epoch)
        found = {name: np.concatenate([part[name] for part in cells]) for name in cells[0]}
        *_, answers = found.values()
        measures = {"loss": net.loss(answers, target)} | self._measured(inputs)
        seen = {"h": found} | seen
        records = {
            (kind, population, name): values
            for kind, names in self.record.kinds.items()
            for name in names
            for population, values in seen.get(name, NONE).items()
        }
        if learns:
            state = {name: _kept(value, inputs.state[name]) for name, value in state.items()}
        else:
            state = dict(inputs.state)
        cpu, wall = time.process_time() - start[0], time.perf_counter() - start[1]
        return Outputs(state, answers, measures, records, Seconds(cpu, wall, wall))

    def _measured(self, inputs):
        """Means over a few images, as a number for each image; in double precision."""
        net, images = self.network, inputs.images
        if not (self.learning and net.measure):
            return {}
        target = one_hot(inputs.labels[:MEASURED], list(net.sizes.values())[-1])
        found = net.measure(inputs.state, images[:MEASURED].astype(float), target)
        there = {name: values[~np.isnan(values)] for name, values in found.items()}
        return {
            name: np.full(len(images), values.mean())
            for name, values in there.items()
            if len(values)
        }
