"""Shifted images: whole, by so many pixels, each by itself, the same for the same seed."""

import numpy as np
import pytest

from experiments.run import folder, loop, shifts
from experiments.run.config import Config
from experiments.run.dataset import DataError, Dataset


def moved(image, down, right):
    """The image (channels, rows, columns) moved, with nothing behind it."""
    found = np.roll(image, (down, right), axis=(1, 2))
    for axis, by in ((1, down), (2, right)):
        behind = [slice(None)] * 3
        behind[axis] = slice(None, by) if by > 0 else slice(by, None) if by else slice(0)
        found[tuple(behind)] = 0
    return found


def test_an_image_is_moved_and_what_comes_in_is_dark():
    rng = np.random.default_rng(1)
    images = rng.uniform(0.1, 1, (200, 2 * 5 * 5)).astype(np.float32)
    found = shifts.shifted(images, 5, 2, 7)
    assert found.shape == images.shape and found.dtype == images.dtype
    seen, places = set(), [(down, right) for down in range(-2, 3) for right in range(-2, 3)]
    for image, other in zip(images.reshape(-1, 2, 5, 5), found.reshape(-1, 2, 5, 5), strict=True):
        [place] = [place for place in places if np.array_equal(moved(image, *place), other)]
        seen.add(place)
    assert seen == set(places)
    assert np.array_equal(found, shifts.shifted(images, 5, 2, 7))
    assert not np.array_equal(found, shifts.shifted(images, 5, 2, 8))


def test_training_images_are_shifted_anew_in_each_epoch_and_test_images_never(tmp_path):
    given = {"theory": "backprop", "layers": (8, 10), "shift": 1, "train_examples": 40}
    run = loop.Run(Config.of(given), folder.RunFolder(tmp_path / "a"))
    plain = loop.Run(Config.of(given | {"shift": 0}), folder.RunFolder(tmp_path / "b"))
    for epoch in (0, 1):
        mine, usual = run.inputs({}, epoch, 0), plain.inputs({}, epoch, 0)
        assert np.array_equal(mine.labels, usual.labels)
        expected = shifts.shifted(usual.images, 8, 1, run.seed(loop.Purpose.SHIFT, epoch, 0))
        assert np.array_equal(mine.images, expected)
        assert not np.array_equal(mine.images, usual.images)
    assert np.array_equal(run.shown()[0], plain.shown()[0])


def test_images_that_are_not_square_are_refused_in_a_sentence():
    none = np.zeros((2, 6), np.float32), np.zeros(2, int)
    with pytest.raises(DataError, match="^--shift: images of 6 pixels are not square$"):
        shifts.side(Dataset(*none, *none, classes=2))
