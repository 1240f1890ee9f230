"""MNIST in continuous time: no sweeps, no phases, no pauses (Sacramento et al. 2018, section 2).

    python -m experiments continuous_mnist

The circuit of `microcircuit_mnist`, 784-500-500-10, as equations in time: 100 ms an image, steps of
.1 ms, one image after another, the same conductances (the input's synapses in their low-rank form,
which is exact). It learns from 1,000 images, once; errors of 500 test images, without a target,
before and after. Then the first image that it learned from, in time, before and after: the rates of
two outputs, and an apical potential with its two parts. The target comes with the image.

Expected: 88 % of errors before, 42 after. What is left of apical potentials without a target is as
large as the error, as interneurons follow the weights only slowly (`microcircuit_mnist`). A
demonstration: 55,000 images would take hours an epoch, whatever is done. Ten minutes.
"""

import numpy as np

from experiments.study.page import Page
from models.engine.network import one_hot
from models.engine.recording import Recording
from models.microcircuit.options import PRESETS
from models.microcircuit.weights import goals
from models.theory import Inputs

NAME = "continuous"
LEARNED, TESTED, PART = 1000, 500, 50
# Learned image by image: rates for mini-batches of ten would be ten times as large in effect.
OPTIONS = PRESETS["mnist"] | {
    "eta_up": (0.006, 0.006, 0.0002),
    "eta_IP": (0.002,),
    "dynamics": "continuous",
    "low_rank": True,
    "train_examples": LEARNED,
    "test_examples": TESTED,
    "chunk": PART,
    "quick_examples": 0,
}
THIN = 5  # of so many steps, one is kept for the figure


def traces(setting, network, when, state, shown):
    """Rows by time of an image that is taught and not learned from; ``shown``: cells to keep."""
    run = network.run
    options = run.config.options
    record = Recording({"voltages": ("v_TD", "v_PI", "v_A"), "rates": ("r",)})
    program = run.network.program(2, True, record, **run.config.how)
    x, labels = (a[[0, 0]] for a in (run.data.train_images, run.data.train_labels))
    more = {
        "goals": goals(options, one_hot(labels, run.data.classes)),
        "teaches": np.array([0.0, 1.0]),
    }
    out = program.run(Inputs(x, labels, state, 1, 0, False, None, more))
    apical = out.records["voltages", "hidden_0", "v_A"]
    if not shown:
        shown |= {"apical": int(np.abs(apical).sum(axis=0).argmax()), "own": int(labels[0])}
        shown["other"] = (shown["own"] + 1) % run.data.classes
    rates = out.records["rates", "output", "r"]
    columns = {"own": rates[:, shown["own"]], "other": rates[:, shown["other"]]}
    for name in ("v_TD", "v_PI", "v_A"):
        columns[name] = out.records["voltages", "hidden_0", name][:, shown["apical"]]
    for k in range(0, len(rates), THIN):
        row = {"when": when, "t": k * options.dt}
        yield row | {name: values[k] for name, values in columns.items()}


def study(setting):
    """Train it, test it before and after, and look at one image."""
    network = setting.trained(NAME, OPTIONS, setting.epochs or 1)
    run, rows, told, shown = network.run, [], [], {}
    seed = setting.one_seed("one network is looked at")
    states = {"before": run.network.start(run.config.seed), "after": network.state}
    for when, state in states.items():
        error, _ = run.test(state, setting.size(TESTED, 6), seed)
        rows += traces(setting, network, when, state, shown)
        about = {"condition": f"continuous_{when}", "measure": "test_error", "n": 1}
        told.append(about | {"value": error, "epochs": network.epochs if when == "after" else 0})
        print(f"{when}: {error:.1f} % of errors", flush=True)
    learned = run.folder.metrics()
    names = [n for n in learned[0] if n.split("_")[0] in ("apical", "top", "mismatch")]
    course = [
        {"images": row["images_seen"], "training_error": row["training_error"]}
        | {name: row[name] for name in names}
        for row in learned
        if row["training_error"] is not None
    ]
    setting.results.write("traces", rows)
    setting.results.write("course", course)
    setting.results.headline(told, setting.arguments)


def small(options):
    """What ``--smoke`` changes."""
    return {"layers": (6, 5, 10), "dt": 0.5, "lasts": 5.0, "train_examples": 4}


page = Page(__name__, __doc__, study, title="MNIST in continuous time", conditions={}, smoke=small)
