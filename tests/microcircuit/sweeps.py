"""The same circuits in plain NumPy, in sweeps: what potentials settle to, and one update of it."""

import numpy as np

from tests.microcircuit.reference import attenuations, hidden, of_inter, rate, rates_of_learning


def forward(how, state, x):
    """Potentials of hidden layers and output, going up with apical dendrites silent."""
    layers, r, found = hidden(state), x, []
    for m, a in enumerate(attenuations(how, layers)):
        v_B = r @ state[f"W_{m}"] + state[f"b_{m}"]
        literal = how.attenuation == "literal" and m < layers  # then a cell begins at its v_B
        found.append(v_B if literal else a * v_B)
        r = rate(how, found[-1])
    return found


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
        Lists, one entry a layer: r (the input first), v_B, v_A, v_TD, and of interneurons u_I, v_D.
    """
    layers, a = hidden(state), attenuations(how, hidden(state))
    lam_A = how.g_A / (how.g_lk + how.g_B + how.g_A)
    lam_N = how.g_som / (how.g_lk + how.g_B + how.g_som)
    lam_I = how.g_som / (how.g_lk + how.g_D + how.g_som)
    u = forward(how, state, x)
    v_A, v_TD, u_I = ([None] * layers for _ in range(3))
    for _ in range(how.sweeps):
        r = [x, *(rate(how, one) for one in u)]
        v_B = [r[m] @ state[f"W_{m}"] + state[f"b_{m}"] for m in range(layers + 1)]
        v_D = [r[m + 1] @ state[f"IP_{m}"] + state[f"c_{m}"] for m in range(layers)]
        u[-1] = a[-1] * v_B[-1]
        if target is not None:
            u[-1] = (1 - lam_N) * u[-1] + lam_N * target
        for m in reversed(range(layers)):
            u_I[m] = (1 - lam_I) * of_inter(how) * v_D[m] + lam_I * u[m + 1]
            v_TD[m] = rate(how, u[m + 1]) @ state[f"TD_{m}"]
            v_A[m] = v_TD[m] + rate(how, u_I[m]) @ state[f"PI_{m}"]
            u[m] = a[m] * v_B[m] + lam_A * v_A[m]
    r = [x, *(rate(how, one) for one in u)]
    return {"r": r, "u": u, "v_B": v_B, "v_A": v_A, "v_TD": v_TD, "u_I": u_I, "v_D": v_D}


def errors(how, state, now):
    """Array that learns -> (rates of the cells that send, error of those that receive)."""
    layers, a, found = hidden(state), attenuations(how, hidden(state)), {}
    for m in range(layers + 1):
        found[f"W_{m}"] = now["r"][m], now["r"][m + 1] - rate(how, a[m] * now["v_B"][m])
    for m in range(layers):
        r, r_I = now["r"], rate(how, now["u_I"][m])
        found[f"IP_{m}"] = r[m + 1], r_I - rate(how, of_inter(how) * now["v_D"][m])
        found[f"PI_{m}"] = r_I, -now["v_A"][m]
        found[f"TD_{m}"] = r[m + 2], r[m + 1] - rate(how, now["v_TD"][m])
    return found


def updates(how, state, x, target):
    """What a mini-batch changes, before rates: means over images."""
    found = {}
    for name, (pre, error) in errors(how, state, settled(how, state, x, target)).items():
        found[name] = pre.T @ error / len(x)
        if name.startswith(("W_", "IP_")):
            found[name.replace("W", "b").replace("IP", "c")] = error.mean(axis=0)
    return found


def learn(how, state, x, target):
    """The state after a mini-batch, each image of which stands for ``lasts``."""
    eta, found = rates_of_learning(how, hidden(state)), dict(state)
    for name, change in updates(how, state, x, target).items():
        found[name] = state[name] + eta[name] * how.lasts * change
    return found


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
    u, found, layers = forward(how, state, x), {}, hidden(state)
    r, a = [x, *(rate(how, one) for one in u)], attenuations(how, layers)
    delta = slope(how, u[-1]) * (target - u[-1])
    for m in reversed(range(layers + 1)):
        found[f"W_{m}"] = r[m].T @ delta / len(x)
        if m:
            delta = slope(how, u[m - 1]) * (delta @ (a[m] * state[f"W_{m}"]).T)
    return found


def angle(one, other):
    """Angle of two arrays, in degrees."""
    cosine = np.sum(one * other) / (np.linalg.norm(one) * np.linalg.norm(other))
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))
