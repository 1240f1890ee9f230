"""The rule dW = rho_pre * d rho_post gives the window of spike-timing dependent plasticity (eq 11).

Bengio et al. (2015, arXiv:1509.05936) read equilibrium propagation so: while states move, a synapse
changes by the rate of its source times the change of the rate of its target. Here both rates are
traces of one spike each, tau_pre and tau_post long. The protocol is this project's own.
"""

from typing import NamedTuple

import numpy as np
from brian2 import Quantity, ms

from models import units
from models.engine.cell import Cell
from models.engine.circuit import Circuit, Event, Pathway, Population, Projection, Sweep
from models.engine.network import Network
from models.engine.schedule import Moment
from models.theory import Inputs

PRE = """
    dx/dt = -x/tau_pre                                        : 1  # rate, as a trace of its spike
    fires                                                     : second  # when
"""
POST = """
    du/dt = -u/tau_post                                       : 1  # rate, as a trace of its spike
    fires                                                     : second  # when
"""
NOW = "abs(t - fires) < dt/2"

# dW/dt = x du/dt: u falls between spikes, and jumps by 1 with each.
RULE = "dw/dt = -x_pre*u_post/tau_post : 1 (clock-driven)  # weight"
JUMP = "w += x_pre"

ORDER = (Sweep(("onset",)), Sweep(("move", "spike")), Sweep(("over",)))
MOMENTS = {
    "onset": Moment("pair", "first", "start", "it begins"),
    "over": Moment("pair", "last", "end", "both traces are gone"),
}


class Traces(NamedTuple):
    """How long a spike is felt: of the order of what is fitted to Bi & Poo's (1998) data."""

    tau_pre: Quantity = 20 * ms
    tau_post: Quantity = 34 * ms


def window(lags, traces=None):
    """The weight that a pair of spikes makes, in closed form.

    Parameters
    ----------
    lags : array_like
        Post minus pre, ms; not 0.
    traces : Traces, optional

    Returns
    -------
    ndarray, shape of ``lags``
        tau_post/(tau_pre + tau_post) exp(-lag/tau_pre) where the lag is positive, and
        -tau_pre/(tau_pre + tau_post) exp(lag/tau_post) where it is negative: areas are equal.
    """
    pre, post = (units.number(tau, "ms")[0] for tau in traces or Traces())
    lags = np.asarray(lags, dtype=float)
    later, earlier = post * np.exp(-np.abs(lags) / pre), -pre * np.exp(-np.abs(lags) / post)
    return np.where(lags > 0, later, earlier) / (pre + post)


def pairs(lags, traces=None, dt=0.1 * ms, device="runtime"):
    """The weight that a pair of spikes makes, simulated: a pair of cells for each lag.

    Parameters
    ----------
    lags : array_like, shape (n,)
        Post minus pre, ms; not 0.
    traces : Traces, optional
    dt : Quantity
        The time step.
    device : str
        "runtime" or "standalone".

    Returns
    -------
    ndarray, shape (n,)
    """
    traces, lags = traces or Traces(), np.asarray(lags, dtype=float)
    if lags.ndim != 1 or not len(lags) or not np.isfinite(lags).all() or not lags.all():
        raise ValueError("lags: a list of times in ms, none of them 0")
    n, longest = len(lags), np.abs(lags).max()
    first = 10.0 + longest  # ms
    lasts = first + longest + 15 * max(units.number(tau, "ms")[0] for tau in traces)
    spikes = {"pre": np.full(n, first), "post": first + lags}
    network = Network(
        circuit(n, traces),
        start=lambda seed: spikes | {"w": np.zeros(n)},
        read=lambda outcome, inputs: (outcome["u"], {"loss": np.zeros(1)}),
        phases={"pair": int(np.ceil(lasts / units.number(dt, "ms")[0]))},
        moments=MOMENTS,
        dt=dt,
    )
    program = network.program(1, device=device)
    nothing = np.zeros((1, n)), np.zeros(1, dtype=int)
    return program.run(Inputs(*nothing, network.start(0), 1)).state["w"]


def circuit(pairs, traces):
    """So many pairs of cells, each with one synapse."""
    constants, each = traces._asdict(), np.arange(pairs)
    cells = {
        "pre": Cell.of({"trace": PRE}, constants=constants),
        "post": Cell.of({"trace": POST}, constants=constants),
    }
    events = {"pre": Event(NOW, "x += 1"), "post": Event(NOW, "u += 1")}
    return Circuit(
        {name: Population(pairs, cells[name], {"spike": events[name]}) for name in cells},
        {
            "W": Projection(
                "pre",
                "post",
                RULE,
                {"jump": Pathway(JUMP, "spike", by="post")},
                pairs=(each, each),
                integrator="euler",
            )
        },
        ORDER,
        state={"w": ("W", "w"), "pre": ("pre", "fires"), "post": ("post", "fires")},
        outcome=("u",),
        outcome_at="over",
    )
