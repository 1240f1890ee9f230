"""Intervals of shares and medians against closed forms; what counts in a made-up design."""

import numpy as np
import pytest
from scipy import stats

from experiments.study import importance, statistics


@pytest.mark.parametrize("count, total", [(0, 10), (3, 10), (48, 64), (64, 64)])
def test_a_share_has_wilsons_interval(count, total):
    low, high = statistics.wilson(count, total)
    z = stats.norm.ppf(0.975)
    for end in (low, high):  # the ends are where the share is z standard deviations away
        assert abs(count / total - end) == pytest.approx(z * np.sqrt(end * (1 - end) / total))
    assert 0 <= low < high <= 1 and low <= count / total <= high


def test_wilsons_interval_of_none_and_all_has_a_width():
    z = stats.norm.ppf(0.975) ** 2
    assert statistics.wilson(0, 10) == pytest.approx((0, z / (10 + z)))
    assert statistics.wilson(10, 10) == pytest.approx((10 / (10 + z), 1))


def test_a_medians_interval_is_that_of_order_statistics():
    values = np.arange(1.0, 102)  # a resample's median is at most k with a binomial's probability
    k = np.arange(1, 102)
    below = stats.binom.sf(50, 101, k / 101)
    low, high = statistics.median_interval(values, seed=2)
    for end, level in ((low, 0.025), (high, 0.975)):
        assert abs(end - k[np.searchsorted(below, level)]) <= 1
    assert statistics.median_interval(values, seed=2) == (low, high)
    assert statistics.median_interval([3.0]) == (3, 3)


def test_a_difference_of_medians_is_paired_over_points():
    one = np.random.default_rng(1).normal(size=64)
    difference, low, high = statistics.median_difference(one + 0.5, one)
    assert difference == pytest.approx(0.5) and high - low < 1e-12  # the same points: no doubt
    _, low, high = statistics.median_difference(one + 0.5, one[::-1])
    assert high - low > 0.3


def test_what_counts_is_told_from_what_does_not():
    rng = np.random.default_rng(1)
    places = np.exp(rng.uniform(-1, 1, (48, 5)))
    values = np.log(places[:, 3]) - np.log(places[:, 0]) ** 2 + 0.05 * rng.standard_normal(48)
    found = importance.importance(places, values, seed=1, nulls=19)
    assert found.values.argmax() == 3 and found.values[3] > found.chance
    assert (found.values[[1, 2, 4]] < found.chance).all()
    assert found.null.shape == (19, 5) and 0.3 < found.explained < 1
    assert (found.null.max(axis=1) <= found.chance).sum() == 19 and 0 < found.chance < 0.5


def test_of_noise_nothing_counts():
    places, values = np.split(np.random.default_rng(2).random((32, 4)), [3], axis=1)
    found = importance.importance(places, values.ravel(), nulls=19)
    assert (found.values < found.chance).all() and found.explained < 0.2


@pytest.mark.parametrize("values", [np.ones(20), np.arange(7.0)])
def test_of_too_few_points_nothing_is_said(values):
    with pytest.raises(ValueError, match="needs 8 points"):
        importance.importance(np.ones((len(values), 2)), values)
