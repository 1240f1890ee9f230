"""What the paper says of microcircuits: what they cancel, and what they learn from and to do."""

import numpy as np
import pytest
from scipy.special import logit

from experiments.measures import angle
from experiments.run import data
from models.engine import device
from models.microcircuit import sweeps as steady
from models.theory import Inputs
from tests.microcircuit import examples, reference, sweeps
from tests.microcircuit.examples import BIG, MICROCIRCUIT

DEEP = (30, 20, 15, 10)
WEAK = {"g_lk": 0.0, "g_B": 0.9, "g_D": 0.9, "g_A": 0.1, "g_som": 0.1}


@pytest.fixture(autouse=True)
def quick_runtime():
    device.interpret()


def of_lambda(lam):
    """Conductances by which all mixing factors are lambda, without a leak."""
    g = lam / (1 - lam)
    return {"g_lk": 0.0, "g_B": 1.0, "g_D": 1.0, "g_A": g, "g_som": g}


# --- what teaches ---------------------------------------------------------------------------------


def test_a_nudge_by_conductances_is_the_current_towards_the_target():
    rng = np.random.default_rng(0)
    u, goal = rng.uniform(-5, 5, (2, 1000))
    current = reference.How(g_som=0.7)
    for E_exc, E_inh in ((1.0, -1.0), (8.0, -3.0), (0.5, 2.0)):
        found = reference.nudge(current._replace(nudging="conductances"), u, goal, E_exc, E_inh)
        np.testing.assert_allclose(found, 0.7 * (goal - u), rtol=0, atol=1e-12)
    sizes, ended = (4, 3, 2), []
    for nudging in ("current", "conductances"):
        network = examples.network(sizes, nudging=nudging, lasts=3.0)
        x, goals, _ = examples.patterns(sizes, 2)
        given = examples.inputs(x, 3 * goals, network.start(1))
        ended.append(network.program(2, device="runtime").run(given).state)
    for name, value in ended[0].items():
        np.testing.assert_allclose(ended[1][name], value, rtol=0, atol=1e-12, err_msg=name)


# --- the self-predicting state --------------------------------------------------------------------


def test_without_a_target_apical_dendrites_of_a_self_predicting_circuit_fall_silent():
    network = examples.network(DEEP, lasts=50.0, w_up=(0.5,), mean=(0.3, 0.2))
    state, rng = network.start(1), np.random.default_rng(2)
    state = state | {n: rng.normal(size=v.shape) for n, v in state.items() if n[:2] == "u_"}
    factors = [np.median(state[f"IP_{m}"] / state[f"W_{m + 1}"]) for m in range(2)]
    np.testing.assert_allclose(factors, [1.1 / 1.9, 1.0], rtol=1e-12)
    x, goals, _ = examples.patterns(DEEP, 1)
    program = network.program(1, record=examples.recording(), device="runtime")
    records = program.run(examples.inputs(x, goals, state, [False], learns=False)).records
    for m, above in ((0, "hidden_1"), (1, "output")):
        v_A, v_TD = (records["voltages", f"hidden_{m}", v] for v in ("v_A", "v_TD"))
        assert np.abs(v_A[-1]).max() < 1e-6 < 0.1 < np.abs(v_A[0]).max()
        assert np.abs(v_TD[-1]).max() > 0.1, "nothing was there to cancel"
        inter, pyramidal = (records["voltages", cells, "u"] for cells in (f"inter_{m}", above))
        assert np.abs(inter[-1] - pyramidal[-1]).max() < 1e-6 < np.abs(inter[0]).max()


def test_lateral_synapses_learn_to_cancel_what_comes_from_above():
    """S1 of the paper: fixed weights up and down, 200 random patterns, no target."""
    network, program = examples.big(eta_up=0.0, eta_TD=0.0, eta_IP=0.0002375, eta_PI=0.0005)
    state = network.start(1) | reference.random(BIG, 0)
    state |= {name: np.zeros_like(v) for name, v in state.items() if name[:2] == "b_"}
    x, goals, _ = examples.patterns(BIG, 200)
    begun, apical, top_down = state, [], []
    for k in range(0, 200, examples.MOST):
        part = slice(k, k + examples.MOST)
        out = program.run(examples.inputs(x[part], goals[part], state, np.zeros(examples.MOST)))
        state = out.state
        apical, top_down = (
            [*apical, *out.measures["apical_0"]],
            [*top_down, *out.measures["top_down_0"]],
        )
    assert np.median(apical[-20:]) < 0.05 * np.median(top_down[-20:])
    assert apical[0] > top_down[0] / 2, "it was cancelled from the beginning"
    assert {"IP_0", "PI_0"} <= examples.moved(state, begun)
    assert not {"W_0", "W_1", "TD_0", "b_hidden_0", "b_output"} & examples.moved(state, begun)


