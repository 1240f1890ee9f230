"""A long run of small chunks: do memory, open files and time stay as they are?

    python -m benchmarks.trust.soak [--images 100000]

Trains 64-12-10 on the digits in chunks of 100 images and looks at the process after each. Writes a
row for each tenth of the run into ``results/benchmarks/trust/soak.csv``; its time must not grow.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.measuring import OUT, write
from experiments.run import command, loop
from experiments.run.config import Config

NAME = "benchmarks.trust.soak"
COLUMNS = ("images", "ms_per_chunk", "resident_megabytes", "open_files")
EPOCH, CHUNK, PARTS = 1000, 100, 10


class Look:
    """In the place of a progress bar: looks at the process after each chunk."""

    seen = []  # of (seconds, bytes, files)

    def __init__(self, total, initial, **_):
        self.n = initial

    def update(self, count):
        """Look."""
        self.n += count
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        handles = len(os.listdir("/proc/self/fd"))
        self.seen.append((time.perf_counter(), pages * os.sysconf("SC_PAGE_SIZE"), handles))

    def set_postfix(self, shown):
        """Nothing to show."""

    def close(self):
        """Nothing to close."""


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "nothing was written")


def _main(arguments):
    parser = command.parser(NAME, __doc__)
    parser.add_argument("--images", type=int, default=100_000)
    given = parser.parse_args(arguments)
    about = {"train_examples": EPOCH, "test_examples": 100, "chunk": CHUNK, "quick_every": 5}
    config = Config.of(about, layers=(12, 10), epochs=given.images // EPOCH, quick_examples=50)
    with tempfile.TemporaryDirectory() as folder:
        loop.run(config, Path(folder) / "run", progress=Look)
    rows = []
    for part in np.array_split(np.array(Look.seen), PARTS):
        took = 1e3 * np.median(np.diff(part[:, 0]))
        images = (len(rows) + 1) * given.images // PARTS
        rows.append((images, f"{took:.2f}", f"{part[:, 1].max() / 1e6:.1f}", int(part[:, 2].max())))
        print(*rows[-1], sep="\t")
    write(OUT / "trust" / "soak.csv", COLUMNS, rows)


if __name__ == "__main__":
    sys.exit(main())
