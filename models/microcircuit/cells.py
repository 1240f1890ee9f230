"""Cells as strings: pyramidal cells with two dendrites, interneurons with one, and the input.

Equations are those of Sacramento et al. (2018). In a step, what synapses learn from is looked at
first; then somata move; then rates, and from them dendritic potentials, follow.
"""

from brian2 import Hz, ms

from models.engine.cell import NONE, Cell
from models.engine.circuit import SPIKE, Event
from models.microcircuit.parameters import Dendrites

# The rate of a cell whose potential is {u}. What rises without end is written so that it holds.
PHI = {
    "logistic": "1/(1 + exp(-{u}))",
    "softplus": "(log(1 + exp(-abs({u}))) + {u}*int({u} > 0))",
    "rectifier": (
        "gamma*(log(1 + exp(-abs(beta*({u} - theta)))) + beta*({u} - theta)*int({u} > theta))"
    ),
}
NOISE = {False: "", True: " + sigma*xi"}

# --- all cells ------------------------------------------------------------------------------------

RATE = "r                                                       : 1  # rate"
# Spikes: a rate is what synapses see of them, a trace in which each counts 1/psi, so that weights
# and rates of learning are those of cells without spikes.
TRACE = "dr/dt = -r/tau_s                                        : 1  # rate: a trace of spikes"
FIRES = "rand() < psi*dt*{rate}"
FIRED = "r += (1 - exp(-dt/tau_s))/(psi*dt)  # so that its mean is the rate"
SEEN = "s                                                       : 1  # rate, as the step began"
LEARNS = (
    "learns                                                  : 1 (shared)  # 1, or 0: it only looks"
)
GO = "learns = plastic(example*dt)"
LOOK = "s = r"  # synapses learn from the rate that made the potentials of this step

# --- pyramidal cells ------------------------------------------------------------------------------

HIDDEN = {
    "soma": "du/dt = -g_lk*u + g_B*(v_B - u) + I_A{noise}            : 1  # somatic potential",
    "coupling": "I_A = g_A*(v_A - u)                                     : Hz  # apical current",
    "basal": "v_B                                                     : 1  # basal potential",
    "apical": """
        v_A = v_TD + v_PI                                     : 1  # apical potential
        v_TD                                                  : 1  # its part from the layer above
        v_PI                                                  : 1  # its part from interneurons
    """,
}
ANSWER = "answer                                                  : 1  # rate without a target"
AVERAGED = "dv_bar/dt = (vhat_W - v_bar)/tau_w                      : 1  # vhat_W of many spikes"
FREE_OUTPUT = {
    "soma": "du/dt = -g_lk*u + g_B*(v_B - u){noise}                  : 1  # somatic potential",
    "basal": HIDDEN["basal"],
    "answer": ANSWER,
}
OUTPUT = FREE_OUTPUT | {
    "soma": "du/dt = -g_lk*u + g_B*(v_B - u) + taught*teach{noise}   : 1  # somatic potential",
}
TARGET = """
    dtarget/dt = (goal - target)/tau_0                        : 1  # target potential, filtered
    goal                                                      : 1  # that of the image
    taught                                                    : 1 (shared)  # 1: there is a target
"""
SHOWN = "taught = teaches(example*dt)\ngoal = goals(example*dt, i)"

# --- interneurons ---------------------------------------------------------------------------------

INTER = {
    "soma": "du/dt = -g_lk*u + I_D + teach{noise}                    : 1  # somatic potential",
    "coupling": "I_D = g_D*(v_D - u)                                     : Hz  # dendritic current",
    "dendrite": "v_D                                                     : 1  # its dendrite's",
    "target": "target                                                  : 1  # of the cell above",
}
# What teaches: a current, or conductances that come to the same.
TEACH = {
    "current": "teach = g_som*(target - u)                              : Hz  # current",
    "conductances": """
        teach = g_exc*(E_exc - u) + g_inh*(E_inh - u)         : Hz  # current
        g_exc = g_som*(target - E_inh)/(E_exc - E_inh)        : Hz  # excitation
        g_inh = g_som*(E_exc - target)/(E_exc - E_inh)        : Hz  # inhibition
    """,
}

# --- what synapses learn from ---------------------------------------------------------------------

