"""The nonlinear regression task of Sacramento et al. (2018, Fig 2): a teacher network without
dendrites, which the circuit is to become."""

from typing import NamedTuple

import numpy as np

from models.microcircuit.rates import RATES

INPUTS, TEACHER, STUDENT = 30, (20, 10), (50, 10)
K = (2.0, 10.0)  # gains of the teacher's layers


class Regression(NamedTuple):
    """A teacher: u = k_2 W_2 phi(k_1 W_1 x), weights from U(-1, 1), phi the rectifier."""

    W_1: np.ndarray
    W_2: np.ndarray

    @classmethod
    def of(cls, seed):
        """One drawn from a seed."""
        rng = np.random.default_rng([seed, 21])
        hidden, outputs = TEACHER
        return cls(rng.uniform(-1, 1, (INPUTS, hidden)), rng.uniform(-1, 1, (hidden, outputs)))

    def patterns(self, count, rng):
        """Patterns of U(-1, 1), shape (count, inputs), and their target potentials."""
        x = rng.uniform(-1, 1, (count, INPUTS))
        return x, self.potentials(x)

    def potentials(self, x):
        """Target potentials, shape (patterns, outputs)."""
        first, second = K
        return second * (RATES["rectifier"](first * (x @ self.W_1)) @ self.W_2)
