"""How near do spiking segregated dendrites come to backpropagation, and what holds them up?

    python -m experiments frontier --data-dir DIR [--only frontier_poisson ...]

TEXT
"""

from experiments.segregated import settings
from experiments.segregated.limits import limits
from experiments.study.conditions import Condition
from experiments.study.replicates import replicate

CONDITIONS = {
    "frontier_poisson": Condition("Poisson", settings.BEST, 2),
    "backprop_poisson": Condition("Poisson, backprop", settings.BEST | settings.BACKPROP, 2),
    "frontier_two_hidden": Condition("two", settings.BEST_DEEP, 2),
}
PAIRS = (("frontier_poisson", "backprop_poisson"),)

page = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="The frontier",
    measure=limits,
    smoke=settings.small,
)
