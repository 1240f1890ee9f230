"""SIGTERM and SIGHUP are as good as Ctrl-C, what is ignored stays ignored, and no child is left."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from experiments import ROOT
from experiments.run import command as shared
from experiments.run import score
from experiments.run.folder import RunFolder
from models.engine import program
from models.theory import Inputs
from tests.engine import toy
from tests.study.test_training import are_gone, children

FORK = multiprocessing.get_context("fork")
STATUS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
STATE = {"W": np.ones((3, 2)), "b": np.zeros(2)}
INPUTS = Inputs(np.ones((2, 3)), np.zeros(2, dtype=int), STATE, 1)


@pytest.fixture
def guarded(capfd):
    """How an action ends in this process: its status, and what it said."""

    def run(action):
        status = shared.guarded("a.command", lambda _: action(), None)
        return status, capfd.readouterr().err

    return run


@pytest.mark.parametrize("name", STATUS)
def test_each_signal_has_its_status_and_says_one_line(guarded, name):
    number = getattr(signal, name)
    before = signal.getsignal(number)
    by = "" if name == "SIGINT" else f" by {name}"
    expected = STATUS[name], f"stopped{by}; what was written is kept\n"
    assert guarded(lambda: signal.raise_signal(number)) == expected
    assert signal.getsignal(number) is before


@pytest.mark.parametrize("name", STATUS)
def test_what_was_ignored_stays_ignored(guarded, name):
    number, went_on = getattr(signal, name), []
    before = signal.signal(number, signal.SIG_IGN)

    def action():
        signal.raise_signal(number)
        went_on.append(True)

    try:
        assert guarded(action) == (0, "") and went_on
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)


def test_a_second_sigterm_does_not_end_the_tidying_up(guarded):
    tidied = []

    def action():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGHUP)
            tidied.append(True)

    assert guarded(action)[0] == 143 and tidied


IGNORES = """
import os, signal, sys
from experiments.run import command

def action(_):
    import brian2
    os.kill(os.getpid(), signal.SIGINT)
    print("went on")

if sys.argv[1] == "first":
    import brian2
sys.exit(command.guarded("a.command", action, None))
"""


@pytest.mark.parametrize("brian2", ["first", "later"])
def test_a_job_in_the_background_goes_on_though_brian2_has_a_handler_of_its_own(brian2):
    """Of what it starts with "&", a shell has SIGINT ignored."""
    words = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", sys.executable, "-c", IGNORES, brian2]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "went on\n", "")


def test_a_test_that_is_stopped_ends_what_it_runs(guarded):
    class Program:
        images, stopped = 1, threading.Event()

        def run(self, inputs):
            assert self.stopped.wait(20)
            raise RuntimeError("it was ended")

        def stop(self):
            self.stopped.set()

    timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGTERM))
    timer.start()
    begun = time.monotonic()
    images = np.zeros((4, 3)), np.zeros(4, dtype=int)
    assert guarded(lambda: score.test(Program(), {}, *images, seed=1, cores=2))[0] == 143
    assert time.monotonic() - begun < 5


# --- programs that we start ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def endless(cache):
    """A compiled network that takes minutes."""
    return program.build(toy.plan(steps=10**9))


@pytest.fixture
def running(endless, tmp_path, wait_for):
    """A process that runs it as a command does, and the compiled program's process."""

    def run():
        os.dup2(os.open(tmp_path / "err", os.O_WRONLY | os.O_CREAT), 2)
        sys.stderr = open(2, "w", closefd=False)
        os._exit(shared.guarded("a.command", endless.run, INPUTS))

    process = FORK.Process(target=run)
    process.start()
    assert wait_for(lambda: children(process.pid), process.is_alive)
    yield process, children(process.pid)
    process.kill()


@pytest.mark.parametrize("name", STATUS)
def test_a_signal_ends_the_compiled_program_as_well(running, tmp_path, wait_for, name):
    process, below = running
    os.kill(process.pid, getattr(signal, name))
    process.join(10)
    assert process.exitcode == STATUS[name]
    assert (tmp_path / "err").read_text().count("\n") == 1
    assert are_gone(below, wait_for)


def test_it_has_ended_before_the_command_does(guarded, endless):
    below, others = [], children(os.getpid())  # such as the run that all tests share

    def stop():
        below.extend(set(children(os.getpid())) - set(others))
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Timer(0.5, stop).start()
    assert guarded(lambda: endless.run(INPUTS))[0] == 143
    assert below and not [pid for pid in below if os.path.exists(f"/proc/{pid}")]


def test_the_compiled_program_dies_with_the_process_that_started_it(running, wait_for):
    process, below = running
    time.sleep(0.3)
    assert not [pid for pid in below if not os.path.exists(f"/proc/{pid}")]
    os.kill(process.pid, signal.SIGKILL)
    process.join(10)
    assert are_gone(below, wait_for)


SLOW = """#!/bin/sh
case "$*" in
    --version) echo slow 1 ;;
    *c++-header*) echo > generated.h.gch ;;
    *-DREAL=*) echo $$ >> {pids}; sleep 300 ;;
    *) exit 1 ;;  # Brian2 asks what it can do
esac
"""


def test_sigterm_ends_compilers_that_are_at_work(start, tmp_path, wait_for):
    compiler, pids = tmp_path / "slow", tmp_path / "pids"
    compiler.write_text(SLOW.format(pids=pids))
    compiler.chmod(0o755)

    def replace():
        os.environ["CXX"] = str(compiler)

    words = "--theory", "backprop", "--layers", 5, 10, "--out", tmp_path / "run"
    run = start(*words, before=replace)
    assert wait_for(lambda: pids.exists() and pids.read_text(), lambda: run.running)
    time.sleep(0.5)
    below = children(run.process.pid)
    assert len(below) >= 2
    run.send(signal.SIGTERM)
    ended = run.end()
    assert ended.status == 143 and len(ended.reasons) == 1, ended.err
    assert are_gone(below, wait_for)


def test_sigterm_ends_all_seeds_and_what_they_wrote_is_kept(tmp_path, wait_for):
    (tmp_path / "brian_preferences").write_text("codegen.target = 'numpy'\n")
    words = "--device runtime --preset digits --theory backprop --layers 5 10 --epochs 5000"
    words += " --train-examples 20 --test-examples 5 --chunk 20 --seeds 1 2 --jobs 2 --out all"
    process = subprocess.Popen(
        [sys.executable, "-m", "experiments.train", *words.split()],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    places = [RunFolder(tmp_path / "all" / f"seed_{n}") for n in (1, 2)]
    assert wait_for(lambda: all(p.has_checkpoint() for p in places), lambda: process.poll() is None)
    below = children(process.pid)
    assert len(below) >= 2
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 143
    assert err == "stopped by SIGTERM; the last chunk is kept, go on with --resume\n"
    assert are_gone(below, wait_for)
    assert all(place.state().images_seen >= 20 for place in places)
