"""Synapses as strings: eligibility, what is summed of it, and how weights follow; feedback.

The rule has three factors (eq 5): the presynaptic trace and the surrogate derivative make a
synapse eligible, as long as a postsynaptic potential lasts; the error of its target cell says what
comes of it.
"""

from models.engine.circuit import Pathway, Projection
from models.superspike.parameters import Spiking

W = "w : volt  # weight"
ELIGIBILITY = """
    del/dt = -el/tau_rise + zt_pre*sig_post/ms                : 1 (clock-driven)  # its rising part
    dlam/dt = (el - lam)/tau_decay                            : 1 (clock-driven)  # eligibility
"""
SUM = "dm/dt = learns_post*err_post*lam                       : second (clock-driven)  # summed"
# Eq 14, of hidden cells: those that fire much lose weight.
REGULARISED = """
    dm/dt = learns_post*(err_post*lam - rho*w/volt*zh_post**4) : second (clock-driven)  # summed
"""
V = """
    v                                                         : 1  # size of g**2, of late
    r_0                                                       : volt (shared)  # learning rate
"""
FORGET = "el = 0\nlam = 0"

# What a weight makes of g, the mean of the interval t_b. RMaxProp is that of the public scripts.
# Of v all is kept where nothing was to be learned.
KEPT = "kept = gam*int(taught_post > 0.5) + int(taught_post < 0.5)"
UPDATES = {
    "rmaxprop": f"""
        g = m/t_b
        {KEPT}
        v = kept*v*int(g**2 < kept*v) + g**2*int(g**2 >= kept*v)
        w = clip(w + r_0*g/(sqrt(v) + 1e-12), -w_max, w_max)
        m = 0*second
    """,
    "rmsprop": f"""
        g = m/t_b
        {KEPT}
        v = kept*v + (1 - kept)*g**2
        w = clip(w + r_0*g/(sqrt(v) + 1e-12), -w_max, w_max)
        m = 0*second
    """,
    "constant": """
        g = m/t_b
        w = clip(w + r_0*g, -w_max, w_max)
        m = 0*second
    """,
}

SEND = "I_post += w"

# Errors of output cells reach hidden ones ...
FEEDBACK = {
    "symmetric": "err_pre += w/volt*err_post",  # through the weights above, as they are now
    "random": "err_post += B*err_pre",
    "uniform": "err_post += err_pre",
    "none": "",  # or do not: hidden weights stay as they are
}
B = "B : 1  # feedback weight"


def feedforward(options, below, above):
    """Synapses from a layer to the one above."""
    paths = {"arrive": Pathway(SEND, "spike" if below == "input" else "arrive")}
    if options.feedback == "symmetric" and below != "input":
        paths["feedback"] = Pathway(FEEDBACK["symmetric"], "feedback", by="post")
    regularised = options.rho and above != "output"  # which goes on where no spike has come
    parameters = Spiking()
    return Projection(
        below,
        above,
        "\n".join((W, ELIGIBILITY, REGULARISED if regularised else SUM, V)),
        paths,
        {"update": UPDATES[options.optimiser]} | ({"onset": FORGET} if options.clear else {}),
        {"gam": options.gam, "t_b": options.t_b, "rho": options.rho, "w_max": parameters.w_max},
        integrator="euler",
        among="" if regularised else "live",
    )


def feedback(options, hidden):
    """Synapses from the output to a hidden layer that carry its errors: "random" or "uniform"."""
    path = Pathway(FEEDBACK[options.feedback], "feedback")
    equations = B if options.feedback == "random" else ""
    return Projection("output", hidden, equations, {"feedback": path})
