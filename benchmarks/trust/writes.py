"""Every write of a run fails once, and the power is cut at each; then the run is resumed.

    python -m benchmarks.trust.writes [--every N]

Each open for writing, write, fsync, rename, removal and new folder of a small run with tests beside
training and records at its end fails in turn: with an error of the disk, a full disk, a denied
access; then the power is cut there, and what no fsync had brought to the disk is lost. The resumed
run must end with the weights of one that was left alone, to the bit, and images that counted as
kept must still be. Writes ``writes.csv`` into ``results/benchmarks/trust``.
"""

import errno
import os
import sys
import tempfile
from pathlib import Path

from tqdm import tqdm

from benchmarks.measuring import OUT, write
from experiments.run import command
from experiments.run.config import Config
from tests.trust import power

NAME = "benchmarks.trust.writes"
COLUMNS = ("what", "calls", "trials", "lost")
ERRORS = {"disk error": errno.EIO, "disk full": errno.ENOSPC, "access denied": errno.EACCES}
CUT = "power cut"


def config():
    """A run of nine chunks, with tests within and beside, and records."""
    return Config.of(
        {"train_examples": 60, "test_examples": 20, "chunk": 20, "epochs": 3, "quick_every": 1},
        layers=(8, 10),
        quick_examples=10,
        record=("spikes", "voltages", "plateaus", "losses"),
        record_images=(0,),
    )


def attack(trials, every=1):
    """Rows of the table; what was lost is told on stderr."""
    rows = []
    for what in (*ERRORS, CUT):
        lost, which = 0, range(1, trials.size + 1, every)
        for k in tqdm(which, desc=what, disable=None):
            wrong = trials.cut(k) if what == CUT else trials.failing(k, ERRORS[what])
            if wrong:
                lost += 1
                print(f"{what} at call {k}: {wrong}", file=sys.stderr)
        rows.append((what, trials.size, len(which), lost))
        print(*rows[-1], sep="\t", flush=True)
    return rows


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "nothing was written")


def _main(arguments):
    parser = command.parser(NAME, __doc__)
    parser.add_argument("--every", type=int, default=1, help="one of so many calls; writes nothing")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        if power.LIBRARY not in os.environ:
            words = [
                sys.executable,
                "-m",
                NAME,
                *(sys.argv[1:] if arguments is None else arguments),
            ]
            os.execve(sys.executable, words, power.preloaded(tempfile.mkdtemp()))
        rows = attack(power.Trials(config(), Path(folder)), given.every)
    if given.every == 1:
        write(OUT / "trust" / "writes.csv", COLUMNS, rows)
    lost = sum(row[-1] for row in rows)
    if lost:
        raise RuntimeError(f"{lost} trials went wrong")


if __name__ == "__main__":
    sys.exit(main())
