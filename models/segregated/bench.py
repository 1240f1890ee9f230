"""One kind of cell alone: what its dendrites, soma and plateaus do with input that we choose.

A bench for cells. Nothing of the cell is written here again: its equations, its integrator, what it
does at each moment of a schedule and the order within a step are those of the network. The layer
below is replaced by weights that arrive at the basal dendrite, and the layer above by weights that
arrive at the apical one::

    timing = timing.training(Phases(random=False), images=1)
    pre = bench.trains(40, timing, cells=200, synapses=20, seed=1)
    traces = bench.run(HIDDEN, timing, 200, basal=pre @ weights)
"""

from typing import NamedTuple

import numpy as np
from brian2 import NeuronGroup, Synapses, TimedArray, ms, mV

from models.engine import bench
from models.engine.cell import NONE
from models.engine.circuit import Event, Population, Sweep
from models.engine.device import interpreted, one_sentence
from models.segregated.circuit import counted
from models.segregated.spiking import DRAWS
from models.segregated.timing import OF_CELLS

TRACES = ("V", "V_b", "V_a", "s", "phi")
# Input to the basal dendrite comes before the cell moves, as from the layer below; input to the
# apical one after it, as from the layer above.
STEP = ("first", "before", "move", "after", "rate", "spike", "last")
ORDER = (Sweep(OF_CELLS[:2]), Sweep(STEP), Sweep(OF_CELLS[2:]))
# What is given: the unit it is given in, what it does in each step, and where within the step. A
# current acts half before and half after the cell moves: so its effect is right to second order in
# dt (4 % off at 1 ms, 0.04 % at 0.1 ms).
GIVEN = {
    "b": (mV, "b = given_b(t, i)", ("first",)),
    "c": (mV, "c = given_c(t, i)", ("first",)),
    "basal": (mV * ms, "x_b += given_basal(t, i)", ("before",)),
    "apical": (mV * ms, "x_a += given_apical(t, i)", ("last",)),
    "current": (mV / ms, "V += given_current(t, i)*dt/2", ("before", "after")),
}
FIRES = "given_fires(t, i) >= 0 and (given_fires(t, i) > 0 or ({own}))"


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
    timing : Schedule
    cells, synapses : int
        Postsynaptic cells, and the presynaptic cells that each of them has for itself.
    seed : int or SeedSequence
    """
    shape = timing.steps_in_all, cells, synapses
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
    fires=None,
    start=NONE,
    also=(),
    seed=0,
):
    """Simulate independent copies of one cell, each from rest and with its own input.

    Everything given fits (steps, cells): a number serves all; an array (cells,) is one value for
    each cell; an array (steps, 1) changes in time and serves all cells.

    Parameters
    ----------
    cell : Cell
        Any kind; with the statements of a learning rule (``Model.cell``) it also finds out how it
        would learn. Of output cells, the first copy is taught and all others are not.
    timing : Schedule
        How long, and when the moments of the cell are: which windows it averages and when its
        plateaus end. ``timing.testing`` makes one phase, ``timing.training`` a forward and a
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
    fires : array, optional
        1 where the cell is made to fire, -1 where it is kept from firing, as by a toxin; 0 where
        it fires as it does.
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
    shape = timing.steps_in_all, cells
    given = {"basal": basal, "apical": apical, "b": b, "c": c, "current": current}
    given = {k: _fitting(k, values, shape) for k, values in given.items() if values is not None}
    fires = None if fires is None else _fitting("fires", fires, shape)

    def prepare(group):
        synapses = [part for name in given for part in _synapses(cell, group, name, given[name])]
        reached = (GIVEN[name][1].split()[0] for name in given if name not in cell.synapses)
        _know(group, (*start, *also, *reached))
        for name, value in start.items():
            setattr(group, name, value)
        return synapses

    with interpreted(seed), one_sentence():
        symbols = _symbols(timing, given)
        if fires is not None:
            symbols["given_fires"] = TimedArray(fires, dt=timing.dt)
        population = _population(cell, cells, given, fires is not None)
        out = bench.alone(population, ORDER, timing, symbols, prepare, (*TRACES, *also))
    names = {name: out.traces.get(name) for name in TRACES}
    more = {name: out.traces[name] for name in also}
    held = {name: out.final[name] for name in cell.equations.parameter_names}
    return Traces(out.t, *names.values(), out.spikes, more, held)


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


def _symbols(timing, given):
    """What a network would give the cells, and what is given to them here."""
    arrays = {f"given_{k}": TimedArray(v * GIVEN[k][0], dt=timing.dt) for k, v in given.items()}
    return arrays | {
        "plastic": TimedArray(np.ones(timing.images), dt=timing.dt),
        "labels": TimedArray(np.zeros(timing.images), dt=timing.dt),
        "per_class": 1,
        "apical_steps": timing.moments["forward_apical"].window,
    }


def _population(cell, cells, given, told):
    """The cells, with all that is done to them in each step."""
    draw, steps = DRAWS["bernoulli"], {}
    for name in set(given) - set(cell.synapses):
        _, code, places = GIVEN[name]
        for place in places:
            steps[place] = "\n".join(filter(None, (steps.get(place), code)))
    on_spike = draw.on_spike if "train" in cell.parts else ""
    own = "\n".join(filter(None, (on_spike, cell.reset)))
    fires = cell.threshold or draw.threshold
    events = {"spike": Event(FIRES.format(own=fires) if told else fires, own)}
    return Population(cells, counted(cell).vary(moments=steps), events)


def _synapses(cell, group, name, values):
    """A cell's own kind of synapse, one onto each copy, through which what is given arrives."""
    if name not in cell.synapses:
        return []
    unit, _, (place,) = GIVEN[name]
    dt = group.clock.dt
    namespace = cell.namespace | {"given": TimedArray(values * unit, dt=dt)}
    arrives = "given(t, i) != 0*volt*second"
    source = NeuronGroup(len(group), "", threshold=arrives, reset="", namespace=namespace)
    weight = "w = given(t, j) : volt*second"
    synapses = Synapses(source, group, weight, on_pre=cell.synapses[name], namespace=namespace)
    synapses.connect(j="i")
    after = group.resetter["spike"].order if place == "last" else group.state_updater.order - 2
    for obj, order in ((source.thresholder["spike"], after), (synapses.pre, after + 1)):
        obj.when, obj.order = "groups", order
    return [source, synapses]
