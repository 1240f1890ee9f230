"""Light on pyramidal cells reaches their apical dendrites in place of their somata.

Channels open in the dendrite alone, as with light on layer 1: apical input at a time of one's own
(``--light E``), which feedback does not give.

Expect: 0.25/ms moves the apical potential by 1.9 mV in a volley, and by .3 mV where SST cells
shunt it; what it does to plateaus is on the page ``apical_protocol``.
"""

PARTS = {
    "soma": """
        dV/dt = -g_l*V + g_b*(V_b - V) + I_a + I_PV           : volt  # somatic potential
        phi = phi_max/(1 + exp(-V/mV))                        : Hz (constant over dt)
    """,
    "inhibition": """
        I_PV = g_PV*(E_PV - V)                                : volt/second  # from PV cells
        dg_PV/dt = -g_PV/tau_PV                               : Hz
        I_light = g_ChR*(E_E - V_a) + g_HaloR*(E_I - V_a)     : volt/second  # of optogenetics
    """,
    "apical": """
        dV_a/dt = g_ap*(V_fb - V_a) + g_SST*(E_SST - V_a) + I_light : volt  # apical potential
        dg_SST/dt = -g_SST/tau_SST                            : Hz    # from SST cells
        dV_fb/dt = -V_fb/tau_L + x_a/(tau_s*tau_L)            : volt  # what feedback alone makes
        dx_a/dt = -x_a/tau_s                                  : volt*second
    """,
}


def pyramidal(cell):
    """Light current into the apical dendrite."""
    return cell.vary(parts=PARTS)
