"""Networks that relax, beside the NumPy reference: states, learning, energy, refusals."""

import brian2
import numpy as np
import pytest

from experiments.run import loop
from experiments.run.config import Config
from experiments.run.record import recording
from models import describe, theory
from models.equilibrium.network import nudges
from models.theory import Inputs
from tests.equilibrium import reference

EXACT = 1e-12
EQUILIBRIUM = theory.find("equilibrium")
PIXELS, CLASSES, IMAGES = 12, 4, 20
ONE, TWO = (9, CLASSES), (9, 7, CLASSES)


@pytest.fixture(autouse=True)
def quick_runtime():
    brian2.prefs.codegen.target = "numpy"


def build(layers=ONE, **options):
    return EQUILIBRIUM.network(EQUILIBRIUM.options(layers=layers, **options), PIXELS, CLASSES)


def inputs(state, images=IMAGES, **more):
    """Images with some dark pixels, and labels."""
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 1, (images, PIXELS)) * (rng.random((images, PIXELS)) < 0.7)
    return Inputs(x, rng.integers(0, CLASSES, images), state, 5, **more)


def begin(network):
    """Weights as at the start, and biases that are not 0."""
    state, rng = network.start(3), np.random.default_rng(4)
    biases = {name: rng.uniform(0, 0.4, len(b)) for name, b in state.items() if name[0] == "b"}
    return state | biases


def compare(found, expected, atol=EXACT):
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=0, atol=atol, err_msg=name)


# --- beside NumPy ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where, layers, options",
    [
        ("standalone", TWO, {"batch": 6, "alpha": (0.4, 0.2, 0.1)}),
        ("runtime", ONE, {"alpha": (0.2, 0.1)}),
        ("runtime", ONE, {"rho": "smooth", "eps": 0.3, "sign": "fixed", "beta": -0.5}),
        ("runtime", TWO, {"cost_factor": 1.0, "beta": 0.5, "free": 9, "nudged": 7}),
        ("runtime", (CLASSES,), {"batch": 3, "eps": 1.0}),
    ],
)
def test_twenty_images_are_learned_as_the_reference_does(where, layers, options):
    network = build(layers, **options)
    state = begin(network)
    given = inputs(state)
    out = network.program(IMAGES, device=where).run(given)
    how = {n: options[n] for n in ("eps", "rho", "cost_factor", "free", "nudged") if n in options}
    alpha = EQUILIBRIUM.options(layers=layers, **options).alphas
    shown = given.images, given.labels, network.given(given)["nudge"], alpha
    expected, answers = reference.train(state, *shown, options.get("batch", 1), **how)
    compare(out.state, expected)
    np.testing.assert_allclose(out.answers, answers, rtol=0, atol=EXACT)
    loss = reference.cost(answers, np.eye(CLASSES)[given.labels], options.get("cost_factor", 0.5))
    np.testing.assert_allclose(out.measures["loss"], loss, rtol=0, atol=EXACT)
    for name, value in expected.items():
        assert np.abs(value - state[name]).max() > 1e-4, f"{name} stood still"


def test_particles_begin_where_the_same_image_ended_in_the_epoch_before():
    network = build(free=3, nudged=2, particles=11, batch=2)
    program, state = network.program(4, device="runtime"), begin(network)
    expected = state
    for places in ([3, 10, 0, 7], [7, 2, 10, 3]):
        given = inputs(state, 4, places=np.array(places))
        out = program.run(given)
        shown = given.images, given.labels, network.given(given)["nudge"], (0.05, 0.05), 2
        expected, answers = reference.train(expected, *shown, places=given.places, free=3, nudged=2)
        state = out.state
        compare(state, expected)
        np.testing.assert_allclose(out.answers, answers, rtol=0, atol=EXACT)
    kept = state["particles"].any(axis=1)
    assert list(np.flatnonzero(kept)) == [0, 2, 3, 7, 10]
    from_zero = program.run(given._replace(places=None, learns=False))
    assert np.abs(from_zero.answers - answers).max() > 1e-3, "they make no difference"
    assert from_zero.state["particles"] is given.state["particles"]


