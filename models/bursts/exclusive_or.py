"""A spiking network that learns exclusive-or by bursts.

Payeur et al. (2021), Fig 4: two inputs, two hidden populations, one output. Only events go up,
through plastic synapses onto somata; only bursts come down, from the output to hidden dendrites;
and a teacher speaks to the output's dendrites only. Feedback excites the dendrites of the first
hidden population and inhibits those of the second: what one of them learns to send less, the other
learns to send more. So they become different, though they begin alike.
"""

from typing import NamedTuple

import numpy as np
from brian2 import Hz, Quantity, ms, pA, second

from models.bursts import burst_poisson
from models.bursts import rule as plasticity
from models.bursts.burst_poisson import GROW, Background
from models.engine.cell import Cell
from models.engine.circuit import Circuit, Pathway, Population, Projection, Sweep
from models.engine.network import EACH_IMAGE, Network
from models.engine.schedule import ONSET, Moment

DT, BIN, READ = 0.5 * ms, 0.1 * second, "read"
ORDER = tuple(Sweep((moment,)) for moment in (ONSET, GROW, "move", "burst", "event", READ))
LEARNING = ("hidden", "output")
READ_OF = ("input_1", "input_2", "hidden_1", "hidden_2", "output")  # cells of the reader

PLACE = "half : integer  # 0: of the first population of the two, 1: of the second"
SHOWN = "x_s = images(example*dt, half)*pA"
# Feedback: what a burst of an output cell adds to the conductances of a dendrite that it reaches.
HEARS = """
    f_e                                                       : 1  # excitation by a burst
    f_i                                                       : 1  # inhibition by a burst
"""
# The teacher of an output cell knows the rate that the cell is used to, and whether it is to fire.
TEACHER = """
    x_s                                                       : amp  # bottom-up input
    x_d                                                       : amp  # top-down input
    target                                                    : 1  # whether it is to fire
    teaches                                                   : 1  # whether the teacher speaks
    more = int(Ebar < e_max - 1*Hz)/clip((Ebar - e_min)/Hz, 1, e_max/Hz) : 1  # if it is to
    less = int(Ebar > e_min + 1*Hz)/clip((e_max - Ebar)/Hz, 1, e_max/Hz) : 1  # if it is not
    I_s = x_s                                                 : amp  # what reaches the soma
    I_d = x_d + I_T*teaches*(target*more - (1 - target)*less) : amp  # what reaches the dendrite
"""
TOLD = """
    target = images(example*dt, 2)
    teaches = images(example*dt, 3)
"""
GATE = "M = plastic(example*dt)*images(example*dt, 4)         : 1  # how much is learned"
COUNTS = """
    events                                                    : 1  # in this bin, of all cells
    bursts                                                    : 1
"""
FORGET = """
    events = 0
    bursts = 0
"""


