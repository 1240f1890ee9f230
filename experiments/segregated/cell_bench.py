"""What kind of cell is it? One hidden cell on the bench, measured as a physiologist would.

    python -m experiments.cell_bench --variant NAME|FILE.py [...] [--smoke] [--results DIR]

For a look at a new variant before it is trained: no data, no network, no compiler. Measured are
input resistance and time constant; gains, rates and intervals under constant drive; the responses
to a volley of basal and of apical spikes; plateaus against apical drive; spikes under Poisson
input. Where a cell differs from the paper's in its parameters alone, the closed form stands beside
the measure (``theory``); beside every cell stands the paper's (``paper``).

The bench has one hidden cell and nothing else: an output cell, phases or options of a variant stay
out of it, so that the sheets of ``asynchronous`` and ``oscillation`` are those of the paper's cell.

The gains around rest hold what the cell's own spikes do to it, as does the mean potential V_bar
from which it learns; those of a silent cell, far below rest, do not.

Expected of the paper's cell: 1/(g_l + g_b + g_a) for both resistance and time constant, gains k_b
and k_a, rates phi_max sigma(V), plateaus sigma(V_a), and spikes without memory: CV sqrt(1 - p) and
Fano factor 1 - p at p spikes a step. Takes some 15 seconds a cell.
"""

import sys
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from brian2 import ms

from experiments.run import command
from experiments.segregated import cell_formulae as theory
from experiments.segregated import cell_measures as measures
from experiments.study import page
from experiments.study.results import Results
from models.engine import bench as isolated
from models.engine import schedule
from models.segregated import variants
from models.segregated.parameters import Phases

NAME = "cell_bench"

# Steady drive, one kind at a time, from rest: mV/ms, mV, mV.
DRIVES = {
    "current": np.arange(-5.0, 6.0),
    "basal": np.arange(-8.0, 9.0),
    "apical": np.arange(-8.0, 9.0, 2.0),
}
APICAL = np.arange(-6.0, 6.5, 0.5)  # for plateaus, mV
SYMBOLS = {"current": "current", "basal": "b", "apical": "c"}  # of models.isolated

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


class Sheet:
    """The data sheet of a cell: points of curves and single measures, as rows of two tables."""

    def __init__(self, name, cell):
        self.name, self.own = name, theory.of(cell)
        self.curves, self.measures = [], []

    def curve(self, name, x, y, closed=None):
        """Points x, with y (points,) or (points, copies); ``closed`` gives y of a ``Closed``."""
        y, n = np.asarray(y, dtype=float), 1
        spread = [""] * len(x)
        if y.ndim == 2:
            n, spread = y.shape[1], y.std(axis=1, ddof=1)
            y = y.mean(axis=1)
        expected = [
            np.broadcast_to(values, len(x)) if values is not None else [""] * len(x)
            for values in self._expected(closed)
        ]
        columns = ("x", "value", "spread", "n", "theory", "paper")
        for row in zip(x, y, spread, [n] * len(x), *expected, strict=True):
            entry = dict(zip(columns, row, strict=True))
            self.curves.append({"condition": self.name, "curve": name} | entry)
        return y

    def measure(self, name, value, closed=None, spread="", n=""):
        """One number; one that cannot be measured on this cell is left out."""
        if not np.isfinite(value):
            return
        own, paper = (v if v is not None and np.isfinite(v) else "" for v in self._expected(closed))
        numbers = {"value": value, "spread": spread, "n": n, "theory": own, "paper": paper}
        self.measures.append({"condition": self.name, "measure": name} | numbers)

    def values(self):
        """Measures by name: (value, theory)."""
        return {row["measure"]: (row["value"], row["theory"]) for row in self.measures}

    def _expected(self, closed):
        cells = (self.own, theory.PAPER)
        return [None if closed is None or cell is None else closed(cell) for cell in cells]


def characterise(name, cell, size=FULL, seed=1):
    """Measure a cell; returns its ``Sheet``."""
    sheet = Sheet(name, cell)
    seeds = np.random.SeedSequence(seed).generate_state(4)
    for part, own in zip((respond, settle, plateaus, fire), seeds, strict=True):
        part(sheet, cell, size, int(own))
    return sheet


