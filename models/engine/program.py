"""Run a chunk of images: a compiled network, or the same one in Brian2's runtime mode.

A program takes images, labels, a state and a seed, and gives back a state and what was recorded. It
starts from rest each time, so the state alone carries learning from one chunk of images to the
next, and every chunk can be a checkpoint. The same inputs give the same state, to the bit, on the
same machine and compiler.
"""

import gc
import os
import subprocess
import time
from collections.abc import Callable
from typing import NamedTuple

import brian2
import numpy as np

from models import units
from models.engine import device, kept, recording, wiring
from models.engine.children import Children
from models.engine.circuit import Circuit
from models.engine.compiler import DeviceError
from models.engine.exchange import Exchange
from models.engine.schedule import Schedule
from models.theory import Outputs, Seconds


class Plan(NamedTuple):
    """What a program is made from.

    Attributes
    ----------
    circuit : Circuit
    schedule : Schedule
    read : callable
        ``read(outcome, inputs, records)`` -> answers, measures, and further records: ``outcome``
        holds what the circuit reads once an image, shape (images, cells), in ``models.units``.
    settings : callable
        ``settings(epoch)`` -> values of the circuit's settings.
    record : Recording
    given : callable
        ``given(inputs)`` -> the circuit's further inputs, beside those of ``inputs.more``.
    keep : callable
        ``keep(state, outcome, inputs)`` -> the state that goes on: with what no circuit holds.
    """

    circuit: Circuit
    schedule: Schedule
    read: Callable
    settings: Callable
    record: recording.Recording = recording.NOTHING
    given: Callable = lambda inputs: {}
    keep: Callable = lambda state, outcome, inputs: state

    def wire(self):
        """Brian2's objects."""
        brian2.BrianLogger.suppress_name("unused_brian_object")
        with device.one_sentence():
            return wiring.wire(self.circuit, self.schedule, self.record)


def build(plan, where="standalone", precision="double"):
    """Build a network, or find it already built.

    Parameters
    ----------
    plan : Plan
    where : str
        "standalone" (C++, for training) or "runtime" (Brian2 in Python, for exploration).
    precision : str
        "single" (faster) or "double", of all but times.

    Returns
    -------
    Program or RuntimeProgram

    Raises
    ------
    DeviceError
        If there is no compiler or it fails.
    ModelError
        If the equations cannot be simulated.
    """
    gc.collect()  # names of networks that are gone are free again: the same model, the same source
    return (RuntimeProgram if where == "runtime" else Program)(plan, precision)


def refuse_number(images, most):
    """Raise ValueError for a number of images that a program cannot take."""
    if not 0 < images <= most:
        raise ValueError(f"this program takes 1 to {most} images, not {images}")


class _Program:
    """What both kinds share: how values go in and come out."""

    def __init__(self, plan, wired):
        self.plan, self.schedule, self.images = plan, plan.schedule, plan.schedule.images
        self.units = {
            name: units.of(view.variable) for name, view in (wired.state | wired.settings).items()
        }
        wanted = wired.wanted()
        self.dtypes = {name: variable.dtype for name, variable in wanted.items()}
        self.factors = {
            name: units.of(variable).factor
            for name, variable in wanted.items()
            if isinstance(name, tuple)
        }
        self.columns = wired.columns()
        kinds = {n: v.dtype for n, v in wired.given().items() if n in self.units}
        kinds |= {name: array.values.dtype for name, array in wired.timed.items()}
        self.accepts = {name: (kinds[name], size) for name, size in wired.sizes().items()}

    def fill(self, inputs, arrays):
        """Put inputs into flat arrays, in SI units.

        Where there are fewer images than the program takes, ones follow that teach nothing; they
        are shown only to end a mini-batch.
        """
        n, size = self.images, len(inputs.images)
        refuse_number(size, n)
        padding = np.arange(n) % size if size < n else slice(None)
        values = {
            "images": inputs.images[padding],
            "labels": inputs.labels[padding],
            "plastic": np.arange(n) < size * inputs.learns,
        }
        more = dict(inputs.more) | self.plan.given(inputs)
        for name, value in self.plan.circuit.more(more, size).items():
            values[name] = value[padding]
        given = inputs.state | self.plan.settings(inputs.epoch)
        for name in self.units.keys() & given.keys():
            value, size_in_si = np.asarray(given[name]), self.units[name].size
            values[name] = value if size_in_si == 1 else value * size_in_si
        missing = set(arrays) - set(values)
        if missing:
            raise ValueError(f"missing input {sorted(missing)[0]!r}")
        for name, array in arrays.items():
            if values[name].size != array.size:
                raise ValueError(f"input {name!r} has {values[name].size} values, not {array.size}")
            array[:] = values[name].ravel()

    def outputs(self, read, inputs, given, seconds):
        """Flat arrays in SI units as ``Outputs``; the padding is left out."""
        size, state = len(inputs.images), {}
        for name, value in inputs.state.items():
            state[name] = value  # as it is, if it stood still or this program has no use for it
            if name in read:
                unit, found = self.units[name].size, read[name]
                if not np.array_equal(found, given[name]):
                    found = found.astype(value.dtype) if unit == 1 else found.astype(float) / unit
                    state[name] = found.reshape(value.shape)
        outcome, records = {}, {}
        for key, values in read.items():
            if not isinstance(key, tuple):
                continue
            factor = self.factors[key]
            values = values if factor == 1 else values * factor
            if key[0] == "outcome":
                outcome[key[1]] = values.reshape(-1, self.columns[key])[:size]
            else:
                rows = key[:2] in self.columns and key[2] != "t"
                records[key] = values.reshape(-1, self.columns[key[:2]]) if rows else values
        answers, measures, more = self.plan.read(outcome, inputs, records)
        state = self.plan.keep(state, outcome, inputs)
        return Outputs(state, answers, measures, records | more, Seconds(*seconds))


