"""Spike trains that are shown, and asked for: frozen noise, targets, and a picture to be played.

Trains are lists of (times in ms, cells): one list entry for each example, as a program takes them
after ``packed``.
"""

from typing import NamedTuple

import numpy as np

from models import units
from models.superspike.parameters import Spiking
from models.theory import NEVER, Trains


class Spikes(NamedTuple):
    """Spikes of some cells; times in ms, sorted."""

    times: np.ndarray
    cells: np.ndarray


def poisson(cells, rate, lasts, rng):
    """Poisson spikes of so many cells, at a rate in Hz, in a time of so many ms."""
    number = rng.poisson(cells * rate * lasts / 1000)
    times = np.sort(rng.uniform(0, lasts, number))
    return Spikes(times, rng.integers(0, cells, number))


def joined(*parts):
    """Spikes of all parts, in the order of time."""
    times, cells = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    order = np.argsort(times, kind="stable")
    return Spikes(times[order], cells[order])


def cut(spikes, lasts, examples):
    """Spikes of a long stimulus as those of examples of so many ms, each since its onset."""
    place = np.floor(spikes.times / lasts).astype(int)
    return [
        Spikes(spikes.times[place == k] - k * lasts, spikes.cells[place == k])
        for k in range(examples)
    ]


def columns(examples, cells):
    """The most spikes that a cell has in one of the examples."""
    return max(np.bincount(one.cells, minlength=cells).max() for one in examples)


def packed(examples, cells, most):
    """Rows of times as ``models.theory.Trains`` says them, with room for so many spikes of a cell.

    Returns
    -------
    ndarray, shape (examples, (most + 1)*cells)
    """
    found = np.full((len(examples), most + 1, cells), NEVER)
    for row, (times, which) in zip(found, examples, strict=True):
        for cell in range(cells):
            own = times[which == cell]
            row[: len(own), cell] = own
    return found.reshape(len(examples), -1)


def trains(most, cells):
    """What a network is told of inputs that are packed so."""
    return Trains(cells, most + 1)


def number(name):
    """A time constant of the model, in ms."""
    value, _ = units.number(getattr(Spiking(), name), "ms")
    return value


def error_filter(dt):
    """What a step of dt ms leaves of a mismatch and of an error, and makes of the first in it."""
    tau_rise, tau_decay = number("tau_rise"), number("tau_decay")
    rise, decay = np.exp(-dt / tau_rise), np.exp(-dt / tau_decay)
    return rise, decay, tau_rise / (tau_decay - tau_rise) * (decay - rise)


def silent_error(examples, cells, lasts, dt):
    """Mean square of the error signal of cells that never fire, shape (cells,).

    It is what J is measured in: 1 for silence, 0 for the targets to the time step. The examples
    follow each other without end; errors are stepped as the network steps them.

    Parameters
    ----------
    examples : list of Spikes
        Targets.
    lasts, dt : float
        ms.
    """
    steps = round(lasts / dt)
    mismatch = np.zeros((len(examples) * steps, cells))
    for k, (times, which) in enumerate(examples):
        at = k * steps + np.floor(times / dt + 0.5).astype(int)
        np.add.at(mismatch, (np.minimum(at, len(mismatch) - 1), which), 1)
    rise, decay, drive = error_filter(dt)
    a, err, total = np.zeros(cells), np.zeros(cells), np.zeros(cells)
    for _ in range(2):  # the second time round, it has begun in the state that it ends in
        total[:] = 0
        for new in mismatch:
            err, a = decay * err + drive * a, rise * a + new
            total += err**2
    return total / len(mismatch)
