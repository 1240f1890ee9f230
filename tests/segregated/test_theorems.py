"""Closed forms of the theory, and that the network's own errors are the ones they speak of."""

import numpy as np
import pytest
from brian2 import ms, mV
from scipy.integrate import quad

from experiments import measures
from experiments.run.record import recording
from experiments.segregated import alignment, jacobians, lemma_1, losses, theorems
from models.engine import device
from models.segregated.losses import output_loss
from models.segregated.parameters import Biophysics, Phases
from tests.segregated import errors
from tests.segregated.reference import kappa, sigma
from tests.segregated.simulation import Trace, build, small

_rng = np.random.default_rng(4)
W, b = _rng.normal(0, 2, (7, 4)), _rng.normal(0, 1, 4)
Y, c = _rng.normal(0, 8, (4, 7)), _rng.normal(0, 1, 7)
V = _rng.normal(0, 2, (5, 4))  # output potentials of five images


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def difference(function, x, step=1e-6):
    """Jacobian by central differences, (outputs, inputs)."""
    steps = step * np.eye(len(x))
    return np.transpose([(function(x + d) - function(x - d)) / (2 * step) for d in steps])


def test_constants_are_those_of_the_cells_that_are_simulated():
    p = Biophysics()
    ours = (jacobians.PHI_MAX, jacobians.G_L, jacobians.G_B, jacobians.G_D, jacobians.G_TEACH)
    theirs = (p.phi_max, p.g_l, p.g_b, p.g_d, p.g_teach)
    np.testing.assert_allclose(ours, [float(value * ms) for value in theirs])
    assert (jacobians.K_B, jacobians.K_D) == pytest.approx((float(p.k_b), float(p.k_d)))
    assert (lemma_1.TAU_S, lemma_1.TAU_L) == (float(p.tau_s / ms), float(p.tau_L / ms))
    assert (jacobians.E_TEACH, -jacobians.E_TEACH) == (float(p.E_E / mV), float(p.E_I / mV))


# --- errors --------------------------------------------------------------------------------------


def test_errors_are_half_gradients_of_their_losses(rng):
    star, potential = rng.uniform(0, 0.2, 4), rng.normal(0, 2, 4)

    def loss(V_b):  # L^1, with the soma at its gain times the dendrite
        return np.atleast_1d(output_loss(1e3 * star, jacobians.K_D * V_b))

    gradient = difference(loss, potential / jacobians.K_D)[0]
    np.testing.assert_allclose(gradient, 2 * errors.output_error(star, potential), atol=1e-9)
    alpha_t, alpha_f = rng.uniform(0, 1, (2, 4))
    error = errors.hidden_error(alpha_t, alpha_f, potential, k_b=0.8)
    expected = -0.8 * 0.2 * (alpha_t - alpha_f) * difference(sigma, potential).diagonal()
    np.testing.assert_allclose(error, expected, atol=1e-9)


def test_backprop_hands_down_the_gradient_of_the_output_loss(rng):
    star, V_b = rng.uniform(0, 0.2, 4), rng.normal(0, 2, 7)  # hidden basal potentials

    def loss(V_b):
        phi_0 = jacobians.PHI_MAX * sigma(jacobians.K_B * V_b)
        return np.atleast_1d(np.sum((star - jacobians.beta(phi_0, W, b)) ** 2))

    V_0 = jacobians.K_B * V_b
    V_1 = jacobians.K_D * (jacobians.PHI_MAX * sigma(V_0) @ W + b)
    error = errors.backprop_error(errors.output_error(star, V_1), W, V_0)
    np.testing.assert_allclose(2 * error, difference(loss, V_b)[0], atol=1e-9)


def test_angles_are_those_of_geometry_and_of_the_weight_updates(rng):
    one = np.array([[1.0, 0], [1, 0], [1, 0], [0, 0], [2, 2]])
    other = np.array([[0, 3.0], [5, 0], [-1, 0], [1, 0], [3, 0]])
    np.testing.assert_allclose(measures.angle(one, other), [90, 0, 180, np.nan, 45], atol=1e-6)
    e, e_bp, s = rng.normal(size=(3, 6))
    updates = measures.angle(np.outer(e, s).ravel(), np.outer(e_bp, s).ravel())
    assert measures.angle(e, e_bp) == pytest.approx(updates)


