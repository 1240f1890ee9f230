"""Rates of potentials and potentials of rates, as arrays."""

import numpy as np

from models.microcircuit.parameters import Dendrites

GAMMA, BETA, THETA = Dendrites().gamma, Dendrites().beta, Dendrites().theta


def softplus(u):
    """log(1 + exp(u)), of any size."""
    return np.logaddexp(u, np.zeros((), np.asarray(u).dtype))


RATES = {
    "logistic": lambda u: (1 + np.tanh(u / 2)) / 2,  # of any u; fast in single precision
    "softplus": softplus,
    "rectifier": lambda u: GAMMA * softplus(BETA * (u - THETA)),
}
# What a rate is the rate of, and the slope of phi at a potential whose rate is r.
POTENTIALS = {
    "logistic": lambda r: np.log(r / (1 - r)),
    "softplus": lambda r: np.log(np.expm1(r)),
    "rectifier": lambda r: THETA + np.log(np.expm1(r / GAMMA)) / BETA,
}
SLOPES = {
    "logistic": lambda r: r * (1 - r),
    "softplus": lambda r: -np.expm1(-r),
    "rectifier": lambda r: -GAMMA * BETA * np.expm1(-r / GAMMA),
}
