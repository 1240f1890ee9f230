"""Data sets by name: embedded, published (and fetched once), or a user's own files.

Knows files and nothing of neurons.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from experiments.run import npz, trains
from experiments.run.dataset import PARTS, PIXEL, DataError, Dataset
from experiments.run.idx import read_idx
from models import PROJECT

FILES = {
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}


class Source(NamedTuple):
    """Where a data set of IDX files comes from, and how its files are known."""

    url: str
    gzipped_md5: dict  # of the files as they are published
    sha256: dict  # of what is in them, however packed


SOURCES = {
    "mnist": Source(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        {
            "train_images": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "train_labels": "d53e105ee54ea40749a09fcbcd1e9432",
            "test_images": "9fb629c4189551a2d022fa330f9573f3",
            "test_labels": "ec29112dd5afa0611ce80d1b7f02629c",
        },
        {
            "train_images": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "train_labels": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "test_images": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "test_labels": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        },
    ),
    "fashion": Source(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        {
            "train_images": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "train_labels": "25c81989df183df01b3e8a0aad5dffbe",
            "test_images": "bef4ecab320f06d8554ea6380940ec79",
            "test_labels": "bb300cfdad3c16e7a12a480ee83cd310",
        },
        {
            "train_images": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "train_labels": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "test_images": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "test_labels": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        },
    ),
}
NAMES = ("digits", *SOURCES, "idx")
OWN_FILE = (".npz", trains.SUFFIX)  # what the name of a user's file ends in


def load(name, folder=None):
    """Load a data set.

    Parameters
    ----------
    name : str
        "digits" (1,797 images of 8x8 pixels that come with the project: Alpaydin & Kaynak 1998, as
        scikit-learn has them), "mnist", "fashion", or "idx" (any four files of that format, from
        ``folder``).
    folder : path, optional
        Folder with the four IDX files, gzipped or not; without it they are fetched once.

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
    if folder is not None and not Path(folder).is_dir():
        raise DataError(f"--data-dir: no folder {folder}")
    return _four_files(name, folder)


def _four_files(name, folder):
    """A data set of IDX files in a folder, or fetched."""
    arrays = {}
    for key in FILES:
        path = _find(Path(folder), FILES[key]) if folder is not None else _fetch(name, key)
        arrays[key] = read_idx(path, key.split("_")[1], SOURCES.get(name), key)
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


def _find(folder, name):
    """The file, gzipped or not; some copies have a dot for the last dash."""
    stems = name, name.replace("-idx", ".idx")
    there = [folder / f"{stem}{end}" for stem in stems for end in ("", ".gz")]
    there = [path for path in there if path.exists()]
    if not there:
        raise DataError(f"no file {name} or {name}.gz in {folder}")
    return min(there, key=lambda path: not path.is_file())  # a folder may have its name, too


def _fetch(name, key):
    """A published file from the user's cache, fetched there the first time."""
    import pooch
    import requests

    source, file = SOURCES[name], f"{FILES[key]}.gz"
    try:
        return pooch.retrieve(
            url=source.url + file,
            known_hash=f"md5:{source.gzipped_md5[key]}",
            fname=file,
            path=pooch.os_cache(PROJECT) / name,
        )
    except (requests.RequestException, OSError) as error:
        raise DataError(
            f"could not fetch {file} from {source.url} ({type(error).__name__}): "
            f"put the four files of {name} in a folder and give it with --data-dir"
        ) from error
    except ValueError as error:
        raise DataError(f"{file} was fetched but is not the published file: {error}") from error


def _digits():
    with np.load(Path(__file__).with_name("digits.npz")) as kept:
        found = {name: kept[name] for name in kept.files}
    for part in PARTS:
        found[f"{part}_images"] = np.divide(found[f"{part}_images"], PIXEL(16), dtype=PIXEL)
        found[f"{part}_labels"] = found[f"{part}_labels"].astype(int)
    return Dataset(**found, classes=10)
