"""The angle between the local update and that of backpropagation, image by image."""

import numpy as np
import pytest

from analysis.segregated.angle import join
from experiments.run import loop as training
from experiments.run.config import Config
from experiments.segregated import angle
from models.engine import device

SHORT = {"settle_ms": 5.0, "forward_ms": 10.0, "target_ms": 10.0, "random_phases": False}
TINY = {"layers": (6, 10), "train_examples": 5, "chunk": 3, "device": "runtime", "seed": 4} | SHORT
RAMP = np.arange(10.0)


@pytest.fixture
def observed():
    """A tiny network whose hidden cells hold both errors: its run, by options."""
    device.interpret()

    def make(**options):
        run = training.Run(Config.of(TINY | options), None)
        run.network = run.network._replace(observe=True)
        return run

    return make


def test_backpropagation_is_at_no_angle_to_itself(observed):
    angles = angle.follow(observed(rule="backprop"), 1)
    assert list(angles) == ["hidden_0"]
    np.testing.assert_allclose(angles["hidden_0"], np.zeros(5), atol=1e-5)


def test_every_image_and_hidden_layer_has_an_angle_to_backpropagation(observed):
    angles = angle.follow(observed(layers=(6, 5, 10)), 1)
    assert {layer: values.shape for layer, values in angles.items()} == {
        "hidden_0": (5,),
        "hidden_1": (5,),
    }
    assert all((0.1 < values).all() and (values < 179.9).all() for values in angles.values())
    assert not np.allclose(angles["hidden_0"], angles["hidden_1"])


def test_the_sliding_mean_of_a_ramp_is_a_ramp():
    np.testing.assert_allclose(angle.sliding_mean(RAMP, 3), np.arange(1.0, 9))


def test_blocks_are_fine_in_the_first_epoch_and_leave_no_image_out():
    assert angle.blocks(10, 4, 2, 3) == [(0, 2), (2, 4), (4, 7), (7, 10)]
    limits = angle.blocks(600_000, 60_000, 100, 1000)
    assert len(limits) == 600 + 540
    assert [a for a, _ in limits[1:]] == [b for _, b in limits[:-1]]


def test_images_without_an_angle_are_left_out_and_counted():
    values = np.where(RAMP == 1, np.nan, RAMP)
    columns = angle.curve(values, [(0, 5), (5, 10)])
    np.testing.assert_allclose(columns["mean"], [(0 + 2 + 3 + 4) / 4, 7])
    np.testing.assert_allclose(columns["lower_quartile"], [1.5, 6])
    np.testing.assert_allclose(columns["upper_quartile"], [3.25, 8])
    assert columns["angles"] == [4, 5]
    assert columns["images_seen"] == [5, 10]


def test_headlines_are_of_the_first_images_the_least_sliding_mean_and_the_last_epoch():
    values = np.array([90.0, 80, np.nan, 40, 50, 60, 66, 70, 74, 70])
    start, least, end = angle.headlines("angle", values, epochs=2, window=2, least=2)
    assert (start["measure"], start["value"], start["n"]) == ("angle_start", 85, 2)
    assert (least["measure"], least["value"]) == ("angle_min", 45)
    assert (end["measure"], end["value"], end["n"]) == ("angle", 68, 5)


def test_blocks_that_are_joined_keep_their_mean_and_their_end():
    seen = np.arange(100, 3100, 100)
    values = np.where(seen == 3000, np.nan, 1.0 * seen)
    weights = np.where(seen == 3000, 0, 100)
    joined_seen, joined = join(seen, [values], weights, ratio=2)
    np.testing.assert_array_equal(joined_seen, [100, 200, 400, 800, 1600, 3000])
    np.testing.assert_allclose(joined, [100, 200, 350, 650, 1250, 2300])
