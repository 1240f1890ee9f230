"""CPU time of training, as ratios measured in one run.

    python -m benchmarks.speed [--limit ../shared/bench/limit.cpp] [--data-dir ../shared/data/mnist]

Beside ours: the hand-written bound (if its source is there), Brian2's own C++ templates, Brian2's
runtime mode, plain Brian2 with a Python loop over phases, and the NumPy reference of the tests.
Then how ours grows with hidden units, layers and images. Writes ``results/benchmarks/speed.csv``
and a figure.
"""

import csv
import gzip
import io
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks import yardsticks
from experiments.run import command
from experiments.run import data as datasets
from experiments.run.folder import RunFolder
from models.engine import compiler
from models.segregated.model import Model
from models.theory import Inputs

NAME = "benchmarks.speed"
ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
OUT = ROOT / "results" / "benchmarks"
COLUMNS = ("what", "network", "cpu_ms_per_image", "ratio_to_bound", "lowest", "highest", "note")
IMAGES, REPEATS = 1000, 5


class Bound:
    """The hand-written network: CPU seconds an image, by difference of two lengths.

    DeviceError if there is no compiler, or it or the program fails; OSError without a file of
    MNIST.
    """

    def __init__(self, source, folder, data_dir):
        self.program, self.data = folder / "limit", folder / "raw"
        flags = ("-O3", "-march=native", "-ffast-math")
        _call(compiler.find_compiler(), *flags, "-o", self.program, source)
        self.data.mkdir(exist_ok=True)
        for name in datasets.FILES.values():
            packed = Path(data_dir) / f"{name}.gz"
            raw = gzip.decompress(packed.read_bytes()) if packed.exists() else None
            (self.data / name).write_bytes(raw or (Path(data_dir) / name).read_bytes())

    def run(self, *options):
        """Run the program; returns what it says."""
        return _call(self.program, f"data={self.data}", *options)

    def seconds(self, hidden, images=IMAGES):
        """CPU seconds an image of training with hidden layers of the given sizes."""
        option = "hidden=" + (",".join(map(str, hidden)) or "0")
        return (self._cpu(option, images) - self._cpu(option, 1)) / (images - 1)

    def _cpu(self, hidden, images):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.run(hidden, f"train={images}", "test=0")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _call(program, *arguments):
    """Run a program; returns what it says, or raises DeviceError with the first thing it says."""
    words = [str(word) for word in (program, *arguments)]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "it says nothing").splitlines()[0]
        name = Path(program).name
        raise compiler.DeviceError(f"{name} failed with status {done.returncode}: {said}")
    return done.stdout


def mnist(folder):
    """A folder of MNIST; DataError if it is none."""
    if not Path(folder).is_dir():
        raise datasets.DataError(f"--data-dir: no folder {folder}")
    return Path(folder)


