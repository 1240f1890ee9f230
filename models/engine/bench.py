"""One kind of cell alone, interpreted: nothing of it is written again for the bench."""

from typing import NamedTuple

import numpy as np
from brian2 import Network, SpikeMonitor, StateMonitor, defaultclock

from models import units
from models.engine.circuit import Circuit
from models.engine.device import simulate
from models.engine.populations import Builder

NAME = "cell"


class Alone(NamedTuple):
    """What the cells did, in the units of ``models.units``.

    Attributes
    ----------
    t : ndarray, shape (steps,)
        Start of each step, ms; all other values are those at its end.
    traces : dict of ndarray, shape (steps, cells)
    spikes : ndarray of bool, shape (steps, cells)
    final : dict of ndarray, shape (cells,)
        What the cells hold at the end.
    """

    t: np.ndarray
    traces: dict
    spikes: np.ndarray
    final: dict


def alone(population, order, schedule, symbols, prepare, traced):
    """Run copies of one kind of cell; to be called within ``device.interpreted``.

    Parameters
    ----------
    population : Population
    order : tuple of Sweep
    schedule : Schedule
    symbols : dict
        Further symbols of its equations, such as timed arrays.
    prepare : callable
        ``prepare(group)`` sets variables, and returns further Brian2 objects that reach the cells.
    traced : sequence of str
        Variables; those that the cell does not have are left out.

    Returns
    -------
    Alone
    """
    defaultclock.dt = schedule.dt
    places = Circuit({NAME: population}, {}, order, {}, (), "").places(schedule)
    group = Builder(schedule, places, symbols).group(NAME, population)
    more = prepare(group)
    names = [name for name in dict.fromkeys(traced) if name in group.variables]
    monitor = StateMonitor(group, names, record=True, when="end")
    spikes = SpikeMonitor(group)
    simulate(Network(group, monitor, spikes, *more), schedule.steps_in_all)
    fired = np.zeros((schedule.steps_in_all, len(group)), dtype=bool)
    fired[np.rint(spikes.t / schedule.dt).astype(int), spikes.i] = True
    held = sorted(population.cell.equations.parameter_names)
    return Alone(
        plain(monitor.t),
        {name: plain(getattr(monitor, name)).T for name in names},
        fired,
        {n: np.broadcast_to(plain(getattr(group, n)[:]), len(group)).copy() for n in held},
    )


def plain(quantity):
    """An array of plain numbers, in the unit of ``models.units`` that has its dimensions."""
    unit = units.of(quantity)
    return np.array(np.asarray(quantity) / unit.size) if unit.size != 1 else np.array(quantity)
