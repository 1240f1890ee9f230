"""Ensembles of bursting cells as rates: events go up, bursts come down, and what changes teaches.

Payeur et al. (2021), the model of their deep networks. e[0] = x are the pixels and e[m+1] =
s(e[m] W_m + bias_m) the event rates of layer m, of shape (images, cells); s is the logistic
function, and the last are the outputs. Each layer also has a burst probability p and a burst rate
b = p e: in its dendrites it hears the bursts of the layer above, u = (b_above Y)(1 - e), and p =
s(u). Cells burst twice, without and with a teacher, who moves the output's burst probability
only. A weight learns from what this changes. Functions take the options and the state first.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import expit

from models.engine.batch import add_product


class Bursts(NamedTuple):
    """Lists of an array a layer, of shape (images, cells): those of the output are the last.

    Attributes
    ----------
    u : list of ndarray
        Dendritic potentials; None: the output's probability is set by the teacher.
    p, b : list of ndarray
        Burst probabilities and burst rates.
    before : list of ndarray
        Burst rates that feedback alone would give, which recurrent synapses send; None without.
    """

    u: list
    p: list
    b: list
    before: list


def events(options, state, x):
    """Event rates of all layers, the input first."""
    e = [x]
    for m in range(len(options.layers)):
        a = e[-1] @ state[f"W_{m}"]
        a += state[f"bias_{m}"]
        e.append(expit(a))
    return e


def taught(options, e, target):
    """Burst probability of the output as a teacher has it: higher where more events are wanted."""
    return options.p_0 * ((target - e) * (1 - e) + 1)


def bursts(options, state, e, target=None):
    """Bursts of all layers; without a target nobody teaches, and the output's probability is p_0.

    Parameters
    ----------
    options : Options
    state : dict
    e : list of ndarray
        As ``events`` gives them.
    target : ndarray, shape (images, classes), optional

    Returns
    -------
    Bursts
    """
    output, light = e[-1], options.light_early if target is None else options.light_late
    p = np.full_like(output, options.p_0) if target is None else taught(options, output, target)
    found = Bursts([None], [p], [p * output], [None])
    for m in reversed(range(len(options.layers) - 1)):
        u, before = found.b[0] @ feedback(options, state, m), None
        u *= 1 - e[m + 1]
        if options.recurrent:
            before = expit(u) * e[m + 1]
            u -= before @ state[f"R_{m}"]
        u += light
        p = expit(u)
        for values, new in zip(found, (u, p, p * e[m + 1], before), strict=True):
            values.insert(0, new)
    return found


def feedback(options, state, m):
    """Weights from the bursts of the layer above to hidden layer m, shape (above, cells)."""
    return state[f"W_{m + 1}"].T if options.feedback == "transposed" else state[f"Y_{m}"]


def errors(options, state, e, target):
    """What each layer learns from: its change of burst rate, b with a teacher less b without.

    ``backprop`` has the gradient of |target - e|^2/2 in its place, downwards and by the drive, in
    the size that bursts would give it: p_0 at the output, where the change is the same, and a
    quarter a layer further down, which is the slope of s where u is small.
    """
    if options.feedback != "backprop":
        with_teacher = bursts(options, state, e, target)
        without = bursts(options, state, e)
        return [b - usual for b, usual in zip(with_teacher.b, without.b, strict=True)]
    output = e[-1]
    found = [options.p_0 * (target - output) * output * (1 - output)]
    for m in reversed(range(len(options.layers) - 1)):
        h = e[m + 1]
        found.insert(0, found[0] @ state[f"W_{m + 1}"].T * (h * (1 - h) / 4))
    return found


def updates(options, state, e, target, epoch=0):
    """What weights and biases learn from a mini-batch, as (name, sources, changes, rate).

    Each update is rate * sources.T @ changes; that of a bias has no sources. A learned feedback
    weight is told what its forward weight is (Kolen & Pollack 1994): if both decay, they become
    alike.
    """
    rates = [eta * options.decay**epoch / len(target) for eta in options.each(options.eta)]
    for m, change in enumerate(errors(options, state, e, target)):
        yield f"W_{m}", e[m], change, rates[m]
        yield f"bias_{m}", None, change, rates[m]
        if m and options.feedback == "learned":
            yield f"Y_{m - 1}", change, e[m], rates[m]
    if options.recurrent:
        usual = bursts(options, state, e)
        for m, u in enumerate(usual.u[:-1]):
            yield f"R_{m}", usual.before[m], u, options.eta_R / len(target)


def updated(options, state, e, target, epoch=0):
    """The state after a mini-batch; arrays of ``state`` may be changed."""
    made, kept = dict(state), 1 - options.weight_decay * options.decay**epoch
    for name, source, change, rate in list(updates(options, state, e, target, epoch)):
        last = moving(name)
        into = last if last in state else name  # what the update is added to
        if into == last:
            made[last] *= options.momentum
        if name[0] in "WY":
            made[name] *= kept
        if source is None:
            made[into] += rate * change.sum(axis=0)
        else:
            made[into] = add_product(made[into], source, change, rate)
        if into == last:
            made[name] += made[last]
    return made


def moved(options, state):
    """Arrays of the state that learn with momentum."""
    fixed = ("Y", "R") if options.feedback == "fixed" else ("R",)
    return [name for name in state if options.momentum and not name.startswith(fixed)]


def moving(name):
    """The array of the state that holds an array's last update."""
    return f"{name}_moves"
