"""A kind of cell becomes a Brian2 group, with its moments and events in the order of the circuit.

The network, the bench and the resting state build their cells here.
"""

import brian2
import numpy as np
from brian2 import NeuronGroup
from brian2.core.base import BrianObjectException
from brian2.core.clocks import BaseClock

from models import units
from models.engine import circuit as order
from models.engine.circuit import MOVE, RATE, SPIKE, Event
from models.engine.device import interpreted
from models.engine.integration import integrate
from models.engine.schedule import ONSET

CLOCKWORK = "example : integer (shared)  # image, from 0"
COUNTED = "example += 1"


class EventClock(brian2.EventClock):
    """Brian2's, for times that are in order: it compares quantities, a third of the time of wiring.

    Templates know it by this name.
    """

    def __init__(self, times, name):
        BaseClock.__init__(self, name=name)
        self._times = np.append(np.asarray(times), np.inf)  # s
        about = {"dimensions": brian2.second.dim, "dtype": np.float64, "read_only": True}
        self.variables.add_array("times", size=len(self._times), values=self._times, **about)
        self.variables["t"].set_value(self._times[0])


class Builder:
    """Makes groups in a common schedule and order.

    Parameters
    ----------
    schedule : Schedule
    places : mapping
        As from ``Circuit.places``.
    symbols : mapping
        Of every group, beside those of its cell.
    """

    def __init__(self, schedule, places, symbols):
        self.schedule, self.places, self.symbols = schedule, places, symbols
        self._clocks = {}

    def clock(self, moment):
        """One event clock for all moments of the same steps; None for a moment of each step."""
        steps = self.schedule.steps(moment)
        if steps is None or len(steps) == self.schedule.steps_in_all:
            return None
        key = steps.tobytes()
        if key not in self._clocks:
            self._clocks[key] = EventClock(self.schedule.times(moment), name=f"at_{moment}")
        return self._clocks[key]

    def happens(self, moment):
        """Whether a moment comes at all."""
        steps = self.schedule.steps(moment)
        return steps is None or len(steps) > 0

    def place(self, obj, moment, name, part):
        """Put an object at a moment of a population: ``part`` is one of the circuit's five."""
        obj.when, first = self.places[moment, name]
        obj.order = first + part
        clock = self.clock(moment)
        if clock is not None:  # Brian2 offers no other way to check an event only now and then
            obj._clock = clock

    def group(self, name, population):
        """The ``NeuronGroup`` of a population, at rest."""
        size, cell, events = population
        events = dict(events)
        if cell.threshold and SPIKE not in events:
            events[SPIKE] = Event(cell.threshold, cell.reset)
        events = {event: told for event, told in events.items() if self.happens(event)}
        among = {event: told.among for event, told in events.items() if told.among}
        spike = events.pop(SPIKE, None)
        group = NeuronGroup(
            size,
            "\n".join((CLOCKWORK, *cell.parts.values())),
            threshold=spike and spike.condition,
            reset=(spike and spike.own) or None,
            events={event: told.condition for event, told in events.items()},
            method=integrate(cell.integrator),
            namespace=cell.namespace | dict(self.symbols),
            dtype=dict.fromkeys(cell.double, np.float64),
            name=name,
        )
        group.add_attribute("among")  # which our device knows how to use
        group.among = among
        group.example = -1
        for variable, value in cell.rest.items():
            setattr(group, variable, value)
        self._order(group, events)
        self._moments(group, cell)
        return group

    def _order(self, group, events):
        for moment, updater in (
            (MOVE, group.state_updater),
            (RATE, group.subexpression_updater),
        ):
            if (moment, group.name) in self.places and updater is not None:
                self.place(updater, moment, group.name, order.OWN)
        for event, told in events.items():
            if told.own:
                group.run_on_event(event, told.own)
        for event, check in group.thresholder.items():
            self.place(check, event, group.name, order.CHECK)
        for event, own in group.resetter.items():
            self.place(own, event, group.name, order.RESET)

    def _moments(self, group, cell):
        for moment in dict.fromkeys(moment for moment, name in self.places if name == group.name):
            counted = COUNTED if moment == ONSET else ""
            code = "\n".join(filter(str.strip, (counted, cell.moments.get(moment, ""))))
            if not code or not self.happens(moment):
                continue
            when, first = self.places[moment, group.name]
            about = {"when": when, "order": first, "name": f"{group.name}_{moment}"}
            if self.clock(moment) is None:
                group.run_regularly(code, **about)
            else:
                group.run_on_clock(code, self.clock(moment), **about)


def resting(cell, names):
    """Variables of a cell that nothing reaches, as far as its own text determines them.

    Parameters
    ----------
    cell : Cell
    names : sequence of str

    Returns
    -------
    dict
        Name -> value, in the unit of ``models.units``. One that depends on what only a network
        gives is not there.
    """
    parts, found = "\n".join((CLOCKWORK, *cell.parts.values())), {}
    with interpreted(seed=1):
        group = NeuronGroup(1, parts, namespace=cell.namespace, name="resting*")
        for variable, value in cell.rest.items():
            setattr(group, variable, value)
        for name in names:
            if name in group.variables:
                try:
                    found[name], _ = units.number(getattr(group, name)[0])
                except (BrianObjectException, KeyError):  # it names something of the network
                    continue
    return found
