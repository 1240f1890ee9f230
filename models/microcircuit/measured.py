"""What is measured of a network in its steady state: errors that should not be, and angles."""

import numpy as np

from models.measures import angle
from models.microcircuit.rates import RATES, SLOPES
from models.microcircuit.sweeps import errors, settle, top_down
from models.microcircuit.weights import attenuation
from models.theory import Variable


def measures(options, state, x, target):
    """What is measured of some images before they are learned from, shape (images,) each.

    Of each hidden layer m: ``residual_m``, the size of the apical potential without a target,
    beside its part from above; ``feedback_m``, the angle between top-down weights and the
    transposed bottom-up ones; and for each layer ``update_m``, the angle between the update of
    basal weights by an image's mini-batch and that of backpropagation (of many images both nearly
    cancel), and ``taught_m``, the same of the update less that which there is without a target,
    from what interneurons fail to cancel.
    """
    found, size = {}, options.batch
    parts = [slice(k, k + size) for k in range(0, len(x), size)]
    each = [_measured(options, state, x[part], target[part]) for part in parts]
    for name in each[0]:
        found[name] = np.concatenate([one[name] for one in each])
    for m in range(len(options.layers) - 1):
        if f"TD_{m}" in state:
            way = angle(state[f"TD_{m}"].ravel(), state[f"W_{m + 1}"].T.ravel())
            found[f"feedback_{m}"] = np.full(len(x), way)
    return found


def _measured(options, state, x, target):
    """The same of one mini-batch."""
    free, found = settle(options, state, x), {}
    for m in range(len(options.layers) - 1):
        above = top_down(options, state, m, free.r[m + 1])
        size, whole = (np.linalg.norm(v, axis=1) for v in (free.v_A[m], above))
        found[f"residual_{m}"] = size / whole
    taught = updates(options, state, x, settle(options, state, x, target))
    untaught = updates(options, state, x, free)
    for m, exact in enumerate(gradients(options, state, x, target)):
        if m in taught:
            for name, update in (("update", taught[m]), ("taught", taught[m] - untaught[m])):
                found[f"{name}_{m}"] = np.full(len(x), angle(update.ravel(), exact.ravel()))
    return found


def updates(options, state, x, settled):
    """Layer -> what its basal weights learn from all images, but for the rate."""
    found = {}
    for name, (source, error) in errors(options, state, settled).items():
        if name.startswith("W_"):
            found[int(name[2:])] = (x if source is None else source).T @ error
    return found


def gradients(options, state, x, target):
    """Updates of backpropagation, from below: down |target - u|^2/2, as phi sees it, of the output.

    The network is the same without apical dendrites: u = a*(W r + b). Its error is that of the
    paper's theory, phi'(u)*(target - u).
    """
    phi, slope, a = RATES[options.phi], SLOPES[options.phi], attenuation(options)
    r, layers = [x], range(len(options.layers))
    for m in layers:
        u = a[m] * (r[-1] @ state[f"W_{m}"] + state.get(f"b_{options.names[m]}", 0))
        r.append(phi(u))
    error, found = slope(r[-1]) * (target - u), []
    for m in reversed(layers):
        found.insert(0, r[m].T @ error)
        if m:
            error = slope(r[m]) * (error @ (a[m] * state[f"W_{m}"]).T)
    return found


def about(options):
    """Name -> ``Variable`` of what is measured."""
    say = {}
    for m, name in enumerate(options.names):
        if options.learned("eta_up", m):
            say[f"taught_{m}"] = f"update_{m}, less what W_{m} learns without a target"
            say[f"update_{m}"] = (
                f"angle in degrees between the update of W_{m} and backpropagation's"
            )
        if name != "output":
            say[f"residual_{m}"] = f"|v_A| of {name} without a target, beside |v_TD|"
        if name != "output" and options.feedback == "fixed":
            say[f"feedback_{m}"] = f"angle in degrees between TD_{m} and W_{m + 1}, transposed"
    say |= {"v_B": "basal potential", "v_A": "apical potential, where the output is taught"}
    say |= {"v_A_free": "apical potential without a target"}
    return {name: Variable("1", 1.0, text, "image") for name, text in say.items()}