# The rate of the soma against that of what the dendrite alone would make of u (eq 7, 8 and 10); the
# apical potential against rest (eq 9). W is of basal synapses, IP of those onto interneurons, PI of
# those from them, TD of top-down ones.
ALONE = "vhat_{kind} = {alone:<33} : 1  # what its dendrite alone makes of u"
ERROR = """
    e_{kind}                                                  : 1  # what {kind} learns from
    eta_{kind}                                                : Hz (shared)  # its learning rate
"""
# A threshold is a synapse from a cell whose rate is always 1.
THRESHOLD = "b                                                       : 1  # threshold"
LEARNED_THRESHOLD = """
    db/dt = learns*eta_{kind}*D_b                             : 1  # threshold
    dD_b/dt = learns*(e_{kind} - D_b)/tau_w                   : 1  # its induction
"""

# --- the input, and what it makes of the basal potential ------------------------------------------

INPUT = """
    dr/dt = (x - r)/tau_0                                     : 1  # rate: the pixel, filtered
    x                                                         : 1  # a pixel
"""
PIXEL = "x = images(example*dt, i)"
SPIKING_INPUT = """
    drate/dt = (x - rate)/tau_0                               : 1  # the pixel, filtered
    x                                                         : 1  # a pixel
"""
# Low rank: while an image is shown r = x + g*d, so that W and D are what they were and four
# products of a vector of these cells with x or d. Steps move the vectors; at the end of the image
# the matrices follow. The Euler steps are the same, summed in another order.
DIFFERENCE = "d                                                       : 1  # r - x, at first"
PRODUCTS = """
    g                                                         : 1 (shared)  # r = x + g d
    Wx                                                        : 1  # W x
    Wd                                                        : 1  # W d
"""
LOW_RANK = """
    Dx                                                        : 1  # D x
    Dd                                                        : 1  # D d
    xx                                                        : 1  # |x|^2
    xd                                                        : 1  # x d
    dd                                                        : 1  # |d|^2
    dp/dt = learns*(e_W - p)/tau_w                            : 1  # D is p x + q d + h D
    dq/dt = learns*(g*e_W - q)/tau_w                          : 1
    dh/dt = -learns*h/tau_w                                   : 1
    dP/dt = learns*eta_W*p                                    : 1  # W is W + P x + Q d + H D
    dQ/dt = learns*eta_W*q                                    : 1
    dH/dt = learns*eta_W*h                                    : 1
"""
DIFFER = "d = r - images(example*dt, i)"
BEGIN = "g = 1\nWx = 0\nWd = 0"
BEGIN_LOW_RANK = "Dx = 0\nDd = 0\nxx = 0\nxd = 0\ndd = 0\np = 0\nq = 0\nh = 1\nP = 0\nQ = 0\nH = 0"
FADE = "g *= 1 - dt/tau_0"
DRIVE = "v_B += Wx + g*Wd"
DRIVE_LOW_RANK = "v_B += P*(xx + g*xd) + Q*(xd + g*dd) + H*(Dx + g*Dd)"


def source(options, learning):
    """Input cells.

    Parameters
    ----------
    options : Options
    learning : bool
        Whether the program that they are for learns.

    Returns
    -------
    Cell
    events : dict of Event
    """
    if options.psi:
        cell = _cell(options, {"rate": SPIKING_INPUT, "trace": TRACE}, {"onset": PIXEL})
        return _seen(cell, learning), _fires("rate") | {"send": Event("True")}
    cell = _cell(options, {"rate": INPUT})
    if options.low_rank:
        cell = cell.then({"difference": DIFFERENCE}, {"onset": DIFFER})
        return cell.then(moments={"onset": PIXEL}), {"arrive": Event("True")}
    return _seen(cell.then(moments={"onset": PIXEL}), learning), {"send": Event("True")}


def hidden(options, m, learning):
    """Pyramidal cells of hidden layer ``m``, as ``source``."""
    cell = _soma(options, HIDDEN, learning, "W", "v_B", options.learned("eta_up", m))
    cell = cell.then({}, {"rate": "v_TD = 0\nv_PI = 0"})
    if learning:
        cell = _compares(options, cell, "W", "a_hidden*v_B", options.learned("eta_up", m))
        cell = _compares(options, cell, "TD", "v_TD", options.learned("eta_TD", m))
        if options.learned("eta_PI", m):
            cell = cell.then({"e_PI": ERROR.format(kind="PI")}, {"look": "e_PI = -v_A"})
    if options.low_rank and m == 0:
        cell = cell.then({"products": PRODUCTS}, {"onset": BEGIN, "fade": FADE, "rate": DRIVE})
        if learning and options.learned("eta_up", m):
            more = {"onset": BEGIN_LOW_RANK, "rate": DRIVE_LOW_RANK}
            cell = cell.then({"low_rank": LOW_RANK}, more)
    return cell, _sends(options) | {"teach": Event("True")}


