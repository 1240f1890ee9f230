"""CPU time of training and of testing, as ratios to hand-written programs measured in one run.

    python -m benchmarks.speed [--bounds ../shared/bench] [--data-dir ../shared/data/mnist]

Networks of segregated dendrites on MNIST, beside those hand-written programs whose source is there
(see ``benchmarks.bounds``), in turn; then the start of a chunk; then other ways to run 784-500-10:
Brian2's runtime mode, plain Brian2 with a Python loop over phases, and the NumPy reference of the
tests. Writes ``speed.csv``, ``chunks.csv`` and ``others.csv`` into ``results/benchmarks``.
"""

import sys
import tempfile
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np

from benchmarks import bounds, yardsticks
from benchmarks.measuring import OUT, PRECISION, SHARED, Ratio, show, write
from benchmarks.ours import IMAGES, Ours, written
from experiments.run import command
from experiments.run import data as datasets

NAME = "benchmarks.speed"
COLUMNS = ("network", "what", "precision", "ours_ms_per_image", "beside", "beside_ms_per_image")
COLUMNS += ("ratio", "lowest", "highest")
OTHERS = ("what", "network", "cpu_ms_per_image", "times_ours")
CHUNKS = ("network", "images", "cpu_ms_per_image", "start_percent")
NETWORKS = ((500,), (), (2000,), (500, 100))  # hidden layers
LENGTHS = (100, 300, 1000, 3000)  # images in a chunk
REPEATS = 5


def beside(data, programs, networks=NETWORKS, images=IMAGES, repeats=REPEATS):
    """Rows of training and testing beside each hand-written program, or alone if there is none."""
    rows = []
    for hidden, learning in product(networks, (True, False)):
        net = Ours(data, hidden, images, learning)
        known = written(hidden), "training" if learning else "testing", PRECISION
        if not programs:
            seconds = np.median([net.seconds() for _ in range(repeats)])
            show(rows, (*known, f"{1e3 * seconds:.4f}", "", "", "", "", ""))
        for name, other in programs.items():
            theirs = partial(other.seconds, hidden, learning)
            found = Ratio.of(net.seconds, theirs, repeats)
            told = f"{1e3 * found.theirs:.4f}", *(f"{x:.3f}" for x in found[2:])
            show(rows, (*known, f"{1e3 * found.ours:.4f}", name, *told))
    return rows


def others(data, plain=True):
    """Rows of other ways to run 784-500-10."""
    rows, net = [], Ours(data, (500,))
    for name, slow in yardsticks.others(data, plain).items():
        net.run()
        seconds, ours = slow(), np.median([net.seconds() for _ in range(3)])
        told = f"{1e3 * seconds:.3f}", f"{seconds / ours:.1f}"
        show(rows, (name, written((500,)), *told))
    return rows


def chunks(data, lengths=LENGTHS):
    """Rows of the share of a chunk's time that start-up and read-back have."""
    rows = []
    for images in lengths:
        net = Ours(data, (500,), images)
        net.run()
        seconds, share = np.median([net.run() for _ in range(REPEATS)], axis=0)
        show(rows, (written((500,)), images, f"{1e3 * seconds:.4f}", f"{100 * share:.1f}"))
    return rows


def options(name, about):
    """The parser of measurements that may have hand-written programs beside them."""
    parser = command.parser(name, about)
    parser.add_argument(
        "--bounds", default=SHARED / "bench", help="folder of hand-written programs' sources"
    )
    parser.add_argument("--data-dir", default=SHARED / "data" / "mnist", help="folder of MNIST")
    return parser


def load(given):
    """MNIST: from the folder, or fetched if there is none."""
    return datasets.load("mnist", given.data_dir if Path(given.data_dir).is_dir() else None)


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "tables that were not finished are as before")


def _main(arguments):
    parser = options(NAME, __doc__)
    parser.add_argument(
        "--skip-plain", action="store_true", help="leave out plain Brian2 (minutes)"
    )
    given = parser.parse_args(arguments)
    data = load(given)
    with tempfile.TemporaryDirectory() as folder:
        programs = bounds.found(folder, given.data_dir, given.bounds)
        write(OUT / "speed.csv", COLUMNS, beside(data, programs))
    write(OUT / "chunks.csv", CHUNKS, chunks(data))
    write(OUT / "others.csv", OTHERS, others(data, not given.skip_plain))


if __name__ == "__main__":
    sys.exit(main())
