"""Basal synapses are conductances with reversal potentials, excitatory and inhibitory.

A positive weight opens an excitatory and a negative one an inhibitory conductance (relative to the
dendrite's leak, and such that a small input has the paper's effect); the dendrite follows at once:
V_b = (b + g_e E_e + g_i E_i)/(1 + g_e + g_i). Source: general membrane biophysics.

Expect: V_b stays between E_i and E_e, sums sublinearly, and inhibition shunts; learning as in the
paper for weak input. The rule takes the dendrite for linear, as P does. A weight that learns to
change its sign changes its conductance as well.
"""

from brian2 import mV

from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.vary(
    parts={
        "basal": """
            V_b = (b + g_e*E_e + g_i*E_i)/(1 + g_e + g_i)         : volt  # basal potential
            g_e = psp_e/E_e                                       : 1     # relative to the leak
            g_i = psp_i/E_i                                       : 1
            dpsp_e/dt = -psp_e/tau_L + x_e/(tau_s*tau_L)          : volt
            dx_e/dt = -x_e/tau_s                                  : volt*second
            dpsp_i/dt = -psp_i/tau_L + x_i/(tau_s*tau_L)          : volt
            dx_i/dt = -x_i/tau_s                                  : volt*second
            b                                                     : volt  # bias, learned
        """
    },
    constants={"E_e": 60 * mV, "E_i": -20 * mV},
    synapses={
        "basal": """
            x_e_post += w*int(w > 0*volt*second)
            x_i_post += w*int(w < 0*volt*second)
        """
    },
)
