"""Compile a network once and run it many times: the only file that knows Brian2's devices.

A ``Program`` takes images, labels, weights and a seed, and gives back weights and what was
recorded. It starts from rest each time, so the weights alone carry learning from one chunk of
images to the next, and every chunk can be a checkpoint. The same inputs give the same weights, to
the bit, on the same machine and compiler.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import brian2
import numpy as np
import pooch

from models import codegen, network, recording

FLAGS = ("-std=c++17", "-O3", "-march=native", "-ffast-math", "-w")
LINK_FLAGS = ("-ffast-math",)  # flushes denormal numbers to zero: decaying traces run into them
UNITS = {"W": 1e-6, "Y": 1e-6, "b": 1e-3, "c": 1e-3}  # mV ms and mV in SI units
SEED_VARIABLE = "SEGREGATED_DENDRITES_SEED"
CACHE_VARIABLE = "SEGREGATED_DENDRITES_CACHE"
KEPT_BUILDS = 40
# Held while a chunk runs, so that precompiled headers and all code see the same declarations.
COMMON_HEADER = """#include "objects.h"
#include "brianlib/common_math.h"
#include "brianlib/stdint_compat.h"
#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
"""


class DeviceError(RuntimeError):
    """The network could not be compiled or run; the message is one sentence for the user."""


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
    cpu, wall : float
        Seconds that the chunk took.
    """

    weights: dict
    V_bar: np.ndarray
    phi_star: np.ndarray | None
    records: dict
    cpu: float
    wall: float


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
    if device == "runtime":
        brian2.set_device("runtime")
        return RuntimeProgram(_plan(model, schedule, learning, record), model)
    compiler = find_compiler()
    brian2.set_device(codegen.NAME, build_on_run=False)
    standalone = brian2.get_device()
    standalone.reinit()
    standalone.activate(build_on_run=False)
    brian2.prefs.codegen.cpp.headers = ['"draws.h"', "<cstdlib>"]
    brian2.prefs.core.stop_on_keyboard_interrupt = False
    plan = _plan(model, schedule, learning, record)
    standalone.apply_run_args()
    standalone.insert_code(
        "before_network_run",
        f'const unsigned long long seed = std::stoull(std::getenv("{SEED_VARIABLE}"));\n'
        "draws.seed(seed);\n_random_generators[0].seed(seed);",
    )
    plan.wired.network.run(schedule.duration, namespace={})
    names = {
        key: f"{v.name}.values" if isinstance(v, brian2.TimedArray) else f"{v.owner.name}.{v.name}"
        for key, v in plan.given().items()
    }
    files = {k: (standalone.get_array_filename(v), v.dtype) for k, v in plan.wanted().items()}
    with tempfile.TemporaryDirectory() as sources:
        standalone.build(directory=sources, compile=False, run=False)
        folder = _compiled(Path(sources), sorted(standalone.writer.source_files), compiler)
    standalone.reinit()
    return Program(folder, plan.sizes(), names, files, model, schedule.images)


def _plan(model, schedule, learning, record):
    brian2.BrianLogger.suppress_name("base.unused_brian_object")
    wired = network.wire(model, schedule, learning)
    clock = wired.outcome.clock
    monitors = recording.monitors(record, wired.populations, clock)
    wired.network.add(*monitors.values())
    return _Plan(wired, monitors, schedule)


# --- compiling --------------------------------------------------------------------------------


def find_compiler():
    """The C++ compiler: $CXX, or g++, clang++, c++; DeviceError if there is none."""
    for name in (os.environ.get("CXX"), "g++", "clang++", "c++"):
        if name and shutil.which(name):
            return shutil.which(name)
    raise DeviceError("no C++ compiler found: install g++ or clang++, or name one in $CXX")


def compiler_version(compiler):
    """First line of what the compiler says of itself."""
    return _call([compiler, "--version"]).stdout.splitlines()[0]


def cache_folder():
    """Where builds are kept: $SEGREGATED_DENDRITES_CACHE or the user's cache."""
    return Path(os.environ.get(CACHE_VARIABLE) or pooch.os_cache("segregated-dendrites")) / "builds"


def _compiled(sources, names, compiler):
    """The folder with the program of these sources, compiled now or before.

    A build is known by what goes into it: every generated source and array, the compiler, the
    flags and (for -march=native) the processor. It is renamed into the cache when it is whole.
    """
    shutil.copy(Path(codegen.HERE) / "draws.h", sources)
    (sources / "common.h").write_text(COMMON_HEADER)
    digest = hashlib.sha256()
    for line in (compiler, compiler_version(compiler), *FLAGS, *LINK_FLAGS, _processor()):
        digest.update(line.encode() + b"\0")
    for path in sorted(p for p in sources.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(sources)).encode() + b"\0" + path.read_bytes())
    folder = cache_folder() / digest.hexdigest()[:24]
    if not (folder / "main").exists():
        _compile(sources, names, compiler)
        _keep(sources, folder)
    os.utime(folder)
    return folder


