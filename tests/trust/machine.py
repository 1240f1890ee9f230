"""A run folder that is trained, killed, copied, moved, damaged, restored and read in any order.

A run that is killed (by an exception no code of ours catches, at any write) has all that counted as
kept; resumed, it has the weights of a run that was left alone, to the bit. Damage ends in one
sentence, or in those weights.
"""

import os
import re
import shutil
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from experiments.run import files, loop, provenance
from experiments.run.config import Config
from experiments.run.folder import RunError, RunFolder

DOCS = Path(__file__).resolve().parents[2] / "docs"
IMAGES, CHUNK, MOST = 20, 10, 5  # images, of a chunk, epochs
SECRET = "root:x:0:0:nobody-is-to-read-this"
NUMBERS = st.integers(0, 10**6)


class Killed(BaseException):
    """The end of a process."""


class Power:
    """In the place of ``files._sync``: kills at a call."""

    def __init__(self):
        self.left = None

    def __call__(self, handle):
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed


class Bar:
    """In the place of a progress bar: knows which images count as kept."""

    kept = 0

    def __init__(self, total, initial, **_):
        self.n = initial

    def update(self, count):
        self.n += count
        Bar.kept = max(Bar.kept, self.n)

    def set_postfix(self, shown):
        pass

    def close(self):
        pass


def theory(folder):
    """The theory of the tutorial, which is quick, as a file."""
    fence = re.search(r"```python node_perturbation\.py\n(.*?)```", text(), re.DOTALL)
    path = Path(folder) / "node_perturbation.py"
    path.write_text(fence[1])
    return str(path)


def text():
    return (DOCS / "theory_tutorial.md").read_text()


class Machine(RuleBasedStateMachine):
    """See above."""

    steps = 0  # of all machines
    reference = None  # images seen -> state, of a run that was left alone
    place = None

    @classmethod
    def prepare(cls):
        """Train the run that is left alone, once."""
        cls.place = Path(tempfile.mkdtemp())
        cls.file = theory(cls.place)
        cls.power = files._sync = Power()
        origin = provenance.origin(Config())
        provenance.origin = lambda config: origin
        cls.reference, write = {}, RunFolder.write_state

        def remember(folder, checkpoint, *name):
            cls.reference[checkpoint.images_seen] = checkpoint.state
            write(folder, checkpoint, *name)

        RunFolder.write_state = remember
        loop.run(cls.config(MOST), cls.place / "alone", False, Bar)
        RunFolder.write_state = write

    @classmethod
    def config(cls, epochs):
        given = {"train_examples": IMAGES, "test_examples": 10, "chunk": CHUNK, "quick_every": 1}
        return Config.of(given, theory=cls.file, epochs=epochs, quick_examples=5, hidden=4)

    @initialize()
    def begin(self):
        if Machine.reference is None:
            Machine.prepare()
        self.folder = Path(tempfile.mkdtemp(dir=self.place))
        (self.folder / "secret").write_text(SECRET)
        self.run, self.count, self.backup = self.folder / "run_0", 0, None
        Bar.kept = 0

    def teardown(self):
        shutil.rmtree(self.folder)

    @invariant()
    def nothing_was_written_outside(self):
        Machine.steps += 1
        assert (self.folder / "secret").read_text() == SECRET

    @rule(epochs=st.integers(1, MOST), kill=st.none() | st.integers(0, 90))
    def train(self, epochs, kill):
        self.power.left = kill
        try:
            loop.run(self.config(epochs), self.run, True, Bar)
        except Killed:
            pass
        except (ValueError, OSError) as error:
            self.refused(error, epochs)
            return
        finally:
            self.power.left = None
        if self.backup is None:
            self.holds(Bar.kept)
        elif kill is None:
            self.holds(epochs * IMAGES)

    def holds(self, least):
        """So many images at least are kept, with the right weights."""
        folder = RunFolder(self.run)
        if folder.has_checkpoint() or least:
            seen, state = folder.state()
            assert seen >= least, (seen, least)
            for name, value in self.reference[seen].items():
                np.testing.assert_array_equal(state[name], value)

    def refused(self, error, epochs):
        """A run was refused, in one sentence, and for a reason."""
        assert "\n" not in str(error) and SECRET[:6] not in str(error)
        assert self.backup or Bar.kept > epochs * IMAGES or "already seen" in str(error), error

    @rule(stay=st.booleans())
    def copy(self, stay):
        other = self.another()
        if self.run.exists():
            shutil.copytree(self.run, other, symlinks=True, copy_function=_copy)
            self.run = self.run if stay else other

    @rule()
    def move(self):
        other = self.another()
        if self.run.exists():
            self.run.rename(other)
            self.run = other

    def another(self):
        self.count += 1
        return self.folder / f"run_{self.count}"

    @rule()
    def read(self):
        folder = RunFolder(self.run)
        readers = [folder.config, folder.metrics, folder.result, folder.model, folder.starts]
        readers += [folder.state, lambda: folder.text("equations.txt")]
        for reader in readers:
            try:
                reader()
            except RunError as error:
                assert "\n" not in str(error) and SECRET[:6] not in str(error)

    @precondition(lambda self: self.backup is None and self.run.exists())
    @rule(which=NUMBERS, place=NUMBERS, how=st.sampled_from(range(9)))
    def damage(self, which, place, how):
        there = sorted(p for p in self.run.rglob("*") if p.is_file() and p.name != "run.lock")
        if not there:
            return
        self.backup, self.kept = self.another(), Bar.kept
        shutil.copytree(self.run, self.backup)
        path = there[which % len(there)]
        data = bytearray(path.read_bytes())
        at = place % max(1, len(data))
        path.unlink()
        if how == 0:
            path.write_bytes(data[:at])
        elif how == 1 and data:
            data[at] ^= 1 << place % 8
            path.write_bytes(data)
        elif how == 2:
            path.mkdir()
        elif how == 3:
            os.mkfifo(path)
        elif how == 4:
            path.symlink_to(self.folder / "secret")
        elif how == 5:
            path.write_bytes(data[:at] + b"NaN" + data[at:])
        elif how == 6:
            path.write_bytes(bytes(reversed(data)))
        elif how == 7:
            path.symlink_to(path.name)

    @precondition(lambda self: self.backup is not None)
    @rule()
    def restore(self):
        shutil.rmtree(self.run)
        self.backup.rename(self.run)
        self.backup, Bar.kept = None, self.kept


def _copy(source, target):
    """A file, but of a pipe another one."""
    if Path(source).is_fifo():
        os.mkfifo(target)
    else:
        shutil.copy2(source, target, follow_symlinks=False)
