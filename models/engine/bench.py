"""One kind of cell alone: what its dendrites, soma and plateaus do with input that we choose.

A bench for cells. Nothing of the cell is written here again: its equations, its integrator, what it
does at each moment of a schedule and the order within a step are those of the network. The layer
below is replaced by weights that arrive at the basal dendrite, and the layer above by weights that
arrive at the apical one::

    timing = schedule.training(Phases(random=False), images=1)
    pre = isolated.trains(40, timing, cells=200, synapses=20, seed=1)
    traces = isolated.run(NEURON, timing, 200, basal=pre @ weights)
"""

from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from brian2 import (
    Network,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    TimedArray,
    ms,
    mV,
    second,
    volt,
)

from models.engine.device import interpreted, one_sentence
from models.engine.integration import integrate
from models.engine.populations import CLOCKWORK, ORDER, counting
from models.engine.schedule import MOMENTS
from models.segregated.spiking import DRAWS

TRACES = ("V", "V_b", "V_a", "s", "phi")
UNITS = {volt.dim: mV, second.dim: ms, (volt * second).dim: mV * ms}  # all else in SI: Hz, 1
NOTHING = MappingProxyType({})

# What is given: the unit it is given in, what it does in each step, and where within the step.
# Input to the basal dendrite comes before the cell moves, as from the layer below; input to the
# apical one after it, as from the layer above. A current acts half before and half after the cell
# moves: so its effect is right to second order in dt (4 % off at 1 ms, 0.04 % at 0.1 ms).
FIRST, BEFORE, AFTER, LAST = ORDER["move"] - 2, ORDER["move"] - 1, ORDER["move"], ORDER["send"]
GIVEN = {
    "b": (mV, "b = given_b(t, i)", (FIRST,)),
    "c": (mV, "c = given_c(t, i)", (FIRST,)),
    "basal": (mV * ms, "x_b += given_basal(t, i)", (BEFORE,)),
    "apical": (mV * ms, "x_a += given_apical(t, i)", (LAST,)),
    "current": (mV / ms, "V += given_current(t, i)*dt/2", (BEFORE, AFTER)),
}


class Traces(NamedTuple):
    """What the cells did; a quantity that the cell does not have is None.

    Attributes
    ----------
    t : ndarray, shape (steps,)
        Start of each step, ms; all other values are those at its end.
    V, V_b, V_a : ndarray, shape (steps, cells)
        Somatic, basal and apical potential, mV.
    s : ndarray, shape (steps, cells)
        The cell's own filtered spike train, Hz.
    phi : ndarray, shape (steps, cells)
        Rate, Hz.
    spikes : ndarray of bool, shape (steps, cells)
        Whether the cell fired in the step.
    more : dict of ndarray, shape (steps, cells)
        Further variables that were asked for; mV, ms, mV ms, or SI units.
    final : dict of ndarray, shape (cells,)
        What the cells hold at the end, such as ``alpha_f``, ``alpha_t`` and ``V_bar``; units as
        ``more``.
    """

    t: np.ndarray
    V: np.ndarray
    V_b: np.ndarray
    V_a: np.ndarray
    s: np.ndarray
    phi: np.ndarray
    spikes: np.ndarray
    more: dict
    final: dict


def trains(rates, timing, cells, synapses, seed):
    """Poisson spikes of presynaptic cells, at most one a step: bool, (steps, cells, synapses).

    Parameters
    ----------
    rates : float or ndarray
        Hz; fits (steps, cells, synapses): an array (steps, 1, 1) is a rate that changes in time.
    timing : schedule.Schedule
    cells, synapses : int
        Postsynaptic cells, and the presynaptic cells that each of them has for itself.
    seed : int or SeedSequence
    """
    shape = int(timing.end[-1]), cells, synapses
    chance = _fitting("rates", rates, shape) * float(timing.dt)
    return np.random.default_rng(seed).random(shape) < chance


def run(
    cell,
    timing,
    cells=1,
    *,
    basal=None,
    apical=None,
    b=None,
    c=None,
    current=None,
    start=NOTHING,
    also=(),
    seed=0,
):
    """Simulate independent copies of one cell, each from rest and with its own input.

    Everything given fits (steps, cells): a number serves all; an array (cells,) is one value for
    each cell; an array (steps, 1) changes in time and serves all cells.

    Parameters
    ----------
    cell : Neuron
        Any kind; with the statements of a learning rule (``Model.cell``) it also finds out how it
        would learn. Of output cells, the first copy is taught and all others are not.
    timing : schedule.Schedule
        How long, and when the moments of the cell are: which windows it averages and when its
        plateaus end. ``schedule.testing`` makes one phase, ``schedule.training`` a forward and a
        target phase for each image.
    cells : int
        Copies.
    basal, apical : array, optional
        Sum of the weights, mV ms, of the synapses that a spike reaches in each step: spike trains
        (steps, cells, synapses) times weights (synapses,). A basal spike is felt from its own step
        on, an apical one from the next. To a cell with synapses of its own, what comes
        in a step comes through one of them, as one weight.
    b, c : array, optional
        Basal and apical potential without spikes, mV.
    current : array, optional
        Into the soma, mV/ms (per unit capacitance, as conductances are).
    start : mapping of name -> quantity, optional
        Values of any variables before the first step.
    also : sequence of str
        Further variables to trace.
    seed : int
        Of all that the cells draw.

    Returns
    -------
    Traces

    Raises
    ------
    ValueError
        If what is given does not fit, or names a variable that the cell does not have.
    ModelError
        If the equations cannot be simulated.
    """
    shape = int(timing.end[-1]), cells
    given = {"basal": basal, "apical": apical, "b": b, "c": c, "current": current}
    given = {k: _fitting(k, values, shape) for k, values in given.items() if values is not None}
    with interpreted(seed), one_sentence():
        group = _group(cell, timing, cells, given)
        synapses = [part for name in given for part in _synapses(cell, group, name, given[name])]
        reached = (GIVEN[name][1].split()[0] for name in given if name not in cell.synapses)
        _know(group, (*start, *also, *reached))
        for name, value in start.items():
            setattr(group, name, value)
        names = [name for name in dict.fromkeys((*TRACES, *also)) if name in group.variables]
        monitor = StateMonitor(group, names, record=True, dt=timing.dt, when="end")
        spikes = SpikeMonitor(group)
        Network(group, monitor, spikes, *synapses).run(timing.duration, namespace={})
        return _traces(cell, timing, group, monitor, spikes, also)


