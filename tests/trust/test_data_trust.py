"""Data files of any origin: looked at by content, bounded in memory, never waited for."""

import gzip
import os
import resource
import struct
from pathlib import Path

import numpy as np
import pytest

from experiments.run import data as datasets
from experiments.run.data import FILES, SOURCES, DataError
from experiments.run.idx import read_idx
from tests.run.test_data import arrays, pack, refused, write

SHARED = Path(__file__).parents[3] / "shared" / "data"
IMAGES = FILES["train_images"]


@pytest.fixture
def files(tmp_path):
    """A folder with four good IDX files."""
    write(tmp_path, arrays())
    return tmp_path


@pytest.fixture
def little_memory():
    """No more than 1 GB beyond what is used, so that a file that asks for more is noticed."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("the memory of a process is not told here")
    usual = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 30), usual[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, usual)


# --- by content ----------------------------------------------------------------------------------


def test_a_gzipped_file_is_known_by_its_contents_and_not_by_its_name(tmp_path):
    given = arrays()
    write(tmp_path, given)
    for name in (FILES["train_images"], FILES["test_labels"]):
        (tmp_path / name).write_bytes(gzip.compress((tmp_path / name).read_bytes()))
    (tmp_path / FILES["test_images"]).rename(tmp_path / f"{FILES['test_images']}.gz")
    data = datasets.load("idx", tmp_path)
    np.testing.assert_array_equal(data.train_images * 255, given["train_images"].reshape(-1, 9))
    np.testing.assert_array_equal(data.test_images * 255, given["test_images"].reshape(-1, 9))
    np.testing.assert_array_equal(data.test_labels, given["test_labels"])


@pytest.mark.parametrize("name", ["mnist", "fashion"])
def test_published_contents_are_taken_however_they_are_packed(tmp_path, name):
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"no files of {name} beside the repository")
    data = datasets.load(name, folder)
    assert data.train_images.shape == (60_000, 784) and data.classes == 10
    source = SOURCES[name]
    body = gzip.decompress((folder / f"{FILES['test_labels']}.gz").read_bytes())
    for again in (body, gzip.compress(body, 1, mtime=7)):
        (tmp_path / "labels").write_bytes(again)
        found = read_idx(tmp_path / "labels", "labels", source, "test_labels")
        np.testing.assert_array_equal(found, data.test_labels)
    (tmp_path / "labels").write_bytes(gzip.compress(body[:-1] + bytes([body[-1] ^ 1])))
    with pytest.raises(DataError, match="labels is not the published file"):
        read_idx(tmp_path / "labels", "labels", source, "test_labels")


def test_each_file_of_a_published_data_set_is_known_by_a_digest():
    for source in SOURCES.values():
        assert set(source.files) == set(source.published) | set(source.contents)
        for digest in (*source.published.values(), *source.contents.values()):
            how, _, digits = digest.rpartition(":")
            assert len(digits) == {"md5": 32}.get(how, 64) and int(digits, 16)


def test_a_folder_with_the_name_of_a_file_does_not_hide_the_file(files):
    path = files / IMAGES
    path.rename(files / IMAGES.replace("-idx", ".idx"))
    path.mkdir()
    assert len(datasets.load("idx", files).train_images) == 7


# --- memory --------------------------------------------------------------------------------------

HUGE = struct.pack(">4I", 0x803, 2**32 - 1, 2**12, 2**12)  # 7e16 bytes


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
def test_a_header_that_claims_too_much_is_refused_before_memory_is_taken(
    files, packed, little_memory
):
    (files / IMAGES).write_bytes(gzip.compress(HUGE) if packed else HUGE)
    refused(files, IMAGES, str((2**32 - 1) * 2**24))


def test_a_file_that_is_as_large_as_it_claims_is_refused_before_memory_is_taken(
    files, little_memory
):
    size = 1 << 33
    with (files / IMAGES).open("wb") as file:
        file.write(struct.pack(">4I", 0x803, size >> 20, 1 << 10, 1 << 10))
        file.truncate(16 + size)  # no block of it is on the disk
    refused(files, IMAGES, "too large")


def test_a_small_file_that_unpacks_to_much_more_than_it_says_is_not_unpacked(files, little_memory):
    body = pack(arrays()["train_images"])
    packed = gzip.compress(body + bytes(1 << 20))
    bomb = gzip.compress(bytes(1 << 26), 9)
    (files / IMAGES).write_bytes(packed + bomb * 40)  # 2.5 GB of zeros
    refused(files, IMAGES, "more bytes")


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
def test_what_follows_the_last_image_is_refused(files, packed):
    body = (files / IMAGES).read_bytes() + b"x"
    (files / IMAGES).write_bytes(gzip.compress(body) if packed else body)
    refused(files, IMAGES, "more bytes", "63")


# --- what is no plain file -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/zero", path)],
    ids=["a pipe", "a folder", "a device"],
)
@pytest.mark.parametrize("end", ["", ".gz"])
def test_what_is_no_plain_file_is_refused_and_not_waited_for(files, make, end):
    (files / IMAGES).unlink()
    make(files / f"{IMAGES}{end}")
    refused(files, IMAGES, "not a plain file")


# --- classes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "labels, words",
    [
        (np.arange(7) + 1, ("class 0", "class 7")),
        (np.array([0, 1, 2, 4, 0, 1, 2]), ("class 3", "class 4")),
        (np.array([0, 1, 2, 255, 0, 1, 2]), ("class 3", "class 255")),
    ],
    ids=["from 1", "a gap", "a wild one"],
)
def test_classes_that_no_image_has_are_not_made_up(tmp_path, labels, words):
    write(tmp_path, arrays() | {"train_labels": labels, "test_labels": labels[:4]})
    refused(tmp_path, *words, "count classes from 0")


def test_a_class_may_be_in_one_of_the_parts_only(tmp_path):
    write(tmp_path, arrays() | {"train_labels": np.array([0, 1, 2, 0, 1, 2, 0])})
    write(tmp_path, {"test_labels": np.array([3, 3, 3, 3])})
    assert datasets.load("idx", tmp_path).classes == 4


def test_images_held_out_are_of_all_classes_and_so_are_those_that_are_left(digits):
    order = np.argsort(digits.train_labels, kind="stable")
    by_class = digits._replace(
        train_images=digits.train_images[order], train_labels=digits.train_labels[order]
    )
    for count, words in (
        (100, "the last 100 training images have none of class 0"),
        (1400, "those before them have none of class 1"),
        (1, "the last 1 training images have none of class 0"),
    ):
        with pytest.raises(DataError, match=f"--validation: {words}: "):
            by_class.hold_out(count)
    assert len(digits.hold_out(100).test_labels) == 100
