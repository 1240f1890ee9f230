"""A leaky integrate-and-fire soma: threshold, reset and refractoriness in place of Poisson spikes.

The soma fires at theta, is reset to E_r and held there for tau_ref by a strong conductance. No cell
of the hidden layer draws a random number. Source: P Discussion; standard model.

Expect: silence below theta, at most 1/tau_ref spikes, and a rate that rises steeply: the
rule's slope sigma'(V_bar) is no longer that of the cell, yet it learns: 7.4 ± 0.8 % of errors after
10 epochs of the digits (the paper's cell 6.5 ± 0.3 %), 5.3 ± 0.2 % after five of MNIST (the
paper's cell 3.9 ± 0.2 %).
"""

from brian2 import ms, mV

from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.vary(
    parts={
        "soma": """
            dV/dt = -g_l*V + g_b*(V_b - V) + I_a + g_I*(E_r - V)  : volt  # somatic potential
            g_I = g_r*int(t < free)                               : Hz    # on while refractory
            free                                                  : second  # end of it
            phi = s                                               : Hz    # rate: its own train
        """
    },
    threshold="V > theta and t >= free",
    reset="""
        V = E_r
        free = t + tau_ref - dt/2
    """,
    constants={"theta": 0.5 * mV, "E_r": -2 * mV, "g_r": 5 / ms, "tau_ref": 4 * ms},
)
