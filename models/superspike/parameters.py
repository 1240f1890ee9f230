"""The numbers of the model: value, unit and where each one comes from.

"P" is Zenke & Ganguli (2018), Neural Computation 30:1514; "C" is what their public scripts do.
"""

from typing import NamedTuple

from brian2 import Quantity, ms, mV, second, volt


class Spiking(NamedTuple):
    """Parameters of cells and synapses: quantities with units; ``about`` says what each is."""

    theta: Quantity = -50 * mV
    U_rest: Quantity = -60 * mV
    tau_mem: Quantity = 10 * ms
    tau_syn: Quantity = 5 * ms
    tau_ref: Quantity = 5 * ms
    tau_rise: Quantity = 5 * ms
    tau_decay: Quantity = 10 * ms
    tau_het: Quantity = 100 * ms
    beta: Quantity = 1 / mV
    w_max: Quantity = 0.1 * volt
    tau_rms: Quantity = 30 * second

    about = {  # symbol -> the unit it is told in (None: the first that fits), where it is from
        "theta": (None, "P: threshold"),
        "U_rest": (None, "P: potential at rest, and after a spike"),
        "tau_mem": (None, "P: membrane"),
        "tau_syn": (None, "P: synaptic current"),
        "tau_ref": (None, "P: refractory period, in which the potential is held at rest"),
        "tau_rise": (None, "P: rise of presynaptic, eligibility and error traces"),
        "tau_decay": (None, "P: decay of the same"),
        "tau_het": (None, "P: trace of a hidden cell's own spikes, of the regulariser"),
        "beta": (None, "P: steepness of the surrogate derivative"),
        "w_max": (None, "P: bound of a weight's size"),
        "tau_rms": (None, "P: memory of RMaxProp"),
    }
