"""A network of the contract from one table: what a theory needs beside its circuit."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from brian2 import Quantity, ms
from brian2.equations.equations import FLOAT

from models import units
from models.engine import printing, program
from models.engine.cell import NONE
from models.engine.circuit import SPIKE, Circuit
from models.engine.device import parsed
from models.engine.problems import problems
from models.engine.recording import NOTHING, event_of
from models.engine.schedule import ONSET, Moment, Schedule
from models.theory import Variable

IMAGE = "image"  # the one phase of a theory that has no other
EACH_IMAGE = Moment(IMAGE, "first", "start", "an image appears")


def one_hot(labels, classes):
    """Targets of shape (images, classes): 1 for an image's class, else 0."""
    return (np.asarray(labels)[:, None] == np.arange(classes)).astype(float)


class Network(NamedTuple):
    """What the contract asks of a network (``models.theory.Theory``), made from a circuit.

    Attributes
    ----------
    circuit : Circuit
    start : callable
        ``start(seed)`` -> state.
    read : callable
        ``read(outcome, inputs)`` -> answers and measures; ``outcome`` has an array of shape
        (images, cells) for each name of the circuit's ``outcome`` and ``outcomes``.
    settings : callable
        ``settings(epoch)`` -> values of the circuit's settings.
    learns : tuple of str
        Moments that come in training only.
    phases : mapping of name -> steps
        Of each image; one step a theory has if it says no other.
    moments : mapping of name -> Moment
        Those that are not in each step.
    dt : Quantity
        The time step.
    records : mapping of kind -> tuple of str
        What ``--record`` may ask for; a kind without variables is of an event's times.
    options : mapping of name -> text
        What no equation says, for the description.
    given : callable
        ``given(inputs)`` -> values of the circuit's ``inputs`` that the theory makes itself, of the
        images, or of what it keeps.
    kept : mapping of name -> Variable
        State that no circuit holds and the theory keeps itself, such as a row for each training
        image (``inputs.places``).
    keep : callable
        ``keep(state, outcome, inputs)`` -> the state after a chunk, in new arrays; where
        ``inputs.learns`` is false nothing may change.
    """

    circuit: Circuit
    start: Callable
    read: Callable
    settings: Callable = lambda epoch: {}
    learns: tuple = ()
    phases: Mapping = {IMAGE: 1}
    moments: Mapping = {ONSET: EACH_IMAGE}
    dt: Quantity = 1 * ms
    records: Mapping = NONE
    options: Mapping = NONE
    given: Callable = lambda inputs: {}
    kept: Mapping = NONE
    keep: Callable = lambda state, outcome, inputs: state

    @property
    def sizes(self):
        """Population -> number of cells."""
        return {name: population.size for name, population in self.circuit.populations.items()}

    @property
    def variables(self):
        """Name -> ``Variable``: of the cells, of the state, and the loss."""
        when = IMAGE if sum(self.phases.values()) == 1 else "step"
        loss = {"loss": Variable("1", 1.0, "loss of the output", "image")}
        return loss | variables_of(self.circuit, lambda name: when) | dict(self.kept)

    @property
    def events(self):
        """``population/kind`` of times that may be recorded -> what the event is, where told."""
        kinds = {event_of(kind): kind for kind, names in self.records.items() if not names}
        return {
            f"{name}/{kinds[event]}": about
            for name, event, about in _events(self.circuit)
            if event in kinds and about
        }

    def check(self):
        """Raise ValueError, in one sentence, for names and shapes that cannot be right."""
        moments = {moment for sweep in self.circuit.order for moment in sweep.moments}
        found = list(problems(self.circuit))
        found += [f"learns: no sweep has the moment {m!r}" for m in self.learns if m not in moments]
        found += self._of_records()
        found += self._of_start() if not found else ()
        for problem in found:
            raise ValueError(problem)

    def _of_records(self):
        known = {event for _, event, _ in _events(self.circuit)}
        for kind, variables in self.records.items():
            if not variables and event_of(kind) not in known:
                yield f"records: no population has the event {event_of(kind)!r} of {kind!r}"

    def _of_start(self):
        state, held = self.start(0), self.circuit.state
        for name in (*held, *self.kept):
            if name not in state:
                yield f"start: it gives no {name!r}"
        for name, value in state.items():
            if name not in held:
                if name not in self.kept:
                    yield f"start: neither the circuit's state nor what is kept has a {name!r}"
                continue
            shape = self.circuit.shape(*held[name])
            if np.shape(value) != shape:
                yield f"start: {name} has the shape {np.shape(value)}, not {shape}"

    def schedule(self, images, learning=True):
        """When everything happens to so many images."""
        lengths = {name: np.full(images, steps) for name, steps in self.phases.items()}
        never = {name: Moment("none", "first", "groups", "in training") for name in self.learns}
        moments = dict(self.moments) | ({} if learning else never)
        return Schedule.of(lengths, moments, self.dt)

    def program(
        self, images, learning=True, record=NOTHING, device="standalone", precision="double"
    ):
        """A program for so many images."""
        self.check()
        schedule = self.schedule(images, learning)

        def read(outcome, inputs, records):
            return *self.read(outcome, inputs), {}

        told = self.settings, record, self.given, self.keep
        plan = program.Plan(self.circuit, schedule, read, *told)
        return program.build(plan, device, precision)

    def model(self):
        """What is simulated, as data."""
        return printing.described(self.circuit, self.moments, dict(self.options))

    def text(self):
        """What is simulated, as plain text."""
        return printing.text(self.model())


def _events(circuit):
    """(population, event, what it is) of all events."""
    for name, (_, cell, events) in circuit.populations.items():
        yield from ((name, event, told.about) for event, told in events.items())
        if cell.threshold and SPIKE not in events:
            yield name, SPIKE, ""


def variables_of(circuit, when):
    """Name -> ``Variable`` of the cells and of the state of a circuit.

    Parameters
    ----------
    circuit : Circuit
    when : callable
        ``when(name)`` of a cell's variable -> "step" or "image".

    Returns
    -------
    dict
        Units and meanings are those of the equations. ``output/V_b`` is the output's, where the
        same symbol means something else in another population.
    """
    found, projections = {}, circuit.projections
    first, *others = circuit.populations
    for population in (*others, first):
        cell = circuit.populations[population].cell
        told = printing.meanings(cell.parts.values())
        for name, equation in cell.equations.items():
            if "shared" not in equation.flags and equation.var_type == FLOAT:
                about = _variable(equation, told.get(name, name), when(name))
                if found.setdefault(name, about) != about:
                    found[f"{population}/{name}"] = about
    for name, (owner, variable) in circuit.state.items():
        if owner in projections:
            parts, ends = [projections[owner].equations], projections[owner][:2]
            where = f" ({' to '.join(ends)})"
        else:
            parts, where = circuit.populations[owner].cell.parts.values(), f" ({owner})"
        equation = parsed("\n".join(parts))[variable]
        meaning = printing.meanings(parts).get(variable, variable) + where
        found[name] = _variable(equation, meaning, "state")
    return found


def _variable(equation, meaning, when):
    unit = units.of(equation)
    return Variable(unit.text, unit.factor, meaning, when)
