"""A data set: images with labels for training and for testing, checked and split.

From arrays it is made here; ``idx``, ``npz`` and ``data`` read files.
"""

import hashlib
import io
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from experiments.run import files
from models.theory import LARGEST, Trains

PIXEL = np.float32  # more than the bytes that files have
MOST = 1 << 31  # bytes of a file: four times as much in memory
WHITE = 255  # of pixels that are not in [0, 1]
MANY = 1000  # classes
LETTERS = 60  # of a class's name
PARTS = ("train", "test")
ARRAYS = tuple(f"{part}_{kind}" for part in PARTS for kind in ("images", "labels"))


class DataError(ValueError):
    """The data cannot be used; the message is one sentence for the user."""


class Dataset(NamedTuple):
    """Images with labels, for training and for testing.

    Attributes
    ----------
    train_images, test_images : ndarray of float32, shape (n, pixels)
        Pixels in [0, 1].
    train_labels, test_labels : ndarray of int, shape (n,)
        Classes, from 0.
    classes : int
        Number of classes.
    names : tuple of str
        Of the classes; empty: they are called by their numbers.
    trains : Trains or None
        If examples are spike trains: what a row of images is then.
    channels : int
        Parts of equal size that a row of images is made of, one after the other: 3 of images with
        colour (red, green, blue), others where they are encoded (``encodings``).
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    classes: int
    names: tuple = ()
    trains: Trains | None = None
    channels: int = 1

    @property
    def inputs(self):
        """What a theory's network is told of them: the number of pixels, or ``Trains``."""
        return self.trains or self.train_images.shape[1]

    def digest(self):
        """SHA-256 of all images and labels: whether two data sets are the same."""
        found = hashlib.sha256()
        for array in self[:4]:
            found.update(f"{array.dtype}{array.shape}".encode())
            found.update(np.ascontiguousarray(array))
        return found.hexdigest()

    def hold_out(self, count):
        """The last ``count`` training images in the place of the test images; 0: as it is.

        DataError if a class of the training set is in one of the two parts only, as where images
        are sorted by class: an error of the others would be none of the network's.
        """
        if not count:
            return self
        if count >= len(self.train_images):
            raise DataError(f"--validation: {count} images to hold out of {len(self.train_images)}")
        left, held = (set(part.tolist()) for part in np.split(self.train_labels, [-count]))
        if left != held:
            where = f"the last {count} training images" if left - held else "those before them"
            raise DataError(
                f"--validation: {where} have none of class {min(left - held or held - left)}: "
                "hold out another number, or shuffle the files"
            )
        return self._replace(
            train_images=self.train_images[:-count],
            train_labels=self.train_labels[:-count],
            test_images=self.train_images[-count:],
            test_labels=self.train_labels[-count:],
        )

    def limit(self, train=None, test=None):
        """The first ``train`` and ``test`` images only (None: all)."""
        for name, wanted, there in (
            ("--train-examples", train, len(self.train_images)),
            ("--test-examples", test, len(self.test_images)),
        ):
            if wanted is not None and not 0 < wanted <= there:
                raise DataError(f"{name}: {wanted} images asked for, the data set has 1 to {there}")
        return self._replace(
            train_images=self.train_images[:train],
            train_labels=self.train_labels[:train],
            test_images=self.test_images[:test],
            test_labels=self.test_labels[:test],
        )


def of_arrays(train_images, train_labels, test_images, test_labels):
    """A data set from arrays.

    Parameters
    ----------
    train_images, test_images : array of numbers, shape (n, ...)
        What an image is, is flattened. Pixels are in [0, 1], or in 0 to 255: then they are divided
        by 255. Images with colour, of shape (n, 3, rows, columns), can be encoded as such.
    train_labels, test_labels : array of whole numbers or of texts, shape (n,)
        Classes, however they are called; they are counted in their order.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        For numbers that are none, or not pixels, images and labels that do not go together, and a
        class that cannot be learned.
    """
    images = {"train": train_images, "test": test_images}
    channels = {np.shape(values)[1] if np.ndim(values) == 4 else 1 for values in images.values()}
    images = {part: _images(f"{part}_images", values) for part, values in images.items()}
    labels = {"train": train_labels, "test": test_labels}
    labels = {part: labelled(f"{part}_labels", values) for part, values in labels.items()}
    for part in PARTS:
        if len(images[part]) != len(labels[part]):
            raise DataError(f"{part}: {len(images[part])} images but {len(labels[part])} labels")
    sizes = [images[part].shape[1] for part in PARTS]
    if sizes[0] != sizes[1]:
        raise DataError(
            f"training and test images are not of the same size: {sizes[0]} and {sizes[1]} pixels"
        )
    known, places, names = classes(labels)
    factor = _factor(images)
    train, test = (np.asarray(images[part] * factor, dtype=PIXEL) for part in PARTS)
    return Dataset(
        train, places["train"], test, places["test"], len(known), names, channels=max(channels)
    )


