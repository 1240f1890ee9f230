"""Learning rules: what an error is, and how it changes the synapses below it.

A rule adds state and statements to the cells and says what a synapse does when its layer learns.
All are P Eqs 28-29 and 33-35, or options.

Weights are in mV ms (a filtered train is in 1/ms), so eta stays the paper's pure number.
"""

from typing import NamedTuple

# The error of an output cell, e^1 of P Eq. 28.
OUTPUT_PARTS = {
    "error": """
        sigma_bar = 1/(1 + exp(-V_bar/mV))                    : 1
        error                                                 : Hz**2  # dL_1/dV, per mV
        delta                                                 : 1      # -eta P_1 error
        eta                                                   : 1 (shared)
    """,
}
OUTPUT_ERRORS = {  # by name: a cell's own two rates say all of them
    "gradient": "error = -k_d*phi_max*(phi_star - phi_max*sigma_bar)*sigma_bar*(1 - sigma_bar)",
    # That of the cross-entropy, as strong at a rate of phi_max/2: a cell that is wrong and sure
    # learns as well.
    "rates": "error = -k_d*phi_max*(phi_star - phi_max*sigma_bar)/4",
    # The same of two mean rates. Above, the one is a mean of rates and the other the rate of a mean
    # potential: where potentials are noisy these differ with no teacher at all, and what an output
    # cell then takes for right is an error to apical dendrites, which hear rates.
    "mean-rates": "error = -k_d*phi_max*(phi_star - phi_f)/4",
}
OUTPUT_LEARNING = """
    delta = -eta*plastic(example*dt)*P_1*error
    b += delta*mV
"""
OUTPUT_MOMENTS = {
    name: {"target_plateau": f"{error}\n{OUTPUT_LEARNING}"} for name, error in OUTPUT_ERRORS.items()
}
# Of "mean-rates", before the error.
MEAN_PARTS = {
    "rate": "phi_f                                     : Hz     # mean rate, forward phase"
}
MEAN_MOMENTS = {"forward_window": "phi_f += (phi - phi_f)/n"}

# The error of a hidden cell. Its parts are the same for every rule.
HIDDEN_PARTS = {
    "error": """
        sigma_bar = 1/(1 + exp(-V_bar/mV))                    : 1
        error                                                 : Hz     # dL_0/dV, per mV
        delta                                                 : 1      # -eta P_0 error
        eta                                                   : 1 (shared)
    """,
}

# What a hidden cell does with its error, after the statement that says what the error is.
HIDDEN_LEARNING = {
    "delta": "delta = -eta*plastic(example*dt)*P_0*error",
    "bias": "b += delta*mV",
}

ON_RATE = "psp_a_post += w*phi_pre"  # feedback without spikes

ON_NOISE = "w = scale*noise*randn()*mV*ms"  # of symmetric feedback, for each image

ON_LEARN = "w += delta_post*s_bar_pre*mV*ms**2"
# With weight decay, before it learns: of the weights whose source was active, a share is lost.
DECAY_PARTS = {"decay": "lost                                     : 1      # share of weights"}
DECAY_MOMENTS = {"target_plateau": "lost = weight_decay*eta*plastic(example*dt)"}
ON_DECAY = "w -= lost_post*w"


# The error that backpropagation would give a hidden cell: handed down through the
# synapses above, before they learn. A cell could not compute it.
BACKWARD = {
    "parts": {
        "backward": """
            e_back                                                : Hz  # sum of what is handed down
            e_bp = e_back*k_b*phi_max*ms*sigma_bar*(1 - sigma_bar) : Hz
        """,
    },
    "moments": {"onset": "e_back = 0*Hz"},
    "transport": {
        "output": "e_back_pre += w*error_post/mV",
        "hidden": "e_back_pre += w*e_bp_post/(mV*ms)",
    },
}


class Rule(NamedTuple):
    """How hidden cells come by their error.

    Attributes
    ----------
    parts, moments : dict
        Added to the hidden cell.
    learning : dict
        Statements at the end of the target phase, in order; a cell may have its own in place of
        one (``Cell.learning``).
    transport : dict
        What a synapse hands down to its presynaptic cell before that cell learns, by the kind of
        cell above ("hidden" or "output"); empty for a local rule.
    source : str
        Where the rule is described.
    """

    parts: dict
    moments: dict
    learning: dict
    transport: dict
    source: str


RULES = {
    "plateau": Rule(
        parts=HIDDEN_PARTS,
        moments={},
        learning={
            "error": "error = -k_b*phi_max*(alpha_t - alpha_f)*sigma_bar*(1 - sigma_bar)",
            **HIDDEN_LEARNING,
        },
        transport={},
        source="P Eqs 33-35: local, from the two plateau potentials",
    ),
    "backprop": Rule(
        parts=HIDDEN_PARTS | BACKWARD["parts"],
        moments=BACKWARD["moments"],
        learning={"error": "error = e_bp", **HIDDEN_LEARNING},
        transport=BACKWARD["transport"],
        source="a reference that a cell could not compute; the true gradient",
    ),
}

# Feedback weights that learn to invert: the apical target is alpha_f.
FEEDBACK_PARTS = {
    "inverse": """
        e_inv                                                 : 1
        delta_Y                                               : 1
        eta_Y                                                 : 1 (shared)
    """,
}
FEEDBACK_MOMENTS = {
    "target_plateau": """
        e_inv = -(phi_max*sigma_bar*ms - alpha_f)*alpha_f*(1 - alpha_f)
        delta_Y = -eta_Y*plastic(example*dt)*e_inv
    """,
}
# A synapse that sparse feedback left out (weight 0) stays out.
ON_FEEDBACK_LEARN = "w += delta_Y_post*s_bar_pre*mV*ms**2*int(w != 0*volt*second)"
# Feedback weights that change as forward synapses between the same two cells would: what both know
# of is in both (Kolen & Pollack 1994), so the two become alike.
ON_MIRROR = "w += mirror*delta_pre*s_bar_post*mV*ms**2*int(w != 0*volt*second)"
FEEDBACK_BIAS_LEARN = "c += delta_Y*mV"
