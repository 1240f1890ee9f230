"""The hidden pyramidal cell: soma, basal and apical dendrite, and two plateau potentials.

P Eqs 1-3 and 5; the soma in the current-balance form that P's reviewers asked for. A dendrite is
the weighted sum of filtered spike trains: since the filter is linear, a spike adds its weight to
x_b (or x_a) once, and psp_b (psp_a) is the filtered sum.
"""

from models.engine.cell import Cell
from models.segregated.parameters import Biophysics
from models.segregated.spiking import TRAIN

PARTS = {
    "soma": """
        dV/dt = -g_l*V + g_b*(V_b - V) + I_a                  : volt  # somatic potential
        phi = phi_max/(1 + exp(-V/mV))                        : Hz (constant over dt)
    """,
    "coupling": """
        I_a = g_a*(V_a - V)                                   : volt/second  # apical current
    """,
    "basal": """
        V_b = psp_b + b                                       : volt  # basal potential
        dpsp_b/dt = -psp_b/tau_L + x_b/(tau_s*tau_L)          : volt
        dx_b/dt = -x_b/tau_s                                  : volt*second
        b                                                     : volt  # bias, learned
    """,
    "apical": """
        V_a = psp_a + c                                       : volt  # apical potential
        dpsp_a/dt = -psp_a/tau_L + x_a/(tau_s*tau_L)          : volt
        dx_a/dt = -x_a/tau_s                                  : volt*second
        c                                                     : volt  # feedback bias, an option
    """,
    "train": TRAIN,
    "averages": """
        V_bar                                                 : volt  # mean V, forward phase
        phi_bar                                               : Hz    # mean rate, forward phase
        s_bar                                                 : Hz    # mean of s, forward phase
        V_a_bar                                               : volt  # mean V_a, the phase so far
    """,
    "plateau": """
        alpha_f                                               : 1     # plateau of the forward phase
        alpha_t                                               : 1     # plateau of the target phase
    """,
}

MOMENTS = {
    "forward_window": """
        V_bar += (V - V_bar)/n
        phi_bar += (phi - phi_bar)/n
        s_bar += (s - s_bar)/n
    """,
    "forward_apical": "V_a_bar += (V_a - V_a_bar)/n_a",
    "forward_plateau": "alpha_f = 1/(1 + exp(-V_a_bar/mV))",
    "target_apical": "V_a_bar += (V_a - V_a_bar)/n_a",
    "target_plateau": "alpha_t = 1/(1 + exp(-V_a_bar/mV))",
}

# What moves the soma, and makes it fire.
SOMATIC = ("soma", "coupling", "basal", "train")

HIDDEN = Cell.of(PARTS, MOMENTS, params=Biophysics())

# Light on the apical dendrite, in each of the two phases: a virtual experiment.
LIT = {
    "parts": {
        "apical": """
            V_a = psp_a + c + light                               : volt  # apical potential
            dpsp_a/dt = -psp_a/tau_L + x_a/(tau_s*tau_L)          : volt
            dx_a/dt = -x_a/tau_s                                  : volt*second
            c                                                     : volt  # feedback bias, an option
            light                                                 : volt  # what light adds
        """,
    },
    "moments": {"onset": "light = light_early", "teach": "light = light_late"},
}

# Feedback without spikes (P Fig 7A): the apical dendrite sees the rates above, unfiltered.
RATE_FEEDBACK = {
    "apical": """
        V_a = psp_a + c                                       : volt  # apical potential
        psp_a                                                 : volt  # weighted sum of rates
        c                                                     : volt  # feedback bias, an option
    """,
}

# Asynchronous plateaus (P Fig 6-S1): each cell fires its plateau a little before the phase ends,
# from the mean of its own last milliseconds. `ahead` is the time left until the phase ends.
ASYNCHRONOUS = {
    "parts": {
        "jitter": """
            d_f                                               : second  # forward plateau to end
            d_t                                               : second  # target plateau to end
            in_f = int(ahead > d_f - dt/2)*int(ahead < d_f + plateau_window - dt/2) : 1
            in_t = int(ahead > d_t - dt/2)*int(ahead < d_t + plateau_window - dt/2) : 1
        """,
    },
    "moments": {
        "onset": """
            d_f = clip(abs(plateau_sd*randn()), 0*ms, plateau_max)
            d_t = clip(abs(plateau_sd*randn()), 0*ms, plateau_max)
        """,
        "forward_apical": "V_a_bar = V_a_bar*int(n_a > 1) + in_f*V_a*dt/plateau_window",
        "target_apical": "V_a_bar = V_a_bar*int(n_a > 1) + in_t*V_a*dt/plateau_window",
    },
}
