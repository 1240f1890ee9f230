"""How CPU time and memory grow with hidden units.

    python -m benchmarks.growth [--bounds ../shared/bench] [--data-dir ../shared/data/mnist]

One hidden layer of 100 to 4,000 cells; every round measures all widths, ours and the hand-written
programs', so that what else the machine does falls on all of them. Time grows in proportion if
each further 100 cells cost the same. Writes ``growth.csv`` and ``memory.csv`` into
``results/benchmarks``.
"""

import shlex
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import bounds
from benchmarks.measuring import OUT, PRECISION, show, write
from benchmarks.ours import Ours, written
from benchmarks.speed import load, options
from experiments.run import command

NAME = "benchmarks.growth"
COLUMNS = ("who", "precision", "hidden", "cpu_ms_per_image", "lowest", "highest")
COLUMNS += ("ms_per_further_100", "ratio_to_mean_growth")
MEMORY = ("network", "precision", "synapses", "peak_megabytes", "bytes_per_further_synapse")
WIDTHS, IMAGES, ROUNDS = (100, 200, 500, 1000, 2000, 4000), 500, 5
WIDE = (4000, 8000)  # far above the 12 MB of ``SMALL``, below which no peak is seen

# A process's peak begins with that of the one that started it, and we are larger than a network.
SMALL = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:2])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(peak, file=open("peak", "w"))
sys.exit(done.returncode)
"""


def times(data, programs, widths=WIDTHS, images=IMAGES, rounds=ROUNDS):
    """Rows of CPU time by width: medians, ranges, and what further cells cost."""
    nets = {n: Ours(data, (n,), images) for n in widths}
    measured = {"ours": lambda n: nets[n].seconds()}
    for name, bound in programs.items():
        measured[name] = lambda n, bound=bound: bound.seconds((n,))
    found = {who: np.empty((rounds, len(widths))) for who in measured}
    for n in widths:
        nets[n].run()
    for k in range(rounds):
        for j, n in enumerate(widths):
            for who, seconds in measured.items():
                found[who][k, j] = 1e3 * seconds(n)
    rows = []
    for who, values in found.items():
        ms = np.median(values, axis=0)
        further = 100 * np.diff(ms) / np.diff(widths)
        mean = 100 * (ms[-1] - ms[0]) / (widths[-1] - widths[0])
        told = [("", "")] + [(f"{x:.4f}", f"{x / mean:.3f}") for x in further]
        precision = PRECISION if who == "ours" else "single"
        for j, n in enumerate(widths):
            spread = (f"{x:.4f}" for x in (ms[j], values[:, j].min(), values[:, j].max()))
            show(rows, (who, precision, n, *spread, *told[j]))
    return rows


def peak(net):
    """The most memory, in bytes, that one of our compiled programs takes."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, program = Path(scratch) / "build", net.program.folder
        shutil.copytree(program, folder)
        words = shlex.join([sys.executable, "-S", "-c", SMALL, str(program / "main")])
        (folder / "main").write_text(f"#!/bin/sh\nexec {words}\n")
        net.program.folder = folder
        net.run()
        net.program.folder = program
        return 1024 * int((folder / "peak").read_text())


def memory(data, widths=WIDE):
    """Rows of peak memory while learning one image, and bytes a synapse between two widths."""
    rows, before = [], None
    for n in widths:
        net = Ours(data, (n,), 1)
        synapses = sum(value.size for value in net.inputs.state.values() if value.ndim == 2)
        most, each = peak(net), ""
        if before:
            each = f"{(most - before[1]) / (synapses - before[0]):.1f}"
        show(rows, (written((n,)), PRECISION, synapses, f"{most / 1e6:.1f}", each))
        before = synapses, most
    return rows


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "tables that were not finished are as before")


def _main(arguments):
    given = options(NAME, __doc__).parse_args(arguments)
    data = load(given)
    write(OUT / "memory.csv", MEMORY, memory(data))
    with tempfile.TemporaryDirectory() as folder:
        programs = bounds.found(folder, given.data_dir, given.bounds)
        write(OUT / "growth.csv", COLUMNS, times(data, programs))


if __name__ == "__main__":
    sys.exit(main())
