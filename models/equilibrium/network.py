"""The wiring table: all layers send at once, both ways through the same weights, then all move."""

import numpy as np
from brian2 import ms

from models.engine.circuit import Circuit, Event, Pathway, Population, Projection, Sweep
from models.engine.network import Network, one_hot
from models.engine.recording import NOTHING
from models.engine.schedule import Moment
from models.equilibrium import cells
from models.theory import Variable, refuse_other_outputs

FREE, NUDGED = "free", "nudged"
ORDER = (
    Sweep(("onset", "pixel")),
    Sweep(("forget", "send")),
    Sweep(("measure",)),
    Sweep(("move",)),
    Sweep(("rate",)),
    Sweep(("free_end",)),
    Sweep(("learn",)),
    Sweep(("update",)),
)
LEARNING = ("learn", "update")
NEVER = Moment("none", "first", "groups", "only where it is recorded")

W = "w : 1  # weight, the same in both directions"
GRAD = "grad : 1  # sum over the mini-batch"
PIXEL = "below_post += w*x_pre"  # once an image: pixels are clamped
UP = "below_post += w*r_pre"
DOWN = "above_pre += w*r_post"  # the same synapses, used backwards

# Eq 10. A pixel is the same in both phases.
LEARN = "w += alpha_post*learns_post*(r_pre*r_post - r_free_pre*r_free_post)/beta_post"
LEARN_PIXEL = "w += alpha_post*learns_post*x_pre*(r_post - r_free_post)/beta_post"
SUM = "grad += learns_post*(r_pre*r_post - r_free_pre*r_free_post)/beta_post"
SUM_PIXEL = "grad += learns_post*x_pre*(r_post - r_free_post)/beta_post"
UPDATE = "w += alpha_post*grad/batch\ngrad = 0"

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
        settings=lambda epoch: {f"alpha_{m}": a for m, a in enumerate(options.alphas)},
        learns=LEARNING,
        phases={FREE: options.free, NUDGED: options.nudged},
        moments={
            "onset": Moment(FREE, "first", "start", "an image appears"),
            "pixel": Moment(FREE, "first", "start", "its pixels are told, once"),
            "free_end": Moment(FREE, "last", "end", "the free phase ends; the nudge begins"),
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
        populations[name] = Population(size, cell, _events(name, len(names)))
    projections = {}
    for m, (below, above) in enumerate(zip(["input", *names], names, strict=False)):
        projections[f"W_{m}"] = _weights(options, below, above)
    for name in names:
        code = TOTAL_OUTPUT if name == "output" else TOTAL
        paths = {"measure": Pathway(code, "measure")}
        projections[f"whole_{name}"] = Projection(name, "output", "", paths)
    state = {f"W_{m}": (f"W_{m}", "w") for m in range(len(names))}
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


def _events(name, layers):
    """Silent cells send nothing; those that were silent in both phases teach nothing."""
    events = {"measure": Event("True")}
    if layers > 1:
        events["send"] = Event("r != 0")
    if name != "output":
        events["learn"] = Event("r != 0 or r_free != 0")
    return events


def _weights(options, below, above):
    """Synapses between two layers, which work both ways."""
    if below == "input":
        paths = {"pixel": Pathway(PIXEL, "pixel")}
        online, total, event = LEARN_PIXEL, SUM_PIXEL, "pixel"
    else:
        paths = {"up": Pathway(UP, "send"), "down": Pathway(DOWN, "send", by="post")}
        online, total, event = LEARN, SUM, "learn"
    if options.batch == 1:
        paths["learn"] = Pathway(online, event, at="learn")
        return Projection(below, above, W, paths)
    paths["learn"] = Pathway(total, event, at="learn")
    return Projection(below, above, f"{W}\n{GRAD}", paths, {"update": UPDATE})


def start(options, inputs, seed):
    """Initial weights: W_m of shape (below, above), uniform as of Glorot & Bengio, and biases 0.

    ``particles`` of shape (training images, cells of all layers), where they are kept, are 0.
    """
    rng = np.random.default_rng([seed, 0])
    state, below = {}, inputs
    for m, size in enumerate(options.layers):
        width = options.gain * np.sqrt(6 / (below + size))
        state[f"W_{m}"] = rng.uniform(-width, width, (below, size))
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
    """The state, with the free states of the images that were learned from."""
    if "particles" not in state or not inputs.learns or inputs.places is None:
        return state
    kept = state["particles"].copy()
    free = [outcome[f"s_{m}"] for m in range(len(outcome) - 1)]
    kept[inputs.places] = np.concatenate(free, axis=1)
    return state | {"particles": kept}
