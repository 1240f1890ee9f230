"""Compile a network once and run it many times: the only file that knows Brian2's devices.

A ``Program`` takes images, labels, weights and a seed, and gives back weights and what was
recorded. It starts from rest each time, so the weights alone carry learning from one chunk of
images to the next, and every chunk can be a checkpoint. The same inputs give the same weights, to
the bit, on the same machine and compiler.
"""

import gc
import os
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import brian2
import numpy as np
from brian2 import DimensionMismatchError, second, volt
from brian2.core.base import BrianObjectException
from brian2.core.variables import DynamicArrayVariable
from brian2.equations.equations import EquationError

from models.engine import codegen, recording
from models.engine import populations as network
from models.engine.compiler import DeviceError, compiled, find_compiler

UNITS = {"W": 1e-6, "Y": 1e-6, "b": 1e-3, "c": 1e-3}  # mV ms and mV in SI units
HEADERS = ("draws.h", "exchange.h")
PLAIN_UNITS = {  # as Brian2's sentences have it -> as a person would
    str(unit.dim): text
    for unit, text in (
        (volt, "volt"),
        (volt * second, "volt*second"),
        (volt / second, "volt/second"),
    )
}


class ModelError(ValueError):
    """Equations that cannot be simulated; the message says which and why."""


class Inputs(NamedTuple):
    """What a program is given.

    Attributes
    ----------
    images : ndarray, shape (n, inputs)
        Pixels in [0, 1]; n may be less than the program's number of images.
    labels : ndarray of int, shape (n,)
        Classes.
    weights : dict of ndarray
        As from ``models.weights.initial``; mV ms and mV.
    rates : dict of float
        ``eta_m`` for each layer and ``eta_Y_m`` for learned feedback.
    seed : int
        Of all random draws in the chunk, 64 bits.
    """

    images: np.ndarray
    labels: np.ndarray
    weights: dict
    rates: dict
    seed: int


class Outputs(NamedTuple):
    """What a program gives back.

    Attributes
    ----------
    weights : dict of ndarray
        As in ``Inputs``.
    V_bar, phi_star : ndarray, shape (n, outputs)
        Mean somatic potential (mV) of the output cells in each forward phase, and mean rate (Hz)
        in each target phase (None for a program that does not learn).
    records : dict
        (kind, population, variable) -> ndarray in SI units.
    cpu, wall, stepping : float
        Seconds that the chunk took: processor time, all, and in steps of the network alone.
    """

    weights: dict
    V_bar: np.ndarray
    phi_star: np.ndarray | None
    records: dict
    cpu: float
    wall: float
    stepping: float


class _Plan(NamedTuple):
    """Brian2's objects of one network, under our names."""

    wired: network.Wired
    monitors: dict
    schedule: object

    def given(self):
        """Our name -> the array variable or timed array that it sets."""
        views = self.wired.weights | self.wired.rates
        return self.timed() | {name: view.variable for name, view in views.items()}

    def timed(self):
        """Timed arrays that the network uses."""
        w = self.wired
        used = {"images": w.images}
        return used | ({"labels": w.labels, "plastic": w.plastic} if w.learning else {})

    def sizes(self):
        """Our name -> how many values an input has."""
        sizes = {key: v.values.size for key, v in self.timed().items()}
        for key, view in self.wired.weights.items():
            group = view.group
            synaptic = isinstance(group, brian2.Synapses)
            sizes[key] = len(group.source) * len(group.target) if synaptic else len(group)
        return sizes | dict.fromkeys(self.wired.rates, 1)

    def wanted(self):
        """Our name -> the array variable that is read back."""
        w = self.wired
        names = {name: view.variable for name, view in w.weights.items()}
        names |= {("outcome", v): w.outcome.variables[v] for v in w.outcome.record_variables}
        for (kind, population), monitor in self.monitors.items():
            for v in ("t", "i") if kind == "spikes" else ("t", *monitor.record_variables):
                names[kind, population, v] = monitor.variables[v]
        return names


def interpret():
    """From here on, run ``device="runtime"`` without a compiler: nothing to wait for at first."""
    brian2.prefs.codegen.target = "numpy"


@contextmanager
def interpreted(seed):
    """Brian2 in Python for a while, without a compiler; device, target and draws are put back.

    Parameters
    ----------
    seed : int
        Of what is drawn meanwhile.
    """
    brian2.BrianLogger.suppress_name("unused_brian_object")
    target = brian2.prefs.codegen.target
    brian2.set_device("runtime")
    interpret()
    draws = brian2.get_device().get_random_state()
    brian2.seed(seed % 2**32)
    try:
        yield
    finally:
        brian2.get_device().set_random_state(draws)
        brian2.prefs.codegen.target = target
        brian2.devices.reset_device()


