"""Tests run beside training: rows in their places, errors as ever, nothing lost or left behind."""

import os
import signal
import threading
import time
from types import SimpleNamespace

import pytest

from experiments.run.beside import Beside
from experiments.run.folder import RunFolder

TESTED = 20  # images of a chunk of the tiny run's tests; those that learn have 30


class Stub:
    """A run whose tests end when they are told to."""

    def __init__(self, folder, device="standalone"):
        self.folder, self.cores, self.tester = RunFolder(folder), 2, None
        self.config = SimpleNamespace(device=device)
        self.ends = {seen: threading.Event() for seen in (10, 20, 30, 40)}
        self.rooms = []

    def due(self, seen):
        """All of the test images."""
        return 5

    def tested(self, state, seen, room):
        """A test with two parts that wants to run both at once."""
        assert self.ends[seen].wait(10)
        with room:
            self.rooms.append(room.acquire(timeout=0.3))
            if self.rooms[-1]:
                room.release()
        return {"images_seen": seen, "test_error": 1.0}, None


@pytest.fixture
def stub(tmp_path):
    """A stub of a run, its rows (a chunk of 10 images each), its tests."""
    run, rows = Stub(tmp_path), []
    tests = Beside(run, rows)
    yield run, rows, tests
    for end in run.ends.values():
        end.set()
    tests.stop()


def chunk(stub, seen):
    """Learn a chunk, and begin the test that follows."""
    run, rows, tests = stub
    rows.append({"images_seen": seen, "test_error": None})
    run.folder.add_row(rows[-1])
    tests.collect()
    tests.begin(seen, {})


def order(rows):
    """Images seen; those of tests are negative."""
    return [row["images_seen"] * (1 if row["test_error"] is None else -1) for row in rows]


def test_training_goes_on_and_the_row_of_a_test_stands_behind_its_chunk(stub, wait_for):
    run, rows, tests = stub
    chunk(stub, 10)
    chunk(stub, 20)
    assert order(rows) == [10, 20] and run.folder.states("*") == [
        "tested_000000010.npz",
        "tested_000000020.npz",
    ]
    run.ends[10].set()
    assert wait_for(tests.going[10].done, lambda: True)
    chunk(stub, 30)
    assert order(rows) == [10, -10, 20, 30]
    run.ends[20].set()
    run.ends[30].set()
    tests.collect(0)
    assert order(rows) == [10, -10, 20, -20, 30, -30]
    assert order(run.folder.metrics()) == order(rows) and not run.folder.states("*")


def test_a_third_test_waits_and_has_all_cores_while_it_does(stub):
    run, rows, tests = stub
    chunk(stub, 10)
    chunk(stub, 20)
    threading.Timer(0.2, run.ends[10].set).start()
    begun = time.monotonic()
    chunk(stub, 30)
    assert time.monotonic() - begun > 0.15 and order(rows) == [10, -10, 20, 30]
    run.ends[20].set()
    time.sleep(0.5)  # it ends beside training
    run.ends[30].set()
    tests.collect(0)
    assert run.rooms == [True, False, True]


def test_brian2_in_python_is_tested_before_training_goes_on(tmp_path):
    run, rows = Stub(tmp_path, "runtime"), [{"images_seen": 10, "test_error": None}]
    run.ends[10].set()
    Beside(run, rows).begin(10, {})
    assert order(rows) == [10, -10]


# --- whole runs ----------------------------------------------------------------------------------


@pytest.fixture
def held(start, shelf, tiny, tmp_path, wait_for):
    """Start the tiny run with another program in the place of the one that is tested."""

    def begin(script):
        main = tmp_path / "instead" / "main"
        main.parent.mkdir()
        main.write_text(f"#!/bin/sh\n{script}\n")
        main.chmod(0o755)

        def replace():
            shelf.lend()
            for program in shelf.programs.values():
                if program.images == TESTED:
                    program.folder = main.parent

        return start(*tiny[1], "--out", tmp_path / "run", before=replace)

    return begin


def seen(out):
    """Images seen at the last checkpoint."""
    return RunFolder(out).state().images_seen if RunFolder(out).has_checkpoint() else 0


def hang(held, tmp_path, wait_for):
    """A run whose first two tests, after 60 and 90 images, never end; training has gone on."""
    run = held("echo $$ > pid; exec sleep 300")
    assert wait_for(lambda: seen(tmp_path / "run") == 150, lambda: run.running)
    assert RunFolder(tmp_path / "run").states("tested*")[:2] == [
        "tested_000000060.npz",
        "tested_000000090.npz",
    ]
    return run, int((tmp_path / "instead" / "pid").read_text())


def runs(pid):
    """Whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_test_that_was_under_way_is_done_when_the_run_goes_on(
    held, tmp_path, wait_for, alone, run_tiny, same_run, number, status
):
    run, pid = hang(held, tmp_path, wait_for)
    begun = time.monotonic()
    run.send(number)
    assert run.end().status == status and time.monotonic() - begun < 5
    if number == signal.SIGINT:
        assert not runs(pid)
    else:
        os.kill(pid, signal.SIGKILL)
    assert order(RunFolder(tmp_path / "run").metrics()) == [30, 60, 90, 120, 150]
    assert run_tiny(tmp_path / "run", "--resume").end().status == 0
    same_run(alone, tmp_path / "run")


def test_a_test_that_fails_is_one_sentence_and_the_run_can_go_on(
    held, tmp_path, alone, run_tiny, same_run
):
    ended = held("echo no such luck >&2; exit 3").end()
    assert ended.status == 2 and len(ended.reasons) == 1, ended.err
    assert ended.lines[-1] == "experiments.train: the compiled network failed: no such luck"
    assert run_tiny(tmp_path / "run", "--resume").end().status == 0
    same_run(alone, tmp_path / "run")
