"""The order of what happens within a step: up, down, or everywhere at once."""

import numpy as np
import pytest
from brian2 import ms

from models import theory
from models.engine.cell import Cell
from models.engine.circuit import PLACES, Circuit, Population, Sweep
from models.engine.schedule import Moment, Schedule

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
