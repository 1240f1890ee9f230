"""A circuit and a schedule become one Brian2 network: wiring only."""

from typing import NamedTuple

import numpy as np
from brian2 import Network, StateMonitor, Synapses, TimedArray, defaultclock
from brian2.utils.stringtools import get_identifiers

from models.engine import recording
from models.engine.populations import Builder
from models.engine.projections import connect

TIMED = ("images", "labels", "plastic")  # what changes from image to image


class Wired(NamedTuple):
    """A network ready to be run, and what of it is given and read, by our names.

    Attributes
    ----------
    network : brian2.Network
        All objects.
    timed : dict of TimedArray
        Those of ``TIMED`` that the circuit's text names.
    state, settings : dict of VariableView
        As in the circuit; flat.
    outcome : StateMonitor
        The output's variables, once for each image.
    monitors : dict
        (kind, population) -> monitor.
    """

    network: Network
    timed: dict
    state: dict
    settings: dict
    outcome: StateMonitor
    monitors: dict

    def given(self):
        """Our name -> the array variable or timed array that it sets."""
        views = self.state | self.settings
        return self.timed | {name: view.variable for name, view in views.items()}

    def sizes(self):
        """Our name -> how many values an input has."""
        sizes = {name: timed.values.size for name, timed in self.timed.items()}
        for name, view in self.state.items():
            group = view.group
            synaptic = isinstance(group, Synapses)
            sizes[name] = len(group.source) * len(group.target) if synaptic else len(group)
        return sizes | dict.fromkeys(self.settings, 1)

    def wanted(self):
        """Our name -> the array variable that is read back."""
        found = {name: view.variable for name, view in self.state.items()}
        monitor = self.outcome
        found |= {("outcome", v): monitor.variables[v] for v in monitor.record_variables}
        for (kind, population), monitor in self.monitors.items():
            times = ("t", "i") if kind == recording.SPIKES else ("t", *monitor.record_variables)
            found |= {(kind, population, v): monitor.variables[v] for v in times}
        return found


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
    """
    defaultclock.dt = schedule.dt
    inputs = next(iter(circuit.populations.values())).size
    count, targets = schedule.images, circuit.targets
    shapes = {"images": (count, inputs), "labels": (count, targets) if targets else count}
    shapes["plastic"] = count
    timed = {name: TimedArray(np.zeros(shapes[name]), dt=schedule.dt, name=name) for name in TIMED}
    builder = Builder(schedule, circuit.places(schedule), timed | dict(circuit.symbols))
    groups = {name: builder.group(name, p) for name, p in circuit.populations.items()}
    synapses = {n: connect(n, p, groups, builder) for n, p in circuit.projections.items()}
    state = {name: _view(groups | synapses, where) for name, where in circuit.state.items()}
    settings = {name: _view(groups, where) for name, where in circuit.settings.items()}
    *_, output = groups.values()
    outcome = StateMonitor(
        output,
        list(circuit.outcome),
        record=True,
        clock=builder.clock(circuit.outcome_at),
        when="end",
        order=recording.LAST,
        name="outcome",
    )
    monitors = recording.monitors(record, groups, outcome.clock)
    network = Network(*groups.values(), *synapses.values(), outcome, *monitors.values())
    named = _named(circuit, record, builder.happens)
    timed = {name: array for name, array in timed.items() if name in named}
    return Wired(network, timed, state, settings, outcome, monitors)


def _view(objects, where):
    name, variable = where
    return getattr(objects[name], variable)


def _named(circuit, record, happens):
    """Every word in the circuit's text, as far as it is ever computed."""
    texts = [name for names in record.kinds.values() for name in names] + list(circuit.outcome)
    for _, cell, events in circuit.populations.values():
        texts += [cell.threshold, cell.reset]
        texts += [code for moment, code in cell.moments.items() if happens(moment)]
        texts += [text for name, event in events.items() if happens(name) for text in event]
    for projection in circuit.projections.values():
        texts += [path.code for path in projection.pathways.values() if happens(path.moment)]
        texts += [code for moment, code in projection.statements.items() if happens(moment)]
    named = get_identifiers("\n".join(texts))
    named |= {name.removesuffix("_pre").removesuffix("_post") for name in named}
    equations = [cell.equations for _, cell, _ in circuit.populations.values()]
    found = set()
    while found != named:  # what an equation needs that is needed
        found = set(named)
        for own in equations:
            wanted = own.diff_eq_names | (own.subexpr_names & named)
            named |= {word for name in wanted for word in own[name].identifiers}
    return named
