"""Pyramidal cells that burst, as strings: a soma, a dendrite, and what counts as a burst.

Equations are those of Naud & Sprekeler (2018). A spike goes back into the dendrite; if that is
depolarised too, it answers with a plateau, and the soma fires a burst. An *event* is a spike that
no other precedes within 16 ms: alone, or the first of a burst. The second spike of a burst is the
*burst*; further ones are neither.

Time since a spike is a whole number of steps, ``age``. It is compared with borders half a step
away from whole numbers, so that no rounding moves an event.
"""

from typing import NamedTuple

from brian2 import ms, pA

from models.bursts.parameters import Bursting
from models.engine.cell import NONE, Cell
from models.engine.circuit import Event, Sweep
from models.engine.printing import stripped
from models.engine.schedule import ONSET

SOMA = """
    dV_s/dt = free*((E_L - V_s)/tau_s + (g_s*f + w_s + I_s + n_s)/C_s) : volt  # somatic potential
    dw_s/dt = -w_s/tau_ws                                     : amp  # adaptation
    free = int(age > tau_ref/dt + 0.5)                        : 1  # 0 while it is refractory
"""
THRESHOLD = "theta = V_T                                              : volt  # threshold"
DENDRITE = """
    dV_d/dt = (E_L - V_d)/tau_d + (g_d*f + c_d*back + w_d + I_d + n_d)/C_d : volt  # of the dendrite
    dw_d/dt = (a_wd*(V_d - E_L) - w_d)/tau_wd                 : amp  # what ends a plateau
    f = 1/(1 + exp((E_d - V_d)/D_d))                          : 1  # plateau
    back = int(age > back_from/dt - 0.5)*int(age < back_to/dt - 0.5) : 1  # spike that comes back
"""
NOISE = """
    dn_s/dt = (mu_s - n_s)/tau_n + sigma*sqrt(2/tau_n)*xi_s   : amp  # background of the soma
    dn_d/dt = (mu_d - n_d)/tau_n + sigma*sqrt(2/tau_n)*xi_d   : amp  # and of the dendrite
"""
INPUT = """
    x_s                                                       : amp  # bottom-up input
    x_d                                                       : amp  # top-down input
    I_s = x_s                                                 : amp  # what reaches the soma
    I_d = x_d                                                 : amp  # what reaches the dendrite
"""
AGE = """
    age                                                       : integer  # steps since a spike
    in_burst                                                  : boolean  # whether that was in one
"""
LONG_AGO = 100_000  # steps since the spike before the first

EVENT = "V_s > theta and age > tau_b/dt + 0.5"
BURST = "V_s > theta and age < tau_b/dt + 0.5 and not in_burst"
SPIKE = "V_s > theta"
SPIKED = """
    V_s = E_L
    w_s += b_ws
    in_burst = age < tau_b/dt + 0.5
    age = 0
"""

# What a cell's depressing and facilitating synapses send at a spike: u R, of before the spike. Its
# synapses of a kind are all alike, so the cell does it once for all; between spikes u and R return
# to rest exponentially, which is made up for at the next spike.
SYNAPSES = """
    u_{kind}                                                  : 1  # share that a spike uses
    R_{kind}                                                  : 1  # resources
    sent_{kind}                                               : 1  # by the last spike
"""
SENT = """
    u_{kind} = U_{kind} + (u_{kind} - U_{kind})*exp(-age*dt/tau_F_{kind})
    R_{kind} = 1 + (R_{kind} - 1)*exp(-age*dt/tau_D_{kind})
    sent_{kind} = u_{kind}*R_{kind}
    R_{kind} -= sent_{kind}
    u_{kind} += F*(1 - u_{kind})
"""
KINDS = ("STD", "STF")

# Currents that interneurons take from a cell's input.
INHIBITED = """
    x_s                                                       : amp  # bottom-up input
    x_d                                                       : amp  # top-down input
    h_s                                                       : amp  # inhibition of the soma
    h_d                                                       : amp  # inhibition of the dendrite
    I_s = x_s - h_s                                           : amp  # what reaches the soma
    I_d = x_d - h_d                                           : amp  # what reaches the dendrite
"""
INHIBIT, GROW, READ = "inhibit", "grow", "read"  # moments
ORDER = tuple(
    Sweep((moment,)) for moment in (ONSET, GROW, INHIBIT, "move", "event", "burst", "spike", READ)
)
REST = {"V_s": "E_L", "V_d": "E_L", "n_s": "mu_s", "n_d": "mu_d", "age": str(LONG_AGO)}


class Sends(NamedTuple):
    """Parts of a cell with dynamic synapses, what a spike does to these, and their rest."""

    parts: dict
    spiked: str
    rest: dict


def pyramidal(parts=NONE, **params):
    """The cell of the paper, a ``Cell``.

    It has the parts "soma", "threshold", "dendrite", "noise", "input" and "age".

    Parameters
    ----------
    parts : mapping of name -> str
        In the place of those, or beside them.
    **params : Quantity
        Of ``Bursting``; ``sigma=0*pA`` makes it deterministic.
    """
    usual = {"soma": SOMA, "threshold": THRESHOLD, "dendrite": DENDRITE}
    usual |= {"noise": NOISE, "input": INPUT, "age": AGE}
    cell = Cell.of(
        usual, {GROW: "age += 1"}, params=Bursting(), integrator="euler", rest=dict(REST)
    )
    return cell.vary(parts=parts, params=params)


def quiet(**params):
    """The same without any background current."""
    return pyramidal(**{"sigma": 0 * pA, "mu_s": 0 * pA, "mu_d": 0 * pA} | params)


def sends(kinds=KINDS):
    """Dynamic synapses of some kinds (``KINDS``): ``Sends``."""
    return Sends(
        {f"synapses_{kind}": SYNAPSES.format(kind=kind) for kind in kinds},
        "\n".join(stripped(SENT.format(kind=kind)) for kind in kinds),
        {f"u_{kind}": f"U_{kind}" for kind in kinds} | {f"R_{kind}": "1" for kind in kinds},
    )


def events(cell, spiked=""):
    """Events of a cell, by name.

    Parameters
    ----------
    cell : Cell
        Its ``reset`` is what a spike does to it beside what it does to each pyramidal cell.
    spiked : str
        Statements that come first at a spike, and know the ``age`` of the one before.
    """
    own = "\n".join(stripped(code) for code in (spiked, SPIKED, cell.reset) if code.strip())
    gap = f"{cell.namespace['tau_b'] / ms:g} ms"
    return {
        "event": Event(EVENT, about=f"a spike that none precedes within {gap}"),
        "burst": Event(BURST, about=f"the second spike of a burst, within {gap} of the first"),
        "spike": Event(SPIKE, own),
    }
