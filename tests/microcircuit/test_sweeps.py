"""Steady states of mini-batches beside the NumPy reference, and what is measured of them."""

import numpy as np
import pytest
from scipy.special import logit

from experiments.measures import angle
from models.engine.recording import Recording
from models.microcircuit import sweeps as theory_sweeps
from models.theory import Inputs
from tests.microcircuit import reference, sweeps
from tests.microcircuit.examples import EXACT, MICROCIRCUIT, moved

SIZES, DEEP, IMAGES = (7, 5, 3), (7, 6, 5, 3), 8
PLASTIC = {"eta_up": (3e-3,), "eta_IP": (4e-3,), "eta_PI": (2e-3,), "eta_TD": (1e-3,)}
POTENTIALS = {
    "logistic": logit,
    "softplus": lambda r: np.log(np.expm1(r)),
    "rectifier": lambda r: 3 + np.log(np.expm1(r / 0.1)),
}
RECORDED = {"rates": ("h",), "voltages": ("v_B", "v_A", "v_A_free")}
UNLIKE = {"g_lk": 0.2, "g_B": 0.9, "g_D": 1.1, "g_A": 0.3, "g_som": 0.6}
WEAK = {"g_lk": 0.0, "g_B": 0.9, "g_D": 0.9, "g_A": 0.1, "g_som": 0.1}


def build(sizes=SIZES, **given):
    """The network, its options, and what the reference takes."""
    options = MICROCIRCUIT.options(layers=sizes[1:], **{"batch": 3} | given)
    known = {n: getattr(options, n) for n in reference.How._fields if hasattr(options, n)}
    return MICROCIRCUIT.network(options, sizes[0], sizes[-1]), options, reference.How(**known)


