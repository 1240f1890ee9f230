"""What kind of cells are PV, SST and VIP cells, and what do their synapses do? Each on the bench.

    python -m experiments interneuron_bench [--only cells ...]

Nothing is shown and nothing learned. "Cells": each class alone, the hidden pyramidal cell beside
it, and SST and VIP cells of the variant ``switch``, which adapt: input resistance and time constant
of the silent soma, rates under a steady current, first spike, first interval and steady ones after
a step of current, and for VIP cells the rate by the drive of a volley. "Pairs": one synapse of each
kind, of weight 1; a pyramidal cell fires once, or regularly at 10, 20 and 50 Hz for two seconds.
"Release": the shunt of an apical dendrite after SST cells that fired at some rate fall silent, and
a volley of VIP cells on SST cells that nothing else reaches.

Beside each measure stands its closed form (``theory``), from the parameters of the same cells. The
cells are Poisson cells, without a threshold and refractoriness: instead of a rheobase there is the
current for 10 Hz, and the one for half of the highest rate.

Expected: 1/(g_l + g_d) = 1.43 ms for both resistance and time constant; 30, 50 and 3 Hz without
input for PV, SST and VIP cells; intervals alike, but longer with time in cells that adapt. Synapses
onto PV cells release .90 at first and .63 at 50 Hz; those onto SST cells begin at .02 and release
6 times as much at 20 Hz. A shunt is released 10 ms times ln(r/7.5 Hz) after SST cells fired at r:
19 ms after 50 Hz. A volley silences SST cells in 3 ms; plateaus begin 23 ms after its own begin,
and as late after its end the shunt is back. Takes a minute or two.
"""

import numpy as np

from experiments.interneurons import bench_protocols as protocols
from experiments.interneurons.bench_formulae import Soma
from experiments.interneurons.bench_protocols import CLASSES, DT, FINE, E, Sheet
from experiments.interneurons.bench_synapses import pairs, release
from experiments.segregated import cell_measures
from experiments.study.page import Page
from models import units

VARIANT = "switch"
ADAPTING = ("SST", "VIP")
# Currents into the soma, mV/ms: held silent, a step of it, steady ones.
HOLD, STEP = -12.0, -1.0
CURRENTS = np.arange(-6.0, 8.5, 0.5)
PASSIVE, HELD = 200, 20  # steps of FINE; ms
LOW, MIDDLE = 10.0, 40.0  # Hz: instead of a rheobase; at which intervals are measured
RESTING = 100  # ms, that potentials take to come to rest
DRIVES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)  # 1/ms, of VIP cells


def cells(setting):
    """Each class alone."""
    sheet, found = Sheet(), protocols.cells()
    adapting = protocols.cells(variant=VARIANT)
    asked = {kind: found[kind] for kind in (E, *CLASSES)}
    asked |= {f"{kind}_{VARIANT}": adapting[kind] for kind in ADAPTING}
    for seed, (name, cell) in enumerate(tuple(asked.items())[setting.size(0, 4) :]):
        soma = Soma.of(cell)
        passive(sheet, name, cell, soma)
        steady(sheet, name, cell, soma, setting.size((400, 600, 200), (20, 60, 10)), 2 * seed)
        size = setting.size((400, 600, 600), (20, 180, 20))  # ms to settle, ms, copies
        intervals(sheet, name, cell, soma, size, 2 * seed + 1)
    driven(sheet, found["VIP"], DRIVES[setting.size(0, 7) :], setting.size((400, 300), (60, 4)))
    return sheet


def passive(sheet, name, cell, soma):
    """A step of current to a cell held silent, in short steps."""
    on = np.arange(2 * PASSIVE) >= PASSIVE
    current = HOLD + np.stack([np.zeros(2 * PASSIVE), STEP * on], axis=1)
    V = protocols.under(cell, current, 2 * PASSIVE, 2, FINE).V[PASSIVE - 1 :]
    V = (V[:, 1] - V[:, 0]) / STEP
    t = FINE * np.arange(len(V))
    sheet.measure(name, "input_resistance", V[-1], 1 / soma.g)
    tau = cell_measures.exponential(t, V)[1]
    sheet.measure(name, "membrane_time_constant", tau, 1 / soma.g)


