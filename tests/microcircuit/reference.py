"""Dendritic microcircuits in plain NumPy, from the paper's equations, in time.

Times are in ms, conductances and rates of learning in 1/ms; all else has no unit. Layers are
counted from the input: ``r[0]`` are its rates, ``r[m + 1]`` those of hidden_m, ``r[-1]`` the
output's. Weights have a row for each cell that sends and a column for each that receives.
"""

from typing import NamedTuple

import numpy as np


class How(NamedTuple):
    """What the options of the theory say, by the same names; rates are one or one a layer."""

    phi: str = "logistic"
    gamma: float = 0.1
    beta: float = 1.0
    theta: float = 3.0
    g_lk: float = 0.1
    g_B: float = 1.0
    g_A: float = 0.8
    g_D: float = 1.0
    g_som: float = 0.8
    eta_up: object = 0.0
    eta_IP: object = 0.0
    eta_PI: object = 0.0
    eta_TD: object = 0.0
    nudging: str = "current"
    sigma: float = 0.0
    tau_w: float = 30.0
    tau_0: float = 3.0
    tau_s: float = 3.0
    psi: float = 0.0
    dt: float = 0.1
    lasts: float = 100.0
    lag: float = 0.0
    sweeps: int = 1
    attenuation: str = "consistent"
    feedback: str = "fixed"


def rate(how, u):
    """phi, of potentials."""
    if how.phi == "logistic":
        return 1 / (1 + np.exp(-u))
    if how.phi == "softplus":
        return np.logaddexp(0, u)
    return how.gamma * np.logaddexp(0, how.beta * (u - how.theta))


def hidden(state):
    """How many hidden layers there are."""
    return sum(name.startswith("IP_") for name in state)


def names(state):
    """Populations of pyramidal cells, from below."""
    return [*(f"hidden_{m}" for m in range(hidden(state))), "output"]


def attenuations(how, layers):
    """What of v_B reaches the soma of each layer, if all else is silent; the output is the last."""
    below = how.g_B / (how.g_lk + how.g_B + how.g_A)
    return [*[below] * layers, how.g_B / (how.g_lk + how.g_B)]


def of_inter(how):
    """What of v_D reaches the soma of an interneuron that is not nudged."""
    return how.g_D / (how.g_lk + how.g_D)


def nudge(how, u, goal, E_exc=1.0, E_inh=-1.0):
    """The current of a teacher."""
    if how.nudging == "current":
        return how.g_som * (goal - u)
    g_exc = how.g_som * (goal - E_inh) / (E_exc - E_inh)
    g_inh = -how.g_som * (goal - E_exc) / (E_exc - E_inh)
    return g_exc * (E_exc - u) + g_inh * (E_inh - u)


def self_predicting(how, state):
    """The same state, with weights to and from interneurons that silence apical dendrites."""
    made, a = dict(state), attenuations(how, hidden(state))
    for m in range(hidden(state)):
        made[f"PI_{m}"] = -state[f"TD_{m}"]
        above = names(state)[m + 1]
        for lateral, up in ((f"IP_{m}", f"W_{m + 1}"), (f"b_inter_{m}", f"b_{above}")):
            made[lateral] = a[m + 1] / of_inter(how) * state[up]
    return made


def random(sizes, seed, up=1.0, down=1.0, lateral=1.0):
    """A state with all weights and thresholds from U(-width, width); thresholds as the weights."""
    rng, found, depth = np.random.default_rng(seed), {}, len(sizes) - 2
    for m, (below, above) in enumerate(zip(sizes, sizes[1:], strict=False)):
        found[f"W_{m}"] = rng.uniform(-up, up, (below, above))
        found[f"b_hidden_{m}" if m < depth else "b_output"] = rng.uniform(-up, up, above)
    for m in range(depth):
        n, above = sizes[m + 1], sizes[m + 2]
        found[f"TD_{m}"] = rng.uniform(-down, down, (above, n))
        found[f"IP_{m}"] = rng.uniform(-lateral, lateral, (n, above))
        found[f"b_inter_{m}"] = rng.uniform(-lateral, lateral, above)
        found[f"PI_{m}"] = rng.uniform(-lateral, lateral, (above, n))
    return found


