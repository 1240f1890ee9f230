"""Dendritic microcircuits: what interneurons fail to cancel at the apical dendrite is the error.

Sacramento, Costa, Bengio & Senn (2018), NeurIPS 31. Interneurons learn to predict, and cancel, what
comes down from the layer above; when that is taught, a part remains, and synapses at the basal
dendrite learn from it, at all times and without phases.
"""

from models.microcircuit.network import network
from models.microcircuit.options import PRESETS, Options
from models.theory import Equivalent, Theory

# Errors are potentials of a dendrite. Feedback weights are random, and nothing is passed twice.
NEEDS = {
    "pairing": "an interneuron follows the one pyramidal cell above that teaches it",
}

EQUIVALENT = Equivalent("h", targets=(0.1, 0.8))
# There are no phases that light could come in: it is there, or not.
THEORY = Theory(
    __doc__,
    Options,
    PRESETS,
    network,
    NEEDS,
    equivalent=EQUIVALENT,
    feedback=("TD",),
    inhibition=("PI",),
    lights={"throughout": {"light": 0.1}},
)
