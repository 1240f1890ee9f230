"""Weights that a network begins with: forward, backward, and lateral ones that cancel the latter.

Arrays are (cells of the source, cells of the target). Of a self-predicting network, without a
target, interneurons are at the potentials of the layer above, and apical dendrites are silent
(Sacramento et al. 2018, section 2).
"""

from types import MappingProxyType

import numpy as np

from models.microcircuit.rates import POTENTIALS, RATES

# Weights of a kind -> the option with their learning rates.
ETAS = MappingProxyType({"W": "eta_up", "IP": "eta_IP", "PI": "eta_PI", "TD": "eta_TD"})


def attenuation(options):
    """What is left at the soma of a dendrite's potential, of all hidden layers and the output.

    Returns
    -------
    tuple of float
        g_B/(g_lk + g_B + g_A); of the output, which has no apical dendrite, g_B/(g_lk + g_B).
    """
    g_lk, g_B, g_A = options.g_lk, options.g_B, options.g_A
    hidden = len(options.layers) - 1
    return (g_B / (g_lk + g_B + g_A),) * hidden + (g_B / (g_lk + g_B),)


def goals(options, target):
    """Target potentials of targets (1: the class, else 0), both of shape (images, classes)."""
    other, own = POTENTIALS[options.phi](np.array(options.targets))
    return np.where(target > 0.5, own, other).astype(target.dtype)


def middle(options):
    """The potential whose rate is the mean of an output cell's targets."""
    other, own = options.targets
    classes = options.layers[-1]
    return POTENTIALS[options.phi](((classes - 1) * other + own) / classes)


def weights(options, inputs, seed):
    """Initial weights and thresholds.

    Returns
    -------
    dict of ndarray
        ``W_m`` from the layer below, ``TD_m`` from the layer above, ``IP_m`` to interneurons and
        ``PI_m`` from them, of hidden layer m, and ``W_N`` of the output, all uniform; thresholds
        ``b_hidden_m``, ``b_inter_m`` and ``b_output``.

    Notes
    -----
    Thresholds of the layers cancel the drive of the mean (``options.mean``), so that potentials
    begin around 0; those of the output, around what is asked of it on average. From further away
    its first errors, all alike, would drive hidden cells into saturation.
    """
    rng = np.random.default_rng([seed, 0])
    sizes = (inputs, *options.layers)
    names, state = options.names, {}
    for m, (name, width) in enumerate(zip(names, options.each("w_up"), strict=True)):
        state[f"W_{m}"] = rng.uniform(-width, width, sizes[m : m + 2])
        mean = options.mean[min(m, 1)]
        state[f"b_{name}"] = -mean * state[f"W_{m}"].sum(axis=0)
    state["b_output"] += middle(options) / attenuation(options)[-1]
    for m, width in enumerate(options.each("w_down")):
        if options.feedback == "fixed":
            state[f"TD_{m}"] = rng.uniform(-width, width, (sizes[m + 2], sizes[m + 1]))
    if not options.thresholds:
        state = {name: value for name, value in state.items() if not name.startswith("b_")}
    random = options.start == "random"
    return state | (_drawn(options, state, rng) if random else self_predicting(options, state))


def self_predicting(options, state):
    """Lateral weights and thresholds with which a network predicts itself, from its other weights.

    PI = -TD, and IP makes of a layer's rates what the layer above makes of them (Sacramento
    et al. 2018, section 2).
    """
    a, found = attenuation(options), {}
    whole = (options.g_lk + options.g_D) / options.g_D
    for m, above in enumerate(options.names[1:]):
        found[f"IP_{m}"] = whole * a[m + 1] * state[f"W_{m + 1}"]
        if options.thresholds:
            found[f"b_inter_{m}"] = whole * a[m + 1] * state[f"b_{above}"]
        if options.feedback == "fixed":
            found[f"PI_{m}"] = -state[f"TD_{m}"]
    return found


def _drawn(options, state, rng):
    """Lateral weights at random, and thresholds of 0."""
    found = {}
    for m in range(len(options.layers) - 1):
        up, width = state[f"W_{m + 1}"].shape, options.w_lateral
        found[f"IP_{m}"] = rng.uniform(-width, width, up)
        found[f"PI_{m}"] = rng.uniform(-width, width, up[::-1])
        if options.thresholds:
            found[f"b_inter_{m}"] = np.zeros(up[1])
    return found


def potentials(options, state):
    """Potentials of 0 everywhere, and what their rates make of all dendrites; the input is dark.

    Parameters
    ----------
    options : Options
    state : dict
        Weights and thresholds.

    Returns
    -------
    dict of ndarray
        ``u_hidden_0``, ``r_hidden_0``, ``v_B_hidden_0``, ...: name, population.
    """
    hidden = len(options.layers) - 1
    sizes = {f"hidden_{m}": options.layers[m] for m in range(hidden)}
    sizes |= {f"inter_{m}": options.layers[m + 1] for m in range(hidden)}
    sizes["output"] = options.layers[-1]
    zero = {name: np.zeros(size) for name, size in sizes.items()}
    r = {name: RATES[options.phi](u) for name, u in zero.items()}
    names = ["input", *options.names]
    r["input"] = np.zeros(len(state["W_0"]))
    found = {f"u_{name}": u for name, u in zero.items()} | {f"r_{n}": v for n, v in r.items()}
    for m, name in enumerate(names[1:]):
        found[f"v_B_{name}"] = r[names[m]] @ state[f"W_{m}"] + state.get(f"b_{name}", 0)
    for m in range(hidden):
        name, inter = f"hidden_{m}", f"inter_{m}"
        found[f"v_TD_{name}"] = r[names[m + 2]] @ state[f"TD_{m}"]
        found[f"v_PI_{name}"] = r[inter] @ state[f"PI_{m}"]
        found[f"v_D_{inter}"] = r[name] @ state[f"IP_{m}"] + state.get(f"b_{inter}", 0)
    return found | {"target_output": zero["output"]}


def meanings(options):
    """Array of the state -> what it is."""
    found = {}
    for m, name in enumerate(options.names):
        found[f"W_{m}"] = f"bottom-up weights to {name}"
        found[f"b_{name}"] = f"thresholds of {name}"
        if name != "output":
            found[f"TD_{m}"] = f"top-down weights to {name}"
            found[f"IP_{m}"] = f"weights from {name} to its interneurons"
            found[f"PI_{m}"] = f"weights from interneurons to {name}"
            found[f"b_inter_{m}"] = f"thresholds of the interneurons of {name}"
    return found
