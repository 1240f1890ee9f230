"""What is done to a cell on the bench: steps and volleys, steady drive, plateaus, spikes.

Each protocol writes what it measured into a ``cell_sheet.Sheet``, with the closed forms of the
paper's cell beside it.
"""

from functools import partial
from typing import NamedTuple

import numpy as np
from brian2 import ms

from experiments.segregated import cell_formulae
from experiments.segregated import cell_measures as measures
from experiments.segregated.cell_sheet import Sheet
from experiments.segregated.cell_variables import follow
from experiments.segregated.cell_volleys import combine
from models.segregated import bench, timing
from models.segregated.parameters import Phases

# Steady drive, one kind at a time, from rest: mV/ms, mV, mV.
DRIVES = {
    "current": np.arange(-5.0, 6.0),
    "basal": np.arange(-8.0, 9.0),
    "apical": np.arange(-8.0, 9.0, 2.0),
}
APICAL = np.arange(-6.0, 6.5, 0.5)  # for plateaus, mV
SYMBOLS = {"current": "current", "basal": "b", "apical": "c"}  # of models.segregated.bench
GAINS = {"basal": lambda p: p.k_b, "apical": lambda p: p.k_a}
GAINS["current"] = lambda p: p.resistance(DT)

# Passive: a cell held silent by a current, and a step of it; mV/ms.
FINE, HOLD, STEP = 0.1, -10.0, -1.0  # ms, mV/ms, mV/ms
# Volleys: spikes that come together, at a cell near rest; mV ms, mV.
VOLLEY, REST = 50.0, -3.0
BEFORE, AFTER, SHOWN = 60, 60, 40  # ms
# Spikes: under a basal potential, mV.
DRIVE = 2.0
# Poisson input: to the soma's own drive (Hz), and to the apical dendrite from a low potential.
SYNAPSES, WEIGHT, RATE = 20, 5.0, 30.0  # 3 mV on average
RATES, APICAL_REST = np.arange(0.0, 81.0, 10.0), -4.0  # Hz, mV
PLATEAU = Phases(random=False)

SETTLE, WINDOW = 100, 100  # ms: left out of steady values; of one spike count
DT = 1.0  # ms, the network's; spikes are drawn once a step
LAGS, SOON = np.arange(-5, 21), 2  # around a spike, and shortly after it; steps
INTERVALS = np.arange(1, 41)


class Size(NamedTuple):
    """How much is measured."""

    steady_ms: int
    steady_copies: int
    volley_copies: int
    plateau_copies: int
    spikes_ms: int
    spike_copies: int


FULL = Size(500, 40, 40, 100, 1000, 200)
SMOKE = Size(100, 2, 2, 5, 200, 5)


def characterise(name, cell, size=FULL, seed=1):
    """Measure a cell; returns its ``Sheet``."""
    sheet = Sheet(name, cell)
    parts = respond, settle, plateaus, fire, combine, follow
    seeds = np.random.SeedSequence(seed).generate_state(len(parts))
    for part, own in zip(parts, seeds, strict=True):
        part(sheet, cell, size, int(own))
    return sheet


def respond(sheet, cell, size, seed):
    """Step of current, and volleys of basal and of apical spikes, in steps of 0.1 ms."""
    schedule = timing.testing(Phases(dt=FINE * ms, test=(BEFORE + AFTER) * ms), 1)
    steps, start = schedule.steps_in_all, round(BEFORE / FINE)
    kinds = ("hold", "step", "rest", "basal", "apical")
    kind = np.repeat(np.arange(len(kinds)), size.volley_copies)
    on = np.arange(steps)[:, None] >= start
    arrives = np.arange(steps)[:, None]
    out = bench.run(
        cell,
        schedule,
        len(kind),
        current=np.where(kind < 2, HOLD, 0.0) + np.where(kind == 1, STEP * on, 0.0),
        b=np.where(kind < 2, 0.0, REST),
        basal=np.where((kind == 3) & (arrives == start), VOLLEY, 0.0),
        apical=np.where((kind == 4) & (arrives == start - 1), VOLLEY, 0.0),  # felt a step later
        seed=seed,
    )
    _needs(out, "V", "V_b", "V_a")
    t = FINE * np.arange(steps - start + 1)  # 0 is the end of the last step before it all
    mean = {
        name: getattr(out, name)[start - 1 :].reshape(len(t), len(kinds), -1).mean(axis=2)
        for name in ("V", "V_b", "V_a")
    }
    _step(sheet, t, (mean["V"][:, 1] - mean["V"][:, 0]) / STEP)
    for place, dendrite in ((3, "basal"), (4, "apical")):
        change = {name: V[:, place] - V[:, 2] for name, V in mean.items()}
        _volley(sheet, t, dendrite, change)


