"""A theory as a table: populations, projections, and the order of what happens in a step.

A step of the network is a list of sweeps. In a sweep, moments follow each other; along "up" or
"down" each population does all of them before the next does, as a signal that climbs from the input
or an error that comes down from the output. At a moment, in this order: a population's own
statements; those of synapses onto it; the event that is checked then, and what it does to its own
cell; all that this event, or an earlier one, sends through synapses at this moment.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from models.engine.cell import NONE, Cell

# Moments of each step: equations are stepped; what is constant over a step follows; cells fire.
MOVE, RATE, SPIKE = "move", "rate", "spike"


class Event(NamedTuple):
    """Something that may happen to a cell, checked at the moment of the same name.

    Attributes
    ----------
    condition : str
        "True": to each cell.
    own : str
        Statements: what it does to the cell itself.
    among : str
        Another event, without which the condition cannot hold: where time counts, only the cells
        that had it last are asked.
    """

    condition: str
    own: str = ""
    among: str = ""


class Population(NamedTuple):
    """Cells of one kind."""

    size: int
    cell: Cell
    events: Mapping = NONE  # moment -> Event


class Pathway(NamedTuple):
    """What an event does through synapses.

    Attributes
    ----------
    code : str
        Statements on ``w``, ``..._pre`` and ``..._post``.
    event : str
        Which event sets it off.
    by : str
        "pre" or "post": at which end of the synapse.
    at : str
        The moment at which it is delivered; empty: that of the event.
    """

    code: str
    event: str
    by: str = "pre"
    at: str = ""

    @property
    def moment(self):
        """When it is delivered."""
        return self.at or self.event


class Projection(NamedTuple):
    """All-to-all synapses.

    Attributes
    ----------
    source, target : str
        Populations.
    equations : str
        Variables of a synapse.
    pathways : mapping of name -> Pathway
    statements : mapping of moment -> str
        What all synapses do at a moment.
    symbols : mapping of name -> value
        Further symbols of their own.
    """

    source: str
    target: str
    equations: str
    pathways: Mapping
    statements: Mapping = NONE
    symbols: Mapping = NONE


class Sweep(NamedTuple):
    """Moments that follow each other within a step.

    Attributes
    ----------
    moments : tuple of str
    along : str
        "up", "down", or empty: all populations do one before any does the next.
    slot : str
        Brian2's slot of a step, in which moments that the schedule does not know take place.
    """

    moments: tuple
    along: str = ""
    slot: str = "groups"


class Circuit(NamedTuple):
    """A network ready to be built.

    Attributes
    ----------
    populations : mapping of name -> Population
        The input first, the output last.
    projections : mapping of name -> Projection
    order : tuple of Sweep
    state : mapping of name -> (population or projection, variable)
        What is carried from one chunk to the next.
    outcome : tuple of str
        Variables of the output that are read at the end of each image.
    outcome_at : str
        A moment of the step in which they are read, at its end: the last step of each image.
    settings : mapping of name -> (population, variable)
        What is given with each chunk, such as learning rates.
    symbols : mapping of name -> value
        Further symbols of every population. ``images``, ``labels`` and ``plastic`` (1, or 0 where
        nothing is to be learned), which every population has too, are read at ``example*dt``.
    targets : int
        0: labels are classes; else they are so many numbers an image, ``labels(example*dt, i)``.
    """

    populations: Mapping
    projections: Mapping
    order: tuple
    state: Mapping
    outcome: tuple
    outcome_at: str
    settings: Mapping = NONE
    symbols: Mapping = NONE
    targets: int = 0

    def places(self, schedule):
        """(sweep's slot, order) of each (moment, population): five places from ``order`` on."""
        found, count = {}, 0
        names = list(self.populations)
        for sweep in self.order:
            slots = {m: _slot(m, sweep, schedule) for m in sweep.moments}
            for moment, name in _visits(sweep, names):
                found[moment, name] = slots[moment], count
                count += PLACES
            if not sweep.along:  # all populations at once: they share their places
                for moment in sweep.moments:
                    shared = found[moment, names[0]]
                    found |= {(moment, name): shared for name in names}
        return MappingProxyType(found)


def problems(circuit):
    """What cannot be right in a circuit's names, each in a sentence.

    Parameters
    ----------
    circuit : Circuit
    """
    moments = {moment for sweep in circuit.order for moment in sweep.moments}
    owners = {*circuit.populations, *circuit.projections}
    for name, (_, cell, events) in circuit.populations.items():
        for moment in (*cell.moments, *events):
            if moment not in moments:
                yield f"{name}: no sweep of the order has the moment {moment!r}"
        for event in events.values():
            if event.among and event.among not in events:
                yield f"{name}: there is no event {event.among!r}"
    for name, projection in circuit.projections.items():
        yield from (f"{name}: {why}" for why in _of_projection(circuit, projection, moments))
    for name, (owner, _) in (*circuit.state.items(), *circuit.settings.items()):
        if owner not in owners:
            yield f"{name}: there is no population or projection {owner!r}"
    *_, (output, last) = circuit.populations.items()
    for variable in circuit.outcome:
        if variable not in last.cell.equations:
            yield f"outcome: {output} has no variable {variable!r}"
    if circuit.outcome_at not in moments:
        yield f"outcome_at: no sweep of the order has the moment {circuit.outcome_at!r}"


def _of_projection(circuit, projection, moments):
    ends = {"pre": projection.source, "post": projection.target}
    strange = [end for end in ends.values() if end not in circuit.populations]
    if strange:
        yield f"there is no population {strange[0]!r}"
        return
    for path in projection.pathways.values():
        own = circuit.populations[ends[path.by]]
        if path.event not in own.events and not (path.event == SPIKE and own.cell.threshold):
            yield f"{ends[path.by]} has no event {path.event!r}"
    for moment in (*projection.statements, *(p.moment for p in projection.pathways.values())):
        if moment not in moments:
            yield f"no sweep of the order has the moment {moment!r}"


PLACES = 5
OWN, SYNAPSES, CHECK, RESET, SEND = range(PLACES)  # what happens at a moment, in order


def _slot(moment, sweep, schedule):
    known = schedule.moments.get(moment)
    return known.slot if known else sweep.slot


def _visits(sweep, names):
    if sweep.along:
        ordered = names if sweep.along == "up" else names[::-1]
        return [(moment, name) for name in ordered for moment in sweep.moments]
    return [(moment, name) for moment in sweep.moments for name in names]
