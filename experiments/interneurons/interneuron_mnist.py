"""Do plateaus that a circuit times teach as well as imposed ones, and what is each class for?

    python -m experiments interneuron_mnist [--only circuit_mnist ...]

784-500-10 on MNIST, ten epochs of 60,000 images, three networks each, with 86 PV, 64 SST and 32 VIP
cells; phases of 100 + 100 ms. ``imposed_mnist`` has the same phases, no interneurons, and its
plateaus begin 20 ms before the end of each, as the paper imposes them. Between the two:
``imposed_pv_mnist`` with PV cells; ``imposed_shunt_mnist`` with all classes, so that apical
dendrites are shunted between volleys, and plateaus imposed. Lesions, from the beginning of
learning: no PV, no SST, no VIP cells. ``no_vip_gated_mnist``: without VIP cells, and output cells
that learn only as far as cells below have plateaus with acetylcholine.

Of 1,000 training images, at the end: the angle between the hidden layer's error and what
backpropagation would hand down, the share of cells with a plateau that teaches, and the mean size
of the difference of plateaus.

Expected: 3.4 % with the circuit and 3.2 with imposed plateaus. Of that .2 points PV cells take
nothing (3.0 with them), the shunted dendrite .2 (3.2; the difference of plateaus is .056 and not
.067) and plateaus that come when the circuit lets them .2 (.044); none of these steps is beyond
chance with three networks each. Without PV cells 3.2. Without VIP cells no plateau comes and hidden
weights stay (17 %); gated, nothing at all is learned (92 %). Without SST cells plateaus come as
soon as T_ref lets them; with a T_ref of 50 ms and images of 200 that rhythm locks to the images so
that none begins with acetylcholine (17 %; page `interneuron_digits` has other periods). Four
minutes of one core a network.
"""

import numpy as np

from experiments.measures import angle
from experiments.study import observe
from experiments.study.conditions import Condition
from experiments.study.replicates import replicate
from models.interneurons.options import PRESETS

CIRCUIT = PRESETS["mnist"]
EPOCHS = CIRCUIT["epochs"]
IMPOSED = CIRCUIT | {"plateaus": "imposed"}
GATED = {"gate_all": True}


def without(options, *classes):
    """The same network without some classes of interneurons."""
    return options | {"without": classes}


CONDITIONS = {
    "circuit_mnist": Condition("circuit", CIRCUIT, EPOCHS),
    "imposed_mnist": Condition("imposed", without(IMPOSED, "PV", "SST", "VIP"), EPOCHS),
    "no_vip_mnist": Condition("no VIP", without(CIRCUIT, "VIP"), EPOCHS),
    "no_sst_mnist": Condition("no SST", without(CIRCUIT, "SST"), EPOCHS),
    "no_pv_mnist": Condition("no PV", without(CIRCUIT, "PV"), EPOCHS),
    "imposed_pv_mnist": Condition("imposed, with PV", without(IMPOSED, "SST", "VIP"), EPOCHS),
    "imposed_shunt_mnist": Condition("imposed, all classes", IMPOSED, EPOCHS),
    "no_vip_gated_mnist": Condition(
        "no VIP, output gated", without(CIRCUIT, "VIP") | GATED, EPOCHS
    ),
}
PAIRS = (
    ("circuit_mnist", "imposed_mnist"),
    ("circuit_mnist", "no_vip_mnist"),
    ("circuit_mnist", "no_sst_mnist"),
    ("circuit_mnist", "no_pv_mnist"),
    ("imposed_mnist", "imposed_pv_mnist"),
    ("imposed_pv_mnist", "imposed_shunt_mnist"),
    ("imposed_shunt_mnist", "circuit_mnist"),
)
IMAGES = 1000  # that are looked at


def follow(setting, about, network):
    """What hidden cells learn from, at the end."""
    run = network.run
    images, labels = observe.some(run, setting.size(IMAGES, 6))
    seen = observe.answers(run, network.state, images, labels, ("errors", "alphas"))
    cells = {name: seen["hidden_0", name] for name in ("error", "e_bp", "learned", "d_alpha")}
    learned = cells["learned"] > 0
    size = np.abs(cells["d_alpha"][learned])
    angles = angle(cells["error"], cells["e_bp"])
    return {
        "angle_spiking": np.nanmean(angles) if np.isfinite(angles).any() else np.nan,
        "cells_learning": learned.mean(),
        "d_alpha": size.mean() if size.size else np.nan,
    }


def late(network, epochs=5):
    """Mean test error of the last epochs of a trained network, per cent."""
    rows = network.run.folder.metrics()
    errors = [row["test_error"] for row in rows if row["test_error"] is not None]
    return float(np.mean(errors[-epochs:]))


def small(options):
    """What ``--smoke`` changes."""
    return {"layers": (6, 10)}


page = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="Plateaus timed by a circuit, and lesions of it: 784-500-10 on MNIST",
    measure=follow,
    smoke=small,
)
