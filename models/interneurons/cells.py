"""PV, SST and VIP cells: one equation, three sets of numbers (``parameters.CLASSES``).

Each is a Poisson cell of the paper's form: a dendrite that pyramidal cells reach through dynamic
synapses, and a soma that conductances pull. Its conductance from a class of interneurons decays
exponentially and is, on average, G at that class's standard rate. What drives VIP cells is the
volley at the end of each phase: movement, then acetylcholine.
"""

from models.engine.cell import Cell
from models.interneurons.parameters import CLASSES

PARTS = {
    "soma": """
        dV/dt = -g_l*V + g_d*(V_d - V) + g_E*(E_E - V) + g_I*(E_I - V) : volt  # somatic potential
        phi = phi_max/(1 + exp(-V/mV))                        : Hz (constant over dt)
    """,
    "excitation": "g_E = g_ChR                                : Hz    # conductance onto the soma",
    "inhibition": """
        g_I = g_PV + g_SST + g_VIP + g_HaloR                  : Hz    # conductance onto the soma
        dg_PV/dt = -g_PV/tau_PV                               : Hz
        dg_SST/dt = -g_SST/tau_SST                            : Hz
        dg_VIP/dt = -g_VIP/tau_VIP                            : Hz
    """,
    "dendrite": """
        V_d = b + W_E*s_E + W_X*s_X                           : volt  # dendritic potential
        ds_E/dt = -s_E/tau_L + x_E/(tau_s*tau_L)              : Hz    # trains of pyramidal cells
        dx_E/dt = -x_E/tau_s                                  : 1     # the mean over its inputs
        ds_X/dt = -s_X/tau_L + x_X/(tau_s*tau_L)              : Hz    # trains of the input
        dx_X/dt = -x_X/tau_s                                  : 1
    """,
}
VOLLEY = """
    g_E = A*(M + ACh) + g_ChR                                 : Hz    # conductance onto the soma
    A                                                         : Hz (shared)  # of a volley
"""
CELLS = {name: Cell.of(PARTS, params=params) for name, params in CLASSES.items()}
CELLS["VIP"] = CELLS["VIP"].vary(
    parts={"excitation": VOLLEY}, moments={"onset": "A = A_VIP(example*dt)/ms"}
)
