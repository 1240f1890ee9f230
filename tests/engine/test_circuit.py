"""The order of what happens within a step: up, down, or everywhere at once."""

import numpy as np
import pytest
from brian2 import ms

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
