"""The wiring table: drive and rate go up, error and what comes back go down, then all learn."""

import numpy as np

from models.backprop import cells
from models.backprop.options import LOSSES
from models.engine.circuit import Circuit, Event, Pathway, Population, Projection, Sweep
from models.engine.network import EACH_IMAGE, IMAGE, Network, one_hot
from models.engine.schedule import Moment
from models.theory import refuse_other_outputs

ORDER = (
    Sweep(("onset",)),
    Sweep(("rate", "drive", "share"), "up"),
    Sweep(("error", "back"), "down"),
    Sweep(("learn",)),
    Sweep(("update",)),
)
LEARNING = ("error", "back", "learn", "update")

W = "w : 1  # weight"
B = "w : 1  # feedback weight"
GRAD = "grad : 1  # sum over the mini-batch"
DRIVE = "a_post += w*h_pre"
BACKWARDS = "back_pre += w*delta_post"  # the same synapses, used backwards
BACK = "back_post += w*delta_pre"  # synapses of their own
SHARE = "total_post += h_pre"
LEARN = "w -= eta_post*learns_post*delta_post*h_pre"
LEARN_SPARSE = (
    "w -= eta_post*learns_post*delta_post*h_pre*int(w != 0)"  # what was left out stays out
)
SUM = "grad += learns_post*delta_post*h_pre"
UPDATE = "w -= eta_post*grad\ngrad = 0"
UPDATE_SPARSE = "w -= eta_post*grad*int(w != 0)\ngrad = 0"
MOVES = "moves : 1  # last update"
MOMENTUM = "moves = momentum*moves - eta_post*grad\nw += moves\ngrad = 0"
MOMENTUM_SPARSE = "moves = momentum*moves - eta_post*grad*int(w != 0)\nw += moves\ngrad = 0"

RECORDS = {"rates": ("h",), "errors": ("delta", "back")}


def network(options, inputs, classes):
    """The network that options describe, for images of so many pixels and classes.

    Raises
    ------
    ValueError
        If the last layer is not one cell a class.
    """
    refuse_other_outputs(options.layers, classes)
    softmax = options.loss == "cross-entropy"

    def read(outcome, inputs):
        h, target = outcome["h"], one_hot(inputs.labels, classes)
        if softmax:
            return h, {"loss": -np.log(np.maximum((h * target).sum(axis=1), 1e-300))}
        return h, {"loss": np.sum((target - h) ** 2, axis=1) / 2}

    return build(options, inputs, LOSSES[options.loss], "class", read)


def regression(options, inputs):
    """A network of linear outputs that learns numbers: labels have shape (images, outputs)."""

    def read(outcome, inputs):
        return outcome["h"], {"loss": np.sum((inputs.labels - outcome["h"]) ** 2, axis=1) / 2}

    return build(options, inputs, "linear", "vector", read)


def build(options, inputs, nonlinearity, target, read):
    """A network of any output.

    Parameters
    ----------
    options : Options
    inputs : int
    nonlinearity : str
        Of the output, as in ``cells.OUTPUT`` with the options' loss.
    target : str
        "class", or "vector": labels are numbers for each output.
    read : callable
        As of ``models.engine.network.Network``.
    """
    names = ["input", *(f"hidden_{m}" for m in range(len(options.layers) - 1)), "output"]
    kinds = [cells.hidden(options)] * (len(names) - 2)
    kinds.append(cells.output(nonlinearity, options, target))
    populations = {"input": Population(inputs, cells.INPUT, {"drive": Event("h > 0")})}
    if target == "vector":
        populations["input"] = Population(inputs, cells.INPUT, {"drive": Event("True")})
    for name, size, cell in zip(names[1:], options.layers, kinds, strict=True):
        populations[name] = Population(size, cell, _events(name, options, cell))
    projections = _forward(options, names) | _feedback(options, names)
    if nonlinearity == "softmax":
        share = {"drive": Pathway(SHARE, "drive")}
        projections["share"] = Projection("output", "output", "", share)
    state = {name: (name, "w") for name in projections if name != "share"}
    state |= {f"b_{m}": (name, "b") for m, name in enumerate(names[1:])}
    moving = _moving(options).items()
    state |= {f"{name}_moves": (state[name][0], variable) for name, variable in moving}
    circuit = Circuit(
        populations,
        projections,
        ORDER,
        state,
        outcome=("h",),
        outcome_at="onset",
        settings={f"eta_{m}": (name, "eta") for m, name in enumerate(names[1:])},
        targets=options.layers[-1] if target == "vector" else 0,
    )
    last = Moment(IMAGE, "first", "groups", "a mini-batch is done", every=options.batch)
    return Network(
        circuit,
        start=lambda seed: start(options, inputs, seed),
        read=read,
        settings=lambda epoch: rates(options, epoch),
        learns=LEARNING,
        moments={"onset": EACH_IMAGE, "update": last},
        records=RECORDS,
        options={"feedback": options.feedback, "mini-batch": str(options.batch)},
    )


