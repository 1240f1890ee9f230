"""The numbers of a bursting cell: value, unit and where each one comes from.

"N" is Naud & Sprekeler (2018), PNAS 115:E6329, as several public re-implementations agree on it;
"P" is what public simulations of Payeur et al. (2021), of the same group, use.
"""

from typing import NamedTuple

from brian2 import Quantity, ms, mV, nS, pA, pF, second


class Bursting(NamedTuple):
    """Parameters of a pyramidal cell: quantities with units; ``about`` says what each is."""

    tau_s: Quantity = 16 * ms
    C_s: Quantity = 370 * pF
    g_s: Quantity = 1300 * pA
    tau_ws: Quantity = 100 * ms
    b_ws: Quantity = -200 * pA
    tau_d: Quantity = 7 * ms
    C_d: Quantity = 170 * pF
    g_d: Quantity = 1200 * pA
    tau_wd: Quantity = 30 * ms
    a_wd: Quantity = -13 * nS
    c_d: Quantity = 2600 * pA
    back_from: Quantity = 0.5 * ms
    back_to: Quantity = 2.5 * ms
    E_L: Quantity = -70 * mV
    V_T: Quantity = -50 * mV
    E_d: Quantity = -38 * mV
    D_d: Quantity = 6 * mV
    tau_ref: Quantity = 3 * ms
    tau_b: Quantity = 16 * ms
    tau_n: Quantity = 2 * ms
    mu_s: Quantity = 70 * pA
    mu_d: Quantity = -270 * pA
    sigma: Quantity = 450 * pA
    U_STD: float = 0.9
    tau_D_STD: Quantity = 20 * ms
    tau_F_STD: Quantity = 1 * second
    U_STF: float = 0.02
    tau_D_STF: Quantity = 100 * ms
    tau_F_STF: Quantity = 100 * ms
    F: float = 0.1

    about = {  # symbol -> the unit it is told in (None: the first that fits), where it is from
        "tau_s": (None, "N: membrane of the soma"),
        "C_s": (None, "N: its capacitance"),
        "g_s": (None, "N: most current that the dendrite's plateau sends to the soma"),
        "tau_ws": (None, "N: adaptation of the soma"),
        "b_ws": (None, "N: what each spike adds to it"),
        "tau_d": (None, "N: membrane of the dendrite"),
        "C_d": (None, "N: its capacitance"),
        "g_d": (None, "N: most current of its plateau, in the dendrite itself"),
        "tau_wd": (None, "N: slow current of the dendrite, which ends the plateau"),
        "a_wd": (None, "N: its conductance"),
        "c_d": (None, "N: current of a spike that comes back into the dendrite"),
        "back_from": (None, "N: how long after the spike that begins"),
        "back_to": (None, "N: and ends"),
        "E_L": (None, "N: potential at rest, and after a spike"),
        "V_T": (None, "N: threshold"),
        "E_d": (None, "N: dendritic potential of half a plateau"),
        "D_d": (None, "N: how steep the plateau is"),
        "tau_ref": (None, "N: refractory period, in which the soma is held at rest"),
        "tau_b": (None, "N: a spike that follows another within it belongs to the same burst"),
        "tau_n": (None, "N: correlation time of the background current"),
        "mu_s": (None, "N: its mean in the soma"),
        "mu_d": (None, "N: its mean in the dendrite"),
        "sigma": (None, "N: its standard deviation, of each compartment its own"),
        "U_STD": (None, "P: a depressing synapse at rest: share of resources that a spike uses"),
        "tau_D_STD": (None, "P: recovery of its resources"),
        "tau_F_STD": (None, "P: decay of its facilitation"),
        "U_STF": (None, "P: a facilitating synapse at rest, the same share"),
        "tau_D_STF": (None, "P: recovery of its resources"),
        "tau_F_STF": (None, "P: decay of its facilitation"),
        "F": (None, "P: of both, facilitation by a spike"),
    }