def _fitting(name, values, shape):
    values = np.asarray(values, dtype=float)
    if not np.isfinite(values).all():
        raise ValueError(f"{name}: not all values are numbers")
    try:
        return np.broadcast_to(values, shape)
    except ValueError as error:
        raise ValueError(f"{name}: an array {values.shape} does not fit {shape}") from error


def _know(group, names):
    for name in names:
        if name not in group.variables:
            raise ValueError(f"the cell has no variable {name!r}")


def _group(cell, timing, cells, given):
    """The cells, all that they do at a moment of the schedule, and all that is done to them."""
    draw, dt = DRAWS["bernoulli"], timing.dt
    arrays = {f"given_{k}": TimedArray(v * GIVEN[k][0], dt=dt) for k, v in given.items()}
    clockwork = {
        "plastic": TimedArray(np.ones(timing.images), dt=dt),
        "labels": TimedArray(np.zeros(timing.images), dt=dt),
        "per_class": 1,
        "apical_steps": timing.apical_window or 0,
    }
    group = NeuronGroup(
        cells,
        "\n".join((CLOCKWORK, *cell.parts.values())),
        threshold=cell.threshold or draw.threshold,
        reset="\n".join((draw.on_spike, cell.reset)),
        method=integrate(cell.integrator),
        namespace=cell.namespace | clockwork | arrays,
        dt=dt,
        name="cell*",
    )
    group.example = -1
    for variable, value in cell.rest.items():
        setattr(group, variable, value)
    for obj, place in (
        (group.state_updater, "move"),
        (group.subexpression_updater, "rate"),
        (group.thresholder["spike"], "draw"),
        (group.resetter["spike"], "own"),
    ):
        if obj is not None:
            obj.when, obj.order = "groups", 2 * ORDER[place]
    for name in set(given) - set(cell.synapses):
        _, code, places = GIVEN[name]
        for place in places:
            group.run_regularly(code, dt=dt, when="groups", order=2 * place + 1)
    for place, (moment, (when, _)) in enumerate(MOMENTS.items()):
        code = "\n".join((counting(moment, cell.moments), cell.moments.get(moment, "")))
        if code.strip() and len(timing.steps(moment)):
            group.run_at(code, times=timing.times(moment), when=when, order=place)
    return group


def _synapses(cell, group, name, values):
    """A cell's own kind of synapse, one onto each copy, through which what is given arrives."""
    if name not in cell.synapses:
        return []
    unit, _, (place,) = GIVEN[name]
    dt = group.clock.dt
    namespace = cell.namespace | {"given": TimedArray(values * unit, dt=dt)}
    arrives = "given(t, i) != 0*volt*second"
    source = NeuronGroup(len(group), "", threshold=arrives, reset="", namespace=namespace, dt=dt)
    weight = "w = given(t, j) : volt*second"
    synapses = Synapses(
        source, group, weight, on_pre=cell.synapses[name], namespace=namespace, dt=dt
    )
    synapses.connect(j="i")
    for obj, order in ((source.thresholder["spike"], 2 * place), (synapses.pre, 2 * place + 1)):
        obj.when, obj.order = "groups", order
    return [source, synapses]


def _traces(cell, timing, group, monitor, spikes, also):
    """All that was recorded, in the units of the model."""
    traced = {name: _plain(getattr(monitor, name)).T for name in monitor.record_variables}
    fired = np.zeros((int(timing.end[-1]), len(group)), dtype=bool)
    fired[np.rint(spikes.t / timing.dt).astype(int), spikes.i] = True
    return Traces(
        _plain(monitor.t),
        *(traced.get(name) for name in TRACES),
        fired,
        {name: traced[name] for name in also},
        {
            name: np.broadcast_to(_plain(getattr(group, name)[:]), len(group)).copy()
            for name in sorted(cell.equations.parameter_names)
        },
    )


def _plain(quantity):
    """An array in mV, ms, mV ms, or SI units."""
    return np.array(quantity / UNITS.get(getattr(quantity, "dim", None), 1))
