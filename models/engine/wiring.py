"""A circuit and a schedule become one Brian2 network: wiring only."""

from typing import NamedTuple

import numpy as np
from brian2 import EventMonitor, Network, StateMonitor, TimedArray, defaultclock
from brian2.utils.stringtools import get_identifiers

from models.engine import recording
from models.engine.circuit import GIVEN
from models.engine.codegen import narrow
from models.engine.populations import Builder
from models.engine.projections import connect


class Wired(NamedTuple):
    """A network ready to be run, and what of it is given and read, by our names.

    Attributes
    ----------
    network : brian2.Network
        All objects.
    timed : dict of TimedArray
        What changes from image to image, as far as the circuit's text names it.
    state, settings : dict of VariableView
        As in the circuit; flat.
    shapes : dict of tuple
        Of each array of the state.
    outcome : dict
        Name -> (monitor, variable) of what is read once an image.
    monitors : dict
        (kind, population) -> monitor.
    """

    network: Network
    timed: dict
    state: dict
    settings: dict
    shapes: dict
    outcome: dict
    monitors: dict

    def given(self):
        """Our name -> the array variable or timed array that it sets."""
        views = self.state | self.settings
        return self.timed | {name: view.variable for name, view in views.items()}

    def sizes(self):
        """Our name -> how many values an input has."""
        sizes = {name: timed.values.size for name, timed in self.timed.items()}
        sizes |= {name: int(np.prod(shape)) for name, shape in self.shapes.items()}
        return sizes | dict.fromkeys(self.settings, 1)

    def wanted(self):
        """Our name -> the array variable that is read back."""
        found = {name: view.variable for name, view in self.state.items()}
        found |= {("outcome", name): m.variables[v] for name, (m, v) in self.outcome.items()}
        for (kind, population), monitor in self.monitors.items():
            names = ("i",) if _of_times(monitor) else monitor.record_variables
            found |= {(kind, population, v): monitor.variables[v] for v in ("t", *names)}
        return found

    def columns(self):
        """(kind, population), or ("outcome", name) -> how many cells are read of it."""
        found = {("outcome", name): monitor for name, (monitor, _) in self.outcome.items()}
        found |= {key: m for key, m in self.monitors.items() if not _of_times(m)}
        return {key: monitor.n_indices for key, monitor in found.items()}


def wire(circuit, schedule, record=recording.NOTHING):
    """Wire a circuit to a schedule.

    Parameters
    ----------
    circuit : Circuit
    schedule : Schedule
    record : Recording
        What to record.

    Returns
    -------
    Wired

    Raises
    ------
    ValueError
        If what is read once an image comes more, or less, often; for a delay that cannot be.
    """
    defaultclock.dt = schedule.dt
    inputs = circuit.pixels or next(iter(circuit.populations.values())).size
    columns = dict(zip(GIVEN, (inputs, circuit.targets, 0), strict=True)) | dict(circuit.inputs)
    timed = {}
    for name, many in columns.items():
        shape = (schedule.images, many) if many else schedule.images
        timed[name] = TimedArray(np.zeros(shape), dt=schedule.dt, name=name)
        if many:  # one number an image stays exact: it may be a count
            narrow(timed[name])
    builder = Builder(schedule, circuit.places(schedule), timed | dict(circuit.symbols))
    groups = {name: builder.group(name, p) for name, p in circuit.populations.items()}
    synapses = {n: connect(n, p, groups, builder) for n, p in circuit.projections.items()}
    state = {name: _view(groups | synapses, where) for name, where in circuit.state.items()}
    settings = {name: _view(groups | synapses, where) for name, where in circuit.settings.items()}
    shapes = {name: circuit.shape(*where) for name, where in circuit.state.items()}
    outcome = _once_an_image(circuit, groups, builder)
    readers = dict.fromkeys(monitor for monitor, _ in outcome.values())
    monitors = recording.monitors(record, groups, builder.clock(circuit.outcome_at))
    network = Network(*groups.values(), *synapses.values(), *readers, *monitors.values())
    named = _named(circuit, record, builder.happens)
    timed = {name: array for name, array in timed.items() if name in named}
    return Wired(network, timed, state, settings, shapes, outcome, monitors)


def _once_an_image(circuit, groups, builder):
    """Name -> (monitor, variable): a monitor for each population that is read."""
    schedule, moment, found = builder.schedule, circuit.outcome_at, {}
    steps = schedule.steps(moment)
    comes = schedule.steps_in_all if steps is None else len(steps)
    if comes != schedule.images:
        raise ValueError(
            f"outcome_at: {moment!r} comes {comes} times in {schedule.images} images, not in each"
        )
    *_, output = circuit.populations
    for population in groups:
        read = {n: v for n, (owner, v) in circuit.readings.items() if owner == population}
        if read:
            monitor = StateMonitor(
                groups[population],
                list(dict.fromkeys(read.values())),
                record=True,
                clock=builder.clock(moment),
                when="end",
                order=recording.LAST,
                name="outcome" if population == output else f"outcome_{population}",
            )
            found |= {name: (monitor, variable) for name, variable in read.items()}
    return found


def _of_times(monitor):
    return isinstance(monitor, EventMonitor)


def _view(objects, where):
    name, variable = where
    return getattr(objects[name], variable)


def _named(circuit, record, happens):
    """Every word in the circuit's text, as far as it is ever computed."""
    texts = [name for names in record.kinds.values() for name in names]
    texts += [variable for _, variable in circuit.readings.values()]
    for _, cell, events in circuit.populations.values():
        texts += [cell.threshold, cell.reset]
        texts += [code for moment, code in cell.moments.items() if happens(moment)]
        texts += [text for name, event in events.items() if happens(name) for text in event.code]
    for projection in circuit.projections.values():
        texts += [path.code for path in projection.pathways.values() if happens(path.moment)]
        texts += [code for moment, code in projection.statements.items() if happens(moment)]
    named = _of_either_end(get_identifiers("\n".join(texts)))
    equations = [circuit.equations(o) for o in (*circuit.populations, *circuit.projections)]
    found = set()
    while found != named:  # what an equation needs that is needed
        found = set(named)
        for own in equations:
            wanted = own.diff_eq_names | (own.subexpr_names & named)
            named |= _of_either_end({word for name in wanted for word in own[name].identifiers})
    return named


def _of_either_end(names):
    """Names, and those that synapses call ``..._pre`` and ``..._post`` as their cells do."""
    return names | {name.removesuffix("_pre").removesuffix("_post") for name in names}
