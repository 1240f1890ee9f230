"""The wiring table: the order of a step, and what is built for which options."""

import pytest

from models.segregated import timing
from models.segregated.circuit import circuit
from models.segregated.model import Feedback, Model

SLOTS = ("start", "groups", "end")
DEEP = Model((4, 3, 2, 10))
NAMES = ("input", "hidden_0", "hidden_1", "output")


def table(model=DEEP, learning=True):
    make = timing.training if learning else timing.testing
    schedule = make(model.phases, 1)
    return circuit(model, schedule, learning), schedule


def test_a_step_goes_from_the_input_up_and_learning_from_the_output_down():
    made, schedule = table()
    places = made.places(schedule)
    expected = [("onset", "input"), ("teach", "output"), ("rates", "output")]
    expected += [(m, name) for name in NAMES for m in ("forget", "move", "rate", "spike")]
    expected += [("forward_window", "input"), ("forward_apical", "hidden_0")]
    expected += [("forward_plateau", "hidden_0"), ("target_window", "output")]
    expected += [(m, name) for name in NAMES[::-1] for m in ("target_plateau", "hand_down")]
    expected += [("learn", "input"), ("forget_feedback", "output"), ("shift", "input")]
    found = [(SLOTS.index(places[one][0]), places[one][1]) for one in expected]
    assert found == sorted(found) and len(set(found)) == len(found)


@pytest.mark.parametrize(
    "options, names",
    [
        ({}, {"W_0", "W_1", "W_2", "Y_0", "Y_1"}),
        ({"feedback": Feedback(kind="symmetric", path="layerwise")}, {"W_0", "W_1", "W_2"}),
        (
            {"feedback": Feedback(kind="symmetric", path="layerwise", noise=0.1)},
            {"W_0", "W_1", "W_2", "noise_0", "noise_1"},
        ),
    ],
)
def test_there_is_a_projection_for_each_pair_that_is_joined(options, names):
    made, _ = table(DEEP._replace(**options))
    assert set(made.projections) == names
    ends = {(p.source, p.target) for k, p in made.projections.items() if k.startswith("W")}
    assert ends == set(zip(NAMES, NAMES[1:], strict=False))


@pytest.mark.parametrize("path, source", [("broadcast", "output"), ("layerwise", "hidden_1")])
def test_feedback_to_the_first_hidden_layer_comes_from_where_its_path_says(path, source):
    made, _ = table(DEEP._replace(feedback=Feedback(path=path)))
    assert made.projections["Y_0"].source == source and made.projections["Y_1"].source == "output"


def test_a_test_has_neither_feedback_nor_learning_where_the_soma_is_segregated():
    made, _ = table(learning=False)
    assert set(made.projections) == {"W_0", "W_1", "W_2"} and not made.settings
    assert all(set(p.pathways) == {"spike"} for p in made.projections.values())
    assert {name for name, _ in made.state.values()} == {"W_0", "W_1", "W_2", *NAMES[1:]}


def test_all_that_is_learned_is_state_and_every_rate_is_given():
    model = DEEP._replace(feedback=Feedback(learned=True), eta_feedback=(0.1,))
    made, _ = table(model)
    assert set(made.state) == set(model.start(1))
    assert set(made.settings) == set(model.rates())
