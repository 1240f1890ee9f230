"""Do random feedback weights teach as well as the transposed forward weights (P Fig 2)?

    python -m experiments full_mnist [--only fa_784_1000 ...]

784-1000-10, sigmoid cells, squared error, 25 epochs, one image at a time; three networks each. "P"
is Lillicrap et al. (2014): 2.4 % of test errors by backpropagation, 2.1 % by random feedback, 2.4 %
by random feedback with half of all weights left out, 7.2 % if only the output learns (a figure's
label). Rates were chosen on training images held out (see ``rates``).

Expected: both below the published errors and near each other, the shallow network far behind; the
angle between W_1^T and B falls from 90 to some 45 degrees. Five minutes of one core a network.
"""

import numpy as np

from experiments import measures
from experiments.study.conditions import Condition
from experiments.study.replicates import replicate
from models.backprop.options import PRESETS

BP, FA = PRESETS["mnist"], PRESETS["mnist-random"]
SPARSE = FA | {"sparsity": 0.5, "eta": (2.0, 0.05)}
SHALLOW = FA | {"feedback": "none", "eta": (0.1,)}
CONDITIONS = {
    "bp_784_1000": Condition("backpropagation", BP, 25, 2.4),
    "fa_784_1000": Condition("random feedback", FA, 25, 2.1),
    "sparse_784_1000": Condition("random feedback, half of all weights", SPARSE, 25, 2.4),
    "shallow_784_1000": Condition("only the output learns", SHALLOW, 25, 7.2),
}
PAIRS = (
    ("bp_784_1000", "fa_784_1000"),
    ("fa_784_1000", "sparse_784_1000"),
    ("bp_784_1000", "shallow_784_1000"),
)


def small(options):
    """What ``--smoke`` changes."""
    return {"layers": (8, 10)}


def alignment(setting, about, network):
    """The angle between W_1^T and B, degrees; nan where there is no B."""
    W, B = network.state["W_1"], network.state.get("B_0", np.zeros(1))
    one, other = W.T.ravel(), np.broadcast_to(B.ravel(), W.size)
    return {"angle": float(measures.angle(one, other))}


page = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="784-1000-10 on MNIST: how errors come back",
    measure=alignment,
    smoke=small,
)
