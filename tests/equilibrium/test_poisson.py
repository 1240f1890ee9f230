"""Rates and Poisson spikes: the window of the rate rule, and the drift of pair-based STDP."""

import brian2
import numpy as np
import pytest
from brian2 import ms

from models.equilibrium import poisson


@pytest.fixture(autouse=True)
def quick_runtime():
    brian2.prefs.codegen.target = "numpy"


def test_the_window_is_the_slope_of_the_autocovariance():
    lags = np.array([-30.0, -4.0, 3.0, 25.0])

    def covariance(lag):
        tau, tau_f, away = 20, 5, np.abs(lag)
        both = tau * np.exp(-away / tau) - tau_f * np.exp(-away / tau_f)
        return 0.012**2 * both / (tau - tau_f)  # sigma^2 at lag 0

    assert covariance(0) == pytest.approx(0.012**2)
    slope = (covariance(lags + 1e-4) - covariance(lags - 1e-4)) / 2e-4
    np.testing.assert_allclose(poisson.window(lags), -slope / 0.040, rtol=1e-6)


def test_sums_by_lag_are_those_of_all_pairs():
    rng, steps, cells = np.random.default_rng(1), 60, 3
    pre, post = (np.nonzero(rng.random((cells, steps)) < 0.3) for _ in range(2))
    change, edges = rng.normal(size=(steps, cells)), np.array([-20, -5, 0, 1, 30])
    expected = np.zeros((3, len(edges) - 1))
    for i, t in zip(*pre, strict=True):
        for j, s in zip(*post, strict=True):
            there = np.flatnonzero((edges[:-1] <= s - t) & (s - t < edges[1:]))
            if i == j and len(there):
                expected[:, there[0]] += change[t, i], change[t, i] ** 2, 1
    np.testing.assert_allclose(poisson.by_lag(pre, post, change, edges), expected, atol=1e-12)


def test_rates_wander_as_they_are_said_to():
    pre, post, change = poisson.wandering(60, 1.0, 3)
    assert len(pre[0]) / 60 == pytest.approx(20, rel=0.1)
    assert len(post[0]) / 60 == pytest.approx(40, rel=0.1)
    # var(dy/dt) = sigma^2/(tau tau_f)
    assert change.std() == pytest.approx(0.012 / np.sqrt(20 * 5), rel=0.1)


def test_spikes_of_unrelated_cells_change_nothing_and_ramps_do_as_the_formula_says():
    n, slope = 400, 4e-5
    kinds = np.repeat([0, slope], n), np.repeat([0, slope], n)
    none, pre = poisson.ramps(kinds[0], 0 * kinds[0], 400, 1, dt=1 * ms).reshape(2, n)
    post = poisson.ramps(0 * kinds[1], kinds[1], 400, 2, dt=1 * ms)[n:]
    error = none.std() / np.sqrt(n)
    assert abs(none.mean()) < 4 * error
    for found, slopes in ((pre, (slope, 0)), (post, (0, slope))):
        expected = poisson.drift(*slopes, 400)
        assert found.mean() == pytest.approx(expected, abs=4 * error)


def test_two_spikes_in_one_step_potentiate_and_the_areas_balance():
    pairs, dt = poisson.Pairs(), 0.5 * ms
    steps = np.arange(20_000)
    plus, minus = (float(dt / tau) for tau in (pairs.tau_plus, pairs.tau_minus))
    potentiation = np.sum(np.exp(-steps * plus))  # from lag 0 on
    depression = pairs.a_minus(dt) * np.sum(np.exp(-steps[1:] * minus))
    assert potentiation == pytest.approx(depression, rel=1e-9)
