"""What if up and down are synapses of their own, each with the rule of its own rates (eq 12)?

    python -m experiments untied

The update of equilibrium propagation (eq 10) is the integral of rho_i d rho_j + rho_j d rho_i along
the nudged phase (eq 13). A synapse from i to j that knows only its own cells' rates would do the
first half, rho_i d rho_j, and the one from j to i the other: then weights are not symmetric, and
the network has no energy. Here both begin alike, and the asymmetry |W - V^T|/|W| of the weights
between the hidden layer and the output is followed through learning, with the test error, beside
symmetric weights of eq 10; ``twice`` has twice the rates, as each synapse does half of the update,
``slow`` a quarter of them.
That both halves together are eq 10 is shown by the page ``stdp`` (s4).

Expected: an asymmetry of .3 to .45 within a few epochs. The digits are learned as well as with
symmetric weights; on MNIST two networks of three lose classes for good at the same rates, as all do
at twice them, and none at a quarter of them. A minute of one core each.
"""

import numpy as np

from experiments.study.conditions import Condition
from experiments.study.replicates import replicate
from models.equilibrium.options import PRESETS

DIGITS = PRESETS["digits"] | {"dataset": "digits", "batch": 20, "alpha": (0.4, 0.2)}
MNIST = PRESETS["mnist"] | {"train_examples": 20_000}


def untied(options, rates=1.0):
    """The same with weights of their own, at other rates."""
    return options | {"rule": "rates", "alpha": tuple(rates * a for a in options["alpha"])}


CONDITIONS = {
    "tied_digits": Condition("digits, symmetric", DIGITS, 20),
    "untied_digits": Condition("digits, each its own", untied(DIGITS), 20),
    "twice_digits": Condition("digits, its own, twice the rates", untied(DIGITS, 2.0), 20),
    "tied_mnist": Condition("20,000 of MNIST, symmetric", MNIST, 10),
    "untied_mnist": Condition("MNIST, each its own", untied(MNIST), 10),
    "twice_mnist": Condition("MNIST, its own, twice the rates", untied(MNIST, 2.0), 10),
    "slow_mnist": Condition("MNIST, its own, a quarter of the rates", untied(MNIST, 0.25), 10),
}
PAIRS = (("tied_digits", "untied_digits"), ("tied_mnist", "untied_mnist"))


def asymmetry(state):
    """|W - V^T|/|W| of the weights to the output."""
    W, V = state["W_1"], state["V_1"].T
    return np.linalg.norm(W - V) / np.linalg.norm(W)


def follow(setting, about, network):
    """Keep the asymmetry after each epoch; returns the last, nan where weights are symmetric."""
    if "V_1" not in network.state:
        return {"asymmetry": np.nan}
    rows, folder = [], network.run.folder
    for epoch in range(network.epochs + 1):
        state = folder.after(epoch)
        W, V = state["W_1"], state["V_1"].T
        cosine = np.sum(W * V) / (np.linalg.norm(W) * np.linalg.norm(V))
        rows.append({"epoch": epoch, "asymmetry": asymmetry(state), "cosine": cosine})
    key = {name: about[name] for name in ("condition", "seed")}
    setting.results.update("asymmetry", [key | row for row in rows], tuple(key))
    return {"asymmetry": rows[-1]["asymmetry"]}


def small(options):
    """What ``--smoke`` changes."""
    return {"layers": (8, 10)}


page = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="Synapses of their own, up and down",
    measure=follow,
    smoke=small,
)
