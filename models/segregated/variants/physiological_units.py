"""The paper's cells in mV from a resting potential of -70 mV, nS and pF.

The paper counts potentials from rest and conductances in units of the capacitance. With C_m = 100
pF its 0.1/ms is 10 nS, and V, V_b, V_a are E_L plus its potentials; averages, plateaus, weights and
biases are depolarisations as before. Source: reviewers on P Table 1.

Expect: the same spikes and the same weights as the paper's cells, to rounding error.
"""

from brian2 import mV, nS, pF

from models.segregated.output import OUTPUT as READOUT
from models.segregated.variants.paper import HIDDEN as PAPER

CONSTANTS = {"C_m": 100 * pF, "G_l": 10 * nS, "G_b": 60 * nS, "E_L": -70 * mV}
RATE = "phi = phi_max/(1 + exp(-(V - E_L)/mV))                    : Hz (constant over dt)"
DENDRITE = """
    V_b = E_L + psp_b + b                                     : volt  # dendritic potential
    dpsp_b/dt = -psp_b/tau_L + x_b/(tau_s*tau_L)              : volt
    dx_b/dt = -x_b/tau_s                                      : volt*second
    b                                                         : volt  # bias, learned
"""
AVERAGES = """
    V_bar += (V - E_L - V_bar)/n
    s_bar += (s - s_bar)/n
"""

HIDDEN = PAPER.vary(
    parts={
        "soma": "dV/dt = (G_l*(E_L - V) + G_b*(V_b - V))/C_m + I_a : volt  # somatic potential",
        "rate": RATE,
        "basal": DENDRITE,
        "apical": """
            V_a = E_L + psp_a + c                                 : volt  # apical potential
            dpsp_a/dt = -psp_a/tau_L + x_a/(tau_s*tau_L)          : volt
            dx_a/dt = -x_a/tau_s                                  : volt*second
            c                                                     : volt  # feedback bias
        """,
    },
    moments={
        "forward_window": AVERAGES + "    phi_bar += (phi - phi_bar)/n",
        "forward_apical": "V_a_bar += (V_a - E_L - V_a_bar)/n_a",
        "target_apical": "V_a_bar += (V_a - E_L - V_a_bar)/n_a",
    },
    constants=CONSTANTS,
    rest={"V": "E_L"},
)
OUTPUT = READOUT.vary(
    parts={
        "soma": "dV/dt = (G_l*(E_L - V) + G_b*(V_b - V))/C_m + I   : volt  # somatic potential",
        "rate": RATE,
        "teaching": """
            I = g_E*(E_L + E_E - V) + g_I*(E_L + E_I - V)         : volt/second
            g_E                                                   : Hz
            g_I                                                   : Hz
        """,
        "dendrite": DENDRITE,
    },
    moments={"forward_window": AVERAGES},
    constants=CONSTANTS,
    rest={"V": "E_L"},
)
