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

from experiments.run import files
from experiments.run.dataset import MOST, PIXEL, DataError

MAGIC = {"images": 0x803, "labels": 0x801}
GZIP = b"\x1f\x8b"  # how a gzipped file begins, whatever its name
RATIO = 1032  # gzip makes nothing smaller than by that


def read_idx(path, kind, source=None, key=None):
    """Read one IDX file.

    Parameters
    ----------
    path : path
        The file, gzipped or not.
    kind : {"images", "labels"}
        What it holds.
    source : Source, optional
        With ``key``: check that its contents are the published ones.

    Returns
    -------
    ndarray
        Pixels in [0, 1] of shape (n, pixels), or labels of shape (n,).
    """
    path = Path(path)
    try:
        with _unpacked(path) as (file, most):
            head, shape = _header(file, path.name, kind)
            body = _body(file, path.name, kind, math.prod(shape), most)
    except FileNotFoundError as error:
        raise DataError(f"no file {path}") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path.name} is truncated or corrupt: {error}") from error
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    if source is not None:
        _refuse_another(path.name, head, body, source.sha256[key])
    values = np.frombuffer(body, np.uint8)
    if kind == "labels":
        return values.astype(int)
    return np.divide(values.reshape(shape[0], math.prod(shape[1:])), PIXEL(255), dtype=PIXEL)


@contextmanager
def _unpacked(path):
    """What is in a plain file, to be read, and the most bytes that it can be."""
    try:
        opened = files.plain(path)
    except files.RunError as error:
        raise DataError(str(error)) from error
    with opened as file:
        about = os.fstat(file.fileno())
        begin = file.read(len(GZIP))
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
