"""Pairs of currents that change in time, and an ensemble of 4,000 cells that is given them."""

from typing import NamedTuple

import numpy as np

from experiments.bursts.ensembles import Ensembles, binned, noise, sine, smooth, steps
from models.engine.recording import SPIKES, Recording

SEEDS = (1, 2, 3)
PARTS, PART = 80, 50  # ensembles of so many cells, all given the same: their sums are larger ones
BURN_IN, LASTS = 500, 30_000  # ms
MEAN_S, MEAN_D = 350, 250  # pA
STRENGTHS = {"noise": (100, 80), "strong_noise": (200, 150)}  # standard deviations, pA
TAU_S, TAU_D = 50, 100  # ms: of noise
CONDITIONS = ("steps", "sines", *STRENGTHS)


def currents(condition, seed, ms):
    """Bottom-up and top-down currents, pA, a value for each ms."""
    if condition == "steps":
        return steps((150, 550), 400, 0.5, 0.0, ms), steps((100, 400), 400, 0.7, 0.1, ms)
    if condition == "sines":
        return sine(MEAN_S, 200, 500, ms), sine(MEAN_D, 150, 500 * 5**0.5, ms)
    rng, (soma, dendrite) = np.random.default_rng([seed, 5]), STRENGTHS[condition]
    return noise(MEAN_S, soma, TAU_S, ms, rng), noise(MEAN_D, dendrite, TAU_D, ms, rng)


class Answer(NamedTuple):
    """What an ensemble was given, and what it did after the burn-in.

    Attributes
    ----------
    raw, same : dict of ndarray
        ``I_s`` and ``I_d`` by bin of 10 ms, in pA; ``same``: through the window of 50 ms through
        which rates are seen.
    shown : Shown
        Of all parts.
    """

    raw: dict
    same: dict
    shown: object

    @classmethod
    def of(cls, x_s, x_d, shown, burn_in):
        """From currents and what followed, both with the burn-in."""
        ends = burn_in, len(x_s)
        raw = {"I_s": binned(x_s[slice(*ends)]), "I_d": binned(x_d[slice(*ends)])}
        return cls(raw, {name: smooth(x) for name, x in raw.items()}, shown.of(*ends))


class Population:
    """4,000 cells; small and short for ``--smoke``. ``cell``: another one than the paper's."""

    def __init__(self, setting, cell=None):
        self.parts, self.part = setting.size((PARTS, PART), (4, 5))
        self.burn_in, lasts = setting.size((BURN_IN, LASTS), (40, 260))
        self.ms = self.burn_in + lasts
        record = Recording({SPIKES: ()})
        about = setting, self.part, self.parts, self.ms, record
        self.ensembles = Ensembles(*about, cell=cell)

    @property
    def sizes(self):
        """Of ensembles that are made of all parts, or of some: cells -> parts."""
        few = [n for n in (1, 4, 20, 80) if n <= self.parts]
        return {n * self.part: n for n in few}

    def keep(self, shown, condition, seed):
        """Write what was asked to be recorded."""
        phases = [(0, self.burn_in, "before"), (self.burn_in, self.ms, condition)]
        self.ensembles.keep(shown, condition, phases, seed)

    def answer(self, condition, seed):
        """What it does about the currents of a condition: an ``Answer``."""
        x_s, x_d = currents(condition, seed, self.ms)
        return Answer.of(x_s, x_d, self.ensembles.run(x_s, x_d, seed), self.burn_in)