def program(model, schedule, learning=True, record=recording.NOTHING, device="standalone"):
    """Build a network, or find it already built.

    Parameters
    ----------
    model : Model
    schedule : Schedule
    learning : bool
        With target phases, feedback and plasticity.
    record : Recording
        What to record.
    device : str
        "standalone" (C++, for training) or "runtime" (Brian2 in Python, for exploration).

    Returns
    -------
    Program or RuntimeProgram

    Raises
    ------
    DeviceError
        If there is no compiler or it fails.
    """
    gc.collect()  # names of networks that are gone are free again: the same model, the same source
    if device == "runtime":
        return RuntimeProgram(model, schedule, learning, record)
    compiler = find_compiler()
    brian2.set_device(codegen.NAME, build_on_run=False)
    standalone = brian2.get_device()
    standalone.reinit()
    standalone.activate(build_on_run=False)
    brian2.prefs.codegen.cpp.headers = [f'"{header}"' for header in HEADERS]
    brian2.prefs.core.stop_on_keyboard_interrupt = False
    plan = _plan(model, schedule, learning, record)
    accepts, wanted = plan.sizes(), plan.wanted()
    name = standalone.get_array_name
    standalone.insert_code("before_network_run", _reading(plan.given(), accepts, name))
    _simulate(plan)
    standalone.insert_code("before_end", _writing(wanted, name))
    dtypes = {key: variable.dtype for key, variable in wanted.items()}
    with tempfile.TemporaryDirectory() as sources:
        standalone.build(directory=sources, compile=False, run=False)
        for header in HEADERS:
            shutil.copy(Path(codegen.HERE) / header, sources)
        for timed in plan.timed().values():  # always given: nothing to load at each start
            (Path(sources) / "static_arrays" / f"{timed.name}_values").write_bytes(b"")
        folder = compiled(Path(sources), sorted(standalone.writer.source_files), compiler)
    standalone.reinit()
    return Program(folder, accepts, dtypes, model, schedule.images)


def _reading(given, accepts, name):
    """C++ that takes the seed and all inputs from standard input, in the order of ``accepts``."""
    lines = [
        "uint64_t seed;",
        "exchange::read(&seed, 1);",
        "draws.seed(seed);",
        "_random_generators[0].seed(seed);",
    ]
    for key, size in accepts.items():
        variable = given[key]
        if isinstance(variable, brian2.TimedArray):
            array = f"{variable.name}_values"
        elif isinstance(variable, DynamicArrayVariable):
            array = f"{name(variable, access_data=False)}.data()"
        else:
            array = name(variable)
        lines.append(f"exchange::read({array}, {size});")
    return "\n".join(lines)


def _writing(wanted, name):
    """C++ that puts all outputs on standard output, in the order of ``wanted``, and ends."""
    lines = ["using namespace brian;"]
    for variable in wanted.values():
        array = name(variable, access_data=False)
        if not isinstance(variable, DynamicArrayVariable):
            lines.append(f"exchange::write({array}, {variable.size});")
        elif variable.ndim == 2:
            lines.append(f"exchange::write_rows({array});")
        else:
            lines.append(f"exchange::write({array});")
    return "\n".join([*lines, "exchange::end(Network::_last_run_time);"])


def _plan(model, schedule, learning, record):
    brian2.BrianLogger.suppress_name("unused_brian_object")
    with one_sentence():
        wired = network.wire(model, schedule, learning, "averages" in record.kinds)
    monitors = recording.monitors(record, wired.populations, wired.outcome.clock)
    wired.network.add(*monitors.values())
    return _Plan(wired, monitors, schedule)


def _simulate(plan):
    """Run, or on the standalone device generate the code for, the whole schedule."""
    with one_sentence():
        plan.wired.network.run(plan.schedule.duration, namespace={})


@contextmanager
def one_sentence():
    """Turn what Brian2 says of wrong equations into a ``ModelError``."""
    try:
        yield
    except (BrianObjectException, DimensionMismatchError, EquationError, SyntaxError) as error:
        where = re.search(r"object named '(\w+)'", str(error))
        cause = error.__cause__ or error
        text = " ".join(str(cause).replace("\\n", " ").split()) or type(cause).__name__
        for unit, plain in PLAIN_UNITS.items():
            text = text.replace(unit, plain)
        name = f"{where[1]}: " if where else ""
        raise ModelError(f"the equations cannot be simulated: {name}{text}") from error


# --- running ----------------------------------------------------------------------------------