def test_weights_of_a_self_predicting_circuit_rest_unless_it_is_taught():
    network, program = examples.big(eta_up=0.001, eta_TD=0.0, eta_IP=0.001, eta_PI=0.0)
    state = network.start(1) | reference.self_predicting(
        examples.how(BIG), reference.random(BIG, 0, 0.5, 0.5)
    )
    x, goals, _ = examples.patterns(BIG, 1)
    given = examples.inputs(np.repeat(x, 2, axis=0), np.repeat(goals, 2, axis=0), state, [0, 0])
    settled = program.run(given._replace(learns=False)).state
    change = {}
    for taught in (0, 1):
        told = examples.inputs(x, goals, settled, [taught])
        after = program.run(told).state
        change[taught] = {n: np.linalg.norm(after[n] - settled[n]) for n in ("W_0", "W_1", "IP_0")}
    for name, size in change[1].items():
        assert size > 1e-4 and change[0][name] < 1e-4 * size, name


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lam, transposed, hidden, output",
    [
        (0.1, True, 1.5, 1.0),
        (0.01, True, 0.2, 0.1),
        (0.001, True, 0.05, 0.05),
        (0.001, False, np.inf, 0.05),
    ],
)
def test_updates_are_those_of_backpropagation_as_lambda_vanishes(lam, transposed, hidden, output):
    sizes, images = (30, 50, 50, 10), 50
    given = of_lambda(lam) | {"eta_up": (1.0,), "eta_IP": (0.0,), "batch": images, "mean": (0, 0)}
    given |= {"w_up": (0.3, 0.25, 0.3), "targets": (0.4, 0.6), "lasts": 1.0}
    network = MICROCIRCUIT.network(MICROCIRCUIT.options(layers=sizes[1:], **given), 30, 10)
    how, state = reference.How(**of_lambda(lam)), network.start(1)
    if transposed:
        state |= {f"TD_{m}": state[f"W_{m + 1}"].T.copy() for m in range(2)}
        state = reference.self_predicting(how, state)
    rng = np.random.default_rng(3)
    x, labels = rng.uniform(0, 1, (images, 30)), rng.integers(0, 10, images)
    goals = np.where(np.arange(10) == labels[:, None], logit(0.6), logit(0.4))
    exact = sweeps.backprop(how, state, x, goals)
    after = network.program(images).run(Inputs(x, labels, state, 1)).state
    found = [
        angle((after[f"W_{m}"] - state[f"W_{m}"]).ravel(), exact[f"W_{m}"].ravel())
        for m in range(3)
    ]
    assert found[2] < output and max(found[:2]) < hidden, found
    if not transposed:
        assert min(found[:2]) > 60, "random feedback knows nothing of the weights yet"


# --- what it learns -------------------------------------------------------------------------------


def test_a_hidden_layer_learns_a_nonlinear_function_that_the_output_alone_cannot():
    """Figure 2 of the paper: another network teaches; 40,000 patterns in mini-batches."""
    rng, batch, found = np.random.default_rng(0), 20, {}
    hidden, out = rng.uniform(-1, 1, (30, 20)), rng.uniform(-1, 1, (20, 10))
    phi = "rectifier"
    rate = reference.How(phi=phi)

    def teacher(x):
        return 10 * reference.rate(rate, 2 * x @ hidden) @ out

    tests = rng.uniform(-1, 1, (500, 30))
    asked = reference.rate(rate, teacher(tests))
    for name, rates in (("full", (0.2375, 0.1)), ("shallow", (0.0, 0.1))):
        given = {"phi": phi, "eta_up": rates, "eta_IP": rates[:1], "sweeps": 2, "batch": batch}
        given |= {"thresholds": False, "w_up": (1.0,)}
        options = MICROCIRCUIT.options(layers=(50, 10), **given)
        state = MICROCIRCUIT.network(options, 30, 10).start(0)
        for _ in range(2000):
            x = rng.uniform(-1, 1, (batch, 30))
            state = steady.updated(options, state, x, teacher(x))
        answers = steady.up(options, state, tests)[1][-1]
        found[name] = np.mean(np.sum((answers - asked) ** 2, axis=1))
    mean = np.mean(np.sum((asked - asked.mean(axis=0)) ** 2, axis=1))
    assert found["full"] < 0.8 * mean and found["shallow"] > mean, (found, mean)


def test_the_digits_are_learned_and_bottom_up_weights_align_with_feedback():
    """The spec of 784-100-10, for the embedded digits: base rate .02, 20 epochs."""
    digits = data.load("digits")
    given = WEAK | {"eta_up": (0.02, 0.002), "eta_IP": (0.004,), "w_up": (0.1,), "mean": (0.0, 0.0)}
    options = MICROCIRCUIT.options(layers=(100, 10), **given)
    network = MICROCIRCUIT.network(options, 64, 10)
    images, labels = digits.train_images.astype(float), digits.train_labels
    goals = np.where(np.arange(10) == labels[:, None], logit(0.8), logit(0.1))
    how = reference.How(**WEAK)
    program, state = network.program(len(images)), network.start(1)
    rng, angles = np.random.default_rng(0), []
    for epoch in range(21):
        if epoch in (0, 20):
            taught, free = (sweeps.updates(how, state, images, t)["W_0"] for t in (goals, None))
            exact = sweeps.backprop(how, state, images, goals)["W_0"]
            weights = state["TD_0"], state["W_1"].T
            pairs = ((taught - free, exact), weights)
            angles.append([angle(one.ravel(), other.ravel()) for one, other in pairs])
        if epoch < 20:
            order = rng.permutation(len(images))
            state = program.run(Inputs(images[order], labels[order], state, epoch)).state
    tester = network.program(len(digits.test_images), learning=False)
    shown = Inputs(digits.test_images, digits.test_labels, state, 1, learns=False)
    wrong = np.mean(tester.run(shown).answers.argmax(axis=1) != digits.test_labels)
    (update, weight), (update_then, weight_then) = angles
    assert wrong < 0.2, wrong
    assert update > 80 and update_then < 55, "what the target adds to the update"
    assert weight > 80 and weight_then < 55
