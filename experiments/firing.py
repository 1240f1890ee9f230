"""How cells fire, from the times of their spikes alone: rates, events and bursts.

An event is a spike that no other precedes within 16 ms: alone, or the first of a burst. The second
spike of a burst is what counts as the burst; further ones are neither (Naud & Sprekeler 2018).
"""

from typing import NamedTuple

import numpy as np

GAP = 16.0  # ms: a spike that follows another within it belongs to the same burst
HALF = 0.05  # ms, of the shortest step: an interval of GAP is one, however it was rounded
KINDS = ("event", "burst", "inside")
EVENT, BURST, INSIDE = range(len(KINDS))


class Firing(NamedTuple):
    """How a population fires; rates are those of a cell. What has no number is nan."""

    firing_rate: float  # Hz, of all spikes
    event_rate: float  # Hz
    burst_rate: float  # Hz
    burst_probability: float  # share of events that become bursts
    by_chance: float  # the same of Poisson spikes of cells with these rates
    spikes_per_burst: float
    share_in_bursts: float  # of all spikes
    variation: float  # of intervals, SD/mean of a cell; mean over cells with two intervals or more


def parsed(times, cells, gap=GAP):
    """What each spike is: an index into ``KINDS`` (first of an event, burst, inside a burst).

    Parameters
    ----------
    times, cells : ndarray, shape (spikes,)
        In any order; ms.
    gap : float
        The longest interval within a burst, ms.
    """
    order, soon = _followed(times, cells, gap)
    inside = np.append(False, soon[:-1]) & soon
    found = np.empty(len(order), dtype=int)
    found[order] = np.where(inside, INSIDE, soon)
    return found


def firing(times, cells, size, starts, ends, gap=GAP):
    """How a population fires in some stretches of time.

    What a spike is follows from all of its cell's spikes, also from those between the stretches.

    Parameters
    ----------
    times, cells : ndarray, shape (spikes,)
        All spikes, in any order; ms.
    size : int
        Cells of the population.
    starts, ends : ndarray, shape (stretches,)
        In order, none within another; ms. Intervals between stretches do not count.
    gap : float
        The longest interval within a burst, ms.

    Returns
    -------
    Firing
    """
    place = np.searchsorted(starts, times + HALF, side="right") - 1
    there = (place >= 0) & (times + HALF < np.asarray(ends)[place])
    kinds = parsed(times, cells, gap)[there]
    t, i, place = times[there], cells[there], place[there]
    seconds = 1e-3 * np.sum(np.subtract(ends, starts))
    events, bursts, inside = (int(np.sum(kinds == kind)) for kind in range(len(KINDS)))
    within = 2 * bursts + inside
    others = np.maximum(np.bincount(i, minlength=size) - 1, 0) / seconds  # spikes beside one, Hz
    own = np.bincount(i[kinds == EVENT], minlength=size)  # events of each cell
    chance = own @ -np.expm1(-others * gap / 1e3)
    return Firing(
        float(len(t) / (size * seconds)),
        float(events / (size * seconds)),
        float(bursts / (size * seconds)),
        _ratio(bursts, events),
        _ratio(chance, events),
        _ratio(within, bursts),
        _ratio(within, len(t)),
        _variation(t, i, place),
    )


def _variation(times, cells, place):
    """Mean over cells of SD/mean of the intervals within a place."""
    order = np.lexsort((times, cells))
    t, i, place = times[order], cells[order], place[order]
    same = (i[1:] == i[:-1]) & (place[1:] == place[:-1])
    between, cell = np.diff(t)[same], i[1:][same]
    count, sums = np.bincount(cell), np.bincount(cell, between)
    squares = np.bincount(cell, (between - (sums / np.maximum(count, 1))[cell]) ** 2)
    many = count > 1
    if not many.any():
        return np.nan
    return float(np.mean(np.sqrt(squares[many] / count[many]) / (sums[many] / count[many])))


def _followed(times, cells, gap):
    """Spikes in order of cell and time, and whether each belongs to the burst of that before."""
    order = np.lexsort((times, cells))
    t, i = times[order], cells[order]
    soon = np.zeros(len(t), dtype=bool)
    soon[1:] = (i[1:] == i[:-1]) & (np.diff(t) < gap + HALF)
    return order, soon


def _ratio(a, b):
    return float(a / b) if b else np.nan
