"""A data set in one file: ``numpy.savez`` of images and labels.

Nothing in it is run: arrays of Python objects, which numpy would unpickle, are refused.
"""

import math
import zipfile

import numpy as np

from experiments.run import files
from experiments.run.dataset import ARRAYS, MOST, DataError, of_arrays
from experiments.run.trains import KEYS, of_trains


def read(path):
    """The data set of a file.

    Parameters
    ----------
    path : path
        Of ``numpy.savez`` or ``numpy.savez_compressed`` with the arrays ``train_images``,
        ``train_labels``, ``test_images`` and ``test_labels``, as ``dataset.of_arrays`` takes them,
        or with those of ``trains.of_trains``; others are not read.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        For a file that is not there, damaged or too large, or lacks an array, and as
        ``dataset.of_arrays``.
    """
    try:
        with files.plain(path) as file, zipfile.ZipFile(file) as held:
            if f"{KEYS[0]}.npy" in held.namelist():
                return of_trains(**{name: _array(held, name) for name in KEYS})
            return of_arrays(**{name: _array(held, name) for name in ARRAYS})
    except FileNotFoundError as error:
        raise DataError(f"--dataset: no file {path}") from error
    except files.RunError as error:
        raise DataError(f"--dataset: {error}") from error
    except DataError as error:
        raise DataError(f"{path}: {error}") from error
    except MemoryError:
        raise
    except Exception as error:  # damage raises whatever numpy and zipfile stumble upon
        raise DataError(f"{path} is damaged, or no npz file ({files.said(error)})") from error


def _array(held, name):
    """An array of the archive, whose header says no more than there is."""
    member = f"{name}.npy"
    if member not in held.namelist():
        there = ", ".join(sorted(n.removesuffix(".npy") for n in held.namelist())) or "nothing"
        there = "".join(c if c.isprintable() else "?" for c in there[: files.LETTERS])
        raise DataError(f"it has no {name}, but {there}")
    info = held.getinfo(member)
    if info.file_size > MOST:
        raise DataError(f"{name} is too large: more than {MOST >> 30} GB")
    with held.open(member) as file:
        shape, kind = _header(file)
    if kind.hasobject:
        raise DataError(
            f"{name} holds Python objects, which are not read: save it as numbers, or as "
            "np.array(labels, dtype=str)"
        )
    if math.prod(shape) * kind.itemsize > info.file_size:
        raise DataError(f"{name} is damaged: its header tells of more than there is")
    with held.open(member) as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def _header(file):
    """Shape and type that the header of an array tells."""
    version = np.lib.format.read_magic(file)
    read_header = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in read_header:
        raise ValueError(f"arrays of version {version}")
    shape, _, kind = read_header[version](file)
    return shape, kind
