"""A single cell on the bench: gains, time constants, kernel, plateaus, and the sign of learning."""

import brian2
import numpy as np
import pytest
from brian2 import ms, mV
from scipy import stats

from experiments.segregated import lemma_1, phases, prediction, single_cell
from models.engine.device import ModelError
from models.segregated import bench, timing
from models.segregated.output import OUTPUT
from models.segregated.parameters import Phases
from models.segregated.pyramidal import HIDDEN
from tests.segregated.reference import kappa

FIXED = Phases(random=False)
TRAINING = timing.training(FIXED, 1)
ONE_PHASE = timing.testing(Phases(test=60 * ms), 1)
ATTENUATION = {g_a: HIDDEN.vary(params={"g_a": g_a / ms}) for g_a in (0, 0.05, 0.6)}


def spike(step, weight, steps=100):
    """One spike through one weight, mV ms."""
    given = np.zeros((steps, 1))
    given[step] = weight
    return given


# --- the bench -------------------------------------------------------------------------------


def test_a_basal_spike_is_felt_in_its_step_and_an_apical_one_in_the_next_as_the_weighted_kernel():
    out = bench.run(HIDDEN, TRAINING, basal=spike(7, 2.5), apical=spike(7, -4.0))
    np.testing.assert_allclose(out.V_b[:, 0], 2.5 * kappa(out.t - 6), atol=1e-13)
    np.testing.assert_allclose(out.V_a[:, 0], -4.0 * kappa(out.t - 7), atol=1e-13)
    assert out.V_b.max() > 0.14


def test_given_trains_through_weights_are_filtered_as_the_theory_says():
    pre = bench.trains(40, TRAINING, cells=3, synapses=6, seed=2)
    weights = np.linspace(-3, 5, 6)
    out = bench.run(HIDDEN, TRAINING, 3, basal=pre @ weights)
    s = lemma_1.filtered(pre.reshape(100, -1)).reshape(100, 3, 6)
    np.testing.assert_allclose(out.V_b, s @ weights, atol=1e-12)
    assert pre.any(axis=(0, 2)).all() and np.abs(out.V_b).max() > 0.1


def test_poisson_trains_have_the_rate_asked_for_at_each_time():
    rates = np.where(np.arange(100) < 50, 20, 150)[:, None, None]
    pre = bench.trains(rates, TRAINING, cells=50, synapses=80, seed=1)
    for part, rate in ((pre[:50], 0.02), (pre[50:], 0.15)):
        error = np.sqrt(rate * (1 - rate) / part.size)
        assert part.mean() == pytest.approx(rate, abs=4 * error)
    assert (pre != bench.trains(rates, TRAINING, 50, 80, seed=2)).any()


@pytest.mark.parametrize("g_a", ATTENUATION)
def test_the_soma_settles_at_its_gains_with_its_time_constant(g_a):
    t, V = single_cell.respond(ATTENUATION[g_a])
    total = 0.1 + 0.6 + g_a
    course = 1 - np.exp(-t * total)
    np.testing.assert_allclose(V, np.outer(course, [0.6, g_a]) / total, atol=1e-12)


def test_apical_spikes_leave_a_segregated_soma_exactly_alone_and_move_others(monkeypatch):
    short = Phases(random=False, forward=50 * ms, target=180 * ms)
    monkeypatch.setattr(single_cell, "MEASURED", short)
    segregated, weak = (single_cell.follow(ATTENUATION[g_a], 3, 1) for g_a in (0, 0.6))
    assert (segregated["deflection"] == 0).all() and (weak["deflection"] > 0.5).all()
    assert (segregated["correlation_with_apical"] > 0.98).all()
    assert (weak["correlation_alone"] > 0.98).all()
    assert (weak["correlation_with_apical"] < 0.95).all()


def test_plateaus_are_those_of_the_apical_mean_over_their_own_window():
    c = np.zeros((100, 2))
    c[:30], c[30:50], c[80:] = 9.0, [0.7, -0.3], [-1.2, 2.0]
    out = bench.run(HIDDEN, TRAINING, 2, c=c)
    np.testing.assert_allclose(out.final["alpha_f"], 1 / (1 + np.exp([-0.7, 0.3])), atol=1e-12)
    np.testing.assert_allclose(out.final["alpha_t"], 1 / (1 + np.exp([1.2, -2.0])), atol=1e-12)


def test_a_current_moves_the_soma_by_its_input_resistance():
    schedule = timing.testing(Phases(dt=0.1 * ms), 1)
    out = bench.run(HIDDEN, schedule, 2, current=[1.0, -2.0])
    np.testing.assert_allclose(out.V[-1], np.array([1, -2]) / 0.7, rtol=1e-3)


