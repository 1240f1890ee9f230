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
