"""Cells as strings: inputs that fire at given times, leaky integrate-and-fire cells, and errors.

Equations are those of Zenke & Ganguli (2018). A spike counts for its own cell in the step in which
it is fired; at synapses, and in the trace that they see, it arrives ``delay`` later. Input cells
have no membrane: they fire when their spikes arrive.
"""

from typing import NamedTuple

from brian2 import ms, mV

from models.engine.cell import NONE, Cell
from models.engine.circuit import Event
from models.engine.printing import stripped
from models.superspike.parameters import Spiking
from models.theory import NEVER

# alpha*S of eq 5: it has the shape of a postsynaptic potential.
TRACE = """
    dzt/dt = (z - zt)/tau_decay                               : 1  # presynaptic trace
    dz/dt = -z/tau_rise                                       : 1  # its rising part
"""
ARRIVED = "z += 1"
LIVE = "z + zt > z_min"  # whether the cell has a part in what is learned now

# --- inputs ---------------------------------------------------------------------------------------

CLOCK = """
    begun                                                     : second (shared)  # when it appeared
    next                                                      : second  # next spike, since then
"""
DUE = "t - begun + dt/2 >= next + delay"
# A pixel fires once: the brighter, the earlier; not at all where it is darker than ``dark``.
LATENCY = {
    "onset": """
        next = latest*(1 - images(example*dt, i)) + never*int(images(example*dt, i) < dark)
        next += jitter*randn()*plastic(example*dt)
    """,
    "own": "next = never",
}
COUNTER = "k                                                       : integer  # spikes so far"
TIMES = {
    "onset": """
        k = 0
        next = images(example*dt, i)*ms
    """,
    "own": """
        k += 1
        next = images(example*dt, i + n_cells*k)*ms
    """,
}

# --- cells that learn to fire ---------------------------------------------------------------------

MEMBRANE = """
    dU/dt = free*(U_rest - U + I)/tau_mem                     : volt  # membrane potential
    dI/dt = -I/tau_syn                                        : volt  # synaptic current, as voltage
    free = int(wait < 0.5)                                    : 1  # 0 while it is refractory
    wait                                                      : 1  # steps until it is free
    n_spikes                                                  : 1  # spikes in the example
"""
SPIKE = "U > theta"
OWN = """
    U = U_rest
    wait = refractory
    n_spikes += 1
"""
COUNT = "wait -= int(wait > 0.5)"
ARRIVES = "abs(wait - refractory + delayed) < 0.5"  # so many steps after the spike

# sigma'(U) of eq 7, in the place of the derivative of a spike train by the potential. It is that
# of the step's end, which goes on to the next chunk: no equation that would begin at 0.
SIG = "sig                                                       : 1  # surrogate derivative"
SURROGATE = {"sigmoid": "sig = 1/(1 + beta*abs(U - theta))**2", "none": "sig = 1"}

LEARNS = """
    learns                                                    : 1 (shared)  # 1, or 0: it only looks
    taught                                                    : 1 (shared)  # examples that teach
"""
LOOK = """
    learns = plastic(example*dt)
    taught = taught*int(example % batch > 0) + learns
"""

HIDDEN_ERROR = "err                                                  : 1  # error that it is sent"
FORGET_ERROR = "err = 0"
LIT_ERROR = "err = light"  # a virtual experiment: as if more of the cell were asked
OWN_TRACE = "dzh/dt = -zh/tau_het                                    : 1  # trace of its own spikes"
TRACED = "zh += 1"

# --- output cells: what they should have done -----------------------------------------------------

ERROR = """
    derr/dt = (a - err)/tau_decay                             : 1  # error signal
    da/dt = -a/tau_rise                                       : 1  # mismatch, the rising part
    begun                                                     : second (shared)  # when it appeared
    cost                                                      : 1  # mean of err**2 in the example
    U_max                                                     : volt  # highest U in the example
    first                                                     : second  # when it first did, since
    near = clip((U_max - U_rest)/(theta - U_rest), 0, 1)      : 1  # how near to a spike it came
    early = (1 - first/lasts)*int(counted > 0.5)              : 1  # how early it responded
    decision = counted + early + near*int(counted < 0.5)      : 1  # most spikes, then the earliest
"""
BEGIN = """
    cost = 0
    U_max = U_rest
    n_spikes = 0
    first = 0*second
"""
MEASURE = """
    cost += err**2*dt/lasts
    U_max += (U - U_max)*int(U > U_max)
"""


class Judge(NamedTuple):
    """Which spikes are wrong, and which are missing: strings of the output cells.

    ``missing`` is the condition of the event "missing", ``own`` what it does to the cell.
    """

    parts: str
    onset: str
    fired: str
    missing: str
    own: str


