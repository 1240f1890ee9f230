"""Target propagation in plain NumPy, image by image, from the papers' equations alone.

Weights are stored as (below, above), as in the theory; all else is written independently: vectors
of one image, gradients summed image by image.
"""

import numpy as np

S = {"tanh": np.tanh, "sigmoid": lambda a: 1 / (1 + np.exp(-a)), "linear": lambda a: a}
D = {  # s'(a)
    "tanh": lambda a: 1 / np.cosh(a) ** 2,
    "sigmoid": lambda a: np.exp(-a) / (1 + np.exp(-a)) ** 2,
    "linear": lambda a: np.ones(len(a)),
}


class Net:
    """A state and how it is used; ``depth`` layers above the input."""

    def __init__(self, state, mode, s="tanh", loss="cross-entropy", alpha=0.2, sigma=0.2):
        self.p, self.mode, self.s, self.loss = state, mode, s, loss
        self.alpha, self.sigma = alpha, sigma
        self.depth = sum(name[:2] == "W_" and name[2:].isdigit() for name in state)

    def drive(self, m, below):
        return self.p[f"W_{m}"].T @ below + self.p[f"b_{m}"]

    def out(self, a):
        if self.loss == "squared":
            return S["sigmoid"](a)
        return np.exp(a) / np.exp(a).sum()

    def f(self, m, below):
        a = self.drive(m, below)
        return self.out(a) if m == self.depth - 1 else S[self.s](a)

    def above(self, m, h, own):
        """What the inverse of layer m + 1 sees."""
        if self.mode == "ao-sdtp" and m == self.depth - 2:
            return np.append(h, np.tanh(self.p["R"].T @ own))
        return h

    def back_drive(self, m, h, own):
        return self.p[f"V_{m}"].T @ self.above(m, h, own) + self.p[f"c_{m}"]

    def g(self, m, h, own):
        return S[self.s](self.back_drive(m, h, own))

    def rates(self, x):
        h = [x]
        for m in range(self.depth):
            h.append(self.f(m, h[-1]))
        return h

    def loss_of(self, x, t):
        y = self.rates(x)[-1]
        return np.sum((t - y) ** 2) / 2 if self.loss == "squared" else -np.log(y @ t)

    def output_delta(self, x, t):
        """dLoss/da by the Jacobian of the output, not by a shortcut."""
        h = self.rates(x)
        a, y = self.drive(self.depth - 1, h[-2]), h[-1]
        if self.loss == "squared":
            return np.diag(D["sigmoid"](a)) @ (y - t)
        return (np.diag(y) - np.outer(y, y)) @ (-t / y)

    def targets(self, x, t):
        """Of hidden layers, then the output."""
        h = self.rates(x)
        found = {self.depth: t}
        top = self.depth - 1
        if self.mode == "dtp":
            found[top] = h[top] - self.alpha * self.p[f"W_{top}"] @ self.output_delta(x, t)
            top -= 1
        for layer in range(top, 0, -1):  # Lee et al.: th_(l-1) = h_(l-1) + g(th_l) - g(h_l)
            m = layer - 1
            there = self.g(m, found[layer + 1], h[layer])
            found[layer] = h[layer] + there - self.g(m, h[layer + 1], h[layer])
        return [found[layer] for layer in range(1, self.depth + 1)]

    def deltas(self, x, t):
        h = self.rates(x)
        a = [self.drive(m, h[m]) for m in range(self.depth)]
        last = self.output_delta(x, t)
        if self.mode in ("bp", "fa"):
            found = [last]
            for m in range(self.depth - 2, -1, -1):
                back = self.p[f"W_{m + 1}"] if self.mode == "bp" else self.p[f"B_{m}"].T
                found.insert(0, (back @ found[0]) * D[self.s](a[m]))
            return found
        goals = self.targets(x, t)
        hidden = range(self.depth - 1)
        return [2 * (h[m + 1] - goals[m]) * D[self.s](a[m]) for m in hidden] + [last]

    def gradients(self, xs, ts):
        """Means over images: of |f(h) - target|^2 of each layer, and of the loss."""
        found = {}
        for x, t in zip(xs, ts, strict=True):
            h = self.rates(x)
            for m, delta in enumerate(self.deltas(x, t)):
                found[f"W_{m}"] = found.get(f"W_{m}", 0) + np.outer(h[m], delta) / len(xs)
                found[f"b_{m}"] = found.get(f"b_{m}", 0) + delta / len(xs)
        return found

    def inverse_gradients(self, xs, noise, kept=True):
        """Means over images of the gradient of |g(f(hc)) - goal|^2 by V and c.

        ``noise`` is a list of arrays (images, cells) of a hidden layer each, of spread 1.
        """
        found = {}
        for k, x in enumerate(xs):
            h = self.rates(x)
            for m, xi in enumerate(noise):
                hc = h[m + 1] + self.sigma * xi[k]
                up = self.f(m + 1, hc)
                a = self.back_drive(m, up, hc)
                goal = hc if kept else h[m + 1]
                delta = 2 * (S[self.s](a) - goal) * D[self.s](a)
                seen = self.above(m, up, hc)
                found[f"V_{m}"] = found.get(f"V_{m}", 0) + np.outer(seen, delta) / len(xs)
                found[f"c_{m}"] = found.get(f"c_{m}", 0) + delta / len(xs)
        return found


def adam(state, grads, k, eta):
    """Step k (from 1) of Kingma & Ba's algorithm on all of ``grads``."""
    made = {}
    for name, grad in grads.items():
        m = 0.9 * state[f"{name}_mean"] + 0.1 * grad
        v = 0.999 * state[f"{name}_square"] + 0.001 * grad**2
        m_hat, v_hat = m / (1 - 0.9**k), v / (1 - 0.999**k)
        made |= {name: state[name] - eta * m_hat / (np.sqrt(v_hat) + 1e-8)}
        made |= {f"{name}_mean": m, f"{name}_square": v}
    return made