def test_the_networks_own_errors_are_these_formulas():
    device.interpret()
    short = Phases(forward=20 * ms, target=20 * ms, settle=10 * ms, random=False)
    model = small(layers=(6, 5, 10), phases=short, observe=True, rate=0.0)
    t = Trace(model, build(model, 1, record=recording(model, ("losses", "errors"))))
    hidden = [t.per_image("hidden_0", name) for name in ("alpha_t", "alpha_f")]
    V_0, V_1 = (t.per_image(name, "V_bar") for name in ("hidden_0", "output"))
    e_1 = errors.output_error(t.per_image("output", "phi_star") / 1e3, V_1)
    e_0 = errors.hidden_error(*hidden, V_0)
    e_bp = errors.backprop_error(e_1, t.start["W_1"], V_0)
    for name, expected in (("error", e_0), ("e_bp", e_bp)):
        found = t.per_image("hidden_0", name, kind="errors") / 1e3
        assert np.abs(expected).min() > 1e-9
        np.testing.assert_allclose(found, expected, rtol=1e-9)


# --- Jacobians -----------------------------------------------------------------------------------


def test_jacobians_are_those_of_finite_differences_with_the_bias_in_beta(rng):
    x = rng.uniform(0, 0.2, 7)
    V_1 = jacobians.K_D * (x @ W + b)
    numeric = difference(lambda x: jacobians.beta(x, W, b), x)
    np.testing.assert_allclose(jacobians.J_beta(V_1, W), numeric, atol=1e-8)
    y = jacobians.beta(x, W, b)
    numeric = difference(lambda y: jacobians.gamma(y, Y, c), y)
    np.testing.assert_allclose(jacobians.J_gamma(V_1, Y, c), numeric, atol=1e-7)
    without = jacobians.J_beta(jacobians.K_D * (x @ W), W)
    assert np.abs(without - jacobians.J_beta(V_1, W)).max() > 1e-3


def test_the_product_is_that_of_the_jacobians_of_each_image():
    up, down = jacobians.J_beta(V, W), jacobians.J_gamma(V, Y, c)
    each = jacobians.products(V, W, Y, c)
    np.testing.assert_allclose(each, up @ down, atol=1e-12)
    averages = jacobians.product_of_averages(V, W, Y, c)
    np.testing.assert_allclose(averages, up.mean(axis=0) @ down.mean(axis=0), atol=1e-12)
    assert np.abs(averages - each.mean(axis=0)).max() > 1e-3
    np.testing.assert_allclose(jacobians.weight_product(W, Y), jacobians.K_D * (Y @ W).T)


def test_the_largest_eigenvalue_is_the_squared_spectral_norm(rng):
    U = rng.normal(0, 0.5, (3, 6, 6))
    expected = [np.linalg.norm(np.eye(6) - u, 2) ** 2 for u in U]
    np.testing.assert_allclose(measures.largest_eigenvalue(U), expected)
    assert measures.largest_eigenvalue(np.eye(6)) == pytest.approx(0)
    assert measures.largest_eigenvalue(-np.eye(6)) == pytest.approx(4)
    silent = np.eye(6)
    silent[2] = 0  # an output whose rate cannot change
    assert measures.largest_eigenvalue(silent) == pytest.approx(1)


def test_the_angle_to_the_identity_does_not_depend_on_scale(rng):
    U = np.array([7 * np.eye(4), -np.eye(4), np.roll(np.eye(4), 1, axis=0)])
    np.testing.assert_allclose(measures.angle_to_identity(U), [0, 180, 90], atol=1e-6)
    one = np.eye(4) + rng.normal(0, 0.3, (4, 4))
    assert measures.angle_to_identity(one) == pytest.approx(measures.angle_to_identity(9 * one))


def test_a_chunk_is_seen_with_the_weights_midway():
    before = {"W_1": W, "Y_0": Y, "c_0": c}
    U, measures = alignment.measured(V, before, before | {"W_1": 3 * W})
    np.testing.assert_allclose(U, jacobians.products(V, 2 * W, Y, c).mean(axis=0))
    assert measures["mu"] == pytest.approx(np.linalg.norm(np.eye(4) - U, 2) ** 2)
    assert measures["mu_of_averages"] != pytest.approx(measures["mu"])