def test_a_network_that_is_only_tested_relaxes_as_far_and_is_never_nudged():
    network = build()
    state = begin(network)
    tester = network.program(IMAGES, learning=False, device="runtime")
    assert tester.schedule.steps_in_all == 20 * IMAGES
    out = tester.run(inputs(state)._replace(learns=False))
    first = reference.relax(
        state, inputs(state).images, reference.zeros(state, IMAGES), 20, eps=0.5
    )
    np.testing.assert_allclose(out.answers, first[-1], rtol=0, atol=EXACT)
    compare(out.state, state, 0)


def test_the_sign_of_beta_is_random_for_each_mini_batch_and_the_same_for_a_seed():
    options = EQUILIBRIUM.options(beta=0.5, batch=3)
    given = inputs({}, 20)
    betas = nudges(options, given)
    assert {*betas} == {-0.5, 0.5} and (betas == nudges(options, given)).all()
    batches = [{*betas[k : k + 3]} for k in range(0, 20, 3)]
    assert all(len(batch) == 1 for batch in batches)
    many = nudges(options, inputs({}, 3000))
    assert abs(many.mean()) < 0.1
    fixed = EQUILIBRIUM.options(beta=-0.5, sign="fixed")
    assert (nudges(fixed, given) == -0.5).all()


# --- energy ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("rho, eps", [("hard", 0.05), ("hard", 0.5), ("smooth", 0.1)])
def test_energies_are_those_of_eq_1_and_fall_in_each_phase(rho, eps):
    options = {"free": 60, "nudged": 40, "sign": "fixed", "beta": 0.5, "eps": eps, "rho": rho}
    network = build(TWO, **options)
    state = begin(network)
    program = network.program(3, record=recording(network, network.records), device="runtime")
    given = inputs(state, 3, learns=False)
    records = program.run(given).records
    d = np.eye(CLASSES)[given.labels]
    names = [name for name in network.sizes if name != "input"]
    for image in range(3):
        rows = slice(100 * image, 100 * image + 100)
        s = [records["states", name, "s"][rows][:-1] for name in names]  # E is of the step's begin
        E, C, F = (records["energy", "output", v][rows] for v in "ECF")
        assert (E == E[:, :1]).all() and (F == F[:, :1]).all(), "one number, in each output cell"
        x = np.tile(given.images[image], (99, 1))
        np.testing.assert_allclose(E[1:, 0], reference.energy(state, x, s, rho), atol=EXACT)
        np.testing.assert_allclose(C[1:, 0], reference.cost(s[-1], d[image]), atol=EXACT)
        np.testing.assert_allclose(F[60:], E[60:] + 0.5 * C[60:], atol=EXACT)
        for phase in (F[:60, 0], F[60:, 0]):
            assert np.diff(phase).max() <= EXACT and phase[0] - phase[-1] > 1e-3
        assert C[-1, 0] < C[60, 0], "proposition 2: the nudge lowers the cost"


def test_rule_13_along_the_nudged_phase_adds_up_to_the_update():
    network = build(TWO, alpha=(0.3,), sign="fixed", beta=0.5, nudged=8)
    state = begin(network)
    asked = recording(network, ("states",))
    out = network.program(1, record=asked, device="runtime").run(inputs(state, 1))
    names = [name for name in network.sizes if name != "input"]
    rates = [np.tile(inputs(state, 1).images, (9, 1))]
    rates += [out.records["states", name, "s"][19:] for name in names]  # clipped: rho(s) = s
    for m in (1, 2):
        pre, post = rates[m], rates[m + 1]
        middle = [(r[1:] + r[:-1]) / 2 for r in (pre, post)]  # of each step
        path = np.einsum("ti,tj->ij", middle[0], np.diff(post, axis=0))
        path += np.einsum("ti,tj->ij", np.diff(pre, axis=0), middle[1])
        learned = (out.state[f"W_{m}"] - state[f"W_{m}"]) * 0.5 / 0.3
        assert np.abs(learned).max() > 1e-3
        np.testing.assert_allclose(learned, path, rtol=0, atol=1e-6)