def write(path, columns, rows):
    """A table as CSV, whole or not at all."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    RunFolder(path.parent).write_text(path.name, text.getvalue())


class Ours:
    """One of our compiled networks, fed with MNIST."""

    def __init__(self, data, hidden, images=IMAGES):
        sizes = (data.train_images.shape[1], *hidden, 10)
        model = Model(sizes, eta=(0.21,))
        self.program, self.state, self.images = model.program(images), model.start(1), images
        self.data = data

    def run(self):
        """One chunk; returns CPU seconds an image and the share of start-up and read-back."""
        first = self.data.train_images[: self.images], self.data.train_labels[: self.images]
        wall, python = time.perf_counter(), time.process_time()
        out = self.program.run(Inputs(*first, self.state, 1))
        wall, python = time.perf_counter() - wall, time.process_time() - python
        return (out.seconds.cpu + python) / self.images, 1 - out.seconds.stepping / wall


def _pairs(first, second, repeats=REPEATS):
    """Ratios first/second of two measurements taken in turn, after one of each to warm up."""
    first(), second()
    return np.array([first() / second() for _ in range(repeats)])


def measure(data, bound, plain):
    """Rows (what, size, ms CPU an image, ratio to the bound, lowest, highest, note)."""
    rows = []

    def row(what, size, seconds, ratios=None, note=""):
        spread = ("", "", "") if ratios is None else np.percentile(ratios, (50, 0, 100)).round(3)
        rows.append((what, size, f"{1e3 * seconds:.4f}", *spread, note))
        print(*rows[-1], sep="\t", flush=True)

    def beside(net, hidden, repeats):
        if bound is not None:
            return _pairs(lambda: net.run()[0], lambda: bound.seconds(hidden), repeats)

    ours = Ours(data, (500,))
    ours.run()
    share = np.median([ours.run()[1] for _ in range(REPEATS)])
    seconds = np.median([ours.run()[0] for _ in range(REPEATS)])
    ratios = beside(ours, (500,), REPEATS)
    row("ours", "784-500-10", seconds, ratios, f"start-up and read-back {100 * share:.1f} %")
    if bound is not None:
        row("bound", "784-500-10", np.median([bound.seconds((500,)) for _ in range(3)]))
    for name, other in yardsticks.others(data, plain).items():
        slow = other()
        row(name, "784-500-10", slow, None, f"{slow / seconds:.1f} times ours")
    for hidden in [(n,) for n in (100, 200, 1000, 2000)] + [(), (500, 100), (500, 100, 100)]:
        net = Ours(data, hidden)
        net.run()
        seconds = np.median([net.run()[0] for _ in range(3)])
        row("ours", "-".join(map(str, (784, *hidden, 10))), seconds, beside(net, hidden, 3))
    for images in (100, 300, 3000):
        net = Ours(data, (500,), images)
        net.run()
        timed = [net.run() for _ in range(3)]
        share = 100 * np.median([t[1] for t in timed])
        note = f"chunk of {images}: start-up and read-back {share:.1f} %"
        row("ours", "784-500-10", np.median([t[0] for t in timed]), None, note)
    return rows


def draw(rows, path):
    """CPU time by hidden units and by layers, ours and the bound's."""
    import matplotlib.pyplot as plt

    from analysis.drawing.axes import logarithmic
    from analysis.drawing.writing import write as write_figure  # which chooses a backend

    plt.style.use(ROOT / "analysis" / "drawing" / "style.mplstyle")
    ours = {r[1]: (float(r[2]), r[3]) for r in rows if r[0] == "ours" and "chunk" not in r[6]}
    figure, axes = plt.subplots(1, 2, figsize=(7, 3), sharey=True)
    widths = sorted(int(s.split("-")[1]) for s in ours if s.count("-") == 2)
    deep = sorted(
        (s for s in ours if s.count("-") != 2 or "-500-" in s), key=lambda s: s.count("-")
    )
    for ax, names, x in (
        (axes[0], [f"784-{w}-10" for w in widths], widths),
        (axes[1], deep, [s.count("-") - 1 for s in deep]),
    ):
        lines = [np.array([ours[n][0] for n in names])]
        ax.plot(x, lines[0], "o-", label="ours")
        if all(ours[n][1] != "" for n in names):
            lines.append(lines[0] / [float(ours[n][1]) for n in names])
            ax.plot(x, lines[1], "s--", label="hand-written bound")
        logarithmic(ax, *lines)
    logarithmic(axes[0], np.array(widths), axis="x")
    axes[0].set(xlabel="hidden units (one layer)", ylabel="CPU time (ms an image)")
    axes[1].set(xlabel="hidden layers (none, 500, 500-100, 500-100-100)", xticks=range(4))
    axes[0].legend()
    write_figure(figure, path)


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "nothing was written")


def _main(arguments):
    parser = command.parser(NAME, __doc__)
    parser.add_argument(
        "--limit", default=SHARED / "bench" / "limit.cpp", help="the bound's source"
    )
    parser.add_argument("--data-dir", default=SHARED / "data" / "mnist", help="folder of MNIST")
    parser.add_argument(
        "--skip-plain", action="store_true", help="leave out plain Brian2 (minutes)"
    )
    given = parser.parse_args(arguments)
    folder = given.data_dir if Path(given.data_dir).is_dir() else None
    data = datasets.load("mnist", folder)
    with tempfile.TemporaryDirectory() as scratch:
        there = Path(given.limit).is_file() and folder is not None
        bound = Bound(given.limit, Path(scratch), folder) if there else None
        rows = measure(data, bound, not given.skip_plain)
    write(OUT / "speed.csv", COLUMNS, rows)
    draw(rows, OUT / "speed.png")


if __name__ == "__main__":
    sys.exit(main())