def rates_of_learning(how, state):
    """Name of each array that learns -> its rate; thresholds learn as the weights beside them."""
    found, layers = {}, hidden(state)
    for m, eta in enumerate(np.broadcast_to(how.eta_up, layers + 1)):
        found |= {f"W_{m}": eta, f"b_{names(state)[m]}": eta}
    for m, eta in enumerate(np.broadcast_to(how.eta_IP, layers)):
        found |= {f"IP_{m}": eta, f"b_inter_{m}": eta}
    for kind in ("PI", "TD"):
        for m, eta in enumerate(np.broadcast_to(getattr(how, f"eta_{kind}"), layers)):
            found[f"{kind}_{m}"] = eta
    return {name: eta for name, eta in found.items() if name in state}


class Circuit:
    """A circuit of which every right-hand side is that of the old state: ``run`` shows patterns.

    Parameters
    ----------
    state : dict
        Arrays as of the theory; potentials (u_hidden_0, ...), inductions (D_W_0, ...), and rates of
        the input and targets as they are filtered (r_input, target_output) are 0 where they are
        left out; so are thresholds, which then are not learned.
    how : How
        Where ``psi`` (Hz) is not 0, a rate that is sent is the trace of a cell's spikes, each of
        them 1/psi. Those (r_hidden_0, ...), the input's rate (rate_input) and what the output makes
        of its basal potential in the mean (v_bar_output) go on as well.
    seed : int
        Of the noise.
    """

    def __init__(self, state, how, seed=0):
        self.how, self.rng = how, np.random.default_rng(seed)
        self.eta, self.names = rates_of_learning(how, state), names(state)
        self.inter = [f"inter_{m}" for m in range(hidden(state))]
        self.state = {name: np.array(value, dtype=float) for name, value in state.items()}
        own = dict.fromkeys(("r_input", "rate_input"), self.state["W_0"].shape[0])
        for m, cells in enumerate(self.names):
            own |= dict.fromkeys((f"u_{cells}", f"b_{cells}"), self.state[f"W_{m}"].shape[1])
        for m, cells in enumerate(self.inter):
            own |= dict.fromkeys((f"u_{cells}", f"b_{cells}"), self.state[f"IP_{m}"].shape[1])
        own |= {f"D_{name}": self.state[name].shape for name in self.eta}
        own |= dict.fromkeys(("target_output", "v_bar_output"), own["u_output"])
        for name, shape in own.items():
            self.state.setdefault(name, np.zeros(shape))
        self.rows = []

    def run(self, patterns, goals=None, taught=None, learns=True, spikes=None):
        """Show patterns, each for ``lasts``; ``rows`` has what ``seen`` gives as each step begins.

        Parameters
        ----------
        patterns : ndarray, shape (patterns, inputs)
        goals : ndarray, shape (patterns, outputs), optional
            Potentials that the target goes to; without them nothing is taught.
        taught : ndarray of bool, shape (patterns,), optional
            Whether there is a target; without it, always.
        learns : bool
        spikes : mapping of population -> ndarray of bool, shape (steps, cells), optional
            Where cells spike: when they did so.

        Returns
        -------
        list of dict
            What ``seen`` gives as each pattern ends.
        """
        ends, how = [], self.how
        if goals is None:
            goals, taught = np.zeros((len(patterns), len(self.state["u_output"]))), ()
        for k, (x, goal) in enumerate(zip(patterns, goals, strict=True)):
            teaches = taught is None or k < len(taught) and taught[k]
            for step in range(round(how.lasts / how.dt)):
                waits = step < round(how.lag / how.dt)
                fired = {cells: those[len(self.rows)] for cells, those in (spikes or {}).items()}
                self._step(x, goal, teaches, learns and not waits, fired)
            ends.append(self.seen())
        return ends

    def seen(self):
        """What follows from the state, potentials too: (population, variable) -> values."""
        how, s, found = self.how, self.state, {("input", "r"): self.state["r_input"]}
        for cells in (*self.names, *self.inter):
            found[cells, "u"] = s[f"u_{cells}"]
            found[cells, "r"] = s[f"r_{cells}"] if how.psi else rate(how, s[f"u_{cells}"])
        r = [found[cells, "r"] for cells in ("input", *self.names)]
        for m, cells in enumerate(self.names):
            found[cells, "v_B"] = r[m] @ s[f"W_{m}"] + s[f"b_{cells}"]
        for m, (cells, inter) in enumerate(zip(self.names, self.inter, strict=False)):
            found[cells, "v_TD"] = r[m + 2] @ s[f"TD_{m}"]
            found[cells, "v_PI"] = found[inter, "r"] @ s[f"PI_{m}"]
            found[cells, "v_A"] = found[cells, "v_TD"] + found[cells, "v_PI"]
            found[inter, "v_D"] = r[m + 1] @ s[f"IP_{m}"] + s[f"b_{inter}"]
        return found | self._errors(found)

    def _step(self, x, goal, teaches, plastic, fired):
        how, s, now = self.how, self.state, self.seen()
        self.rows.append(now)
        moves = self._potentials(now, teaches)
        shown = "rate_input" if how.psi else "r_input"
        moves[shown] = (x - s[shown]) / how.tau_0
        alone = attenuations(how, len(self.inter))[-1] * now["output", "v_B"]
        moves["v_bar_output"] = (alone - s["v_bar_output"]) / how.tau_w
        moves["target_output"] = (goal - s["target_output"]) / how.tau_0
        for name, induced in self._induced(now).items() if plastic else ():
            moves[f"D_{name}"] = (induced - s[f"D_{name}"]) / how.tau_w
            moves[name] = self.eta[name] * s[f"D_{name}"]
        for name, change in moves.items():
            s[name] = s[name] + how.dt * change
            if name.startswith("u_") and how.sigma:
                noise = self.rng.standard_normal(len(s[name]))
                s[name] = s[name] + how.sigma * np.sqrt(how.dt) * noise
        for cells, spiked in fired.items():
            stays = np.exp(-how.dt / how.tau_s)  # exactly, as all traces; the mean is the rate
            each = (1 - stays) * 1000 / (how.psi * how.dt)
            s[f"r_{cells}"] = s[f"r_{cells}"] * stays + spiked * each

    def _potentials(self, now, teaches):
        """du/dt of all cells."""
        how, found = self.how, {}
        for cells in self.names:
            u = now[cells, "u"]
            found[f"u_{cells}"] = -how.g_lk * u + how.g_B * (now[cells, "v_B"] - u)
        for m, (cells, inter) in enumerate(zip(self.names, self.inter, strict=False)):
            found[f"u_{cells}"] += how.g_A * (now[cells, "v_A"] - now[cells, "u"])
            u = now[inter, "u"]
            found[f"u_{inter}"] = -how.g_lk * u + how.g_D * (now[inter, "v_D"] - u)
            found[f"u_{inter}"] += nudge(how, u, now[self.names[m + 1], "u"])
        if teaches:
            found["u_output"] += nudge(how, now["output", "u"], self.state["target_output"])
        return found

    def _errors(self, now):
        """What synapses learn from: (population, e_W, e_IP, e_PI or e_TD) -> values."""
        how, found, a = self.how, {}, attenuations(self.how, len(self.inter))
        for m, cells in enumerate(self.names):
            own = rate(how, now[cells, "u"])
            found[cells, "e_W"] = own - rate(how, a[m] * now[cells, "v_B"])
        for cells, inter in zip(self.names, self.inter, strict=False):
            alone = rate(how, of_inter(how) * now[inter, "v_D"])
            found[inter, "e_IP"] = rate(how, now[inter, "u"]) - alone
            found[cells, "e_PI"] = 0 - now[cells, "v_A"]
            own = rate(how, now[cells, "u"])
            found[cells, "e_TD"] = own - rate(how, now[cells, "v_TD"])
        return found

    def _induced(self, now):
        """What each array would follow, were it not for the low-pass: (error) (pre)^T."""
        found, below = {}, ["input", *self.names]
        for m, cells in enumerate(self.names):
            error = now[cells, "e_W"]
            found |= {f"W_{m}": np.outer(now[below[m], "r"], error), f"b_{cells}": error}
        for m, (cells, inter) in enumerate(zip(self.names, self.inter, strict=False)):
            error, above = now[inter, "e_IP"], self.names[m + 1]
            found |= {f"IP_{m}": np.outer(now[cells, "r"], error), f"b_{inter}": error}
            found[f"PI_{m}"] = np.outer(now[inter, "r"], now[cells, "e_PI"])
            found[f"TD_{m}"] = np.outer(now[above, "r"], now[cells, "e_TD"])
        return {name: induced for name, induced in found.items() if name in self.eta}
