"""The same circuits in plain NumPy, in sweeps: what potentials settle to, and one update of it."""

import numpy as np

from tests.microcircuit.reference import (
    attenuations,
    hidden,
    names,
    of_inter,
    rate,
    rates_of_learning,
)


def forward(how, state, x, v_A=None):
    """Basal and somatic potentials of hidden layers and output, from below.

    Apical potentials are those of the sweep before, or 0.
    """
    v_B, u, r, a = [], [], x, attenuations(how, hidden(state))
    lam = how.g_A / (how.g_lk + how.g_B + how.g_A)
    for m, cells in enumerate(names(state)):
        v_B.append(r @ state[f"W_{m}"] + state.get(f"b_{cells}", 0))
        u.append(a[m] * v_B[m])
        if cells != "output" and v_A:
            u[m] = u[m] + lam * v_A[m]
        elif cells != "output" and how.attenuation == "literal":
            u[m] = v_B[m]
        r = rate(how, u[m])
    return v_B, u


def fed_back(how, state):
    """The state with top-down weights, and those that cancel them, where they follow from W."""
    if how.feedback == "fixed":
        return state
    follows = {f"TD_{m}": state[f"W_{m + 1}"].T for m in range(hidden(state))}
    return state | follows | {f"PI_{m}": -follows[f"TD_{m}"] for m in range(hidden(state))}


def settled(how, state, x, target):
    """One or more sweeps, up and down.

    Parameters
    ----------
    x : ndarray, shape (images, inputs)
    target : ndarray, shape (images, outputs), or None
        Potentials that the output is nudged to.

    Returns
    -------
    dict
        Lists, one entry a layer: r (the input first), u, v_B, v_A, v_TD; of interneurons u_I, v_D.
    """
    state, layers, a = fed_back(how, state), hidden(state), attenuations(how, hidden(state))
    lam_A = how.g_A / (how.g_lk + how.g_B + how.g_A)
    lam_N = how.g_som / (how.g_lk + how.g_B + how.g_som)
    lam_I = how.g_som / (how.g_lk + how.g_D + how.g_som)
    v_A, v_TD, u_I = None, [None] * layers, [None] * layers
    for _ in range(how.sweeps):
        v_B, u = forward(how, state, x, v_A)
        v_D = [rate(how, u[m]) @ state[f"IP_{m}"] for m in range(layers)]
        v_D = [v_D[m] + state.get(f"b_inter_{m}", 0) for m in range(layers)]
        if target is not None:
            u[-1] = (1 - lam_N) * u[-1] + lam_N * target
        v_A = [None] * layers
        for m in reversed(range(layers)):
            u_I[m] = (1 - lam_I) * of_inter(how) * v_D[m] + lam_I * u[m + 1]
            v_TD[m] = rate(how, u[m + 1]) @ state[f"TD_{m}"]
            v_A[m] = v_TD[m] + rate(how, u_I[m]) @ state[f"PI_{m}"]
            u[m] = a[m] * v_B[m] + lam_A * v_A[m]
    r = [x, *(rate(how, one) for one in u)]
    return {"r": r, "u": u, "v_B": v_B, "v_A": v_A, "v_TD": v_TD, "u_I": u_I, "v_D": v_D}


def updates(how, state, x, target):
    """What a mini-batch changes, before rates: means over images."""
    layers, a, found = hidden(state), attenuations(how, hidden(state)), {}
    now = settled(how, state, x, target)
    r = now["r"]
    for m, cells in enumerate(names(state)):
        error = r[m + 1] - rate(how, a[m] * now["v_B"][m])
        found |= {f"W_{m}": r[m].T @ error, f"b_{cells}": error.sum(axis=0)}
    for m in range(layers):
        r_I = rate(how, now["u_I"][m])
        error = r_I - rate(how, of_inter(how) * now["v_D"][m])
        found |= {f"IP_{m}": r[m + 1].T @ error, f"b_inter_{m}": error.sum(axis=0)}
        found[f"PI_{m}"] = r_I.T @ -now["v_A"][m]
        found[f"TD_{m}"] = r[m + 2].T @ (r[m + 1] - rate(how, now["v_TD"][m]))
    return {name: change / len(x) for name, change in found.items()}


def learn(how, state, x, target):
    """The state after a mini-batch, each image of which stands for ``lasts``."""
    eta, change = rates_of_learning(how, state), updates(how, state, x, target)
    moved = {name: state[name] + eta[name] * how.lasts * change[name] for name in eta}
    return state | moved


def slope(how, u):
    """The derivative of phi."""
    if how.phi == "logistic":
        return rate(how, u) * (1 - rate(how, u))
    if how.phi == "softplus":
        return 1 / (1 + np.exp(-u))
    return how.gamma * how.beta / (1 + np.exp(-how.beta * (u - how.theta)))


def backprop(how, state, x, target):
    """Updates of backpropagation in the same network going up, of the squared error of potentials.

    The output's delta is phi'(u_N) (u_trgt - u_N); the layers below have it through W^T.
    """
    (_, u), found, layers = forward(how, state, x), {}, hidden(state)
    r, a = [x, *(rate(how, one) for one in u)], attenuations(how, layers)
    delta = slope(how, u[-1]) * (target - u[-1])
    for m in reversed(range(layers + 1)):
        found[f"W_{m}"] = r[m].T @ delta / len(x)
        if m:
            delta = slope(how, u[m - 1]) * (delta @ (a[m] * state[f"W_{m}"]).T)
    return found
