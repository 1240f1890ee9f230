"""The order of what happens within a step: up, down, or everywhere at once."""

import numpy as np
import pytest
from brian2 import ms, mV

from models import theory
from models.engine.cell import Cell
from models.engine.circuit import PLACES, Circuit, Pathway, Population, Sweep
from models.engine.schedule import Moment, Schedule
from tests.engine import dynamic

NAMES = ("below", "middle", "above")
KNOWN = {"late": Moment("all", "last", "end", "")}
SCHEDULE = Schedule.of({"all": np.array([3])}, KNOWN, 1 * ms)


def places(*order):
    cell = Cell.of({"x": "x : 1"})
    populations = {name: Population(1, cell) for name in NAMES}
    return Circuit(populations, {}, order, {}, (), "").places(SCHEDULE)


def sequence(found):
    """(moment, population) in their order; those of the same place together, in a set."""
    ordered = {}
    for place, (_, first) in found.items():
        ordered.setdefault(first, set()).add(place)
    firsts = sorted(ordered)
    assert all(b - a >= PLACES for a, b in zip(firsts, firsts[1:], strict=False))
    return [ordered[first] for first in firsts]


@pytest.mark.parametrize("along, names", [("up", NAMES), ("down", NAMES[::-1])])
def test_along_the_layers_each_does_all_moments_before_the_next(along, names):
    found = sequence(places(Sweep(("one", "two"), along)))
    assert found == [{(moment, name)} for name in names for moment in ("one", "two")]


def test_everywhere_at_once_all_do_one_moment_before_any_does_the_next():
    found = sequence(places(Sweep(("one", "two"))))
    assert found == [{(moment, name) for name in NAMES} for moment in ("one", "two")]


def test_sweeps_follow_each_other():
    found = sequence(places(Sweep(("on",)), Sweep(("climb",), "up"), Sweep(("fall",), "down")))
    climbs, falls = (
        [{(m, n)} for n in names] for m, names in (("climb", NAMES), ("fall", NAMES[::-1]))
    )
    assert found == [{("on", name) for name in NAMES}, *climbs, *falls]


def test_a_moment_that_the_schedule_knows_is_in_its_own_slot_of_the_step():
    found = places(Sweep(("early", "late")), Sweep(("last",), "up", slot="end"))
    assert {slot for (moment, _), (slot, _) in found.items() if moment == "early"} == {"groups"}
    assert {slot for (moment, _), (slot, _) in found.items() if moment == "late"} == {"end"}
    assert {slot for (moment, _), (slot, _) in found.items() if moment == "last"} == {"end"}


def test_places_cannot_be_changed():
    with pytest.raises(TypeError):
        places(Sweep(("one",)))["one", "below"] = ("end", 0)


# --- names that cannot be right ------------------------------------------------------------------

BACKPROP = theory.find("backprop")


def network(**changes):
    """A network of the contract, with other fields of its circuit."""
    net = BACKPROP.network(BACKPROP.options(layers=(8, 10)), 5, 10)
    return net._replace(circuit=net.circuit._replace(**changes))


def without(net, population, event):
    """The populations of a network, one of them without an event."""
    populations = dict(net.circuit.populations)
    events = {k: v for k, v in populations[population].events.items() if k != event}
    return populations | {population: populations[population]._replace(events=events)}


def renamed(net, moment, name):
    """The populations of a network, in which the output does something at another moment."""
    populations = dict(net.circuit.populations)
    cell = populations["output"].cell
    moments = {name if k == moment else k: code for k, code in cell.moments.items()}
    return populations | {
        "output": populations["output"]._replace(cell=cell._replace(moments=moments))
    }


WRONG = {
    "owner": ({"state": {"W_0": ("C", "w")}}, "'C'"),
    "outcome": ({"outcome": ("hh",)}, "'hh'"),
    "outcome_at": ({"outcome_at": "ever"}, "'ever'"),
    "event": ({"populations": without(network(), "hidden_0", "drive")}, "no event 'drive'"),
    "moment": ({"populations": renamed(network(), "learn", "lern")}, "'lern'"),
    "order": ({"order": network().circuit.order[1:]}, "'onset'"),
}


@pytest.mark.parametrize("changes, word", WRONG.values(), ids=WRONG)
def test_a_name_that_nothing_has_is_refused_before_anything_is_built(changes, word):
    with pytest.raises(ValueError) as caught:
        network(**changes).program(1, device="runtime")
    assert word in str(caught.value) and "\n" not in str(caught.value)


def test_moments_of_learning_and_shapes_of_a_start_are_those_of_the_circuit():
    net = network()
    net.check()
    with pytest.raises(ValueError, match="learns: .*'lern'"):
        net._replace(learns=("lern",)).check()
    turned = {name: value.T for name, value in net.start(1).items()}
    with pytest.raises(ValueError, match=r"start: W_0 has the shape \(8, 5\), not \(5, 8\)"):
        net._replace(start=lambda seed: turned).check()


# --- of what moves in time -----------------------------------------------------------------------

TABLE = dynamic.circuit(3 * ms)


