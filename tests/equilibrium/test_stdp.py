"""The rate rule on a pair of spikes: the window in closed form, simulated and tabulated."""

import brian2
import numpy as np
import pytest
from brian2 import ms

from models.equilibrium.stdp import Traces, pairs, window

LAGS = np.array([-80, -40, -20, -10, -5, 5, 10, 20, 40, 80])
BY_HAND = [-0.0352, -0.1142, -0.2057, -0.2760, -0.3197, 0.4904, 0.3819, 0.2316, 0.0852, 0.0115]


@pytest.fixture(autouse=True)
def quick_runtime():
    brian2.prefs.codegen.target = "numpy"


def test_the_window_is_the_integral_of_the_rule():
    np.testing.assert_allclose(window(LAGS), BY_HAND, atol=5e-5)
    traces, t = Traces(15 * ms, 40 * ms), np.arange(0, 1000, 0.001) + 0.0005  # ms
    for lag in (12.0, -12.0):
        x = np.where(t > 100, np.exp(-np.maximum(t - 100, 0) / 15), 0)
        u = np.where(t > 100 + lag, np.exp(-np.maximum(t - 100 - lag, 0) / 40), 0)
        assert x[:-1] @ np.diff(u) == pytest.approx(window(lag, traces), rel=1e-3)


def test_its_areas_are_equal():
    lags = np.arange(-600, 600, 0.01) + 0.005
    assert abs(window(lags).sum()) < 1e-3 * np.abs(window(lags)).sum()


def test_pairs_of_spikes_learn_it_within_half_a_per_cent():
    np.testing.assert_allclose(pairs(LAGS), window(LAGS), rtol=0.005)
    finer = np.abs(pairs(LAGS[3:7], dt=0.05 * ms) / window(LAGS[3:7]) - 1)
    assert finer.max() < 0.0025, "the error falls with the time step"


@pytest.mark.parametrize("lags", [[0.0, 5.0], [], [[1.0]], [np.nan]])
def test_lags_that_cannot_be_are_refused(lags):
    with pytest.raises(ValueError, match="lags: a list of times in ms, none of them 0"):
        pairs(lags)
