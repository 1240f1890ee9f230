"""What several theories measure, as pure functions on arrays.

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


def largest_eigenvalue(U):
    """mu, the largest eigenvalue of (I - U)^T (I - U); Theorem 1 asks for mu < 1 (P Fig 5-S1).

    ``U`` has shape (..., n, n), mu shape (...).
    """
    rest = np.eye(U.shape[-1]) - U
    return np.linalg.eigvalsh(np.swapaxes(rest, -1, -2) @ rest)[..., -1]


def angle_to_identity(U):
    """Angle in degrees between U and the identity, whatever the scale of Y; shape (...).

    90 degrees for matrices that know nothing of each other, 0 where U is a multiple of I.
    """
    flat = U.reshape(*U.shape[:-2], -1)
    return angle(flat, np.broadcast_to(np.eye(U.shape[-1]).ravel(), flat.shape))


def distance(one, other):
    """Squared distance of two vectors of each image, shape (...)."""
    return np.sum((one - other) ** 2, axis=-1)


def correlation(one, other):
    """Pearson's r of two arrays of shape (n,); nan for fewer than 3 or where nothing varies."""
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return np.nan
    return float(np.corrcoef(one, other)[0, 1])
