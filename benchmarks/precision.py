"""Learning curves on MNIST in single and in double precision, at the same settings and seeds.

    python -m benchmarks.precision [--data-dir DIR] [--runs runs/precision] [--draw]

Trains 784-500-10 for five epochs over 60,000 images with three seeds of each of three presets, in
both precisions (2 to 10 CPU minutes a curve), and writes a table and a figure into
``results/benchmarks/precision``. Interrupted, it goes on where it was. ``--draw`` only draws the
figure again. The random numbers differ between the two, so curves differ as those of two seeds do.
"""

import sys
from pathlib import Path

import numpy as np

from benchmarks import bounds, curves
from benchmarks.curves import EPOCHS, SEEDS
from benchmarks.measuring import ROOT, SHARED, write
from experiments.run import command

NAME = "benchmarks.precision"
OUT = ROOT / "results" / "benchmarks" / "precision"
COLUMNS = ("preset", "precision", "seed", "epoch", "test_error", "training_error", "cpu_seconds")
PRESETS, PRECISIONS = ("paper", "best", "code"), ("single", "double")


def curve(preset, precision, seed, given):
    """Rows (test error, training error, CPU seconds), one after each epoch."""
    out = given.runs / f"{preset}_{precision}_{seed}"
    words = f"--preset {preset} --precision {precision}"
    words += " --chunk 1000 --quick-examples 0 --quick-every 10"
    words = [*words.split(), "--data-dir", str(given.data_dir)]
    rows = curves.trained(preset, seed, out, *words)
    for epoch in range(EPOCHS):
        of = [row for row in rows if epoch < row["epoch"] <= epoch + 1]
        learned = [row["training_error"] for row in of if row["training_error"] is not None]
        cpu = sum(row["cpu_seconds"] for row in of)
        (test,) = (row["test_error"] for row in of if row["test_examples"] == 10_000)
        yield f"{test:.2f}", f"{np.mean(learned):.2f}", f"{cpu:.1f}"


def collect(given):
    """Rows of the table, of what ``--only`` names or of all."""
    return [
        (preset, precision, seed, k + 1, *row)
        for preset in PRESETS
        for seed in given.seeds
        for precision in given.only
        for k, row in enumerate(curve(preset, precision, seed, given))
    ]


def draw(path):
    """The figure, from the numbers that were written."""
    titles = [f"preset {preset}" for preset in PRESETS]
    panels, ways = ("preset", PRESETS), ("precision", PRECISIONS)
    curves.draw(path, panels, ways, titles, "range of seeds", legend="precision")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "the same command goes on where it was")


def _main(arguments):
    parser = command.parser(NAME, __doc__)
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "precision")
    parser.add_argument("--data-dir", default=SHARED / "data" / "mnist", help="folder of MNIST")
    parser.add_argument("--only", nargs="+", choices=PRECISIONS, help="train these, write nothing")
    parser.add_argument("--seeds", nargs="+", type=int, default=SEEDS, help="with --only: these")
    parser.add_argument("--draw", action="store_true", help="only draw the figure again")
    given = parser.parse_args(arguments)
    if not given.draw:
        bounds.mnist(given.data_dir)
        part, given.only = given.only, given.only or PRECISIONS
        rows = collect(given)
        if part:
            return
        write(OUT / "test_error.csv", COLUMNS, rows)
    draw(OUT)


if __name__ == "__main__":
    sys.exit(main())
