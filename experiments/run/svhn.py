"""SVHN, cropped digits of house numbers (Netzer et al. 2011), from its two MATLAB files.

A file is opened only if it is, byte for byte, the published one: a damaged one can crash SciPy's
reader, and Python with it.
"""

import numpy as np
from scipy.io import loadmat

from experiments.run import files, sources
from experiments.run.dataset import PARTS, DataError, Dataset, of_bytes

CLASSES, COLOURS, SIDE = 10, 3, 32


def read(name, source, folder=None):
    """The data set; parameters, and images, as ``cifar.read``.

    The files call the digit 0 class 10; here it is class 0.
    """
    found = {}
    for part in PARTS:
        path = sources.find(name, source, part, folder)
        with sources.opened(path) as file:
            sources.refuse_another(file, path, source, part)
            images, labels = _arrays(file, path)
        found[f"{part}_labels"] = labels % CLASSES
        found[f"{part}_images"] = of_bytes(images)
    return Dataset(**found, classes=CLASSES, channels=COLOURS)


def _arrays(file, path):
    """Bytes of the images, as rows with all of red first, and labels from 1 to 10."""
    try:
        held = loadmat(file, variable_names=("X", "y"))
    except MemoryError:
        raise
    except Exception as error:  # damage raises whatever scipy stumbles upon
        raise DataError(f"{path} is no MATLAB file ({files.said(error)})") from error
    images, labels = held.get("X"), held.get("y")
    if images is None or labels is None:
        raise DataError(f"{path} has no {'X' if images is None else 'y'}")
    labels = labels.ravel()
    shape = (SIDE, SIDE, COLOURS, len(labels))  # rows, columns, colours, images
    if images.shape != shape or images.dtype != np.uint8 or labels.dtype.kind not in "ui":
        raise DataError(f"{path} holds no bytes of {SIDE} x {SIDE} x {COLOURS} x images and labels")
    if not len(labels) or labels.min() < 1 or labels.max() > CLASSES:
        raise DataError(f"{path}: labels are 1 to {CLASSES}")
    return images.transpose(3, 2, 0, 1).reshape(len(labels), -1), labels.astype(int)
