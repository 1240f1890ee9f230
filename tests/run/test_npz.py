"""A user's own arrays arrive as they were meant, or are refused in a sentence that says why."""

import io
import zipfile

import numpy as np
import pytest

from experiments.run import data as datasets
from experiments.run import dataset, npz
from experiments.run.dataset import ARRAYS, DataError, of_arrays

RNG = np.random.default_rng(0)


def arrays(**changed):
    """Small images of 2 x 3 pixels in [0, 1] of three classes; ``changed`` in place of some."""
    good = {
        "train_images": RNG.random((9, 2, 3)),
        "train_labels": np.arange(9) % 3,
        "test_images": RNG.random((4, 2, 3)),
        "test_labels": np.arange(4) % 3,
    }
    return good | changed


@pytest.fixture
def refused(tmp_path):
    """The sentence with which a file of these arrays is refused."""

    def sentence(**changed):
        given = {k: v for k, v in arrays(**changed).items() if v is not None}
        np.savez(tmp_path / "mine.npz", **given)
        with pytest.raises(DataError) as caught:
            datasets.load(str(tmp_path / "mine.npz"))
        text = str(caught.value)
        assert "\n" not in text and 20 < len(text) < 300
        return text

    return sentence


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_file_gives_back_its_arrays(tmp_path, save):
    given = arrays()
    save(tmp_path / "mine.npz", **given, more=np.ones(3))
    found = datasets.load(str(tmp_path / "mine.npz"))
    assert found.train_images.shape == (9, 6) and found.train_images.dtype == np.float32
    np.testing.assert_allclose(found.train_images, given["train_images"].reshape(9, 6), rtol=1e-6)
    np.testing.assert_array_equal(found.test_labels, given["test_labels"])
    assert (found.classes, found.names) == (3, ())


def test_what_a_folder_keeps_is_what_was_given(tmp_path):
    given = arrays()
    dataset.write(tmp_path, "data.npz", list(given.values()))
    kept, asked = npz.read(tmp_path / "data.npz"), of_arrays(**given)
    assert kept.digest() == asked.digest() and kept.names == asked.names
    other = of_arrays(**arrays(test_labels=np.array([0, 1, 2, 2])))
    assert other.digest() != asked.digest()


@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.float32, np.float64])
def test_bytes_are_divided_by_255_whatever_their_type(kind):
    bytes_ = RNG.integers(0, 256, (9, 6)).astype(kind)
    bytes_[0, 0] = 255
    found = of_arrays(**arrays(train_images=bytes_, test_images=bytes_[:4]))
    np.testing.assert_allclose(found.train_images, bytes_ / 255.0, rtol=1e-6)


def test_black_and_white_stays_so():
    found = of_arrays(**arrays(train_images=np.eye(9) > 0, test_images=np.eye(9)[:4] > 0))
    np.testing.assert_array_equal(found.train_images, np.eye(9))


@pytest.mark.parametrize(
    ("labels", "names", "places"),
    [
        (["cat", "dog", "ant"], ("ant", "cat", "dog"), [1, 2, 0]),
        ([b"cat", b"dog", b"ant"], ("ant", "cat", "dog"), [1, 2, 0]),
        ([7, -2, 40], ("-2", "7", "40"), [1, 0, 2]),
        (np.array([2, 0, 1], dtype=np.uint8), (), [2, 0, 1]),
    ],
    ids=["texts", "bytes", "numbers", "from 0"],
)
def test_classes_are_counted_in_their_order_and_keep_their_names(labels, names, places):
    labels = np.array(labels)
    about = {"train_labels": np.tile(labels, 3), "test_labels": labels[[0, 1, 2, 0]]}
    found = of_arrays(**arrays(**about))
    assert (found.classes, found.names) == (3, names)
    np.testing.assert_array_equal(found.train_labels, places * 3)
    np.testing.assert_array_equal(found.test_labels, [*places, places[0]])


