"""What the paper says of one cell and of the rule, and what is refused."""

import numpy as np
import pytest

from experiments.superspike import stimuli
from models.engine import device
from models.theory import NEVER, Inputs
from tests.superspike import examples
from tests.superspike.examples import SUPERSPIKE

CHAIN = (1, 1, 1)  # an input, a hidden cell, an output
DT, LASTS, CAME = 0.1, 25.0, 2.0  # ms; when the input's spike comes


@pytest.fixture(autouse=True)
def quick_runtime():
    device.interpret()


@pytest.fixture(scope="module")
def chain():
    """One spike goes through a chain of cells, in steps of .1 ms: what is recorded of them."""
    device.interpret()
    network = examples.network(CHAIN, dt=DT, lasts=LASTS, delay=0.8)
    program = network.program(1, record=examples.recording(), device="runtime")
    spike = [stimuli.Spikes(np.array([CAME]), np.zeros(1, int))]
    none = [stimuli.Spikes(np.zeros(0), np.zeros(0, int))]
    state = network.start(1) | {"W_0": np.array([[100.0]]), "W_1": np.array([[12.0]])}
    state |= {"U_output": np.array([-50.0]), "wait_output": np.array([5.0])}
    given = examples.inputs(spike, none, CHAIN, state, learns=False)
    records = program.run(given).records
    return {(cell, name): v[:, 0] for (_, cell, name), v in records.items() if v.ndim == 2}


def steps(ms):
    return round(ms / DT)


def first(values):
    """The first step in which anything is."""
    return int(np.flatnonzero(values)[0])


def when_fired(U):
    """The first step in which a potential falls back to rest."""
    return 1 + first((U[1:] == -60) & (U[:-1] > -59))


# --- one cell -------------------------------------------------------------------------------------


def test_spikes_arrive_after_exactly_the_delay(chain):
    arrived = first(chain["hidden_0", "I"])
    assert arrived == steps(CAME + 0.8) and chain["hidden_0", "I"][arrived] == 100
    fired = when_fired(chain["hidden_0", "U"])
    assert chain["hidden_0", "U"][fired] == -60 and arrived < fired < arrived + steps(2)
    assert first(chain["output", "I"]) == fired + steps(0.8)
    assert first(chain["hidden_0", "z"]) == fired + steps(0.8), "its trace is told as late"
    assert first(chain["input", "z"]) == arrived


def test_after_a_spike_the_potential_is_held_for_exactly_five_ms(chain):
    U, current = chain["hidden_0", "U"], chain["hidden_0", "I"]
    fired = when_fired(chain["hidden_0", "U"])
    held = U[fired + 1 :] == -60
    assert held[: steps(5)].all() and not held[steps(5)]
    assert (current[fired:] > 0).all(), "its current goes on"


def test_a_potential_peaks_at_a_quarter_of_the_weight_after_7_ms(chain):
    came = first(chain["output", "I"])
    U = chain["output", "U"][came:]
    before = chain["output", "U"][came - 1] + 60  # what is left of where it began
    U = U + 60 - before * 0.99 ** np.arange(1, len(U) + 1)
    assert U.max() == pytest.approx(0.25 * 12, rel=0.02)
    assert np.argmax(U) * DT == pytest.approx(10 * np.log(2), abs=0.15)


def test_the_surrogate_is_1_at_threshold_and_1_in_121_at_rest(chain):
    assert (chain["output", "U"][:4] == -50).all() and (chain["output", "sig"][:4] == 1).all()
    rest = chain["hidden_0", "U"] == -60
    rest[when_fired(chain["hidden_0", "U"])] = False  # it was at threshold in this step
    np.testing.assert_allclose(chain["hidden_0", "sig"][rest], 1 / 121, rtol=1e-12)
    assert rest.sum() > steps(5)


