"""What all measurements share: the precision, processor time, ratios of pairs, tables."""

import io
import resource
import subprocess
import tempfile
import time
from csv import writer
from pathlib import Path
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from experiments.run import command
from experiments.run import data as datasets
from experiments.run.folder import RunFolder
from experiments.study.results import COLUMNS as SUMMARY
from experiments.study.results import Results, gather, read_rows
from models.engine import compiler
from models.theory import Inputs

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
OUT = ROOT / "results" / "benchmarks"
HERE = Path(__file__).parent
FLAGS = ("-O3", compiler.NATIVE, "-ffast-math")  # of hand-written programs
BESIDE_NUMPY = ("network", "beside", "ours_ms", "numpy_ms", "ratio", "lowest", "highest")
PRECISION = "single"  # of our networks


def program(network, images, learning=True):
    """A compiled program of one of our networks."""
    return network.program(images, learning, precision=PRECISION)


def chunk_time(program, images, labels, state):
    """A function that trains on one chunk and returns the CPU seconds an image, Python included."""

    def once():
        start = time.process_time()
        out = program.run(Inputs(images, labels, state, 1))
        return (out.seconds.cpu + time.process_time() - start) / len(labels)

    return once


def children():
    """CPU seconds of all processes that we started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def call(path, *arguments, given=None):
    """Run a program; returns the bytes that it writes, or raises DeviceError with what it says."""
    words = [str(word) for word in (path, *arguments)]
    done = subprocess.run(words, input=given, capture_output=True)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).decode(errors="replace")
        first = (said or "it says nothing").splitlines()[0]
        raise compiler.DeviceError(
            f"{Path(path).name} failed with status {done.returncode}: {first}"
        )
    return done.stdout


def built(source, folder):
    """The program of a hand-written C++ file, in a folder; DeviceError if it cannot be compiled."""
    path = Path(folder) / Path(source).stem
    found = compiler.find_compiler()
    call(found, *compiler.accepted(FLAGS, found), "-o", path, source)
    return path


class Ratio(NamedTuple):
    """Two programs beside each other: CPU time (medians), and the ratio of pairs with its range."""

    ours: float
    theirs: float
    ratio: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, ours, theirs, repeats):
        """Measure in turn, after one of each to warm up: each function returns a time."""
        ours(), theirs()
        times = np.array([(ours(), theirs()) for _ in range(repeats)])
        return cls(
            *np.median(times, axis=0), *np.percentile(times[:, 0] / times[:, 1], (50, 0, 100))
        )

    @property
    def rounded(self):
        """Milliseconds, and the ratio with its range, as tables have them."""
        times = (round(1e3 * seconds, 4) for seconds in self[:2])
        return *times, *(round(value, 2) for value in self[2:])


def write(path, columns, rows):
    """A table as CSV, whole or not at all."""
    text = io.StringIO()
    table = writer(text, lineterminator="\n")
    table.writerow(columns)
    table.writerows(rows)
    RunFolder(path.parent).write_text(path.name, text.getvalue())


def command_of(name, text, columns, measure):
    """``main`` of a benchmark that compiles a hand-written program and writes one table.

    ``name`` is its module, ``text`` its docstring, and ``measure(folder)`` gives the rows.
    """

    def action(arguments):
        command.parser(name, text).parse_args(arguments)
        with tempfile.TemporaryDirectory() as folder:
            write(OUT / f"{name.split('.')[-1]}.csv", columns, measure(Path(folder)))

    return _main_of(name, action)


def on_mnist(name, text, measure, columns=BESIDE_NUMPY):
    """``main`` of a benchmark that measures on MNIST, in one thread, and writes one table.

    ``name`` and ``text`` as of ``command_of``; ``measure(data)`` gives the rows.
    """

    def action(arguments):
        parser = command.parser(name, text)
        parser.add_argument("--data-dir", help="folder of MNIST (else fetched)")
        data = datasets.load("mnist", parser.parse_args(arguments).data_dir)
        with threadpool_limits(1):
            rows = measure(data)
        write(OUT / f"{name.split('.')[-1]}.csv", columns, rows)

    return _main_of(name, action)


def with_headline(main, name, theory, condition, repeats):
    """``main`` of a benchmark that then puts ratios of its table into the summary of all results.

    Parameters
    ----------
    main : callable
        As of ``command_of`` or ``on_mnist``.
    name : str
        Its module.
    theory : str
    condition : callable
        ``condition(row)`` -> what the summary calls a row of the table; None leaves it out.
    repeats : int
        Pairs of runs in a ratio.
    """

    def also(arguments=None):
        """Run from the command line; returns the exit status."""
        status = main(arguments)
        if not status:
            headline(name, theory, condition, repeats)
        return status

    return also


def headline(name, theory, condition, repeats, root=None):
    """Put ratios of a benchmark's table into the summary; as ``with_headline``."""
    experiment = name.split(".")[-1]
    results = Results(theory, experiment, *filter(None, (root,)))
    about = {"theory": theory, "experiment": experiment, "measure": "ratio", "n": repeats}
    rows = [
        dict.fromkeys(SUMMARY, "")
        | about
        | {"condition": condition(row), "value": row["ratio"], "command": f"python -m {name}"}
        for row in read_rows(OUT / f"{experiment}.csv")
        if condition(row)
    ]
    results.update("headline", rows, ("condition", "measure", "epochs"))
    gather(results.root)


def _main_of(name, action):
    def main(arguments=None):
        """Run from the command line; returns the exit status."""
        return command.guarded(name, action, arguments, "nothing was written")

    return main


def show(rows, row):
    """Add a row to a table, and print it."""
    rows.append(row)
    print(*row, sep="\t", flush=True)
