"""Networks that learn to fire, beside the NumPy reference: in Python, and compiled."""

import numpy as np
import pytest

from experiments.superspike import stimuli
from models.engine import device
from models.theory import Inputs
from tests.superspike import examples, reference
from tests.superspike.examples import SUPERSPIKE

SHOWN = 4
DEEP = (6, 5, 4, 2)
DEEP_OPTIONS = {"delay": 1.0, "w_0": 300.0, "r_0": 5.0, "decay": 20.0}
PIXELS, PIXEL_SIZES = 8, (8, 5, 3)
PIXEL_OPTIONS = {"error": "response", "window": 20.0, "lasts": 40.0, "batch": 2, "w_0": 200.0}
PIXEL_OPTIONS |= {"feedback": "random", "rho": 0.005, "optimiser": "rmsprop", "r_0": 2.0}
FREE = {"delay": 3.0, "r_0": 80.0, "w_0": 500.0}
SECONDS = 60  # of learning to fire five times
OPENS = np.array([0.0, 5.0, 0.0, 12.0, 3.0])


@pytest.fixture(autouse=True)
def quick_runtime():
    device.interpret()


def trains(sizes, count=SHOWN):
    """What is shown, and what is asked for."""
    each, most = (3, 2), examples.ROOM
    ends = zip((sizes[0], sizes[-1]), each, most, (1, 2), strict=True)
    return [examples.trains(count, cells, n, room, seed=seed) for cells, n, room, seed in ends]


@pytest.fixture(scope="module")
def deep():
    """Two hidden layers, compiled: the network and its program."""
    network = examples.network(DEEP, **DEEP_OPTIONS)
    return network, network.program(SHOWN, record=examples.recording())


@pytest.fixture(scope="module")
def pixels():
    """Pixels that are told by the time of a spike, a mini-batch of two, compiled."""
    options = SUPERSPIKE.options(layers=PIXEL_SIZES[1:], **PIXEL_OPTIONS)
    network = SUPERSPIKE.network(options, PIXELS, PIXEL_SIZES[-1])
    return network, network.program(len(OPENS), record=examples.recording())


def shown_pixels(state, count, **more):
    rng = np.random.default_rng(7)
    images = rng.integers(0, 11, (len(OPENS), PIXELS))[:count] / 10  # and so, spikes on the grid
    labels = np.array([2, 0, 1, 1, 0])[:count]
    return Inputs(images, labels, state, 1, more={"opens": OPENS[:count]}, **more)


def replay_pixels(given, **options):
    chosen = PIXEL_OPTIONS | options
    known = {n: v for n, v in chosen.items() if n in reference.How._fields}
    own = reference.Reference(given.state, PIXEL_SIZES, reference.How(**known))
    spikes = reference.latency(given.images)
    asked = zip(given.labels, given.more["opens"], strict=True)
    return own, own.run([reference.Example(*both) for both in zip(spikes, asked, strict=True)])


# --- beside NumPy ---------------------------------------------------------------------------------


def test_two_hidden_layers_do_what_the_reference_does_in_each_step(deep):
    network, program = deep
    (shown, asked), state = trains(DEEP), network.start(3)
    out = program.run(examples.inputs(shown, asked, DEEP, state))
    own, read = examples.replayed(state, shown, asked, DEEP, **DEEP_OPTIONS)
    examples.compare_records(out.records, own)
    examples.compare_state(out.state, own)
    examples.compare_answers(out, read)
    for m in range(3):
        assert np.abs(out.state[f"W_{m}"] - state[f"W_{m}"]).max() > 1, f"W_{m} stood still"
    assert out.measures["rate_hidden_0"].min() > 0 and read["spikes"].max() > 1


