"""Cells that relax: how their states move, what their rates are, and what they keep of a phase.

The states s of all layers descend F = E + beta*C (eq 3 and 4), with x clamped:

    E = sum_i s_i^2/2 - sum_(pairs) W_ij rho(s_i) rho(s_j) - sum_i b_i rho(s_i)      (eq 1)
    C = cost_factor*|y - d|^2, cost_factor = 1/2 in the paper                        (eq 2)

One Euler step of dt = eps*tau is one step of the paper's eq 43. Equations are those of Scellier &
Bengio (2017).
"""

from brian2 import ms

from models.engine.cell import Cell

INPUT = Cell.of(
    {"pixel": "x                                                     : 1  # a pixel, clamped"},
    {"onset": "x = images(example*dt, i)"},
)

LAYER = {
    "sums": """
        below                                                 : 1  # drive from the layer below
        b                                                     : 1  # bias
        r                                                     : 1  # rate rho(s)
    """,
    "learning": """
        r_free                                                : 1  # r at the end of the free phase
        beta                                                  : 1 (shared)  # strength of the nudge
        alpha                                                 : 1 (shared)  # learning rate
        learns                                                : 1 (shared)  # 1, or 0: it only looks
    """,
    "energy": "energy                                                : 1  # this cell's part of E",
}
HIDDEN = {  # eq 8
    "state": """
        ds/dt = (slope*(below + above + b) - s)/tau           : 1  # state
        above                                                 : 1  # drive from the layer above
    """,
}
LIT = {  # light drives it, in each of the two phases: a virtual experiment
    "state": """
        ds/dt = (slope*(below + above + b + light) - s)/tau   : 1  # state
        above                                                 : 1  # drive from the layer above
        light                                                 : 1  # drive from light
    """,
}
OUTPUT = {  # eq 9
    "state": """
        ds/dt = (slope*(below + b) - s + force)/tau           : 1  # state
        force = 2*cost_factor*beta*(target - s)               : 1  # of the nudge, -beta*dC/ds
        target = int(i == labels(example*dt))                 : 1  # d: 1 for the class
    """,
    "whole": """
        cost                                                  : 1  # this cell's part of C
        E                                                     : 1  # energy, as the step began
        C                                                     : 1  # cost, as the step began
        F = E + beta*C                                        : 1  # what the states descend
    """,
}

# The rate function rho: its derivative, and what gives the rate when the states have moved.
RHO = {
    "hard": {  # rho(s) = s on [0, 1], where its states are kept; the borders move too
        "slope": "slope = int(s >= 0)*int(s <= 1)                       : 1  # rho'(s)",
        "rate": "s = clip(s, 0, 1)\nr = s",
    },
    "smooth": {
        "slope": "slope = 4*r*(1 - r)                                   : 1  # rho'(s)",
        "rate": "r = 1/(1 + exp(2 - 4*s))",
    },
}

# An image appears: nothing is nudged, and states begin at 0, or where this image's last ended.
ONSET = "learns = plastic(example*dt)\nbeta = 0\nbelow = 0"
BEGIN = {False: "s = 0", True: "s = particles(example*dt, first + i)"}

FREE_END = "beta = nudge(example*dt)\nr_free = r"

# Sums are made anew in each step; that of the pixels, which are clamped, once an image.
FORGET_BELOW, FORGET_ABOVE = "below = 0", "above = 0"

MEASURE = "energy = s**2/2 - r*(below + b)"
OUTPUT_MEASURE = "cost = cost_factor*(target - s)**2\nE = 0\nC = 0"

# Eq 10: how biases learn, from each image or from the mean over a mini-batch.
ONLINE = {"learn": "b += alpha*learns*(r - r_free)/beta"}
BATCH = {
    "learn": "grad_b += learns*(r - r_free)/beta",
    "update": "b += alpha*grad_b/batch\ngrad_b = 0",
}
# Eq 12, where weights learn while states move.
RULE_PART = "r_before                                              : 1  # r, a step ago"
BEFORE = "r_before = r"

BATCH_PART = "grad_b                                                : 1  # sum over the mini-batch"


def layer(name, options, first):
    """A layer of cells.

    Parameters
    ----------
    name : str
        "hidden_0", ..., "output".
    options : Options
    first : int
        Place of its first cell among those whose states are kept from epoch to epoch.
    """
    last, rho = name == "output", RHO[options.rho]
    parts = LAYER | (OUTPUT if last else HIDDEN) | {"slope": rho["slope"]}
    moments = {
        "onset": f"{ONSET}\n{BEGIN[bool(options.particles)]}",
        "forget": "\n".join([FORGET_BELOW] * (first > 0) + [FORGET_ABOVE] * (not last)),
        "measure": MEASURE,
        "rate": rho["rate"],
        "free_end": FREE_END,
    }
    if options.rule == "rates":
        parts, moments = parts | {"rule": RULE_PART}, moments | {"before": BEFORE}
    if options.batch == 1:
        moments |= ONLINE
    else:
        parts, moments = parts | {"batch": BATCH_PART}, moments | BATCH
    constants = {"tau": 1 * ms, "cost_factor": options.cost_factor, "batch": options.batch}
    cell = Cell.of(parts, moments, constants=constants | {"first": first}, integrator="euler")
    cell = cell.then({}, {"onset": rho["rate"]})
    if last:
        return cell.then({}, {"measure": OUTPUT_MEASURE})
    if options.light_early or options.light_late:
        light = {name: getattr(options, name) for name in ("light_early", "light_late")}
        on = {"onset": "light = light_early", "free_end": "light = light_late"}
        return cell.vary(parts=LIT, constants=light).then({}, on)
    return cell
