"""What moves in time: state of every kind, further inputs, events, delays, sparse synapses."""

import numpy as np
import pytest
from brian2 import ms

from models import describe, theory
from models.engine import device
from models.engine.recording import Recording
from models.theory import Inputs
from tests.engine import dynamic

RNG = np.random.default_rng(3)
IMAGES = RNG.uniform(0, 1, (4, 4))
GOALS = RNG.uniform(0, 1, (4, 2))
PLACES = np.array([5, 0, 8, 3])
# Steps of an image, time step (ms), steps of the delay.
COARSE, FINE = (10, 1.0, 3), (30, 0.1, 3)


@pytest.fixture(autouse=True)
def quick_runtime():
    device.interpret()


def program(images, grid, where, record=None):
    steps, dt, delay = grid
    net = dynamic.network(steps, dt * ms, delay * dt * ms)
    return net.program(images, record=record or Recording(), device=where)


@pytest.fixture(scope="module", params=["runtime", "standalone"])
def where(request):
    return request.param


@pytest.fixture(scope="module")
def built(where):
    """Images and grid -> a program, built once."""
    device.interpret()
    record = Recording({"z": ("z",)})
    kinds = {(4, COARSE): None, (4, FINE): record, (2, FINE): None}
    return {(n, grid): program(n, grid, where, record) for (n, grid), record in kinds.items()}


def inputs(chosen=slice(None), state=None):
    state = dynamic.start(1) if state is None else state
    labels, more = np.zeros(4, dtype=int)[chosen], {"goal": GOALS[chosen]}
    return Inputs(IMAGES[chosen], labels, state, 1, places=PLACES[chosen], more=more)


@pytest.mark.parametrize("grid", [COARSE, FINE], ids=["1 ms", "0.1 ms"])
def test_all_of_it_is_what_numpy_says_by_hand(built, grid):
    state, answers, told = dynamic.by_hand(inputs(), *grid)
    assert min(told.values()) > 1 and told["event"] + told["burst"] < told["spike"]
    out = built[4, grid].run(inputs())
    np.testing.assert_allclose(out.answers, answers, rtol=1e-9)
    assert out.state.keys() == state.keys()
    for name, value in state.items():
        np.testing.assert_allclose(out.state[name], value, rtol=1e-9, err_msg=name)
        assert np.shape(out.state[name]) == np.shape(dynamic.start(1)[name])


def test_two_chunks_are_one_to_the_bit_but_for_what_was_on_its_way(built):
    whole = built[4, FINE].run(inputs()).state
    first = built[2, FINE].run(inputs(slice(0, 2))).state
    second = built[2, FINE].run(inputs(slice(2, 4), first)).state
    for name in whole:
        same = second[name].tobytes() == whole[name].tobytes()
        assert same == (name != "z"), name
    steps, dt, delay = FINE
    lost, _, _ = dynamic.by_hand(inputs(), *FINE, lost=(2 * steps,))
    np.testing.assert_allclose(second["z"], lost["z"], rtol=1e-9)


def test_times_are_recorded_in_milliseconds_on_the_grid(built):
    records = built[4, FINE].run(inputs()).records
    np.testing.assert_allclose(records["z", "sinks", "t"], 0.1 * np.arange(120), atol=1e-9)
    assert records["z", "sinks", "z"].shape == (120, 2)


def test_where_nothing_is_to_be_learned_cells_move_and_weights_stay(built):
    out = built[2, FINE].run(inputs(slice(0, 2))._replace(learns=False))
    np.testing.assert_array_equal(out.state["W"], dynamic.start(1)["W"])
    assert (out.state["v"] != dynamic.start(1)["v"]).all()


@pytest.mark.parametrize(
    "change, words",
    [
        ({"more": {}}, "missing input 'goal'"),
        ({"more": {"goal": GOALS, "gaol": GOALS}}, "this network has no input 'gaol'"),
        ({"more": {"goal": GOALS.T}}, r"input 'goal' has the shape \(2, 4\), not \(4, 2\)"),
        ({"more": {"goal": GOALS[:3]}}, r"input 'goal' has the shape \(3, 2\), not \(4, 2\)"),
        ({"places": PLACES[:3]}, r"input 'gain' has the shape \(3,\), not \(4,\)"),
    ],
)
def test_further_inputs_that_do_not_fit_are_refused(built, change, words):
    with pytest.raises(ValueError, match=words):
        built[4, COARSE].run(inputs()._replace(**change))


def test_all_that_is_carried_or_kept_has_a_unit_and_a_meaning():
    variables = dynamic.network().variables
    assert {name for name, about in variables.items() if about.when == "state"} == {
        *dynamic.start(1)
    }
    assert variables["g"].meaning == "eligibility (pixels to cells)"
    assert variables["particles"].meaning == "what the cells held at the end"


def test_equations_of_synapses_and_further_inputs_are_described_in_every_format():
    net, found = dynamic.network(), theory.find("backprop")
    assert r"\frac{\mathrm{d}g}{\mathrm{d}t} &=" in describe.latex_of(net)
    for text in (describe.text(net, found), describe.markdown(net, found)):
        assert "goal         2 of each image" in text and "dg/dt = (x_pre" in text
