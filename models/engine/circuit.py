"""A theory as a table: populations, projections, and the order of what happens in a step.

A step of the network is a list of sweeps. In a sweep, moments follow each other; along "up" or
"down" each population does all of them before the next does, as a signal that climbs from the input
or an error that comes down from the output. At a moment, in this order: a population's own
statements; those of synapses onto it; the event that is checked then, and what it does to its own
cell; all that this event, or an earlier one, sends through synapses at this moment. A cell may have
any number of events, each at the moment of its name. Equations are stepped at "move": those of a
population first; then, from its new values, those of synapses onto it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from brian2 import Equations, Quantity, have_same_dimensions, ms
from brian2.equations.equations import DIFFERENTIAL_EQUATION, PARAMETER

from models.engine.cell import NONE, Cell
from models.engine.device import one_sentence

# Moments of each step: equations are stepped; what is constant over a step follows; cells fire.
MOVE, RATE, SPIKE = "move", "rate", "spike"
GIVEN = ("images", "labels", "plastic")  # what changes from image to image, in every circuit
RESERVED = (*GIVEN, "example", "t", "dt", "i", "j", "N")


class Event(NamedTuple):
    """Something that may happen to a cell, checked at the moment of the same name.

    Attributes
    ----------
    condition : str
        "True": to each cell.
    own : str
        Statements: what it does to the cell itself.
    """

    condition: str
    own: str = ""


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
        The moment at which it is delivered; empty: that of the event. It delivers the events that
        were last checked in this chunk, each time that the moment comes.
    delay : Quantity
        From there to the synapse: a whole number of steps. What is on its way when a chunk ends is
        lost. The event, and ``at``, have to be in each step; and synapses with a delay are slower.
    """

    code: str
    event: str
    by: str = "pre"
    at: str = ""
    delay: Quantity = 0 * ms

    @property
    def moment(self):
        """When it is delivered."""
        return self.at or self.event


class Projection(NamedTuple):
    """Synapses: all-to-all, or those of some pairs of cells.

    Attributes
    ----------
    source, target : str
        Populations.
    equations : str
        Variables of a synapse; those with an equation, ``de/dt = ... (clock-driven)``, are stepped
        at "move" of the target.
    pathways : mapping of name -> Pathway
    statements : mapping of moment -> str
        What all synapses do at a moment.
    symbols : mapping of name -> value
        Further symbols of their own.
    pairs : (ndarray of int, ndarray of int), optional
        Source and target of each synapse, no two alike; None: each cell to each. A theory draws
        them itself, from a seed of its own.
    integrator : str
        As of a ``Cell``.
    """

    source: str
    target: str
    equations: str
    pathways: Mapping
    statements: Mapping = NONE
    symbols: Mapping = NONE
    pairs: tuple | None = None
    integrator: str = "exact"

    @property
    def parsed(self):
        """``equations`` as an object; ModelError for what cannot be read."""
        with one_sentence():
            return Equations(self.equations)


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
        What is carried from one chunk to the next: whatever is not at rest, or 0, when a chunk
        begins. ``example`` and time itself begin at 0 with each chunk.
    outcome : tuple of str
        Variables of the output that are read once an image.
    outcome_at : str
        A moment that comes once an image, such as its last step: they are read at that step's end.
    settings : mapping of name -> (population, variable)
        What is given with each chunk, such as learning rates.
    symbols : mapping of name -> value
        Further symbols of every population. ``images``, ``labels`` and ``plastic`` (1, or 0 where
        nothing is to be learned), which every population has too, are read at ``example*dt``.
    targets : int
        0: labels are classes; else they are so many numbers an image, ``labels(example*dt, i)``.
    inputs : mapping of name -> int
        What else changes from image to image: so many numbers of each, ``name(example*dt, i)``; 0:
        one, ``name(example*dt)``. Cells and synapses (these say ``example_post``) may name it.
    outcomes : mapping of name -> (population, variable)
        What is read as ``outcome`` is, of any population.
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
    inputs: Mapping = NONE
    outcomes: Mapping = NONE

    @property
    def readings(self):
        """Name -> (population, variable) of all that is read once an image."""
        *_, output = self.populations
        return {name: (output, name) for name in self.outcome} | dict(self.outcomes)

    def shape(self, owner, variable):
        """Shape of a variable of a population or projection.

        (cells,), (cells of the source, of the target), (pairs,), or () for a ``(shared)`` one.
        """
        if "shared" in self.equations(owner)[variable].flags:
            return ()
        if owner in self.populations:
            return (self.populations[owner].size,)
        projection = self.projections[owner]
        if projection.pairs is not None:
            return (len(projection.pairs[0]),)
        return tuple(self.populations[end].size for end in projection[:2])

    def equations(self, owner):
        """``Equations`` of a population or projection."""
        population = self.populations.get(owner)
        return population.cell.equations if population else self.projections[owner].parsed

    def more(self, given, images):
        """Further inputs of so many images, as arrays; ValueError for one that is not as declared.

        What is missing is left out: a program whose text does not name it needs none.
        """
        strange = sorted(set(given) - set(self.inputs))
        if strange:
            raise ValueError(f"this network has no input {strange[0]!r}")
        found = {name: np.asarray(value) for name, value in given.items()}
        for name, value in found.items():
            columns = self.inputs[name]
            shape = (images, columns) if columns else (images,)
            if value.shape != shape:
                raise ValueError(f"input {name!r} has the shape {value.shape}, not {shape}")
        return found

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


