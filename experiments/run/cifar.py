"""CIFAR-10 (Krizhevsky 2009) from the binary archive that is published.

The archive is opened only if it is, byte for byte, that one; its six files are read by name, none
is unpacked to the disk, and nothing in them is run.
"""

import tarfile
import zlib

import numpy as np

from experiments.run import sources
from experiments.run.dataset import MOST, DataError, Dataset, of_bytes

FOLDER = "cifar-10-batches-bin"
MEMBERS = {
    "train": [f"{FOLDER}/data_batch_{k}.bin" for k in range(1, 6)],
    "test": [f"{FOLDER}/test_batch.bin"],
}
COLOURS, SIDE = 3, 32
RECORD = 1 + COLOURS * SIDE**2  # bytes: label, then all of red, of green, of blue, row by row


def read(name, source, folder=None):
    """The data set.

    Parameters
    ----------
    name : str
        What the data set is called.
    source : sources.Source
    folder : path, optional
        Of the archive; without it, it is fetched once.

    Returns
    -------
    Dataset
        Images of 3 x 32 x 32 pixels, all of red first, then of green, then of blue.

    Raises
    ------
    DataError
        If the archive is not there, is not the published one, or lacks a file.
    """
    path = sources.find(name, source, "archive", folder)
    with sources.opened(path) as file:
        sources.refuse_another(file, path, source, "archive")
        try:
            with tarfile.open(fileobj=file, mode="r:gz") as held:
                bodies = {part: [_body(held, m) for m in own] for part, own in MEMBERS.items()}
        except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
            raise DataError(f"{path} is damaged, or no tar.gz archive ({error})") from error
    found = {}
    for part, own in bodies.items():
        records = np.frombuffer(b"".join(own), np.uint8).reshape(-1, RECORD)
        labels = records[:, 0].astype(int)
        if labels.max(initial=0) >= len(sources.CIFAR):
            raise DataError(f"{path}: a label is {labels.max()}, of {len(sources.CIFAR)} classes")
        found[f"{part}_labels"] = labels
        found[f"{part}_images"] = of_bytes(records[:, 1:])
    return Dataset(**found, classes=len(sources.CIFAR), names=sources.CIFAR, channels=COLOURS)


def _body(held, member):
    """The bytes of a file of the archive, which are whole records."""
    try:
        about = held.getmember(member)
    except KeyError as error:
        raise DataError(f"the archive has no file {member}") from error
    if not about.isreg() or not about.size or about.size % RECORD or about.size > MOST:
        raise DataError(f"{member} in the archive is no file of images of {RECORD:,} bytes each")
    return held.extractfile(about).read()
