"""What theories and their pages measure alike, as pure functions on arrays.

Cells are the last axis of an array; images, if any, come before it.
"""

import numpy as np


def angle(one, other):
    """Angle in degrees between two vectors of each image (P Fig 7A).

    Parameters
    ----------
    one, other : ndarray, shape (..., cells)
        In any unit.

    Returns
    -------
    ndarray, shape (...)
        nan where a vector is zero.
    """
    one, other = np.asarray(one, float), np.asarray(other, float)  # records may be single
    length = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    cosine = np.full(length.shape, np.nan)
    np.divide(np.sum(one * other, axis=-1), length, out=cosine, where=length > 0)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def distance(one, other):
    """Squared distance of two vectors of each image, shape (...)."""
    return np.sum((one - other) ** 2, axis=-1)


def descent(target, moved, there):
    """Both sides of the condition that targets of a layer bring the next one nearer to its own.

    Lee et al. (2015), Theorem 1 of Guerguiev et al. (2017): it holds where left < right.

    Parameters
    ----------
    target : ndarray, shape (..., cells)
        Of the upper layer.
    moved, there : ndarray, shape (..., cells)
        What the upper layer does if the lower one is at its target, and what it does as it is.

    Returns
    -------
    left, right : ndarray, shape (...)
        Squared distance to the target, there and here.
    """
    return distance(target, moved), distance(target, there)


SLOPES = {  # of a rate by its drive, from the rate
    "logistic": lambda h: h * (1 - h),
    "tanh": lambda h: 1 - h**2,
    "bounded": lambda h: ((h > 0) & (h < 1)).astype(float),  # as they are, between 0 and 1
    "softmax": np.ones_like,  # with its own loss, the cross-entropy
}


def descents(rates, weights, target, hidden, output):
    """What backpropagation would change of each layer's weights, up to a factor.

    Parameters
    ----------
    rates : list of ndarray, shape (images, cells)
        The input, hidden layers, and the output.
    weights : list of ndarray, shape (cells below, cells above)
    target : ndarray, shape (images, cells)
        Rates that are asked of the output; the loss is their squared distance.
    hidden, output : str
        Names of ``SLOPES``.

    Returns
    -------
    list of ndarray, shapes as ``weights``
        The direction of steepest descent, of the mean over images.
    """
    delta = (target - rates[-1]) * SLOPES[output](rates[-1])
    found = []
    for below, above in zip(rates[-2::-1], weights[::-1], strict=True):
        found.append(below.T @ delta / len(target))
        delta = (delta @ above.T) * SLOPES[hidden](below)
    return found[::-1]