def respond(sheet, cell, size, seed):
    """Step of current, and volleys of basal and of apical spikes, in steps of 0.1 ms."""
    timing = schedule.testing(Phases(dt=FINE * ms, test=(BEFORE + AFTER) * ms), 1)
    steps, start = int(timing.end[-1]), round(BEFORE / FINE)
    kinds = ("hold", "step", "rest", "basal", "apical")
    kind = np.repeat(np.arange(len(kinds)), size.volley_copies)
    on = np.arange(steps)[:, None] >= start
    arrives = np.arange(steps)[:, None]
    out = isolated.run(
        cell,
        timing,
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
    course = partial(_charging, t[shown])
    sheet.curve("step", t[shown], V[shown], course)
    sheet.measure("input_resistance_ms", steady, lambda p: 1 / p.g)
    sheet.measure("time_constant_ms", tau, lambda p: 1 / p.g)


def _charging(t, p):
    return (1 - np.exp(-p.g * t)) / p.g


def _volley(sheet, t, dendrite, change):
    own, other = ("V_b", "V_a") if dendrite == "basal" else ("V_a", "V_b")
    conductance = "g_b" if dendrite == "basal" else "g_a"
    closed = {
        own: lambda p: VOLLEY * p.kappa(t),
        other: lambda p: np.zeros_like(t),
        "V": lambda p: VOLLEY * p.soma(t, getattr(p, conductance)),
    }
    shown = slice(0, round(SHOWN / FINE) + 1, round(1 / FINE))  # each ms
    for name, label in ((own, "own"), ("V", "soma"), (other, "other")):
        course = closed[name]
        sheet.curve(
            f"{dendrite}_volley_{label}", t[shown], change[name][shown],
            lambda p, course=course: course(p)[shown],
        )  # fmt: skip
        place = {"own": "dendrite", "soma": "soma", "other": "other_dendrite"}[label]
        shape = measures.waveform(t, change[name])
        for at, unit in enumerate(("mV", "time_to_peak_ms", "half_width_ms")):
            if label != "other" or unit == "mV":
                sheet.measure(
                    f"{dendrite}_volley_{place}_{unit}", shape[at],
                    lambda p, at=at, course=course: measures.waveform(t, course(p))[at],
                )  # fmt: skip


def settle(sheet, cell, size, seed):
    """Steady drive through the soma, the basal and the apical dendrite: potentials and rates."""
    drive = np.concatenate(list(DRIVES.values()))
    kind = np.repeat(list(DRIVES), [len(values) for values in DRIVES.values()])
    given = {
        SYMBOLS[name]: np.repeat(np.where(kind == name, drive, 0.0), size.steady_copies)
        for name in DRIVES
    }
    timing = schedule.testing(Phases(dt=DT * ms, test=(SETTLE + size.steady_ms) * ms), 1)
    out = isolated.run(cell, timing, len(drive) * size.steady_copies, **given, seed=seed)
    V = out.V[SETTLE:].mean(axis=0).reshape(len(drive), -1)
    V = V - V[drive == 0].mean()  # deflection from rest
    spikes = out.spikes[SETTLE:].reshape(-1, len(drive), size.steady_copies)
    gains = {
        "current": lambda p: p.resistance(DT),
        "basal": lambda p: p.k_b,
        "apical": lambda p: p.k_a,
    }
    for name, x in DRIVES.items():
        own, gain = kind == name, gains[name]
        potential = partial(_times, gain, x)
        rate = partial(_rate_times, gain, x)
        reached = sheet.curve(f"{name}_V", x, V[own], potential)
        rates = sheet.curve(f"{name}_rate", x, 1e3 / DT * spikes[:, own].mean(axis=0), rate)
        slope = measures.slope_at_0(x, rates)  # Hz per mV/ms, Hz per mV
        sheet.measure(
            f"rate_slope_{name}", slope, lambda p, x=x, rate=rate: measures.slope_at_0(x, rate(p))
        )
        if name != "current":
            sheet.measure(f"gain_{name}", measures.slope_at_0(x, reached), gain)
            silent = (reached[1] - reached[0]) / (x[1] - x[0])
            sheet.measure(f"gain_{name}_when_silent", silent, gain)
    at_0 = 1e3 / DT * spikes[:, drive == 0].mean(axis=0).ravel()
    spread = at_0.std(ddof=1)
    sheet.measure("rate_at_0_mV", at_0.mean(), lambda p: p.rate(0.0), spread, at_0.size)
    _regularity(sheet, spikes[:, kind == "basal"])


def _times(gain, x, p):
    return gain(p) * x


def _rate_times(gain, x, p):
    return p.rate(gain(p) * x)


def _regularity(sheet, spikes):
    """CV and Fano factor by the rate that a basal potential leads to; spikes as they are drawn."""
    chance = spikes.mean(axis=(0, 2))
    least = 8 / (len(spikes) / 2)  # so that one interval in 3000 outlasts the half that follows
    shown = np.nonzero(chance > least)[0]
    trains = [spikes[:, place] for place in shown]
    found = (
        [measures.cv(measures.intervals(own)) for own in trains],
        [measures.fano(measures.counts(own, WINDOW)) for own in trains],
    )
    expected = theory.bernoulli(chance[shown])
    for name, values, closed in zip(("cv", "fano"), found, expected, strict=True):
        sheet.curve(f"{name}_by_rate", 1e3 / DT * chance[shown], values, lambda p, y=closed: y)


def plateaus(sheet, cell, size, seed):
    """Plateau potentials by the apical potential, constant or from Poisson spikes."""
    timing = schedule.training(PLATEAU, 1)
    constant, copies = APICAL, size.plateau_copies
    kinds = len(constant) + len(RATES)
    c = np.repeat(np.append(constant, [APICAL_REST] * len(RATES)), copies)
    rates = np.repeat(np.append(np.zeros(len(constant)), RATES), copies)
    spikes = isolated.trains(rates[:, None], timing, len(c), SYNAPSES, seed)
    apical = spikes.sum(axis=2) * WEIGHT
    out = isolated.run(cell, timing, len(c), c=c, apical=apical, also=("alpha_f",), seed=seed)
    _needs(out, "V_a")
    alpha = out.more["alpha_f"][timing.teach[0]].reshape(kinds, copies)  # once the phase is over
    V_a = out.V_a[timing.steps("forward_apical")].mean(axis=0).reshape(kinds, copies)
    V_a = V_a - V_a[: len(constant)][constant == 0].mean()  # from rest
    still, driven = slice(len(constant)), slice(len(constant), None)
    found = sheet.curve("plateau", constant, alpha[still], lambda p: theory.sigma(constant))
    moments = partial(_apical_moments, timing)
    sheet.curve("poisson_V_a", RATES, V_a[driven], lambda p: moments(p)[0])
    sheet.curve(
        "poisson_plateau", RATES, alpha[driven],
        lambda p: [theory.expected_sigma(*both) for both in zip(*moments(p), strict=True)],
    )  # fmt: skip
    slope, middle = measures.logistic(constant, found)
    sheet.measure("plateau_slope_per_mV", slope, lambda p: 0.25, n=copies)
    sheet.measure("plateau_middle_mV", middle, lambda p: 0.0, n=copies)


def _apical_moments(timing, p):
    """Mean and variance of the apical mean over the forward window, for each of ``RATES``."""
    window = timing.steps("forward_apical")
    arrival = np.arange(window[-1])
    response = p.kappa(DT * (window[:, None] - arrival)).mean(axis=0)
    pairs = [theory.shot_noise(response, r * DT / 1e3, SYNAPSES, WEIGHT) for r in RATES]
    mean, variance = np.transpose(pairs)
    return APICAL_REST + mean, variance


def fire(sheet, cell, size, seed):
    """Spikes under constant drive, and under Poisson input around rest."""
    copies = size.spike_copies
    timing = schedule.testing(Phases(dt=DT * ms, test=(SETTLE + size.spikes_ms) * ms), 1)
    arrived = isolated.trains(RATE, timing, copies, SYNAPSES, seed).sum(axis=2) * WEIGHT
    out = isolated.run(
        cell,
        timing,
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
        lambda p: theory.geometric(_driven(p)[0] * DT / 1e3, INTERVALS),
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
    return rate, *theory.bernoulli(rate * DT / 1e3)


def _under_poisson(p):
    """There is no closed form of the CV: nan."""
    response = p.stepped_soma(200, DT)
    mean, variance = theory.shot_noise(response, RATE * DT / 1e3, SYNAPSES, WEIGHT)
    mean -= p.k_b * SYNAPSES * WEIGHT * RATE * 1e-3
    chance, fano = theory.driven(response, mean, variance, p.phi_max * DT, WINDOW)
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


def study(given, results, size=FULL, seed=1):
    """Characterise variants, by name or file, and write what was found."""
    cells = {Path(variant).stem: (variant, variants.load(variant)) for variant in given}
    if len(cells) < len(given):
        raise ValueError("--variant: two of these have the same name")
    paper = variants.load("paper")
    for name, (variant, cell) in cells.items():
        if name != "paper" and cell == paper:
            print(f"{name}: its hidden cell is the paper's", flush=True)
        sheet = characterise(name, cell, size, seed)
        arguments = ("--variant", variant, *(("--seed", str(seed)) if seed != 1 else ()))
        results.update("measures", sheet.measures, ("condition",))
        results.update("curves", [_short(row) for row in sheet.curves], ("condition",))
        keys = ("condition", "measure", "value", "spread", "n")
        results.headline([{k: row[k] for k in keys} for row in sheet.measures], arguments)
        for measure, (value, closed) in sheet.values().items():
            beside = "" if closed == "" else f"   theory {closed:.4g}"
            print(f"{name}  {measure:40s} {value:9.4g}{beside}", flush=True)


def _short(row):
    """Four digits: a curve is for the eye."""
    return {k: f"{v:.4g}" if isinstance(v, float) else v for k, v in row.items()}


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    prog = f"experiments.{NAME}"

    def action(words):
        parser = command.parser(prog, __doc__)
        parser.add_argument(
            "--variant", nargs="+", default=["paper"], metavar="NAME|FILE.py",
            help="cells (default: paper); a file's code is run",
        )  # fmt: skip
        parser.add_argument("--seed", type=int, default=1, help="(default: 1)")
        parser.add_argument("--runs", default="runs", help="of smoke results (default: runs)")
        parser.add_argument("--results", help=page.RESULTS)
        parser.add_argument("--smoke", action="store_true", help="short and few, in seconds")
        given = parser.parse_args(words)
        root = page.results_folder(given, given.variant)
        study(given.variant, Results(NAME, root), SMOKE if given.smoke else FULL, given.seed)

    return command.guarded(prog, action, arguments)


if __name__ == "__main__":
    sys.exit(main())
