"""The same model in plain NumPy, written from the paper: mV, ms, and rates in 1/ms.

Nothing here comes from ``models``: dendrites are weighted sums of convolved spike trains, where
Brian2 adds weights to traces. Given the spikes that Brian2 drew, it says what every potential,
plateau and weight has to be. Without them it draws its own (``benchmarks`` times it so).
"""

from dataclasses import dataclass

import numpy as np

TAU_S, TAU_L, G_L, G_B, G_D, PHI_MAX, E = 3.0, 10.0, 0.1, 0.6, 0.6, 0.2, 8.0
P_0, P_1 = 20 / PHI_MAX, 20 / PHI_MAX**2
K_D = G_D / (G_L + G_D)


def kappa(t):
    """The synaptic kernel at times t (ms), in 1/ms."""
    return (np.exp(-t / TAU_L) - np.exp(-t / TAU_S)) / (TAU_L - TAU_S) * (t > 0)


def sigma(x):
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


@dataclass
class Options:
    """What the network does otherwise than in the paper."""

    g_a: float = 0.0
    memory: int = 0
    clear: bool = False
    integrator: str = "exact"
    feedback: str = "random"  # or "symmetric"
    scale: float = 1.0  # of symmetric feedback
    path: str = "broadcast"  # or "layerwise"
    rule: str = "plateau"  # or "backprop"
    output_error: str = "gradient"  # or "rates", "mean-rates"
    spiking: bool = True  # feedback by spikes, or by the rates of the step before
    eta_Y: float = 0.0
    mirror: float = 0.0
    weight_decay: float = 0.0
    learned_bias: bool = False
    literal: bool = False
    settle: int = 30
    window: int = 0  # last steps of a phase that averages include; 0: all after settling
    plateau_window: int = 0  # of asynchronous plateaus
    learning: bool = True


