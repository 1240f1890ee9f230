"""Circuits in time beside the NumPy reference: each step in Python, and learning, compiled."""

import numpy as np
import pytest

from models.engine import device
from models.theory import Inputs
from tests.microcircuit import examples, reference
from tests.microcircuit.examples import BIG, EXACT, MICROCIRCUIT, PLASTIC

SHOWN, TAUGHT = 3, (True, False, True)
SMALL, DEEP = (5, 4, 3), (6, 5, 4, 2)
SHORT = {"lasts": 2.0}
LEARNED = {"W_0", "W_1", "IP_0", "PI_0", "TD_0", "b_hidden_0", "b_inter_0", "b_output"}
LOW_RANK = {"low_rank": True, "lasts": 3.0, "lag": 0.5}


@pytest.fixture(autouse=True)
def quick_runtime():
    device.interpret()


@pytest.fixture(scope="module")
def compiled():
    """30-20-10 in which all learns: network, program, and what the reference takes."""
    network, program = examples.big()
    return network, program, examples.how(BIG, **examples.SLOW)


def run(sizes, given, taught=TAUGHT, record=True, where="runtime", **more):
    """A circuit and its reference after the same patterns: state before, outputs, reference."""
    network, how = examples.network(sizes, **given), examples.how(sizes, **given)
    state = examples.begin(network, sizes, how)
    x, goals, _ = examples.patterns(sizes, SHOWN)
    record = {"record": examples.recording()} if record else {}
    program = network.program(SHOWN, device=where, **record)
    out = program.run(examples.inputs(x, goals, state, taught, **more))
    own = examples.replayed(state, how, x, goals, taught=taught, learns=more.get("learns", True))
    return state, out, own


# --- beside NumPy ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sizes, options",
    [
        (SMALL, SHORT | PLASTIC),
        (SMALL, SHORT | PLASTIC | {"phi": "softplus", "lag": 0.7}),
        (SMALL, SHORT | PLASTIC | {"phi": "rectifier", "nudging": "conductances"}),
        (SMALL, SHORT | PLASTIC | {"thresholds": False, "g_lk": 0.03, "g_B": 0.2, "g_D": 0.3}),
        (DEEP, SHORT | PLASTIC | {"g_A": 0.3, "g_som": 0.5, "eta_up": (0.05, 0.03, 0.02)}),
        (DEEP, {"dt": 0.2, "lasts": 3.0, "eta_IP": (0.03, 0), "eta_PI": (0, 0.02)}),
        (DEEP, LOW_RANK | PLASTIC),
        (SMALL, LOW_RANK | {"eta_up": (0.0,), "thresholds": False}),
    ],
    ids=[
        "logistic",
        "softplus, lag",
        "rectifier, conductances",
        "no thresholds",
        "deep",
        "some learn",
        "low rank",
        "low rank, fixed",
    ],
)
def test_each_step_of_three_patterns_is_that_of_the_reference(sizes, options):
    state, out, own = run(sizes, options)
    seen = examples.compare_records(out.records, own)
    examples.compare_state(out.state, own)
    assert {"u", "r", "v_B", "v_A", "v_TD", "v_PI", "v_D"} <= seen
    assert all(out.state[name].any() for name in out.state)
    learned = {name for name in examples.moved(out.state, state) if f"D_{name}" in state}
    assert learned == {name[2:] for name in state if name.startswith("D_")} - (
        set() if options.get("eta_up") != (0.0,) else {"W_0"}
    )


def test_a_thousand_steps_and_more_of_30_20_10_are_those_of_the_reference(compiled):
    network, program, how = compiled
    state = examples.begin(network, BIG, how)
    x, goals, _ = examples.patterns(BIG, SHOWN)
    out = program.run(examples.inputs(x, goals, state, TAUGHT))
    own = examples.replayed(state, how, x, goals, taught=TAUGHT)
    assert len(own.rows) == 3000
    examples.compare_state(out.state, own)
    assert {name for name in examples.moved(out.state, state) if name in LEARNED} == LEARNED
    for name in ("W_0", "IP_0", "PI_0", "TD_0"):
        assert np.abs(out.state[name] - state[name]).max() > 0.01, f"{name} stood still"


def test_the_low_rank_form_learns_what_the_plain_one_does():
    x, goals, _ = examples.patterns(SMALL, SHOWN)
    found = []
    for low_rank in (False, True):
        given = {"lasts": 1.0, "low_rank": low_rank} | PLASTIC
        network = examples.network(SMALL, **given)
        state = examples.begin(network, SMALL, examples.how(SMALL, **given))
        program = network.program(SHOWN, device="runtime")
        found.append(program.run(examples.inputs(x, goals, state)).state)
    plain, low = found
    assert plain.keys() == low.keys() and (plain["W_0"] != state["W_0"]).all()
    for name, value in plain.items():
        np.testing.assert_allclose(low[name], value, rtol=0, atol=EXACT, err_msg=name)


# --- what is given, and what is read --------------------------------------------------------------


