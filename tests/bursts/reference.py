"""Burstprop in plain NumPy, image by image, from the paper's equations alone.

Weights are stored as (below, above), as in the theory; all else is written independently: vectors
of one image, changes summed image by image.
"""

import numpy as np


def s(a):
    return 1 / (1 + np.exp(-a))


class Net:
    """A state and how it is used."""

    def __init__(self, state, feedback, p_0=0.2, recurrent=False):
        self.state, self.kind, self.p_0, self.recurrent = state, feedback, p_0, recurrent
        self.depth = sum(name.startswith("bias") and "moves" not in name for name in state)

    def events(self, x):
        e = [x]
        for m in range(self.depth):
            e.append(s(self.state[f"W_{m}"].T @ e[-1] + self.state[f"bias_{m}"]))
        return e

    def bursts(self, x, target=None):
        """(u, p, b, before) of each layer above the input."""
        e = self.events(x)
        output, found = e[-1], {}
        p = self.p_0 * np.ones(len(output))
        if target is not None:
            p = self.p_0 * ((target - output) * (1 - output) + 1)
        found[self.depth - 1] = (None, p, p * output, None)
        for m in range(self.depth - 2, -1, -1):
            here, above = e[m + 1], found[m + 1][2]
            if self.kind == "transposed":
                u = (self.state[f"W_{m + 1}"] @ above) * (1 - here)
            else:
                u = (self.state[f"Y_{m}"].T @ above) * (1 - here)
            before = s(u) * here
            if self.recurrent:
                u = u - self.state[f"R_{m}"].T @ before
            found[m] = (u, s(u), s(u) * here, before)
        return [found[m] for m in range(self.depth)]

    def changes(self, x, target):
        pairs = zip(self.bursts(x, target), self.bursts(x), strict=True)
        return [taught[2] - usual[2] for taught, usual in pairs]

    def updates(self, xs, targets):
        """What is learned but for the rates, means over images."""
        found, many = {}, len(xs)
        for x, target in zip(xs, targets, strict=True):
            e, usual = self.events(x), self.bursts(x)
            for m, change in enumerate(self.changes(x, target)):
                parts = {f"W_{m}": np.outer(e[m], change), f"bias_{m}": change}
                if m and self.kind == "learned":
                    parts[f"Y_{m - 1}"] = np.outer(change, e[m])
                if m < self.depth - 1 and self.recurrent:
                    parts[f"R_{m}"] = np.outer(usual[m][3], usual[m][0])
                for name, value in parts.items():
                    found[name] = found.get(name, 0) + value / many
        return found
