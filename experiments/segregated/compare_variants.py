"""How do other cells learn? Every variant on the digits, a chosen few on MNIST, over several seeds.

    python -m experiments compare_variants [--variant NAME|FILE.py ...] [--mnist] [--seeds S ...]

Each variant is trained on the digits (300 hidden cells), those in ``ON_MNIST`` also there (500),
with settings chosen for the paper's cell when its forward plateau was early (``EARLY_ONE``).
Nothing is tuned for a variant. ``--variant`` asks for some, or for a file of your own (its code is
run), on the digits; with ``--mnist`` on MNIST instead. Results with a file among them go into
``runs/results``: draw them with ``python -m analysis compare_variants --results runs/results``.

Measured are the test error, the CPU time an image takes in training, and the mean rates of hidden
and output cells in a test's forward phase. A network whose weights grow beyond all bounds has a row
without numbers, and is counted (``diverged_*``).

Expected: cells that pass on an unbiased error learn like the paper's; noise in the error costs a
few per cent; an apical dendrite as near to the soma as the basal one all but prevents learning.
About one CPU minute a variant on the digits, ten on MNIST.
"""

import sys
from pathlib import Path

import numpy as np

from experiments.run.score import Diverged
from experiments.run.seeds import Purpose
from experiments.segregated.settings import EARLY_ONE, small
from experiments.study import observe
from experiments.study.page import Page
from experiments.study.replicates import network_row
from experiments.study.statistics import summary
from models.segregated import variants

SEEDS = (1, 2, 3)
ON_MNIST = ("paper", "calcium_gate", "plateau_burst", "integrate_and_fire", "adaptation")
DIGITS = EARLY_ONE | {"layers": (300, 10), "decay": 0.9, "dataset": "digits", "data_dir": None}
EPOCHS = {"digits": 10, "mnist": 5}
IMAGES = 100  # of a test, for rates
MEASURES = ("test_error", "cpu_ms", "rate_hidden", "rate_output")
KEY = ("condition", "dataset", "seed", "epochs")


def study(setting):
    """Train the variants, and write what each network came to."""
    seeds = setting.seeds[: setting.size(None, 1)]
    for dataset, given in _asked(setting):
        for variant in given:
            rows = [_network(setting, variant, dataset, seed) for seed in seeds]
            setting.results.update("networks", rows, KEY)
            _headline(setting, variant, dataset, rows[0]["epochs"])


def _asked(setting):
    """Data sets, and the variants to be trained on each."""
    if setting.only:
        return [("mnist" if setting.given.mnist else "digits", setting.only)]
    few = ("mnist", setting.chosen(ON_MNIST)[: setting.size(None, 1)])
    return [few] if setting.given.mnist else [("digits", setting.chosen(variants.names())), few]


def _network(setting, variant, dataset, seed):
    """Train one network; returns its row of the table, without numbers if it diverged."""
    name, epochs = Path(variant).stem, setting.epochs or EPOCHS[dataset]
    options = (DIGITS if dataset == "digits" else EARLY_ONE) | {"variant": variant}
    folder = f"variant_{name}" if dataset == "digits" else f"variant_{name}_mnist"
    if dataset == "mnist" and name == "paper":
        folder = "one_hidden"  # the same network
    epochs = setting.config(options, epochs, seed).epochs
    row = {"condition": name, "dataset": dataset, "seed": seed, "epochs": epochs}
    try:
        network = setting.trained(folder, options, epochs, seed)
    except Diverged as error:
        print(f"{name}, seed {seed}: {error}", file=sys.stderr, flush=True)
        return row | dict.fromkeys(MEASURES)
    rates = {f"rate_{layer}": rate for layer, rate in _rates(network).items()}
    return row | _costs(network) | rates


def _costs(network):
    """Test error after the last epoch, and CPU time of training, ms an image."""
    rows = [row for row in network.run.folder.metrics() if row["epoch"] <= network.epochs]
    cpu = sum(row["cpu_seconds"] for row in rows if row["training_error"] is not None)
    images = network.epochs * len(network.run.data.train_images)
    return {"test_error": network_row(network)["test_error"], "cpu_ms": 1e3 * cpu / images}


def _rates(network):
    """Spikes a second and cell in a test's forward phase: mean of hidden, and of output cells."""
    run, data = network.run, network.run.data
    images, labels = data.test_images[:IMAGES], data.test_labels[:IMAGES]
    look = {"learning": False, "seed": run.seed(Purpose.LOOK)}
    shown = observe.show(run, network.state, images, labels, ("spikes",), **look)
    seconds, (_, *hidden, output) = float(shown.schedule.duration), run.network.sizes
    spikes = {name: len(shown.records["spikes", name, "t"]) for name in (*hidden, output)}
    cells = sum(run.network.sizes[name] for name in hidden)
    return {
        "hidden": sum(spikes[name] for name in hidden) / (cells * seconds),
        "output": spikes[output] / (run.network.sizes[output] * seconds),
    }


def _headline(setting, variant, dataset, epochs):
    """Mean and spread over the seeds, and how many of them diverged."""
    name, table = Path(variant).stem, setting.results.table("networks")
    table = table.where(condition=name, dataset=dataset, epochs=epochs)
    good = np.isfinite(table["test_error"])
    count, diverged = len(good), int(np.sum(~good))
    about, rows = {"condition": name, "epochs": epochs}, []
    for measure in MEASURES:
        found = summary(table[measure][good]) if good.any() else {"value": np.nan, "n": 0}
        rows.append(about | {"measure": f"{measure}_{dataset}"} | found)
    rows.append(about | {"measure": f"diverged_{dataset}", "value": diverged, "n": count})
    if diverged:
        print(f"{name}, {dataset}: {diverged} of {count} networks diverged", file=sys.stderr)
    words = ["--variant", variant]
    words += ["--mnist"] if dataset == "mnist" else []
    words += ["--epochs", str(setting.epochs)] if setting.epochs else []
    setting.results.headline(rows, words)


def _options(parser):
    parser.add_argument(
        "--variant", dest="only", nargs="+", metavar="NAME|FILE.py",
        help="which (default: all); a file's code is run",
    )  # fmt: skip
    parser.add_argument("--mnist", action="store_true", help="on MNIST alone (default: see above)")


page = Page(__name__, __doc__, study, seeds=SEEDS, smoke=small, options=_options)
