"""Training images shifted by a few pixels, drawn anew each time that they are shown."""

import math

import numpy as np

from experiments.run.dataset import DataError


def side(data):
    """Pixels along an edge of the images; DataError if they are no square images."""
    if data.trains:
        raise DataError("--shift: it is for images, and these are spike trains")
    pixels = data.train_images.shape[1] // data.channels
    edge = math.isqrt(pixels)
    if edge**2 != pixels:
        raise DataError(f"--shift: images of {pixels} pixels are not square")
    return edge


def shifted(images, edge, most, seed):
    """Each image shifted along rows and columns, by whole pixels, independently.

    Parameters
    ----------
    images : ndarray, shape (n, channels x edge x edge)
    edge : int
    most : int
        Each shift is one of -most, ..., most; what comes in is 0.
    seed : int

    Returns
    -------
    ndarray, of the same shape and type
    """
    rng, found = np.random.default_rng(seed), np.empty_like(images)
    grid, out = (array.reshape(len(images), -1, edge, edge) for array in (images, found))
    padded = np.pad(grid, ((0, 0), (0, 0), (most, most), (most, most)))
    places = rng.integers(0, 2 * most + 1, (len(images), 2))
    for row in range(2 * most + 1):
        for column in range(2 * most + 1):
            mine = (places == (row, column)).all(axis=1)
            out[mine] = padded[mine, :, row : row + edge, column : column + edge]
    return found
