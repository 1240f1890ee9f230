"""The numbers of the model: value, unit and where each one comes from.

Split by reason to change: ``Biophysics`` (the cells) and ``Phases`` (the clockwork).
"P" is Guerguiev, Lillicrap & Richards (2017), eLife 6:e22901; "C" is what the authors' code does.
Potentials are in mV with rest at 0 mV, conductances per unit capacitance (1/ms), rates in Hz.
"""

from collections.abc import Callable
from typing import NamedTuple

from brian2 import Hz, Quantity, ms, mV


class Biophysics(NamedTuple):
    """Parameters of the cells: quantities with units; ``about`` says what each is."""

    tau_s: Quantity = 3 * ms
    tau_L: Quantity = 10 * ms
    g_l: Quantity = 0.1 / ms
    g_b: Quantity = 0.6 / ms
    g_d: Quantity = 0.6 / ms
    g_a: Quantity = 0.0 / ms
    phi_max: Quantity = 200 * Hz
    E_E: Quantity = 8 * mV
    E_I: Quantity = -8 * mV
    g_teach: Quantity = 1.0 / ms

    @property
    def k_b(self):
        """Steady-state gain from basal dendrite to soma (P Eq. 33)."""
        return self.g_b / (self.g_l + self.g_b + self.g_a)

    @property
    def k_d(self):
        """Steady-state gain from dendrite to soma of an output cell (P Eq. 28)."""
        return self.g_d / (self.g_l + self.g_d)

    @property
    def P_0(self):
        """Scale of the hidden error, 20/phi_max: 100 ms (P Table 1)."""
        return 20 / self.phi_max

    @property
    def P_1(self):
        """Scale of the output error, 20/phi_max^2: 500 ms^2 (P Table 1)."""
        return 20 / self.phi_max**2

    about = {  # symbol -> the unit it is told in (None: the first that fits), where it is from
        "tau_s": (None, "P Table 1, Eq. 3: rise of the synaptic kernel"),
        "tau_L": (None, "P Table 1, Eq. 3: decay of the synaptic kernel, and the leak"),
        "g_l": ("1/ms", "P Table 1: leak conductance, 1/tau_L"),
        "g_b": ("1/ms", "P Table 1: basal dendrite to soma, hidden cells"),
        "g_d": ("1/ms", "P Table 1: dendrite to soma, output cells"),
        "g_a": ("1/ms", "P Eq. 1, Fig 9: apical dendrite to soma"),
        "phi_max": (None, "P Table 1: highest firing rate"),
        "E_E": (None, "P Table 1: excitatory reversal potential of teaching"),
        "E_I": (None, "P Table 1: inhibitory reversal potential of teaching"),
        "g_teach": ("1/ms", "C: teaching conductance, in the units of g_l"),
        "k_b": (None, "P Eq. 33: gain from basal dendrite to soma (derived)"),
        "k_d": (None, "P Eq. 28: gain from dendrite to soma, output cells (derived)"),
        "P_0": (None, "P Table 1: scale of the hidden error, 20/phi_max (derived)"),
        "P_1": (None, "P Table 1: scale of the output error, 20/phi_max^2 (derived)"),
    }


class Start(NamedTuple):
    """What initial weights are drawn for (P 'Weight initialisation'; see ``weights.py``)."""

    V_avg: Quantity = 3 * mV  # mean dendritic potential
    V_sd: Quantity = 3 * mV  # its spread over cells
    b_avg: Quantity = 0.8 * mV  # mean bias
    b_sd: Quantity = 0.001 * mV  # its spread
    slope: float = 0.25  # of the rate at 0 mV, in phi_max per mV
    root_12: float = 3.465  # C: a uniform draw of width 1 has a spread of 1/sqrt(12)


class Phases(NamedTuple):
    """Lengths of the phases and of the windows in which potentials are averaged (P 'Phases')."""

    dt: Quantity = 1 * ms  # time step
    forward: Quantity = 50 * ms  # shortest forward phase
    target: Quantity = 50 * ms  # shortest target phase
    test: Quantity = 250 * ms  # forward phase of a test image (C; P has 500 ms)
    settle: Quantity = 30 * ms  # left out of averages that have no window
    window: Quantity | None = None  # average only the last ... of a phase; None: all after settle
    random: bool = True  # add a Wald-distributed part to each phase
    wald_mean: Quantity = 2 * ms  # its mean
    wald_scale: Quantity = 1 * ms  # its shape parameter
    rounding: str = "nearest"  # to whole steps: "nearest", or "down" (C)
    seed: int = 0  # of the phase lengths, which belong to a build
    plateau_sd: Quantity = 3**0.5 * ms  # spread of asynchronous plateaus (P: variance 3; C: sd 3)
    plateau_max: Quantity = 5 * ms  # the longest time before the phase's end
    plateau_window: Quantity = 30 * ms  # averaged before an asynchronous plateau (P 30, C 20)
    # (phases, images, rng) -> lengths of all forward and of all target phases, in ms, in place of
    # the shortest ones and their random part
    lengths: Callable | None = None