class Program(_Program):
    """A compiled network; ``run`` may be called from several threads at once.

    Attributes
    ----------
    folder : Path
        The build.
    accepts : dict
        Name of each input -> (type, number of values).
    schedule : Schedule
    images : int
        The most images of one run.
    """

    def __init__(self, plan, precision):
        self._children = Children()
        self._idle = []  # exchanges that no run uses now
        self._build, wired = device.compile_network(plan.wire, plan.schedule.duration, precision)
        self.folder = self._build.folder
        super().__init__(plan, wired)

    def run(self, inputs):
        """Run one chunk.

        Parameters
        ----------
        inputs : models.theory.Inputs

        Returns
        -------
        models.theory.Outputs

        Raises
        ------
        DeviceError
            If the program fails, or ends before its time.
        """
        kept.touch(self.folder)
        start = time.perf_counter()
        exchange = self._idle.pop() if self._idle else Exchange(self.accepts)
        self.fill(inputs, exchange.arrays)
        steps = self.schedule.steps_of(len(inputs.images))
        exchange.about[:] = inputs.seed, steps, os.getpid()
        self._call(exchange)
        try:
            read, (cpu, stepping, reached) = exchange.read(self.dtypes)
            device.refuse_a_part(reached, steps, self.schedule.dt)
            seconds = (float(cpu), time.perf_counter() - start, float(stepping))
            found = self.outputs(read, inputs, exchange.arrays, seconds)
        except (ValueError, IndexError) as error:
            raise DeviceError("the compiled network failed: it gave back too little") from error
        self._idle.append(exchange)
        return found

    def stop(self):
        """End what runs, whichever thread waits for it: there it raises DeviceError."""
        self._children.stop()

    def _call(self, exchange):
        """Run the program on what it is given."""
        exchange.empty()
        pipes = {"stdin": exchange.given, "stdout": exchange.back, "stderr": subprocess.PIPE}
        status, said = self._children.run([self.folder / "main"], cwd=self.folder, **pipes)
        if status:
            reason = said.strip() or f"status {status}"
            raise DeviceError(f"the compiled network failed: {reason.splitlines()[0]}")


class RuntimeProgram(_Program):
    """The same network in Brian2's runtime mode: slower, but open to a debugger.

    It is wired anew for each chunk: Brian2 2.10 cannot store a network that has event clocks.
    """

    def __init__(self, plan, precision):
        brian2.set_device("runtime")
        self.precision = precision
        with device.precise(precision):
            self._first = plan.wire()
        super().__init__(plan, self._first)

    def run(self, inputs):
        """Run one chunk; see ``Program.run``. Ctrl-C ends it at once."""
        brian2.set_device("runtime")
        start = time.process_time(), time.perf_counter()
        with device.precise(self.precision):
            wired, self._first = self._first or self.plan.wire(), None
        brian2.seed(inputs.seed % 2**32)
        given = wired.given()
        brian2.defaultclock.dt = self.schedule.dt  # it is global, and another network may have come
        values = {name: np.empty(size, dtype) for name, (dtype, size) in self.accepts.items()}
        self.fill(inputs, values)
        for key, value in values.items():
            if isinstance(given[key], brian2.TimedArray):
                given[key].values[...] = value.reshape(given[key].values.shape)
            else:
                given[key].set_value(value if given[key].size > 1 else value.item())
        stepping = time.perf_counter()
        with device.one_sentence(), device.precise(self.precision):
            device.simulate(wired.network, self.schedule.steps_of(len(inputs.images)))
        stepping = time.perf_counter() - stepping
        read = {key: np.array(v.get_value()).ravel() for key, v in wired.wanted().items()}
        seconds = time.process_time() - start[0], time.perf_counter() - start[1], stepping
        return self.outputs(read, inputs, values, seconds)
