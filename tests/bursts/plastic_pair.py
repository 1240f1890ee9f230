"""The rule between two spike trains, in plain NumPy: a reference, from event to event."""

from typing import NamedTuple

import numpy as np


class Numbers(NamedTuple):
    """Of the rule: ms, Hz."""

    eta: float = 0.1
    tau_pre: float = 50.0
    tau_avg: float = 15_000.0
    E_0: float = 5.0
    P_0: float = 0.15
    w_min: float = -1000.0
    w_max: float = 1000.0
    r_min: float = 0.0
    r_max: float = 1e9


class Left(NamedTuple):
    """What there is at the end."""

    w: float
    Etr: float
    Ebar: float
    Bbar: float


def parsed(spikes, gap=16):
    """Events and onsets of bursts of a sorted spike train, in its unit (ms)."""
    spikes = np.asarray(spikes)
    follows = np.diff(spikes, prepend=-np.inf) <= gap
    onset = follows & ~np.append(False, follows[:-1])
    return spikes[~follows], spikes[onset]


def average(times, now, tau, start=0.0):
    """sum of exp(-(now - t)/tau)/tau over times until now, in Hz, beside what it began with."""
    times = np.asarray(times, dtype=float)
    times = times[times <= now]
    rate = 1000 / tau * np.exp((times - now) / tau).sum()
    return rate + start * np.exp(-(now + 1) / tau)  # they begin a step before the first one


def learned(pre, post, n, ends, open_between=(-1, np.inf)):
    """The weight after two spike trains, from 0.

    Parameters
    ----------
    pre, post : sequences of float
        ms, from the first step on.
    n : Numbers
    ends : float
        When to look.
    open_between : (float, float)
        When there is plasticity: from the first to before the second.
    """
    trace, _ = parsed(pre)
    events, bursts = parsed(post)
    happens = [(t, 0, "pre") for t in trace] + [(t, 1, "event") for t in events]
    happens += [(t, 1, "burst") for t in bursts]
    w = 0.0

    def before(times, now, start):  # an average without what happens now
        return average([t for t in times if t < now], now, n.tau_avg, start)

    for now, _, kind in sorted(happens):
        # presynaptic events come before postsynaptic ones of the same step, and do not count them
        E, B = before(events, now, n.E_0), before(bursts, now, n.E_0 * n.P_0)
        if not open_between[0] <= now < open_between[1]:
            continue
        if kind == "pre":
            w += n.eta * min(max(n.r_min - E, 0), n.r_min)
        else:
            Etr = np.exp((trace[trace <= now] - now) / n.tau_pre).sum()
            excess = max(E - n.r_max, 0) / E
            factor = -(min(B / E, 1) + excess) if kind == "event" else 1 - excess
            w += n.eta * factor * Etr
        w = min(max(w, n.w_min), n.w_max)
    Etr = np.exp((trace - ends) / n.tau_pre).sum()
    E, B = (average(t, ends, n.tau_avg, s) for t, s in ((events, n.E_0), (bursts, n.E_0 * n.P_0)))
    return Left(w, Etr, E, B)
