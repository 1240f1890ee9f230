"""The network: how it starts, learns from a mini-batch, and what is recorded and measured of it."""

import numpy as np

from models.engine.batch import BatchNetwork
from models.target_propagation import layers
from models.target_propagation.conditions import measures
from models.target_propagation.equations import equations
from models.target_propagation.optimisers import OPTIMISERS
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
    update = OPTIMISERS[options.optimiser]

    def forward(state, x):
        return dict(zip(above, layers.rates(options, state, x)[1:], strict=True))

    def learn(state, x, target, cells, rng, epoch):
        h = [x, *cells.values()]
        if options.pixel_noise:
            noise = rng.standard_normal(x.shape, dtype=x.dtype)
            h = layers.rates(options, state, x + options.pixel_noise * noise)
        inverses, weights = turns(options, epoch)
        made, fallen = dict(state), options.decay ** passes(options, epoch)
        if inverses:
            grads = layers.inverse_gradients(options, state, h, rng)
            made |= step(state, grads, "updates_inverse", options.eta_inverse * fallen)
        if weights:
            grads = layers.gradients(options, state, h, target)
            made |= step(state, grads, "updates", options.eta * fallen)
        return made

    def step(state, grads, count, eta):
        made = {count: state[count] + 1}
        for name, grad in grads.items():
            names = name, f"{name}_mean", f"{name}_square"
            now = update(*(state[n] for n in names), grad, eta, int(made[count][0]))
            made |= zip(names, now, strict=True)
        return made

    def observe(state, x, target):
        h = layers.rates(options, state, x)
        errors = layers.errors(options, state, h, target)
        found = {"delta": dict(zip(above, errors, strict=True))}
        if options.inverses:
            goals = layers.targets(options, state, h, target)
            found["target"] = dict(zip(above, goals, strict=True))
        return found

    kinds = {"rates": ("h",), "errors": ("delta",)}
    if options.inverses:
        kinds["targets"] = ("target",)
    return BatchNetwork(
        {"input": inputs} | dict(zip(above, options.layers, strict=True)),
        start=lambda seed: start(options, inputs, seed),
        forward=forward,
        learn=learn,
        batch=options.batch,
        meanings=meanings(options, inputs),
        loss=layers.OUTPUTS[options.loss][1],
        records=kinds,
        observe=observe,
        measure=lambda state, x, target: measures(options, state, x, target),
        about=about(options),
        equations=equations(options),
        uses=(step, layers.rates, layers.up, layers.targets, layers.down, layers.seen)
        + (layers.errors, layers.gradients, layers.inverse_gradients, update),
    )


def turns(options, epoch):
    """Whether inverses, and whether forward weights, learn in an epoch (from 0)."""
    if not options.inverses:
        return False, True
    if options.updates == "parallel":
        return True, True
    return epoch % 2 == 0, epoch % 2 == 1


def passes(options, epoch):
    """Passes of the forward weights through the images that are done before an epoch (from 0)."""
    return epoch // 2 if options.inverses and options.updates == "alternating" else epoch


def shapes(options, inputs):
    """Array of the state -> shape and meaning, but for moments and counts."""
    sizes, found = (inputs, *options.layers), {}
    for m, (below, size) in enumerate(zip(sizes[:-1], options.layers, strict=True)):
        found[f"W_{m}"] = (below, size), f"weights of layer {m}"
        found[f"b_{m}"] = (size,), f"biases of layer {m}"
    for m in range(options.inverses):
        above = options.layers[m + 1]
        if options.mode == "ao-sdtp" and m == options.inverses - 1:
            above += options.features
        found[f"V_{m}"] = (above, options.layers[m]), f"weights of the inverse to hidden_{m}"
        found[f"c_{m}"] = (options.layers[m],), f"biases of the inverse to hidden_{m}"
    if options.mode == "fa":
        for m, (size, above) in enumerate(zip(options.layers, options.layers[1:], strict=False)):
            found[f"B_{m}"] = (above, size), f"fixed feedback weights to hidden_{m}"
    if options.mode == "ao-sdtp":
        found["R"] = (options.layers[-2], options.features), "fixed weights of the random features"
    return found


def meanings(options, inputs):
    """Array of the state -> what it is."""
    found = {name: meaning for name, (_, meaning) in shapes(options, inputs).items()}
    for name in learned(found):
        found[f"{name}_mean"] = f"running mean of the gradient of {name}"
        found[f"{name}_square"] = f"running mean of its square, {name}"
    found["updates"] = "of forward weights, so far"
    if options.inverses:
        found["updates_inverse"] = "of inverses, so far"
    return found


def learned(names):
    """Those arrays of the state that learn."""
    return [name for name in names if name[0] in "WbVc"]


def start(options, inputs, seed):
    """Weights from U(-w, w), w = sqrt(6/(rows + columns)) (Glorot & Bengio 2010); all else is 0."""
    rng, state = np.random.default_rng([seed, 0]), {}
    for name, (shape, _) in shapes(options, inputs).items():
        width = np.sqrt(6 / sum(shape)) if len(shape) > 1 else 0.0
        state[name] = rng.uniform(-width, width, shape)
    for name in learned(state):
        state[f"{name}_mean"] = np.zeros_like(state[name])
        state[f"{name}_square"] = np.zeros_like(state[name])
    counts = ("updates", "updates_inverse") if options.inverses else ("updates",)
    return state | {name: np.zeros(1) for name in counts}


def about(options):
    """Name -> ``Variable`` of what is recorded and measured."""
    say = {"delta": "gradient of what a layer lowers, by its drive"}
    if options.loss == "cross-entropy":
        say["loss"] = "cross-entropy of the output"
    if options.mode != "bp":
        for m in range(len(options.layers) - 1):
            say[f"angle_{m}"] = (
                f"angle in degrees between the error of hidden_{m} and that of backpropagation"
            )
    if options.inverses:
        say["target"] = "target of the activity"
        for m in range(len(options.layers) - 1):
            say[f"lowers_{m}"] = f"share of images whose loss falls if hidden_{m} is at its target"
    for m in range(options.inverses):
        say[f"descends_{m}"] = (
            f"share of images where hidden_{m}, at its target, brings the layer above nearer to "
            "its own"
        )
        say[f"reconstruction_{m}"] = f"squared distance of hidden_{m} to what its inverse gives"
    return {name: Variable("1", 1.0, text, "image") for name, text in say.items()}
