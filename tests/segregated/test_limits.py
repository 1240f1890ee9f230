"""What holds a network up: signals and noise whose sizes and angles are known."""

import numpy as np
import pytest

from experiments.segregated.limits import shares

TIMES, SHAPE = 40, (50, 100)  # images, cells


def noisy(signal, noise, rng):
    return signal + noise * rng.normal(size=(TIMES, *SHAPE))


@pytest.mark.parametrize("noise", [0.0, 0.5, 3.0])
@pytest.mark.parametrize("degrees", [0, 40, 90])
def test_noise_moves_neither_the_angle_of_signals_nor_what_is_counted_as_signal(degrees, noise):
    rng, turn = np.random.default_rng(1), np.radians(degrees)
    one, other = rng.normal(size=(2, *SHAPE))
    best = np.cos(turn) * one + np.sin(turn) * other
    found = shares(noisy(one, noise, rng), noisy(best, noise, rng))
    power = np.mean(one**2)
    assert found["signal"] == pytest.approx(power / (power + noise**2), abs=0.02)
    exact = np.cos(np.radians(found["angle_without_noise"])) - np.cos(turn)
    assert abs(exact) < 0.05


def test_the_mean_of_noisy_errors_would_show_a_wider_angle():
    """That is: the halves are needed."""
    rng = np.random.default_rng(2)
    one = rng.normal(size=SHAPE)
    own, best = noisy(one, 8.0, rng), noisy(one, 8.0, rng)
    a, b = own.mean(axis=0).ravel(), best.mean(axis=0).ravel()
    plain = np.degrees(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))
    assert plain > 45 > 25 > shares(own, best)["angle_without_noise"]


def test_errors_that_are_noise_alone_have_no_angle():
    own = np.array([[[1.0, -1.0]], [[-1.0, 1.0]]])
    found = shares(own, own)
    assert np.isnan(found["angle_without_noise"]) and found["signal"] < 0


def test_noise_that_both_errors_share_is_no_agreement():
    """As in use: both come from the same presentations."""
    rng = np.random.default_rng(3)
    one, other = rng.normal(size=(2, *SHAPE))
    noise = 3 * rng.normal(size=(TIMES, *SHAPE))
    found = shares(one + noise, other + noise)
    assert abs(found["angle_without_noise"] - 90) < 5
