"""Equilibrium propagation in plain NumPy, from the paper's formulae alone; batches of images."""

import numpy as np

RHO = {  # rho, rho', and where states are kept
    "hard": (
        lambda s: np.clip(s, 0, 1),
        lambda s: ((s >= 0) & (s <= 1)).astype(float),
        lambda s: np.clip(s, 0, 1),
    ),
    "smooth": (
        lambda s: 1 / (1 + np.exp(2 - 4 * s)),
        lambda s: 4 * np.exp(2 - 4 * s) / (1 + np.exp(2 - 4 * s)) ** 2,
        lambda s: s,
    ),
}


def depth(state):
    return sum(name[0] == "W" for name in state)


def energy(state, x, s, rho="hard"):
    """E of eq 1 for each image, without the constant of the clamped pixels."""
    rates, found = [x, *(RHO[rho][0](layer) for layer in s)], 0.0
    for m, layer in enumerate(s):
        found = found + np.sum(layer**2, axis=1) / 2 - rates[m + 1] @ state[f"b_{m}"]
        found = found - np.sum((rates[m] @ state[f"W_{m}"]) * rates[m + 1], axis=1)
    return found


def cost(y, d, cost_factor=0.5):
    return cost_factor * np.sum((y - d) ** 2, axis=1)


def relax(state, x, s, steps, eps, beta=0.0, d=None, rho="hard", cost_factor=0.5, seen=None):
    """States after so many steps of eq 43, all layers at once; ``seen(s)`` is told of each."""
    f, slope, keep = RHO[rho]
    beta = np.reshape(beta, (-1, 1))
    for _ in range(steps):
        rates, new = [x, *map(f, s)], []
        for m, layer in enumerate(s):
            drive = rates[m] @ state[f"W_{m}"] + state[f"b_{m}"]
            if m + 1 < len(s):
                drive = drive + rates[m + 2] @ state[f"W_{m + 1}"].T
            fall = layer - slope(layer) * drive
            if d is not None and m + 1 == len(s):
                fall = fall + beta * 2 * cost_factor * (layer - d)
            new.append(keep(layer - eps * fall))
        s = new
        if seen:
            seen(s)
    return s


def zeros(state, images):
    return [np.zeros((images, len(state[f"b_{m}"]))) for m in range(depth(state))]


def gradients(x, free, nudged, beta, rho="hard"):
    """Eq 10 without alpha, of each image: W_m of shape (images, below, above), and b_m."""
    f, found = RHO[rho][0], {}
    rates = [[x, *map(f, s)] for s in (nudged, free)]
    for m in range(len(free)):
        ends = [np.einsum("ni,nj->nij", r[m], r[m + 1]) for r in rates]
        found[f"W_{m}"] = (ends[0] - ends[1]) / np.reshape(beta, (-1, 1, 1))
        found[f"b_{m}"] = (rates[0][m + 1] - rates[1][m + 1]) / np.reshape(beta, (-1, 1))
    return found


def train(state, images, labels, betas, alpha, batch=1, places=None, free=20, nudged=4, **how):
    """Learn from mini-batches in turn; the last may be short, its sum is divided by ``batch`` too.

    Returns
    -------
    state : dict
    answers : ndarray, shape (images, classes)
    """
    state, answers = {name: value.copy() for name, value in state.items()}, []
    relaxing = {"eps": 0.5} | how
    classes = len(state[f"b_{depth(state) - 1}"])
    for first in range(0, len(labels), batch):
        now = slice(first, first + batch)
        x, d, beta = images[now], np.eye(classes)[labels[now]], betas[now]
        s = zeros(state, len(x))
        if places is not None:
            ends = np.cumsum([layer.shape[1] for layer in s])[:-1]
            s = np.split(state["particles"][places[now]], ends, axis=1)
        begun = relax(state, x, s, free, **relaxing)
        ended = relax(state, x, begun, nudged, beta=beta, d=d, **relaxing)
        answers.append(begun[-1])
        if places is not None:
            state["particles"][places[now]] = np.concatenate(begun, axis=1)
        for name, change in gradients(x, begun, ended, beta, how.get("rho", "hard")).items():
            state[name] = state[name] + alpha[int(name[2:])] * change.sum(axis=0) / batch
    return state, np.concatenate(answers)
