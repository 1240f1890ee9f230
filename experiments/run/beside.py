"""Tests beside training, which goes on meanwhile: a compiled program is a process of its own.

A test needs no more than a state. The checkpoint of that moment is soon written over, so the state
is kept in ``weights/tested_*.npz`` until the row of the test is in ``metrics.csv``: a run that is
killed in between finds it there when it goes on, within an epoch as at its end.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Semaphore

from experiments.run import command
from experiments.run.folder import Checkpoint

MOST = 2  # tests begun and not ended; one of them runs


class Beside:
    """The tests of a run while it trains. Files and rows change in the caller's thread alone.

    Parameters
    ----------
    run : experiments.run.loop.Run
    rows : list of dict
        Of the metrics; that of a test takes its place behind the chunk that it follows.
    """

    def __init__(self, run, rows):
        self.run, self.rows, self.folder = run, rows, run.folder
        self.most = MOST if run.config.device == "standalone" else 0  # Brian2 takes no two threads
        self.room = Semaphore(1)  # parts of a test that run at once: training has the other cores
        self.pool = ThreadPoolExecutor(1)
        self.going = {}  # images seen -> the test, as a Future of what it gave; oldest first

    def take_up(self, seen):
        """Begin what a run that stands at ``seen`` images left undone."""
        for name in self.folder.states("tested_*.npz"):
            kept = self.folder.state(name)
            if kept.images_seen <= seen and self.are_due(kept.images_seen):
                self.begin(*kept)
            else:
                self.folder.remove_state(name)

    def are_due(self, seen):
        """Whether the network is to be tested after so many images, and is not being tested."""
        there = any(r["images_seen"] == seen and r["test_error"] is not None for r in self.rows)
        return bool(self.run.due(seen)) and not there and seen not in self.going

    def begin(self, seen, state):
        """Test a state; waits if too many tests are under way."""
        self.folder.write_state(Checkpoint(seen, state), _name(seen))
        self.going[seen] = self.pool.submit(self.run.tested, state, seen, self.room)
        self.collect(self.most)

    def collect(self, most=MOST):
        """Write what came of tests that have ended; waits while more than ``most`` are under way.

        Raises what a test raised: score.Diverged, DeviceError.
        """
        while self.going:
            seen, test = next(iter(self.going.items()))
            if not test.done():
                if len(self.going) <= most:
                    break
                with self._all_cores():
                    command.until_ended([test])
            row, confusion = test.result()
            if confusion:
                self.folder.write_confusion(confusion)  # first: a test with a row is not done again
            self.rows.insert(sum(r["images_seen"] <= seen for r in self.rows), row)
            self.folder.add_row(row)
            self.folder.remove_state(_name(seen))
            del self.going[seen]

    def stop(self):
        """End what is under way at once: its states are kept. Ctrl-C reaches this thread only."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        command.end(self.going.values(), getattr(self.run.tester, "stop", lambda: None))

    @contextmanager
    def _all_cores(self):
        """While training waits, a test has its core as well."""
        for _ in range(self.run.cores - 1):
            self.room.release()
        yield
        for _ in range(self.run.cores - 1):
            self.room.acquire()


def _name(seen):
    return f"tested_{seen:09d}.npz"
