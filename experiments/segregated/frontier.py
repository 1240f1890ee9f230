"""How near do spiking segregated dendrites come to backpropagation, and what holds them up?

    python -m experiments frontier --data-dir DIR [--only frontier_regular ...] [--jobs 2]

The paper's rule with what helped on training images held out (page `frontier_choice`), beside
backpropagation through the same cells, spikes, phases and images; 500 hidden cells, three networks
each, all of MNIST. ``frontier_poisson`` has the paper's cells, ten of the output for each class;
``frontier_regular`` has regular spikes, which are not the paper's; ``frontier_shifted`` also learns
from images that are shifted by a pixel at most, as does its backpropagation;
``frontier_two_hidden`` is 500-500, with longer phases, as activity climbs one layer more; feedback
weights to its lower layer change as if that layer projected to the output. For comparison,
``saturated_regular`` has feedback three times as strong.

What was found to hold the rule up, and is changed: a forward plateau while activity still climbs to
the apical dendrite, so that each image teaches its own answer (phases are longer); plateaus of few
spikes (they are longer, too, and Poisson spikes come from ten cells a class); feedback so strong
that plateaus saturate, and what a cell learns is weighed by the answer (it is a third of what it
was, and hidden rates are higher); and feedback weights that are not the forward ones: here both
begin small, and feedback weights change as the forward ones of the same cells do. Of each network
it is measured what is left (`limits`): errors of training images, and by rates in place of spikes;
the angle of hidden errors to backpropagation's, with noise and without; and the share of signal in
them.

Expect 1.6 per cent with regular spikes, whether one hidden layer or two, and 1.7 with Poisson ones,
as backpropagation has, and 1.1 with shifted images. Five to thirty minutes of one core a network.
"""

from experiments.segregated import frontier_choice as choice
from experiments.segregated import settings
from experiments.segregated.limits import limits
from experiments.study.conditions import Condition
from experiments.study.replicates import replicate

POISSON, REGULAR = settings.FRONTIER | settings.ALL, settings.FRONTIER_REGULAR | settings.ALL
SHIFT = choice.SHIFT | {"decay": 0.9}
TWO = choice.REGULAR | choice.LONG_PHASES | choice.THIRD_TWO  # activity climbs one layer more
# Plateaus that feedback saturates: three times as strong, with hidden rates that are a third.
SATURATED = {"feedback": (0.3,), "feedback_mirror": 3.0, "eta": (0.5, 0.1)}
# Without what teaches by plateaus. The hidden rate is the better of two (page `frontier_choice`,
# with one hidden layer and images as they are); with ten cells a class one was tried.
BACKPROP = settings.BACKPROP | {"feedback_mirror": 0.0, "init": (0.5,), "eta": (5.0, 0.1)}
TEN_BACKPROP = BACKPROP | {"eta": (1.0, 0.1)}
TWO_BACKPROP = BACKPROP | {"feedback": (1.0, 1.0), "eta": (5.0, 5.0, 0.1)}
CONDITIONS = {
    "frontier_poisson": Condition("Poisson spikes", POISSON, 20),
    "backprop_poisson": Condition("Poisson spikes, backprop", POISSON | TEN_BACKPROP, 20),
    "frontier_regular": Condition("regular spikes", REGULAR, 20),
    "saturated_regular": Condition("regular spikes, feedback x 3", REGULAR | SATURATED, 20),
    "backprop_regular": Condition("regular spikes, backprop", REGULAR | BACKPROP, 20),
    "frontier_shifted": Condition("shifted images", REGULAR | SHIFT, 30),
    "backprop_shifted": Condition("shifted images, backprop", REGULAR | SHIFT | BACKPROP, 30),
    "frontier_two_hidden": Condition("regular spikes, 500-500", POISSON | TWO, 20),
    "backprop_two_hidden": Condition("500-500, backprop", POISSON | TWO | TWO_BACKPROP, 20),
}
PAIRS = (
    ("frontier_poisson", "backprop_poisson"),
    ("frontier_regular", "backprop_regular"),
    ("frontier_regular", "saturated_regular"),
    ("frontier_shifted", "backprop_shifted"),
    ("frontier_two_hidden", "backprop_two_hidden"),
    ("frontier_regular", "frontier_two_hidden"),
)

page = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="The frontier: segregated dendrites and backpropagation, same cells, spikes and images",
    measure=limits,
    smoke=settings.small,
)
