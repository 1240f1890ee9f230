"""Does noise on symmetric feedback harm, and how much of it?

    python -m experiments feedback_noise --data-dir DIR [--only noise_0_05 ...] [--seeds S ...]

The paper reports that symmetric feedback with noise (its "variance sigma = 0.05", drawn anew for
each image) does worse than without; on the page ``feedback`` we did not see it. Here the spread of
the noise goes from none to a hundred times the printed one, at the paper's scale and rates, images
from rest; three networks each, five epochs of MNIST; beside them random feedback. Expect no harm at
any size, also where the noise is as large as the weights that it is added to; with this early
plateau symmetric feedback is no better than random. A minute of one core a network.
"""

from experiments.segregated.settings import RESTED, small
from experiments.study.conditions import Condition
from experiments.study.replicates import replicate

SPREADS = (0.0, 0.05, 0.15, 0.5, 1.5, 5.0)  # mV ms
SYMMETRIC = RESTED | {"feedback_kind": "symmetric"}
EPOCHS = 5


def name(spread):
    """What a condition is called."""
    return f"noise_{spread:g}".replace(".", "_")


CONDITIONS = {
    name(spread): Condition(f"{spread:g}", SYMMETRIC | {"feedback_noise": spread}, EPOCHS)
    for spread in SPREADS
} | {"random": Condition("random", RESTED, EPOCHS)}
PAIRS = [(name(0), name(spread)) for spread in SPREADS[1:]]

page = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="Noise on symmetric feedback weights",
    smoke=small,
)
