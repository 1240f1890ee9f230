"""Apical coupling that opens with the apical potential: dendritic calcium spikes.

g_a(V_a) = g_a + g_a1 sigma((V_a - theta_a)/w_a). Source: Larkum (2013), and the remark of P's
reviewers that a dendrite's coupling to its soma depends on its potential.

Expect: a cell without feedback is the paper's with g_a = 0.01; strong feedback reaches the soma
through g_a + g_a1. The learning rule's gain k_b counts the constant g_a only.
"""

from brian2 import ms, mV

from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.vary(
    parts={
        "coupling": """
            I_a = g_V*(V_a - V)                                   : volt/second  # apical current
            g_V = g_a + g_a1/(1 + exp(-(V_a - theta_a)/w_a))      : Hz  # opens with V_a
        """
    },
    params={"g_a": 0.01 / ms},
    constants={"g_a1": 0.3 / ms, "theta_a": 10 * mV, "w_a": 2 * mV},
)
