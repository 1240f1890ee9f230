"""Equations of synapses that are stepped only where an event has had their source."""

import numpy as np
import pytest
from brian2 import ms

from models.engine.cell import Cell
from models.engine.circuit import Circuit, Event, Population, Projection, Sweep
from models.engine.network import Network
from models.engine.schedule import Moment
from models.theory import Inputs

PIXELS, CELLS, STEPS = 5, 3, 6
PIXEL = Cell.of(
    {"trace": "dx/dt = -x/tau : 1\nleast : 1 (shared)  # -1: all are live"},
    {"onset": "x += images(example*dt, i)"},
    constants={"tau": 5 * ms},
)
CELL = Cell.of({"cell": "y : 1"}, {"onset": "y = labels(example*dt) + i"})
SYNAPSE = "w : 1\ndg/dt = (x_pre*y_post - g)/tau_g : 1 (clock-driven)"
IMAGES = np.array([[0, 0.5, 0, 0.9, 0], [0.3, 0, 0, 0.2, 0]])  # the third is dark throughout


def network(among):
    """Pixels and what they could teach: where none was lit, there is nothing to step."""
    circuit = Circuit(
        {
            "pixels": Population(PIXELS, PIXEL, {"live": Event("x > least")}),
            "cells": Population(CELLS, CELL),
        },
        {
            "W": Projection(
                "pixels",
                "cells",
                SYNAPSE,
                {},
                {"learn": "w += g"},
                {"tau_g": 7 * ms},
                among=among,
            )
        },
        (Sweep(("onset",)), Sweep(("live",)), Sweep(("move",)), Sweep(("learn",))),
        {"W": ("W", "w"), "g": ("W", "g"), "x": ("pixels", "x"), "least": ("pixels", "least")},
        outcome=("y",),
        outcome_at="learn",
    )
    return Network(
        circuit,
        lambda seed: {n: np.zeros(circuit.shape(*where)) for n, where in circuit.state.items()},
        lambda outcome, inputs: (outcome["y"], {"loss": np.zeros(len(inputs.labels))}),
        phases={"look": STEPS},
        moments={
            "onset": Moment("look", "first", "start", "an image appears"),
            "learn": Moment("look", "last", "end", "the image is gone"),
        },
    )


@pytest.fixture(scope="module")
def program():
    """Compiled. The same program steps all where all are live: the compiler rounds alike."""
    return network("live").program(2)


def inputs(**more):
    state = network("live").start(1) | more
    return Inputs(IMAGES, np.array([1, 0]), state, 1)


def test_weights_are_those_of_a_network_that_steps_all_to_the_bit(program):
    live, whole = (program.run(inputs(least=np.array(least))).state for least in (0.0, -1.0))
    for name in ("W", "g", "x"):
        assert live[name].tobytes() == whole[name].tobytes(), name
    lit = IMAGES.any(axis=0)
    assert (np.abs(whole["W"][lit, 1:]) > 0.01).all() and not whole["W"][~lit].any()


def test_synapses_of_cells_that_are_not_live_are_not_stepped(program):
    held = {"g": np.ones((PIXELS, CELLS))}
    live, whole = (
        program.run(inputs(least=np.array(least), **held)).state["g"] for least in (0.0, -1.0)
    )
    dark = ~IMAGES.any(axis=0)
    assert (live[dark] == 1).all(), "they were stepped"
    np.testing.assert_allclose(whole[dark], np.exp(-2 * STEPS / 7), rtol=1e-12)
    late = IMAGES[0] == 0
    assert (live[late & ~dark] != whole[late & ~dark]).all(), "only in the second image"
    first = IMAGES[0] > 0
    np.testing.assert_array_equal(live[first], whole[first])


def test_an_event_that_the_source_does_not_have_is_refused():
    with pytest.raises(ValueError, match="W: pixels has no event 'alive'") as caught:
        network("alive").program(2)
    assert "\n" not in str(caught.value)
