"""The numbers of the model: value, unit and where each one comes from.

"P" is Sacramento, Costa, Bengio & Senn (2018), NeurIPS 31; "R" is what public re-implementations
agree that its supplement says. Potentials have no unit in the paper: 0 is rest.
"""

from typing import NamedTuple

from brian2 import Quantity, ms


class Dendrites(NamedTuple):
    """Parameters of all cells: quantities with units; ``about`` says what each is."""

    g_lk: Quantity = 0.1 / ms
    g_B: Quantity = 1 / ms
    g_A: Quantity = 0.8 / ms
    g_D: Quantity = 1 / ms
    g_som: Quantity = 0.8 / ms
    E_exc: float = 1.0
    E_inh: float = -1.0
    tau_w: Quantity = 30 * ms
    tau_0: Quantity = 3 * ms
    tau_s: Quantity = 3 * ms
    gamma: float = 0.1
    beta: float = 1.0
    theta: float = 3.0

    @property
    def a_hidden(self):
        """What is left of a basal potential at the soma of a hidden cell (P eq 7)."""
        return self.g_B / (self.g_lk + self.g_B + self.g_A)

    @property
    def a_output(self):
        """The same of an output cell, which has no apical dendrite and is not nudged."""
        return self.g_B / (self.g_lk + self.g_B)

    @property
    def a_inter(self):
        """The same of an interneuron's dendrite; what teaches has no part in it (P eq 8)."""
        return self.g_D / (self.g_lk + self.g_D)

    about = {  # symbol -> the unit it is told in (None: the first that fits), where it is from
        "g_lk": ("1/ms", "R: leak"),
        "g_B": ("1/ms", "R: from the basal dendrite to the soma"),
        "g_A": ("1/ms", "R: from the apical dendrite to the soma"),
        "g_D": ("1/ms", "R: from an interneuron's dendrite to its soma"),
        "g_som": ("1/ms", "R: of the currents that teach interneurons and output cells"),
        "E_exc": (None, "R: reversal potential of excitation, where teaching is by conductances"),
        "E_inh": (None, "R: that of inhibition"),
        "tau_w": (None, "R: low-pass filter of what synapses learn from (P has the filter)"),
        "tau_0": (None, "R: low-pass filter of the input and of the target"),
        "tau_s": (None, "ours: what synapses see of a spike decays so, where cells spike"),
        "gamma": (None, "P: height of the rectifier, 0.1 log(1 + exp(u - 3))"),
        "beta": (None, "P: its steepness"),
        "theta": (None, "P: its threshold"),
    }
