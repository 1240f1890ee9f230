"""What cannot be right in a circuit, said before anything is built."""

import numpy as np
from brian2 import have_same_dimensions, ms
from brian2.equations.equations import DIFFERENTIAL_EQUATION, PARAMETER

from models.engine.circuit import GIVEN, MOVE, RATE, SPIKE

RESERVED = (*GIVEN, "example", "t", "dt", "i", "j", "N")


def problems(circuit):
    """What cannot be right in a circuit, each in a sentence.

    Parameters
    ----------
    circuit : Circuit
    """
    moments = {moment for sweep in circuit.order for moment in sweep.moments}
    for name, (_, cell, events) in circuit.populations.items():
        for event in events.values():
            if event.among and event.among not in events:
                yield f"{name}: there is no event {event.among!r}"
        named = (*cell.moments, *events, *_stepped(cell.equations))
        yield from _without_moment(name, named, moments)
    for name, projection in circuit.projections.items():
        yield from (f"{name}: {why}" for why in _of_projection(circuit, projection))
        named = *projection.statements, *(p.moment for p in projection.pathways.values())
        yield from _without_moment(name, (*named, *_stepped(projection.parsed)), moments)
    for name, where in circuit.state.items():
        yield from (f"{name}: {why}" for why in _of_variable(circuit, *where))
    for name, where in circuit.settings.items():
        yield from (f"{name}: {why}" for why in _of_setting(circuit, *where))
    yield from _of_readings(circuit)
    yield from _without_moment("outcome_at", (circuit.outcome_at,), moments)
    yield from _of_inputs(circuit)


def _without_moment(name, named, moments):
    for moment in named:
        if moment not in moments:
            yield f"{name}: no sweep of the order has the moment {moment!r}"


def _stepped(equations):
    """Moments that equations need."""
    if equations.diff_eq_names:
        yield MOVE
    if any("constant over dt" in equation.flags for equation in equations.values()):
        yield RATE


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
    if projection.among and projection.among not in circuit.populations[ends["pre"]].events:
        yield f"{ends['pre']} has no event {projection.among!r}"
    flags = {flag for equation in projection.parsed.values() for flag in equation.flags}
    if "summed" in flags:
        yield "(summed) has no place in the order: send it by an event that is always True"
    if "event-driven" in flags:
        yield "(event-driven) loses its last update with each chunk: make it (clock-driven)"
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


def _of_setting(circuit, owner, variable):
    wrong = list(_of_variable(circuit, owner, variable))
    yield from wrong
    if not wrong and circuit.shape(owner, variable):
        yield f"{variable!r} of {owner} is not (shared): a setting is one number"


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
    for cell in (population.cell for population in circuit.populations.values()):
        taken |= cell.namespace.keys()
    for projection in circuit.projections.values():
        taken |= projection.symbols.keys()
    for name, columns in circuit.inputs.items():
        if not name.isidentifier() or name in taken:
            yield f"inputs: {name!r} is no name, or already one of something else"
        if not isinstance(columns, int) or columns < 0:
            yield f"inputs: {name}: so many numbers an image, 0 for one alone, not {columns!r}"
