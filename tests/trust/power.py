"""Runs that are killed, whose writes fail, or whose power is cut there; see ``faults.cpp``.

A process that has all networks compiled makes a copy of itself for each trial, so that one takes
less than a second.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

import numpy as np

from experiments.run import folder, loop
from models.engine import compiler

SOURCE = Path(__file__).with_name("faults.cpp")
LOOK = os.WEXITED | os.WNOHANG | os.WNOWAIT  # whether a process has ended, which it is told once
CUT = 99  # the exit status of a process whose power was cut
LIBRARY = "SEGREGATED_DENDRITES_FAULTS"  # where this process has it from


def preloaded(folder):
    """The environment of a process whose writes can be made to fail."""
    library = Path(folder) / "faults.so"
    words = [compiler.find_compiler(), "-std=c++17", "-O1", "-shared", "-fPIC"]
    subprocess.run([*words, "-o", library, SOURCE, "-ldl"], check=True)
    return os.environ | {"LD_PRELOAD": str(library), LIBRARY: str(library)}


class Trials:
    """Trials of one configuration; ``size`` calls of the whole run can fail.

    Parameters
    ----------
    config : Config
    place : path
        An empty folder.
    """

    def __init__(self, config, place):
        self.config, self.place = config, Path(place)
        self._share_programs()
        whole = self.place / "whole"
        self.size = self._count(whole)
        self.expected = _weights(whole)

    def failing(self, which, error):
        """Fail one call of a run, then resume; None, or what is wrong."""
        run = self.place / "run"
        status, told = self._forked(run, which, error)
        if status not in (0, 2):
            return f"status {status} after a failing call: {told[-500:]}"
        said = [line for line in told.splitlines() if not line.startswith("building ")]
        if status == 2 and (len(said) != 1 or len(said[0]) > 300):
            return f"not one sentence: {told[-500:]}"
        return self._resumed(run)

    def cut(self, which):
        """Cut the power at one call of a run, then resume what is on the disk."""
        run = self.place / "run"
        status, told = self._forked(run, which, 0)
        if status not in (0, CUT):
            return f"status {status} before the cut: {told[-500:]}"
        if status == CUT:
            names = (self.place / "kept").glob("names_*")
            there = {path.name.removeprefix("names_"): path for path in names}
            after = self.place / "after"
            shutil.rmtree(after, ignore_errors=True)
            if os.path.exists(run):
                _restored(str(os.stat(run).st_ino), there, after)
            shutil.rmtree(run, ignore_errors=True)
            if after.exists():
                after.rename(run)
        seen = int(told.split()[-1]) if status == CUT and told.split() else 0
        if run.exists() and seen and folder.RunFolder(run).state().images_seen < seen:
            return f"{seen} images counted as kept, and are not"
        return self._resumed(run)

    def killed(self, draw, most):
        """Kill a run at random moments until it has ended; kills, and None or what is wrong.

        ``draw`` gives numbers of [0, 1); a process lives ``most`` seconds at most.
        """
        run, kills = self.place / "run", 0
        shutil.rmtree(run, ignore_errors=True)
        while True:
            child = self._fork(run)
            end = time.monotonic() + most * draw()
            while time.monotonic() < end and not os.waitid(os.P_PID, child, LOOK):
                time.sleep(0.001)
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if os.WIFEXITED(status):
                break
            kills += 1
        told = (self.place / "told").read_text()
        if os.waitstatus_to_exitcode(status):
            return kills, f"resumed, it ends with {status}: {told[-500:]}"
        return kills, self._other_weights(run)

    def _resumed(self, run):
        status, told = self._forked(run, 0, 0, anew=False)
        if status:
            return f"resumed, it ends with {status}: {told[-500:]}"
        return self._other_weights(run)

    def _other_weights(self, run):
        found = _weights(run)
        same = found.keys() == self.expected.keys() and all(
            np.array_equal(found[k], v) for k, v in self.expected.items()
        )
        return None if same else "resumed, it has other weights"

    def _count(self, run):
        status, told = self._forked(run, -1, 0)
        if status:
            raise RuntimeError(told)
        return int(told.split()[-1]) if LIBRARY in os.environ else 0

    def _forked(self, run, which, error, anew=True):
        """Exit status and what was said of a copy of this process that trains."""
        kept = self.place / "kept"
        if anew:
            for path in (run, kept):
                shutil.rmtree(path, ignore_errors=True)
            kept.mkdir()
        _, status = os.waitpid(self._fork(run, which, error), 0)
        return os.waitstatus_to_exitcode(status), (self.place / "told").read_text()

    def _fork(self, run, which=0, error=0):
        child = os.fork()
        if not child:
            self._child(run, which, error)
        return child

    def _child(self, run, which, error):
        status = 1
        try:
            handle = os.open(self.place / "told", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(handle, 1)
            os.dup2(handle, 2)
            if LIBRARY in os.environ:
                faults, beside = ctypes.CDLL(os.environ[LIBRARY]), str(self.place / "kept")
                where = str(run).encode(), beside.encode()
                faults.faults_arm(*where, ctypes.c_long(which), error)
            status = self._train(run, say=which > 0 and not error)
            if which < 0 and LIBRARY in os.environ:
                print(faults.faults_count(), flush=True)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _train(self, run, say):
        from experiments.run import command

        def action(_):
            loop.run(self.config, run, True, _Bar if say else _Silent)

        sys.stderr = open(os.devnull, "w") if say else sys.stderr  # noqa: SIM115
        return command.guarded("train", action, None)

    def _share_programs(self):
        """Compile once what all copies need."""
        made, network = {}, type(loop.Run(self.config, folder.RunFolder(self.place)).network)
        build = network.program

        def program(self, *words, **options):
            key = repr((words, sorted(options.items())))
            if key not in made:
                made[key] = build(self, *words, **options)
            return made[key]

        network.program = program
        loop.run(self.config, self.place / "first", False, _Silent)


class _Silent:
    def __init__(self, total, initial, **_):
        self.n = initial

    def update(self, count):
        self.n += count

    def set_postfix(self, shown):
        pass

    def close(self):
        pass


class _Bar(_Silent):
    """Tells which images count as kept."""

    def update(self, count):
        super().update(count)
        print(self.n, flush=True)


def _weights(run):
    return folder.RunFolder(run).state().state


def _restored(number, names, path):
    """What of a folder is on the disk: names as of its last fsync, data as of theirs."""
    path.mkdir()
    lines = names[number].read_text().splitlines() if number in names else ()
    for inode, kind, name in (line.split(" ", 2) for line in lines):
        if name in (".", ".."):
            continue
        if kind == "d":
            _restored(inode, names, path / name)
            continue
        data = names[number].with_name(f"data_{inode}")
        (path / name).write_bytes(data.read_bytes() if data.exists() else b"")