def stimuli(sizes, images=IMAGES, rates=(0.1, 0.8), phi="logistic"):
    """Images, labels and target potentials."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, sizes[-1], images)
    asked = np.where(np.arange(sizes[-1]) == labels[:, None], rates[1], rates[0])
    return rng.uniform(0, 1, (images, sizes[0])), labels, POTENTIALS[phi](asked)


# --- beside NumPy ---------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [SIZES, DEEP], ids=["one hidden layer", "two"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        WEAK | {"batch": 1},
        {"phi": "softplus", "sweeps": 3, "targets": (0.3, 1.5)},
        {"phi": "rectifier", "lasts": 50.0, "decay": 0.5, "targets": (0.01, 0.3)} | UNLIKE,
        WEAK | {"attenuation": "literal", "thresholds": False},
        {"attenuation": "literal", "sweeps": 2, "batch": 20, "eta_TD": (0.0,)},
        WEAK | {"feedback": "transposed", "eta_PI": (0.0,), "eta_TD": (0.0,)},
    ],
    ids=["usual", "weak", "softplus, 3 sweeps", "rectifier", "literal", "literal, 2 sweeps"]
    + ["transposed"],
)
def test_mini_batches_are_learned_as_the_reference_does(sizes, options):
    network, made, how = build(sizes, **PLASTIC | options)
    state = {n: v for n, v in reference.random(sizes, 3).items() if n in network.start(1)}
    x, labels, goals = stimuli(sizes, rates=made.targets, phi=made.phi)
    how = how._replace(lasts=how.lasts * made.decay)  # of the second epoch
    expected, answers = state, []
    for k in range(0, IMAGES, made.batch):
        part = slice(k, k + made.batch)
        answers.append(reference.rate(how, sweeps.forward(how, expected, x[part])[1][-1]))
        expected = sweeps.learn(how, expected, x[part], goals[part])
    out = network.program(IMAGES).run(Inputs(x, labels, state, 1, epoch=1))
    assert out.state.keys() == state.keys()
    for name, value in out.state.items():
        np.testing.assert_allclose(value, expected[name], rtol=0, atol=EXACT, err_msg=name)
    still = {"TD_0", "TD_1"} if made.eta_TD == (0.0,) else set()
    assert moved(out.state, state) == set(state) - still
    np.testing.assert_allclose(out.answers, np.concatenate(answers), rtol=0, atol=EXACT)
    asked = np.where(np.arange(sizes[-1]) == labels[:, None], *made.targets[::-1])
    loss = np.sum((asked - out.answers) ** 2, axis=1) / 2
    np.testing.assert_allclose(out.measures["loss"], loss, rtol=0, atol=EXACT)


def test_only_what_has_a_rate_learns_and_each_layer_its_own():
    given = {"eta_up": (0, 2e-3, 1e-3), "eta_IP": (0, 3e-3), "eta_PI": (2e-3, 0)}
    network, _, how = build(DEEP, **given, batch=IMAGES)
    state, (x, labels, goals) = network.start(2), stimuli(DEEP)
    state = state | {n: v + 0.1 for n, v in state.items() if n[:2] in ("PI", "b_")}
    out = network.program(IMAGES).run(Inputs(x, labels, state, 1))
    expected = sweeps.learn(how, state, x, goals)
    learned = {"W_1", "W_2", "IP_1", "PI_0", "b_hidden_1", "b_inter_1", "b_output"}
    assert moved(out.state, state) == learned
    for name in learned:
        np.testing.assert_allclose(out.state[name], expected[name], rtol=0, atol=EXACT)


def test_single_precision_learns_what_double_does():
    network, _, _ = build(DEEP, **PLASTIC)
    state, (x, labels, _) = network.start(2), stimuli(DEEP)
    one, other = (
        network.program(IMAGES, precision=kind).run(Inputs(x, labels, state, 1)).state
        for kind in ("single", "double")
    )
    for name, value in other.items():
        np.testing.assert_allclose(one[name], value, rtol=0, atol=1e-5, err_msg=name)
    assert moved(one, other)


def test_a_chunk_leaves_the_state_that_it_was_given_and_learns_nothing_if_not_asked():
    network, _, _ = build(DEEP, **PLASTIC)
    state, (x, labels, _) = network.start(2), stimuli(DEEP)
    before = {name: value.copy() for name, value in state.items()}
    for more in ({"learns": True}, {"learns": False}):
        out = network.program(IMAGES).run(Inputs(x, labels, state, 1, **more))
        assert not moved(state, before)
    assert not moved(out.state, before)


# --- how it starts --------------------------------------------------------------------------------


def test_a_network_starts_self_predicting_or_at_random():
    for g in ({}, WEAK, UNLIKE):
        network, _, how = build(DEEP, **g)
        state = network.start(5)
        expected = reference.self_predicting(how, state)
        for name, value in state.items():
            np.testing.assert_allclose(value, expected[name], rtol=1e-12, err_msg=name)
    network, _, how = build(
        DEEP, start="random", w_lateral=0.5, w_up=(0.1, 0.2, 0.3), w_down=(2.0,)
    )
    state = network.start(5)
    widths = {"W_0": 0.1, "W_1": 0.2, "W_2": 0.3, "TD_0": 2, "TD_1": 2, "IP_0": 0.5, "PI_1": 0.5}
    for name, width in widths.items():
        assert 0.75 * width < np.abs(state[name]).max() <= width, name
    asked = logit((2 * 0.1 + 0.8) / 3)  # of an output cell, on average
    for m, mean, u in ((0, 0.13, 0), (1, 0.5, 0), (2, 0.5, asked)):
        cells, a = reference.names(state)[m], reference.attenuations(how, 2)[m]
        drive = mean * state[f"W_{m}"].sum(axis=0) + state[f"b_{cells}"]
        np.testing.assert_allclose(a * drive, u, atol=EXACT)
    other, same = network.start(6), network.start(5)
    assert not moved(same, state) and len(moved(other, state)) >= 10


# --- what is recorded and measured ----------------------------------------------------------------


def test_dendrites_are_recorded_with_a_target_and_without():
    network, _, how = build(DEEP, **PLASTIC)
    x, labels, goals = stimuli(DEEP)
    state = reference.random(DEEP, 3)
    program = network.program(IMAGES, record=Recording(RECORDED))
    out = program.run(Inputs(x, labels, state, 1, learns=False))
    taught, free = (sweeps.settled(how, state, x, target) for target in (goals, None))
    for m, cells in enumerate(("hidden_0", "hidden_1", "output")):
        np.testing.assert_allclose(out.records["voltages", cells, "v_B"], taught["v_B"][m])
        if cells != "output":
            np.testing.assert_allclose(out.records["voltages", cells, "v_A"], taught["v_A"][m])
            np.testing.assert_allclose(out.records["voltages", cells, "v_A_free"], free["v_A"][m])
            assert np.abs(taught["v_A"][m] - free["v_A"][m]).max() > 1e-3


def test_residuals_and_angles_are_measured_as_the_reference_has_them():
    network, _, how = build(DEEP, **PLASTIC, batch=IMAGES)
    x, labels, goals = stimuli(DEEP)
    state = reference.random(DEEP, 3)
    out = network.program(IMAGES).run(Inputs(x, labels, state, 1))
    free = sweeps.settled(how, state, x, None)
    mine, exact = sweeps.updates(how, state, x, goals), sweeps.backprop(how, state, x, goals)
    for m in range(3):
        expected = {f"update_{m}": angle(mine[f"W_{m}"].ravel(), exact[f"W_{m}"].ravel())}
        if m < 2:
            sizes = [np.linalg.norm(free[name][m], axis=1) for name in ("v_A", "v_TD")]
            expected[f"residual_{m}"] = np.mean(sizes[0] / sizes[1])
            ways = state[f"TD_{m}"].ravel(), state[f"W_{m + 1}"].T.ravel()
            expected[f"feedback_{m}"] = angle(*ways)
        for name, value in expected.items():
            np.testing.assert_allclose(out.measures[name], value, rtol=1e-9, err_msg=name)


def test_sweeps_end_where_the_circuit_in_time_settles():
    x, _, goals = stimuli(DEEP, 2)
    state = reference.random(DEEP, 3, 0.7, 0.7, 0.7)
    for sweeps_, most in ((1, 0.2), (30, 1e-9)):
        _, options, how = build(DEEP, sweeps=sweeps_)
        found = theory_sweeps.settle(options, state, x, goals)
        for k in range(2):
            own = reference.Circuit(state, how._replace(tau_0=how.dt, lasts=40.0))
            (end,) = own.run(x[k : k + 1], goals[k : k + 1], learns=False)
            apart = [np.abs(found.v_A[m][k] - end[f"hidden_{m}", "v_A"]).max() for m in range(2)]
            assert max(apart) < most, (sweeps_, apart)
    assert np.abs(found.v_A[0]).max() > 0.1
