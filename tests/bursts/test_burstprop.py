"""Burstprop beside the NumPy reference, in closed form, and what feedback does."""

import numpy as np
import pytest

from experiments.run.record import recording
from models import theory
from models.bursts import layers
from models.bursts.network import measures
from models.engine import printing
from models.theory import Inputs
from tests.bursts.reference import Net

EXACT = 1e-12
BURSTS = theory.find("bursts")
SIZES = (7, 6, 5, 4)
FEEDBACK = ("learned", "fixed", "transposed", "backprop")
ETA = (3.0, 2.0, 1.0)


def build(inputs=SIZES[0], **options):
    given = {"layers": SIZES[1:], "eta": ETA, "batch": 5, "feedback_width": 1.0, "gain": (3.6,)}
    made = BURSTS.options(**given | options)
    return BURSTS.network(made, inputs, made.layers[-1]), made


def stimuli(images=5):
    """Images, labels and targets."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, SIZES[-1], images)
    return rng.uniform(0, 1, (images, SIZES[0])), labels, np.eye(SIZES[-1])[labels]


def learned(network, state, images=5, epoch=0):
    x, labels, _ = stimuli(images)
    return network.program(images).run(Inputs(x, labels, state, 1, epoch)).state


def rate(options, name):
    return options.eta_R if name[0] == "R" else options.eta[int(name[-1]) + (name[0] == "Y")]


# --- beside the reference -------------------------------------------------------------------------


@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("feedback", FEEDBACK[:3])
def test_two_mini_batches_are_learned_as_the_reference_does(feedback, recurrent):
    eta_R = 0.3 if recurrent else 0.0
    network, options = build(feedback=feedback, eta_R=eta_R, batch=3, weight_decay=0.01, decay=0.5)
    state, (x, _, target) = network.start(1), stimuli()
    expected = dict(state)
    for part in (slice(0, 3), slice(3, 5)):
        net = Net(expected, feedback, recurrent=recurrent)
        found = net.updates(x[part], target[part])
        decays = {name: 1 - 0.01 * 0.5 if name[0] in "WY" else 1 for name in found}
        falls = {name: 1 if name[0] == "R" else 0.5 for name in found}
        expected = expected | {
            name: decays[name] * expected[name] + falls[name] * rate(options, name) * update
            for name, update in found.items()
        }
    out = learned(network, state, epoch=1)
    assert {name for name in state if np.any(out[name] != state[name])} == set(found)
    for name, value in expected.items():
        np.testing.assert_allclose(out[name], value, rtol=0, atol=EXACT, err_msg=name)


def test_with_momentum_a_share_of_the_last_update_is_done_again():
    network, options = build(momentum=0.9, weight_decay=0.0)
    state, (x, _, target) = network.start(1), stimuli()
    once = learned(network, state)
    twice = learned(network, once)
    again = Net(once, "learned").updates(x, target)
    assert set(again) == {name.removesuffix("_moves") for name in state if "_moves" in name}
    for name, update in again.items():
        first = once[name] - state[name]
        np.testing.assert_allclose(once[f"{name}_moves"], first, atol=EXACT)
        second = 0.9 * first + rate(options, name) * update
        np.testing.assert_allclose(twice[name] - once[name], second, atol=EXACT, err_msg=name)


def test_bursts_are_recorded_with_a_teacher_and_without():
    network, options = build(eta_R=0.3)
    state, (x, labels, target) = network.start(1), stimuli()
    kinds = ("rates", "bursts", "errors")
    program = network.program(5, record=recording(network, kinds))
    records = program.run(Inputs(x, labels, state, 1, learns=False)).records
    net = Net(state, "learned", recurrent=True)
    for k in range(5):
        usual, taught = net.bursts(x[k]), net.bursts(x[k], target[k])
        rows = {("errors", "change"): net.changes(x[k], target[k])}
        rows |= {("rates", "h"): net.events(x[k])[1:]}
        for n, name in ((1, "p"), (2, "b")):
            rows["bursts", name] = [layer[n] for layer in usual]
            rows["bursts", f"{name}_taught"] = [layer[n] for layer in taught]
        for (kind, name), values in rows.items():
            for population, value in zip(("hidden_0", "hidden_1", "output"), values, strict=True):
                found = records[kind, population, name][k]
                np.testing.assert_allclose(found, value, rtol=0, atol=EXACT, err_msg=name)


# --- closed forms ---------------------------------------------------------------------------------


def test_backprop_is_the_gradient_in_the_size_of_burst_rates():
    network, options = build(feedback="backprop")
    state, (x, _, target) = network.start(1), stimuli()
    updates = layers.updates(options, state, layers.events(options, state, x), target)
    for name, source, change, eta in updates:
        grad = eta * (change.sum(axis=0) if source is None else source.T @ change)
        below = len(options.layers) - 1 - int(name[-1])  # so many layers above it
        size = options.p_0 / 4**below * options.eta[int(name[-1])]
        for place in ((0,) * grad.ndim, (-1,) * grad.ndim):
            ends = []
            for step in (1e-5, -1e-5):
                there = state[name].copy()
                there[place] += step
                output = network.forward(state | {name: there}, x)["output"]
                ends.append(np.sum((target - output) ** 2) / 2 / len(x))
            fall = (ends[1] - ends[0]) / 2e-5
            assert grad[place] == pytest.approx(size * fall, abs=1e-9), name


def test_the_change_of_the_output_is_its_gradient_whatever_the_feedback():
    for feedback in FEEDBACK:
        network, options = build(feedback=feedback)
        state, (x, _, target) = network.start(1), stimuli()
        e = layers.events(options, state, x)
        expected = options.p_0 * (target - e[-1]) * e[-1] * (1 - e[-1])
        found = layers.errors(options, state, e, target)[-1]
        np.testing.assert_allclose(found, expected, atol=EXACT)


def test_small_transposed_feedback_is_backpropagation_with_the_slope_of_a_burst_probability():
    network, options = build(feedback="transposed")
    state, (x, _, target) = network.start(1), stimuli()
    for name in ("W_1", "W_2"):
        state[name] *= 1e-4
    e = layers.events(options, state, x)
    mine = layers.errors(options, state, e, target)
    true = layers.errors(options.exact(), state, e, target)
    for m in range(2):
        np.testing.assert_allclose(mine[m], true[m], rtol=1e-3, atol=1e-4 * np.abs(true[m]).max())


def test_what_is_told_of_forward_weights_makes_feedback_alike():
    """Kolen & Pollack: their difference decays, whatever is learned."""
    network, options = build(weight_decay=0.02)
    state = network.start(1)
    gaps = []
    for _ in range(3):
        gaps.append(state["W_1"].T - state["Y_0"])
        state = learned(network, state)
    for one, next_one in zip(gaps, gaps[1:], strict=False):
        np.testing.assert_allclose(next_one, 0.98 * one, atol=EXACT)


def test_a_learned_recurrent_synapse_brings_dendrites_to_rest():
    network, options = build(eta_R=1.0, eta=(0.0,), weight_decay=0.0)
    state, (x, _, _) = network.start(1), stimuli()

    def size(state):
        seen = layers.bursts(options, state, layers.events(options, state, x))
        return max(np.abs(u).max() for u in seen.u[:-1])

    before = size(state)
    for _ in range(1000):
        state = learned(network, state)
    assert size(state) < before / 10


# --- start, measures, text ------------------------------------------------------------------------


def test_output_cells_begin_at_the_mean_of_their_targets():
    network, _ = build(gain=(0.0,))
    x, *_ = stimuli()
    output = network.forward(network.start(1), x)["output"]
    np.testing.assert_allclose(output, 1 / SIZES[-1], atol=EXACT)


def test_widths_of_the_initial_weights():
    network, _ = build(784, layers=(500, 400, 10), gain=(2.0, 3.0, 1.0))
    state = network.start(1)
    for name, gain, ends in (("W_0", 2, 1284), ("W_1", 3, 900), ("W_2", 1, 410)):
        assert np.std(state[name]) == pytest.approx(gain * np.sqrt(2 / ends), rel=0.03)
    assert np.std(state["Y_0"]) == pytest.approx(1 / np.sqrt(3), rel=0.01)
    assert np.abs(state["Y_0"]).max() <= 1


def test_angles_are_0_where_there_is_nothing_to_differ():
    network, options = build()
    state, (x, _, target) = network.start(1), stimuli()
    state["Y_0"], state["Y_1"] = state["W_1"].T * 2, state["W_2"].T
    found = measures(options, state, x, target)
    assert {name: value.shape for name, value in found.items()} == dict.fromkeys(
        ("update_0", "feedback_0", "update_1", "feedback_1"), (5,)
    )
    for m in range(2):
        np.testing.assert_allclose(found[f"feedback_{m}"], 0, atol=1e-4)
        assert 0 < found[f"update_{m}"][0] < 45
    exact, other = build(feedback="backprop")
    assert measures(other, exact.start(1), x, target) == {}


@pytest.mark.parametrize("momentum", [0.0, 0.5])
@pytest.mark.parametrize("eta_R", [0.0, 0.2])
@pytest.mark.parametrize("feedback", FEEDBACK)
def test_statements_for_reading_are_what_runs_where_a_layer_is_one_ensemble(
    feedback, eta_R, momentum
):
    if feedback == "backprop":
        eta_R = 0.0
    told = {"layers": (1, 1, 1), "feedback": feedback, "eta_R": eta_R, "momentum": momentum}
    network, options = build(1, batch=1, weight_decay=0.01, **told)
    state = network.start(4)
    out = network.program(1).run(Inputs(np.array([[0.7]]), np.array([0]), state, 1)).state
    cells = {"input": {"x": 0.7}}
    exec(network.equations["input"]["rate"], {}, cells["input"])
    names = ["input", "hidden_0", "hidden_1", "output"]
    for m, name in enumerate(names[1:]):
        one = cells[name] = {
            key: state.get(f"{array}_{n}", np.zeros(1)).ravel()[0]
            for key, array, n in (
                ("W", "W", m),
                ("W_above", "W", m + 1),
                ("Y", "Y", m),
                ("Y_below", "Y", m - 1),
                ("R", "R", m),
                ("bias", "bias", m),
            )
        }
        known = ("eta_R", "p_0", "weight_decay", "momentum")
        one |= {key: getattr(options, key) for key in known}
        one |= {"eta": options.eta[m], "exp": np.exp, "target": 1.0, "W_moves": 0.0}
        one["h_below"] = cells[names[m]]["h"]
        exec(network.equations[name]["rate"], {}, one)
    for name, above in zip(names[:0:-1], [None, *names[:1:-1]], strict=True):
        for key in ("b", "b_taught", "change"):
            cells[name][f"{key}_above"] = cells[above].get(key) if above else None
        exec(printing.stripped(network.equations[name]["bursts"]), {}, cells[name])
    for m, name in enumerate(names[1:]):
        for block in ("recurrent", "decay", "learn"):
            exec(printing.stripped(network.equations[name].get(block, "")), {}, cells[name])
        assert cells[name]["W"] == pytest.approx(out[f"W_{m}"].item(), abs=EXACT)
        if eta_R and m < 2:
            assert cells[name]["R"] == pytest.approx(out[f"R_{m}"].item(), abs=EXACT)


@pytest.mark.parametrize(
    "options, said",
    [
        ({"layers": ()}, "--layers: give at least the output layer"),
        ({"eta": (1.0, 2.0)}, "--eta: one value, or one for each of 3 layers, not 2"),
        ({"gain": (1.0, 2.0)}, "--gain: one value, or one for each of 3 layers, not 2"),
        ({"feedback": "backprop", "eta_R": 0.1}, "--eta-R: with --feedback backprop nothing"),
    ],
)
def test_what_cannot_be_is_one_sentence(options, said):
    with pytest.raises(ValueError, match=said):
        build(**options)
