"""Cells whose bursts are drawn: at each event the dendrite decides by chance whether one follows.

The cell of Payeur et al. (2021) for learning a task, Fig 4. Soma and dendrite are those of the
bursting cell, but neither spikes nor plateaus go from one to the other. An *event* is a spike of
the soma. With the probability p(V_d) it becomes a *burst*: 5 to 15 ms later there is a second
spike, which soma and dendrite take no notice of. After each spike a cell is refractory for 20 ms.
"""

from typing import NamedTuple

import numpy as np
from brian2 import Hz, Quantity, ms, mV

from models.bursts.cells import LONG_AGO
from models.bursts.conductances import CHANCE, Conductances, draws
from models.bursts.conductances import pyramidal as conducting
from models.engine.circuit import Event
from models.engine.printing import stripped

SOMA = """
    dV_s/dt = free*((E_L - V_s)/tau_s + (w_s + I_s + n_s)/C_s) : volt  # somatic potential
    dw_s/dt = -w_s/tau_ws                                     : amp  # adaptation
    free = int(age > tau_ref/dt + 0.5)                        : 1  # 0 while it is refractory
"""
DENDRITE = """
    dV_d/dt = (E_L - V_d)/tau_d + (w_d + I_d + n_d)/C_d       : volt  # of the dendrite
    dw_d/dt = (a_wd*(V_d - E_L) - w_d)/tau_wd                 : amp  # what makes it slow
    p = 1/(1 + exp((E_p - V_d)/D_p))                          : 1  # chance that an event bursts
"""
AGE = """
    age                                                       : integer  # steps since a spike
    due                                                       : integer  # age of the burst, or 0
"""
# What comes in a step comes in its middle, on the mean, and conductances decay after it has come:
# ``late_e`` and ``late_i`` make up for half a step.
ARRIVE = """
    z_e = rand()
    z_i = rand()
    y_e = rand()
    y_i = rand()
    ge_s += late_e*we_s*(int(z_e < one_s) + int(z_e < two_s))
    gi_s += late_i*wi_s*(int(z_i < one_s) + int(z_i < two_s))
    ge_d += late_e*we_d*(int(y_e < one_d) + int(y_e < two_d))
    gi_d += late_i*wi_d*(int(y_i < one_d) + int(y_i < two_d))
"""
GROW, TIMES = "grow", Conductances()
EVENT, BURST = "V_s > theta", "age == due"
FIRED = """
    V_s = E_L
    w_s += b_ws
    age = 0
    due = int((from_b + (to_b - from_b)*rand())/dt + 0.5)
    due *= int(rand() < p)
"""
BURSTED = """
    age = 0
    due = 0
"""


class Chance(NamedTuple):
    """Numbers of bursts: quantities with units."""

    E_p: Quantity = -57 * mV
    D_p: Quantity = 6 * mV
    from_b: Quantity = 5 * ms
    to_b: Quantity = 15 * ms
    tau_ref: Quantity = 20 * ms

    about = {  # symbol -> the unit it is told in (None: the first that fits), where it is from
        "E_p": (None, "C: dendritic potential at which every second event is a burst"),
        "D_p": (None, "C: how steep that is"),
        "from_b": (None, "C: the second spike comes that much later, at least"),
        "to_b": (None, "C: and at most"),
        "tau_ref": (None, "C: refractory period"),
    }


class Background(NamedTuple):
    """Poisson inputs of a cell: an excitatory and an inhibitory one to each compartment.

    Weights are in units of the compartment's leak.
    """

    r_s: Quantity = 150 * Hz
    we_s: float = 0.35
    wi_s: float = 0.35
    r_d: Quantity = 500 * Hz
    we_d: float = 0.05
    wi_d: float = 0.05


def pyramidal(dt, background):
    """The cell.

    Parameters
    ----------
    dt : Quantity
        The time step.
    background : Background or None
        None: there are conductances, but nothing comes.

    Returns
    -------
    Cell
        Spikes reach it by ``ge_s += w``, and so on; ``x_s`` and ``x_d`` are currents.
    """
    numbers = Chance()._asdict()
    cell = conducting(dt).vary(
        parts={"soma": SOMA, "dendrite": DENDRITE, "age": AGE},
        params={"tau_ref": numbers.pop("tau_ref")},
        constants=numbers,
        rest={"age": str(LONG_AGO)},
    )
    if background is None:
        return cell
    known = {name: value for name, value in background._asdict().items() if name[0] == "w"}
    known |= {f"late_{x}": float(np.exp(dt / 2 / getattr(TIMES, f"tau_{x}"))) for x in "ei"}
    for place in "sd":
        mean = float(getattr(background, f"r_{place}") * dt)
        known[f"one_{place}"], known[f"two_{place}"] = draws(mean)
    return cell.vary(parts={"chance": CHANCE}, constants=known).then(moments={GROW: ARRIVE})


def events(cell):
    """Events of such a cell, by name."""
    fired = "\n".join((stripped(FIRED), stripped(cell.reset)))
    return {"burst": Event(BURST, stripped(BURSTED)), "event": Event(EVENT, fired)}
