"""Ensembles of bursting cells: two inputs that change in time, and what is read of all cells.

What is given is a series in time, the same for all cells of an ensemble; their background noise is
their own. A reader an ensemble counts its events, bursts and spikes, and sums what its synapses
send. Where there is inhibition, the reader stands for interneurons: all cells of an ensemble get
the same of it, the mean over an ensemble in the place of sparse random synapses.
"""

import numpy as np
from brian2 import ms

from models.bursts import cells as pyramids
from models.bursts.cells import GROW, INHIBIT, KINDS, ORDER, READ
from models.engine.cell import Cell
from models.engine.circuit import Circuit, Event, Pathway, Population, Projection
from models.engine.network import EACH_IMAGE, Network
from models.engine.recording import SPIKES
from models.engine.schedule import ONSET, Moment

DT = 0.1 * ms
PLACE = "ensemble : integer  # which one it belongs to"
GIVEN = """
    x_s = images(example*dt, ensemble)*pA
    x_d = images(example*dt, n_ensembles + ensemble)*pA
"""
COUNTS = """
    events                                                    : 1  # since it was read
    bursts                                                    : 1
    spikes                                                    : 1
"""
FORGET = """
    events = 0
    bursts = 0
    spikes = 0
"""
DRIVE = "d{kind}/dt = -{kind}/tau_read                            : Hz  # what its synapses sent"
SEND = "{kind}_post += sent_{kind}_pre/(n_cells*tau_read)"
INTERNEURONS = """
    h_s = k_s(example*dt, i)*pA/Hz*STD                        : amp  # fed by depressing synapses
    h_d = k_d(example*dt, i)*pA/Hz*STF                        : amp  # and by facilitating ones
"""
TAKE = """
    h_s_post += h_s_pre
    h_d_post += h_d_pre
"""
LET_GO = """
    h_s = 0*pA
    h_d = 0*pA
"""


def network(
    n_cells, n_ensembles=1, hold=1 * ms, cell=None, drives=True, inhibited=False, tau_read=10 * ms
):
    """Ensembles as a network.

    Parameters
    ----------
    n_cells, n_ensembles : int
        Cells of an ensemble, and ensembles; these have nothing to do with each other.
    hold : Quantity
        How long an "image" is: inputs are held, and at its end it is counted.
    cell : Cell, optional
        As of ``cells.pyramidal``, the default.
    drives : bool
        Whether dynamic synapses are read.
    inhibited : bool
        Whether ensembles inhibit themselves: ``k_s`` and ``k_d``, in pA/Hz, are then given as
        inputs, ``Inputs.more``, of shape (images, ensembles).
    tau_read : Quantity
        Of the leaky sums of what synapses send.

    Returns
    -------
    Network
        An image is the currents of all ensembles in pA, first those into somata, then those into
        dendrites. Answers, of shape (images, ensembles), are numbers of events in the image; so are
        the measures ``bursts`` and ``spikes``. Measures ``STD`` and ``STF`` are the drives at its
        end, per cell, in Hz: a spike that uses all resources counts 1.
    """
    kinds = KINDS if drives or inhibited else ()
    own = pyramids.sends(kinds)
    base = cell or pyramids.pyramidal()
    own_input = {"input": pyramids.INHIBITED} if inhibited else {}
    base = base.vary(
        parts=own.parts | own_input | {"place": PLACE},
        rest=own.rest | {"ensemble": "i // n_cells"},
        constants={"n_ensembles": n_ensembles, "n_cells": n_cells},
    ).then(moments={ONSET: GIVEN} | ({GROW: LET_GO} if inhibited else {}))
    return Network(
        Circuit(
            {
                "cells": Population(n_cells * n_ensembles, base, pyramids.events(base, own.spiked)),
                "reader": _reader(n_cells, n_ensembles, kinds, inhibited, tau_read),
            },
            _projections(n_cells, n_ensembles, kinds, inhibited),
            ORDER,
            {},
            outcome=("events", "bursts", "spikes", *kinds),
            outcome_at=READ,
            pixels=2 * n_ensembles,
            inputs={"k_s": n_ensembles, "k_d": n_ensembles} if inhibited else {},
        ),
        start=lambda seed: {},
        read=lambda outcome, inputs: (
            outcome["events"],
            {name: outcome[name] for name in ("bursts", "spikes", *kinds)},
        ),
        phases={"held": round(float(hold / DT))},
        moments={
            ONSET: EACH_IMAGE._replace(phase="held", meaning="inputs change"),
            READ: Moment("held", "last", "end", "counts are read"),
        },
        dt=DT,
        records={SPIKES: (), "events": (), "bursts": (), "potentials": ("V_s", "V_d")},
    )


def _reader(n_cells, n_ensembles, kinds, inhibited, tau_read):
    parts = {"counts": COUNTS} | {kind: DRIVE.format(kind=kind) for kind in kinds}
    parts |= {"interneurons": INTERNEURONS} if inhibited else {}
    cell = Cell.of(parts, {ONSET: FORGET}, constants={"tau_read": tau_read, "n_cells": n_cells})
    return Population(n_ensembles, cell, {INHIBIT: Event("True")} if inhibited else {})


def _projections(n_cells, n_ensembles, kinds, inhibited):
    """Each cell and its reader."""
    each = np.arange(n_cells * n_ensembles)
    pairs = None if n_ensembles == 1 else (each, each // n_cells)
    counted = {f"of_{name}": Pathway(f"{name}s_post += 1", name) for name in ("event", "burst")}
    sent = "\n".join(("spikes_post += 1", *(SEND.format(kind=kind) for kind in kinds)))
    counted["of_spike"] = Pathway(sent, "spike")
    found = {"read": Projection("cells", "reader", "", counted, pairs=pairs)}
    if inhibited:
        back = None if pairs is None else pairs[::-1]
        take = {"take": Pathway(TAKE, INHIBIT)}
        found["inhibit"] = Projection("reader", "cells", "", take, pairs=back)
    return found