def test_pixels_and_responses_are_learned_as_the_reference_does(pixels):
    network, program = pixels
    given = shown_pixels(network.start(2), len(OPENS))
    out, (own, read) = program.run(given), replay_pixels(given)
    examples.compare_records(out.records, own)
    examples.compare_state(out.state, own)
    examples.compare_answers(out, read)
    assert np.abs(own.layers[-1].a).max() > 0, "no response is wrong, and none is missing"
    assert 0 < out.measures["right"].mean() < 1 or read["spikes"].any()
    free, _ = replay_pixels(given, rho=0.0)
    assert np.abs(free.layers[0].w - own.layers[0].w).max() > 0.01, "the regulariser does nothing"


@pytest.mark.parametrize(
    "sizes, options",
    [
        ((6, 5, 4, 2), {"feedback": "random", "optimiser": "constant"} | FREE),
        ((6, 4, 4, 2), {"feedback": "uniform", "rho": 0.01, "batch": 3, "beta": 0.3}),
        ((6, 2), {"surrogate": "none", "clear": True, "dt": 0.5, "optimiser": "rmsprop"}),
    ],
    ids=["random, constant", "uniform, regularised", "none in the place of the derivative"],
)
def test_in_python_networks_do_what_the_reference_does(sizes, options):
    options = {"dt": 1.0, "w_0": 300.0} | options
    network = examples.network(sizes, **options)
    (shown, asked), state = trains(sizes), network.start(1)
    program = network.program(SHOWN, record=examples.recording(), device="runtime")
    out = program.run(examples.inputs(shown, asked, sizes, state))
    own, read = examples.replayed(state, shown, asked, sizes, **options)
    if len(sizes) > 2:
        examples.compare_records(out.records, own)
    examples.compare_state(out.state, own)
    examples.compare_answers(out, read)
    moved = [np.abs(out.state[f"W_{m}"] - state[f"W_{m}"]).max() for m in range(len(sizes) - 1)]
    assert min(moved) > 1e-3, moved


def test_examples_that_only_fill_a_batch_teach_nothing(pixels):
    network, program = pixels
    given = shown_pixels(network.start(2), 3)
    out, (own, _) = program.run(given), replay_pixels(given)
    examples.compare_state(out.state, own)
    assert np.abs(out.state["W_0"] - given.state["W_0"]).max() > 0.1


def test_where_nothing_is_to_be_learned_all_weights_and_their_history_stay(pixels):
    network, program = pixels
    state = program.run(shown_pixels(network.start(2), 4)).state
    after = program.run(shown_pixels(state, 4, learns=False)).state
    assert state["v_0"].max() > 0
    for name, value in state.items():
        np.testing.assert_array_equal(after[name], value, err_msg=name)


# --- the rule -------------------------------------------------------------------------------------


def test_hidden_cells_get_the_errors_of_the_step_before_through_the_weights_above(deep):
    network, program = deep
    (shown, asked), state = trains(DEEP), network.start(3)
    records = program.run(examples.inputs(shown, asked, DEEP, state, learns=False)).records
    output, upper, lower = (records["errors", n, "err"] for n in ("output", "hidden_1", "hidden_0"))
    assert np.abs(output).max() > 0.1
    W_1, W_2 = (state[name] / 1000 for name in ("W_1", "W_2"))  # volts
    np.testing.assert_allclose(upper[1:], output[:-1] @ W_2.T, rtol=0, atol=examples.EXACT)
    np.testing.assert_allclose(lower, upper @ W_1.T, rtol=0, atol=examples.EXACT)


