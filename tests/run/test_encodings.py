"""Encodings of images: closed forms, and what cannot be encoded."""

import numpy as np
import pytest
from scipy.stats import norm

from experiments.run import loop
from experiments.run.config import Config
from experiments.run.dataset import DataError, Dataset, of_arrays
from experiments.run.encodings import ENCODINGS, encode, encoded

# Mean of the positive half of a normal deviate, clipped at 2, over 2.
NORMAL = (norm.pdf(0) - norm.pdf(2) + 2 * norm.sf(2)) / 2


@pytest.fixture
def colour():
    """Two images of 4 x 4 pixels with colour, shape (2, 48)."""
    return np.random.default_rng(0).random((2, 48)).astype(np.float32)


def standard(values):
    """What on and off cells are told of a row, in plain NumPy."""
    z = (values - values.mean()) / values.std()
    return np.concatenate([np.clip(z, 0, 2) / 2, np.clip(-z, 0, 2) / 2])


@pytest.mark.parametrize(
    "name, inputs",
    [("pixels", 48), ("rgb", 48), ("grey", 16), ("on-off", 32), ("colour-opponent", 96)],
)
def test_inputs_are_rates_from_0_to_1_and_as_many_as_the_encoding_says(colour, name, inputs):
    found = encode(name, colour, 3)
    assert found.shape == (2, inputs) and found.dtype == np.float32
    assert found.min() >= 0 and found.max() <= 1


def test_grey_is_the_lightness_of_the_three_colours(colour):
    red, green, blue = colour.reshape(2, 3, 16).swapaxes(0, 1)
    np.testing.assert_allclose(
        encode("grey", colour, 3), 0.299 * red + 0.587 * green + 0.114 * blue, rtol=1e-6
    )
    np.testing.assert_array_equal(encode("rgb", colour, 3), colour)
    np.testing.assert_array_equal(encode("grey", colour, 1), colour)


def test_on_and_off_cells_have_the_two_halves_of_contrast(colour):
    grey = encode("grey", colour, 3).astype(float)
    np.testing.assert_allclose(encode("on-off", colour, 3), [*map(standard, grey)], atol=1e-6)
    on, off = np.split(encode("on-off", colour, 3), 2, axis=1)
    assert not (on * off).any() and (on + off > 0).all()


def test_opponent_colours_are_red_green_and_yellow_blue_by_their_own_sd(colour):
    red, green, blue = colour.reshape(2, 3, 16).swapaxes(0, 1).astype(float)
    grey = encode("grey", colour, 3).astype(float)
    for parts, found in zip(
        zip(grey, red - green, (red + green) / 2 - blue, strict=True),
        encode("colour-opponent", colour, 3),
        strict=True,
    ):
        np.testing.assert_allclose(found, np.concatenate([*map(standard, parts)]), atol=1e-6)


def test_brightness_and_contrast_of_the_whole_image_do_not_matter_to_on_and_off_cells(colour):
    np.testing.assert_allclose(
        encode("on-off", 0.3 + 0.5 * colour, 3), encode("on-off", colour, 3), atol=1e-5
    )


def test_an_image_of_one_shade_is_silent_and_noise_below_a_level_is_not_blown_up():
    flat = np.full((1, 3072), 0.7, np.float32)
    assert not encode("on-off", flat, 3).any() and not encode("colour-opponent", flat, 3).any()
    faint = flat.copy()
    faint[0, ::3] += 1 / 2550
    assert encode("on-off", faint, 3).max() < 0.1


def test_of_normal_contrast_on_and_off_cells_fire_at_a_fifth_of_the_highest_rate():
    values = np.random.default_rng(1).normal(0.5, 0.1, (400, 1024)).astype(np.float32)
    # .1952; 400 x 2048 halves, each with an SD of .28: the standard error is .0003
    assert abs(encode("on-off", values, 1).mean() - NORMAL) < 0.001


@pytest.mark.parametrize("name", ["rgb", "colour-opponent"])
def test_colours_of_images_without_colour_are_refused(digits, name):
    with pytest.raises(DataError, match=f"--encoding {name}: these images have no colour"):
        encoded(digits, name)


def test_images_with_other_channels_are_refused_but_as_they_are(digits):
    values = np.random.default_rng(2).random((6, 4, 4, 3))
    data = of_arrays(values, [0, 1] * 3, values, [0, 1] * 3)
    assert encoded(data, "pixels") is data
    with pytest.raises(DataError, match="4 channels"):
        encoded(data, "on-off")


def test_arrays_with_colour_are_known_by_their_shape():
    values = np.random.default_rng(3).random((6, 3, 4, 4))
    data = of_arrays(values, [0, 1] * 3, values[:2], [0, 1])
    found = encoded(data, "colour-opponent")
    assert data.channels == 3 and isinstance(found, Dataset)
    assert found.train_images.shape == (6, 96) and found.test_images.shape == (2, 96)
    assert found.channels == 6 and found.classes == 2
    np.testing.assert_array_equal(found.train_images[:2], found.test_images)


def test_spike_trains_are_refused(digits):
    from models.theory import Trains

    with pytest.raises(DataError, match="--encoding grey: .* spike trains"):
        encoded(digits._replace(trains=Trains(32, 2)), "grey")


def test_a_run_learns_from_encoded_images_and_says_so(digits, tmp_path):
    config = Config.of(theory="backprop", layers=(5, 10), encoding="on-off", train_examples=20)
    run = loop.Run(config, data=digits)
    assert run.network.sizes["input"] == 128
    np.testing.assert_array_equal(
        run.data.train_images, encode("on-off", digits.train_images[:20], 1)
    )
    assert config.flat()["encoding"] == "on-off"


def test_an_older_run_is_of_images_as_they_are_and_another_encoding_is_another_run():
    older = Config().flat()
    del older["encoding"]
    assert not Config().differences(older) and Config.of(older) == Config()
    (said,) = Config.of(encoding="grey").differences(older)
    assert said == "--encoding is pixels, not grey"


@pytest.mark.parametrize("name", ENCODINGS)
def test_each_encoding_says_how_many_inputs_it_has(name):
    assert "inputs" in ENCODINGS[name].__doc__