def inter(options, m, learning):
    """Interneurons of hidden layer ``m``, one for each cell of the layer above, as ``source``."""
    parts = INTER | {"teach": TEACH[options.nudging]}
    cell = _soma(options, parts, learning, "IP", "v_D", options.learned("eta_IP", m))
    cell = cell.then({}, {"look": "target = 0"})
    if learning:
        cell = _compares(options, cell, "IP", "a_inter*v_D", options.learned("eta_IP", m))
    return cell, _sends(options)


def output(options, learning):
    """Output cells, as ``source``."""
    parts = OUTPUT if learning else FREE_OUTPUT
    if learning:
        parts = parts | {"target": TARGET, "teach": TEACH[options.nudging]}
    learned = options.learned("eta_up", len(options.layers) - 1)
    cell = _soma(options, parts, learning, "W", "v_B", learned)
    if learning:
        cell = _compares(options, cell, "W", "a_output*v_B", learned).then({}, {"onset": SHOWN})
    cell = cell.vary(parts={"vhat_W": ALONE.format(kind="W", alone="a_output*v_B")})
    if options.psi:
        cell = cell.then({"averaged": AVERAGED})
    answer = "answer = " + PHI[options.phi].format(u="v_bar" if options.psi else "vhat_W")
    return cell.then({}, {"over": answer}), _sends(options) | {"teach": Event("True")}


def _sends(options):
    """Events of a cell with a soma: it sends in each step, and may spike."""
    spikes = _fires(PHI[options.phi].format(u="u")) if options.psi else {}
    return spikes | {"send": Event("True")}


def _fires(rate):
    return {SPIKE: Event(FIRES.format(rate=rate), FIRED)}


def _cell(options, parts, moments=NONE):
    """A cell with the parameters of the options."""
    conductances = {g: getattr(options, g) / ms for g in ("g_lk", "g_B", "g_A", "g_D", "g_som")}
    constants = {"sigma": options.spread / ms**0.5}
    if options.psi:
        constants["psi"] = options.psi * Hz
    params = Dendrites(**conductances, tau_s=options.tau_s * ms)
    return Cell.of(parts, moments, params=params, constants=constants, integrator="euler")


def _seen(cell, learning):
    """A cell whose synapses learn from its rate, where anything is learned."""
    if not learning:
        return cell
    return cell.then({"seen": SEEN}, {"look": LOOK})


def _soma(options, parts, learning, kind, drive, learned):
    """A cell with a soma, whose rate, and then whose drive, follow its potential."""
    noise = NOISE[learning and options.sigma > 0]
    rate = {"rate": TRACE if options.psi else RATE}
    parts = {name: text.format(noise=noise) for name, text in parts.items()} | rate
    follows = "" if options.psi else "r = " + PHI[options.phi].format(u="u") + "\n"
    cell = _cell(options, parts, {"rate": f"{follows}{drive} = 0"})
    if options.thresholds:
        plastic = learning and learned
        threshold = LEARNED_THRESHOLD.format(kind=kind) if plastic else THRESHOLD
        cell = cell.then({"threshold": threshold}, {"rate": f"{drive} += b"})
    if not learning:
        return cell
    gate = {"onset": "learns = 0", "go": GO} if options.lag else {"onset": GO}
    return _seen(cell, learning).then({"learns": LEARNS}, gate)


def _compares(options, cell, kind, alone, learned):
    """A cell that compares its rate with what a dendrite alone would make of it, if that learns."""
    if not learned:
        return cell
    phi = PHI[options.phi]
    own = phi.format(u="u") if options.psi else "r"
    code = f"e_{kind} = {own} - " + phi.format(u=f"vhat_{kind}")
    parts = {"vhat": ALONE.format(kind=kind, alone=alone), "e": ERROR.format(kind=kind)}
    return cell.then({f"{name}_{kind}": text for name, text in parts.items()}, {"look": code})
