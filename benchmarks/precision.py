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

from benchmarks import bounds
from benchmarks.measuring import ROOT, SHARED, write
from experiments import train
from experiments.run import command
from experiments.run import folder as records
from experiments.study.results import read_rows

NAME = "benchmarks.precision"
OUT = ROOT / "results" / "benchmarks" / "precision"
COLUMNS = ("preset", "precision", "seed", "epoch", "test_error", "training_error", "cpu_seconds")
SEEDS, EPOCHS = (1, 2, 3), 5
PRESETS, PRECISIONS = ("paper", "best", "code"), ("single", "double")


def curve(preset, precision, seed, given):
    """Rows (test error, training error, CPU seconds), one after each epoch."""
    out = given.runs / f"{preset}_{precision}_{seed}"
    options = f"--preset {preset} --dataset mnist --layers 500 10 --epochs {EPOCHS} --resume"
    options += f" --seed {seed} --precision {precision} --chunk 1000 --quick-examples 0"
    options += " --quick-every 10"
    status = train.main([*options.split(), "--data-dir", str(given.data_dir), "--out", str(out)])
    if status == command.STOPPED:
        raise KeyboardInterrupt
    if status:
        raise RuntimeError(f"training {preset} with seed {seed} did not end well")
    rows = records.RunFolder(out).metrics()
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
    import matplotlib.pyplot as plt

    from analysis.drawing.writing import write as write_figure  # which chooses a backend

    plt.style.use(ROOT / "analysis" / "drawing" / "style.mplstyle")
    rows = read_rows(path / "test_error.csv")
    figure, axes = plt.subplots(1, len(PRESETS), figsize=(9, 3.2), sharey=True)
    for ax, preset in zip(axes, PRESETS, strict=True):
        for precision, marker in zip(PRECISIONS, ("o-", "s--"), strict=True):
            of = [r for r in rows if (r["preset"], r["precision"]) == (preset, precision)]
            if not of:
                continue
            curves = np.array([float(r["test_error"]) for r in of]).reshape(-1, EPOCHS)
            epochs = np.arange(1, EPOCHS + 1) + (0.06 if precision == "double" else -0.06)
            mean = curves.mean(axis=0)
            spread = [mean - curves.min(axis=0), curves.max(axis=0) - mean]
            ax.errorbar(epochs, mean, spread, fmt=marker, label=f"{precision}", capsize=2)
        ax.set(title=f"preset {preset}", xlabel="epochs", xticks=range(1, EPOCHS + 1))
    axes[0].set(ylabel="test error (%), mean and\nrange of seeds", ylim=(0, None))
    axes[0].legend(loc="lower left", title="precision")
    write_figure(figure, path / "test_error.png")


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
