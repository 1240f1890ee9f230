"""Background noise through conductances: spikes of Poisson inputs, in the place of noisy currents.

The noise of public simulations of Payeur et al. (2021). Conductances are in units of the leak of
their compartment. How many spikes come in a step is drawn from 0, 1 and 2, with the mean and the
variance of the Poisson number (``draws``), which is hardly ever more.
"""

from typing import NamedTuple

from brian2 import Hz, Quantity, ms, mV

from models.bursts.variants import read

# n_s and n_d are the currents that the cell's soma and dendrite know as background.
CONDUCTANCES = """
    n_s = C_s/tau_s*(ge_s*(E_e - V_s) + gi_s*(E_i - V_s))     : amp  # synaptic current of the soma
    n_d = C_d/tau_d*(ge_d*(E_e - V_d) + gi_d*(E_i - V_d))     : amp  # and of the dendrite
    dge_s/dt = -ge_s/tau_e                                    : 1  # excitation, by the leak
    dgi_s/dt = -gi_s/tau_i                                    : 1  # inhibition
    dge_d/dt = -ge_d/tau_e                                    : 1  # the same of the dendrite
    dgi_d/dt = -gi_d/tau_i                                    : 1
"""
CHANCE = """
    z_e                                                       : 1  # by chance, from 0 to 1
    z_i                                                       : 1
    y_e                                                       : 1
    y_i                                                       : 1
"""
ARRIVE = """
    z_e = rand()
    z_i = rand()
    y_e = rand()
    y_i = rand()
    ge_s += we_s*(int(z_e < one_e) + int(z_e < two_e))
    gi_s += wi_s*(int(z_i < one_i) + int(z_i < two_i))
    ge_d += we_d*(int(y_e < one_e) + int(y_e < two_e))
    gi_d += wi_d*(int(y_i < one_i) + int(y_i < two_i))
"""
CURRENTS = ("n_s", "n_d")  # which follow from conductances here, and have no value at rest


class Conductances(NamedTuple):
    """Numbers of the synapses: quantities with units."""

    E_e: Quantity = 0 * mV
    E_i: Quantity = -80 * mV
    tau_e: Quantity = 5 * ms
    tau_i: Quantity = 10 * ms

    about = {  # symbol -> the unit it is told in (None: the first that fits), where it is from
        "E_e": (None, "P: reversal of excitation"),
        "E_i": (None, "P: reversal of inhibition"),
        "tau_e": (None, "P: decay of excitation"),
        "tau_i": (None, "P: decay of inhibition"),
    }


class Noise(NamedTuple):
    """Poisson inputs of a cell: rates of all to a compartment together, and weights of each.

    100 excitatory and 30 inhibitory inputs of 5 Hz; soma and dendrite have their own.
    """

    r_e: Quantity = 500 * Hz
    r_i: Quantity = 150 * Hz
    we_s: float = 0.17
    wi_s: float = 0.26
    we_d: float = 0.0425
    wi_d: float = 0.065


def pyramidal(dt, noise=None):
    """The cell with a moving threshold and conductances.

    Parameters
    ----------
    dt : Quantity
        The time step.
    noise : Noise, optional
        Without, there are conductances but no background.

    Returns
    -------
    Cell
        Spikes reach it by ``ge_s += w``, and so on.
    """
    base = read("moving_threshold").cell
    base = base._replace(rest={k: v for k, v in base.rest.items() if k not in CURRENTS})
    cell = base.vary(parts={"noise": CONDUCTANCES}, constants=Conductances()._asdict())
    if noise is None:
        return cell
    known = {name: weight for name, weight in noise._asdict().items() if name.startswith("w")}
    for kind, rate in (("e", noise.r_e), ("i", noise.r_i)):
        known[f"one_{kind}"], known[f"two_{kind}"] = draws(float(rate * dt))
    return cell.vary(parts={"chance": CHANCE}, constants=known).then(moments={"grow": ARRIVE})


def draws(mean):
    """Probabilities that at least one spike, and two spikes, come in a step.

    The number has the mean m and the variance of the Poisson number, m: one + two = m, and
    one + 3 two = m + m^2.
    """
    return mean - mean**2 / 2, mean**2 / 2
