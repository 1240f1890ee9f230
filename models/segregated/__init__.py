"""Segregated dendrites: two plateau potentials tell each cell how to learn.

Guerguiev, Lillicrap & Richards (2017), eLife 6:e22901, doi:10.7554/eLife.22901. Pyramidal cells
with a basal, an apical and a somatic compartment; the difference between a plateau before and one
after a teaching signal is the error of a hidden cell. Expect 2.1 to 2.2 % of errors on MNIST with
the preset ``best``.
"""

from models.segregated.options import Options, network
from models.segregated.presets import PRESETS
from models.theory import Equivalent, Theory

NEEDS = {
    "derivative": "the slope of the soma's response scales what it learns",
    "separate passes": "a plateau without a teacher, then one with it",
    "phases": "the end of each phase sets off the plateaus of all cells",
}
EQUIVALENT = Equivalent("phi_bar", 200.0, potentials=True)  # Hz
LIT_EARLY, LIT_LATE = {"light_early": 1.0}, {"light_late": 1.0}  # mV
THEORY = Theory(
    __doc__,
    Options,
    PRESETS,
    network,
    NEEDS,
    takes_trains=True,
    equivalent=EQUIVALENT,
    feedback=("Y",),
    lights={"early": LIT_EARLY, "late": LIT_LATE, "throughout": LIT_EARLY | LIT_LATE},
)