def _step(sheet, t, V):
    shown = slice(None, None, round(0.5 / FINE))
    _, tau = measures.exponential(t, V)
    steady = V[t > t[-1] - 10].mean()
    sheet.curve("step", t[shown], V[shown], lambda p: (1 - np.exp(-p.g * t[shown])) / p.g)
    sheet.measure("input_resistance_ms", steady, lambda p: 1 / p.g)
    sheet.measure("time_constant_ms", tau, lambda p: 1 / p.g)


def _volley(sheet, t, dendrite, change):
    own, other = ("b", "a") if dendrite == "basal" else ("a", "b")
    for label, place, name, closed in (
        ("own", "dendrite", f"V_{own}", lambda p: VOLLEY * p.kappa(t)),
        ("soma", "soma", "V", lambda p: VOLLEY * p.soma(t, getattr(p, f"g_{own}"))),
        ("other", "other_dendrite", f"V_{other}", lambda p: np.zeros_like(t)),
    ):
        _response(sheet, t, change[name], f"{dendrite}_volley", label, place, closed)


def _response(sheet, t, V, volley, label, place, closed):
    """A potential after a volley: each ms of it, and its shape."""
    shown = slice(0, round(SHOWN / FINE) + 1, round(1 / FINE))
    sheet.curve(f"{volley}_{label}", t[shown], V[shown], lambda p: closed(p)[shown])
    shape, parts = measures.waveform(t, V), ("mV", "time_to_peak_ms", "half_width_ms")
    for at, part in enumerate(parts[:1] if label == "other" else parts):
        expected = partial(_shape, t, closed, at)
        sheet.measure(f"{volley}_{place}_{part}", shape[at], expected)


def _shape(t, closed, at, p):
    return measures.waveform(t, closed(p))[at]


def settle(sheet, cell, size, seed):
    """Steady drive through the soma, the basal and the apical dendrite: potentials and rates."""
    drive = np.concatenate(list(DRIVES.values()))
    kind = np.repeat(list(DRIVES), [len(values) for values in DRIVES.values()])
    given = {
        SYMBOLS[name]: np.repeat(np.where(kind == name, drive, 0.0), size.steady_copies)
        for name in DRIVES
    }
    schedule = timing.testing(Phases(dt=DT * ms, test=(SETTLE + size.steady_ms) * ms), 1)
    out = bench.run(cell, schedule, len(drive) * size.steady_copies, **given, seed=seed)
    V = out.V[SETTLE:].mean(axis=0).reshape(len(drive), -1)
    V = V - V[drive == 0].mean()  # deflection from rest
    spikes = out.spikes[SETTLE:].reshape(-1, len(drive), size.steady_copies)
    for name, x in DRIVES.items():
        own = kind == name
        _drive(sheet, name, x, V[own], 1e3 / DT * spikes[:, own].mean(axis=0))
    at_0 = 1e3 / DT * spikes[:, drive == 0].mean(axis=0).ravel()
    spread = at_0.std(ddof=1)
    sheet.measure("rate_at_0_mV", at_0.mean(), lambda p: p.rate(0.0), spread, at_0.size)
    _regularity(sheet, spikes[:, kind == "basal"])


