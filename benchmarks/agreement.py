"""Learning curves on MNIST beside the hand-written bound, at the same settings and seeds.

    python -m benchmarks.agreement [--runs runs/agreement] [--draw]

Trains 784-500-10 for five epochs over 60,000 images with three seeds at each of three settings,
with both implementations (3 to 6 CPU minutes a curve), and writes a table and a figure into
``results/benchmarks/agreement``. Interrupted, it goes on where it was. ``--draw`` only draws the
figure again.
"""

import re
import sys
from pathlib import Path

from benchmarks import bounds, curves
from benchmarks.curves import EPOCHS, SEEDS
from benchmarks.measuring import ROOT, SHARED, write
from experiments.run import command
from experiments.run import folder as records

NAME = "benchmarks.agreement"
OUT = ROOT / "results" / "benchmarks" / "agreement"
COLUMNS = ("settings", "who", "seed", "epoch", "test_error")
SETTINGS = {  # name -> (our options, those of the bound)
    "paper": ("", "eta=0.21"),
    "memory=10 init=1": ("--memory 10 --init 1", "eta=0.21 memory=10 init=1"),
    "eta=0.2,0.1 feedback=16 centre=1 clear=1 decay=0.95": (
        "--eta 0.2 0.1 --feedback 16 --centre --clear --decay 0.95",
        "eta=0.2,0.1 feedback=16 centre=1 clear=1 decay=0.95",
    ),
}


def ours(name, seed, folder, data_dir):
    """Test error (per cent) after each epoch, by our implementation."""
    out = folder / f"ours_{list(SETTINGS).index(name)}_{seed}"
    words = [*SETTINGS[name][0].split(), "--data-dir", str(data_dir)]
    rows = curves.trained(name, seed, out, *words)
    return [r["test_error"] for r in rows if r["test_examples"] == 10_000]


def theirs(name, seed, folder, bound):
    """Test error (per cent) after each epoch, by the bound."""
    log = folder / f"bound_{list(SETTINGS).index(name)}_{seed}.txt"
    if not log.exists():
        options = [*SETTINGS[name][1].split(), f"seed={seed}", f"epochs={EPOCHS}"]
        records.RunFolder(folder).write_text(log.name, bound.run(*options))
    return [float(x) for x in re.findall(r"test error ([\d.]+)%", log.read_text())]


def draw(path):
    """The figure, from the numbers that were written."""
    titles = [name.replace(" centre", "\ncentre") for name in SETTINGS]
    ways = "who", ("ours", "bound")
    curves.draw(path, ("settings", SETTINGS), ways, titles, "range of three seeds")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "the same command goes on where it was")


def _main(arguments):
    parser = command.parser(NAME, __doc__)
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "agreement")
    parser.add_argument(
        "--limit", default=SHARED / "bench" / "limit.cpp", help="the bound's source"
    )
    parser.add_argument("--data-dir", default=SHARED / "data" / "mnist", help="folder of MNIST")
    parser.add_argument("--draw", action="store_true", help="only draw the figure again")
    given = parser.parse_args(arguments)
    if not given.draw:
        if not Path(given.limit).is_file():
            raise ValueError(f"--limit: no file {given.limit}")
        bounds.mnist(given.data_dir)
        write(OUT / "test_error.csv", COLUMNS, collect(given))
    draw(OUT)


def collect(given):
    """Rows (settings, who, seed, epoch, test error)."""
    scratch = given.runs / "bound"
    scratch.mkdir(parents=True, exist_ok=True)
    bound = bounds.Bound(given.limit, scratch, given.data_dir)
    rows = []
    for name in SETTINGS:
        for seed in SEEDS:
            found = {
                "ours": ours(name, seed, given.runs, given.data_dir),
                "bound": theirs(name, seed, given.runs, bound),
            }
            for who, curve in found.items():
                rows += [(name, who, seed, k + 1, f"{e:.2f}") for k, e in enumerate(curve)]
    return rows


if __name__ == "__main__":
    sys.exit(main())
