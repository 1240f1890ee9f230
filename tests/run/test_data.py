"""Images and labels arrive whole, or are refused in a sentence that names the file."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pooch
import pytest
import requests

from experiments.run import data as datasets
from experiments.run.data import FILES, DataError

MNIST = Path(__file__).parents[3] / "shared" / "data" / "mnist"
MAGIC = {"images": 0x803, "labels": 0x801}


def pack(values, magic=None, shape=None):
    """The bytes of an IDX file."""
    values = np.asarray(values, dtype=np.uint8)
    magic = magic or MAGIC["images" if values.ndim == 3 else "labels"]
    shape = values.shape if shape is None else shape
    return struct.pack(f">{1 + len(shape)}I", magic, *shape) + values.tobytes()


def arrays(train=7, test=4, side=3):
    """Random images, and labels that use the classes 0 to 3."""
    rng = np.random.default_rng(0)
    return {
        "train_images": rng.integers(0, 256, (train, side, side)),
        "train_labels": np.arange(train) % 4,
        "test_images": rng.integers(0, 256, (test, side, side)),
        "test_labels": np.arange(test) % 3,
    }


def write(folder, values, packed=False, rename=lambda name: name):
    """Four IDX files."""
    for key, value in values.items():
        name = rename(FILES[key])
        if packed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(pack(value)))
        else:
            (folder / name).write_bytes(pack(value))


def refused(folder, *words, name="idx"):
    """One sentence, with these words in it."""
    with pytest.raises(DataError) as caught:
        datasets.load(name, folder)
    message = str(caught.value)
    assert "\n" not in message and 10 < len(message) < 250
    for word in words:
        assert word in message, message


# --- digits --------------------------------------------------------------------------------------


def test_digits_are_1797_images_of_which_360_are_held_out(digits):
    assert digits.train_images.shape == (1437, 64)
    assert digits.test_images.shape == (360, 64)
    assert digits.classes == 10


def test_digits_hold_all_ten_classes_in_equal_shares(digits):
    for labels, fewest in ((digits.train_labels, 139), (digits.test_labels, 35)):
        counts = np.bincount(labels, minlength=10)
        assert len(counts) == 10 and counts.min() >= fewest and counts.max() - counts.min() < 8


def test_pixels_of_digits_go_from_0_to_1(digits):
    for images in (digits.train_images, digits.test_images):
        assert images.min() == 0 and images.max() == 1


def test_digits_are_those_of_scikit_learn_split_by_class(digits):
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    images, labels = load_digits(return_X_y=True)
    how = {"test_size": 360, "stratify": labels, "random_state": 0}
    parts = train_test_split((images / 16).astype(np.float32), labels, **how)
    kept = digits.train_images, digits.test_images, digits.train_labels, digits.test_labels
    for one, other in zip(kept, parts, strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype


def test_no_digit_is_in_both_parts(digits):
    train, test = (
        {image.tobytes() for image in images}
        for images in (digits.train_images, digits.test_images)
    )
    assert len(train) == 1437 and len(test) == 360
    assert not train & test


def test_a_limit_keeps_the_first_images(digits):
    fewer = digits.limit(5, 3)
    np.testing.assert_array_equal(fewer.train_images, digits.train_images[:5])
    np.testing.assert_array_equal(fewer.test_labels, digits.test_labels[:3])
    assert digits.limit().train_images.shape == (1437, 64)


@pytest.mark.parametrize(
    "limits, option",
    [((0, 1), "--train-examples"), ((1438, 1), "--train-examples"), ((1, -1), "--test-examples")],
)
def test_a_limit_beyond_the_data_is_refused(digits, limits, option):
    with pytest.raises(DataError, match=f"{option}: .* 1 to "):
        digits.limit(*limits)


def test_images_held_out_come_from_the_training_set_and_are_not_trained_on(digits):
    held = digits.hold_out(100)
    np.testing.assert_array_equal(held.test_images, digits.train_images[-100:])
    np.testing.assert_array_equal(held.test_labels, digits.train_labels[-100:])
    np.testing.assert_array_equal(held.train_images, digits.train_images[:-100])
    assert digits.hold_out(0) is digits
    with pytest.raises(DataError, match="--validation: 1437 images to hold out of 1437"):
        digits.hold_out(1437)


# --- IDX files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
def test_idx_files_come_back_as_they_were_written(tmp_path, packed):
    given = arrays()
    write(tmp_path, given, packed)
    data = datasets.load("idx", tmp_path)
    for part in ("train", "test"):
        images = getattr(data, f"{part}_images")
        np.testing.assert_array_equal(images * 255, given[f"{part}_images"].reshape(-1, 9))
        np.testing.assert_array_equal(getattr(data, f"{part}_labels"), given[f"{part}_labels"])
    assert data.classes == 4
    assert 0 <= data.train_images.min() and data.train_images.max() <= 1


def test_names_with_a_dot_for_the_last_dash_are_found(tmp_path):
    write(tmp_path, arrays(), rename=lambda name: name.replace("-idx", ".idx"))
    assert len(datasets.load("idx", tmp_path).train_images) == 7


@pytest.mark.parametrize("key", FILES)
@pytest.mark.parametrize("size", [0, 3, 7, -1])
def test_a_truncated_file_is_named(tmp_path, key, size):
    write(tmp_path, arrays())
    path = tmp_path / FILES[key]
    path.write_bytes(path.read_bytes()[:size])
    refused(tmp_path, FILES[key], "truncated")


@pytest.mark.parametrize("key", FILES)
def test_a_truncated_gzip_file_is_named(tmp_path, key):
    write(tmp_path, arrays(), packed=True)
    path = tmp_path / f"{FILES[key]}.gz"
    path.write_bytes(path.read_bytes()[:-9])
    refused(tmp_path, path.name, "truncated or corrupt")


def test_every_corrupt_byte_of_a_gzip_file_is_noticed_or_harmless(tmp_path):
    given = arrays(train=2, side=2)
    write(tmp_path, given, packed=True)
    path = tmp_path / f"{FILES['train_images']}.gz"
    whole = path.read_bytes()
    noticed = 0
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            data = datasets.load("idx", tmp_path)
        except DataError as error:
            assert path.name in str(error)
            noticed += 1
        else:
            np.testing.assert_array_equal(
                data.train_images * 255, given["train_images"].reshape(2, 4)
            )
    assert noticed > len(whole) / 2


def test_random_bytes_are_no_gzip_file(tmp_path):
    write(tmp_path, arrays(), packed=True)
    path = tmp_path / f"{FILES['test_images']}.gz"
    path.write_bytes(np.random.default_rng(1).bytes(400))
    refused(tmp_path, path.name, "corrupt")


def test_a_file_of_another_kind_is_named_with_its_magic_number(tmp_path):
    write(tmp_path, arrays())
    (tmp_path / FILES["train_labels"]).write_bytes(pack(np.arange(7), magic=0x1234))
    refused(tmp_path, FILES["train_labels"], "0x1234", "0x801")


def test_images_in_the_place_of_labels_are_refused(tmp_path):
    given = arrays()
    write(tmp_path, given)
    (tmp_path / FILES["test_labels"]).write_bytes(pack(given["test_images"]))
    refused(tmp_path, FILES["test_labels"], "not an IDX file of labels")


@pytest.mark.parametrize("shape", [(8, 3, 3), (6, 3, 3), (2**22, 2**21, 2**21)])
def test_a_header_that_does_not_fit_the_body_is_refused(tmp_path, shape):
    write(tmp_path, arrays())
    body = arrays()["train_images"] if shape[0] < 10 else np.zeros((0, 3, 3))
    (tmp_path / FILES["train_images"]).write_bytes(pack(body, shape=shape))
    refused(tmp_path, FILES["train_images"], str(int(np.prod(shape, dtype=object))))


@pytest.mark.parametrize("part", ["train", "test"])
def test_images_and_labels_that_do_not_match_are_refused(tmp_path, part):
    write(tmp_path, arrays() | {f"{part}_labels": np.arange(2)})
    refused(tmp_path, part, "images but 2 labels")


def test_files_without_images_are_refused(tmp_path):
    empty = {"test_images": np.zeros((0, 3, 3)), "test_labels": np.zeros(0)}
    write(tmp_path, arrays() | empty)
    refused(tmp_path, "test", "no images")


def test_images_without_pixels_are_refused(tmp_path):
    write(tmp_path, arrays() | {"train_images": np.zeros((7, 0, 3))})
    refused(tmp_path, FILES["train_images"], "no pixels")


def test_training_and_test_images_of_two_sizes_are_refused(tmp_path):
    write(tmp_path, arrays() | {"test_images": np.zeros((4, 5, 5))})
    refused(tmp_path, "same size")


# --- where they come from ------------------------------------------------------------------------


def test_a_missing_folder_is_named(tmp_path):
    refused(tmp_path / "nowhere", "nowhere", "--data-dir")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").touch()
    refused(tmp_path / "file", "file", "--data-dir")


@pytest.mark.parametrize("key", FILES)
def test_a_missing_file_is_named(tmp_path, key):
    write(tmp_path, arrays())
    (tmp_path / FILES[key]).unlink()
    refused(tmp_path, FILES[key], str(tmp_path))


def test_files_of_ones_own_need_a_folder():
    refused(None, "--data-dir")


def test_an_unknown_data_set_is_answered_with_those_there_are(tmp_path):
    refused(
        tmp_path,
        "'cifar'",
        "digits, mnist, fashion, kmnist, cifar10, cifar10-jpeg, svhn, idx",
        name="cifar",
    )


@pytest.mark.parametrize("name, packed", [("mnist", False), ("mnist", True), ("fashion", True)])
def test_a_file_that_is_not_the_published_one_is_refused(tmp_path, name, packed):
    write(tmp_path, arrays(), packed)
    refused(tmp_path, FILES["train_images"], "not the published", "--dataset idx", name=name)


@pytest.mark.parametrize("problem", [requests.ConnectionError("no network"), OSError("disk")])
def test_without_a_network_the_message_says_what_to_do(monkeypatch, problem):
    def fail(**_):
        raise problem

    monkeypatch.setattr(pooch, "retrieve", fail)
    refused(None, f"{FILES['train_images']}.gz", "--data-dir", name="mnist")


def test_a_fetched_file_with_another_digest_is_refused(monkeypatch):
    def fail(**_):
        raise ValueError("the hash does not match")

    monkeypatch.setattr(pooch, "retrieve", fail)
    refused(None, f"{FILES['train_images']}.gz", "not the published", name="fashion")


def test_a_fetched_file_is_asked_for_by_its_digest(monkeypatch, tmp_path):
    asked = {}

    def retrieve(url, known_hash, fname, path):
        asked[fname] = (url, known_hash)
        raise requests.ConnectionError

    monkeypatch.setattr(pooch, "retrieve", retrieve)
    refused(None, name="mnist")
    url, digest = asked["train-images-idx3-ubyte.gz"]
    assert url.endswith("/mnist/train-images-idx3-ubyte.gz")
    assert digest == "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873"


@pytest.mark.skipif(not MNIST.is_dir(), reason="no MNIST files beside the repository")
def test_mnist_is_mnist():
    data = datasets.load("mnist", MNIST)
    assert data.train_images.shape == (60_000, 784)
    assert data.test_images.shape == (10_000, 784)
    assert data.train_labels[:3].tolist() == [5, 0, 4]
    assert data.test_labels[:3].tolist() == [7, 2, 1]
    assert data.classes == 10
    assert data.train_images.max() == 1 and abs(data.train_images.mean() - 0.1307) < 1e-4
