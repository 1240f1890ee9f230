"""Rates and spikes: the rate rule gives the timing curve, and the timing curve the rate rule.

Equilibrium propagation reads dW = rho_pre d rho_post (eq 11 and 12) as spike-timing dependent
plasticity. Two protocols of this project's own test that with Poisson spikes: cells whose rates
wander, with the rule at each presynaptic spike; and pairs of cells whose rates are ramps, with
pair-based STDP.
"""

from typing import NamedTuple

import numpy as np
from brian2 import Hz, Quantity, ms

from models.engine.cell import Cell
from models.engine.circuit import Circuit, Event, Pathway, Population, Projection, Sweep
from models.engine.network import Network
from models.engine.recording import Recording
from models.engine.schedule import Moment
from models.theory import Inputs

SPIKE = "rand() < rate*dt"
PER_MS2 = 1e-6  # of Hz/second
NOTHING_SEEN = np.zeros((1, 1)), np.zeros(1, dtype=int)

# --- rates that wander ----------------------------------------------------------------------------

STEADY = "rate                                                    : Hz  # of its spikes"
WANDERING = """
    dn/dt = -n/tau + sigma*sqrt(2*(tau + tau_f))/tau*xi       : Hz  # noise
    dy/dt = (n - y)/tau_f                                     : Hz  # the same, smooth
    rate = clip(r_0 + y, 0*Hz, 1/dt)                          : Hz  # of its spikes
    change = (n - y)/tau_f                                    : Hz/second  # d rate/dt
"""
WAIT, SHOW = "wait", "show"


class Wander(NamedTuple):
    """How rates wander: noise with a time constant tau, smoothed by tau_f; y has the s.d. sigma."""

    r_pre: Quantity = 20 * Hz
    r_0: Quantity = 40 * Hz
    sigma: Quantity = 12 * Hz
    tau: Quantity = 20 * ms
    tau_f: Quantity = 5 * ms


def window(lags, wander=None):
    """The mean change of a weight at a pre spike, by the time to a post spike, in closed form.

    Parameters
    ----------
    lags : array_like
        Post minus pre, ms.
    wander : Wander, optional

    Returns
    -------
    ndarray, shape of ``lags``
        -C'(lag)/r_0 in 1/ms^2, where C is the autocovariance of the rate.
    """
    wander, lags = wander or Wander(), np.asarray(lags, dtype=float)
    tau, tau_f = (float(value / ms) for value in (wander.tau, wander.tau_f))
    variance, r_0 = float(wander.sigma * ms) ** 2, float(wander.r_0 * ms)
    away = np.abs(lags)
    fall = (np.exp(-away / tau) - np.exp(-away / tau_f)) / (tau - tau_f)
    return np.sign(lags) * variance * fall / r_0


def wandering(cells, lasts, seed, wander=None, dt=0.5 * ms, device="runtime"):
    """Simulate cells whose rates wander, beside as many of a steady rate.

    Parameters
    ----------
    cells : int
    lasts : float
        Seconds.
    seed : int

    Returns
    -------
    pre, post : (ndarray of int, ndarray of int)
        Cells and steps of the spikes.
    change : ndarray, shape (steps, cells)
        d rate/dt of the post cells, 1/ms^2.
    """
    wander = wander or Wander()
    steps = round(lasts * 1000 * ms / dt)
    constants = wander._asdict()
    del constants["r_pre"]
    order = Sweep(("onset",)), Sweep(("move", "rate", "spike")), Sweep(("over",))
    circuit = Circuit(
        {
            "pre": Population(cells, Cell.of({"rate": STEADY}), {"spike": Event(SPIKE)}),
            "post": Population(
                cells,
                Cell.of({"rate": WANDERING}, constants=constants, integrator="euler"),
                {"spike": Event(SPIKE)},
            ),
        },
        {},
        order,
        state={"rate": ("pre", "rate")},
        outcome=("y",),
        outcome_at="over",
    )
    network = Network(
        circuit,
        start=lambda seed: {"rate": np.full(cells, float(wander.r_pre / Hz))},
        read=lambda outcome, inputs: (outcome["y"], {"loss": np.zeros(1)}),
        phases={WAIT: round(200 * ms / dt), SHOW: steps},
        moments=_moments(SHOW),
        dt=dt,
    )
    asked = Recording({"spikes": (), "changes": ("change",)})
    program = network.program(1, record=asked, device=device)
    out = program.run(Inputs(*NOTHING_SEEN, network.start(0), seed))
    first = program.schedule.starts(SHOW)[0]
    found = []
    for population in ("pre", "post"):
        i, t = (out.records["spikes", population, name] for name in "it")
        step = np.rint(t / float(dt / ms)).astype(int) - first
        found.append((i[step >= 0], step[step >= 0]))
    return *found, PER_MS2 * out.records["changes", "post", "change"][first:]


