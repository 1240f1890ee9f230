"""VIP and SST cells inhibit each other through facilitating synapses, and adapt: a switch.

Hertaeg & Sprekeler (2019) find that mutual inhibition of the two classes, with facilitation
(U .4, 200 ms) and adaptation (b .2, 100 ms), lets a weak input decide which of them is active. Here
their rate model is taken over spike by spike. Conductances stay what they are called at standard
rates, as each spike's share is divided by its mean there. To be used with ``--G-SV 2``, which makes
the inhibition mutual. What to expect, of digits before learning: it does not make weak volleys
suffice, as SST cells fire of themselves and hold the switch. Half of the cells have a plateau at a
drive of 1.2/ms (1.25 with ``--G-SV 2`` alone, .23 as usual); from a tenth of them to nine tenths
the drive grows by a factor of 1.45 (1.6, and 1.7). VIP cells are silent between volleys.
"""

from brian2 import Hz, ms, mV

U, TAU_F = 0.4, 200 * ms
B, TAU_W = 0.2, 100 * ms  # adaptation: its share of a rate, where that is half its highest

PARTS = {
    "soma": """
        dV/dt = -g_l*V + g_d*(V_d - V_w - V) + g_E*(E_E - V) + g_I*(E_I - V) : volt  # somatic
        phi = phi_max/(1 + exp(-V/mV))                        : Hz (constant over dt)
    """,
    "adaptation": "dV_w/dt = -V_w/tau_w                       : volt  # what spikes leave behind",
    "release": """
        du/dt = -u/tau_F                                      : 1     # use, above what it rests at
        sent                                                  : 1     # by the last spike
    """,
}
SPIKE = """
    V_w += b_w/(phi_max*tau_w)
    sent = U + u
    u += U*(1 - U - u)
"""


def mean(rate):
    """What a spike sends on average at a rate."""
    r = float(rate * TAU_F)
    return U * (1 + r) / (1 + U * r)


def _of(cell, source, code, rate):
    # A rate falls with V_d by phi_max/4 times the soma's gain, per mV: so b_w takes away B of it.
    gain = float(cell.params.g_d / (cell.params.g_l + cell.params.g_d)) / 4
    own = {"U": U, "tau_F": TAU_F, "tau_w": TAU_W, "b_w": B / gain * mV, "mean_sent": mean(rate)}
    return cell.vary(parts=PARTS, reset=SPIKE, constants=own, synapses={source: code})


def sst(cell):
    """Adapts; VIP cells reach it through facilitating synapses."""
    code = "g_VIP_post += w*sent_pre/mean_sent*G_VS/(r_V0*tau_VIP)"
    return _of(cell, "VIP", code, 100 * Hz)


def vip(cell):
    """Adapts; SST cells reach it through facilitating synapses."""
    code = "g_SST_post += w*sent_pre/mean_sent*G_SV/(r_S0*tau_SST)"
    return _of(cell, "SST", code, 30 * Hz)