class Reference:
    """A network that goes through images step by step.

    Parameters
    ----------
    weights : dict
        ``W_m`` (presynaptic, postsynaptic), ``b_m``, ``c_m``, ``Y_m`` (source, hidden).
    eta : sequence of float
        Learning rates, hidden layers first.
    options : Options
    rng : numpy.random.Generator, optional
        Draws spikes where none are given.
    """

    def __init__(self, weights, eta, options=None, rng=None):
        self.w = {key: value.copy() for key, value in weights.items()}
        self.eta, self.o, self.rng = eta, options or Options(), rng
        self.layers = len(eta)
        taps = np.arange(1, (self.o.memory or 400) + 1)
        self.kernel = kappa(taps.astype(float))[::-1]
        self.sizes = [len(self.w["W_0"]), *(len(self.w[f"b_{m}"]) for m in range(self.layers))]
        self.phi = [np.zeros(n) for n in self.sizes]
        self.reset()

    def reset(self):
        """Everything to rest."""
        self.V = [np.zeros(n) for n in self.sizes]
        self.past = [np.zeros((len(self.kernel), n)) for n in self.sizes]

    def source(self, m):
        """Layer (counting the input as 0) whose spikes reach the apical dendrite of hidden m."""
        return self.layers if self.o.path == "broadcast" else m + 2

    def Y(self, m):
        """Feedback weights onto hidden layer m, (source, hidden)."""
        if self.o.feedback == "symmetric":
            return self.o.scale * self.w[f"W_{m + 1}"].T
        return self.w[f"Y_{m}"]

    def step(self, pixels, teach=None, spikes=None):
        """One millisecond; returns potentials, rates, trains and spikes of every layer.

        ``spikes`` (a list of arrays, one a layer) replaces the draws. ``teach`` is the class.
        """
        V_a = {}
        for m in range(self.layers - 1):  # spikes up to the previous step
            above = self.train if self.o.spiking else self.phi.__getitem__
            V_a[m] = above(self.source(m)) @ self.Y(m) + self.w[f"c_{m}"]
        phi, V_b, drawn = [PHI_MAX * pixels], {}, []
        drawn.append(self.draw(phi[0], spikes and spikes[0]))
        self.push(0, drawn[0])
        for m in range(self.layers):
            V_b[m] = self.train(m) @ self.w[f"W_{m}"] + self.w[f"b_{m}"]
            V = self.soma(m, self.V[m + 1], V_b[m], V_a.get(m, 0.0), teach)
            self.V[m + 1] = V
            phi.append(PHI_MAX * sigma(V))
            drawn.append(self.draw(phi[-1], spikes and spikes[m + 1]))
            self.push(m + 1, drawn[-1])
        self.phi = phi
        return {
            "V": list(self.V[1:]),
            "V_a": V_a,
            "V_b": V_b,
            "phi": phi[1:],
            "s": [self.train(k) for k in range(self.layers + 1)],
            "spikes": drawn,
        }

    def soma(self, m, V, V_b, V_a, teach):
        """The next somatic potential of layer m."""
        if m < self.layers - 1:
            g = np.full(len(V), G_L + G_B + self.o.g_a)
            drive = G_B * V_b + self.o.g_a * V_a
        else:
            g, drive = np.full(len(V), G_L + G_D), G_D * V_b
            if teach is not None:
                per_class = len(V) // 10
                sign = np.where(np.arange(len(V)) // per_class == teach, 1.0, -1.0)
                strength = G_L if self.o.literal else 1.0
                g, drive = g + strength, drive + strength * sign * E
        if self.o.integrator == "euler":
            return V + drive - g * V
        return drive / g + (V - drive / g) * np.exp(-g)

    def draw(self, phi, given):
        """Spikes of one step (Bernoulli), or those given."""
        if given is not None:
            return given
        return (self.rng.random(len(phi)) < phi).astype(float)

    def push(self, layer, spikes):
        """Append a step's spikes to what is remembered of a layer."""
        self.past[layer] = np.vstack([self.past[layer][1:], spikes])

    def train(self, layer):
        """Filtered spike trains of a layer."""
        return self.kernel @ self.past[layer]

    def image(self, pixels, label, forward, target, spikes=None, jitter=None):
        """One image: both phases and the update.

        Parameters
        ----------
        pixels : ndarray
        label : int
        forward, target : int
            Lengths of the phases in steps.
        spikes : list of ndarray, optional
            For each layer, (forward + target, cells).
        jitter : pair of list of ndarray, optional
            Time (ms) before the end of each phase at which each hidden cell has its plateau.

        Returns
        -------
        dict
            Traces ``V``, ``V_a``, ``V_b`` (lists over layers of (steps, cells)), plateaus
            ``alpha_f`` and ``alpha_t``, averages, and errors.
        """
        if self.o.clear:
            self.reset()
        steps = []
        for k in range(forward + target):
            given = None if spikes is None else [s[k] for s in spikes]
            steps.append(self.step(pixels, label if k >= forward else None, given))
        first, second = steps[:forward], steps[forward:]
        hidden = range(self.layers - 1)
        result = {"steps": steps}
        result["V_bar"] = [self.mean(first, "V", m) for m in range(self.layers)]
        result["phi_bar"] = [self.mean(first, "phi", m) for m in range(self.layers)]
        result["s_bar"] = [self.mean(first, "s", m) for m in range(self.layers + 1)]
        result["phi_star"] = self.mean(second, "phi", self.layers - 1)
        late = jitter or (None, None)
        result["alpha_f"] = [sigma(self.apical(first, m, late[0])) for m in hidden]
        result["alpha_t"] = [sigma(self.apical(second, m, late[1])) for m in hidden]
        if self.o.learning:
            self.learn(result)
        return result

    def mean(self, steps, name, layer):
        """Mean over a phase's window."""
        window = steps[-self.o.window :] if self.o.window else steps[self.o.settle :]
        return np.mean([step[name][layer] for step in window], axis=0)

    def apical(self, steps, m, jitter):
        """Mean apical potential that the plateau is made from."""
        if jitter is None:
            return self.mean(steps, "V_a", m)
        V_a = np.array([step["V_a"][m] for step in steps])
        left = np.arange(len(steps))[::-1, None]  # ms from each step to the last one
        inside = (left > jitter[m] - 0.5) & (left < jitter[m] + self.o.plateau_window - 0.5)
        return (V_a * inside).sum(axis=0) / self.o.plateau_window

    def learn(self, r):
        """The update of all weights, P Eqs 28-29 and 33-35."""
        top = self.layers - 1
        slope = [sigma(V) * (1 - sigma(V)) for V in r["V_bar"]]
        k_b = G_B / (G_L + G_B + self.o.g_a)
        sure = slope[top] if self.o.output_error == "gradient" else 0.25
        mean = self.o.output_error == "mean-rates"
        before = r["phi_bar"][top] if mean else PHI_MAX * sigma(r["V_bar"][top])
        e = {top: -K_D * PHI_MAX * (r["phi_star"] - before) * sure}
        for m in range(top - 1, -1, -1):
            if self.o.rule == "backprop":
                e[m] = self.w[f"W_{m + 1}"] @ e[m + 1] * k_b * PHI_MAX * slope[m]
            else:
                e[m] = -k_b * PHI_MAX * (r["alpha_t"][m] - r["alpha_f"][m]) * slope[m]
        r["e"] = e
        for m in range(self.layers):
            scale = self.eta[m] * (P_1 if m == top else P_0)
            if self.o.eta_Y and m < top:
                self.learn_feedback(r, m)
            if self.o.mirror and m < top:
                self.mirror(r, m)
            active = self.active(r["s_bar"][m])[:, None] > 0
            self.w[f"W_{m}"] *= 1 - self.o.weight_decay * self.eta[m] * active
            self.w[f"W_{m}"] -= scale * np.outer(self.active(r["s_bar"][m]), e[m])
            self.w[f"b_{m}"] -= scale * e[m]

    def mirror(self, r, m):
        """Feedback weights change as forward ones of the same two cells; those at 0 stay there."""
        k = self.source(m) - 1
        delta = -self.eta[k] * (P_1 if k == self.layers - 1 else P_0) * r["e"][k]
        Y = self.w[f"Y_{m}"]
        Y += self.o.mirror * np.outer(delta, self.active(r["s_bar"][m + 1])) * (Y != 0)

    @staticmethod
    def active(s_bar):
        """Mean traces, 1/ms, of the cells from which synapses learn."""
        return s_bar * (s_bar > 1e-6)

    def learn_feedback(self, r, m):
        """Feedback weights move towards an inverse; those at 0 stay there."""
        alpha = r["alpha_f"][m]
        e_inv = -(PHI_MAX * sigma(r["V_bar"][m]) - alpha) * alpha * (1 - alpha)
        Y = self.w[f"Y_{m}"]
        s_bar = self.active(r["s_bar"][self.source(m)])
        Y -= self.o.eta_Y * np.outer(s_bar, e_inv) * (Y != 0)
        if self.o.learned_bias:
            self.w[f"c_{m}"] -= self.o.eta_Y * e_inv