def by_lag(pre, post, change, edges):
    """Sums over pairs of spikes of the change at the pre spike, by their lag.

    Parameters
    ----------
    pre, post, change
        As from ``wandering``.
    edges : ndarray of int
        Of bins of lags (post minus pre), steps: a bin holds lags from its edge to before the next.

    Returns
    -------
    sums, squares, pairs : ndarray, shape (bins,)
    """
    steps, cells = change.shape
    spikes = np.zeros((steps, cells))
    np.add.at(spikes, (post[1], post[0]), 1)
    count = np.concatenate([np.zeros((1, cells)), np.cumsum(spikes, axis=0)])
    (i, t), found = pre, []
    dw = change[t, i]
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        begin, end = (np.clip(t + edge, 0, steps) for edge in (low, high))
        there = count[end, i] - count[begin, i]
        found.append((dw @ there, dw**2 @ there, there.sum()))
    return np.transpose(found)


# --- rates that are ramps -------------------------------------------------------------------------

RAMP = """
    slope                                                     : Hz/second  # of the rate
    rate = clip(r_0 + slope*(t - middle), 0*Hz, 1/dt)         : Hz  # of its spikes
    d{trace}/dt = -{trace}/{tau}                              : 1  # trace of its spikes
"""
POTENTIATE, DEPRESS = "w += A_plus*x_pre", "w -= A_minus*u_post"
FORGET = "w = 0"


class Pairs(NamedTuple):
    """Pair-based STDP, all pairs; both sides of its window have the same area."""

    tau_plus: Quantity = 20 * ms
    tau_minus: Quantity = 34 * ms
    r_0: Quantity = 30 * Hz
    A_plus: float = 1.0

    def a_minus(self, dt):
        """``A_minus`` where unrelated spikes change nothing, and two in one step potentiate."""
        minus, plus = (float(dt / tau) for tau in (self.tau_minus, self.tau_plus))
        return self.A_plus * np.expm1(minus) / -np.expm1(-plus)


def drift(slope_pre, slope_post, lasts, pairs=None):
    """The mean change of a weight, in closed form, in units of A_plus.

    Both rates are r_0 in the middle of a time ``lasts`` (ms), and have slopes in 1/ms^2:
    the average of ``A_minus*tau_minus**2*r_pre*dr_post/dt - A_plus*tau_plus**2*r_post*dr_pre/dt``,
    with ``A_minus*tau_minus = A_plus*tau_plus``.
    """
    pairs = pairs or Pairs()
    plus, minus = (float(tau / ms) for tau in (pairs.tau_plus, pairs.tau_minus))
    r_0 = float(pairs.r_0 * ms)
    return pairs.A_plus * plus * lasts * r_0 * (minus * slope_post - plus * slope_pre)


def ramps(slope_pre, slope_post, lasts, seed, pairs=None, dt=0.5 * ms, device="runtime"):
    """The change of each weight while rates are ramps, simulated; in units of A_plus.

    Parameters
    ----------
    slope_pre, slope_post : ndarray, shape (synapses,)
        1/ms^2; both rates are r_0 in the middle.
    lasts : float
        ms; the ramps begin 200 ms before, for traces to be there.
    seed : int

    Returns
    -------
    ndarray, shape (synapses,)
    """
    pairs, n = pairs or Pairs(), len(slope_pre)
    wait, show = round(200 * ms / dt), round(lasts * ms / dt)
    each = np.arange(n)
    traces = {"pre": ("x", "tau_plus"), "post": ("u", "tau_minus")}
    populations = {}
    for name, (trace, tau) in traces.items():
        symbols = {"r_0": pairs.r_0, "middle": (wait + show / 2) * dt, tau: getattr(pairs, tau)}
        cell = Cell.of({"ramp": RAMP.format(trace=trace, tau=tau)}, constants=symbols)
        populations[name] = Population(n, cell, {"spike": Event(SPIKE, f"{trace} += 1")})
    circuit = Circuit(
        populations,
        {
            "W": Projection(
                "pre",
                "post",
                "w : 1  # weight",
                {
                    "depress": Pathway(DEPRESS, "spike"),
                    "potentiate": Pathway(POTENTIATE, "spike", by="post"),
                },
                {"begin": FORGET},
                symbols={"A_plus": pairs.A_plus, "A_minus": pairs.a_minus(dt)},
                pairs=(each, each),
            )
        },
        # all traces fall first; then first the one side fires and is heard, and then the other
        (Sweep(("onset", "begin")), Sweep(("move", "rate")), Sweep(("spike",), "up"))
        + (Sweep(("over",)),),
        state={name: (name, "slope") for name in traces} | {"w": ("W", "w")},
        outcome=("u",),
        outcome_at="over",
    )
    slopes = {"pre": slope_pre, "post": slope_post}
    network = Network(
        circuit,
        start=lambda seed: {n: s / PER_MS2 for n, s in slopes.items()} | {"w": np.zeros(len(each))},
        read=lambda outcome, inputs: (outcome["u"], {"loss": np.zeros(1)}),
        phases={WAIT: wait, SHOW: show},
        moments=_moments(SHOW) | {"begin": Moment(SHOW, "first", "start", "weights begin at 0")},
        dt=dt,
    )
    program = network.program(1, device=device)
    return program.run(Inputs(*NOTHING_SEEN, network.start(0), seed)).state["w"]


def _moments(phase):
    return {
        "onset": Moment(WAIT, "first", "start", "it begins"),
        "over": Moment(phase, "last", "end", "it ends"),
    }
