"""The numbers of the interneurons' circuit: value, unit and where each one comes from.

The cells have no paper of their own: they are in the form of the paper whose plateaus they time
(``models.segregated.parameters``, "P"). "H" are Hertaeg & Sprekeler (2019, 2020), models of PV, SST
and VIP cells; "B" is Payeur et al. (2021); the rest is chosen, most of it on a prototype.
"""

from types import MappingProxyType
from typing import NamedTuple

from brian2 import Hz, Quantity, ms, mV, second


class Inhibited(NamedTuple):
    """What a pyramidal cell has beside ``segregated.parameters.Biophysics``."""

    g_ap: Quantity = 0.5 / ms
    E_PV: Quantity = -8 * mV
    E_SST: Quantity = 0 * mV
    G_S: Quantity = 5 / ms
    theta_p: float = 0.25
    T_p: Quantity = 20 * ms
    T_ref: Quantity = 50 * ms

    about = {  # symbol -> the unit it is told in (None: the first that fits), where it is from
        "g_ap": ("1/ms", "chosen: synapses to the apical dendrite; 2 ms where nothing shunts it"),
        "E_PV": (None, "chosen: reversal at the soma; at 0 mV a cell fires at half its highest"),
        "E_SST": (None, "chosen: reversal at the apical dendrite, a shunt that adds no bias"),
        "G_S": ("1/ms", "chosen: mean conductance that SST cells give at r_S0, ten times g_ap"),
        "theta_p": (None, "chosen: share of G_S below which a plateau begins"),
        "T_p": (None, "P: how long it lasts: the window that apical potentials are averaged in"),
        "T_ref": (None, "chosen: how long no other one may begin"),
    }


class Interneuron(NamedTuple):
    """Parameters of a class of interneurons."""

    phi_max: Quantity
    b: Quantity
    W_E: Quantity
    W_X: Quantity = 0 * mV * ms
    g_l: Quantity = 0.1 / ms
    g_d: Quantity = 0.6 / ms
    E_E: Quantity = 8 * mV
    E_I: Quantity = -8 * mV
    tau_s: Quantity = 3 * ms
    tau_L: Quantity = 10 * ms
    tau_PV: Quantity = 8 * ms
    tau_SST: Quantity = 10 * ms
    tau_VIP: Quantity = 8 * ms

    about = {
        "phi_max": (None, "chosen: highest rate; PV cells are fast"),
        "b": (None, "chosen: drive without input; SST cells fire of themselves"),
        "W_E": ("mV ms", "chosen: of the mean of what pyramidal cells send"),
        "W_X": ("mV ms", "an option: of the mean of the input cells' trains"),
        "g_l": ("1/ms", "P: leak"),
        "g_d": ("1/ms", "P: dendrite to soma"),
        "E_E": (None, "P: excitatory reversal potential"),
        "E_I": (None, "P: inhibitory reversal potential"),
        "tau_s": (None, "P: rise of the synaptic kernel"),
        "tau_L": (None, "P: its decay"),
        "tau_PV": (None, "chosen: decay of the conductance that a PV cell opens (GABA_A)"),
        "tau_SST": (None, "chosen: that of an SST cell's, which is slower"),
        "tau_VIP": (None, "chosen: that of a VIP cell's"),
    }


CLASSES = MappingProxyType(
    {
        "PV": Interneuron(phi_max=200 * Hz, b=-2 * mV, W_E=80 * mV * ms),
        "SST": Interneuron(phi_max=100 * Hz, b=0 * mV, W_E=10 * mV * ms),
        "VIP": Interneuron(phi_max=100 * Hz, b=-4 * mV, W_E=0 * mV * ms),
    }
)


class Synapses(NamedTuple):
    """Mean conductances that a class gives another at its standard rate, and those rates."""

    G_PE: Quantity = 0.6 / ms
    G_PP: Quantity = 0.2 / ms
    G_VS: Quantity = 2.0 / ms
    G_SV: Quantity = 0.2 / ms
    G_SP: Quantity = 0.0 / ms
    G_VP: Quantity = 0.0 / ms
    r_P0: Quantity = 50 * Hz
    r_S0: Quantity = 30 * Hz
    r_V0: Quantity = 100 * Hz

    about = {
        "G_PE": ("1/ms", "chosen: PV cells to somata, as much as g_b"),
        "G_PP": ("1/ms", "chosen: PV cells to each other"),
        "G_VS": ("1/ms", "chosen: VIP to SST cells: a volley silences them in 5 ms"),
        "G_SV": ("1/ms", "chosen: SST to VIP cells"),
        "G_SP": ("1/ms", "an option: SST to PV cells"),
        "G_VP": ("1/ms", "an option: VIP to PV cells"),
        "r_P0": (None, "chosen: standard rate of PV cells"),
        "r_S0": (None, "chosen: that of SST cells"),
        "r_V0": (None, "chosen: that of VIP cells"),
    }


class ShortTerm(NamedTuple):
    """Dynamic synapses: resources R and their use u."""

    U: float
    tau_D: Quantity
    tau_F: Quantity
    F: float = 0.1

    about = {
        "U": (None, "B: share of the resources that a spike uses, at rest"),
        "tau_D": (None, "B: recovery of the resources"),
        "tau_F": (None, "B: decay of facilitation"),
        "F": (None, "B: facilitation by a spike"),
    }


STD = ShortTerm(U=0.9, tau_D=20 * ms, tau_F=1 * second)  # onto PV cells
STF = ShortTerm(U=0.02, tau_D=100 * ms, tau_F=100 * ms)  # onto SST cells
R_E0 = 35 * Hz  # of pyramidal cells before learning: static synapses send as much at this rate


def static(dynamic, rate=R_E0):
    """Static synapses that send what dynamic ones do, on average, in a Poisson train.

    Parameters
    ----------
    dynamic : ShortTerm
    rate : Quantity

    Returns
    -------
    ShortTerm
        Without facilitation, and with resources that are back in the next step. Its U is the
        product of the steady u and R of mean rates, which leaves out that they vary together.
    """
    U, tau_D, tau_F, F = dynamic
    u = (U / tau_F + F * rate) / (1 / tau_F + F * rate)
    R = 1 / (1 + u * rate * tau_D)
    return ShortTerm(U=float(u * R), tau_D=0.01 * ms, tau_F=tau_F, F=0.0)


# Share of GABAergic cells in the cortex, and of each class among them (the rest is left out).
GABAERGIC = 0.3
SHARES = MappingProxyType({"PV": 0.4, "SST": 0.3, "VIP": 0.15})
# H: probability that a cell has a synapse from one of another class: (from, onto) -> p.
CONNECTED = MappingProxyType(
    {
        ("E", "PV"): 0.45,
        ("E", "SST"): 0.35,
        ("E", "VIP"): 0.1,
        ("X", "PV"): 0.45,  # ours: the input, as pyramidal cells
        ("PV", "E"): 0.6,
        ("SST", "E"): 0.55,
        ("PV", "PV"): 0.5,
        ("SST", "PV"): 0.6,
        ("VIP", "PV"): 0.5,
        ("VIP", "SST"): 0.5,
        ("SST", "VIP"): 0.45,
    }
)
# Rates that interneurons begin with: about those between two volleys, before learning.
BEGIN = MappingProxyType({"PV": 33 * Hz, "SST": 47 * Hz, "VIP": 1 * Hz})