# --- Theorem 1 -----------------------------------------------------------------------------------


def test_a_settled_cell_stays_where_it_is(rng):
    weights = {"W_0": rng.normal(0, 1, (6, 7)), "b_0": np.ones(7), "W_1": W[:, :2], "b_1": b[:2]}
    pixels = rng.uniform(0, 1, (3, 6))
    phi_0, V_1, phi_star = jacobians.steady_state(pixels, [0, 1, 1], weights, classes=2)
    V_b = (0.2 * pixels) @ weights["W_0"] + weights["b_0"]
    V_0 = np.log(phi_0 / (0.2 - phi_0))
    np.testing.assert_allclose(-0.1 * V_0 + 0.6 * (V_b - V_0), 0, atol=1e-9)
    V_b = phi_0 @ weights["W_1"] + weights["b_1"]
    np.testing.assert_allclose(-0.1 * V_1 + 0.6 * (V_b - V_1), 0, atol=1e-9)
    V_t, E = np.log(phi_star / (0.2 - phi_star)), np.array([[8, -8], [-8, 8], [-8, 8]])
    np.testing.assert_allclose(-0.1 * V_t + 0.6 * (V_b - V_t) + (E - V_t), 0, atol=1e-9)


X = np.full((1, 7), 0.1)  # hidden rates
V_X = jacobians.K_D * (X @ W + b)  # and the output potentials that they lead to


def _small_error(Y, c, direction, size=1e-5):
    """Both sides of Theorem 1 as a ratio, for a small output error in a direction; U and mu."""
    star = jacobians.PHI_MAX * sigma(V_X) + size * direction
    left, right = jacobians.theorem_1(X, star, W, b, Y, c)
    U = jacobians.products(V_X, W, Y, c)[0]
    return left[0] / right[0], U, measures.largest_eigenvalue(U)


def test_for_a_small_error_theorem_1_is_its_taylor_expansion(rng):
    direction = rng.normal(size=4)
    direction /= np.linalg.norm(direction)
    ratio, U, mu = _small_error(Y, c, direction)
    expected = np.linalg.norm(direction - U @ direction) ** 2
    assert ratio == pytest.approx(expected, rel=1e-3) and ratio <= mu * 1.001
    assert abs(expected - 1) > 0.01


def test_theorem_1_holds_with_inverse_feedback_and_fails_with_its_opposite():
    inverse = 4 * np.linalg.pinv(jacobians.J_beta(V_X, W)[0]).T  # 4, where sigma is steepest:
    middle = -jacobians.PHI_MAX * sigma(V_X[0]) @ inverse  # apical potentials at 0
    for direction in np.eye(4):
        ratio, _, mu = _small_error(inverse, middle, direction)
        assert mu < 1e-6 and ratio < 1e-3
        ratio, _, mu = _small_error(-0.1 * inverse, -0.1 * middle, direction)
        assert mu == pytest.approx(1.1**2) and ratio == pytest.approx(1.1**2, rel=1e-3)


def test_theorem_1_holds_for_every_small_error_where_the_eigenvalue_is_below_1(rng):
    weights = {"W_0": rng.normal(0, 1, (6, 20)), "b_0": np.zeros(20), "c_0": np.zeros(20)}
    weights |= {"W_1": rng.normal(0, 1, (20, 3)), "b_1": np.zeros(3)}
    Y_0 = np.linalg.pinv(weights["W_1"]) * 60 + rng.normal(0, 6, (3, 20))
    pixels, labels = rng.uniform(0, 1, (300, 6)), rng.integers(0, 3, 300)
    holds = {}
    for scale in (1, -1):
        given = weights | {"Y_0": scale * Y_0}
        ratio, mu, error = theorems.settled(pixels, labels, given, classes=3)
        holds[scale] = ratio[-1] < 1, mu
        assert ratio.shape == (len(theorems.FRACTIONS), 300) and (error > 0).all()
        assert (np.abs(ratio[0] - ratio[-1]) > 0.01).all()  # a fraction of the error is smaller
        assert (ratio[-1] < 1.05 * mu).all()
    small, mu = holds[1]
    assert (mu < 1).sum() > 20 and small[mu < 1].all()
    assert not holds[-1][0].all() and (holds[-1][1] > 1).all()


