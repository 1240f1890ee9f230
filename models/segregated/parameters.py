"""The numbers of the model: value, unit and where each one comes from.

Split by reason to change: ``Biophysics`` (the cells) and ``Phases`` (the clockwork).
"P" is Guerguiev, Lillicrap & Richards (2017), eLife 6:e22901; "C" is what the authors' code does.
Potentials are in mV with rest at 0 mV, conductances per unit capacitance (1/ms), rates in Hz.
"""

from collections.abc import Callable
from typing import NamedTuple

from brian2 import Hz, Quantity, have_same_dimensions, ms, mV

UNITS = ((mV, "mV"), (ms, "ms"), (Hz, "Hz"), (1 / ms, "1/ms"), (ms**2, "ms^2"), (mV / ms, "mV/ms"))


class Biophysics(NamedTuple):
    """Parameters of the cells (P Table 1). Every field is a quantity with a unit."""

    tau_s: Quantity = 3 * ms  # rise of the synaptic kernel
    tau_L: Quantity = 10 * ms  # decay of the synaptic kernel, and the leak: g_l = 1/tau_L
    g_l: Quantity = 0.1 / ms  # leak conductance
    g_b: Quantity = 0.6 / ms  # basal dendrite to soma, hidden cells
    g_d: Quantity = 0.6 / ms  # dendrite to soma, output cells
    g_a: Quantity = 0.0 / ms  # apical dendrite to soma: 0 is a fully segregated dendrite
    phi_max: Quantity = 200 * Hz  # highest firing rate
    E_E: Quantity = 8 * mV  # reversal potential of the excitatory teaching conductance
    E_I: Quantity = -8 * mV  # reversal potential of the inhibitory teaching conductance
    g_teach: Quantity = 1.0 / ms  # teaching conductance while it is on (C: same units as g_l)

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

    def namespace(self):
        """All symbols that equations may use, derived ones included."""
        derived = {name: getattr(self, name) for name in ("k_b", "k_d", "P_0", "P_1")}
        return self._asdict() | derived


class Start(NamedTuple):
    """What initial weights are drawn for (P 'Weight initialisation'; see ``models.weights``)."""

    V_avg: Quantity = 3 * mV  # mean dendritic potential
    V_sd: Quantity = 3 * mV  # its spread over cells
    b_avg: Quantity = 0.8 * mV  # mean bias
    b_sd: Quantity = 0.001 * mV  # its spread
    slope: float = 0.25  # of the rate at 0 mV, in phi_max per mV
    root_12: float = 3.465  # C: a uniform draw of width 1 has a spread of 1/sqrt(12)


SOURCES = {
    "tau_s": "P Table 1, Eq. 3: rise of the synaptic kernel",
    "tau_L": "P Table 1, Eq. 3: decay of the synaptic kernel",
    "g_l": "P Table 1: leak conductance, 1/tau_L",
    "g_b": "P Table 1: basal dendrite to soma, hidden cells",
    "g_d": "P Table 1: dendrite to soma, output cells",
    "g_a": "P Eq. 1, Fig 9: apical dendrite to soma",
    "phi_max": "P Table 1: highest firing rate",
    "E_E": "P Table 1: excitatory reversal potential of teaching",
    "E_I": "P Table 1: inhibitory reversal potential of teaching",
    "g_teach": "C: teaching conductance, in the units of g_l",
    "k_b": "P Eq. 33: gain from basal dendrite to soma (derived)",
    "k_d": "P Eq. 28: gain from dendrite to soma, output cells (derived)",
    "P_0": "P Table 1: scale of the hidden error, 20/phi_max (derived)",
    "P_1": "P Table 1: scale of the output error, 20/phi_max^2 (derived)",
}


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


def in_unit(name, value):
    """A quantity as (number, unit) in the units of the model; conductances are in 1/ms."""
    value = Quantity(value)
    if value.is_dimensionless:
        return float(value), "1"
    for unit, text in UNITS:
        if have_same_dimensions(value, unit) and not (text == "Hz" and name.startswith("g_")):
            return float(value / unit), text
    unit = value.get_best_unit()
    return float(value / unit), str(unit)


def with_unit(name, value):
    """A quantity as text, in the units of the model."""
    number, unit = in_unit(name, value)
    return f"{number:g} {unit}"
