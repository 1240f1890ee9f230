"""Dense projections: all-to-all synapses, an event of one cell at a time."""

from brian2 import ms

from models.engine import circuit as order
from models.engine.codegen import DenseSynapses


def connect(name, projection, groups, builder):
    """The ``DenseSynapses`` of a projection, with its pathways in the order of the circuit.

    Parameters
    ----------
    name : str
    projection : Projection
    groups : dict of NeuronGroup
    builder : populations.Builder
    """
    source, target = groups[projection.source], groups[projection.target]
    pathways = {k: p for k, p in projection.pathways.items() if builder.happens(p.moment)}
    codes = {
        by: {k: path.code for k, path in pathways.items() if path.by == by}
        for by in ("pre", "post")
    }
    S = DenseSynapses(
        source,
        target,
        projection.equations,
        on_pre=codes["pre"] or None,
        on_post=codes["post"] or None,
        on_event={k: path.event for k, path in pathways.items()},
        delay={k: 0 * ms for k in pathways},
        namespace=target.namespace | dict(projection.symbols),
        name=name,
    )
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