def rates(options, epoch):
    """Learning rates in an epoch; those of hidden layers are 0 where no error reaches them."""
    etas = [eta * options.decay**epoch for eta in options.each(options.eta)]
    if options.feedback == "none":
        etas[:-1] = [0.0] * (len(etas) - 1)
    return {f"eta_{m}": eta for m, eta in enumerate(etas)}


def start(options, inputs, seed):
    """Initial weights: W_m of shape (below, above), b_m, and B_m of shape (above, below)."""
    rng = np.random.default_rng([seed, 0])
    sizes, state = (inputs, *options.layers), {}
    widths = options.each(options.init) or [
        np.sqrt(6 / (below + size)) for below, size in zip(sizes, options.layers, strict=False)
    ]
    for m, (below, size) in enumerate(zip(sizes, options.layers, strict=False)):
        state[f"W_{m}"] = rng.uniform(-widths[m], widths[m], (below, size))
        state[f"b_{m}"] = np.zeros(size)
    if options.feedback in ("random", "direct"):
        for m, size in enumerate(options.layers[:-1]):
            above = options.layers[m + 1 if options.feedback == "random" else -1]
            width = options.feedback_width
            state[f"B_{m}"] = rng.uniform(-width, width, (above, size))
    if options.sparsity:
        for name in (name for name in state if name[0] in "WB"):
            state[name] *= rng.random(state[name].shape) >= options.sparsity
    return state | {f"{name}_moves": np.zeros_like(state[name]) for name in _moving(options)}


def _learned(options):
    """Layers whose forward synapses learn."""
    layers = range(len(options.layers))
    return layers[-1:] if options.feedback == "none" else layers


def _moving(options):
    """What learns with momentum: array of the state -> variable that holds its last update."""
    if not options.momentum:
        return {}
    biases = {f"b_{m}": "b_moves" for m in range(len(options.layers))}
    return {f"W_{m}": "moves" for m in _learned(options)} | biases


def _events(name, options, cell):
    """A layer sends all that is not 0 upwards, and its error downwards."""
    events = {}
    if name != "output":
        events["drive"] = Event("h != 0" if options.nonlinearity == "relu" else "True")
    elif "total" in cell.parts:
        events["drive"] = Event("True")
    if name != "hidden_0":
        events["back"] = Event("True")
    return events


def _forward(options, names):
    """Synapses from each layer to the next."""
    found, learn, plastic = {}, *_learning(options)
    for m, (below, above) in enumerate(zip(names[:-1], names[1:], strict=True)):
        paths, own = {"drive": Pathway(DRIVE, "drive")}, {"equations": W}
        if m in _learned(options):
            paths["learn"], own = learn, plastic
        if options.feedback == "transpose" and below != "input":
            paths["back"] = Pathway(BACKWARDS, "back", by="post")
        found[f"W_{m}"] = Projection(below, above, pathways=paths, **own)
    return found


def _learning(options):
    """How forward synapses learn: the pathway, and what else they have for it."""
    if options.online:
        code = LEARN_SPARSE if options.sparsity else LEARN
        return Pathway(code, "drive", at="learn"), {"equations": W}
    if options.momentum:
        code = MOMENTUM_SPARSE if options.sparsity else MOMENTUM
        own = {"equations": f"{W}\n{GRAD}\n{MOVES}", "symbols": {"momentum": options.momentum}}
    else:
        code = UPDATE_SPARSE if options.sparsity else UPDATE
        own = {"equations": f"{W}\n{GRAD}"}
    return Pathway(SUM, "drive", at="learn"), own | {"statements": {"update": code}}


def _feedback(options, names):
    """Synapses of their own for what comes back."""
    hidden, above = names[1:-1], names[2:]
    if options.feedback == "direct":
        above = ["output"] * len(hidden)
    if options.feedback not in ("random", "direct"):
        return {}
    paths = {"back": Pathway(BACK, "back")}
    return {
        f"B_{m}": Projection(source, target, B, paths)
        for m, (source, target) in enumerate(zip(above, hidden, strict=False))
    }