def test_averages_over_images_are_those_of_the_whole_test_set(rng):
    weights = {"W_0": rng.normal(0, 5, (6, 7)), "b_0": c, "c_0": c, "W_1": W, "b_1": b, "Y_0": Y}
    pixels, labels = rng.uniform(0, 1, (9, 6)), np.zeros(9, int)
    found = theorems.averages(pixels, labels, weights, classes=4)
    V_1 = jacobians.steady_state(pixels, labels, weights, classes=4)[1]
    up, down = jacobians.J_beta(V_1, W), jacobians.J_gamma(V_1, Y, c)
    for row, U in zip(found, ((up @ down).mean(axis=0), up.mean(0) @ down.mean(0)), strict=False):
        assert row["value"] == pytest.approx(np.linalg.norm(np.eye(4) - U, 2) ** 2)
    assert found[0]["value"] != pytest.approx(found[1]["value"])


def test_spikes_and_plateaus_enter_the_theorem_as_they_are_recorded(rng):
    weights = {"W_1": W, "b_1": b, "Y_0": Y, "c_0": c}
    phi_0, star = rng.uniform(0, 200, (30, 7)), rng.uniform(0, 200, (30, 4))
    phi_1 = jacobians.beta(phi_0 / 1e3, W, b)
    cells = {("hidden_0", "phi_bar"): phi_0, ("output", "phi_star"): star}
    cells |= {("hidden_0", "alpha_t"): jacobians.gamma(star / 1e3, Y, c)}
    cells |= {("hidden_0", "alpha_f"): jacobians.gamma(phi_1, Y, c)}
    rates, plateaus = theorems.spiking(cells, weights)
    np.testing.assert_array_equal(rates, plateaus)  # plateaus without noise are gamma's
    assert 0 < rates.sum() < 30
    cells["hidden_0", "alpha_t"] = cells["hidden_0", "alpha_f"]
    assert not theorems.spiking(cells, weights)[1].any()


def test_shares_are_those_of_their_bins():
    holds = np.array([True, True, False, True])
    rows = theorems.shares(holds, np.array([0.1, 0.4, 0.5, 3.0]), (0, 0.5, 1, 2, np.inf))
    assert [(row["lower"], row["images"], row["holds"]) for row in rows] == [
        (0, 2, 1.0),
        (0.5, 1, 0.0),
        (2, 1, 1.0),
    ]


# --- Lemma 1 -------------------------------------------------------------------------------------


def test_filtered_trains_are_sums_of_kernels_and_forget_on_request(rng):
    counts = rng.poisson(0.2, (120, 3))
    since = np.arange(1.0, 121)
    for taps, left in ((0, since > 0), (10, since <= 10)):
        expected = [np.convolve(n, kappa(since) * left)[:120] for n in counts.T]
        np.testing.assert_allclose(
            lemma_1.filtered(counts, taps), np.transpose(expected), atol=1e-12
        )
    np.testing.assert_allclose(lemma_1.kernel(since), kappa(since))


def test_the_bound_has_the_papers_value_and_its_form():
    assert lemma_1.printed(0.1, 20) == pytest.approx(0.1 - 0.038, abs=5e-4)
    assert 0.1 - lemma_1.printed(0.1, 80) == pytest.approx((0.1 - lemma_1.printed(0.1, 20)) / 2)
    assert lemma_1.printed(0.2, 20) == pytest.approx(2 * lemma_1.printed(0.1, 20))


def test_the_whole_bound_is_that_of_cauchy_and_schwarz_and_the_printed_one_is_not():
    def g(t):
        return (10 * np.exp(-t / 10) - 3 * np.exp(-t / 3)) / 7

    square = quad(lambda t: g(t) ** 2, 0, np.inf)[0]
    assert lemma_1.whole(0.1, 20) == pytest.approx(0.1 - np.sqrt(square * 0.1**2 / 20))
    for since in (0, 30):
        missing = quad(g, since, since + 20)[0]
        assert lemma_1.expected_train(0.1, 20, since) == pytest.approx(0.1 * (1 - missing / 20))
    windows = np.array([1.0, 5, 20, 60, 300, 3000])
    expected = lemma_1.expected_train(0.1, windows)
    assert (lemma_1.whole(0.1, windows) < expected).all() and (expected < 0.1).all()
    assert lemma_1.expected_train(0.1, 20) < lemma_1.printed(0.1, 20) - 0.01  # a train from rest
    assert lemma_1.expected_train(0.1, 100) > lemma_1.printed(0.1, 100)