def _compile(sources, names, compiler):
    # The headers are the same for all files and cost most of the time: read them once.
    _call([compiler, *FLAGS, "-I.", "-x", "c++-header", "common.h", "-o", "common.h.gch"], sources)

    def one(name):
        target = f"{name}.o"
        _call([compiler, *FLAGS, "-I.", "-include", "common.h", "-c", name, "-o", target], sources)
        return target

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        objects = list(pool.map(one, sorted(names, key=lambda n: n != "objects.cpp")))
    _call([compiler, *objects, "-o", "main", *LINK_FLAGS], sources)


def _keep(sources, folder):
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix="part-"))
    shutil.copy(sources / "main", part)
    shutil.copytree(sources / "static_arrays", part / "static_arrays")
    try:
        part.rename(folder)
    except OSError:  # another process has just built the same
        shutil.rmtree(part)
    builds = sorted(folder.parent.iterdir(), key=lambda p: p.stat().st_mtime)
    for old in builds[:-KEPT_BUILDS]:
        shutil.rmtree(old, ignore_errors=True)


def _processor():
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith(("model name", "flags")):
                return line
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _call(command, folder=None):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        first = (done.stderr.strip().splitlines() or ["no message"])[0]
        raise DeviceError(f"{Path(command[0]).name} failed: {first}")
    return done


# --- running ----------------------------------------------------------------------------------


class Program:
    """A compiled network; ``run`` may be called from several threads at once."""

    def __init__(self, folder, accepts, names, files, model, images):
        self.folder, self.accepts, self.model, self.images = folder, accepts, model, images
        self._names, self._files = names, files

    def run(self, inputs, scratch=None):
        """Run one chunk.

        Parameters
        ----------
        inputs : Inputs
        scratch : path, optional
            An existing folder for temporary files.

        Returns
        -------
        Outputs

        Raises
        ------
        DeviceError
            If the program fails or the disk is full.
        """
        with tempfile.TemporaryDirectory(dir=scratch, prefix="chunk-") as folder:
            arguments = ["--results_dir", f"{folder}/"]
            for key, value in _flat(inputs, self).items():
                path = Path(folder) / f"in_{key}"
                value.tofile(path)
                arguments.append(f"{self._names[key]}={path}")
            environment = {**os.environ, SEED_VARIABLE: str(inputs.seed), "LD_BIND_NOW": "1"}
            start = time.perf_counter()
            child = subprocess.Popen(
                [self.folder / "main", *arguments],
                cwd=self.folder,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,  # Ctrl-C is for us; we end the chunk
            )
            try:
                said = child.stderr.read()
                _, status, usage = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(status)
            except BaseException:
                child.kill()
                child.wait()
                raise
            wall = time.perf_counter() - start
            if child.returncode or said.strip():
                reason = (said.strip().splitlines() or [f"status {child.returncode}"])[0]
                raise DeviceError(f"the compiled network failed: {reason}")
            read = {
                key: np.fromfile(Path(folder) / name, dtype)
                for key, (name, dtype) in self._files.items()
            }
        cpu = usage.ru_utime + usage.ru_stime
        return _outputs(read, inputs, self.model, cpu, wall)


class RuntimeProgram:
    """The same network in Brian2's runtime mode: slower, but open to a debugger."""

    def __init__(self, plan, model):
        self._plan, self.model, self.images = plan, model, plan.schedule.images
        self.accepts = plan.sizes()
        plan.wired.network.store()

    def run(self, inputs, scratch=None):
        """Run one chunk; see ``Program.run``."""
        brian2.seed(inputs.seed % 2**32)
        cpu, wall = time.process_time(), time.perf_counter()
        self._plan.wired.network.restore()
        given = self._plan.given()
        for key, value in _flat(inputs, self).items():
            if isinstance(given[key], brian2.TimedArray):
                given[key].values[...] = value.reshape(given[key].values.shape)
            else:
                given[key].set_value(value if given[key].size > 1 else value.item())
        self._plan.wired.network.run(self._plan.schedule.duration, namespace={})
        read = {
            key: np.array(variable.get_value()).ravel()
            for key, variable in self._plan.wanted().items()
        }
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        return _outputs(read, inputs, self.model, cpu, wall)


def _flat(inputs, target):
    """Inputs as flat arrays in SI units, images padded with ones that nothing is learned from."""
    n, size = target.images, len(inputs.images)
    if not 0 < size <= n:
        raise ValueError(f"this program takes 1 to {n} images, not {size}")
    padding = np.arange(n) % size
    values = {
        "images": inputs.images[padding].astype(float),
        "labels": inputs.labels[padding].astype(float),
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


def _outputs(read, inputs, model, cpu, wall):
    """Flat arrays in SI units as ``Outputs``; the padding is left out."""
    size = len(inputs.images)
    weights = {
        key: (read[key] / UNITS[key[0]]).reshape(value.shape)
        for key, value in inputs.weights.items()
        if key in read
    }
    tuples = {key: value for key, value in read.items() if isinstance(key, tuple)}
    outcome = {
        key[1]: value.reshape(-1, model.layers[-1])[:size]
        for key, value in tuples.items()
        if key[0] == "outcome"
    }
    records = {key: value for key, value in tuples.items() if key[0] != "outcome"}
    return Outputs(weights, outcome["V_bar"] * 1e3, outcome.get("phi_star"), records, cpu, wall)
