"""Data sets by name: embedded, published (and fetched once), or a user's own files.

Knows files and nothing of neurons. ``sources`` says by what published files are known; ``idx``,
``cifar``, ``jpegs`` and ``svhn`` read them, ``npz`` and ``trains`` a user's.
"""

from pathlib import Path

import numpy as np

from experiments.run import cifar, idx, jpegs, npz, svhn, trains
from experiments.run.dataset import PARTS, PIXEL, DataError, Dataset
from experiments.run.sources import FILES, SOURCES, Source

READERS = {"cifar10": cifar.read, "cifar10-jpeg": jpegs.read, "svhn": svhn.read}  # others: IDX
NAMES = ("digits", *SOURCES, "idx")
OWN_FILE = (".npz", trains.SUFFIX)  # what the name of a user's file ends in


def load(name, folder=None, sources=SOURCES):
    """Load a data set.

    Parameters
    ----------
    name : str
        "digits" (1,797 images of 8x8 pixels that come with the project: Alpaydin & Kaynak 1998, as
        scikit-learn has them), a published one of ``sources`` (docs/data.md says which there are),
        "idx" (any four IDX files, from ``folder``), or a file.npz or file.h5.
    folder : path, optional
        Folder with the files of the data set, or one that has such a folder, of its name; without
        it they are found where a package of the system puts them, or are fetched once.
    sources : mapping
        Name -> ``sources.Source``.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        For an unknown name, a missing folder or file, a file that is truncated, corrupt, too
        large, of another format or not the published one, images and labels that do not match,
        classes that are not counted from 0, and a folder for the digits.
    """
    if name == "digits":
        if folder is not None:
            raise DataError("--data-dir: the digits come with the project and read no folder")
        return _digits()
    if name.endswith(OWN_FILE):
        if folder is not None:
            raise DataError("--data-dir: say where the file lies in --dataset itself")
        path = Path(name).expanduser()
        return trains.read(path) if name.endswith(trains.SUFFIX) else npz.read(path)
    if name not in NAMES:
        choice = ", ".join(NAMES)
        raise DataError(
            f"unknown data set {name!r}: choose from {choice}, or give a file.npz or file.h5"
        )
    if folder is None and name == "idx":
        raise DataError("--dataset idx reads your own files: say where with --data-dir")
    if folder is not None:
        if not Path(folder).is_dir():
            raise DataError(f"--data-dir: no folder {folder}")
        folder = Path(folder)
        folder = folder / name if (folder / name).is_dir() else folder
    return READERS.get(name, idx.read)(name, sources.get(name, Source("", FILES)), folder)


def _digits():
    with np.load(Path(__file__).with_name("digits.npz")) as kept:
        found = {name: kept[name] for name in kept.files}
    for part in PARTS:
        found[f"{part}_images"] = np.divide(found[f"{part}_images"], PIXEL(16), dtype=PIXEL)
        found[f"{part}_labels"] = found[f"{part}_labels"].astype(int)
    return Dataset(**found, classes=10)
