"""IDX files, the format of MNIST: read, and refused where they are damaged."""

import gzip
import hashlib
import math
import os
import struct
import zlib
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from experiments.run import sources
from experiments.run.dataset import MOST, PARTS, DataError, Dataset, of_bytes

MAGIC = {"images": 0x803, "labels": 0x801}
GZIP = b"\x1f\x8b"  # how a gzipped file begins, whatever its name
RATIO = 1032  # gzip makes nothing smaller than by that


def read(name, source, folder=None):
    """A data set of four IDX files.

    Parameters
    ----------
    name : str
        What the data set is called.
    source : sources.Source
        Of published files; with neither digest, any files of this format are read.
    folder : path, optional
        Of the files, gzipped or not; without it, they are fetched once.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        As ``data.load``.
    """
    arrays = {}
    for key in sources.FILES:
        path = sources.find(name, source, key, folder)
        arrays[key] = read_idx(path, key.split("_")[1], source, key)
    for part in PARTS:
        images, labels = arrays[f"{part}_images"], arrays[f"{part}_labels"]
        if len(images) != len(labels):
            raise DataError(f"{part}: {len(images)} images but {len(labels)} labels")
        if not len(images):
            raise DataError(f"{part}: the files hold no images")
    if arrays["train_images"].shape[1] != arrays["test_images"].shape[1]:
        raise DataError("training and test images are not of the same size")
    return Dataset(**arrays, classes=_count(arrays["train_labels"], arrays["test_labels"]))


def _count(*labels):
    """The number of classes; DataError where one has no image, such as the 0 of labels from 1."""
    found = np.unique(np.concatenate(labels))
    missing = np.setdiff1d(np.arange(found[-1]), found)
    if len(missing):
        raise DataError(
            f"labels: no image is of class {missing[0]}, and some are of class {found[-1]}: "
            "count classes from 0, without gaps"
        )
    return len(found)


def read_idx(path, kind, source=None, key=None):
    """Read one IDX file.

    Parameters
    ----------
    path : path
        The file, gzipped or not.
    kind : {"images", "labels"}
        What it holds.
    source : sources.Source, optional
        With ``key``: check that its contents are the published ones; where their digest is not
        known, that the file is, gzipped, the published one.

    Returns
    -------
    ndarray
        Pixels in [0, 1] of shape (n, pixels), or labels of shape (n,).
    """
    path = Path(path)
    try:
        with _unpacked(path, source, key) as (file, most):
            head, shape = _header(file, path.name, kind)
            body = _body(file, path.name, kind, math.prod(shape), most)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path.name} is truncated or corrupt: {error}") from error
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    if source is not None and key in source.contents:
        _refuse_another(path.name, head, body, source.contents[key])
    values = np.frombuffer(body, np.uint8)
    if kind == "labels":
        return values.astype(int)
    return of_bytes(values.reshape(shape[0], math.prod(shape[1:])))


@contextmanager
def _unpacked(path, source, key):
    """What is in a plain file, to be read, and the most bytes that it can be."""
    with sources.opened(path) as file:
        about = os.fstat(file.fileno())
        begin = file.read(len(GZIP))
        if source is not None and key in source.published and key not in source.contents:
            if begin != GZIP:
                name = source.files[key]
                raise DataError(f"{path.name}: give {name} as it is published, which is checked")
            sources.refuse_another(file, path, source, key)
        file.seek(0)
        if begin == GZIP:
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield unpacked, RATIO * about.st_size
        else:
            yield file, about.st_size


def _header(file, name, kind):
    """The header as bytes, and the shape that it gives."""
    dimensions = 3 if kind == "images" else 1
    head = file.read(4 + 4 * dimensions)
    if len(head) < 4 + 4 * dimensions:
        raise DataError(f"{name} is truncated: {len(head)} bytes")
    magic, *shape = struct.unpack(f">{1 + dimensions}I", head)
    if magic != MAGIC[kind]:
        raise DataError(
            f"{name} is corrupt, or not an IDX file of {kind}: "
            f"magic number {magic:#x}, not {MAGIC[kind]:#x}"
        )
    if not math.prod(shape[1:]):
        raise DataError(f"{name} holds images with no pixels")
    return head, shape


def _body(file, name, kind, size, most):
    """What follows the header: as many bytes as it says, and not one more."""
    told = f"of {kind}, its header says {size}"
    if size > most:
        raise DataError(f"{name} is truncated or corrupt: {most} bytes at most {told}")
    if size > MOST:
        raise DataError(f"{name} is too large: more than {MOST >> 30} GB {told}")
    body = file.read(size)
    if len(body) < size:
        raise DataError(f"{name} is truncated or corrupt: {len(body)} bytes {told}")
    if file.read(1):
        raise DataError(f"{name} is corrupt: more bytes {told}")
    return body


def _refuse_another(name, head, body, sha256):
    found = hashlib.sha256(head)
    found.update(body)
    if found.hexdigest() != sha256:
        raise DataError(
            f"{name} is not the published file (its contents differ); "
            "for other data of this format use --dataset idx"
        )
