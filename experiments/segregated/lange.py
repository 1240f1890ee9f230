"""Lange's network as he ran it: how well does it learn, and are its weights large?

    python -m experiments lange --data-dir DIR [--only lange_mnist mlp dynamics ...]

784-500-10 (3072-500-10 on CIFAR-10) by the paper's rule, with rates in the place of spikes, two
steps a phase and initial weights twice as wide as the paper says (variant ``rates``, ``--init 1``):
what Lange (2019) ran, here on the usual division into training and test images. Ten epochs, three
networks each. ``*_half``: initial weights half as wide, as the paper says. ``mlp``: a ReLU network
with as many cells, Adam, mini-batches of 100. DIR has a folder for each data set; CIFAR-10 is the
approximate copy in JPEG, as red, green and blue.

``dynamics``: of one network of each kind, every 5,000 images: norms of weights, also over those at
the start; their relative change, and that of the update of 100 images; and the angle of the update
to backpropagation's through the same cells.

Expected: accuracy .971 and .848 (Lange, of his own division) on MNIST and Fashion-MNIST, .34 on
CIFAR-10. Weights of the lowest layer have a norm of 633 before any learning, and 717 after it
(MNIST; the ReLU network 17 to 45): that they are some forty times as large is the initialisation's,
and with half of it they learn as well or better. A minute of one core a network.
"""

import numpy as np

from experiments.run import loop, score
from experiments.segregated import mlp
from experiments.segregated.settings import small
from experiments.study import dynamics
from experiments.study.comparison import curve
from experiments.study.conditions import Condition
from experiments.study.page import Page
from experiments.study.statistics import summary
from models import progress

EPOCHS = 10
RATES = {"variant": "rates", "layers": (500, 10), "init": (1.0,), "eta": (0.21,)}
RATES |= {"quick_examples": 0, "chunk": dynamics.EVERY}
SETS = {
    "mnist": ("MNIST", {"dataset": "mnist"}, 2.87),
    "fashion": ("Fashion-MNIST", {"dataset": "fashion"}, 15.24),
    "cifar10_jpeg": ("CIFAR-10 (JPEG)", {"dataset": "cifar10-jpeg", "encoding": "rgb"}, 65.97),
}
CONDITIONS = {
    f"lange_{name}": Condition(f"{label}, as he ran it", RATES | data, EPOCHS, theirs)
    for name, (label, data, theirs) in SETS.items()
} | {
    f"lange_{name}_half": Condition(
        f"{label}, half as wide", RATES | data | {"init": (0.5,)}, EPOCHS
    )
    for name, (label, data, _) in SETS.items()
}
MLP, DYNAMICS = PARTS = ("mlp", "dynamics")
SEEDS = (1, 2, 3)


def study(setting):
    """Train, test, and look at weights."""
    for name in setting.chosen((*CONDITIONS, *PARTS)):
        if name == MLP:
            _mlp(setting)
        elif name == DYNAMICS:
            _dynamics(setting)
        else:
            _condition(setting, name)
    if setting.smoke:
        _dynamics(setting)


def _condition(setting, name):
    results, condition, rows = setting.results, CONDITIONS[name], []
    for seed in setting.seeds:
        network = setting.network(name, seed)
        curve(results, name, seed, network, condition)
        tested = [r for r in network.run.folder.metrics() if r["test_error"] is not None]
        start, end = (network.run.folder.after(e) for e in (0, network.epochs))
        about = {"condition": name, "seed": seed, "epochs": network.epochs}
        about["accuracy"] = 1 - tested[-1]["test_error"] / 100
        for layer in ("W_0", "W_1"):
            norms = [float(np.linalg.norm(state[layer])) for state in (start, end)]
            about |= {f"norm_{layer}_start": norms[0], f"norm_{layer}": norms[1]}
        rows.append(about)
    results.update("networks", rows, ("condition", "seed"))
    measures = [key for key in rows[0] if key not in ("condition", "seed", "epochs")]
    about = {"condition": name, "epochs": rows[0]["epochs"]}
    heads = [about | {"measure": key} | summary([row[key] for row in rows]) for key in measures]
    for row in heads:
        theirs = condition.paper
        row["paper"] = 1 - theirs / 100 if row["measure"] == "accuracy" and theirs else None
    results.headline(heads, setting.arguments or ("--only", name))


def _mlp(setting):
    """The ReLU network on each data set."""
    for name, (_, data, _) in SETS.items():
        loaded, rows = loop.Run(setting.config(RATES | data, EPOCHS)).data, []
        for seed in setting.seeds:
            *_, (_, network) = mlp.train(loaded, (500,), setting.epochs or EPOCHS, seed)
            error = score.error(network.predict_proba(loaded.test_images), loaded.test_labels)
            rows.append({"condition": f"mlp_{name}", "seed": seed, "accuracy": 1 - error / 100})
        setting.results.update("mlp", rows, ("condition", "seed"))
        row = {
            "condition": f"mlp_{name}",
            "measure": "accuracy",
            "epochs": setting.epochs or EPOCHS,
        }
        found = row | summary([one["accuracy"] for one in rows])
        setting.results.headline([found], setting.arguments or ("--only", MLP))


def _dynamics(setting):
    """Weights of one network of each kind while they learn."""
    for name, (_, data, _) in tuple(SETS.items())[: setting.size(None, 1)]:
        for width, init in (("", 1.0), ("_half", 0.5)):
            _follow(setting, f"lange_{name}{width}", RATES | data | {"init": (init,)})
        _follow_mlp(setting, f"mlp_{name}", RATES | data)


def _follow(setting, name, options):
    epochs = setting.size(setting.epochs or EPOCHS, 1)
    runs = [loop.Run(setting.config(options | rule, epochs)) for rule in ({}, {"rule": "backprop"})]
    bar = progress.bar(dynamics.follow(runs[0], epochs, runs[1]), desc=name, unit="look")
    rows = [{"condition": name} | row for row in bar]
    setting.results.update("dynamics", rows, ("condition", "images", "layer"))


def _follow_mlp(setting, name, options):
    run = loop.Run(setting.config(options, EPOCHS))
    epochs = setting.size(setting.epochs or EPOCHS, 1)
    rows, first, last = [], None, None
    trained = mlp.train(run.data, (500,), epochs, run.config.seed, run.config.chunk)
    for images, network in trained:
        weights = {f"W_{k}": w.copy() for k, w in enumerate(network.coefs_)}
        first = first or weights
        own = dynamics.rows(images, weights, first, last)
        rows += [{"condition": name} | row for row in own]
        last = weights
    setting.results.update("dynamics", rows, ("condition", "images", "layer"))


page = Page(
    __name__,
    __doc__,
    study,
    CONDITIONS,
    title="Lange's network: rates, two steps a phase, wide weights",
    seeds=SEEDS,
    paper="Lange (2019)",
    counts="networks",
    smoke=small,
    parts=PARTS,
    trains_all=True,
)