def projection(name, **changes):
    """The projections of the dynamic network, one of them changed."""
    changed = TABLE.projections[name]._replace(**changes)
    return {"projections": dict(TABLE.projections) | {name: changed}}


def pairs(sources, targets):
    return projection("S", pairs=(np.array(sources), np.array(targets)))


def delayed(delay, event="spike", at="", name="D"):
    return projection(name, pathways={"up": Pathway("z_post += w", event, at=at, delay=delay)})


def equations(text):
    return projection("W", equations=f"w : 1\n{text}")


def order_without(moment):
    kept = (tuple(m for m in sweep.moments if m != moment) for sweep in TABLE.order)
    return {"order": tuple(s._replace(moments=m) for s, m in zip(TABLE.order, kept, strict=True))}


G = "dg/dt = -g/tau_g : 1"
MOVING = {
    "state": ({"state": {"v": ("cells", "vv")}}, "cells has no variable 'vv'"),
    "setting": ({"settings": {"k": ("W", "k")}}, "W has no variable 'k'"),
    "many": ({"settings": {"k": ("cells", "m")}}, "k: 'm' of cells is not \\(shared\\)"),
    "follows": ({"state": {"f": ("W", "f")}} | equations(f"{G}\nf = 2*g : 1"), "'f' of W follows"),
    "event-driven": (equations(f"{G} (event-driven)"), "W: \\(event-driven\\) loses"),
    "summed": (equations(f"{G}\nm_post = g*w : 1 (summed)"), "W: \\(summed\\) has no place"),
    "unreadable": (equations("dg/dt"), "the equations cannot be simulated"),
    "move": (order_without("move"), "pixels: no sweep of the order has the moment 'move'"),
    "rate": (equations(f"{G}\nf = 2*g : 1 (constant over dt)"), "W: .* the moment 'rate'"),
    "lengths": (pairs([0, 1], [1]), "S: pairs are two arrays of whole numbers"),
    "numbers": (pairs([0.0], [1.0]), "S: pairs are two arrays of whole numbers"),
    "nobody": (pairs([], []), "S: pairs are two arrays of whole numbers"),
    "no cell": (pairs([0, 1], [0, 2]), "S: pairs: sinks has no cell 2"),
    "twice": (pairs([0, 2, 0], [1, 1, 1]), "S: pairs: cell 0 has two synapses onto cell 1"),
    "unit": (delayed(3 * mV), "D: up: a delay is a time, 0 ms or more, not 3"),
    "negative": (delayed(-1 * ms), "D: up: a delay is a time, 0 ms or more, not -1"),
    "off the grid": (delayed(1.5 * ms), "D: up: .* whole number of steps of 1 ms, not 1.5 ms"),
    "its clock": (delayed(1 * ms, "show", "spike", "P"), "P: up: only an event of each step"),
    "at a clock": (delayed(1 * ms, at="learn"), "D: up: only an event of each step"),
    "input": ({"inputs": {"goal": 2, "gain": 0, "labels": 3}}, "inputs: 'labels' is no name"),
    "taken": ({"inputs": {"goal": 2, "gain": 0, "v": 3}}, "inputs: 'v' is no name, or already"),
    "a constant": ({"inputs": {"goal": 2, "gain": 0, "gap": 0}}, "inputs: 'gap' is no name, or"),
    "no name": ({"inputs": {"goal": 2, "gain": 0, "a-b": 3}}, "inputs: 'a-b' is no name"),
    "columns": ({"inputs": {"goal": 2.0, "gain": 0}}, "inputs: goal: so many numbers an image"),
    "reads": ({"outcomes": {"x": ("cell", "v")}}, "outcomes: x: there is no population 'cell'"),
    "reads what": ({"outcomes": {"x": ("cells", "w")}}, "outcomes: x: cells has no variable 'w'"),
    "reads one": ({"outcomes": {"x": ("cells", "rate")}}, "'rate' of cells is one for all cells"),
    "reads twice": ({"outcomes": {"miss": ("cells", "v")}}, "'miss' is a variable of the output"),
    "not once": ({"outcome_at": "close"}, "'close' comes 20 times in 2 images, not in each"),
}


@pytest.mark.parametrize("changes, words", MOVING.values(), ids=MOVING)
def test_what_cannot_move_in_time_is_refused_in_one_sentence(changes, words):
    with pytest.raises(ValueError, match=words) as caught:
        dynamic.network(**changes).program(2, device="runtime")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"y": None}, "start: it gives no 'y'"),
        ({"particles": None}, "start: it gives no 'particles'"),
        ({"yy": np.zeros(2)}, "start: neither the circuit's state nor what is kept has a 'yy'"),
        ({"S": np.zeros((3, 2))}, r"start: S has the shape \(3, 2\), not \(4,\)"),
        ({"rate": np.zeros(3)}, r"start: rate has the shape \(3,\), not \(\)"),
    ],
)
def test_a_start_has_all_that_is_carried_and_nothing_else(changes, words):
    state = {k: v for k, v in (dynamic.start(1) | changes).items() if v is not None}
    with pytest.raises(ValueError, match=words):
        dynamic.network()._replace(start=lambda seed: state).check()
