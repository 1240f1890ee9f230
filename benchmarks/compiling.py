"""What it costs to compile a network: a new one, one with an edited cell, and one that is there.

    python -m benchmarks.compiling

784-500-10 with an empty cache of builds; then with an edited equation of its hidden cells; then the
same again. Each in a process of its own, as a user would start it. Writes
``results/benchmarks/compiling.csv``.
"""

import os
import subprocess
import sys
import tempfile
import time

from benchmarks.measuring import OUT, PRECISION, children, program, show, write
from experiments.run import command
from models.engine import compiler
from models.segregated import pyramidal
from models.segregated.model import Model

NAME = "benchmarks.compiling"
COLUMNS = ("what", "network", "precision", "compiler_cpu_s", "python_cpu_s", "wall_s")
SIZES, IMAGES = (784, 500, 10), 1000
EDITED = pyramidal.HIDDEN.vary(parts={"coupling": "I_a = 1.01*g_a*(V_a - V) : volt/second"})
CELLS = {"new": pyramidal.HIDDEN, "edited": EDITED, "there": EDITED}


def build(what, sizes):
    """Make the program of a network; returns CPU seconds of compilers and of Python, and wall."""
    start = children(), time.process_time(), time.perf_counter()
    program(Model(sizes, hidden=CELLS[what]), IMAGES)
    ends = children(), time.process_time(), time.perf_counter()
    return [end - begin for begin, end in zip(start, ends, strict=True)]


def measure(sizes=SIZES):
    """Rows of the table, in one cache that is empty at first."""
    rows, name = [], "-".join(map(str, sizes))
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {compiler.CACHE_VARIABLE: cache}
        for what in CELLS:
            words = [sys.executable, "-m", NAME, "--build", what, *map(str, sizes)]
            done = subprocess.run(words, env=environment, capture_output=True, text=True)
            if done.returncode:
                raise compiler.DeviceError(done.stderr.strip().partition(": ")[2])
            show(rows, (what, name, PRECISION, *done.stdout.split()))
    return rows


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "nothing was written")


def _main(arguments):
    parser = command.parser(NAME, __doc__)
    parser.add_argument(
        "--build", nargs="+", metavar=("WHAT", "SIZE"), help="only one, in this cache"
    )
    given = parser.parse_args(arguments)
    if given.build:
        what, *sizes = given.build
        print(*(f"{x:.2f}" for x in build(what, tuple(map(int, sizes)))))
    else:
        write(OUT / "compiling.csv", COLUMNS, measure())


if __name__ == "__main__":
    sys.exit(main())
