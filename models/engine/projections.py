"""A projection becomes Brian2 synapses, with its pathways and equations in the circuit's order.

All-to-all and without delays they are ``DenseSynapses``, which our device walks as a matrix; all
others are Brian2's own, with its index arrays and queues.
"""

import numpy as np
from brian2 import Synapses

from models import units
from models.engine import circuit as order
from models.engine.circuit import MOVE, RATE
from models.engine.codegen import DenseSynapses
from models.engine.integration import integrate, stepped


def connect(name, projection, groups, builder):
    """The synapses of a projection.

    Parameters
    ----------
    name : str
    projection : Projection
    groups : dict of NeuronGroup
    builder : populations.Builder

    Raises
    ------
    ValueError
        For a delay that is off the grid of steps, or of an event that is not in each step.
    """
    source, target = groups[projection.source], groups[projection.target]
    pathways = {k: p for k, p in projection.pathways.items() if builder.happens(p.moment)}
    for k, path in pathways.items():
        _refuse(f"{name}: {k}", path, builder)
    delayed = any(path.delay for path in pathways.values())
    dense = projection.pairs is None and not delayed
    equations, step = projection.equations, ""
    if any(path.steps for path in pathways.values()):
        equations, step = stepped(projection.parsed, projection.integrator)
    codes = {
        by: {k: step * path.steps + path.code for k, path in pathways.items() if path.by == by}
        for by in ("pre", "post")
    }
    S = (DenseSynapses if dense else Synapses)(
        source,
        target,
        equations,
        on_pre=codes["pre"] or None,
        on_post=codes["post"] or None,
        on_event={k: path.event for k, path in pathways.items()},
        delay={k: path.delay for k, path in pathways.items()},
        namespace=target.namespace | dict(projection.symbols),
        method=integrate(projection.integrator),
        name=name,
    )
    S.add_attribute("stepped")  # which our device knows how to use
    S.stepped = projection.among
    if projection.pairs is not None:
        sources, targets = projection.pairs
        S.connect(i=np.asarray(sources), j=np.asarray(targets))
    elif not dense:
        S.connect()
    for moment, updater in ((MOVE, S.state_updater), (RATE, S.subexpression_updater)):
        if updater is not None:
            builder.place(updater, moment, projection.target, order.SYNAPSES)
    for k, path in pathways.items():
        end = projection.source if path.by == "pre" else projection.target
        builder.place(getattr(S, k), path.moment, end, order.SEND)
    for moment, code in projection.statements.items():
        if builder.happens(moment):
            when, first = builder.places[moment, projection.target]
            about = {"when": when, "order": first + order.SYNAPSES, "name": f"{name}_{moment}"}
            clock = builder.clock(moment)
            if clock is None:
                S.run_regularly(code, **about)
            else:
                S.run_on_clock(code, clock, **about)
    return S


def _refuse(name, path, builder):
    """Raise ValueError for a delay that Brian2's queue would not keep."""
    steps = float(path.delay / builder.schedule.dt)
    if abs(steps - round(steps)) > 1e-6:
        dt, delay = units.written(builder.schedule.dt), units.written(path.delay)
        raise ValueError(f"{name}: a delay is a whole number of steps of {dt}, not {delay}")
    if steps and any(builder.clock(moment) is not None for moment in (path.event, path.moment)):
        raise ValueError(f"{name}: only an event of each step can have a delay, not {path.event!r}")
