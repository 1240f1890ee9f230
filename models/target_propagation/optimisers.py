"""Adam and RMSprop, as functions of a weight, its gradient and its two moments.

Moments are running means of the gradient and of its square; they are arrays of the state of a run.
Each function takes ``w, mean, square, grad`` (one shape), the rate ``eta`` and the number ``k`` of
this update, from 1, and gives ``w, mean, square``; nothing that it is given changes.
"""

import numpy as np

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
RHO, EPSILON_RMS = 0.95, 1e-4


def adam(w, mean, square, grad, eta, k):
    """Kingma & Ba (2015), Algorithm 1: a step by the mean over the root of the mean square."""
    mean = BETA_1 * mean + (1 - BETA_1) * grad
    square = BETA_2 * square + (1 - BETA_2) * np.square(grad)
    size = np.sqrt(square / (1 - BETA_2**k))
    size += EPSILON
    return w - eta / (1 - BETA_1**k) * mean / size, mean, square


def rmsprop(w, mean, square, grad, eta, k):
    """Centred RMSprop (Graves 2013, Eqs 38 to 40, without momentum): a step by the spread."""
    mean = RHO * mean + (1 - RHO) * grad
    square = RHO * square + (1 - RHO) * np.square(grad)
    return w - eta * grad / np.sqrt(square - np.square(mean) + EPSILON_RMS), mean, square


OPTIMISERS = {"adam": adam, "rmsprop": rmsprop}