def test_targets_of_labels_are_the_potentials_of_two_rates():
    network = examples.network(SMALL, **SHORT | PLASTIC)
    how = examples.how(SMALL, **SHORT | PLASTIC)
    state = examples.begin(network, SMALL, how)
    x, goals, labels = examples.patterns(SMALL, SHOWN, classes=True)
    program = network.program(SHOWN, device="runtime")
    out = program.run(Inputs(x, labels, state, 1))
    own = examples.replayed(state, how, x, goals)
    examples.compare_state(out.state, own)
    rates = reference.rate(how, goals)
    np.testing.assert_allclose(np.sort(rates)[:, [0, -1]], [[0.1, 0.8]] * SHOWN, atol=EXACT)
    loss = np.sum((rates - out.answers) ** 2, axis=1) / 2
    np.testing.assert_allclose(out.measures["loss"], loss, rtol=0, atol=EXACT)


def test_answers_are_rates_without_the_target_and_measures_those_of_the_last_step():
    network, how = examples.network(DEEP, **SHORT), examples.how(DEEP, **SHORT)
    state = examples.begin(network, DEEP, how)
    x, goals, _ = examples.patterns(DEEP, SHOWN)
    program = network.program(SHOWN, device="runtime")
    out = program.run(examples.inputs(x, goals, state, TAUGHT))
    own = reference.Circuit(state, how)
    ends = own.run(x, goals, TAUGHT)
    a = reference.attenuations(how, 2)[-1]
    answers = [reference.rate(how, a * end["output", "v_B"]) for end in ends]
    np.testing.assert_allclose(out.answers, answers, rtol=0, atol=EXACT)
    for m, above in ((0, "hidden_1"), (1, "output")):
        for end, row in zip(ends, range(SHOWN), strict=True):
            said = [out.measures[f"{n}_{m}"][row] for n in ("apical", "top_down", "mismatch")]
            v_A, v_TD = (end[f"hidden_{m}", v] for v in ("v_A", "v_TD"))
            missed = end[f"inter_{m}", "u"] - end[above, "u"]
            expected = [np.sum(v**2) for v in (v_A, v_TD)]
            np.testing.assert_allclose(said[:2], expected, rtol=0, atol=EXACT)
            assert said[2] == pytest.approx(np.sum(missed**2), rel=0.1)


def test_a_circuit_that_is_only_tested_has_no_target_and_learns_nothing():
    given = SHORT | PLASTIC
    network, how = examples.network(SMALL, **given), examples.how(SMALL, **given)
    state = examples.begin(network, SMALL, how)
    x, _, labels = examples.patterns(SMALL, SHOWN)
    program = network.program(SHOWN, learning=False, device="runtime")
    out = program.run(Inputs(x, labels, state, 1, learns=False))
    own = examples.replayed(state, how, x, goals=None, learns=False)
    a = reference.attenuations(how, 1)[-1]
    answer = reference.rate(how, a * own.seen()["output", "v_B"])
    np.testing.assert_allclose(out.answers[-1], answer, rtol=0, atol=EXACT)
    for name in LEARNED:
        assert out.state[name].tobytes() == state[name].tobytes(), name


def test_where_nothing_is_to_be_learned_weights_and_inductions_stay_and_potentials_go_on(compiled):
    network, program, how = compiled
    state = examples.begin(network, BIG, how)
    x, goals, _ = examples.patterns(BIG, SHOWN)
    out = program.run(examples.inputs(x, goals, state, learns=False))
    stays = {name for name in state if name in LEARNED or name.startswith("D_")}
    assert examples.moved(out.state, state) == set(state) - stays
    examples.compare_state(out.state, examples.replayed(state, how, x, goals, learns=False))


def test_what_goes_on_from_chunk_to_chunk_is_that_of_one_to_the_bit(compiled):
    network, program, how = compiled
    state = examples.begin(network, BIG, how)
    x, goals, _ = examples.patterns(BIG, SHOWN)
    whole = program.run(examples.inputs(x, goals, state, TAUGHT)).state
    for part in (slice(0, 1), slice(1, 3)):
        state = program.run(examples.inputs(x[part], goals[part], state, TAUGHT[part])).state
    assert not examples.moved(whole, state)


def test_potentials_that_learning_begins_with_are_those_of_their_weights():
    network = examples.network(DEEP, **SHORT | PLASTIC)
    state = network.start(7)
    follows = reference.Circuit(state, examples.how(DEEP)).seen()
    for name, value in state.items():
        variable = name[: -len(name.split("_", name.startswith("v_") + 1)[-1]) - 1]
        cells = name[len(variable) + 1 :]
        if (cells, variable) in follows:
            np.testing.assert_allclose(value, follows[cells, variable], rtol=0, atol=EXACT)
    assert not any(state[n].any() for n in state if n[:2] in ("u_", "D_")) and state["W_0"].all()


