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
from brian2 import Quantity, ms

from models.engine.cell import NONE, Cell
from models.engine.device import parsed

# Moments of each step: equations are stepped; what is constant over a step follows; cells fire.
MOVE, RATE, SPIKE = "move", "rate", "spike"
GIVEN = ("images", "labels", "plastic")  # what changes from image to image, in every circuit


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
    about : str
        What it is, where that is told: beside its times in records, and in descriptions.
    """

    condition: str
    own: str = ""
    among: str = ""
    about: str = ""

    @property
    def code(self):
        """All that names variables of the cell."""
        return self.condition, self.own


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
    steps : bool
        Whether the synapses' equations are stepped here, just before ``code``, and not at "move":
        of an event that is always True, in one walk through the matrix. The projection's integrator
        is then one of Brian2's explicit ones.
    """

    code: str
    event: str
    by: str = "pre"
    at: str = ""
    delay: Quantity = 0 * ms
    steps: bool = False

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
    among : str
        An event of the source, without which nothing changes in a synapse's equations: where time
        counts, only those from cells that had it last are stepped.
    """

    source: str
    target: str
    equations: str
    pathways: Mapping
    statements: Mapping = NONE
    symbols: Mapping = NONE
    pairs: tuple | None = None
    integrator: str = "exact"
    among: str = ""

    @property
    def parsed(self):
        """``equations`` as an object; ModelError for what cannot be read."""
        return parsed(self.equations)


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
    settings : mapping of name -> (population or projection, variable)
        What is given with each chunk, such as learning rates: ``(shared)`` variables.
    symbols : mapping of name -> value
        Further symbols of every population. ``images``, ``labels`` and ``plastic`` (1, or 0 where
        nothing is to be learned), which every population has too, are read at ``example*dt``.
    targets : int
        0: labels are classes; else they are so many numbers an image, ``labels(example*dt, i)``.
    pixels : int
        Numbers of an image, ``images(example*dt, i)``; 0: one for each input cell.
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
    pixels: int = 0
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
