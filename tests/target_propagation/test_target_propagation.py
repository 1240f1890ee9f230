"""Target propagation beside the NumPy reference, in closed form, and what each mode does."""

import numpy as np
import pytest

from experiments.measures import angle, largest_eigenvalue
from experiments.run import loop
from experiments.run.config import Config
from experiments.run.folder import RunFolder
from experiments.run.record import recording
from models import theory
from models.engine import printing
from models.engine.batch import MEASURED
from models.measures import descent
from models.target_propagation import layers, optimisers
from models.target_propagation.conditions import conditions, products
from models.theory import Inputs
from tests.target_propagation.reference import Net, adam

EXACT = 1e-12
TP = theory.find("target_propagation")
SIZES, CLASSES = (7, 6, 5, 4), 4
TARGETS = ("dtp", "sdtp", "ao-sdtp")
MODES = (*TARGETS, "bp", "fa")


def build(inputs=SIZES[0], **options):
    given = {"layers": SIZES[1:], "features": 3, "batch": 5} | options
    made = TP.options(**given)
    return TP.network(made, inputs, made.layers[-1]), made


def stimuli(images=5, seed=0, inputs=SIZES[0]):
    """Images, labels and targets."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, CLASSES, images)
    return rng.uniform(0, 1, (images, inputs)), labels, np.eye(CLASSES)[labels]


def ready(network, seed=3):
    """A state whose biases are not 0."""
    rng, state = np.random.default_rng(seed), network.start(seed)
    biases = [name for name in state if name[0] in "bc" and len(name) == 3]
    return state | {name: rng.normal(0, 0.3, state[name].shape) for name in biases}


def learn(network, state, images=5, epoch=0, learns=True, record=None):
    kinds = {"record": recording(network, record)} if record else {}
    program = network.program(images, **kinds)
    x, labels, _ = stimuli(images)
    return program.run(Inputs(x, labels, state, 1, epoch, learns))


def reference(options, state):
    """The reference network of the same options."""
    o = options
    return Net(state, o.mode, o.nonlinearity, o.loss, o.alpha, o.sigma)


def noise(options, images=5):
    """What the program draws with seed 1, in its order."""
    rng = np.random.default_rng(1)
    return [rng.standard_normal((images, options.layers[m])) for m in range(options.inverses)]


def moved(one, other):
    return {name for name in one if np.any(one[name] != other[name])}


# --- beside the reference -------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "s, loss, inverse",
    [
        ("tanh", "cross-entropy", "preserving"),
        ("sigmoid", "squared", "denoising"),
        ("linear", "cross-entropy", "denoising"),
    ],
)
def test_a_mini_batch_is_learned_as_the_reference_does(mode, s, loss, inverse):
    network, options = build(mode=mode, nonlinearity=s, loss=loss, inverse=inverse, eta=0.01)
    state, (x, _, target) = ready(network), stimuli()
    out, net = learn(network, state), reference(options, state)
    expected = adam(state, net.gradients(x, target), 1, 0.01)
    if mode in TARGETS:
        grads = net.inverse_gradients(x, noise(options), inverse == "preserving")
        expected |= adam(state, grads, 1, options.eta_inverse)
    learned = moved(out.state, state)
    assert learned == {*expected, "updates", *(["updates_inverse"] if mode in TARGETS else [])}
    for name, value in expected.items():
        np.testing.assert_allclose(out.state[name], value, rtol=0, atol=EXACT, err_msg=name)
    losses = [net.loss_of(*pair) for pair in zip(x, target, strict=True)]
    np.testing.assert_allclose(out.measures["loss"], losses, atol=EXACT)


def test_a_second_mini_batch_goes_on_with_the_moments_and_may_be_short():
    network, options = build(mode="sdtp", batch=3)
    state, (x, _, target), noises = ready(network), stimuli(), np.random.default_rng(1)
    expected = dict(state)
    for k, part in enumerate((slice(0, 3), slice(3, 5)), start=1):
        net, shown = reference(options, expected), (x[part], target[part])
        drawn = [noises.standard_normal((len(shown[0]), n)) for n in options.layers[:-1]]
        inverses = adam(expected, net.inverse_gradients(x[part], drawn), k, options.eta_inverse)
        expected = expected | adam(expected, net.gradients(*shown), k, options.eta) | inverses
    out = learn(network, state)
    for name in set(state) - {"updates", "updates_inverse"}:
        np.testing.assert_allclose(out.state[name], expected[name], rtol=0, atol=EXACT)
    assert out.state["updates"] == out.state["updates_inverse"] == 2


@pytest.mark.parametrize("mode", TARGETS)
def test_targets_rates_and_errors_are_recorded_of_each_layer(mode):
    network, options = build(mode=mode)
    state, (x, _, target) = ready(network), stimuli()
    out = learn(network, state, learns=False, record=("rates", "targets", "errors"))
    net = reference(options, state)
    for k in range(5):
        rows = net.rates(x[k])[1:], net.targets(x[k], target[k]), net.deltas(x[k], target[k])
        for m, name in enumerate(("hidden_0", "hidden_1", "output")):
            for values, kind in zip(
                rows, (("rates", "h"), ("targets", "target"), ("errors", "delta")), strict=True
            ):
                found = out.records[kind[0], name, kind[1]][k]
                np.testing.assert_allclose(found, values[m], rtol=0, atol=EXACT, err_msg=str(kind))


@pytest.mark.parametrize("loss", ["squared", "cross-entropy"])
def test_backpropagation_is_the_gradient_by_finite_differences(loss):
    network, options = build(mode="bp", loss=loss)
    state, (x, _, target) = ready(network), stimuli()
    grads = layers.gradients(options, state, layers.rates(options, state, x), target)
    of = layers.OUTPUTS[loss][1]
    for name, grad in grads.items():
        flat, found = state[name].ravel(), np.empty(grad.size)
        for k in range(flat.size):
            ends = []
            for sign in (1, -1):
                there = flat.copy()
                there[k] += sign * 1e-6
                other = state | {name: there.reshape(grad.shape)}
                ends.append(of(network.forward(other, x)["output"], target).mean())
            found[k] = (ends[0] - ends[1]) / 2e-6
        assert np.abs(grad).max() > 1e-3
        np.testing.assert_allclose(grad.ravel(), found, atol=1e-8, err_msg=name)


def test_feedback_alignment_with_the_transpose_is_backpropagation():
    (bp, options), (_, fa) = build(mode="bp"), build(mode="fa")
    state, (x, _, target) = ready(bp), stimuli()
    h = layers.rates(options, state, x)
    other = state | {f"B_{m}": state[f"W_{m + 1}"].T for m in range(2)}
    one, two = layers.errors(options, state, h, target), layers.errors(fa, other, h, target)
    for a, b in zip(one, two, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=EXACT)


# --- closed forms ---------------------------------------------------------------------------------


def linear(mode, size=5):
    """A square linear network whose inverses are exact, its activities and its targets."""
    network, options = build(
        size, mode=mode, nonlinearity="linear", layers=(size,) * 4 + (CLASSES,)
    )
    state, (x, _, target) = ready(network), stimuli(inputs=size)
    for m in range(3):
        inverse = np.linalg.inv(state[f"W_{m + 1}"])
        state |= {f"V_{m}": inverse, f"c_{m}": -state[f"b_{m + 1}"] @ inverse}
    h = layers.rates(options, state, x)
    return options, state, h, layers.targets(options, state, h, target)


@pytest.mark.parametrize("mode", ["dtp", "sdtp"])
def test_exact_linear_inverses_give_the_targets_of_gauss_and_newton(mode):
    options, state, h, goals = linear(mode)
    top = goals[3] - h[4]  # what the last hidden layer should change
    assert np.abs(top).max() > 1e-3
    for m in range(3):
        J = np.linalg.multi_dot([np.eye(5), *(state[f"W_{n}"] for n in range(m + 1, 4))])
        newton = np.linalg.solve(
            J.T, top.T
        ).T  # J^-1 e: the step for which the top is right at once
        np.testing.assert_allclose(goals[m] - h[m + 1], newton, atol=1e-9)
        there = goals[m]
        for n in range(m + 1, 4):
            there = layers.up(options, state, n, there)
        np.testing.assert_allclose(there, goals[3], atol=1e-9)


def test_exact_inverses_fulfil_the_condition_of_descent_and_reconstruct():
    options, state, h, goals = linear("sdtp")
    found = conditions(options, state, h, goals)
    for m in range(3):
        assert largest_eigenvalue(products(options, state, h, m)).max() < 1e-18
        if m < 2:  # the inverse of the output is not one
            assert found[f"descends_{m}"].all() and found[f"reconstruction_{m}"].max() < 1e-18
    left, right = descent(goals[1], layers.up(options, state, 1, goals[0]), h[2])
    assert left.max() < 1e-18 < right.min()


def test_the_condition_is_that_of_the_largest_eigenvalue_for_any_linear_inverse():
    options, state, h, goals = linear("sdtp")
    rng = np.random.default_rng(8)
    state["V_0"] = state["V_0"] + rng.normal(0, 0.3, (5, 5))
    goals = layers.targets(options, state, h, goals[-1])
    left, right = descent(goals[1], layers.up(options, state, 1, goals[0]), h[2])
    rest = np.eye(5) - state["V_0"] @ state["W_1"]
    np.testing.assert_allclose(left, np.sum(((goals[1] - h[2]) @ rest) ** 2, axis=1), rtol=1e-9)
    mu = largest_eigenvalue(products(options, state, h, 0))
    assert (left <= mu * right * (1 + 1e-9)).all()


@pytest.mark.parametrize("loss", ["squared", "cross-entropy"])
@pytest.mark.parametrize("mode", TARGETS)
def test_products_of_jacobians_are_finite_differences_of_up_after_down(mode, loss):
    network, options = build(mode=mode, loss=loss)
    state, (x, _, _) = ready(network), stimuli(3)
    h, step = layers.rates(options, state, x), 1e-6
    for m in range(options.inverses):
        here, above = h[m + 1], h[m + 2]
        U, n = products(options, state, h, m), above.shape[1]
        rest = here - layers.down(options, state, m, above, here)
        for k in range(n):
            ends = []
            for sign in (1, -1):  # of the target that the difference correction gives
                goal = rest + layers.down(
                    options, state, m, above + sign * step * np.eye(n)[k], here
                )
                ends.append(layers.up(options, state, m + 1, goal))
            np.testing.assert_allclose(U[..., k], (ends[0] - ends[1]) / 2 / step, atol=1e-8)


@pytest.mark.parametrize("mode", TARGETS)
def test_a_layer_above_at_its_target_leaves_the_layer_below_where_it_is(mode):
    network, options = build(mode=mode)
    state, (x, _, _) = ready(network), stimuli()
    h = layers.rates(options, state, x)
    goals = layers.targets(options, state, h, h[-1])  # the output is its own target
    if mode == "dtp":  # softmax: no error, no step
        np.testing.assert_allclose(goals[1], h[2], atol=EXACT)
    for goal, here in zip(goals[:-1], h[1:-1], strict=True):
        np.testing.assert_allclose(goal, here, rtol=0, atol=EXACT)


# --- optimisers -----------------------------------------------------------------------------------


def test_the_first_and_second_step_of_adam_by_hand():
    w, mean, square = np.array([1.0]), np.zeros(1), np.zeros(1)
    w, mean, square = optimisers.adam(w, mean, square, np.array([4.0]), 0.1, 1)
    assert (mean[0], square[0]) == pytest.approx((0.4, 0.016), rel=1e-12)
    assert w[0] == pytest.approx(1 - 0.1 * 4 / (4 + 1e-8), rel=1e-14)
    w, mean, square = optimisers.adam(w, mean, square, np.array([-2.0]), 0.1, 2)
    assert (mean[0], square[0]) == pytest.approx((0.16, 0.019984), rel=1e-12)
    step = 0.1 * (0.16 / 0.19) / (np.sqrt(0.019984 / 0.001999) + 1e-8)
    assert w[0] == pytest.approx(1 - 0.1 * 4 / (4 + 1e-8) - step, rel=1e-14)


def test_the_first_and_second_step_of_rmsprop_by_hand():
    w, mean, square = np.array([1.0]), np.zeros(1), np.zeros(1)
    w, mean, square = optimisers.rmsprop(w, mean, square, np.array([4.0]), 0.1, 1)
    assert (mean[0], square[0]) == pytest.approx((0.2, 0.8), rel=1e-12)
    first = 1 - 0.1 * 4 / np.sqrt(0.8 - 0.04 + 1e-4)
    assert w[0] == pytest.approx(first, rel=1e-14)
    w, mean, square = optimisers.rmsprop(w, mean, square, np.array([-2.0]), 0.1, 2)
    assert (mean[0], square[0]) == pytest.approx((0.09, 0.96), rel=1e-12)
    assert w[0] == pytest.approx(first + 0.2 / np.sqrt(0.96 - 0.0081 + 1e-4), rel=1e-14)


def test_the_network_takes_the_optimiser_that_is_asked_for():
    network, options = build(mode="bp", optimiser="rmsprop", eta=0.01)
    state, (x, _, target) = ready(network), stimuli()
    grad = reference(options, state).gradients(x, target)["W_1"]
    step = 0.01 * grad / np.sqrt(0.05 * grad**2 - (0.05 * grad) ** 2 + 1e-4)
    found = learn(network, state).state["W_1"]
    np.testing.assert_allclose(found, state["W_1"] - step, rtol=0, atol=EXACT)


# --- what is learned when -------------------------------------------------------------------------


@pytest.mark.parametrize("mode", TARGETS)
def test_alternation_touches_inverses_in_even_epochs_and_forward_weights_in_odd_ones(mode):
    network, _ = build(mode=mode, updates="alternating")
    state, (together, _) = ready(network), build(mode=mode)
    all_at_once = learn(together, state).state
    for epoch, letters, count in (
        (0, "Vc", "updates_inverse"),
        (1, "Wb", "updates"),
        (2, "Vc", ""),
    ):
        out = learn(network, state, epoch=epoch).state
        changed = moved(out, state)
        assert {name[0] for name in changed} - {"u"} == set(letters)
        assert not count or {n for n in changed if n[0] == "u"} == {count}
        for name in changed:  # and as both do at once
            assert out[name].tobytes() == all_at_once[name].tobytes(), name


def test_backpropagation_does_not_wait_for_inverses():
    network, _ = build(mode="bp", updates="alternating")
    state = ready(network)
    assert "W_0" in moved(learn(network, state, epoch=0).state, state)


def test_inverses_learn_with_noise_of_the_spread_that_is_asked_for():
    """Where activities are 0 and the inverse gives 0, all that is left is noise and its square."""
    rng = np.random.default_rng(2)
    for sigma in (0.0, 0.1, 0.4):
        _, options = build(mode="dtp", sigma=sigma, layers=(40, 30, CLASSES), nonlinearity="linear")
        network = TP.network(options, SIZES[0], CLASSES)
        state = network.start(1) | {"V_0": np.zeros((30, 40))}
        h = [np.zeros((5000, n)) for n in (7, 40, 30, 4)]
        grad = layers.inverse_gradients(options, state, h, rng)["V_0"]
        # error = -2 sigma xi, seen = sigma xi W: the mean of their product is -2 sigma^2 W^T
        scale = -np.sum(grad * state["W_1"].T) / np.sum(state["W_1"] ** 2) / 2
        assert scale == pytest.approx(sigma**2, rel=0.05, abs=1e-12)


def test_denoising_without_noise_is_preserving_without_noise():
    (one, _), (two, _) = (build(sigma=0.0, inverse=kind) for kind in ("preserving", "denoising"))
    state = ready(one)
    assert not moved(learn(one, state).state, learn(two, state).state)


def test_noise_on_pixels_is_learned_from_and_nothing_else():
    (noisy, _), (plain, _) = (build(mode="bp", pixel_noise=spread) for spread in (0.3, 0.0))
    state, (x, labels, _) = ready(plain), stimuli()
    out = learn(noisy, state)
    other = x + 0.3 * np.random.default_rng(1).standard_normal(x.shape)
    expected = plain.program(5).run(Inputs(other, labels, state, 1))
    assert moved(out.state, state) and not moved(out.state, expected.state)
    answers = plain.program(5).run(Inputs(x, labels, state, 1)).answers
    assert np.array_equal(out.answers, answers)
    assert noisy.equations["input"]["rate"].startswith("h = x + pixel_noise*xi")


# --- what is measured -----------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_measures_are_those_of_the_first_images_before_they_are_learned_from(mode):
    images = MEASURED + 20
    network, options = build(mode=mode)
    state, (x, _, target) = ready(network), stimuli(images)
    found, net = learn(network, state, images).measures, reference(options, state)
    true = Net(state, "bp")
    first = range(MEASURED)
    for m in range(2) if mode != "bp" else ():
        vectors = ([n.deltas(x[k], target[k])[m] for k in first] for n in (net, true))
        assert found[f"angle_{m}"] == pytest.approx(angle(*map(np.array, vectors)).mean(), abs=1e-5)
    names = [*(f"angle_{m}" for m in range(2) if mode != "bp"), "loss"]
    if mode in TARGETS:
        _check_conditions(found, net, x[:MEASURED], target[:MEASURED], options.inverses)
        names += [f"lowers_{m}" for m in range(2)]
        names += [
            f"{n}_{m}" for n in ("descends", "reconstruction") for m in range(options.inverses)
        ]
    assert set(found) == set(names) and all(len(v) == images for v in found.values())


def _check_conditions(found, net, xs, ts, inverses):
    """Shares and distances, image by image."""
    rows = {name: [] for name in found if not name.startswith(("angle", "loss"))}
    for x, t in zip(xs, ts, strict=True):
        h, goals = net.rates(x), net.targets(x, t)
        for m in range(2):
            there = goals[m]
            for n in range(m + 1, net.depth):
                there = net.f(n, there)
            rows[f"lowers_{m}"].append(-np.log(there @ t) < -np.log(h[-1] @ t))
            if m < inverses:
                near = np.linalg.norm(goals[m + 1] - net.f(m + 1, goals[m]))
                rows[f"descends_{m}"].append(near < np.linalg.norm(goals[m + 1] - h[m + 2]))
                back = net.g(m, h[m + 2], h[m + 1])
                rows[f"reconstruction_{m}"].append(np.sum((back - h[m + 1]) ** 2))
    for name, values in rows.items():
        assert found[name] == pytest.approx(np.mean(values)), name


def test_images_without_an_error_have_no_condition_to_fulfil_and_no_angle():
    network, options = build()
    state, (x, _, _) = ready(network), stimuli()
    h = layers.rates(options, state, x)
    goals = layers.targets(options, state, h, h[-1])
    assert np.isnan(conditions(options, state, h, goals)["descends_0"]).all()
    _, _, target = stimuli()
    found = conditions(options, state, h, [*h[1:-1], target])  # hidden layers are at their targets
    assert np.isnan(found["lowers_0"]).all() and np.isnan(found["lowers_1"]).all()
    still = network._replace(
        measure=lambda *_: {"one": np.array([1, np.nan]), "no": np.array([np.nan])}
    )
    found = learn(still, state).measures
    assert "no" not in found and (found["one"] == 1).all() and len(found["one"]) == 5


def test_random_features_and_feedback_stay_as_they_were_drawn():
    for mode, name, shape in (("ao-sdtp", "R", (5, 3)), ("fa", "B_0", (5, 6))):
        network, _ = build(mode=mode)
        state = ready(network)
        assert state[name].shape == shape
        assert learn(network, state).state[name].tobytes() == state[name].tobytes()


# --- what is said of it ---------------------------------------------------------------------------


@pytest.mark.parametrize("loss", ["cross-entropy", "squared"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("s", ["tanh", "sigmoid", "linear"])
def test_statements_for_reading_are_what_runs_where_a_layer_is_one_cell(mode, s, loss):
    network, options = build(
        1,
        layers=(1,) * 4,
        mode=mode,
        loss=loss,
        nonlinearity=s,
        features=1,
        batch=1,
        inverse="denoising",
    )
    state, x, target, xi = ready(network), 0.7, 1.0, np.random.default_rng(1)
    names = ["input", "hidden_0", "hidden_1", "hidden_2", "output"]
    cells = {name: _Cell(options, state, m - 1) for m, name in enumerate(names)}
    cells["input"]["x"], cells["output"]["target"] = x, target
    text = network.equations
    for below, name in zip([None, *names], names, strict=False):
        cells[name]["h_below"] = cells[below]["h"] if below else None
        cells[name].do(text[name]["rate"])
    cells["output"].do(text["output"]["error"])
    for name, above in zip(names[-2:0:-1], names[:1:-1], strict=True):
        cells[name] |= {f"{n}_above": cells[above].get(n) for n in ("h", "target", "delta")}
        cells[name].do(text[name].get("target", ""))
        cells[name].do(text[name]["error"])
    expected = {}
    for m, name in enumerate(names[1:]):
        cells[name].do(text[name]["learn"])
        if "invert" in text[name]:
            cells[name]["xi"] = xi.standard_normal()
            cells[name].do(text[name]["invert"])
        for letter in ("W", "b", "V", "c", "V_z"):
            if f"grad_{letter}" in cells[name]:
                expected |= {(letter, m): cells[name].update(options, text[name], letter)}
    program = network.program(1)
    out = program.run(Inputs(np.array([[x]]), np.array([0]), state, 1)).state
    for (letter, m), value in expected.items():
        array = out[f"{letter[0]}_{m}"].ravel()
        assert array[1 if letter == "V_z" else 0] == pytest.approx(value, abs=EXACT), (letter, m)


class _Cell(dict):
    """The variables of a cell, and of its synapses."""

    def __init__(self, options, state, m):
        super().__init__(alpha=options.alpha, sigma=options.sigma, k=1, beta_1=0.9, beta_2=0.999)
        self |= {"exp": np.exp, "tanh": np.tanh, "sqrt": np.sqrt, "epsilon": 1e-8}
        for name, key in (("W", f"W_{m}"), ("b", f"b_{m}"), ("V", f"V_{m}"), ("c", f"c_{m}")):
            self[name] = state[key].ravel()[0] if key in state else None
        if f"V_{m}" in state:
            self["V_z"] = state[f"V_{m}"].ravel()[-1]
        self["B"] = state.get(f"B_{m}", np.zeros(1)).ravel()[0]
        self["R"] = state.get("R", np.zeros(1)).ravel()[0]
        for name in "Wb":
            self[f"{name}_above"] = state.get(f"{name}_{m + 1}", np.zeros(1)).ravel()[0]

    def do(self, code):
        exec(printing.stripped(code), {}, self)

    def update(self, options, text, letter):
        forward = letter in "Wb"
        self["eta"] = options.eta if forward else options.eta_inverse
        self |= {"W": self[letter], "W_mean": 0.0, "W_square": 0.0}
        self["grad_W"] = self[f"grad_{letter}"]
        self.do(text["update (so b, V and c)"])
        return self["W"]


@pytest.mark.parametrize(
    "options, words",
    [
        ({"layers": (6, 5, 3)}, "4 classes"),
        ({"layers": ()}, "--layers"),
        ({"layers": (6, 4), "mode": "dtp"}, "--mode dtp needs at least two hidden layers"),
        ({"layers": (4,), "mode": "sdtp"}, "--mode sdtp needs at least a hidden layer"),
        ({"layers": (6, 0, 4)}, "--layers: 1 or more"),
        ({"mode": "tp"}, "--mode: dtp or sdtp"),
        ({"sigma": -0.1}, "--sigma: 0 or more"),
        ({"pixel_noise": -0.1}, "--pixel-noise: 0 or more"),
        ({"alpha": float("nan")}, "--alpha"),
        ({"batch": 0}, "--batch"),
        ({"features": 0}, "--features"),
        ({"optimiser": "sgd"}, "--optimiser: adam or rmsprop"),
        ({"inverse": "exact"}, "--inverse: preserving or denoising"),
        ({"updates": "never"}, "--updates: parallel or alternating"),
        ({"eta": "fast"}, "--eta"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(options, words):
    with pytest.raises(ValueError) as caught:
        made = TP.options(**({"layers": SIZES[1:]} | options))
        TP.network(made, SIZES[0], CLASSES)
    assert words in str(caught.value) and "\n" not in str(caught.value)


# --- the digits -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options, error",
    [
        ({}, 4.5),
        ({"mode": "sdtp", "inverse": "denoising"}, 5.0),
        ({"mode": "ao-sdtp", "inverse": "denoising"}, 5.0),
        ({"updates": "alternating"}, 5.0),
        ({"mode": "bp"}, 3.5),
        ({"mode": "fa"}, 5.0),
    ],
    ids=["dtp", "sdtp", "ao-sdtp", "alternating", "bp", "fa"],
)
def test_it_learns_the_digits(options, error, tmp_path):
    config = Config.of({**TP.presets["digits"], "theory": "target_propagation", **options})
    run = loop.Run(config, RunFolder(tmp_path / "run"))
    assert run.train(*run.start())["test_error"] < error


def test_a_run_in_single_precision_resumes_with_its_moments_to_the_bit(tmp_path):
    how = {"theory": "target_propagation", "updates": "alternating", "epochs": 4, "chunk": 150}
    how |= {"train_examples": 300, "test_examples": 50, "quick_examples": 0, "mode": "sdtp"}
    whole = loop.Run(Config.of({**TP.presets["digits"], **how}), RunFolder(tmp_path / "whole"))
    whole.train(*whole.start())
    seen, state = whole.folder.state("epoch_002.npz")
    for epoch in (2, 3):
        for chunk in (0, 1):
            state = whole.learner.run(whole.inputs(state, epoch, chunk)).state
    last = whole.folder.state().state
    assert seen == 600 and last["updates"] == 32 and last["W_0_square"].max() > 0
    for name, value in last.items():
        assert state[name].tobytes() == value.tobytes(), name
