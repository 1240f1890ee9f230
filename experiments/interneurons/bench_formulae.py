"""What the bench of the interneurons should find, in closed form, from the cells' own parameters.

Time in ms, potentials in mV, conductances in 1/ms, rates in Hz. dt is the step: a formula that
takes one is that of the steps.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit

from models import units

LONG = 20_000  # steps: by then each cell has fired


class Soma(NamedTuple):
    """A Poisson cell of the paper's form, whose dendrite is at b without input."""

    phi_max: float
    b: float
    g_l: float
    g_d: float
    tau_s: float
    tau_L: float
    b_w: float = 0.0  # adaptation: what it takes from the dendrite at the highest rate

    @classmethod
    def of(cls, cell):
        """From a cell's parameters; of a pyramidal cell, from its basal dendrite at 0 mV."""
        known = cell.namespace
        there = [name for name in ("phi_max", "b", "tau_s", "tau_L", "b_w") if name in known]
        told = {"b": 0.0} | {name: units.number(known[name])[0] for name in there}
        g_d = known["g_d"] if "g_d" in known else known["g_b"]
        return cls(**told, g_l=in_ms(known["g_l"]), g_d=in_ms(g_d))

    @property
    def g(self):
        """All that leaves the soma; its inverse is time constant and input resistance."""
        return self.g_l + self.g_d

    @property
    def rest(self):
        """Potential without input and adaptation."""
        return self.g_d * self.b / self.g

    def resistance(self, dt):
        """mV for 1 mV/ms that acts half before and half after each step; 1/g for short ones."""
        return dt / 2 / np.tanh(self.g * dt / 2)

    def rate(self, current, dt):
        """Steady rate under a current; adaptation at its mean."""
        V = self.rest + self.resistance(dt) * current
        if not self.b_w:
            return self.phi_max * expit(V)
        gain = self.g_d / self.g * self.b_w
        return self.phi_max * brentq(lambda x: x - expit(V - gain * x), 0, 1)

    def current(self, rate, dt):
        """The current that gives a rate: inverse of ``rate``."""
        share = rate / self.phi_max
        V = logit(share) + self.g_d / self.g * self.b_w * share
        return (V - self.rest) / self.resistance(dt)

    def first_spike(self, hold, current, dt):
        """Mean time to the first spike after a step from one current to another; no adaptation."""
        V_0, V_end = (self.rest + self.resistance(dt) * one for one in (hold, current))
        V = V_end + (V_0 - V_end) * np.exp(-self.g * dt * np.arange(1, LONG))
        silent = np.cumprod(1 - self.phi_max * expit(V) * dt / 1e3)
        return dt * (1 + silent.sum())

    def epsp(self, steps, dt):
        """Response of the soma to a kernel of 1 mV ms in the dendrite, (steps,): ends of steps.

        In each step the dendrite moves first, and then the soma towards it.
        """
        t, keep = dt * np.arange(1, steps + 1), np.exp(-self.g * dt)
        V_d = (np.exp(-t / self.tau_L) - np.exp(-t / self.tau_s)) / (self.tau_L - self.tau_s)
        V = np.zeros(steps + 1)
        for k in range(steps):
            V[k + 1] = keep * V[k] + (1 - keep) * self.g_d / self.g * V_d[k]
        return V[1:]

    def ipsp(self, g, tau, E, steps, dt):
        """Change of the potential at rest by a conductance that decays, (steps,)."""
        V, drive = np.full(steps + 1, self.rest), self.g * self.rest
        for k in range(steps):
            now = g * np.exp(-(k + 1) * dt / tau)
            V_end = (drive + now * E) / (self.g + now)
            V[k + 1] = V_end + (V[k] - V_end) * np.exp(-(self.g + now) * dt)
        return V[1:] - self.rest

    def driven(self, g_E, E_E, g_I, E_I):
        """Steady rate with conductances onto the soma."""
        V = (self.g_d * self.b + g_E * E_E + g_I * E_I) / (self.g + g_E + g_I)
        return self.phi_max * expit(V)


class Synapse(NamedTuple):
    """Dynamic synapses (``models.interneurons.parameters.ShortTerm``), times in ms."""

    U: float
    tau_D: float
    tau_F: float
    F: float

    @classmethod
    def of(cls, cell, onto):
        """Those of a pyramidal cell onto a class."""
        told = {name: units.number(cell.namespace[f"{name}_{onto}"])[0] for name in cls._fields}
        return cls(**told)

    def steady(self, interval):
        """What a spike of a long regular train releases: u R just before it."""
        kept_F, kept_D = np.exp(-interval / self.tau_F), np.exp(-interval / self.tau_D)
        u = (self.U * (1 - kept_F) + self.F * kept_F) / (1 - (1 - self.F) * kept_F)
        return u * (1 - kept_D) / (1 - (1 - u) * kept_D)

    def train(self, interval, spikes):
        """What each of so many spikes releases, from rest: (spikes,)."""
        kept_F, kept_D = np.exp(-interval / self.tau_F), np.exp(-interval / self.tau_D)
        u, R, sent = self.U, 1.0, []
        for _ in range(spikes):
            sent.append(u * R)
            R = 1 - (1 - R * (1 - u)) * kept_D
            u = self.U + (u + self.F * (1 - u) - self.U) * kept_F
        return np.array(sent)


def in_ms(conductance):
    """A conductance in 1/ms."""
    return units.number(conductance, "1/ms")[0]


def felt(tau, dt):
    """Mean conductance by spikes at the standard rate, of what it is called; felt a step later."""
    return dt / tau / np.expm1(dt / tau)
