"""The paper's hidden cell in closed form, for any of its parameters: what a bench should find.

Time in ms, potentials in mV, conductances in 1/ms (per unit capacitance), rates in 1/ms unless they
say Hz. Given a time step dt, a formula is that of the steps; without one, of continuous time.
"""

from typing import NamedTuple

import numpy as np
from brian2 import ms
from scipy.special import expit as sigma
from scipy.special import factorial

from models.segregated.pyramidal import HIDDEN


class Closed(NamedTuple):
    """Parameters of the paper's cell as plain numbers; methods are its closed forms."""

    g_l: float
    g_b: float
    g_a: float
    tau_s: float
    tau_L: float
    phi_max: float

    @classmethod
    def of(cls, params):
        """From a cell's ``Biophysics``."""
        times = {name: float(getattr(params, name) / ms) for name in ("tau_s", "tau_L")}
        others = {k: float(getattr(params, k) * ms) for k in ("g_l", "g_b", "g_a", "phi_max")}
        return cls(**times, **others)

    @property
    def g(self):
        """All that leaves the soma; 1/g is its time constant and its input resistance."""
        return self.g_l + self.g_b + self.g_a

    @property
    def k_b(self):
        """Steady gain of the basal dendrite (P Eq. 33)."""
        return self.g_b / self.g

    @property
    def k_a(self):
        """Steady gain of the apical dendrite."""
        return self.g_a / self.g

    def resistance(self, dt):
        """Steady somatic deflection by a current that acts half before and half after each step.

        mV/(mV/ms); 1/g (1 + (g dt)^2/12) for short steps.
        """
        return dt / 2 / np.tanh(self.g * dt / 2)

    def rate(self, V):
        """Rate at a somatic potential V, Hz (P Eq. 5)."""
        return 1e3 * self.phi_max * sigma(V)

    def kappa(self, t):
        """The synaptic kernel, 1/ms (P Eq. 3); t of any shape, 0 before the spike."""
        t = np.maximum(t, 0)
        return (np.exp(-t / self.tau_L) - np.exp(-t / self.tau_s)) / (self.tau_L - self.tau_s)

    def soma(self, t, conductance):
        """What a spike through a weight of 1 mV ms does to the soma, mV.

        ``conductance`` is that of the dendrite where it arrives: g_b or g_a.
        """
        t = np.maximum(t, 0)
        fall = np.exp(-self.g * t)
        slow, fast = (
            (np.exp(-t / tau) - fall) / (self.g - 1 / tau) for tau in (self.tau_L, self.tau_s)
        )
        return conductance * (slow - fast) / (self.tau_L - self.tau_s)

    def stepped_soma(self, steps, dt, gain=None):
        """The same in steps of dt, as the network takes them: (steps,).

        ``gain`` is that of the dendrite where the spike arrives; without it, the basal one's.
        """
        gain = self.k_b if gain is None else gain
        keep, V = np.exp(-self.g * dt), np.zeros(steps + 1)
        dendrite = self.kappa(dt * np.arange(1, steps + 1))
        for step in range(steps):  # the dendrite first, then the soma towards it
            V[step + 1] = keep * V[step] + (1 - keep) * gain * dendrite[step]
        return V[1:]


def of(cell):
    """Closed forms of a cell, or None if it differs from the paper's in more than parameters.

    How a cell learns is not looked at.
    """
    compared = [name for name in cell._fields if name not in ("params", "learning")]
    same = all(getattr(cell, name) == getattr(HIDDEN, name) for name in compared)
    return Closed.of(cell.params) if same else None


PAPER = Closed.of(HIDDEN.params)


def shot_noise(response, chance, synapses, weight):
    """Mean and variance of a potential under spikes that come or not in each step.

    ``response``, shape (steps,), is what a spike of each earlier step adds now, for a weight of
    1 mV ms: 1/ms; ``chance`` is that of a spike in a step, at each synapse; ``weight`` in mV ms.
    """
    mean = synapses * chance * weight * response.sum()
    return mean, synapses * chance * (1 - chance) * weight**2 * np.sum(response**2)


def expected_sigma(mean, variance):
    """Mean of sigma(V) for a Gaussian V, mV and mV^2: Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    return sigma(mean + np.sqrt(variance) * nodes) @ weights / weights.sum()


def bernoulli(chance):
    """CV of the intervals, and Fano factor of the counts, of spikes that come or not in a step."""
    return np.sqrt(1 - chance), 1 - chance


def geometric(chance, steps):
    """Share of intervals of 1, 2, ... steps between such spikes; ``steps`` an array of int."""
    return chance * (1 - chance) ** (steps - 1)


def driven(response, mean, variance, highest, window):
    """Spikes drawn at highest*sigma(V) a step for a Gaussian V: mean chance, and Fano factor.

    ``response``, shape (steps,), is that of V to the noise that drives it: its autocorrelation is
    that of V. Mean and variance of V, mV and mV^2; ``window``: steps of a count.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    chance = highest * sigma(mean + np.sqrt(variance) * nodes)
    orders = np.arange(9)
    hermite = np.polynomial.hermite_e.hermevander(nodes, orders[-1])
    share = (weights * chance) @ hermite / weights.sum()  # Hermite coefficients of the chance
    padded = np.append(response, np.zeros(window))
    both = [padded[lag:] @ padded[: len(padded) - lag] for lag in range(window)]
    powers = (np.array(both) / both[0])[:, None] ** orders
    covariance = powers[:, 1:] @ (share[1:] ** 2 / factorial(orders[1:]))
    counts = covariance[0] * window + 2 * (window - np.arange(1, window)) @ covariance[1:]
    expected = share[0]
    own = expected - (weights @ chance**2) / weights.sum()  # of a draw, at a given chance
    return expected, own / expected + counts / (window * expected)
