"""The wiring table: all layers send at once, both ways through the same weights, then all move."""

import numpy as np
from brian2 import ms

from models.engine.circuit import Circuit, Event, Pathway, Population, Projection, Sweep
from models.engine.network import Network, one_hot
from models.engine.recording import NOTHING
from models.engine.schedule import Moment
from models.equilibrium import cells, synapses
from models.theory import Variable, refuse_other_outputs

FREE, NUDGED = "free", "nudged"
ORDER = (
    Sweep(("onset", "pixel")),
    Sweep(("forget", "send")),
    Sweep(("measure",)),
    Sweep(("before",)),
    Sweep(("move",)),
    Sweep(("rate",)),
    Sweep(("rule",)),
    Sweep(("free_end",)),
    Sweep(("learn",)),
    Sweep(("update",)),
)
LEARNING = ("before", "rule", "learn", "update")
NEVER = Moment("none", "first", "groups", "only where it is recorded")

# Whole energy and cost: each output cell hears of all.
TOTAL, TOTAL_OUTPUT = "E_post += energy_pre", "E_post += energy_pre\nC_post += cost_pre"

RECORDS = {"states": ("s",), "energy": ("E", "C", "F")}
MEASURED = {"E", "C", "F", "energy", "cost"}


class Relaxing(Network):
    """A network with two phases; what a program is not asked for it does not do."""

    __slots__ = ()

    def schedule(self, images, learning=True):
        """When everything happens; where nothing is learned, there is only the free phase."""
        phases = self.phases if learning else {FREE: self.phases[FREE]}
        return Network.schedule(self._replace(phases=phases), images, learning)

    def program(self, images, learning=True, record=NOTHING, *where, **how):
        """A program for so many images; energies are measured only to be recorded."""
        asked = {name for names in record.kinds.values() for name in names}
        moments = dict(self.moments) | ({} if asked & MEASURED else {"measure": NEVER})
        network = self._replace(moments=moments)
        return Network.program(network, images, learning, record, *where, **how)


def network(options, inputs, classes):
    """The network that options describe, for images of so many pixels and classes.

    Raises
    ------
    ValueError
        If the last layer is not one cell a class.
    """
    refuse_other_outputs(options.layers, classes)

    def read(outcome, inputs):
        y, d = outcome["s"], one_hot(inputs.labels, classes)
        return y, {"loss": options.cost_factor * np.sum((y - d) ** 2, axis=1)}

    def given(inputs):
        nudge = {"nudge": nudges(options, inputs)}
        return nudge | ({"particles": particles(options, inputs)} if options.particles else {})

    about = Variable("1", 1.0, "free state of each training image, all layers", "state")
    last = Moment(NUDGED, "last", "end", "a mini-batch is done", every=options.batch)
    return Relaxing(
        circuit(options, inputs),
        start=lambda seed: start(options, inputs, seed),
        read=read,
        settings=lambda epoch: {
            f"alpha_{m}": a * options.decay**epoch for m, a in enumerate(options.alphas)
        },
        learns=LEARNING,
        phases={FREE: options.free, NUDGED: options.nudged},
        moments={
            "onset": Moment(FREE, "first", "start", "an image appears"),
            "pixel": Moment(FREE, "first", "start", "its pixels are told, once"),
            "free_end": Moment(FREE, "last", "end", "the free phase ends; the nudge begins"),
            "before": Moment(NUDGED, "each", "groups", "a step of the nudged phase begins"),
            "rule": Moment(NUDGED, "each", "groups", "it is done"),
            "learn": Moment(NUDGED, "last", "end", "the nudged phase ends"),
            "update": last,
        },
        dt=options.eps * ms,
        records=RECORDS,
        options={"sign of beta": options.sign, "mini-batch": str(options.batch)},
        given=given,
        kept={"particles": about} if options.particles else {},
        keep=keep,
    )


