"""Ensembles that are given two currents, and what is read of them: rates, drives, correlations."""

from typing import NamedTuple

import numpy as np
from scipy import signal

from experiments.study import recorded
from models.bursts.ensemble import network
from models.engine.recording import NOTHING
from models.theory import Inputs

BIN, SMOOTH, LAGS = 10, 5, range(-2, 13)  # ms; bins; bins: -20 to 120 ms


class Shown(NamedTuple):
    """What ensembles did: arrays of shape (ms, ensembles), ``STD`` and ``STF`` in Hz per cell."""

    events: np.ndarray
    bursts: np.ndarray
    spikes: np.ndarray
    STD: np.ndarray | None
    STF: np.ndarray | None
    records: dict
    n_cells: int  # of an ensemble

    def of(self, first, last, ensembles=slice(None)):
        """The same from ``first`` to ``last`` ms, of some ensembles."""
        part = [None if one is None else one[first:last, ensembles] for one in self[:5]]
        return Shown(*part, self.records, self.n_cells)

    def together(self):
        """All ensembles as one."""
        sums = [one.sum(axis=1, keepdims=True) for one in self[:3]]
        drives = [None if one is None else one.mean(axis=1, keepdims=True) for one in self[3:5]]
        return Shown(*sums, *drives, self.records, self.n_cells * self.events.shape[1])

    @property
    def means(self):
        """Event rate, burst rate, firing rate (Hz) and burst probability, each of an ensemble.

        Where there is no event, the probability is nan.
        """
        seconds = 1e-3 * len(self.events)
        found = [one.sum(axis=0) / (self.n_cells * seconds) for one in self[:3]]
        return *found, _ratio(found[1], found[0])


class Ensembles:
    """A compiled network of ensembles; as ``models.bursts.ensemble.network``.

    Parameters
    ----------
    setting : Setting
        Of the page: small and interpreted for ``--smoke``.
    n_cells, n_ensembles, ms : int
        The most ms that are shown.
    record : Recording, optional
    **words
        Further words of ``network``.
    """

    def __init__(self, setting, n_cells, n_ensembles, ms, record=NOTHING, **words):
        self.setting, self.n_cells, self.shape = setting, n_cells, (ms, n_ensembles)
        self.network = network(n_cells, n_ensembles, **words)
        how = {"device": setting.size("standalone", "runtime"), "precision": "single"}
        self.record = recorded.both(record, recorded.asked(setting, self.network))
        self.program = self.network.program(ms, record=self.record, **how)

    def run(self, x_s, x_d, seed, **more):
        """Show currents in pA, one value for each ms (and ensemble); returns ``Shown``.

        ``more``: ``k_s`` and ``k_d``, of each ensemble, where there is inhibition.
        """
        inputs = [np.broadcast_to(np.reshape(x, (len(x), -1)), self.shape) for x in (x_s, x_d)]
        given = {name: np.broadcast_to(value, self.shape) for name, value in more.items()}
        labels = np.zeros(len(x_s), dtype=int)
        out = self.program.run(Inputs(np.hstack(inputs), labels, {}, seed, more=given))
        found = [out.measures.get(name) for name in ("bursts", "spikes", "STD", "STF")]
        return Shown(out.answers, *found, out.records, self.n_cells)

    def keep(self, shown, condition, phases, seed, **more):
        """Write what was asked to be recorded; ``phases`` are (start ms, end ms, name)."""
        about = {"cells_of_an_ensemble": self.n_cells} | more
        told = self.network, shown.records, phases, seed, self.record.cells
        recorded.write(self.setting, condition, *told, **about)


# --- signals --------------------------------------------------------------------------------------


def binned(values):
    """Means of successive bins of 10 ms; one value a ms in, first axis."""
    values = np.asarray(values)
    whole = len(values) // BIN
    return values[: whole * BIN].reshape(whole, BIN, *values.shape[1:]).mean(axis=1)


def smooth(values):
    """Means over 50 ms around each bin; at both ends, over those that are there."""
    ones = np.ones(SMOOTH)
    return np.convolve(values, ones, "same") / np.convolve(np.ones(len(values)), ones, "same")


def rates(shown, over=smooth):
    """Of one ensemble, by bin: event, burst and firing rate (Hz), and burst probability.

    ``over``: what is done to rates before they are divided.
    """
    found = [over(1e3 * binned(one[:, 0]) / shown.n_cells) for one in shown[:3]]
    return {"ER": found[0], "BR": found[1], "FR": found[2], "BP": _ratio(found[1], found[0])}


def _ratio(a, b):
    return np.divide(a, b, out=np.full(np.shape(a), np.nan), where=b > 0)


def correlation(x, y, lag=0):
    """Of bins: ``x`` is so many of them later than ``y``; what is no number is left out."""
    if lag < 0:
        return correlation(y, x, -lag)
    x, y = x[lag:], y[: len(y) - lag]
    there = np.isfinite(x) & np.isfinite(y)
    x, y = x[there], y[there]
    if len(x) < 2 or not np.std(x) or not np.std(y):
        return np.nan
    return np.corrcoef(x, y)[0, 1]


def best(x, y):
    """The largest correlation of ``x`` with ``y``, and the lag of ``x`` there, in bins."""
    found = [correlation(x, y, lag) for lag in LAGS]
    if not np.isfinite(found).any():
        return np.nan, 0
    place = int(np.nanargmax(found))
    return found[place], LAGS[place]


def coherence(x, y, seconds=1.0):
    """Frequencies (Hz) and magnitude-squared coherence, from stretches of so many seconds."""
    rate = 1000 / BIN
    known = np.nan_to_num(x, nan=np.nanmean(x))
    return signal.coherence(known, y, rate, nperseg=min(len(x) // 2, round(rate * seconds)))


# --- currents -------------------------------------------------------------------------------------


def constant(level, ms):
    """A current that stays."""
    return np.full(ms, float(level))


def steps(levels, period, high, late, ms):
    """Low and high in turn: ``high`` and ``late`` are shares of the period (ms)."""
    phase = (np.arange(ms) / period - late) % 1
    return np.where(phase < high, levels[1], levels[0]).astype(float)


def sine(mean, depth, period, ms):
    """A sine about a mean; pA, pA, ms."""
    return mean + depth * np.sin(2 * np.pi * np.arange(ms) / period)


def noise(mean, sd, tau, ms, rng):
    """An Ornstein-Uhlenbeck process, in its stationary state from the start; tau in ms."""
    keep = np.exp(-1 / tau)
    drawn = rng.normal(size=ms) * np.append(1, np.full(ms - 1, np.sqrt(1 - keep**2)))
    return mean + sd * signal.lfilter([1], [1, -keep], drawn)