def test_a_cell_fires_at_the_rate_of_its_potential():
    schedule = timing.testing(FIXED, 1)
    out = bench.run(HIDDEN, schedule, 400, b=-1.0, start={"V": -0.6 / 0.7 * mV}, seed=4)
    rate = 0.2 / (1 + np.exp(0.6 / 0.7))
    np.testing.assert_allclose(out.phi, 1e3 * rate, rtol=1e-9)
    error = np.sqrt(rate * (1 - rate) / out.spikes.size)
    assert out.spikes.mean() == pytest.approx(rate, abs=4 * error)
    again = bench.run(HIDDEN, schedule, 400, b=-1.0, start={"V": -0.6 / 0.7 * mV}, seed=4)
    np.testing.assert_array_equal(out.spikes, again.spikes)
    first = int(np.argmax(out.spikes[:, 0]))
    assert out.s[first, 0] == pytest.approx(1e3 * kappa(1.0))


@pytest.mark.parametrize("threshold", ("", "V > 0.5*mV"))
def test_a_cell_fires_where_it_is_made_to_and_not_where_it_is_kept_from_it(threshold):
    cell = HIDDEN.vary(threshold=threshold, reset="c = 1*mV")
    given = np.zeros((100, 3))
    given[:, 1] = given[:, 2] = -1
    given[20, 2] = 1
    out = bench.run(cell, TRAINING, 3, b=3.0, fires=given, seed=6)
    assert out.spikes[:, 0].sum() > 5 and not out.spikes[:, 1].any()
    assert np.flatnonzero(out.spikes[:, 2]).tolist() == [20]
    np.testing.assert_allclose(out.s[20:, 2], 1e3 * kappa(out.t[20:] - 19), atol=1e-9)
    assert (out.final["c"] == [1, 0, 1]).all()  # what a spike does to the cell, it does


def test_further_variables_of_a_variant_are_traced_in_its_own_units():
    slow = HIDDEN.vary(
        parts={"gate": "dm/dt = (1/(1 + exp(-V_a/mV)) - m)/tau_m : 1"}, constants={"tau_m": 20 * ms}
    )
    out = bench.run(slow, TRAINING, c=1.0, also=("m", "x_b"), basal=spike(0, 3.0))
    level = 1 / (1 + np.exp(-1))
    np.testing.assert_allclose(out.more["m"][:, 0], level * (1 - np.exp(-(out.t + 1) / 20)))
    np.testing.assert_allclose(out.more["x_b"][:, 0], 3 * np.exp(-(out.t + 1) / 3))


def test_an_output_cell_has_no_apical_dendrite_and_is_taught():
    out = bench.run(OUTPUT, TRAINING, 2, b=0.5)
    assert out.V_a is None
    np.testing.assert_allclose(out.V[49], 0.6 / 0.7 * 0.5)
    np.testing.assert_allclose(out.V[-1], (0.6 * 0.5 + np.array([8, -8])) / 1.7)


def test_what_does_not_fit_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match="basal: an array .* does not fit"):
        bench.run(HIDDEN, TRAINING, 2, basal=np.zeros((5, 2)))
    with pytest.raises(ValueError, match="apical: not all values are numbers"):
        bench.run(HIDDEN, TRAINING, apical=np.nan)
    with pytest.raises(ValueError, match="no variable 'x_a'"):
        bench.run(OUTPUT, TRAINING, apical=1.0)
    with pytest.raises(ValueError, match="no variable 'm_Ca'"):
        bench.run(HIDDEN, TRAINING, also=("m_Ca",))
    wrong = HIDDEN.vary(parts={"coupling": "I_a = g_x*(V_a - V) : volt/second"})
    with pytest.raises(ModelError, match="cannot be simulated.*g_x") as caught:
        bench.run(wrong, TRAINING)
    assert "\n" not in str(caught.value)


def test_brian2_is_left_as_it_was_found():
    brian2.set_device("cpp_standalone", build_on_run=False)
    try:
        target, dt = brian2.prefs.codegen.target, float(brian2.defaultclock.dt)
        np.random.seed(5)
        bench.run(HIDDEN, timing.testing(Phases(dt=0.5 * ms), 1), seed=1)
        with pytest.raises(ValueError):
            bench.run(HIDDEN, TRAINING, also=("nothing",))
        assert brian2.get_device() is brian2.devices.all_devices["cpp_standalone"]
        assert brian2.prefs.codegen.target == target
        assert float(brian2.defaultclock.dt) == dt
        found = np.random.random()
    finally:
        brian2.devices.reset_device()
    np.random.seed(5)
    assert found == np.random.random()


# --- the virtual experiment ------------------------------------------------------------------


def pair(*starts, spiking=False):
    weights = np.ones((len(starts), prediction.BASAL["synapses"]))
    flags = np.full(len(starts), spiking)
    return prediction.pair(weights, np.array(starts, float), flags, np.random.SeedSequence(1))


