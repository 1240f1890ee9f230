"""Interneurons: adaptive exponential integrate-and-fire cells, as strings.

Equations of Brette & Gerstner (2005); parvalbumin- and somatostatin-positive cells as in public
simulations of Payeur et al. (2021). Synapses are conductances, in units of the cell's leak, and so
is background noise: one excitatory and one inhibitory Poisson input. A spike is an upstroke that
reaches 0 mV.
"""

from typing import NamedTuple

from brian2 import Hz, Quantity, ms, mV, nS, pA, pF

from models.bursts.conductances import Conductances, draws
from models.engine.cell import Cell
from models.engine.circuit import Event

MEMBRANE = """
    dV/dt = free*(g_L*(E_L - V + upstroke + synaptic) - w_a + x)/C : volt  # potential
    upstroke = Delta*exp((V - V_T)/Delta)                     : volt  # how spikes begin
    dw_a/dt = (a*(V - E_L) - w_a)/tau_w                       : amp  # adaptation
    free = int(age > t_ref/dt + 0.5)                          : 1  # 0 while it is refractory
"""
SYNAPSES = """
    synaptic = ge*(E_e - V) + gi*(E_i - V)                    : volt  # of all conductances
    dge/dt = -ge/tau_e                                        : 1  # excitation, by the leak
    dgi/dt = -gi/tau_i                                        : 1  # inhibition
"""
INPUT = """
    x                                                         : amp  # input current
    age                                                       : integer  # steps since a spike
"""
CHANCE = """
    z_e                                                       : 1  # by chance, from 0 to 1
    z_i                                                       : 1
"""
ARRIVE = """
    z_e = rand()
    z_i = rand()
    ge += w_e*(int(z_e < one_e) + int(z_e < two_e))
    gi += w_i*(int(z_i < one_i) + int(z_i < two_i))
"""
SPIKE = "V > V_spike"
SPIKED = """
    V = V_r
    w_a += b
    age = 0
"""
LONG_AGO = 100_000  # steps since the spike before the first


class Adaptive(NamedTuple):
    """Parameters of an interneuron, those of a somatostatin-positive one."""

    g_L: Quantity = 5 * nS
    C: Quantity = 100 * pF
    E_L: Quantity = -70 * mV
    V_r: Quantity = -65 * mV
    V_T: Quantity = -61.8 * mV
    Delta: Quantity = 4 * mV
    V_spike: Quantity = 0 * mV
    a: Quantity = 0.5 * nS
    b: Quantity = 10 * pA
    tau_w: Quantity = 500 * ms
    t_ref: Quantity = 2 * ms

    about = {  # symbol -> the unit it is told in (None: the first that fits), where it is from
        "g_L": (None, "P: leak"),
        "C": (None, "P: capacitance"),
        "E_L": (None, "P: potential at rest"),
        "V_r": (None, "P: potential after a spike"),
        "V_T": (None, "P: where the upstroke begins"),
        "Delta": (None, "P: how gently it does"),
        "V_spike": (None, "ours: where it has become a spike"),
        "a": (None, "P: adaptation by the potential"),
        "b": (None, "P: what each spike adds to it"),
        "tau_w": (None, "P: its time constant"),
        "t_ref": (None, "P: refractory period, in which the potential is held"),
    }


SOM = Adaptive()
PV = Adaptive(
    g_L=10 * nS,
    V_r=-55 * mV,
    V_T=-48 * mV,
    Delta=2 * mV,
    a=0 * nS,
    b=0 * pA,
    t_ref=1 * ms,
)


class Background(NamedTuple):
    """Poisson inputs of an interneuron: their rates, and the weight of a spike, by the leak."""

    r_e: Quantity = 500 * Hz
    r_i: Quantity = 500 * Hz
    w_e: float = 0.4
    w_i: float = 0.5


SOM_NOISE = Background()
PV_NOISE = Background(w_e=0.75, w_i=1.125)


def interneuron(dt, params=SOM, noise=SOM_NOISE):
    """A ``Cell``, with the parts "membrane", "synapses", "input" and, with noise, "chance".

    Parameters
    ----------
    dt : Quantity
        The time step.
    params : Adaptive
    noise : Background, optional
        None: it has synapses but no background.

    Returns
    -------
    Cell
        Spikes reach it by ``ge += w`` and ``gi += w``, a current as ``x``.
    """
    cell = Cell.of(
        {"membrane": MEMBRANE, "synapses": SYNAPSES, "input": INPUT},
        {"grow": "age += 1"},
        params=params,
        constants=Conductances()._asdict(),
        integrator="euler",
        rest={"V": "E_L", "age": str(LONG_AGO)},
    )
    if noise is None:
        return cell
    known = {"w_e": noise.w_e, "w_i": noise.w_i}
    known["one_e"], known["two_e"] = draws(float(noise.r_e * dt))
    known["one_i"], known["two_i"] = draws(float(noise.r_i * dt))
    return cell.vary(parts={"chance": CHANCE}, constants=known).then(moments={"grow": ARRIVE})


def events(cell):
    """Events of such a cell, by name; its ``reset`` is what else a spike does to it."""
    return {"spike": Event(SPIKE, SPIKED + cell.reset)}
