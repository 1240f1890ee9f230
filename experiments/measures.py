"""What several theories measure, as pure functions on arrays.

Cells are the last axis of an array; images, if any, come before it.
"""

import numpy as np

from models.measures import angle, descent, distance

__all__ = [
    "angle",
    "angle_to_identity",
    "correlation",
    "descent",
    "distance",
    "largest_eigenvalue",
]


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


def correlation(one, other):
    """Pearson's r of two arrays of shape (n,); nan for fewer than 3 or where nothing varies."""
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return np.nan
    return float(np.corrcoef(one, other)[0, 1])