def _drive(sheet, name, x, V, rates):
    """Potentials and rates, shape (drives, copies), under one kind of drive, and their slopes."""
    gain = GAINS[name]
    reached = sheet.curve(f"{name}_V", x, V, lambda p: gain(p) * x)
    rates = sheet.curve(f"{name}_rate", x, rates, lambda p: p.rate(gain(p) * x))
    slope = measures.slope_at_0(x, rates)  # Hz per mV/ms, Hz per mV
    sheet.measure(
        f"rate_slope_{name}", slope, lambda p: measures.slope_at_0(x, p.rate(gain(p) * x))
    )
    if name != "current":
        sheet.measure(f"gain_{name}", measures.slope_at_0(x, reached), gain)
        silent = (reached[1] - reached[0]) / (x[1] - x[0])
        sheet.measure(f"gain_{name}_when_silent", silent, gain)


def _regularity(sheet, spikes):
    """CV and Fano factor by the rate that a basal potential leads to; spikes as they are drawn."""
    chance = spikes.mean(axis=(0, 2))
    least = 8 / (len(spikes) / 2)  # so that one interval in 3000 outlasts the half that follows
    shown = np.nonzero(chance > least)[0]
    trains = [spikes[:, place] for place in shown]
    cv = [measures.cv(measures.intervals(own)) for own in trains]
    fano = [measures.fano(measures.counts(own, WINDOW)) for own in trains]
    rate, expected = 1e3 / DT * chance[shown], cell_formulae.bernoulli(chance[shown])
    sheet.curve("cv_by_rate", rate, cv, lambda p: expected[0])
    sheet.curve("fano_by_rate", rate, fano, lambda p: expected[1])


def plateaus(sheet, cell, size, seed):
    """Plateau potentials by the apical potential, constant or from Poisson spikes."""
    schedule = timing.training(PLATEAU, 1)
    constant, copies = APICAL, size.plateau_copies
    kinds = len(constant) + len(RATES)
    c = np.repeat(np.append(constant, [APICAL_REST] * len(RATES)), copies)
    rates = np.repeat(np.append(np.zeros(len(constant)), RATES), copies)
    spikes = bench.trains(rates[:, None], schedule, len(c), SYNAPSES, seed)
    apical = spikes.sum(axis=2) * WEIGHT
    out = bench.run(cell, schedule, len(c), c=c, apical=apical, also=("alpha_f",), seed=seed)
    _needs(out, "V_a")
    alpha = out.more["alpha_f"][schedule.starts("target")[0]].reshape(
        kinds, copies
    )  # once the phase is over
    V_a = out.V_a[schedule.steps("forward_apical")].mean(axis=0).reshape(kinds, copies)
    V_a = V_a - V_a[: len(constant)][constant == 0].mean()  # from rest
    still, driven = slice(len(constant)), slice(len(constant), None)
    found = sheet.curve("plateau", constant, alpha[still], lambda p: cell_formulae.sigma(constant))
    moments = partial(_apical_moments, schedule)
    sheet.curve("poisson_V_a", RATES, V_a[driven], lambda p: moments(p)[0])
    sheet.curve(
        "poisson_plateau", RATES, alpha[driven],
        lambda p: [cell_formulae.expected_sigma(*both) for both in zip(*moments(p), strict=True)],
    )  # fmt: skip
    slope, middle = measures.logistic(constant, found)
    sheet.measure("plateau_slope_per_mV", slope, lambda p: 0.25, n=copies)
    sheet.measure("plateau_middle_mV", middle, lambda p: 0.0, n=copies)


def _apical_moments(schedule, p):
    """Mean and variance of the apical mean over the forward window, for each of ``RATES``."""
    window = schedule.steps("forward_apical")
    arrival = np.arange(window[-1])
    response = p.kappa(DT * (window[:, None] - arrival)).mean(axis=0)
    pairs = [cell_formulae.shot_noise(response, r * DT / 1e3, SYNAPSES, WEIGHT) for r in RATES]
    mean, variance = np.transpose(pairs)
    return APICAL_REST + mean, variance


