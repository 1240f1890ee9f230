"""How do both learn from few images, and at which angle (P Fig 2)?

    python -m experiments small_mnist

784-300-10, sigmoid cells, squared error, rate 0.01 for an image, mini-batches of 20 whose gradients
are summed, narrow initial weights (W ~ U(-.05, .05), B ~ U(-.5, .5)); 8,000 training images, tested
on 2,000 others, 30 epochs. After each epoch: the angle between what random feedback and what
backpropagation would make of the same image's error (with the derivative), and that between W_1^T
and B. With a rate ten times as high the outputs saturate and nothing is ever learned.

Expected (a NumPy network of the same settings on other images): after 5 epochs 12.9, 10.5 and 40 %
of errors by backpropagation, random feedback and with the output alone, after 30 8.3, 8.0 and 18 %;
an angle that falls from 90 to 24 degrees. A minute of one core each.
"""

import numpy as np

from experiments import measures
from experiments.run.record import recording
from experiments.run.seeds import Purpose
from experiments.study.conditions import Condition
from experiments.study.replicates import replicate
from models.theory import Inputs

FEW = {
    "layers": (300, 10),
    "eta": (0.01,),
    "batch": 20,
    "init": (0.05,),
    "train_examples": 8000,
    "validation": 2000,
    "quick_examples": 0,
}
CONDITIONS = {
    "bp_small": Condition("backpropagation", FEW, 30),
    "fa_small": Condition(
        "random feedback", FEW | {"feedback": "random", "feedback_width": 0.5}, 30
    ),
    "shallow_small": Condition("only the output learns", FEW | {"feedback": "none"}, 30),
    "fa_small_fast": Condition(
        "random feedback, rate 0.1",
        FEW | {"feedback": "random", "feedback_width": 0.5, "eta": (0.1,)},
        5,
    ),
}
PAIRS = (("bp_small", "fa_small"), ("bp_small", "shallow_small"))
IMAGES = 500


def angles(network):
    """Angles of random feedback after each epoch: rows of a table; none without a B."""
    run, rows = network.run, []
    if "B_0" not in network.state:
        return rows
    asked = recording(run.network, ("rates", "errors"))
    count = min(IMAGES, len(run.data.test_labels))
    program = run.network.program(count, record=asked, **run.config.how)
    shown = run.data.test_images[:count], run.data.test_labels[:count]
    for epoch in range(network.epochs + 1):
        state = run.folder.after(epoch)
        out = program.run(Inputs(*shown, state, run.seed(Purpose.LOOK, epoch), learns=False))
        delta, h = out.records["errors", "output", "delta"], out.records["rates", "hidden_0", "h"]
        slope, W, B = h * (1 - h), state["W_1"], state["B_0"]
        found = measures.angle((delta @ W.T) * slope, (delta @ B) * slope)
        rows.append(
            {
                "epoch": epoch,
                "angle": float(np.nanmean(found)),
                "angle_sd": float(np.nanstd(found)),
                "angle_of_weights": float(measures.angle(W.T.ravel(), B.ravel())),
            }
        )
    return rows


def follow(setting, about, network):
    """Keep the angles of a network; returns the last, nan where there is no B."""
    rows = angles(network)
    key = {name: about[name] for name in ("condition", "seed")}
    if rows:
        setting.results.update("angles", [key | row for row in rows], tuple(key))
    return {"angle": rows[-1]["angle"] if rows else np.nan}


def small(options):
    """What ``--smoke`` changes."""
    return {"layers": (8, 10)}


page = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="8,000 images, 784-300-10",
    measure=follow,
    smoke=small,
)