def test_two_directions_with_the_rule_of_their_own_rates_learn_the_update_together():
    """Eq 12 in each direction: the sum of both is eq 13, whose integral is eq 10.

    In a mini-batch: online, weights that learn move the states that they learn from.
    """
    options, learned = {"alpha": (0.3,), "beta": 0.5, "nudged": 8, "batch": 2}, {}
    for rule in ("contrast", "rates"):
        network = build(TWO, rule=rule, **options)
        state = network.start(3) | {n: b for n, b in begin(build(TWO)).items() if n[0] == "b"}
        out = network.program(2, device="runtime").run(inputs(state, 2))
        learned[rule] = {name: out.state[name] - state[name] for name in state}
    apart = learned["rates"]
    for m in (1, 2):
        both = apart[f"W_{m}"] + apart[f"V_{m}"].T
        assert np.abs(apart[f"W_{m}"] - apart[f"V_{m}"].T).max() > 1e-3, "each has its own"
        np.testing.assert_allclose(both, learned["contrast"][f"W_{m}"], rtol=0, atol=EXACT)
    for name in ("W_0", "b_0", "b_1", "b_2"):
        np.testing.assert_allclose(apart[name], learned["contrast"][name], rtol=0, atol=EXACT)


def test_rates_fall_by_the_same_factor_after_each_epoch():
    network = build(TWO, alpha=(0.4, 0.2, 0.1), decay=0.5)
    assert network.settings(2) == {"alpha_0": 0.1, "alpha_1": 0.05, "alpha_2": 0.025}


# --- what it says, and what it refuses ------------------------------------------------------------


def test_every_equation_and_statement_is_described_in_latex(capsys):
    words = ["--theory", "equilibrium", "--layers", "9", "7", "4", "--classes", "4"]
    assert describe.main([*words, "--batch", "20", "--format", "latex"]) == 0
    said = capsys.readouterr().out
    for text in (r"\frac{\mathrm{d}s}{\mathrm{d}t} &=", r"\operatorname{clip}", r"\mathrm{grad}"):
        assert text in said, text


@pytest.mark.parametrize(
    "options, words",
    [
        ({"beta": 0.0}, "--beta: without a nudge"),
        ({"beta": float("nan")}, "--beta"),
        ({"eps": 2.5}, "--eps: 1.0 or less"),
        ({"eps": 0.0}, "--eps"),
        ({"free": 0}, "--free"),
        ({"nudged": 0}, "--nudged"),
        ({"batch": 0}, "--batch"),
        ({"layers": (6, 5)}, "4 classes"),
        ({"layers": ()}, "--layers"),
        ({"alpha": (0.1, 0.1, 0.1)}, "--alpha"),
        ({"rho": "tanh"}, "--rho: hard or smooth"),
        ({"cost_factor": 0.0}, "--cost-factor"),
        ({"gain": -1.0}, "--gain"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(options, words):
    with pytest.raises(ValueError) as caught:
        build(**options)
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_particles_of_another_data_set_are_refused_in_one_sentence():
    network = build(particles=5)
    program = network.program(2, device="runtime")
    with pytest.raises(ValueError, match="--particles 5: there is a training image 7") as caught:
        program.run(inputs(begin(network), 2, places=np.array([1, 7])))
    assert "\n" not in str(caught.value)


# --- learning -------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset, most", [("digits", 6), ("digits-2", 6), ("digits-3", 8)])
def test_it_learns_the_digits(preset, most, tmp_path):
    config = Config.of(EQUILIBRIUM.presets[preset], theory="equilibrium", quick_examples=0)
    result = loop.run(config, tmp_path / "run")
    assert result["test_error"] < most
