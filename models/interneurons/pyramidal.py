"""The hidden pyramidal cell in its circuit: a plateau is an event that inhibition times.

The cell is that of Guerguiev, Lillicrap & Richards (2017) (``models.segregated.pyramidal``) with an
apical compartment that SST cells shunt, a soma that PV cells inhibit, and plateaus of its own: one
begins where the shunt falls below a threshold, lasts T_p, and its size is what the apical potential
was on average. Without acetylcholine a plateau is kept (alpha_f); with it, its difference to what
was kept is what the cell learns from.
"""

from models.engine.cell import Cell
from models.interneurons.parameters import CLASSES, STD, STF, Inhibited
from models.segregated import plasticity, pyramidal
from models.segregated.parameters import Biophysics

PARTS = {
    "soma": """
        dV/dt = -g_l*V + g_b*(V_b - V) + I_a + I_PV + I_light : volt  # somatic potential
        phi = phi_max/(1 + exp(-V/mV))                        : Hz (constant over dt)
    """,
    "coupling": pyramidal.PARTS["coupling"],
    "inhibition": """
        I_PV = g_PV*(E_PV - V)                                : volt/second  # from PV cells
        dg_PV/dt = -g_PV/tau_PV                               : Hz
        I_light = g_ChR*(E_E - V) + g_HaloR*(E_I - V)         : volt/second  # of optogenetics
    """,
    "basal": pyramidal.PARTS["basal"],
    "apical": """
        dV_a/dt = g_ap*(V_fb - V_a) + g_SST*(E_SST - V_a)     : volt  # apical potential
        dg_SST/dt = -g_SST/tau_SST                            : Hz    # from SST cells
        dV_fb/dt = -V_fb/tau_L + x_a/(tau_s*tau_L)            : volt  # what feedback alone makes
        dx_a/dt = -x_a/tau_s                                  : volt*second
    """,
    "train": pyramidal.PARTS["train"],
    # What a spike releases onto PV and SST cells: u R of the moment before it.
    "release": """
        du_PV/dt = (U_PV - u_PV)/tau_F_PV                     : 1     # use of resources, to PV
        dR_PV/dt = (1 - R_PV)/tau_D_PV                        : 1     # resources that are left
        sent_PV                                               : 1     # released by the last spike
        du_SST/dt = (U_SST - u_SST)/tau_F_SST                 : 1     # the same, to SST cells
        dR_SST/dt = (1 - R_SST)/tau_D_SST                     : 1
        sent_SST                                              : 1
    """,
    "averages": pyramidal.PARTS["averages"],
    "plateau": """
        n_p                                                   : 1     # steps left; < 0: refractory
        taught                                                : 1     # whether it began with ACh
        alpha                                                 : 1     # size of the last one
        alpha_f                                               : 1     # kept, from one without ACh
        alpha_t                                               : 1     # the last one with ACh
        d_alpha                                               : 1     # what the cell learns from
        learned                                               : 1     # plateaus with ACh
    """,
}
FORWARD_WINDOW = pyramidal.MOMENTS["forward_window"]
# A plateau that still runs when its image ends is lost.
ONSET = """
    n_p = n_p*int(n_p < 0) + (ready - n_refractory)*int(n_p > 0)
    alpha_f = 0.5
    alpha_t = 0.5
    d_alpha = 0
    learned = 0
"""
# Conductances, and what synapses release, go on from image to image.
CLEAR = """
    V = 0*mV
    V_a = 0*mV
    psp_b = 0*mV
    x_b = 0*mV*ms
    V_fb = 0*mV
    x_a = 0*mV*ms
    s = 0*Hz
    x = 0
"""
RELEASED = """
    sent_PV = u_PV*R_PV
    R_PV -= sent_PV
    u_PV += F_PV*(1 - u_PV)
    sent_SST = u_SST*R_SST
    R_SST -= sent_SST
    u_SST += F_SST*(1 - u_SST)
"""

# When a plateau begins: by the circuit, or at the end of each phase, as the paper has it.
BEGINS = {
    "circuit": "g_SST < theta_p*G_S and n_p == ready",
    "imposed": "since > t_f and since < t_f + dt or since > t_t and since < t_t + dt",
}
BEGIN = """
    n_p = n_plateau
    V_a_bar = 0*mV
    taught = ACh
"""
DURING = """
    V_a_bar += V_a/n_plateau*int(n_p > 0)
    n_p += int(n_p < ready) - int(n_p > 0)
"""
END = """
    alpha = 1/(1 + exp(-V_a_bar/mV))
    d_alpha += taught*(alpha - alpha_f)
    alpha_t += taught*(alpha - alpha_t)
    alpha_f += (1 - taught)*(alpha - alpha_f)
    learned += taught
    n_p = ready - n_refractory
"""
ENDS = "n_p == 0"
TAUGHT = "learned > 0"
READY = -1  # of n_p

ERROR = "error = -k_b*phi_max*d_alpha*sigma_bar*(1 - sigma_bar)"
LEARNING = "\n".join((ERROR, *plasticity.HIDDEN_LEARNING.values()))

DYNAMIC = {"PV": STD, "SST": STF}  # synapses onto a class
CELL = Cell.of(
    PARTS,
    {"onset": ONSET, "forward_window": FORWARD_WINDOW, "during": DURING},
    params=Biophysics(),
    constants={
        **Inhibited()._asdict(),
        **{f"{n}_{onto}": v for onto, own in DYNAMIC.items() for n, v in own._asdict().items()},
        "tau_PV": CLASSES["PV"].tau_PV,
        "tau_SST": CLASSES["SST"].tau_SST,
        "ready": READY,
    },
    rest={"u_PV": "U_PV", "R_PV": "1", "u_SST": "U_SST", "R_SST": "1", "n_p": "ready"},
)
