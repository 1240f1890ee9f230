"""Synapses learn with an eligibility trace, not with a stored average of the forward phase.

Each presynaptic train is low-pass filtered, ds_e/dt = (s - s_e)/tau_e, and what is left at the end
of the target phase takes the place of s_bar; the difference of the plateaus is the third factor.
All synapses of a cell see the same train, so the trace is kept once, in the presynaptic cell.
Source: P's third reviewer; synaptic tags (Redondo & Morris 2011).

Expect: learning as in the paper for inputs that do not change; from hidden to output cells the
trace mixes the forward and the target phase.
"""

from brian2 import ms

from models.segregated.inputs import INPUT as PIXELS
from models.segregated.variants.paper import HIDDEN as PAPER

TRACE = {
    "parts": {"eligibility": "ds_e/dt = (s - s_e)/tau_e : Hz  # low-pass filtered train"},
    "moments": {"target_plateau": "s_bar = s_e"},
}

HIDDEN = PAPER.then(**TRACE).vary(constants={"tau_e": 100 * ms})
INPUT = PIXELS.then(**TRACE).vary(constants={"tau_e": 100 * ms})
