"""Interneurons: a circuit of PV, SST and VIP cells times the plateaus that teach.

The segregated dendrites of Guerguiev, Lillicrap & Richards (2017) with what their discussion asks
for. SST cells shunt the apical dendrites; a volley of VIP cells, at the end of each phase, silences
them, and each pyramidal cell fires its own plateau; acetylcholine, which comes with the second
volley only, says that the plateau is to be learned from; PV cells hold the rates.

Variants of its cells: ``switch`` (SST and VIP cells adapt, and either silences the other),
``plastic_pv`` (synapses of PV cells learn to hold rates), ``apical_light`` (light reaches apical
dendrites); or a file of your own.
"""

from models.interneurons.network import network
from models.interneurons.options import PRESETS, Options
from models.segregated import THEORY as SEGREGATED
from models.theory import Theory

# A cell learns from its own two plateaus; when they come, the circuit says.
NEEDS = {
    "derivative": "the slope of the soma's response scales what it learns",
    "separate passes": "a plateau before the teacher, and one with it",
    "phases": "acetylcholine comes with the second plateau alone",
}
# Channels of apical dendrites open shortly before a plateau is due, where phases last 100 ms.
LIT = {"variant": "apical_light", "light": "E", "light_g": 0.25}
THEORY = Theory(
    __doc__,
    Options,
    PRESETS,
    network,
    NEEDS,
    varies="segregated",
    equivalent=SEGREGATED.equivalent,
    feedback=("Y",),
    inhibition=("W_PV_E", "W_SST_E"),
    lights={
        "early": LIT | {"light_on_ms": 70.0, "light_off_ms": 90.0},
        "late": LIT | {"light_on_ms": 170.0, "light_off_ms": 190.0},
        "throughout": LIT,
    },
)
