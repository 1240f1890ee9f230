"""Feedback synapses with NMDA receptors: enough of them at once give the tuft a plateau.

A spike through an excitatory synapse also opens a slow conductance g_N. It passes current as far as
the apical potential has freed it of magnesium, the share m_N. Potentials are counted from rest.
Source: NMDA spikes of dendrites (Schiller et al. 2000), with a magnesium block in the usual form
(Jahr & Stevens 1990); numbers of ours, on the scale of the paper's few mV.

Expect: on the bench, an apical volley of up to 9 mV does what one spike predicts; from there V_a
jumps and stays up for some 40 ms, 3.4 times its predicted mean. Inhibition adds up as before. It
learns as the paper's cell: 6.0 ± 0.7 % of errors after 10 epochs of the digits, the paper's cell
6.5 ± 0.3 %.
"""

from brian2 import ms, mV

from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.vary(
    parts={
        "apical": """
            V_a = psp_a + c + v_N                                 : volt  # apical potential
            dpsp_a/dt = -psp_a/tau_L + x_a/(tau_s*tau_L)          : volt
            dx_a/dt = -x_a/tau_s                                  : volt*second
            c                                                     : volt  # feedback bias, an option
        """,
        "NMDA": """
            dv_N/dt = -v_N/tau_L + g_N*m_N*(E_N - V_a)            : volt  # what NMDA adds
            dm_N/dt = (1/(1 + exp((theta_N - V_a)/w_N)) - m_N)/tau_m : 1  # share unblocked
            dg_N/dt = -g_N/tau_N                                  : Hz    # NMDA conductance
        """,
    },
    synapses={
        "apical": """
            x_a_post += w
            g_N_post += q_N*w*int(w > 0*volt*second)
        """
    },
    rest={"m_N": "1/(1 + exp(theta_N/w_N))"},
    constants={"E_N": 40 * mV, "theta_N": 10 * mV, "w_N": 1.5 * mV}
    | {"tau_m": 1 * ms, "tau_N": 40 * ms, "q_N": 5e-4 / (mV * ms**2)},
)