class Task(NamedTuple):
    """Numbers of the network and of its lessons; ``about`` says what each is and where from.

    Of two values the first is that of the first hidden population, or of the first layer of
    synapses. ``PUBLISHED`` has the values that differ from what was published.
    """

    n_cells: int = 200
    p_connect: float = 0.4
    w_0: float = 0.2925
    w_i: float = 0.3125
    w_max: float = 1.25
    f_e: tuple = (0.65, 0.065)
    f_i: tuple = (0.15, 0.675)
    x_hidden: tuple = (-300 * pA, 900 * pA)
    x_output: Quantity = 400 * pA
    I_0: Quantity = -700 * pA
    I_1: Quantity = 150 * pA
    lasts: Quantity = 2 * second
    taught: Quantity = 0.4 * second
    I_T: Quantity = 1000 * pA
    e_min: Quantity = 2 * Hz
    e_max: Quantity = 10 * Hz
    eta: tuple = (0.02, 0.01)
    slows: float = 0.1
    tau_pre: Quantity = 200 * ms
    tau_avg: Quantity = 1 * second
    r_min: Quantity = 2 * Hz
    r_max: Quantity = 20 * Hz
    k_min: float = 0.1
    epochs: int = 160

    about = {  # symbol -> the unit it is told in (None: the first that fits), where it is from
        "n_cells": (None, "ours: cells of a population"),
        "p_connect": (None, "ours: probability of a synapse; 80 of a cell, with the same spread"),
        "w_0": (None, "ours: excitatory weights at first, as strong in all as the published"),
        "w_i": (None, "ours: inhibitory weights, likewise"),
        "w_max": (None, "ours: largest excitatory weight, likewise"),
        "f_e": (None, "ours: excitation by a burst, twice the published in all"),
        "f_i": (None, "ours: inhibition by a burst, likewise"),
        "x_hidden": ("pA", "ours: currents into hidden dendrites, which make up for that"),
        "x_output": (None, "C: current into the output's dendrites"),
        "I_0": ("pA", "ours: current into the somata of an input that is 0, nearly silent"),
        "I_1": ("pA", "C: and of one that is 1"),
        "lasts": (None, "ours: an example"),
        "taught": (None, "ours: its end, in which the teacher speaks and weights change"),
        "I_T": ("pA", "C: the teacher's current, times 1 Hz by the rate's distance"),
        "e_min": (None, "C: event rate at the lower end of the output's range"),
        "e_max": (None, "C: and at the upper end"),
        "eta": (None, "ours: learning rates"),
        "slows": (None, "ours: what is left of them at the end; they fall over the second half"),
        "tau_pre": (None, "ours: trace of presynaptic events"),
        "tau_avg": (None, "ours: running averages of events and bursts"),
        "r_min": (None, "C: homeostasis: event rate below which weights rise"),
        "r_max": (None, "ours: and above which they fall"),
        "k_min": (None, "ours: how much the first of these counts"),
        "epochs": (None, "ours: of all four patterns"),
    }

    def rule(self, layer):
        """The rule of a layer's synapses."""
        return plasticity.Rule(eta=self.eta[layer], **{n: getattr(self, n) for n in OF_RULE})


PUBLISHED = {  # in the place of what is ours; patterns had a fixed order there
    "n_cells": 500,
    "p_connect": 0.2,
    "w_0": 0.234,
    "w_i": 0.25,
    "w_max": 1.0,
    "f_e": (0.26, 0.026),
    "f_i": (0.06, 0.27),
    "x_hidden": (0 * pA, 500 * pA),
    "I_0": -350 * pA,
    "lasts": 8 * second,
    "taught": 0.8 * second,
    "eta": (8e-3, 4e-3),
    "slows": 1.0,
    "tau_pre": 100 * ms,
    "tau_avg": 2 * second,
    "r_max": 10 * Hz,
    "k_min": 1.0,
    "epochs": 500,
}
OF_RULE = ("tau_pre", "tau_avg", "w_max", "r_min", "r_max", "k_min")
NOISE = {  # C
    "input": Background(r_s=500 * Hz),
    "hidden": Background(we_s=0.385, wi_s=0.49),
    "output": Background(),
}


def network(task, seed, noise=True):
    """The network.

    Parameters
    ----------
    task : Task
    seed : int
        Of the synapses.
    noise : bool
        Whether cells have their background.

    Returns
    -------
    Network
        An "image" is a bin of ``BIN``: the currents of both inputs, in pA; whether the output is to
        fire; whether the teacher speaks; and a factor of all that is learned. Answers, of shape
        (bins, ``READ_OF``), are events of whole populations; the measure ``bursts`` is the same
        of bursts. Weights begin all alike, running averages where a ``Rule`` has them rest.
    """
    n, rng = task.n_cells, np.random.default_rng([seed, 22])
    sizes = {"input": 2 * n, "hidden": 2 * n, "output": n}
    rules = [task.rule(layer) for layer in range(2)]
    cells = _cells(task, rules, noise)
    populations = {name: Population(size, *cells[name]) for name, size in sizes.items()}
    populations["reader"] = Population(len(READ_OF), Cell.of({"counts": COUNTS}, {ONSET: FORGET}))
    projections = _projections(task, sizes, rules, rng)
    weights = {name: (name, "w") for name in ("W_0", "W_1")}
    averages = {f"{v}_{name}": (name, v) for name in LEARNING for v in ("Ebar", "Bbar")}

    def start(seed):
        E, B = float(rules[0].E_0 / Hz), float(rules[0].P_0 * rules[0].E_0 / Hz)
        found = {name: np.full(len(projections[name].pairs[0]), task.w_0) for name in weights}
        rests = {"Ebar": E, "Bbar": B}
        return found | {k: np.full(sizes[name], rests[v]) for k, (name, v) in averages.items()}

    return Network(
        Circuit(
            populations,
            projections,
            ORDER,
            weights | averages,
            outcome=("events", "bursts"),
            outcome_at=READ,
            pixels=5,
        ),
        start=start,
        read=lambda outcome, inputs: (outcome["events"], {"bursts": outcome["bursts"]}),
        phases={"bin": round(float(BIN / DT))},
        moments={
            ONSET: EACH_IMAGE._replace(phase="bin", meaning="counts begin, inputs may change"),
            READ: Moment("bin", "last", "end", "counts are read"),
        },
        dt=DT,
        records={"potentials": ("V_s", "V_d", "p"), "events": ("age", "due")},
    )