def test_long_windows_reach_the_rate_and_a_kernel_that_forgets_half_of_it():
    rows = theorems.train_means(400, np.random.default_rng(0))
    found = {(row["condition"], row["window"]): row for row in rows}
    area, short = kappa(np.arange(1, 400.0)).sum(), kappa(np.arange(1, 11.0)).sum()
    assert (area, short) == pytest.approx((0.9972, 0.5104), abs=1e-4)
    for condition, window, mean in (
        ("settled", 1000, 0.1 * area),
        ("settled", 5, 0.1 * np.cumsum(kappa(np.arange(1, 36.0)))[30:].mean()),
        ("ten_steps", 1000, 0.1 * short),
        ("from_rest", 20, 0.1 * np.cumsum(kappa(np.arange(1, 21.0))).mean()),
    ):
        row = found[condition, window]
        assert abs(row["mean"] - mean) < 4 * row["spread"] / np.sqrt(400)
    assert found["from_rest", 5]["mean"] < 0.2 * found["settled", 5]["mean"]
    assert found["from_rest", 20]["mean"] < found["from_rest", 20]["printed"]
    assert found["ten_steps", 1000]["mean"] < found["ten_steps", 1000]["whole"]


# --- losses --------------------------------------------------------------------------------------


def test_the_hidden_loss_is_that_of_the_plateaus_if_an_average_is_of_one_step(rng):
    alpha_t, alpha_f, V_0 = rng.uniform(0.4, 0.6, (3, 5, 50))
    phi = jacobians.PHI_MAX * sigma(V_0)
    np.testing.assert_allclose(errors.loss_over_plateaus(alpha_t, alpha_f, phi, V_0), 1)
    other = errors.loss_over_plateaus(alpha_t, alpha_f, phi + 0.02, V_0)
    assert (np.abs(other - 1) > 0.005).all()
    assert measures.distance(alpha_t, alpha_f).shape == (5,)


def test_losses_are_compared_within_a_digit_and_controls_with_another_image(rng):
    labels = np.repeat([2, 7], 40)
    step = np.repeat([[0.0], [0.3]], 40, axis=0) + rng.uniform(0, 0.1, (80, 1))
    V_0 = rng.normal(0, 2, (80, 6))
    cells = {
        ("hidden_0", "alpha_f"): np.full((80, 6), 0.5),
        ("hidden_0", "alpha_t"): 0.5 + step * np.ones(6),
        ("hidden_0", "phi_bar"): 200 * sigma(V_0),
        ("hidden_0", "V_bar"): V_0,
        ("output", "V_bar"): np.zeros((80, 10)),
        ("output", "phi_star"): 100 + 1e3 * step * np.ones(10),
    }
    found = losses.image_losses(cells, labels, np.random.default_rng(1))
    np.testing.assert_allclose(found["hidden"], 6 * step[:, 0] ** 2, atol=1e-12)
    np.testing.assert_allclose(found["output"], 10 * step[:, 0] ** 2)
    for digit in (2, 7):
        own = labels == digit
        np.testing.assert_allclose(np.sort(found["pairing"][own]), np.sort(found["hidden"][own]))
    rows = losses.correlations(found, labels)
    assert rows[2]["r"] == pytest.approx(1) and rows[7]["images"] == 40
    assert abs(rows[2]["r_pairing"]) < 0.5 and abs(rows[2]["r_activity"]) < 0.5
    assert np.isnan(rows[0]["r"])  # no image of it


def test_a_correlation_needs_three_images_that_differ(rng):
    one = rng.normal(size=50)
    assert measures.correlation(one, 3 - 2 * one) == pytest.approx(-1)
    assert np.isnan(measures.correlation(one[:2], one[:2]))
    assert np.isnan(measures.correlation(one, np.ones(50)))
