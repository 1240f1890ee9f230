"""Backpropagation and feedback alignment in plain NumPy, from the papers' formulae alone."""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


S = {  # nonlinearity -> (s, s' as a function of h)
    "sigmoid": (sigmoid, lambda h: h * (1 - h)),
    "tanh": (np.tanh, lambda h: 1 - h**2),
    "relu": (lambda a: np.maximum(a, 0), lambda h: (h > 0).astype(float)),
}


def forward(state, x, hidden="sigmoid", loss="squared"):
    """Activities of all layers, the input first."""
    depth, h = sum(name[0] == "W" for name in state), [x]
    for m in range(depth):
        a = h[-1] @ state[f"W_{m}"] + state[f"b_{m}"]
        last = m == depth - 1
        softmax = last and loss == "cross-entropy"
        h.append(np.exp(a) / np.exp(a).sum() if softmax else (sigmoid if last else S[hidden][0])(a))
    return h


def loss_of(h, label, loss="squared"):
    target = np.arange(len(h[-1])) == label
    return -np.log(h[-1][label]) if loss == "cross-entropy" else np.sum((target - h[-1]) ** 2) / 2


def deltas(state, h, label, feedback="transpose", hidden="sigmoid", loss="squared"):
    """The gradient of the loss by each layer's drive, or what feedback makes of it."""
    e = h[-1] - (np.arange(len(h[-1])) == label)
    found = [e if loss == "cross-entropy" else e * h[-1] * (1 - h[-1])]
    for m in range(len(h) - 3, -1, -1):
        if feedback == "transpose":
            back = state[f"W_{m + 1}"] @ found[0]
        elif feedback == "none":
            back = np.zeros(len(h[m + 1]))
        else:
            back = (found[-1] if feedback == "direct" else found[0]) @ state[f"B_{m}"]
        found.insert(0, back * S[hidden][1](h[m + 1]))
    return found


def train(state, images, labels, eta, batch=1, sparse=False, momentum=0.0, **how):
    """Learn from images in turn; gradients of a mini-batch are summed.

    With momentum a share of each update is done again with the next (Rumelhart et al. 1986).
    """
    state = {name: value.copy() for name, value in state.items()}
    there = {name: value != 0 for name, value in state.items()}
    grads = {name: 0.0 for name in state if name[0] in "Wb"}
    moves = dict(grads)
    nonlinear = {k: how[k] for k in ("hidden", "loss") if k in how}
    for k, (x, label) in enumerate(zip(images, labels, strict=True), start=1):
        h = forward(state, x, **nonlinear)
        for m, delta in enumerate(deltas(state, h, label, **how)):
            grads[f"W_{m}"] = grads[f"W_{m}"] + np.outer(h[m], delta)
            grads[f"b_{m}"] = grads[f"b_{m}"] + delta
        if k % batch == 0 or k == len(labels):
            for name, grad in grads.items():
                step = eta[int(name[2:])] * grad
                step = step * there[name] if sparse and name[0] == "W" else step
                moves[name] = momentum * moves[name] - step
                state[name] += moves[name]
                grads[name] = 0.0
    return state
