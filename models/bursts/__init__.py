"""Bursts: two signals in one spike train, and bursts that teach.

Naud & Sprekeler (2018), PNAS 115:E6329: the rate of events (spikes and bursts alike) of an ensemble
carries what reaches somata, the probability that an event is a burst what reaches dendrites.
Payeur et al. (2021), Nature Neuroscience 24:1010: so feedback can tell a layer how to change while
it goes on sending; a synapse grows by bursts beyond their usual number. What learns images here is
their model of rates, an ensemble for each cell of a layer: expect 1.8 % of errors on MNIST after 30
epochs. Spiking cells are in the theory's pages.
"""

from models.bursts.network import network
from models.bursts.options import PRESETS, Options
from models.theory import Equivalent, Theory

# Nobody sends an error: it is the difference of two times of one signal.
NEEDS = {
    "derivative": "what comes from above is scaled by 1 - e, in the dendrite",
    "separate passes": "bursts come down without a teacher, then with one",
    "phases": "burst rates before the teacher are remembered until it comes",
    "symmetric plasticity": "feedback synapses are told the change that forward ones are",
}
LIT_EARLY, LIT_LATE = {"light_early": 0.005}, {"light_late": 0.005}
THEORY = Theory(
    __doc__,
    Options,
    PRESETS,
    network,
    NEEDS,
    equivalent=Equivalent("h"),
    feedback=("Y",),
    memory=("_moves",),
    lights={"early": LIT_EARLY, "late": LIT_LATE, "throughout": LIT_EARLY | LIT_LATE},
)