def _images(name, values):
    """Images as rows; whether they are pixels is not yet known."""
    values = np.asarray(values)
    if values.dtype.kind not in "buif":
        raise DataError(f"{name}: pixels are numbers, not {_kind(values)}")
    if values.ndim < 2 or not values.size:
        shape = " x ".join(map(str, values.shape)) or "one number"
        raise DataError(f"{name}: {shape}, where images x pixels (or rows x columns) were expected")
    values = values.reshape(len(values), -1)
    if not np.isfinite(values).all():
        bad = int(np.flatnonzero(~np.isfinite(values).all(axis=1))[0])
        raise DataError(f"{name}: image {bad} has a pixel that is no number")
    return values


def of_bytes(values):
    """Pixels in [0, 1] of bytes."""
    return np.divide(values, PIXEL(WHITE), dtype=PIXEL)


def _factor(images):
    """What pixels are multiplied by to be in [0, 1]; DataError if that cannot be told."""
    least = min(float(values.min()) for values in images.values())
    most = max(float(values.max()) for values in images.values())
    if least >= 0 and most <= 1:
        return PIXEL(1)
    if least >= 0 and WHITE / 2 < most <= WHITE:
        return PIXEL(1 / WHITE)
    raise DataError(
        f"pixels from {least:g} to {most:g}: they have to be in [0, 1], or in 0 to 255 with some "
        "above 127: scale them first, such as to (x - min)/(max - min)"
    )


def labelled(name, values):
    """Labels as whole numbers or texts, shape (n,); DataError for what is neither."""
    values = np.asarray(values)
    if values.dtype.kind not in "biuUS":
        hint = " (convert them to whole numbers)" if values.dtype.kind == "f" else ""
        raise DataError(f"{name}: labels are whole numbers or texts, not {_kind(values)}{hint}")
    if values.ndim != 1:
        shape = " x ".join(map(str, values.shape)) or "one"
        raise DataError(f"{name}: {shape} labels, where one an image was expected")
    if values.dtype.kind == "S":
        try:
            values = np.char.decode(values, "utf-8")
        except UnicodeDecodeError as error:
            raise DataError(f"{name}: a label is no text ({error.reason})") from error
    if values.dtype.kind == "u" and values.max(initial=0) > LARGEST:
        raise DataError(f"{name}: {values.max()} has more than 64 bits")
    return values if values.dtype.kind == "U" else values.astype(np.int64)


def classes(labels):
    """Classes in their order, the class of each label (part -> places), and what they are called.

    Parameters
    ----------
    labels : dict
        "train" and "test" -> labels, as ``labelled`` gives them.

    Raises
    ------
    DataError
        For a class that cannot be learned.
    """
    kinds = {part: values.dtype.kind == "U" for part, values in labels.items()}
    if kinds["train"] != kinds["test"]:
        raise DataError("labels: texts in one part and numbers in the other")
    known = np.unique(labels["train"])
    texts = tuple(str(name) for name in known.tolist())
    if len(known) < 2:
        raise DataError(f"train_labels: all images are of one class ({_shown(texts[0])})")
    if len(known) > MANY:
        raise DataError(f"train_labels: {len(known)} classes: {MANY} at most")
    for text in texts:
        if not text.isprintable() or not 0 < len(text) <= LETTERS:
            raise DataError(
                f"train_labels: a class is called {text[:20]!r}: give it a name of up to "
                f"{LETTERS} letters"
            )
    new = np.setdiff1d(labels["test"], known)
    if len(new):
        raise DataError(f"test_labels: class {_shown(str(new[0]))} is in no training image")
    counted = np.array_equal(known, np.arange(len(known)))
    places = {part: np.searchsorted(known, values) for part, values in labels.items()}
    return known, places, () if counted else texts


def _shown(name):
    """A class's name in a sentence."""
    name = name[:LETTERS]
    return name if name.isprintable() else ascii(name)


def _kind(values):
    """What an array holds, in words."""
    words = {"O": "objects", "U": "texts", "S": "texts", "c": "complex numbers", "V": "records"}
    return words.get(values.dtype.kind, str(values.dtype))


def write(root, name, arrays):
    """Keep arrays in a folder, as ``npz`` reads them: those of ``of_arrays``, or named ones."""
    data = io.BytesIO()
    named = arrays if isinstance(arrays, Mapping) else dict(zip(ARRAYS, arrays, strict=True))
    np.savez(data, **{name: np.asarray(values) for name, values in named.items()})
    files.write(root, name, data.getvalue())
