"""Published data sets: read whole, or refused before anything in them is opened."""

import gzip
import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pooch
import pytest
import requests
from PIL import Image
from scipy.io import savemat

from experiments.run import cifar, jpegs
from experiments.run import data as datasets
from experiments.run.data import FILES, SOURCES, DataError
from experiments.run.sources import CIFAR
from tests.run.test_data import arrays, pack

SHARED = Path(__file__).parents[3] / "shared" / "data"
EACH = {"train": 3, "test": 2}  # pictures of a class


def refused(name, folder, sources, *words):
    """One sentence, with these words in it."""
    with pytest.raises(DataError) as caught:
        datasets.load(name, folder, sources)
    message = str(caught.value)
    assert "\n" not in message and 10 < len(message) < 300
    for word in words:
        assert word in message, message


def known(name, folder, how="sha256"):
    """The source of a data set whose files are those in a folder."""
    source = SOURCES[name]
    paths = {key: folder / file for key, file in source.files.items()}
    digests = {k: hashlib.new(how, path.read_bytes()).hexdigest() for k, path in paths.items()}
    return {
        name: source._replace(published={k: f"{how}:{v}" for k, v in digests.items()}, sizes={})
    }


# --- IDX files -----------------------------------------------------------------------------------


@pytest.fixture
def four(tmp_path):
    """Four IDX files, gzipped as they may be published, and arrays that are in them."""
    values = arrays()
    for key, value in values.items():
        (tmp_path / f"{FILES[key]}.gz").write_bytes(gzip.compress(pack(value)))
    return tmp_path, values


def test_files_of_a_package_of_the_system_are_found_without_a_folder(four, monkeypatch):
    def fail(**_):
        raise AssertionError("fetched")

    monkeypatch.setattr(pooch, "retrieve", fail)
    folder, values = four
    contents = {key: hashlib.sha256(pack(value)).hexdigest() for key, value in values.items()}
    source = SOURCES["fashion"]._replace(folder=str(folder), contents=contents)
    found = datasets.load("fashion", sources={"fashion": source})
    np.testing.assert_array_equal(found.train_labels, values["train_labels"])
    path = folder / f"{FILES['test_labels']}.gz"
    body = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(body[:-1] + bytes([body[-1] ^ 1])))
    refused("fashion", None, {"fashion": source}, path.name, "not the published file")


def test_files_whose_contents_are_not_known_are_known_as_they_are_published(four):
    folder, values = four
    sources = known("kmnist", folder, "md5")
    found = datasets.load("kmnist", folder, sources)
    np.testing.assert_array_equal(found.test_images * 255, values["test_images"].reshape(-1, 9))
    path = folder / f"{FILES['train_labels']}.gz"
    whole = path.read_bytes()
    path.write_bytes(gzip.compress(gzip.decompress(whole), 1, mtime=7))
    refused("kmnist", folder, sources, path.name, "not the published file")
    path.unlink()
    path.with_suffix("").write_bytes(gzip.decompress(whole))
    refused("kmnist", folder, sources, path.name, "as it is published")


def test_a_folder_may_have_a_folder_for_each_data_set(four):
    folder, _ = four
    sources = known("kmnist", folder, "md5")
    (folder / "kmnist").mkdir()
    for path in folder.glob("*.gz"):
        path.rename(folder / "kmnist" / path.name)
    assert len(datasets.load("kmnist", folder, sources).train_images) == 7


# --- CIFAR-10 ------------------------------------------------------------------------------------


def records(count, seed):
    """Bytes of images as CIFAR-10 has them: shape (count, 3073)."""
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 256, (count, cifar.RECORD), dtype=np.uint8)
    values[:, 0] = rng.permutation(count) % 10
    return values


@pytest.fixture
def batches():
    """File of the archive -> its bytes: 10 images in each."""
    names = [name for own in cifar.MEMBERS.values() for name in own]
    return {name: records(10, k).tobytes() for k, name in enumerate(names)}


def archive(folder, members):
    """An archive in a folder, as it is published; its source."""
    with tarfile.open(folder / "cifar-10-binary.tar.gz", "w:gz") as held:
        for name, body in members.items():
            about = body if isinstance(body, tarfile.TarInfo) else tarfile.TarInfo(name)
            about.size = cifar.RECORD if body is about else len(body)
            held.addfile(about, None if body is about else io.BytesIO(body))
    return known("cifar10", folder)