def test_learning_rates_fall_by_the_same_factor_after_each_epoch():
    network = examples.network(SMALL, **SHORT | PLASTIC | {"decay": 0.5})
    how = examples.how(SMALL, **SHORT | {n: (v[0] / 4,) for n, v in PLASTIC.items()})
    state = examples.begin(network, SMALL, how)
    x, goals, _ = examples.patterns(SMALL, SHOWN)
    program = network.program(SHOWN, device="runtime")
    out = program.run(examples.inputs(x, goals, state, epoch=2))
    examples.compare_state(out.state, examples.replayed(state, how, x, goals))


# --- noise ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("noise, per_step", [("euler-maruyama", np.sqrt(0.1)), ("naive", 0.1)])
def test_potentials_spread_as_a_leaky_integral_of_white_noise(noise, per_step):
    sizes = (1, 60, 60)
    silent = {"w_up": (0.0,), "w_down": (0.0,), "w_lateral": 0.0, "start": "random"}
    given = silent | {"sigma": 0.3, "noise": noise, "lasts": 30.0, "thresholds": False}
    network = examples.network(sizes, **given)
    program = network.program(1, record=examples.recording(), device="runtime")
    told = examples.inputs(np.ones((1, 1)), np.zeros((1, 60)), network.start(1), [False])
    records = program.run(told).records
    for cells, g in (("hidden_0", 1.9), ("output", 1.1)):
        u = records["voltages", cells, "u"][100:]
        expected = 0.3 * per_step / np.sqrt(1 - (1 - 0.1 * g) ** 2)
        assert u.std() == pytest.approx(expected, rel=0.05) and abs(u.mean()) < expected / 10
        assert np.abs(np.corrcoef(u[::5].T) - np.eye(60)).mean() < 0.3, "each has its own"


def test_noise_is_that_of_its_seed_and_a_circuit_that_is_tested_has_none():
    given = {"sigma": 0.3, "lasts": 1.0}
    network = examples.network(SMALL, **given)
    state = network.start(1)
    x, goals, _ = examples.patterns(SMALL, SHOWN)
    told, found = examples.inputs(x, goals, state), {}
    for learning, seeds in ((True, (1, 1, 2)), (False, (1, 2))):
        program = network.program(SHOWN, learning=learning, device="runtime")
        runs = [program.run(told._replace(seed=seed)).answers for seed in seeds]
        found[learning] = [np.array_equal(runs[0], other) for other in runs[1:]]
    assert found == {True: [True, False], False: [True]}


# --- what is said, and what is refused ------------------------------------------------------------


def test_every_equation_of_a_circuit_in_time_is_said():
    said = examples.network(DEEP, **PLASTIC | {"sigma": 0.1}).text()
    for text in (
        "du/dt = -g_lk*u + g_B*(v_B - u) + I_A + sigma*xi",
        "I_A = g_A*(v_A - u)",
        "dD/dt = learns_post*(e_W_post*s_pre - D)/tau_w",
        "target_post += u_pre",
        "v_PI_post += w*r_pre",
        "dtarget/dt = (goal - target)/tau_0",
    ):
        assert text in said, text


@pytest.mark.parametrize(
    "options, words",
    [
        ({"layers": (3,)}, "--layers: give at least one hidden layer"),
        ({"layers": (4, 5)}, "--layers: the last layer has a cell for each of the 3 classes"),
        ({"dynamics": "steady"}, "--dynamics: sweeps or continuous"),
        ({"phi": "tanh"}, "--phi: logistic or softplus or rectifier"),
        ({"g_B": 0.0}, "--g-B: 0.001 or more"),
        ({"g_lk": float("inf")}, "--g-lk: inf is not a number"),
        ({"targets": (0.1, 1.0)}, "--targets"),
        ({"targets": (0.1,)}, "--targets: two rates"),
        ({"phi": "softplus", "targets": (0.0, 1.0)}, "--targets"),
        ({"eta_up": (0.1, 0.1, 0.1)}, "--eta-up: one value, or one for each of 2 layers"),
        ({"eta_IP": (0.1, 0.1)}, "--eta-IP: one value, or one for each of 1 layers"),
        ({"mean": (0.1,)}, "--mean: two"),
        ({"lasts": 10.05, "dynamics": "continuous"}, "--lasts: a whole number of steps"),
        ({"lag": 0.55, "dynamics": "continuous"}, "--lag: a whole number of steps"),
        ({"lag": 100.0, "dynamics": "continuous"}, "--lag: less than an image lasts"),
        ({"dt": 1.0, "dynamics": "continuous", "g_A": 1.5}, "--dt 1.0: too long"),
        ({"low_rank": True}, "--low-rank needs --dynamics continuous"),
        ({"batch": 0}, "--batch: 1 or more"),
        ({"sweeps": 0}, "--sweeps: 1 or more"),
        ({"sigma": -1.0}, "--sigma: 0 or more"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(options, words):
    with pytest.raises(ValueError) as caught:
        MICROCIRCUIT.network(MICROCIRCUIT.options(**{"layers": (4, 3)} | options), 5, 3)
    assert words in str(caught.value) and "\n" not in str(caught.value)