def test_a_pairing_changes_weights_by_the_papers_rule():
    change, out = pair(10, 70, spiking=True)
    window = slice(100, 150)  # the first half of the train
    V_bar = out.V[window].mean(axis=0)
    slope = np.exp(-V_bar) / (1 + np.exp(-V_bar)) ** 2
    alpha = [1 / (1 + np.exp(-out.V_a[w].mean(axis=0))) for w in (window, slice(150, 200))]
    delta = 20 * 0.21 * 0.6 / 0.7 * (alpha[1] - alpha[0]) * slope
    psp = out.V_b[window].mean(axis=0) - prediction.REST  # all weights are 1
    np.testing.assert_allclose(change.sum(axis=1), delta * psp, rtol=1e-9)
    assert np.ptp(change, axis=1).min() > 1e-4  # synapses that were more active change more


@pytest.fixture(scope="module")
def swept():
    """Mean change of weights by the start of the pulse (nan: none), with rates for spikes."""
    starts = np.array([10, 70, np.nan, *range(20, 36)], dtype=float)
    return starts, pair(*starts)[0].mean(axis=1)


def test_early_apical_input_depresses_late_potentiates_and_none_leaves_alone(swept):
    early, late, none = swept[1][:3]
    assert early < -0.003 and late > 0.003
    assert abs(none) < 1e-3 * late


def test_the_sign_changes_before_the_middle_where_both_plateaus_gain_as_much(swept):
    def endless(t):  # apical potential t ms after the start of constant input, in continuous time
        late = (10 * np.exp(-t / 10) - 3 * np.exp(-t / 3)) / 7
        return np.where(t > 0, 1 - late, 0)

    starts, t = swept[0][3:], np.arange(0, 100, 0.1)
    since = np.maximum(t - starts[:, None], 0)
    V_a = endless(since) - endless(np.maximum(since - prediction.WIDTH, 0))
    balance = V_a[:, t >= 50].sum(axis=1) - V_a[:, t < 50].sum(axis=1)
    centres = starts + prediction.WIDTH / 2
    found = prediction.sign_change(centres, swept[1][3:])
    assert found == pytest.approx(prediction.sign_change(centres, balance), abs=1.5)  # steps: 1 ms
    assert 30 < found < 45


def test_a_sign_change_is_interpolated_and_none_is_not_invented():
    centres = np.array([10.0, 20, 30, 40])
    assert prediction.sign_change(centres, np.array([-2, -1, 3, 4])) == pytest.approx(22.5)
    assert np.isnan(prediction.sign_change(centres, np.ones(4)))
    assert np.isnan(prediction.sign_change(centres, -np.ones(4)))


def test_the_epsp_grows_with_the_weights_by_as_much():
    weights = np.ones((2, 100)) * np.array([[1.0], [1.3]])
    _, V = prediction.epsp(weights)
    small, large = V.max(axis=0)
    assert large / small == pytest.approx(1.3) and 4 < small < 6


# --- phases ----------------------------------------------------------------------------------


def test_the_random_part_of_phases_has_the_shares_that_rounding_leaves_of_the_wald_distribution():
    forward, target = phases.lengths(Phases(), 20_000)
    extra = np.concatenate([forward, target]) - 50
    shares = phases.expected_share(np.arange(12.0), Phases())
    counts = np.array([(extra == k).sum() for k in range(12)])
    expected = 40_000 * np.append(shares, 1 - shares.sum())
    found = np.append(counts, 40_000 - counts.sum())
    assert stats.chisquare(found, expected).pvalue > 1e-3
    grid = np.arange(1000.0)
    mean, variance, share = phases.moments(grid, phases.expected_share(grid, Phases()))
    assert (mean, variance) == (pytest.approx(2, abs=0.05), pytest.approx(8, abs=0.3))
    assert share == pytest.approx(0.978, abs=1e-3)


def test_rates_of_images_are_those_of_their_own_windows_and_cells():
    schedule = timing.training(FIXED, 2)
    labels, rates = np.array([1, 0]), np.zeros((200, 3))
    rates[:30], rates[30:50], rates[80:100] = 999, [10, 60, 20], [1, 200, 3]
    rates[130:150], rates[180:] = [7, 8, 9], [190, 4, 6]
    found = phases.image_rates(rates, labels, schedule)
    np.testing.assert_allclose(found["forward", "taught"], [60, 7])
    np.testing.assert_allclose(found["forward", "others"], [15, 8.5])
    np.testing.assert_allclose(found["target", "taught"], [200, 190])
    np.testing.assert_allclose(found["target", "others"], [2, 5])
    rates[100] = 1007  # a first step counts for its own image, if nothing is left out to settle
    whole = timing.training(FIXED._replace(settle=0 * ms), 2)
    first, second = phases.image_rates(rates, labels, whole)["forward", "taught"]
    assert (first, second) == (pytest.approx((30 * 999 + 20 * 60) / 50), pytest.approx(1147 / 50))