def circuit(options, inputs):
    """All cells and synapses."""
    names = [*(f"hidden_{m}" for m in range(len(options.layers) - 1)), "output"]
    populations = {"input": Population(inputs, cells.INPUT, {"pixel": Event("x != 0")})}
    first = np.cumsum((0, *options.layers))
    for name, size, place in zip(names, options.layers, first, strict=False):
        cell = cells.layer(name, options, int(place))
        populations[name] = Population(size, cell, _events(name, len(names), options.rule))
    projections = {}
    for m, (below, above) in enumerate(zip(["input", *names], names, strict=False)):
        if below == "input":
            projections["W_0"] = synapses.pixels(options, above)
        elif options.rule == "contrast":
            projections[f"W_{m}"] = synapses.both_ways(options, below, above)
        else:
            projections[f"W_{m}"] = synapses.one_way(options, below, above, synapses.UP)
            projections[f"V_{m}"] = synapses.one_way(options, above, below, synapses.BACK)
    for name in names:
        code = TOTAL_OUTPUT if name == "output" else TOTAL
        paths = {"measure": Pathway(code, "measure")}
        projections[f"whole_{name}"] = Projection(name, "output", "", paths)
    state = {name: (name, "w") for name in projections if name[0] in "WV"}
    state |= {f"b_{m}": (name, "b") for m, name in enumerate(names)}
    return Circuit(
        populations,
        projections,
        ORDER,
        state,
        outcome=("s",),
        outcome_at="free_end",
        settings={f"alpha_{m}": (name, "alpha") for m, name in enumerate(names)},
        inputs={"nudge": 0} | ({"particles": sum(options.layers)} if options.particles else {}),
        outcomes={f"s_{m}": (name, "s") for m, name in enumerate(names) if options.particles},
    )


def _events(name, layers, rule):
    """Silent cells send nothing; those that were silent in both phases teach nothing."""
    events = {"measure": Event("True")}
    if layers > 1:
        events["send"] = Event("r != 0")
    if rule == "rates":
        events["rule"] = Event("r != 0 or r_before != 0")
    elif name != "output":
        events["learn"] = Event("r != 0 or r_free != 0")
    return events


def start(options, inputs, seed):
    """Initial weights: W_m of shape (below, above), uniform as of Glorot & Bengio, and biases 0.

    Where the way back has weights of its own, V_m of shape (above, below), it begins as W_m^T.
    ``particles`` of shape (training images, cells of all layers), where they are kept, are 0.
    """
    rng = np.random.default_rng([seed, 0])
    state, below = {}, inputs
    for m, size in enumerate(options.layers):
        width = options.gain * np.sqrt(6 / (below + size))
        state[f"W_{m}"] = rng.uniform(-width, width, (below, size))
        if m and options.rule == "rates":
            state[f"V_{m}"] = state[f"W_{m}"].T.copy()
        state[f"b_{m}"] = np.zeros(size)
        below = size
    if options.particles:
        state["particles"] = np.zeros((options.particles, sum(options.layers)))
    return state


def nudges(options, inputs):
    """beta of each image, shape (images,): of one sign, or of a random one for each mini-batch."""
    images = len(inputs.images)
    if options.sign == "fixed":
        return np.full(images, options.beta)
    batches = -(-images // options.batch)
    signs = np.random.default_rng([inputs.seed, 1]).choice([-1.0, 1.0], batches)
    return options.beta * np.repeat(signs, options.batch)[:images]


def particles(options, inputs):
    """Where the states of each image begin: where they last ended, or at 0 for images of a test."""
    if inputs.places is None:
        return np.zeros((len(inputs.images), sum(options.layers)))
    if max(inputs.places) >= options.particles:
        raise ValueError(
            f"--particles {options.particles}: there is a training image {max(inputs.places)}; "
            "give the number of training images, or 0"
        )
    return inputs.state["particles"][inputs.places]


def keep(state, outcome, inputs):
    """The state, with the free states of the images that have a place in it."""
    if "particles" not in state or inputs.places is None:
        return state
    kept = state["particles"].copy()
    free = [outcome[f"s_{m}"] for m in range(len(outcome) - 1)]
    kept[inputs.places] = np.concatenate(free, axis=1)
    return state | {"particles": kept}
