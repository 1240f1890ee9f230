"""Pairs of cells that fire when they are told to, and the plastic synapse between them.

The protocols of Payeur et al. (2021), Fig 2b-d: nothing but spike times and the rule.
"""

import numpy as np
from brian2 import ms

from models.bursts import rule as plasticity
from models.bursts.parameters import Bursting
from models.engine.cell import Cell
from models.engine.circuit import Circuit, Event, Population, Sweep
from models.engine.network import EACH_IMAGE, Network
from models.engine.schedule import ONSET, Moment

BURST = float(Bursting().tau_b / ms)  # ms: a spike that follows within it is not an event
STEP = 1.0  # ms
NEVER = -1  # instead of a step
HELD = 10_000  # steps since the spike before the first

# A stretch of time is an "image": the steps of all spikes, of all cells.
RELAY = """
    now : integer (shared)  # step of the stretch
    next : integer          # step of its next spike
    count : integer         # spikes so far
    age : integer           # steps since the last spike
    in_burst : boolean
"""
MOMENTS = {
    ONSET: """
        now = -1
        count = 0
        next = int(images(example*dt, first + i))
    """,
    "grow": """
        now += 1
        age += 1
    """,
}
EVENTS = {
    "event": Event("now == next and age > gap"),
    "burst": Event("now == next and age <= gap and not in_burst"),
    "spike": Event(
        "now == next",
        """
        in_burst = age <= gap
        age = 0
        count += 1
        next = int(images(example*dt, first + i + n_cells*count))
        """,
    ),
}
ORDER = tuple(
    Sweep((moment,)) for moment in (ONSET, "grow", "move", "event", "burst", "spike", "over")
)
CARRIED = ("age", "in_burst")
NAMES = {"w": ("synapses", "w"), "Etr": ("pre", "Etr")}
NAMES |= {name: ("post", name) for name in ("Ebar", "Bbar")}
NAMES |= {f"{name}_{end}": (end, name) for end in ("pre", "post") for name in CARRIED}


def relay(cells, most, first):
    """Cells that fire at given steps: (Cell, events).

    Parameters
    ----------
    cells, most : int
        Of how many cells there are times, and the most spikes of a cell in a stretch, and one.
    first : int
        Place of their times.
    """
    gap = round(BURST / STEP)
    constants = {"gap": gap, "n_cells": cells, "first": first}
    cell = Cell.of({"relay": RELAY}, MOMENTS, constants=constants, rest={"age": str(HELD)})
    return cell, EVENTS


def network(rule, pairs, most, steps, bounded=False):
    """So many pairs, each with a synapse from one cell to the other.

    Parameters
    ----------
    rule : models.bursts.rule.Rule
    pairs, most, steps : int
        Most spikes of a cell in a stretch; steps of a stretch.
    bounded : bool
        Whether there is homeostasis.

    Returns
    -------
    Network
        An image is what ``packed`` gives. Its answers are Pbar at the end of each stretch; all else
        is in its state, of which ``start(seed)`` gives weights of 0 and averages as ``rule`` has
        them.
    """
    room = pairs * (most + 1)
    pre = plasticity.sends(*relay(pairs, most, 0), rule)
    post = plasticity.learns(*relay(pairs, most, room), rule, bounded=bounded)
    each = np.arange(pairs)
    synapses = plasticity.plastic("pre", "post", rule, pairs=(each, each), bounded=bounded)
    circuit = Circuit(
        {"pre": Population(pairs, *pre), "post": Population(pairs, *post)},
        {"synapses": synapses},
        ORDER,
        NAMES,
        outcome=("Pbar",),
        outcome_at="over",
        pixels=2 * room,
    )

    def start(seed):
        state = {name: np.zeros(pairs) for name in ("w", "Etr")}
        state |= {"Ebar": np.full(pairs, float(rule.E_0))}
        state |= {"Bbar": rule.P_0 * state["Ebar"]}
        for end in ("pre", "post"):
            state[f"age_{end}"] = np.full(pairs, HELD)
            state[f"in_burst_{end}"] = np.zeros(pairs, dtype=bool)
        return state

    return Network(
        circuit,
        start,
        read=lambda outcome, inputs: (outcome["Pbar"], {"loss": np.zeros(len(inputs.images))}),
        phases={"stretch": steps},
        moments={
            ONSET: EACH_IMAGE._replace(phase="stretch", meaning="a stretch begins"),
            "over": Moment("stretch", "last", "end", "a stretch is over"),
        },
        dt=STEP * ms,
    )


def packed(pre, post, most, steps):
    """Spike trains as the images of ``network``.

    Parameters
    ----------
    pre, post : sequences of ndarray of int
        Of each pair: steps of spikes, in order, no two alike.
    most, steps : int
        As of ``network``.

    Returns
    -------
    ndarray, shape (stretches, numbers)
        As many stretches as the last spike needs.

    Raises
    ------
    ValueError
        If a cell has more than ``most`` spikes in a stretch.
    """
    ends = [int(train[-1]) for train in (*pre, *post) if len(train)]
    stretches, cells = 1 + max(ends, default=0) // steps, len(pre)
    images = np.full((stretches, 2, most + 1, cells), NEVER, dtype=float)
    for end, trains in enumerate((pre, post)):
        for cell, train in enumerate(trains):
            stretch = train // steps
            place = np.arange(len(train)) - np.searchsorted(stretch, stretch)  # within its own
            if len(place) and place.max() >= most:
                raise ValueError(f"a cell has more than {most} spikes in a stretch")
            images[stretch, end, place, cell] = train % steps
    return images.reshape(stretches, -1)
