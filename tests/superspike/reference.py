"""SuperSpike in plain NumPy, from the paper's equations: one network, stepped as it is said to be.

Times are in ms, potentials and weights in mV. Within a step: errors of the step before go down;
traces, potentials and synapses move; cells fire; spikes arrive; targets are missed.
"""

from typing import NamedTuple

import numpy as np

THETA, REST, BOUND = -50.0, -60.0, 100.0
MEMBRANE, CURRENT, REFRACTORY = 10.0, 5.0, 5.0
RISE, DECAY, OWN, MEMORY = 5.0, 10.0, 100.0, 30_000.0


class How(NamedTuple):
    """What the options of the theory say, by the same names."""

    lasts: float = 80.0
    dt: float = 0.5
    delay: float = 0.0
    feedback: str = "symmetric"
    error: str = "times"
    window: float = 40.0
    surrogate: str = "sigmoid"
    beta: float = 1.0
    optimiser: str = "rmaxprop"
    r_0: float = 1.0
    batch: int = 1
    rho: float = 0.0
    clear: bool = True


class Example(NamedTuple):
    """Times of input spikes, a list for each cell; what is asked of the output.

    ``asked`` is such a list of targets, or (class, when the response window opens).
    """

    spikes: list
    asked: object


def latency(images, latest=20.0, dark=0.1):
    """Spikes of the input for pixels."""
    return [[[latest * (1 - p)] if p >= dark else [] for p in image] for image in images]


class Trains:
    """Which cells have a spike in a step: at most one each; a second one waits for the next."""

    def __init__(self, times):
        self.left = [sorted(own) for own in times]

    def due(self, until):
        """1 for each cell whose next spike comes before ``until``."""
        found = np.array([bool(own) and own[0] <= until for own in self.left], dtype=float)
        self.left = [own[1:] if now else own for own, now in zip(self.left, found, strict=True)]
        return found


class Layer:
    """Cells that fire, and the synapses onto them."""

    def __init__(self, below, cells):
        self.w, self.v = np.zeros((below, cells)), np.zeros((below, cells))
        self.m, self.el, self.lam = (np.zeros((below, cells)) for _ in range(3))
        self.sig, self.zh, self.err, self.a = (np.zeros(cells) for _ in range(4))
        self.rest()

    def rest(self):
        """All potentials and traces as if nothing had been."""
        below, cells = self.w.shape
        self.U, self.I, self.wait = np.full(cells, REST), np.zeros(cells), np.zeros(cells)
        self.z, self.zt = np.zeros(cells), np.zeros(cells)
        for trace in (self.zh, self.err, self.a, self.el, self.lam):
            trace[:] = 0