def test_images_of_cifar_10_have_all_of_red_first_then_green_then_blue(tmp_path, batches):
    found = datasets.load("cifar10", tmp_path, archive(tmp_path, batches))
    values = np.concatenate([records(10, k) for k in range(5)])
    np.testing.assert_array_equal(np.rint(found.train_images * 255), values[:, 1:])
    np.testing.assert_array_equal(found.train_labels, values[:, 0])
    np.testing.assert_array_equal(np.rint(found.test_images * 255), records(10, 5)[:, 1:])
    assert (found.classes, found.channels, found.names) == (10, 3, CIFAR)
    assert found.train_images.dtype == np.float32 and found.train_images.max() == 1


def test_an_archive_that_is_not_the_published_one_is_not_opened(tmp_path, batches, monkeypatch):
    sources = archive(tmp_path, batches)

    def fail(*_, **__):
        raise AssertionError("opened")

    monkeypatch.setattr(tarfile, "open", fail)
    path = tmp_path / "cifar-10-binary.tar.gz"
    whole = path.read_bytes()
    path.write_bytes(whole[:99] + bytes([whole[99] ^ 1]) + whole[100:])
    refused("cifar10", tmp_path, sources, path.name, "not the published file")
    path.write_bytes(whole)
    refused("cifar10", tmp_path, SOURCES, "not the published file", "170,052,171")
    path.write_bytes(whole[:-20])
    refused("cifar10", tmp_path, sources, path.name, "not the published file")


def link(name, kind=tarfile.SYMTYPE):
    """A member that is a link to a file of the system."""
    about = tarfile.TarInfo(name)
    about.type, about.linkname = kind, "/etc/passwd"
    return about


TEST = cifar.MEMBERS["test"][0]
WRONG = {
    "a missing file": (None, "no file"),
    "half an image": (bytes(cifar.RECORD + 9), "no file of images"),
    "no image": (b"", "no file of images"),
    "a link": (link(TEST), "no file of images"),
    "a pipe": (link(TEST, tarfile.FIFOTYPE), "no file of images"),
    "another class": (b"\x0a" + bytes(cifar.RECORD - 1), "label is 10"),
}


@pytest.mark.parametrize("body, word", WRONG.values(), ids=WRONG)
def test_an_archive_of_other_files_is_refused(tmp_path, batches, body, word):
    batches[TEST] = body
    members = {name: body for name, body in batches.items() if body is not None}
    refused("cifar10", tmp_path, archive(tmp_path, members), word)


def test_a_known_file_that_is_no_archive_is_refused(tmp_path):
    (tmp_path / "cifar-10-binary.tar.gz").write_bytes(b"no archive")
    refused("cifar10", tmp_path, known("cifar10", tmp_path), "no tar.gz archive")


def test_an_archive_is_fetched_by_its_digest(monkeypatch):
    asked = {}

    def retrieve(url, known_hash, fname, path):
        asked.update(url=url, known_hash=known_hash)
        raise requests.ConnectionError

    monkeypatch.setattr(pooch, "retrieve", retrieve)
    refused("cifar10", None, SOURCES, "could not fetch cifar-10-binary.tar.gz", "--data-dir")
    assert asked["url"] == "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
    assert asked["known_hash"].startswith("sha256:c4a38c50")


# --- its copy in JPEG ----------------------------------------------------------------------------


def picture(kind, number, mode="RGB", side=32):
    """A JPEG of one colour: red tells its class, green its number."""
    colour = (25 * kind, 10 * number, 200) if mode == "RGB" else 25 * kind
    data = io.BytesIO()
    Image.new(mode, (side, side), colour).save(data, "JPEG", quality=95)
    return data.getvalue()


@pytest.fixture
def pictures():
    """Name -> bytes of each picture."""
    return {
        f"{part}/{name}/{k:04d}.jpg": picture(kind, k + 5 * (part == "test"))
        for part, count in EACH.items()
        for kind, name in enumerate(CIFAR)
        for k in range(count)
    }


def zipped(folder, members, above=""):
    """A zip file of pictures in a folder; its source."""
    with zipfile.ZipFile(folder / "cifar10-jpeg.zip", "w") as held:
        for name, data in members.items():
            held.writestr(above + name, data)
    parts = {part: [data for name, data in members.items() if part in name] for part in EACH}
    source = SOURCES["cifar10-jpeg"]
    return {"cifar10-jpeg": source._replace(contents={"archive": jpegs.digest(parts)}, images=EACH)}