def test_the_error_that_silence_is_measured_by_is_that_of_a_cell_that_never_fires():
    network = examples.network((2, 2), lasts=80.0, dt=1.0)
    program = network.program(2, device="runtime")
    nothing = [stimuli.Spikes(np.zeros(0), np.zeros(0, int))] * 2
    asked = [stimuli.Spikes(np.array([10.0, 25.0, 70.0]), np.array([0, 1, 0]))] * 2
    given = examples.inputs(nothing, asked, (2, 2), network.start(1), learns=False)
    loss = program.run(given).measures["loss"]
    silent = stimuli.silent_error(asked[:1], 2, 80.0, 1.0).sum()
    assert silent > 1e-3 and loss[1] == pytest.approx(silent, rel=1e-9)


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options, words",
    [
        ({"layers": ()}, "--layers: give at least the output layer"),
        ({"layers": (4, 3)}, "--layers: the last layer has a cell for each of the 2 classes"),
        ({"target": (80.0,)}, "--target: the last step of an example (--lasts 80.0) is at 79.5 ms"),
        ({"target": (40.0, 79.9)}, "79.9 ms is later"),
        ({"target": (-1.0,)}, "--target: 0 or more, not -1.0"),
        ({"target": (float("nan"),)}, "--target: nan is not a number"),
        ({"error": "response", "window": 80.0}, "--window: it has to close before the example"),
        ({"r_0": 1000.0}, "--r-0: in mV, 100 or less, the bound of a weight"),
        ({"r_0": -1.0}, "--r-0: 0 or more"),
        ({"w_0": 50_000.0}, "--w-0: 2000.0 or less"),
        ({"lasts": 80.3}, "--lasts: a whole number of steps of 0.5 ms, not 80.3"),
        ({"delay": 0.8}, "--delay: a whole number of steps of 0.5 ms, not 0.8"),
        ({"delay": 5.0}, "--delay: less than the refractory period of 5 ms, not 5.0"),
        ({"delay": -0.5}, "--delay: 0 or more"),
        ({"dt": 0.4}, "--dt: the refractory period of 5 ms is a whole number of steps"),
        ({"dt": 0.0}, "--dt: 0.01 or more"),
        ({"batch": 0}, "--batch: 1 or more"),
        ({"feedback": "weights"}, "--feedback: symmetric or random"),
        ({"optimiser": "adam"}, "--optimiser: rmaxprop or rmsprop or constant"),
        ({"surrogate": "relu"}, "--surrogate: sigmoid or none"),
        ({"error": "rate"}, "--error: times or response"),
        ({"rho": -0.1}, "--rho: 0 or more"),
        ({"dark": 2.0}, "--dark: 1 or less"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(options, words):
    with pytest.raises(ValueError) as caught:
        SUPERSPIKE.network(SUPERSPIKE.options(**{"layers": (4, 2)} | options), 3, 2)
    assert words in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "error, row, more, words",
    [
        (
            "times",
            (-1, 5),
            {},
            "a spike at -1 ms: an example begins at 0 and ends after --lasts 40",
        ),
        ("times", (5, 40), {}, "a spike at 40 ms"),
        ("times", (5, np.nan), {}, "a spike at nan ms"),
        ("times", (5, 6), {"target": [[8, 41, NEVER, NEVER]]}, "a target at 41 ms"),
        ("times", (5, 6), {"target": [[-8, 4, NEVER, NEVER]]}, "a target at -8 ms"),
        ("response", (5, 6), {"opens": [30]}, "a response window at 30 ms, 20 ms long"),
        ("response", (5, 6), {"opens": [-3]}, "a response window at -3 ms, 20 ms long"),
    ],
)
def test_times_in_no_example_are_refused_in_one_sentence(error, row, more, words):
    how = {"layers": (2,), "lasts": 40.0, "window": 20.0, "error": error, "target": (20.0,)}
    network = SUPERSPIKE.network(SUPERSPIKE.options(**how), stimuli.trains(1, 2), 2)
    given = {name: np.array(values, dtype=float) for name, values in more.items()}
    images = np.array([[*row, NEVER, NEVER]])
    inputs = Inputs(images, np.zeros(1, int), network.start(1), 1, more=given)
    with pytest.raises(ValueError) as caught:
        network.given(inputs)
    assert str(caught.value).startswith(words) and "\n" not in str(caught.value)
