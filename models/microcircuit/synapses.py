"""Synapses as strings: what they send, and how they learn from a low-passed product."""

import numpy as np

from models.engine.circuit import Pathway, Projection

W = "w : 1  # weight"

# Eq 7 to 10: what the target's dendrite learns from, times the rate of the source, low-passed.
PLASTIC = """
    dw/dt = learns_post*eta_{kind}_post*D                     : 1 (clock-driven)  # weight
    dD/dt = learns_post*(e_{kind}_post*s_pre - D)/tau_w       : 1 (clock-driven)  # induction
"""
SEND = {
    "W": "v_B_post += w*r_pre",
    "IP": "v_D_post += w*r_pre",
    "PI": "v_PI_post += w*r_pre",
    "TD": "v_TD_post += w*r_pre",
}

# The low-rank form of the input: products as an image appears, and the sums as it goes.
ARRIVE = """
    Wx_post += w*x_pre
    Wd_post += w*d_pre
"""
ARRIVE_LOW_RANK = f"""{ARRIVE}\
    Dx_post += D*x_pre
    Dd_post += D*d_pre
    xx_post += x_pre*x_pre
    xd_post += x_pre*d_pre
    dd_post += d_pre*d_pre
"""
KEPT = "w : 1  # weight\nD : 1  # induction"
FOLLOW = """
    w += P_post*x_pre + Q_post*d_pre + H_post*D
    D = p_post*x_pre + q_post*d_pre + h_post*D
"""

TEACH = "target_post += u_pre"


def of(kind, source, target, plastic):
    """Synapses of one kind, ``W``, ``IP``, ``PI`` or ``TD``, from one population to another.

    Those that learn do so, and send, in one walk through their matrix.
    """
    equations = PLASTIC.format(kind=kind) if plastic else W
    path = Pathway(SEND[kind], "send", steps=bool(plastic))
    return Projection(source, target, equations, {"send": path}, integrator="euler")


def low_rank(target, plastic):
    """From the input, in the low-rank form."""
    if not plastic:
        return Projection("input", target, W, {"arrive": Pathway(ARRIVE, "arrive")})
    path = Pathway(ARRIVE_LOW_RANK, "arrive")
    return Projection("input", target, KEPT, {"arrive": path}, {"over": FOLLOW})


def teaching(source, target, cells):
    """From each pyramidal cell to the interneuron that it teaches."""
    each = np.arange(cells)
    return Projection(source, target, "", {"teach": Pathway(TEACH, "teach")}, pairs=(each, each))
