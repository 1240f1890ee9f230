"""What layers do: rates, targets, errors, and what inverses learn from.

h[0] = x are the pixels and h[m+1] = s(h[m] W_m + b_m) the activities, of shape (images, cells);
the last are the outputs. W_m leads to hidden layer m, and the inverse V_m leads back to it from the
layer above: g_m(h) = s(h V_m + c_m). Targets and errors are lists of one array a layer above the
input. Functions take the options and the state first.
"""

import numpy as np
from scipy.special import expit, softmax

# s, and its slope s' as a function of h = s(a)
NONLINEAR = {
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "sigmoid": (expit, lambda h: h * (1 - h)),
    "linear": (lambda a: a, np.ones_like),
}
TINY = 1e-30  # single precision holds it; the logarithm of 0 does not exist


def _softmax_loss(y, target):
    return -np.log(np.maximum(np.sum(y * target, axis=1), TINY))


def _squared_loss(y, target):
    return np.sum((target - y) ** 2, axis=1) / 2


# Loss of the output: (nonlinearity, loss of each image, gradient of the loss by the drive).
OUTPUTS = {
    "cross-entropy": (lambda a: softmax(a, axis=1), _softmax_loss, lambda y, t: y - t),
    "squared": (expit, _squared_loss, lambda y, t: (y - t) * y * (1 - y)),
}


def slope(options, h):
    """The derivative s' of hidden cells, where they are at h."""
    return NONLINEAR[options.nonlinearity][1](h)


def up(options, state, m, below):
    """f_m: what layer m does if the layer below is at ``below``."""
    last = m == len(options.layers) - 1
    s = OUTPUTS[options.loss][0] if last else NONLINEAR[options.nonlinearity][0]
    return s(below @ state[f"W_{m}"] + state[f"b_{m}"])


def down(options, state, m, above, hidden):
    """g_m: where hidden layer m should be, by its inverse, for ``above`` to be as it is.

    In AO-SDTP the inverse of the output also sees fixed random features of the layer itself, which
    is at ``hidden`` (Bartunov et al. 2018, section 2).
    """
    s = NONLINEAR[options.nonlinearity][0]
    return s(seen(options, state, m, above, hidden) @ state[f"V_{m}"] + state[f"c_{m}"])


def seen(options, state, m, above, hidden):
    """What an inverse sees: the layer above, and the random features where it has them."""
    if options.mode != "ao-sdtp" or m < len(options.layers) - 2:
        return above
    return np.concatenate([above, np.tanh(hidden @ state["R"])], axis=1)


def rates(options, state, x):
    """Activities of all layers, the input first."""
    h = [x]
    for m in range(len(options.layers)):
        h.append(up(options, state, m, h[-1]))
    return h


def targets(options, state, h, target):
    """Targets of all layers above the input.

    Lee et al. (2015), with their difference correction: where the layer above is at its target, so
    is the one below. In DTP the first of them takes a step along the gradient of an image's loss.
    """
    found = [target]
    if options.mode == "dtp":
        error = OUTPUTS[options.loss][2](h[-1], target)
        back = error @ state[f"W_{len(options.layers) - 1}"].T
        found.insert(0, h[-2] - options.alpha * back + options.light)
    for m in reversed(range(options.inverses)):
        here, above = h[m + 1], h[m + 2]
        there = down(options, state, m, found[0], here)
        found.insert(0, here + there - down(options, state, m, above, here) + options.light)
    return found


def errors(options, state, h, target):
    """Gradients of what each layer lowers, by its drive: its distance to its target, or the loss.

    A hidden layer with a target lowers |h - target|^2, the output the loss. ``bp`` hands errors
    down through transposed forward weights, ``fa`` through fixed random ones.
    """
    found = [OUTPUTS[options.loss][2](h[-1], target)]
    if options.inverses:
        goals = targets(options, state, h, target)
        pairs = zip(h[1:-1], goals[:-1], strict=True)
        return [2 * (here - goal) * slope(options, here) for here, goal in pairs] + found
    for m in reversed(range(len(options.layers) - 1)):
        weights = state[f"B_{m}"] if options.mode == "fa" else state[f"W_{m + 1}"].T
        found.insert(0, found[0] @ weights * slope(options, h[m + 1]))
    return found


def gradients(options, state, h, target):
    """Gradients of forward weights and biases, means over the mini-batch."""
    found = {}
    for m, error in enumerate(errors(options, state, h, target)):
        found[f"W_{m}"] = h[m].T @ error / len(error)
        found[f"b_{m}"] = error.mean(axis=0)
    return found


def inverse_gradients(options, state, h, rng):
    """Gradients of inverses, means over the mini-batch.

    A hidden layer with some noise is sent up and back again; its inverse lowers the squared
    distance to it, with its noise (Lee et al. 2015) or without (Bartunov et al. 2018).
    """
    found = {}
    for m in range(options.inverses):
        here = h[m + 1]
        noisy = here + options.sigma * rng.standard_normal(here.shape, dtype=here.dtype)
        above = seen(options, state, m, up(options, state, m + 1, noisy), noisy)
        back = NONLINEAR[options.nonlinearity][0](above @ state[f"V_{m}"] + state[f"c_{m}"])
        goal = noisy if options.inverse == "preserving" else here
        error = 2 * (back - goal) * slope(options, back)
        found[f"V_{m}"] = above.T @ error / len(error)
        found[f"c_{m}"] = error.mean(axis=0)
    return found