def steady(sheet, name, cell, soma, size, seed):
    """Rates under steady currents."""
    settle, length, copies = size
    current = np.repeat(CURRENTS, copies)
    out = protocols.under(cell, current, settle + length, len(current), seed=seed)
    rates = 1e3 / DT * out.spikes[settle:].mean(axis=0).reshape(-1, copies).mean(axis=1)
    sheet.curve(name, "rate", CURRENTS, rates, [soma.rate(one, DT) for one in CURRENTS])
    at_0 = rates[CURRENTS == 0][0]
    sheet.measure(name, "rate_at_rest_hz", at_0, soma.rate(0.0, DT))
    for measure, rate in (("current_10_hz", LOW), ("current_half", soma.phi_max / 2)):
        sheet.measure(name, measure, needed(rates, rate, soma.phi_max), soma.current(rate, DT))


def needed(rates, rate, highest):
    """The current for a rate, interpolated where log(r/(r_max - r)) is nearly straight."""
    there = (rates > 0) & (rates < highest)
    straight = [np.log(r / (highest - r)) for r in (rates[there], rate)]
    return np.interp(straight[1], straight[0], CURRENTS[there])


def intervals(sheet, name, cell, soma, size, seed):
    """After a step of current for ``MIDDLE``: the first spike, first interval and steady ones.

    Only a cell that does not adapt has a closed form of the first interval.
    """
    settle, length, copies = size
    current = soma.current(MIDDLE, DT)
    steps = HELD + settle + length
    given = np.where(np.arange(steps) < HELD, HOLD, current)[:, None]
    spikes = protocols.under(cell, given, steps, copies, seed=seed).spikes[HELD:]
    begin = DT * (1 + spikes.argmax(axis=0)[spikes.any(axis=0)].mean())
    sheet.measure(name, "first_spike_ms", begin, soma.first_spike(HOLD, current, DT))
    two = spikes[:, spikes.sum(axis=0) > 1]
    second = np.argmax(np.cumsum(two, axis=0) == 2, axis=0)
    interval = DT * (second - two.argmax(axis=0)).mean()
    closed = None if soma.b_w else 1e3 / MIDDLE
    sheet.measure(name, "first_interval_ms", interval, closed)
    later = DT * cell_measures.intervals(spikes[settle:]).mean()
    sheet.measure(name, "steady_interval_ms", later, 1e3 / MIDDLE)


def driven(sheet, cell, drives, size):
    """VIP cells by the drive of a volley that does not end."""
    soma, rates, (length, copies) = Soma.of(cell), [], size
    E_E = units.number(cell.params.E_E)[0]
    for k, A in enumerate(drives):
        out = protocols.under(cell, 0.0, RESTING + length, copies, seed=k, drive=A)
        rates.append(1e3 / DT * out.spikes[RESTING:].mean())
    sheet.curve("VIP", "drive", drives, rates, [soma.driven(A, E_E, 0, 0) for A in drives])


PARTS = {"cells": cells, "pairs": pairs, "release": release}


def study(setting):
    """Each part; what the others found stays."""
    for name in setting.only or PARTS:
        sheet = PARTS[name](setting)
        setting.results.update("measures", sheet.measures, ("condition", "measure"))
        setting.results.update("curves", sheet.curves, ("condition", "curve"))
        keys = ("condition", "measure", "value")
        rows = [{key: row[key] for key in keys} for row in sheet.measures]
        setting.results.headline(rows, setting.arguments)
        for row in sheet.measures:
            closed = "" if row["theory"] == "" else f"   theory {row['theory']:.4g}"
            named = f"{row['condition']:14} {row['measure']:22}"
            print(f"{named} {row['value']:9.4g}{closed}", flush=True)


page = Page(
    __name__,
    __doc__,
    study,
    title="PV, SST and VIP cells on the bench",
    parts=tuple(PARTS),
    trains=False,
)
