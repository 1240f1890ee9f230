"""A chunk that was not simulated to its end is never a result, whatever has ended it."""

import signal
import subprocess
import sys
import time

import brian2
import numpy as np
import pytest
from brian2 import ms

from experiments import ROOT
from models.engine import device, program
from models.engine.compiler import DeviceError
from models.theory import Inputs
from tests.engine import toy

STATE = {"W": np.ones((3, 2)), "b": np.zeros(2)}
INPUTS = Inputs(np.ones((2, 3)), np.zeros(2, dtype=int), STATE, 1)
STEPS = 20_000  # of an image: several seconds in Python


@pytest.fixture(scope="module")
def long():
    """A network that takes its time, interpreted."""
    device.interpret()
    return program.build(toy.plan(steps=STEPS), "runtime")


@pytest.fixture
def soon():
    """Have something done half a second later, in this thread; every half second, if asked to."""

    def ask(action, again=False):
        before = signal.signal(signal.SIGALRM, lambda *_: action())
        signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5 * again)
        handlers.append(before)

    handlers = []
    yield ask
    signal.setitimer(signal.ITIMER_REAL, 0)
    for handler in handlers:
        signal.signal(signal.SIGALRM, handler)


def test_ctrl_c_ends_a_chunk_in_python_at_once_and_gives_nothing_back(long, soon):
    """Brian2's own handler would end it as if all were well."""
    soon(lambda: signal.raise_signal(signal.SIGINT))
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        long.run(INPUTS)
    assert time.monotonic() - begun < 5


def test_a_chunk_in_python_that_was_stopped_otherwise_is_no_result(long, soon):
    soon(brian2.stop, again=True)  # a network that has not begun is not stopped
    with pytest.raises(DeviceError, match=rf"stopped after \d+ of {2 * STEPS} steps"):
        long.run(INPUTS)


def test_a_cell_on_the_bench_is_simulated_to_the_end_as_well(soon):
    cell = brian2.NeuronGroup(1, "v : 1", name="still")
    soon(brian2.stop, again=True)
    brian2.defaultclock.dt = 0.1 * ms
    with device.precise("double"), pytest.raises(DeviceError, match="of 1000000 steps"):
        device.simulate(brian2.Network(cell, brian2.NetworkOperation(lambda: None)), 1_000_000)


FEWER = """#!{python}
import os, struct
os.pwrite(0, struct.pack("<Q", 1), 64 + 8)
os.execv("{main}", ["main"])
"""


def test_a_compiled_network_that_ended_early_is_no_result(tmp_path):
    """It is told to take fewer steps than it was asked for, and ends as if all were well."""
    built = program.build(toy.plan())
    whole = built.run(INPUTS)
    assert whole.answers.shape == (2, 2)
    main = tmp_path / "main"
    main.write_text(FEWER.format(python=sys.executable, main=built.folder / "main"))
    main.chmod(0o755)
    (tmp_path / "static_arrays").symlink_to(built.folder / "static_arrays")
    built.folder = tmp_path
    with pytest.raises(DeviceError, match="stopped after 1 of 2 steps"):
        built.run(INPUTS)


def test_a_run_in_python_that_is_stopped_in_its_first_chunk_keeps_nothing_of_it(tmp_path, wait_for):
    (tmp_path / "brian_preferences").write_text("codegen.target = 'numpy'\n")
    words = "--device runtime --layers 5 10 --train-examples 300 --test-examples 10 --chunk 300"
    process = subprocess.Popen(
        [sys.executable, "-m", "experiments.train", *words.split(), "--out", "run"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    weights = tmp_path / "run" / "weights"
    assert wait_for((weights / "epoch_000.npz").exists, lambda: process.poll() is None)
    time.sleep(4)  # it is within its chunk, which takes much longer
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err.splitlines() == [
        "building the network that learns ...",
        "building the network that is tested ...",
        "stopped; the last chunk is kept, go on with --resume",
    ]
    assert [path.name for path in weights.iterdir()] == ["epoch_000.npz"]
    assert not (tmp_path / "run" / "metrics.csv").exists()