def _cells(task, rules, noise):
    """Population -> a cell and its events."""
    made = {name: burst_poisson.pyramidal(DT, NOISE[name] if noise else None) for name in NOISE}
    two = {"f_e": task.f_e, "f_i": task.f_i, "x_d": task.x_hidden}
    known = {f"{name}_{k}": values[k] for name, values in two.items() for k in (0, 1)}
    one = {name: getattr(task, name) for name in ("x_output", "I_T", "e_min", "e_max")}
    place = {"half": f"i // {task.n_cells}"}
    made["input"] = (
        made["input"].vary(parts={"place": PLACE}, rest=place).then(moments={ONSET: SHOWN})
    )
    made["hidden"] = made["hidden"].vary(
        parts={"place": PLACE, "feedback": HEARS},
        constants=known,
        rest=place | {name: f"{name}_0 + half*({name}_1 - {name}_0)" for name in two},
    )
    made["output"] = (
        made["output"]
        .vary(parts={"input": TEACHER}, constants=one, rest={"x_d": "x_output"})
        .then(moments={ONSET: TOLD})
    )
    found = {name: (cell, burst_poisson.events(cell)) for name, cell in made.items()}
    for source, target, rule in zip(("input", "hidden"), LEARNING, rules, strict=True):
        found[source] = plasticity.sends(*found[source], rule)
        found[target] = plasticity.learns(*found[target], rule, GATE, bounded=True)
    return found


def _projections(task, sizes, rules, rng):
    """Synapses: each pair of cells has one of a kind with the probability ``p_connect``.

    The number of synapses of a cell is not fixed: that some have more excitation, and others more
    inhibition, is what keeps hidden cells from being silent all together.
    """

    def some(source, target):
        return np.nonzero(rng.random((sizes[source], sizes[target])) < task.p_connect)

    found = {}
    for layer, (source, target) in enumerate((("input", "hidden"), ("hidden", "output"))):
        excites = {"arrive": Pathway("ge_s_post += w", "event")}
        found[f"W_{layer}"] = plasticity.plastic(
            source, target, rules[layer], excites, some(source, target), bounded=True
        )
        inhibits = {"arrive": Pathway("gi_s_post += w_i", "event")}
        found[f"inhibition_{layer}"] = Projection(
            source, target, "", inhibits, symbols={"w_i": task.w_i}, pairs=some(source, target)
        )
    for kind in "ei":
        hears = {"arrive": Pathway(f"g{kind}_d_post += f_{kind}_post", "burst")}
        pairs = some("output", "hidden")
        found[f"feedback_{kind}"] = Projection("output", "hidden", "", hears, pairs=pairs)
    for name, first in (("input", 0), ("hidden", 2), ("output", 4)):
        each = np.arange(sizes[name])
        counted = {kind: Pathway(f"{kind}s_post += 1", kind) for kind in ("burst", "event")}
        pairs = each, first + each // task.n_cells
        found[f"count_{name}"] = Projection(name, "reader", "", counted, pairs=pairs)
    return found