class Reference:
    """A network: ``run(examples)`` steps it; what it has come to is in ``layers``.

    Parameters
    ----------
    state : dict
        As of the theory: W_m, and what else it carries.
    sizes : tuple of int
        Input cells, hidden layers, output.
    how : How
    """

    def __init__(self, state, sizes, how):
        self.how, self.rows = how, []
        self.layers = [Layer(*ends) for ends in zip(sizes, sizes[1:], strict=False)]
        self.B = [state.get(f"B_{m}") for m in range(len(sizes) - 2)]
        self.z, self.zt = (state.get(f"{n}_input", np.zeros(sizes[0])).copy() for n in ("z", "zt"))
        for m, layer in enumerate(self.layers):
            layer.w = state[f"W_{m}"].copy()
            for name in ("v", "el", "lam"):
                if f"{name}_{m}" in state:
                    setattr(layer, name, state[f"{name}_{m}"].copy())
            cells = f"hidden_{m}" if m + 2 < len(sizes) else "output"
            for name in ("U", "I", "wait", "z", "zt", "zh", "a", "err", "sig"):
                if f"{name}_{cells}" in state:
                    setattr(layer, name, np.array(state[f"{name}_{cells}"], dtype=float))

    def run(self, examples):
        """Show examples; returns a dict of what is read of each, shape (examples, cells)."""
        found, last = [], len(examples) - 1
        for k, example in enumerate(examples):
            found.append(self._show(example))
            if (k + 1) % self.how.batch == 0 or k == last:
                self._update()
        return {name: np.array([one[name] for one in found]) for name in found[0]}

    def _show(self, example):
        how, output = self.how, self.layers[-1]
        if how.clear:
            self.z[:], self.zt[:] = 0, 0
            for layer in self.layers:
                layer.rest()
        self.spikes = [np.zeros(layer.w.shape[1]) for layer in self.layers]
        self.cost, self.highest = np.zeros(len(output.U)), np.full(len(output.U), REST)
        self.trains, self.responses = Trains(example.spikes), np.zeros(len(output.U))
        self.counted, self.first = np.zeros(len(output.U)), np.zeros(len(output.U))
        self.judged = False
        if how.error == "times":
            self.targets = Trains(example.asked)
        else:
            self.asked = (np.arange(len(output.U)) == example.asked[0]).astype(float)
            self.opens = example.asked[1]
        for step in range(round(how.lasts / how.dt)):
            self._step(step)
        near = np.clip((self.highest - REST) / (THETA - REST), 0, 1)
        early = 1 - self.first / how.lasts
        decision = self.counted + np.where(self.counted > 0, early, near)
        return {"cost": self.cost, "decision": decision, "spikes": self.spikes[-1].copy()}

    def _step(self, step):
        how, layers = self.how, self.layers
        self._errors()
        self._move()
        middle = step * how.dt + how.dt / 2  # what comes until here is of this step
        fired = []
        for layer, count in zip(layers, self.spikes, strict=True):
            away = np.abs(layer.U - THETA)
            sigmoid = 1 / (1 + how.beta * away) ** 2
            layer.sig = sigmoid if how.surrogate == "sigmoid" else np.ones(len(away))
            layer.wait = np.maximum(layer.wait - 1, 0)
            fires = layer.U > THETA
            layer.U[fires], layer.wait[fires] = REST, round(REFRACTORY / how.dt)
            layer.zh = layer.zh + fires
            count += fires
            fired.append(fires)
        self._judge(fired[-1], middle)
        arrived = self.trains.due(middle - how.delay)
        self.z = self.z + arrived
        layers[0].I = layers[0].I + arrived @ layers[0].w
        since = round((REFRACTORY - how.delay) / how.dt)
        for layer, above in zip(layers, layers[1:], strict=False):
            arrived = (layer.wait == since).astype(float)
            layer.z = layer.z + arrived
            above.I = above.I + arrived @ above.w
        output = layers[-1]
        self.cost = self.cost + output.err**2 * how.dt / how.lasts
        self.highest = np.maximum(self.highest, output.U)
        names = ("U", "I", "z", "zt", "sig", "err", "a")
        self.rows.append([{n: np.copy(getattr(layer, n)) for n in names} for layer in layers])

    def _errors(self):
        """Of hidden cells: from the output's, as it was at the end of the step before."""
        output = self.layers[-1].err
        for m in reversed(range(len(self.layers) - 1)):
            layer, above = self.layers[m], self.layers[m + 1]
            if self.how.feedback == "symmetric":
                layer.err = above.w / 1000 @ above.err  # weights in volts
            elif self.how.feedback == "random":
                layer.err = output @ self.B[m]
            elif self.how.feedback == "uniform":
                layer.err = np.full(len(layer.U), output.sum())
            else:
                layer.err = np.zeros(len(layer.U))

    def _move(self):
        """Traces exactly; then potentials and the sum of the gradient, by Euler's method."""
        how, layers, dt = self.how, self.layers, self.how.dt
        rise, decay = np.exp(-dt / RISE), np.exp(-dt / DECAY)
        mixed = RISE / (DECAY - RISE) * (decay - rise)  # of the first trace, in the second
        self.zt, self.z = decay * self.zt + mixed * self.z, rise * self.z
        for layer in layers:
            layer.zt, layer.z = decay * layer.zt + mixed * layer.z, rise * layer.z
            layer.zh = layer.zh * np.exp(-dt / OWN)
            layer.I = layer.I * np.exp(-dt / CURRENT)
            free = layer.wait == 0
            layer.U = layer.U + free * dt / MEMBRANE * (REST - layer.U + layer.I)
        output = layers[-1]
        output.err, output.a = decay * output.err + mixed * output.a, rise * output.a
        pre = self.zt
        for layer in layers:
            settles = RISE * np.outer(pre, layer.sig)  # where both would settle
            away = layer.el - settles
            layer.lam = settles + decay * (layer.lam - settles) + mixed * away
            layer.el = settles + rise * away
            change = layer.err * layer.lam
            if how.rho and layer is not output:
                change = change - how.rho * layer.w / 1000 * layer.zh**4
            layer.m = layer.m + dt * change
            pre = layer.zt

    def _judge(self, fires, middle):
        output, how = self.layers[-1], self.how
        counts = fires
        if how.error == "response":
            counts = fires * (0 <= middle - self.opens < how.window)
        self.first = np.where((self.counted == 0) & (counts > 0), middle - how.dt / 2, self.first)
        self.counted = self.counted + counts
        if how.error == "times":
            output.a = output.a - fires + self.targets.due(middle)
            return
        is_open = 0 <= middle - self.opens < how.window
        output.a = output.a - is_open * fires * (1 - self.asked)
        self.responses = self.responses + is_open * fires
        if not self.judged and middle - self.opens >= how.window:
            output.a = output.a + self.asked * (self.responses == 0)
            self.judged = True

    def _update(self):
        how = self.how
        t_b = how.batch * how.lasts
        gamma = np.exp(-t_b / MEMORY)
        for layer in self.layers:
            g = layer.m / t_b
            if how.optimiser == "rmaxprop":
                layer.v = np.maximum(gamma * layer.v, g**2)
            elif how.optimiser == "rmsprop":
                layer.v = gamma * layer.v + (1 - gamma) * g**2
            step = how.r_0 * g
            if how.optimiser != "constant":
                step = step / (np.sqrt(layer.v) + 1e-12)
            layer.w = np.clip(layer.w + step, -BOUND, BOUND)
            layer.m = np.zeros_like(layer.m)