BAD = {
    "no key": ({"test_labels": None}, "it has no test_labels, but test_images"),
    "nothing": (dict.fromkeys(ARRAYS), "it has no train_images, but nothing"),
    "nan": ({"train_images": np.full((9, 6), np.nan)}, "image 0 has a pixel that is no number"),
    "inf": ({"test_images": np.where(np.eye(4, 6), np.inf, 0)}, "test_images: image 0"),
    "negative": ({"train_images": -np.ones((9, 6))}, "pixels from -1 to"),
    "too large": ({"train_images": np.full((9, 6), 256)}, "to 256: they have to be"),
    "ambiguous": ({"train_images": np.full((9, 6), 16)}, "to 16: they have to be"),
    "objects": ({"train_labels": np.array([None] * 9)}, "holds Python objects"),
    "object images": ({"test_images": np.array([[{}]] * 4)}, "holds Python objects"),
    "texts for pixels": ({"train_images": np.full((9, 6), "a")}, "pixels are numbers, not texts"),
    "complex": ({"train_images": np.full((9, 6), 1j)}, "not complex numbers"),
    "a row": ({"train_images": np.ones(9)}, "train_images: 9, where images x pixels"),
    "one number": ({"train_images": np.float64(1)}, "train_images: one number"),
    "no images": ({"test_images": np.ones((0, 6))}, "test_images: 0 x 6"),
    "no pixels": ({"test_images": np.ones((4, 0))}, "test_images: 4 x 0"),
    "lengths": ({"train_labels": np.arange(8) % 3}, "train: 9 images but 8 labels"),
    "test lengths": ({"test_labels": np.arange(5) % 3}, "test: 4 images but 5 labels"),
    "sizes": ({"test_images": np.ones((4, 5))}, "not of the same size: 6 and 5 pixels"),
    "one class": ({"train_labels": np.zeros(9, int)}, "all images are of one class (0)"),
    "new class": ({"test_labels": np.array([0, 1, 2, 5])}, "class 5 is in no training image"),
    "new class that no one can read": (
        {
            "train_labels": np.array(list("abcabcabc")),
            "test_labels": np.array(["a", "b", "c", "\u2062"]),
        },
        r"class '\u2062' is in no training image",
    ),
    "new text": (
        {"train_labels": np.array(["a", "b", "c"] * 3), "test_labels": np.array(list("abcd"))},
        "class d is in no training image",
    ),
    "mixed": ({"test_labels": np.array(list("abca"))}, "texts in one part and numbers"),
    "fractions": ({"train_labels": np.arange(9) / 2}, "convert them to whole numbers"),
    "one-hot": ({"train_labels": np.eye(9, dtype=int)}, "9 x 9 labels, where one an image"),
    "dates": ({"train_labels": np.arange(9).astype("M8[D]")}, "whole numbers or texts"),
    "too many": (
        {"train_images": np.ones((1200, 6)), "train_labels": np.arange(1200)},
        "1200 classes: 1000 at most",
    ),
    "no name": ({"train_labels": np.array(["", "b", "c"] * 3)}, "a class is called ''"),
    "long name": ({"train_labels": np.array(["a" * 99, "b", "c"] * 3)}, "up to 60 letters"),
    "a line": ({"train_labels": np.array(["a\nb", "b", "c"] * 3)}, "a class is called"),
    "no text": ({"train_labels": np.array([b"\xff", b"b", b"c"] * 3)}, "a label is no text"),
    "64 bits": ({"train_labels": np.full(9, 2**64 - 1, np.uint64)}, "more than 64 bits"),
}


@pytest.mark.parametrize("name", BAD)
def test_arrays_that_cannot_be_learned_are_refused_in_a_sentence(refused, name):
    changed, words = BAD[name]
    if name in ("no name", "long name", "a line", "no text"):
        changed = changed | {"test_labels": changed["train_labels"][:4]}
    assert words in refused(**changed)


def test_files_that_are_no_npz_are_refused(tmp_path):
    path = tmp_path / "mine.npz"
    for content in (b"", b"PK\x03\x04", b"train_images", np.arange(9).tobytes()):
        path.write_bytes(content)
        with pytest.raises(DataError, match="is damaged, or no npz file"):
            npz.read(path)
    np.savez(path, **arrays())
    whole = path.read_bytes()
    for cut in (10, len(whole) // 2, len(whole) - 4):
        path.write_bytes(whole[:cut])
        with pytest.raises(DataError, match="is damaged, or no npz file"):
            npz.read(path)
    with pytest.raises(DataError, match="no file"):
        npz.read(tmp_path / "other.npz")
    with pytest.raises(DataError, match="is not a plain file"):
        npz.read(tmp_path)


def test_a_header_may_not_tell_of_more_than_there_is(tmp_path):
    path, header = tmp_path / "mine.npz", io.BytesIO()
    about = {"descr": "<f8", "fortran_order": False, "shape": (1 << 40, 6)}
    np.lib.format.write_array_header_1_0(header, about)
    np.savez(path, **{name: value for name, value in arrays().items() if name != "train_images"})
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("train_images.npy", header.getvalue() + bytes(100))
    with pytest.raises(DataError, match="its header tells of more than there is"):
        npz.read(path)


def test_a_folder_beside_a_file_is_refused(tmp_path):
    np.savez(tmp_path / "mine.npz", **arrays())
    with pytest.raises(DataError, match="say where the file lies"):
        datasets.load(str(tmp_path / "mine.npz"), str(tmp_path))
