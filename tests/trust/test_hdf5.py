"""An HDF5 file that leads in a circle is refused before the library sees it.

The first four of these circles, read with HDF5 2.0, end the process or go on until memory ends.
"""

import struct

import h5py
import numpy as np
import pytest

from experiments.run import hdf5, records
from experiments.run.folder import RunError, RunFolder


@pytest.fixture
def path(tmp_path):
    """A file that has all that records have: groups, a tree of chunks with branches, texts."""
    path = tmp_path / "records.h5"
    with h5py.File(path, "w", libver="earliest") as file:
        for k in range(70):
            file[f"many/group_{k}/x"] = k
        file.create_dataset("chunks", data=np.arange(300.0), chunks=(2,), compression="gzip")
        file["texts"] = np.array(["a", "bc"], dtype=h5py.string_dtype())
        file["texts"].attrs["units"] = "1"
    return path


def _places(data, mark):
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def _tree(data, kind, level):
    return next(
        at for at in _places(data, b"TREE") if (data[at + 4], data[at + 5]) == (kind, level)
    )


def tree_of_names(data):
    at = _tree(data, hdf5.NAMES, 0)
    data[at + 5] = 1
    struct.pack_into("<Q", data, at + 32, at)


def tree_of_chunks(data):
    at = _tree(data, hdf5.CHUNKS, 1)
    struct.pack_into("<Q", data, at + 24 + 8 + 16, at)


def _free(data, following, length):
    """Say of a heap that its last bytes are free, so many, and which are free after these."""
    at = next(_places(data, b"HEAP"))
    size, _, values = struct.unpack_from("<QQQ", data, at + 8)
    last = size - 16
    struct.pack_into("<Q", data, at + 16, last)
    struct.pack_into("<QQ", data, values + last, last if following is None else following, length)


def names(data):
    """A place of the heap that is free, and the next that is free: the same."""
    _free(data, None, 16)


def texts(data):
    at = next(_places(data, b"GCOL"))
    data[at + 5] = 1  # which says nothing
    data[at + 16 : at + 32] = bytes(16)


def group(data):
    """One that holds itself."""
    leaves = [at for at in _places(data, b"SNOD") if data[at + 6] == 1]
    root = struct.unpack_from("<Q", data, 64)
    struct.pack_into("<Q", data, leaves[0] + 16, *root)


def head(data):
    """Of an object, which goes on where it begins."""
    (place,) = struct.unpack_from("<Q", data, 64)
    size = struct.unpack_from("<I", data, place + 8)[0]
    struct.pack_into("<HHB3xQQ", data, place + 16, 0x10, 16, 0, place + 16, size)


def names_beyond(data):
    """A heap whose first free place is beyond any file."""
    struct.pack_into("<Q", data, next(_places(data, b"HEAP")) + 16, 1 << 63)


def names_of_none(data):
    """What is free in a heap is more than the heap: noticed only where a name is looked up."""
    _free(data, hdf5.FREE_END, 17)


def names_of_later(data):
    """A heap of a version that no one writes: noticed only where a name is looked up."""
    data[next(_places(data, b"HEAP")) + 4] = 1


CIRCLES = {
    tree_of_names: "leads in a circle",
    tree_of_chunks: "leads in a circle",
    names: "names lead in a circle",
    texts: "a heap leads in a circle",
    group: "leads in a circle",
    head: "leads in a circle",
    names_beyond: "it ends too early",
    names_of_none: "names are not whole",
    names_of_later: "a group has no names",
}


@pytest.mark.parametrize(
    "circle, words", CIRCLES.items(), ids=[circle.__name__ for circle in CIRCLES]
)
def test_what_leads_in_a_circle_is_refused(circle, words, path):
    data = bytearray(path.read_bytes())
    with path.open("rb") as file:
        hdf5.check(file)
    circle(data)
    path.write_bytes(data)
    with path.open("rb") as file, pytest.raises(ValueError, match=words):
        hdf5.check(file)
    with pytest.raises(ValueError, match=r"records.h5 is damaged: \w"):
        with RunFolder(path.parent).records():
            pass


def test_damage_that_the_library_finds_late_is_a_sentence_too(path, monkeypatch):
    monkeypatch.setattr(records, "_check", lambda _: None)
    with (
        pytest.raises(RunError, match=r"records.h5 is damaged \(KeyError"),
        RunFolder(path.parent).records() as file,
    ):
        file["none"]
    with pytest.raises(KeyError), RunFolder(path.parent).records():
        {}["ours"]


@pytest.mark.parametrize("libver", ["v108", "v110", "latest"])
def test_a_later_format_is_refused(libver, path):
    try:
        with h5py.File(path, "w", libver=libver) as file:
            file["x"] = np.arange(3)
    except ValueError:
        pytest.skip(f"h5py knows no {libver}")
    with path.open("rb") as file, pytest.raises(ValueError, match="h5py writes|format"):
        hdf5.check(file)
