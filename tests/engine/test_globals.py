"""What is global in Brian2 is left alone: by importing at all, by looking into a cell after."""

import os
import subprocess
import sys
from pathlib import Path

import brian2
import pytest

from models.engine import device

ROOT = Path(__file__).parents[2]
LOOK = """
import importlib, pkgutil
import brian2
from brian2.core.functions import DEFAULT_FUNCTIONS
from brian2.devices import all_devices, get_device

def look():
    drawn = DEFAULT_FUNCTIONS["rand"].implementations
    return (
        sorted(all_devices),
        type(get_device()).__name__,
        sorted(repr(kind) for kind in drawn),
        dict(brian2.prefs),
        float(brian2.defaultclock.dt),
    )

before = look()
import models
from models import describe, theory

def everything(package):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(found.name)

everything(models)
for name in theory.names():
    found = theory.find(name)
    network = found.network(found.options(), 4, 10)
    assert network.text() and network.start(1)
assert look() == before, look()
"""
BUILD = """
from models.engine import codegen, device
device.install()
device.install()
assert set(look()[0]) - set(before[0]) == {codegen.NAME}
assert len(look()[2]) == len(before[2]) + 1
assert look()[3:] == before[3:]
"""


def run(code):
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_importing_models_and_describing_networks_changes_nothing():
    run(LOOK)


def test_our_device_is_made_known_once_and_only_when_it_is_asked_for():
    run(LOOK + BUILD)


def test_brian2_is_as_it_was_found_after_something_was_interpreted():
    brian2.set_device("runtime")  # a test before may have left one that is built
    before = brian2.prefs.codegen.target, float(brian2.defaultclock.dt)
    brian2.set_device("cpp_standalone", build_on_run=False)
    try:
        with pytest.raises(KeyError), device.interpreted(seed=3):
            assert brian2.prefs.codegen.target == "numpy"
            assert type(brian2.get_device()).__name__ == "RuntimeDevice"
            brian2.defaultclock.dt = 0.5 * brian2.ms
            raise KeyError("something went wrong")
        assert brian2.get_device() is brian2.devices.all_devices["cpp_standalone"]
    finally:
        brian2.devices.reset_device()
    assert (brian2.prefs.codegen.target, float(brian2.defaultclock.dt)) == before


PREFERENCES = """
core.default_float_dtype = float32
core.default_integer_dtype = int64
core.network.default_schedule = ['end', 'resets', 'synapses', 'thresholds', 'groups', 'start']
codegen.cpp.headers = ['"nowhere.h"']
codegen.cpp.define_macros = [('exp', 'sin')]
codegen.generators.cpp.restrict_keyword = 'nonsense'
codegen.loop_invariant_optimisations = False
codegen.target = 'numpy'
devices.cpp_standalone.openmp_threads = 3
legacy.refractory_timing = True
"""
ANSWERS = """
import sys
import brian2
import numpy as np
from models.engine import program
from models.theory import Inputs
from tests.engine import toy

brian2.prefs.codegen.target = "numpy"
before = dict(brian2.prefs)
state = {"W": np.full((3, 2), 1/3), "b": np.full(2, 0.1)}
inputs = Inputs(np.full((2, 3), 0.7), np.zeros(2, dtype=int), state, 1)
for where, precision in (("runtime", "single"), ("runtime", "double"), ("standalone", "double")):
    built = program.build(toy.plan(), where, precision)
    for _ in range(2):
        out = built.run(inputs)
    print(where, precision, out.answers.tolist(), out.answers.dtype, out.state)
assert dict(brian2.prefs) == before
"""


def test_preferences_of_the_current_folder_change_no_result_and_are_left_alone(tmp_path, cache):
    said = []
    for text in ("", PREFERENCES):
        (tmp_path / "brian_preferences").write_text(text)
        where = {"cwd": tmp_path, "env": os.environ | {"PYTHONPATH": str(ROOT)}}
        done = subprocess.run(
            [sys.executable, "-c", ANSWERS], capture_output=True, text=True, **where
        )
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    assert said[0] == said[1] and "float32" in said[0] and "float64" in said[0]
