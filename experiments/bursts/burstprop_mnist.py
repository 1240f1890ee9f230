"""How well do bursts teach ensembles MNIST, with feedback that learns and that does not?

    python -m experiments burstprop_mnist [--only burstprop_mnist ...]

784-500-500-500-10, a cell an ensemble (Payeur et al. 2021, their model of deep networks): 60,000
images, mini-batches of 32, 30 epochs. ``burstprop_mnist`` learns its feedback weights as the
forward ones (both decay by a millionth each mini-batch), ``burstprop_fixed_mnist`` keeps them as
they were drawn, ``backprop`` is the gradient of the same network. The published 1.1 % of test
errors is read from a figure, after 500 epochs, for all three. We found what makes 30 enough:
hidden layers learn faster the further down they are, since what comes down is a quarter of what is
above, no momentum, feedback that begins small, and output cells that begin at the mean of their
targets. Rates were chosen on training images held out (page `burstprop_choice`).

Every few epochs, of 1,000 training images: the angle between what each layer's weights learn from
them and backpropagation's, and between feedback and transposed forward weights.

Expected: 1.8 % with learned feedback, 2.2 with fixed, 1.8 by backpropagation, which bears only half
the rates: at all of them one network of three lost classes for good. Learned feedback comes to 42
to 47 degrees to the transposed forward weights (28 from the output), and updates to 22 to 27 to
backpropagation's; fixed to 83 and 86 (44), and to 41 to 64. Three minutes of one core a network.
"""

import numpy as np

from experiments.study.conditions import Condition
from experiments.study.observe import some
from experiments.study.replicates import replicate
from models.bursts.network import measures
from models.bursts.options import PRESETS
from models.engine.network import one_hot

LEARNED, FIXED, EXACT = (PRESETS[f"mnist{kind}"] for kind in ("", "-fixed", "-backprop"))
CONDITIONS = {
    "burstprop_mnist": Condition("burstprop", LEARNED, LEARNED["epochs"], 1.1),
    "burstprop_fixed_mnist": Condition("fixed feedback", FIXED, FIXED["epochs"], 1.1),
    "backprop": Condition("backpropagation", EXACT, EXACT["epochs"], 1.1),
}
PAIRS = (("burstprop_mnist", "burstprop_fixed_mnist"), ("burstprop_mnist", "backprop"))
IMAGES, EVERY = 1000, 5  # images that are looked at, after so many epochs
MEASURES = {"update": "update_angle", "feedback": "feedback_angle"}  # their names in the summary


def follow(setting, about, network):
    """Keep what layers do, as rows of the table ``layers``; returns what is there at the end."""
    key = {name: about[name] for name in ("condition", "seed")}
    run, options, rows = network.run, network.run.config.options, []
    x, labels = some(run, setting.size(IMAGES, 6))
    target = one_hot(labels, run.data.classes)
    for epoch in range(network.epochs + 1):
        if epoch > 2 and epoch % EVERY and epoch != network.epochs:
            continue
        found = measures(options, network.run.folder.after(epoch), x, target)
        for m in range(len(options.layers) - 1):
            values = {name: found.get(f"{name}_{m}", [np.nan])[0] for name in MEASURES}
            rows.append(key | {"epoch": epoch, "layer": m} | values)
    setting.results.update("layers", rows, tuple(key))
    last = [row for row in rows if row["epoch"] == network.epochs]
    return {f"{text}_{row['layer']}": row[name] for name, text in MEASURES.items() for row in last}


def small(options):
    """What ``--smoke`` changes."""
    return {"layers": (*(6,) * (len(options["layers"]) - 1), 10), "batch": 2}


page = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="784-500-500-500-10 on MNIST: bursts that teach",
    measure=follow,
    smoke=small,
)