def test_the_error_is_zero_where_each_spike_is_a_target_of_its_step(deep):
    network, program = deep
    (shown, _), state = trains(DEEP), network.start(3)
    nothing = [stimuli.Spikes(np.zeros(0), np.zeros(0, int))] * SHOWN
    given = examples.inputs(shown, nothing, DEEP, state, learns=False)
    a = program.run(given).records["errors", "output", "a"]
    before = np.concatenate([np.zeros((1, DEEP[-1])), a[:-1]])
    fired = np.argwhere(a < before * np.exp(-0.1) - 0.5)
    assert len(fired) > 4 and np.abs(a).max() > 1
    steps = 80
    met = [
        stimuli.Spikes((own[:, 0] % steps) / 2, own[:, 1])
        for own in (fired[fired[:, 0] // steps == k] for k in range(SHOWN))
    ]
    out = program.run(examples.inputs(shown, met, DEEP, state, learns=False))
    assert not out.records["errors", "output", "err"].any() and not out.measures["loss"].any()


def test_the_first_step_of_rmaxprop_is_r_0_and_none_is_larger(deep):
    network, program = deep
    (shown, asked), state = trains(DEEP), network.start(3)
    for k in range(SHOWN):
        given = examples.inputs(shown[k : k + 1], asked[k : k + 1], DEEP, state)
        after = program.run(given).state
        for m in range(3):
            change = np.abs(after[f"W_{m}"] - state[f"W_{m}"])
            assert change.max() <= 5.0 + examples.EXACT
            first = (state[f"v_{m}"] == 0) & (after[f"v_{m}"] > 1e-16)  # beyond what 1e-12 adds
            first &= np.abs(after[f"W_{m}"]) < 100
            np.testing.assert_allclose(change[first], 5.0, rtol=1e-3)
            assert first.any() or k, "there was no gradient"
        state = after


def test_weights_stay_within_a_tenth_of_a_volt(deep):
    network, program = deep
    (shown, asked), state = trains(DEEP), network.start(3)
    assert network.settings(1)["r_0_0"] == 100.0
    after = program.run(examples.inputs(shown, asked, DEEP, state, epoch=1)).state
    sizes = np.concatenate([np.abs(after[f"W_{m}"]).ravel() for m in range(3)])
    assert sizes.max() <= 100 + examples.EXACT and (sizes > 100 - examples.EXACT).sum() > 10


# --- in time --------------------------------------------------------------------------------------


def test_what_is_learned_of_two_chunks_is_that_of_one_to_the_bit(single):
    network, program, given = single
    state = network.start(1)
    whole = program.run(given(state, 8)).state
    half = program.run(given(program.run(given(state, 4)).state, 4)).state
    for name, value in whole.items():
        assert half[name].tobytes() == value.tobytes(), name
    for name in (
        "W_1",
        "v_1",
        "el_0",
        "lam_1",
        "zt_input",
        "U_output",
        "sig_hidden_0",
        "err_output",
    ):
        assert (whole[name] != state[name]).any(), f"{name} stood still"


def test_a_cell_learns_to_fire_five_times_in_half_a_second(single):
    network, program, given = single
    state, losses = network.start(1), []
    for _ in range(SECONDS // 10):
        out = program.run(given(state, 20))
        state = out.state
        losses.append(out.measures["loss"].mean())
    assert losses[-1] < 0.5 * losses[0], losses
    assert 6 < out.measures["rate_output"][-10:].mean() < 14


@pytest.fixture(scope="module")
def single():
    """A cell with hidden ones, in single precision: network, program, and what it is shown."""
    sizes, lasts = (100, 4, 1), 500.0
    rng = np.random.default_rng(0)
    noise = stimuli.poisson(100, 5.0, lasts - 2, rng)
    targets = stimuli.Spikes(np.array([83.0, 166.0, 249.0, 332.0, 415.0]), np.zeros(5, int))
    room = int(stimuli.columns([noise], 100)), 5
    options = SUPERSPIKE.options(layers=sizes[1:], lasts=lasts, clear=False, target=(), delay=1.0)
    network = SUPERSPIKE.network(options, stimuli.trains(room[0], 100), 1, room[1])
    rows = [stimuli.packed([noise], 100, room[0]), stimuli.packed([targets], 1, room[1])]

    def given(state, loops):
        shown, asked = (np.tile(row, (loops, 1)) for row in rows)
        return Inputs(shown, np.zeros(loops, int), state, 1, more={"target": asked})

    return network, network.program(20, precision="single"), given
