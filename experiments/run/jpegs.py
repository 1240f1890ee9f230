"""A data set of small JPEG pictures in one zip file: an approximate copy of CIFAR-10.

Files are PART/CLASS/NNNN.jpg, PART "train" or "test", perhaps below one folder, as GitHub packs
them. JPEG loses detail: images are near those that are published, and never the same, and their
order is another. So this is a data set of its own, and results of it are none of CIFAR-10.

Pictures are decoded only if all of them are, byte for byte, those that are known.
"""

import hashlib
import io
import zipfile

import numpy as np

from experiments.run import files, sources
from experiments.run.dataset import PARTS, DataError, Dataset, of_bytes

COLOURS, SIDE = 3, 32
LARGEST = 1 << 12  # bytes of a picture, which has 1,124 at most
SEED = 0  # of the order of images


def read(name, source, folder=None):
    """The data set.

    Images are shuffled, as those in the file are sorted by class: those of training by
    ``numpy.random.RandomState(0).permutation``, which NumPy promises not to change, then those of
    testing by the next. The last N of them, as any others, are then of all classes.

    Parameters
    ----------
    name : str
        What the data set is called.
    source : sources.Source
    folder : path
        Of the zip file.

    Returns
    -------
    Dataset
        Images of 3 x 32 x 32 pixels, all of red first, then of green, then of blue.

    Raises
    ------
    DataError
        If the file is not there, is damaged, lacks a picture, or has others than those known.
    """
    path = sources.find(name, source, "archive", folder)
    try:
        with sources.opened(path) as file, zipfile.ZipFile(file) as held:
            pictures = {part: _pictures(held, part, source.images[part]) for part in PARTS}
    except DataError as error:
        raise DataError(f"{path}: {error}") from error
    except MemoryError:
        raise
    except Exception as error:  # damage raises whatever zipfile stumbles upon
        raise DataError(f"{path} is damaged, or no zip file ({files.said(error)})") from error
    if digest(pictures) != source.contents["archive"]:
        raise DataError(f"{path.name} does not hold the known pictures, but others or changed ones")
    rng, found = np.random.RandomState(SEED), {}
    for part in PARTS:
        order = rng.permutation(len(pictures[part]))
        images = np.empty((len(order), COLOURS * SIDE**2), np.uint8)
        for place, own in enumerate(order):
            images[place] = _decoded(pictures[part][own], path)
        found[f"{part}_images"] = of_bytes(images)
        found[f"{part}_labels"] = order // source.images[part]  # files are by class
    return Dataset(**found, classes=len(sources.CIFAR), names=sources.CIFAR, channels=COLOURS)


def digest(pictures):
    """SHA-256 of the files' bytes, one after the other: training first, by class and number.

    ``pictures``: "train" and "test" -> list of bytes.
    """
    found = hashlib.sha256()
    for part in PARTS:
        for data in pictures[part]:
            found.update(len(data).to_bytes(8, "big"))
            found.update(data)
    return found.hexdigest()


def _pictures(held, part, count):
    """The files of a part, ``count`` of each class, in their order."""
    names = [f"{part}/{kind}/{k:04d}.jpg" for kind in sources.CIFAR for k in range(count)]
    there = {info.filename: info for info in held.infolist()}
    first = next((name for name in there if name.endswith(names[0])), names[0])
    above = first.removesuffix(names[0])
    missing = next((name for name in names if above + name not in there), None)
    if missing:
        raise DataError(f"it has no {missing}")
    infos = [there[above + name] for name in names]
    large = next((info for info in infos if info.file_size > LARGEST), None)
    if large:
        raise DataError(f"{large.filename} is no picture of {SIDE} x {SIDE} pixels: too large")
    return [held.read(info) for info in infos]


def _decoded(data, path):
    """Bytes of an image, shape (3 x 32 x 32,), all of red first."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            pixels = np.asarray(picture.convert("RGB"))
    except (OSError, SyntaxError, ValueError) as error:
        raise DataError(f"{path}: a picture cannot be decoded ({files.said(error)})") from error
    if pixels.shape != (SIDE, SIDE, COLOURS):
        raise DataError(f"{path}: a picture is of {pixels.shape}, not {(SIDE, SIDE, COLOURS)}")
    return pixels.transpose(2, 0, 1).ravel()
