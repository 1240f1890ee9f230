"""The output cell: soma, one dendrite, and teaching conductances (P Eqs 4, 18-20)."""

from models.engine.cell import Cell
from models.segregated.parameters import Biophysics
from models.segregated.spiking import TRAIN

PARTS = {
    "soma": """
        dV/dt = -g_l*V + g_d*(V_b - V) + I                    : volt  # somatic potential
        phi = phi_max/(1 + exp(-V/mV))                        : Hz (constant over dt)
    """,
    "teaching": """
        I = g_E*(E_E - V) + g_I*(E_I - V)                     : volt/second  # teaching current
        g_E                                                   : Hz    # on for the class taught
        g_I                                                   : Hz    # on for all other classes
    """,
    "dendrite": """
        V_b = psp_b + b                                       : volt  # dendritic potential
        dpsp_b/dt = -psp_b/tau_L + x_b/(tau_s*tau_L)          : volt
        dx_b/dt = -x_b/tau_s                                  : volt*second
        b                                                     : volt  # bias, learned
    """,
    "train": TRAIN,
    "averages": """
        V_bar                                                 : volt  # mean V, forward phase
        s_bar                                                 : Hz    # mean of s, forward phase
        phi_star                                              : Hz    # mean rate, target phase
    """,
}

MOMENTS = {
    "onset": """
        g_E = 0*Hz
        g_I = 0*Hz
    """,
    "teach": """
        g_E = g_teach*int(i//per_class == labels(example*dt))
        g_I = g_teach*int(i//per_class != labels(example*dt))
    """,
    "forward_window": """
        V_bar += (V - V_bar)/n
        s_bar += (s - s_bar)/n
    """,
    "target_window": "phi_star += (phi - phi_star)/n",
}

OUTPUT = Cell.of(PARTS, MOMENTS, params=Biophysics())

# P prints the teaching current outside the factor 1/g_l (Eqs 4 and 19), which makes it ten times
# weaker than what the text describes and the authors' code does.
LITERAL_TEACHING = {
    "teaching": """
        I = g_l*(g_E*(E_E - V) + g_I*(E_I - V))*ms            : volt/second  # as printed
        g_E                                                   : Hz
        g_I                                                   : Hz
    """,
}