# --- what cannot be right -------------------------------------------------------------------------


def problems(circuit):
    """What cannot be right in a circuit, each in a sentence.

    Parameters
    ----------
    circuit : Circuit
    """
    moments = {moment for sweep in circuit.order for moment in sweep.moments}
    for name, (_, cell, events) in circuit.populations.items():
        named = (*cell.moments, *events, *_stepped(cell.equations))
        yield from _without_moment(name, named, moments)
    for name, projection in circuit.projections.items():
        yield from (f"{name}: {why}" for why in _of_projection(circuit, projection))
        named = *projection.statements, *(p.moment for p in projection.pathways.values())
        yield from _without_moment(name, (*named, *_stepped(projection.parsed)), moments)
    for name, where in (*circuit.state.items(), *circuit.settings.items()):
        yield from (f"{name}: {why}" for why in _of_variable(circuit, *where))
    yield from _of_readings(circuit)
    yield from _without_moment("outcome_at", (circuit.outcome_at,), moments)
    yield from _of_inputs(circuit)


def _without_moment(name, named, moments):
    for moment in named:
        if moment not in moments:
            yield f"{name}: no sweep of the order has the moment {moment!r}"


def _stepped(equations):
    """Moments that equations need."""
    if equations.diff_eq_names - _event_driven(equations):
        yield MOVE
    if any("constant over dt" in equation.flags for equation in equations.values()):
        yield RATE


def _event_driven(equations):
    return {name for name, equation in equations.items() if "event-driven" in equation.flags}


def _of_projection(circuit, projection):
    ends = {"pre": projection.source, "post": projection.target}
    strange = [end for end in ends.values() if end not in circuit.populations]
    if strange:
        yield f"there is no population {strange[0]!r}"
        return
    for name, path in projection.pathways.items():
        own = circuit.populations[ends[path.by]]
        if path.event not in own.events and not (path.event == SPIKE and own.cell.threshold):
            yield f"{ends[path.by]} has no event {path.event!r}"
        if not have_same_dimensions(path.delay, ms) or path.delay < 0 * ms:
            yield f"{name}: a delay is a time, 0 ms or more, not {path.delay}"
    if any("summed" in equation.flags for equation in projection.parsed.values()):
        yield "(summed) has no place in the order: send it by an event that is always True"
    if projection.pairs is not None:
        sizes = [circuit.populations[end].size for end in ends.values()]
        yield from _of_pairs(projection, sizes)


def _of_pairs(projection, sizes):
    found = [np.asarray(cells) for cells in projection.pairs]
    lists = all(cells.ndim == 1 and cells.dtype.kind in "iu" for cells in found)
    if len(found) != 2 or not lists or len(found[0]) != len(found[1]) or not len(found[0]):
        yield "pairs are two arrays of whole numbers, one source and one target a synapse"
        return
    for end, cells, size in zip(projection[:2], found, sizes, strict=True):
        strange = cells[(cells < 0) | (cells >= size)]
        if len(strange):
            yield f"pairs: {end} has no cell {strange[0]}"
    joined, counts = np.unique(np.stack(found), axis=1, return_counts=True)
    for source, target in joined.T[counts > 1][:1]:
        yield f"pairs: cell {source} has two synapses onto cell {target}"


def _of_variable(circuit, owner, variable):
    """Of one that is given."""
    if owner not in {*circuit.populations, *circuit.projections}:
        yield f"there is no population or projection {owner!r}"
        return
    equations = circuit.equations(owner)
    if variable not in equations:
        yield f"{owner} has no variable {variable!r}"
    elif equations[variable].type not in (PARAMETER, DIFFERENTIAL_EQUATION):
        yield f"{variable!r} of {owner} follows from other variables: it cannot be given"
    elif variable in _event_driven(equations):
        yield f"{variable!r} of {owner} is (event-driven): only (clock-driven) can be carried"


def _of_readings(circuit):
    for name, (owner, variable) in circuit.readings.items():
        about = "outcome" if name in circuit.outcome else f"outcomes: {name}"
        if name in circuit.outcome and name in circuit.outcomes:
            yield f"outcomes: {name!r} is a variable of the output that is read already"
        elif owner not in circuit.populations:
            yield f"{about}: there is no population {owner!r}"
        elif variable not in circuit.equations(owner):
            yield f"{about}: {owner} has no variable {variable!r}"
        elif not circuit.shape(owner, variable):
            yield f"{about}: {variable!r} of {owner} is one for all cells, not one of each"


def _of_inputs(circuit):
    taken = {*RESERVED, *circuit.populations, *circuit.projections, *circuit.state}
    taken |= {*circuit.settings, *circuit.symbols}
    for owner in (*circuit.populations, *circuit.projections):
        taken |= circuit.equations(owner).names
    for name, columns in circuit.inputs.items():
        if not name.isidentifier() or name in taken:
            yield f"inputs: {name!r} is no name, or already one of something else"
        if not isinstance(columns, int) or columns < 0:
            yield f"inputs: {name}: so many numbers an image, 0 for one alone, not {columns!r}"
