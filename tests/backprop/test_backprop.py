"""Layers of rates beside the NumPy reference, finite differences, and what feedback does."""

import brian2
import numpy as np
import pytest

from models import theory
from models.theory import Inputs
from tests.backprop import reference

EXACT = 1e-12
BACKPROP = theory.find("backprop")
SIZES, CLASSES = (7, 6, 5, 4), 4


@pytest.fixture(autouse=True)
def quick_runtime():
    brian2.prefs.codegen.target = "numpy"


def build(layers=SIZES[1:], **options):
    return BACKPROP.network(BACKPROP.options(layers=layers, **options), SIZES[0], CLASSES)


def stimuli(images=5, seed=0):
    """Images with some dark pixels, and labels."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(0, 1, (images, SIZES[0])) * (rng.random((images, SIZES[0])) < 0.7)
    return x, rng.integers(0, CLASSES, images)


def learn(network, where="runtime", state=None, images=5, learns=True, epoch=0):
    state = state or network.start(3)
    program = network.program(images, device=where)
    return program.run(Inputs(*stimuli(images), state, 1, epoch, learns)), state


@pytest.mark.parametrize("where", ["runtime", "standalone"])
def test_two_hidden_layers_learn_as_the_reference_does(where):
    out, state = learn(build(eta=(0.5, 0.3, 0.2), nonlinearity="tanh"), where)
    expected = reference.train(state, *stimuli(), (0.5, 0.3, 0.2), hidden="tanh")
    for name, value in expected.items():
        np.testing.assert_allclose(out.state[name], value, rtol=0, atol=EXACT, err_msg=name)
        assert np.abs(value - state[name]).max() > 1e-4, f"{name} stood still"


@pytest.mark.parametrize(
    "feedback, hidden, loss",
    [
        *((feedback, "sigmoid", "squared") for feedback in ("random", "direct", "none")),
        *(("transpose", hidden, "squared") for hidden in ("sigmoid", "relu")),
        ("transpose", "tanh", "cross-entropy"),
        ("random", "relu", "cross-entropy"),
    ],
)
def test_every_choice_learns_as_the_reference_does(feedback, hidden, loss):
    network = build(feedback=feedback, nonlinearity=hidden, loss=loss, eta=(0.4,))
    out, state = learn(network)
    how = {"feedback": feedback, "hidden": hidden, "loss": loss}
    expected = reference.train(state, *stimuli(), (0.4,) * 3, **how)
    if feedback == "none":
        expected |= {name: state[name] for name in ("W_0", "W_1", "b_0", "b_1")}
    for name, value in expected.items():
        np.testing.assert_allclose(out.state[name], value, rtol=0, atol=EXACT, err_msg=name)
    x, labels = stimuli()
    first = reference.forward(state, x[0], hidden, loss)
    np.testing.assert_allclose(out.answers[0], first[-1], atol=EXACT)
    assert out.measures["loss"][0] == pytest.approx(reference.loss_of(first, labels[0], loss))


@pytest.mark.parametrize("where, images", [("runtime", 5), ("standalone", 6)])
def test_gradients_of_a_mini_batch_are_summed_and_the_last_one_may_be_short(where, images):
    out, state = learn(build(batch=2, eta=(0.5,)), where, images=images)
    expected = reference.train(state, *stimuli(images), (0.5,) * 3, batch=2)
    online = reference.train(state, *stimuli(images), (0.5,) * 3)
    for name, value in expected.items():
        np.testing.assert_allclose(out.state[name], value, rtol=0, atol=EXACT, err_msg=name)
    assert np.abs(expected["W_2"] - online["W_2"]).max() > 1e-4


@pytest.mark.parametrize("where", ["runtime", "standalone"])
@pytest.mark.parametrize("batch, feedback, sparsity", [(1, "transpose", 0), (2, "random", 0.5)])
def test_with_momentum_an_update_goes_on_in_the_next_and_in_the_next_run(
    where, batch, feedback, sparsity
):
    options = {"feedback": feedback, "sparsity": sparsity, "batch": batch, "eta": (0.5,)}
    network = build(**options, momentum=0.9)
    out, state = learn(network, where, images=6)
    again, _ = learn(network, where, out.state, images=6)
    weights = {name: value for name, value in state.items() if not name.endswith("_moves")}
    shown = [np.concatenate([one, one]) for one in stimuli(6)]
    how = {"feedback": feedback, "batch": batch, "sparse": bool(sparsity)}
    expected = reference.train(weights, *shown, (0.5,) * 3, **how, momentum=0.9)
    for name, value in expected.items():
        np.testing.assert_allclose(again.state[name], value, rtol=0, atol=EXACT, err_msg=name)
    without = reference.train(weights, *shown, (0.5,) * 3, **how)
    assert np.abs(expected["W_0"] - without["W_0"]).max() > 1e-4


def test_without_feedback_only_what_learns_has_momentum():
    network = build(feedback="none", momentum=0.9, eta=(0.5,))
    out, state = learn(network)
    moves = {name for name in state if "_moves" in name and name[0] == "W"}
    assert moves == {"W_2_moves"} and np.abs(out.state["W_2_moves"]).max() > 1e-4
    np.testing.assert_array_equal(out.state["W_1"], state["W_1"])


@pytest.mark.parametrize("batch", [1, 2])
def test_sparse_weights_keep_their_gaps(batch):
    network = build(sparsity=0.5, feedback="random", batch=batch, eta=(0.5,))
    out, state = learn(network)
    how = {"feedback": "random", "batch": batch, "sparse": True}
    expected = reference.train(state, *stimuli(), (0.5,) * 3, **how)
    for name in ("W_0", "W_1", "B_0", "B_1"):
        assert 0.2 < np.mean(state[name] == 0) < 0.8
        assert ((out.state[name] == 0) == (state[name] == 0)).all()
        np.testing.assert_allclose(out.state[name], expected[name], rtol=0, atol=EXACT)


@pytest.mark.parametrize("loss", ["squared", "cross-entropy"])
def test_backpropagation_is_the_gradient_by_finite_differences(loss):
    network = build(loss=loss, eta=(1.0,), nonlinearity="tanh")
    x, labels = stimuli(1)
    out, state = learn(network, images=1)
    for name, value in state.items():
        flat, step = value.ravel(), 1e-6
        gradient = np.empty(flat.size)
        for k in range(flat.size):
            ends = []
            for sign in (1, -1):
                moved = flat.copy()
                moved[k] += sign * step
                h = reference.forward(
                    state | {name: moved.reshape(value.shape)}, x[0], "tanh", loss
                )
                ends.append(reference.loss_of(h, labels[0], loss))
            gradient[k] = (ends[0] - ends[1]) / (2 * step)
        learned = (state[name] - out.state[name]).ravel()
        assert np.abs(gradient).max() > 1e-3
        np.testing.assert_allclose(learned, gradient, atol=1e-8, err_msg=name)


def test_feedback_alignment_with_the_transpose_is_backpropagation():
    layers = (6, 4)
    bp, fa = (build(layers, feedback=kind, eta=(0.5,)) for kind in ("transpose", "random"))
    one, other = bp.start(3), fa.start(3)
    x, labels = stimuli()
    programs = bp.program(1, device="runtime"), fa.program(1, device="runtime")
    for k in range(len(labels)):
        other = other | {"B_0": one["W_1"].T.copy()}  # copied before each image
        shown = x[k : k + 1], labels[k : k + 1]
        one, other = (
            program.run(Inputs(*shown, state, 1)).state
            for program, state in zip(programs, (one, other), strict=True)
        )
        for name in one:
            np.testing.assert_allclose(one[name], other[name], rtol=0, atol=EXACT, err_msg=name)


def test_random_feedback_begins_at_right_angles_to_backpropagation():
    options = BACKPROP.options(layers=(300, 10), feedback="random")
    angles = []
    for seed in range(20):
        state = BACKPROP.network(options, 784, 10).start(seed)
        W, B = state["W_1"].T.ravel(), state["B_0"].ravel()
        angles.append(np.degrees(np.arccos(W @ B / np.linalg.norm(W) / np.linalg.norm(B))))
    assert np.mean(angles) == pytest.approx(90, abs=5)


def test_rates_fall_by_a_factor_an_epoch_and_are_none_below_a_shallow_output():
    rates = build(eta=(0.4, 0.2, 0.1), decay=0.5).settings(2)
    assert list(rates.values()) == pytest.approx([0.1, 0.05, 0.025])
    assert list(build(eta=(0.4,), feedback="none").settings(0).values()) == [0, 0, 0.4]
    with_decay, state = learn(build(eta=(0.4,), decay=0.5), epoch=1)
    expected = reference.train(state, *stimuli(), (0.2,) * 3)
    np.testing.assert_allclose(with_decay.state["W_0"], expected["W_0"], rtol=0, atol=EXACT)


def test_initial_weights_are_uniform_and_as_wide_as_asked():
    wide = np.sqrt(6 / (784 + 100))
    options = BACKPROP.options(layers=(100, 10), feedback="random", feedback_width=2.0)
    state = BACKPROP.network(options, 784, 10).start(1)
    assert np.abs(state["W_0"]).max() == pytest.approx(wide, rel=1e-3)
    assert state["W_0"].std() == pytest.approx(wide / 3**0.5, rel=0.01)
    assert state["B_0"].shape == (10, 100) and 1.9 < np.abs(state["B_0"]).max() <= 2
    assert not state["b_0"].any()


@pytest.mark.parametrize(
    "options, words",
    [
        ({"layers": (6, 5)}, "4 classes"),
        ({"eta": (0.1, 0.2)}, "--eta"),
        ({"feedback": "symmetric"}, "--feedback: transpose or random"),
        ({"feedback_width": 2.0}, "--feedback-width"),
        ({"sparsity": 1.0}, "--sparsity"),
        ({"batch": 0}, "--batch"),
        ({"momentum": 1.0}, "--momentum"),
        ({"layers": ()}, "--layers"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(options, words):
    with pytest.raises(ValueError) as caught:
        build(**options)
    assert words in str(caught.value) and "\n" not in str(caught.value)