JUDGES = {
    "times": Judge(  # target spikes at given times: a is the mismatch of both trains (eq 3)
        """
        next                                                  : second  # next target, since begun
        k                                                     : integer  # targets so far
        counted = n_spikes                                    : 1  # spikes that count: all
        """,
        """
        k = 0
        next = target(example*dt, i)*ms
        """,
        """
        a -= 1
        first += (t - begun - first)*int(n_spikes < 1.5)
        """,
        "t - begun + dt/2 >= next",
        """
        a += 1
        k += 1
        next = target(example*dt, i + n_cells*k)*ms
        """,
    ),
    "response": Judge(  # any spike of the class's cell in a window, and none of the others
        """
        since = t - begun + dt/2 - opens(example*dt)*ms       : second  # since the window opened
        open = int(since >= 0*ms)*int(since < window)         : 1  # 1 in the window
        asked = int(i == labels(example*dt))                  : 1  # 1: this cell is to respond
        responses                                             : 1  # its spikes in the window
        counted = responses                                   : 1  # spikes that count: these
        judged                                                : 1  # 1: the window has closed
        """,
        """
        responses = 0
        judged = 0
        """,
        """
        a -= open*(1 - asked)
        first += open*(t - begun - first)*int(responses < 0.5)
        responses += open
        """,
        "judged < 0.5 and since >= window",
        """
        a += asked*int(responses < wanted - 0.5)
        judged = 1
        """,
    ),
}


# --- all that belongs to a cell -------------------------------------------------------------------


def source(trains, options):
    """Input cells: one a pixel, or of given spike trains (``models.theory.Trains``).

    Returns
    -------
    Cell
    events : dict of Event
    """
    code = TIMES if trains else LATENCY
    parts = {"trace": TRACE, "clock": CLOCK} | ({"counter": COUNTER} if trains else {})
    constants = {"delay": options.delayed * options.dt * ms, "z_min": options.z_min}
    if trains:
        constants |= {"n_cells": trains.cells}
    else:
        constants |= {"latest": options.latest * ms, "never": NEVER * ms, "dark": options.dark}
        constants |= {"jitter": options.jitter * ms}
    cell = Cell.of(parts, params=Spiking(), constants=constants, double=("begun",))
    events = {"live": Event(LIVE), "spike": Event(DUE, _all(code["own"], ARRIVED))}
    return _begins(cell, code["onset"], options), events


def hidden(options):
    """Hidden cells, as ``source``."""
    parts = {"trace": TRACE, "error": HIDDEN_ERROR}
    parts |= {"own": OWN_TRACE} if options.rho else {}
    forget, light = (LIT_ERROR, {"light": options.light}) if options.light else (FORGET_ERROR, NONE)
    cell = _fires(parts, {"forget_error": forget}, options, light)
    events = {"live": Event(LIVE), "feedback": Event("True"), "arrive": Event(ARRIVES, ARRIVED)}
    events |= {"spike": Event(SPIKE, _all(OWN, TRACED if options.rho else ""))}
    return _begins(cell, "n_spikes = 0", options), events


def output(options, cells):
    """So many output cells, as ``source``."""
    judge = JUDGES[options.error]
    cell = _fires(
        {"error": ERROR, "judge": judge.parts},
        {"measure": MEASURE},
        options,
        {
            "n_cells": cells,
            "lasts": options.lasts * ms,
            "window": options.window * ms,
            "wanted": options.responses,
        },
        ("begun",),
    )
    events = {"feedback": Event("True"), "missing": Event(judge.missing, _all(judge.own))}
    events |= {"spike": Event(SPIKE, _all(OWN, judge.fired))}
    return _begins(cell, _all(BEGIN, judge.onset), options), events


def _fires(parts, moments, options, constants=NONE, double=()):
    known = {"refractory": options.refractory, "delayed": options.delayed, "z_min": options.z_min}
    known |= {"batch": options.batch} | dict(constants)
    return Cell.of(
        {"membrane": MEMBRANE, "surrogate": SIG, "learns": LEARNS} | parts,
        {"count": COUNT, "rate": SURROGATE[options.surrogate]} | moments,
        params=Spiking()._replace(beta=options.beta / mV),
        constants=known,
        integrator="euler",
        rest={"U": "U_rest", "wait": "0"},
        double=double,
    )


def _begins(cell, code, options):
    """A cell whose example begins: at rest, or in the state that the one before left."""
    first = "begun = t" if "begun" in cell.equations else ""  # what all cells share comes first
    look = LOOK if "learns" in cell.equations else ""
    rest = cell.clear if options.clear else ""
    return cell.vary(moments={"onset": _all(first, look, rest, code)})


def _all(*codes):
    return "\n".join(stripped(code) for code in codes if code)