def fire(sheet, cell, size, seed):
    """Spikes under constant drive, and under Poisson input around rest."""
    copies = size.spike_copies
    schedule = timing.testing(Phases(dt=DT * ms, test=(SETTLE + size.spikes_ms) * ms), 1)
    arrived = bench.trains(RATE, schedule, copies, SYNAPSES, seed).sum(axis=2) * WEIGHT
    out = bench.run(
        cell,
        schedule,
        2 * copies,
        basal=np.concatenate([np.zeros(arrived.shape), arrived], axis=1),
        b=np.repeat([DRIVE, -SYNAPSES * WEIGHT * RATE * 1e-3], copies),
        seed=seed,
    )
    constant, poisson = np.split(out.spikes[SETTLE:], 2, axis=1)
    _statistics(sheet, constant, f"at_{DRIVE:g}_mV", _driven)
    _statistics(sheet, poisson, "poisson_input", _under_poisson)
    share = np.bincount(measures.intervals(constant), minlength=INTERVALS[-1] + 1)
    sheet.curve(
        "intervals", DT * INTERVALS, share[INTERVALS] / max(share.sum(), 1),
        lambda p: cell_formulae.geometric(_driven(p)[0] * DT / 1e3, INTERVALS),
    )  # fmt: skip
    _after_spikes(sheet, constant, out)


def _statistics(sheet, spikes, name, closed):
    """Mean rate, CV and Fano factor; ``closed`` gives the three of a ``Closed``."""
    rates = 1e3 / DT * spikes.mean(axis=0)
    between, counts = measures.intervals(spikes), measures.counts(spikes, WINDOW)
    rows = (
        (f"rate_{name}", rates.mean(), rates.std(ddof=1), len(rates)),
        (f"cv_{name}", measures.cv(between), "", len(between)),
        (f"fano_{name}", measures.fano(counts), "", counts.size),
    )
    for at, (key, value, spread, n) in enumerate(rows):
        sheet.measure(key, value, lambda p, at=at: closed(p)[at], spread, n)


def _driven(p):
    rate = p.rate(p.k_b * DRIVE)
    return rate, *cell_formulae.bernoulli(rate * DT / 1e3)


def _under_poisson(p):
    """There is no closed form of the CV: nan."""
    response = p.stepped_soma(200, DT)
    mean, variance = cell_formulae.shot_noise(response, RATE * DT / 1e3, SYNAPSES, WEIGHT)
    mean -= p.k_b * SYNAPSES * WEIGHT * RATE * 1e-3
    chance, fano = cell_formulae.driven(response, mean, variance, p.phi_max * DT, WINDOW)
    return 1e3 / DT * chance, np.nan, fano


def _after_spikes(sheet, spikes, out):
    """What a spike leaves behind: in the potentials of its own cell, and in its rate."""
    for name in ("V", "V_a"):
        x = getattr(out, name)[SETTLE:, : spikes.shape[1]]
        around = measures.around_spikes(spikes, x, LAGS)
        sheet.curve(f"after_spike_{name}", DT * LAGS, around, lambda p: 0.0)
        sheet.measure(f"{name}_at_spike_mV", around[LAGS == 0][0], lambda p: 0.0, n=spikes.sum())
    lags, chance = LAGS[LAGS > 0], spikes.mean()
    again = measures.around_spikes(spikes, spikes.astype(float), lags) + chance
    relative = again / chance if chance else np.full(len(lags), np.nan)
    sheet.curve("after_spike_rate", DT * lags, relative, lambda p: 1.0)
    soon = relative[:SOON].mean()
    sheet.measure("rate_after_spike", soon, lambda p: 1.0, n=SOON * spikes.sum())


def _needs(out, *names):
    for name in names:
        if getattr(out, name) is None:
            raise ValueError(f"the cell has no variable {name!r}")