@pytest.mark.parametrize("above", ["", "CIFAR-10-images-master/"], ids=["plain", "of GitHub"])
def test_pictures_are_of_their_classes_and_shuffled_always_alike(tmp_path, pictures, above):
    sources = zipped(tmp_path, pictures, above)
    found = datasets.load("cifar10-jpeg", tmp_path, sources)
    assert found.train_images.shape == (30, 3072) and found.test_images.shape == (20, 3072)
    assert (found.classes, found.channels, found.names) == (10, 3, CIFAR)
    red, green, blue = (found.train_images.reshape(30, 3, -1) * 255).mean(axis=2).T
    np.testing.assert_allclose(red, 25 * found.train_labels, atol=4)  # JPEG is near
    np.testing.assert_allclose(blue, 200, atol=4)
    assert np.bincount(found.train_labels).tolist() == [3] * 10
    order = np.random.RandomState(0).permutation(30)
    np.testing.assert_array_equal(found.train_labels, order // 3)
    np.testing.assert_allclose(green, 10 * (order % 3), atol=4)


def test_pictures_that_are_not_those_known_are_not_decoded(tmp_path, pictures, monkeypatch):
    sources = zipped(tmp_path, pictures)

    def fail(*_, **__):
        raise AssertionError("decoded")

    monkeypatch.setattr(Image, "open", fail)
    name = "train/cat/0001.jpg"
    zipped(tmp_path, pictures | {name: pictures[name][:-1] + b"\0"})
    refused("cifar10-jpeg", tmp_path, sources, "cifar10-jpeg.zip", "known pictures")


def test_a_zip_file_that_lacks_a_picture_or_has_a_huge_one_is_refused(tmp_path, pictures):
    name = "test/truck/0001.jpg"
    fewer = {key: data for key, data in pictures.items() if key != name}
    refused("cifar10-jpeg", tmp_path, zipped(tmp_path, fewer), f"it has no {name}")
    large = pictures | {name: bytes(1 << 15)}
    refused("cifar10-jpeg", tmp_path, zipped(tmp_path, large), name, "too large")


@pytest.mark.parametrize("cut", [slice(0), slice(-40), slice(1000, None)], ids=repr)
def test_a_damaged_zip_file_is_refused(tmp_path, pictures, cut):
    sources = zipped(tmp_path, pictures)
    path = tmp_path / "cifar10-jpeg.zip"
    path.write_bytes(path.read_bytes()[cut])
    refused("cifar10-jpeg", tmp_path, sources, str(path))


@pytest.mark.parametrize("data", [b"no picture", picture(1, 1, side=16)], ids=["none", "small"])
def test_a_known_file_that_is_no_such_picture_is_refused(tmp_path, pictures, data):
    sources = zipped(tmp_path, pictures | {"train/cat/0000.jpg": data})
    refused("cifar10-jpeg", tmp_path, sources, "a picture")


def test_the_copy_in_jpeg_is_not_fetched_and_a_user_is_told_where_it_is():
    refused("cifar10-jpeg", None, SOURCES, "not fetched", "github.com", "--data-dir")


# --- SVHN ----------------------------------------------------------------------------------------


def matlab(folder, part, **change):
    """A file as SVHN has them; returns its images and labels."""
    rng = np.random.default_rng(len(part))
    images = rng.integers(0, 256, (32, 32, 3, 20), dtype=np.uint8)
    labels = (np.arange(20, dtype=np.uint8) % 10 + 1)[:, None]
    savemat(folder / f"{part}_32x32.mat", {"X": images, "y": labels} | change)
    return images, labels


def test_the_digit_0_of_svhn_is_class_0_and_red_comes_first(tmp_path):
    images, labels = matlab(tmp_path, "train")
    matlab(tmp_path, "test")
    found = datasets.load("svhn", tmp_path, known("svhn", tmp_path))
    assert found.train_labels.tolist() == [*range(1, 10), 0] * 2
    shown = found.train_images.reshape(20, 3, 32, 32) * 255
    np.testing.assert_array_equal(np.rint(shown[7, 2, 5, 9]), images[5, 9, 2, 7])
    assert (found.classes, found.channels) == (10, 3)


@pytest.mark.parametrize(
    "change, word",
    [
        ({"X": np.zeros((32, 32, 3, 19), np.uint8)}, "32 x 32"),
        ({"X": np.zeros((32, 32, 3, 20))}, "bytes"),
        ({"y": np.zeros((20, 1), np.uint8)}, "labels are 1 to 10"),
    ],
    ids=["fewer images", "no bytes", "class 0"],
)
def test_other_arrays_in_a_matlab_file_are_refused(tmp_path, change, word):
    matlab(tmp_path, "train", **change)
    matlab(tmp_path, "test")
    refused("svhn", tmp_path, known("svhn", tmp_path), "train_32x32.mat", word)


def test_what_is_no_matlab_file_is_refused_and_another_is_not_opened(tmp_path):
    for part in EACH:
        (tmp_path / f"{part}_32x32.mat").write_bytes(b"x" * 500)
    refused("svhn", tmp_path, SOURCES, "train_32x32.mat", "182,040,794")
    refused("svhn", tmp_path, known("svhn", tmp_path), "no MATLAB file")
