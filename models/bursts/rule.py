"""Burst-dependent plasticity as strings: a burst strengthens a synapse, an event weakens it.

Payeur et al. (2021), eq 1:

    dw/dt = eta (B - Pbar E) Etr

E and B are the events and the bursts of the postsynaptic cell, points in time; Etr is a trace of
the presynaptic cell's events; Pbar = Bbar/Ebar is the burst probability that the postsynaptic cell
is used to, from running averages of its events and bursts. So an event takes eta Pbar Etr, and one
that becomes a burst gives eta Etr back: where bursts are more frequent than usual, weights rise.

All that a synapse does not know of the other end is one number of the postsynaptic cell, ``delta``,
which the cell sets at its events and bursts; the synapse multiplies it with Etr. An event of both
cells in the same step counts: the trace has it already.
"""

from typing import NamedTuple

from brian2 import Hz, Quantity, ms, second

from models.engine.cell import NONE
from models.engine.circuit import Pathway, Projection
from models.engine.printing import stripped

# --- presynaptic cell -----------------------------------------------------------------------------

TRACE = "dEtr/dt = -Etr/tau_pre                    : 1   # trace of its events"
TRACED = "Etr += 1"

# --- postsynaptic cell ----------------------------------------------------------------------------

# Averages rest at E_0 and P_0 E_0, a first guess which they forget. The last term of Pbar matters
# to a cell only that has been silent for so long that both averages are gone.
AVERAGES = """
    dEbar/dt = -Ebar/tau_avg                      : Hz  # running average of events
    dBbar/dt = -Bbar/tau_avg                      : Hz  # running average of bursts
    Pbar = clip(Bbar/(Ebar + nearly_0), 0, 1)     : 1   # burst probability it is used to
    delta                                         : 1   # B - Pbar E, of its last event or burst
"""
GATE = "M = plastic(example*dt)                : 1   # 1: it learns, 0: it does not"
# Pbar is that of before this event, or burst, is counted.
EVENT = """
    delta = -M*Pbar
    Ebar += 1/tau_avg
"""
BURST = """
    delta = M
    Bbar += 1/tau_avg
"""
# Homeostasis: a cell that is too active takes more and gives less; one that is too silent lets
# presynaptic events alone strengthen it.
BOUNDED = """
    excess = clip((Ebar - r_max)/(Ebar + nearly_0), 0, 1) : 1  # share of its rate beyond r_max
    lack = k_min*clip((r_min - Ebar)/Hz, 0, r_min/Hz)     : 1  # how far it is below r_min
"""
BOUNDED_EVENT = """
    delta = -M*(Pbar + excess)
    Ebar += 1/tau_avg
"""
BOUNDED_BURST = """
    delta = M*(1 - excess)
    Bbar += 1/tau_avg
"""

# --- synapse --------------------------------------------------------------------------------------

W = "w                                             : 1   # weight"
LEARN = "w = clip(w + eta*delta_post*Etr_pre, w_min, w_max)"
AROUSE = "w = clip(w + eta*M_post*lack_post, w_min, w_max)"  # homeostasis, at presynaptic events


class Rule(NamedTuple):
    """Numbers of the rule: quantities with units; ``about`` says what each is."""

    eta: float = 3.5e-3
    tau_pre: Quantity = 100 * ms
    tau_avg: Quantity = 5 * second
    w_min: float = 0.0
    w_max: float = 1.0
    r_min: Quantity = 2 * Hz
    r_max: Quantity = 12 * Hz
    k_min: float = 1.0
    E_0: Quantity = 5 * Hz
    P_0: float = 0.2
    nearly_0: Quantity = 1e-15 * Hz

    about = {  # symbol -> the unit it is told in (None: the first that fits), where it is from
        "eta": (None, "C: learning rate (Fig 2e)"),
        "tau_pre": (None, "C: trace of presynaptic events"),
        "tau_avg": (None, "C: running averages of events and bursts"),
        "w_min": (None, "C: least weight"),
        "w_max": (None, "C: largest weight"),
        "r_min": (None, "C: homeostasis: event rate below which weights rise"),
        "r_max": (None, "C: homeostasis: event rate above which they fall"),
        "k_min": (None, "C: how much the first of these counts"),
        "E_0": (None, "C: event rate that averages begin with"),
        "P_0": (None, "ours: burst probability that averages begin with"),
        "nearly_0": (None, "ours: keeps 0/0 away"),
    }


OF_CELLS = ("tau_pre", "tau_avg", "r_min", "r_max", "k_min", "E_0", "P_0", "nearly_0")  # of a Rule


def sends(cell, events, rule):
    """A presynaptic cell: one that keeps a trace of its events.

    Parameters
    ----------
    cell : Cell
    events : mapping of name -> Event
        With one that is called ``event``.
    rule : Rule

    Returns
    -------
    Cell
    events : dict of Event
    """
    cell = cell.vary(parts={"trace": TRACE}, constants=_constants(rule))
    return cell, dict(events) | _also(events, event=TRACED)


def learns(cell, events, rule, gate=GATE, bounded=False):
    """A postsynaptic cell: one that knows its usual burst probability.

    Parameters
    ----------
    cell, events, rule
        As of ``sends``; there has to be a ``burst`` too.
    gate : str
        Equation of ``M``, the global gate of plasticity; "": the cell has one.
    bounded : bool
        Whether there is homeostasis.

    Returns
    -------
    Cell
    events : dict of Event
    """
    parts = {"averages": AVERAGES} | ({"bounded": BOUNDED} if bounded else {})
    cell = cell.vary(
        parts=parts | ({"gate": gate} if gate else {}),
        constants=_constants(rule),
        rest={"Ebar": "E_0", "Bbar": "P_0*E_0"},
    )
    codes = (BOUNDED_EVENT, BOUNDED_BURST) if bounded else (EVENT, BURST)
    return cell, dict(events) | _also(events, **dict(zip(("event", "burst"), codes, strict=True)))


def plastic(source, target, rule, paths=NONE, pairs=None, bounded=False):
    """Synapses that learn.

    Parameters
    ----------
    source, target : str
        Populations of cells that ``sends`` and ``learns`` made.
    rule : Rule
    paths : mapping of name -> Pathway
        What they transmit.
    pairs : (ndarray of int, ndarray of int), optional
        As of a ``Projection``; None: each cell to each.
    bounded : bool
        As of ``learns``.

    Returns
    -------
    Projection
        Its weights are ``w``, in the unit of what they transmit to.
    """
    learning = {name: Pathway(LEARN, name, by="post") for name in ("event", "burst")}
    if bounded:
        learning["arouse"] = Pathway(AROUSE, "event")
    symbols = {name: getattr(rule, name) for name in ("eta", "w_min", "w_max")}
    return Projection(source, target, W, dict(paths) | learning, symbols=symbols, pairs=pairs)


def _constants(rule):
    return {name: getattr(rule, name) for name in OF_CELLS}


def _also(events, **codes):
    """Events that do more to their own cell."""
    return {
        name: events[name]._replace(own="\n".join((stripped(events[name].own), stripped(code))))
        for name, code in codes.items()
    }