class Program:
    """A compiled network; ``run`` may be called from several threads at once.

    Attributes
    ----------
    folder : Path
        The build.
    accepts : dict
        Name of each input -> number of values.
    model : Model
    images : int
        The most images of one run.
    """

    def __init__(self, folder, accepts, dtypes, model, images):
        self.folder, self.accepts, self.model, self.images = folder, accepts, model, images
        self._dtypes = dtypes

    def run(self, inputs):
        """Run one chunk.

        Parameters
        ----------
        inputs : Inputs

        Returns
        -------
        Outputs

        Raises
        ------
        DeviceError
            If the program fails.
        """
        os.utime(self.folder)  # still in use
        start = time.perf_counter()
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as back:
            for part in _pack(inputs, self):
                given.write(part)
            given.seek(0)
            self._call(given, back)
            back.seek(0)
            packed = back.read()
        try:
            read, (cpu, stepping) = _unpack(packed, self._dtypes)
            seconds = (float(cpu), time.perf_counter() - start, float(stepping))
            return _outputs(read, inputs, self.model, seconds)
        except (ValueError, IndexError) as error:
            raise DeviceError("the compiled network failed: it gave back too little") from error

    def _call(self, given, back):
        """Run the program from one open file into another."""
        child = subprocess.Popen(
            [self.folder / "main"],
            cwd=self.folder,
            stdin=given,
            stdout=back,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us; we end the chunk
        )
        try:
            _, said = child.communicate()
        except BaseException:
            child.kill()
            child.wait()
            raise
        if child.returncode:
            reason = said.decode(errors="replace").strip() or f"status {child.returncode}"
            raise DeviceError(f"the compiled network failed: {reason.splitlines()[0]}")


def _pack(inputs, target):
    """Seed and inputs as the compiled program reads them, part by part."""
    yield np.array([1], np.int64)
    yield np.array([inputs.seed], np.uint64)
    for value in _flat(inputs, target).values():
        yield np.array([value.size], np.int64)
        yield value


def _unpack(packed, dtypes):
    """Outputs, and seconds (CPU, in steps), from what the compiled program wrote."""
    read, place = {}, 0
    for key, dtype in [*dtypes.items(), (None, np.float64)]:
        size = int(np.frombuffer(packed, np.int64, 1, place)[0])
        read[key] = np.frombuffer(packed, dtype, size, place + 8)
        place += 8 + read[key].nbytes
    return read, read.pop(None)


class RuntimeProgram:
    """The same network in Brian2's runtime mode: slower, but open to a debugger.

    It is wired anew for each chunk: Brian2 2.10 cannot store a network that has event clocks.
    """

    def __init__(self, *plan):
        brian2.set_device("runtime")
        self._make, self._first = plan, _plan(*plan)
        self.model, self.images = plan[0], self._first.schedule.images
        self.accepts = self._first.sizes()

    def run(self, inputs):
        """Run one chunk; see ``Program.run``."""
        brian2.set_device("runtime")
        start = time.process_time(), time.perf_counter()
        plan, self._first = self._first or _plan(*self._make), None
        brian2.seed(inputs.seed % 2**32)
        given = plan.given()
        for key, value in _flat(inputs, self).items():
            if isinstance(given[key], brian2.TimedArray):
                given[key].values[...] = value.reshape(given[key].values.shape)
            else:
                given[key].set_value(value if given[key].size > 1 else value.item())
        stepping = time.perf_counter()
        _simulate(plan)
        stepping = time.perf_counter() - stepping
        read = {key: np.array(v.get_value()).ravel() for key, v in plan.wanted().items()}
        seconds = time.process_time() - start[0], time.perf_counter() - start[1], stepping
        return _outputs(read, inputs, self.model, seconds)


def _flat(inputs, target):
    """Inputs as flat arrays in SI units, images padded with ones that nothing is learned from."""
    n, size = target.images, len(inputs.images)
    if not 0 < size <= n:
        raise ValueError(f"this program takes 1 to {n} images, not {size}")
    padding = np.arange(n) % size if size < n else slice(None)
    values = {
        "images": np.asarray(inputs.images[padding], dtype=float),
        "labels": np.asarray(inputs.labels[padding], dtype=float),
        "plastic": (np.arange(n) < size).astype(float),
    }
    values |= {k: np.asarray(v, dtype=float) * UNITS[k[0]] for k, v in inputs.weights.items()}
    values |= {k: np.array([v], dtype=float) for k, v in inputs.rates.items()}
    missing = set(target.accepts) - set(values)
    if missing:
        raise ValueError(f"missing input {sorted(missing)[0]!r}")
    for key, size in target.accepts.items():
        if values[key].size != size:
            raise ValueError(f"input {key!r} has {values[key].size} values, not {size}")
    return {key: np.ascontiguousarray(values[key]).ravel() for key in target.accepts}


def _outputs(read, inputs, model, seconds):
    """Flat arrays in SI units as ``Outputs``; the padding is left out."""
    size = len(inputs.images)
    weights = {}
    for key, value in inputs.weights.items():
        if key in read:
            unit = UNITS[key[0]]
            same = np.array_equal(read[key], value.ravel() * unit)  # what stood still is kept
            weights[key] = value if same else (read[key] / unit).reshape(value.shape)
    tuples = {key: value for key, value in read.items() if isinstance(key, tuple)}
    outcome = {
        key[1]: value.reshape(-1, model.layers[-1])[:size]
        for key, value in tuples.items()
        if key[0] == "outcome"
    }
    records = {key: value for key, value in tuples.items() if key[0] != "outcome"}
    return Outputs(weights, outcome["V_bar"] * 1e3, outcome.get("phi_star"), records, *seconds)
