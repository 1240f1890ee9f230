"""The network that learns images: how it starts, learns from a mini-batch, and what is measured."""

import numpy as np

from models.bursts import layers
from models.bursts.equations import equations
from models.engine.batch import BatchNetwork, add_product
from models.measures import angle
from models.theory import Variable, refuse_other_outputs


def network(options, inputs, classes):
    """The network that options describe, for images of so many pixels and classes.

    Raises
    ------
    ValueError
        If the last layer is not one cell a class.
    """
    refuse_other_outputs(options.layers, classes)
    above = [*(f"hidden_{m}" for m in range(len(options.layers) - 1)), "output"]

    def forward(state, x):
        return dict(zip(above, layers.events(options, state, x)[1:], strict=True))

    def learn(state, x, target, cells, rng, epoch):
        return layers.updated(options, state, [x, *cells.values()], target, epoch)

    def observe(state, x, target):
        e = layers.events(options, state, x)
        found = {"change": dict(zip(above, layers.errors(options, state, e, target), strict=True))}
        if options.feedback != "backprop":
            for name, teacher in (("", None), ("_taught", target)):
                seen = layers.bursts(options, state, e, teacher)
                found[f"p{name}"] = dict(zip(above, seen.p, strict=True))
                found[f"b{name}"] = dict(zip(above, seen.b, strict=True))
        return found

    kinds = {"rates": ("h",), "errors": ("change",)}
    if options.feedback != "backprop":
        kinds["bursts"] = ("p", "b", "p_taught", "b_taught")
    return BatchNetwork(
        {"input": inputs} | dict(zip(above, options.layers, strict=True)),
        start=lambda seed: start(options, inputs, seed),
        forward=forward,
        learn=learn,
        batch=options.batch,
        meanings=meanings(options, inputs),
        records=kinds,
        observe=observe,
        measure=lambda state, x, target: measures(options, state, x, target),
        about=about(options),
        equations=equations(options),
        uses=(layers.events, layers.bursts, layers.taught, layers.feedback, layers.errors)
        + (layers.updates, layers.updated, add_product),
    )


def shapes(options, inputs):
    """Array of the state -> shape and meaning, but for momenta."""
    sizes, found = (inputs, *options.layers), {}
    for m, (below, size) in enumerate(zip(sizes[:-1], options.layers, strict=True)):
        found[f"W_{m}"] = (below, size), f"weights of layer {m}"
        found[f"bias_{m}"] = (size,), f"biases of layer {m}"
    for m, (size, over) in enumerate(zip(options.layers, options.layers[1:], strict=False)):
        if options.feedback in ("learned", "fixed"):
            found[f"Y_{m}"] = (over, size), f"feedback weights to hidden_{m}"
        if options.recurrent:
            found[f"R_{m}"] = (size, size), f"recurrent weights of hidden_{m}"
    return found


def meanings(options, inputs):
    """Array of the state -> what it is."""
    found = {name: meaning for name, (_, meaning) in shapes(options, inputs).items()}
    return found | {
        layers.moving(name): f"last update of {name}" for name in layers.moved(options, found)
    }


def start(options, inputs, seed):
    """Weights W_m are normal, Y_m and R_m uniform (within .01); biases are 0.

    But for the output's: its cells begin with the mean of their targets, 1/classes. From 1/2, where
    they would be, all their first errors are alike, and hidden cells saturate.
    """
    rng, state, last = np.random.default_rng([seed, 0]), {}, len(options.layers) - 1
    gains = options.each(options.gain)
    for name, (shape, _) in shapes(options, inputs).items():
        if name[0] == "W":
            spread = gains[int(name[2:])] * np.sqrt(2 / sum(shape))
            state[name] = rng.normal(0, spread, shape)
        elif name[0] in "YR":
            width = options.feedback_width if name[0] == "Y" else 0.01
            state[name] = rng.uniform(-width, width, shape)
        else:
            state[name] = np.zeros(shape)
    state[f"bias_{last}"] -= np.log(max(options.layers[last] - 1, 1))
    for name in layers.moved(options, state):
        state[layers.moving(name)] = np.zeros_like(state[name])
    return state


def measures(options, state, x, target):
    """What is measured of some images before they are learned from, shape (images,) each.

    For each hidden layer m: ``update_m``, the angle between what its forward weights learn from
    them and backpropagation's, and ``feedback_m``, that between its feedback weights and the
    transposed forward ones.
    """
    if options.feedback == "backprop":
        return {}
    found, e = {}, layers.events(options, state, x)
    mine = layers.errors(options, state, e, target)
    true = layers.errors(options.exact(), state, e, target)
    for m in range(len(options.layers) - 1):
        way = angle((e[m].T @ mine[m]).ravel(), (e[m].T @ true[m]).ravel())
        found[f"update_{m}"] = np.full(len(x), way)
        if f"Y_{m}" in state:
            way = angle(state[f"Y_{m}"].ravel(), state[f"W_{m + 1}"].T.ravel())
            found[f"feedback_{m}"] = np.full(len(x), way)
    return found


def about(options):
    """Name -> ``Variable`` of what is recorded and measured."""
    say = {"h": "event rate e", "change": "what a layer learns from: its change of burst rate"}
    if options.feedback == "backprop":
        say["change"] = "what a layer learns from: its gradient, in the size of a burst rate"
    else:
        say |= {"p": "burst probability without a teacher", "b": "burst rate without a teacher"}
        say |= {"p_taught": "burst probability with a teacher"}
        say |= {"b_taught": "burst rate with a teacher"}
        for m in range(len(options.layers) - 1):
            say[f"update_{m}"] = (
                f"angle in degrees between the update of W_{m} and backpropagation's"
            )
            if options.feedback != "transposed":
                say[f"feedback_{m}"] = f"angle in degrees between Y_{m} and W_{m + 1}, transposed"
    return {name: Variable("1", 1.0, text, "image") for name, text in say.items()}
