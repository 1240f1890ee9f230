"""Does the time of apical input set the sign of basal plasticity? A virtual experiment (P Fig 10).

    python -m experiments prediction

A pyramidal cell gets a train of 100 ms through its basal synapses, again and again, each time with
a pulse of apical spikes early or late in it: the induction. The EPSP that one volley in all basal
synapses makes in the soma is measured before and after. Each cell has trains of its own, and weak
apical input all the time. Its plateau potentials are those of the first half of the train
(alpha^f) and of the second (alpha^t), and its synapses change by the model's own rule,
dw = 20 eta k_b (alpha^t - alpha^f) sigma'(V_bar) s_bar; the basal bias, which stands for all other
input, is held. "Expected" is the same with each rate in place of its spikes.

Expected: an early pulse depresses (LTD), a late one potentiates (LTP), none leaves the synapses as
they are; the sign changes where a pulse adds as much to both plateaus. Since the kernel comes 13 ms
after its spike on average (tau_s + tau_L), that is for a pulse a little before the middle. Takes
half a minute.
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np
from brian2 import ms, mV
from scipy import stats

from experiments.segregated.lemma_1 import filtered
from experiments.study.page import Page
from experiments.study.results import joined
from experiments.study.statistics import summary
from models import progress, units
from models.segregated import bench, timing
from models.segregated.model import Model
from models.segregated.parameters import Phases

LEAD, HALF = 100, 50  # ms: apical input alone, and each half of the basal train
WIDTH = 20  # ms, of the apical pulse
STARTS = np.arange(0, 2 * HALF - WIDTH + 1, 5)  # ms after the train begins
CONDITIONS = {"early": 10.0, "none": np.nan, "late": 70.0}  # start of the pulse, ms
BASAL = {"synapses": 100, "rate": 30.0, "weight": 1.0}  # Hz, mV ms
APICAL = {"synapses": 10, "rate": 5.0, "pulse": 50.0, "weight": 10.0}
REST = -3.0  # mV, basal potential without spikes
PAIRINGS, CELLS = 60, 20
ETA = 0.21
CELL = Model((BASAL["synapses"], 1, 10)).cell("hidden_0")  # with the rule by which it learns
INDUCTION = Phases(
    random=False, forward=(LEAD + HALF) * ms, target=HALF * ms, settle=0 * ms, window=HALF * ms
)
TEST = Phases(test=60 * ms)


def rates(starts):
    """Basal and apical rates, Hz: arrays (steps, 1) and (steps, pulses).

    Pulses start at ``starts``, ms after the basal train begins; nan: no pulse.
    """
    t = np.arange(-LEAD, 2 * HALF)[:, None]
    pulse = (t >= starts) & (t < starts + WIDTH)
    return BASAL["rate"] * (t >= 0), APICAL["rate"] + APICAL["pulse"] * pulse


def pair(weights, starts, spiking, seed):
    """One pairing of basal train and apical pulse: change of the weights, and ``bench.Traces``.

    Weights of the basal synapses and their change, mV ms, have shape (cells, synapses); ``starts``
    of each cell's pulse, ms, and ``spiking`` have shape (cells,): a cell that gets no spikes gets
    their rates. ``seed`` is a SeedSequence.
    """
    schedule = timing.training(INDUCTION, 1)
    drawn = seed.spawn(3)
    given = []
    for rate, about, own in zip(rates(starts), (BASAL, APICAL), drawn, strict=False):
        trains = bench.trains(rate[..., None], schedule, len(starts), about["synapses"], own)
        mean = rate[..., None] * float(schedule.dt)
        given.append(np.where(spiking[:, None], trains, mean))
    basal, apical = given
    traces = bench.run(
        CELL,
        schedule,
        len(starts),
        basal=np.einsum("tcs,cs->tc", basal, weights),
        apical=apical.sum(axis=2) * APICAL["weight"],
        b=REST,
        start={"eta": ETA, "V": CELL.params.k_b * REST * mV},
        seed=int(drawn[2].generate_state(1)[0]),
    )
    first_half = schedule.steps("forward_window")
    counts = basal.reshape(len(basal), -1)
    s_bar = filtered(counts)[first_half].mean(axis=0).reshape(weights.shape)
    return traces.final["delta"][:, None] * s_bar, traces


def epsp(weights):
    """Somatic EPSPs, mV, of one volley in all basal synapses: (t in ms, array (steps, cells))."""
    schedule = timing.testing(TEST, 1)
    volley = np.zeros((schedule.steps_in_all, len(weights)))
    volley[0] = weights.sum(axis=1)
    rest = float(CELL.params.k_b) * REST
    start = {"V": rest * mV}
    traces = bench.run(CELL, schedule, len(weights), basal=volley, b=REST, start=start)
    return traces.t + units.number(schedule.dt, "ms")[0], traces.V - rest


def sign_change(centres, changes):
    """Centre of a pulse (ms) where the change turns from depression to potentiation.

    Both of shape (pulses,), in order of time. nan if no pulse but the last depresses, or none
    potentiates after it.
    """
    last = np.flatnonzero(changes < 0)
    if not len(last) or last[-1] + 1 == len(changes):
        return np.nan
    k = last[-1]
    share = -changes[k] / (changes[k + 1] - changes[k])
    return centres[k] + share * (centres[k + 1] - centres[k])


class Induced(NamedTuple):
    """What an induction did; the last of the cells got rates for spikes."""

    starts: np.ndarray  # of the pulses, ms after the basal train begins; nan: no pulse
    change: np.ndarray  # of the EPSP, per cent, shape (pulses, cells)
    t: np.ndarray  # of the EPSPs, ms
    before: np.ndarray  # EPSPs, mV, shape (steps, pulses, cells)
    after: np.ndarray
    first: bench.Traces  # the first pairing, of all pulses and cells in one row

    def row(self, start):
        """Which of the pulses starts then; nan for none."""
        return int(np.flatnonzero(np.isclose(self.starts, start, equal_nan=True))[0])


def induce(starts, cells, pairings, seed):
    """Pair again and again, and measure EPSPs before and after; returns ``Induced``."""
    spiking = np.tile(np.arange(cells + 1) < cells, len(starts))
    weights = np.full((len(spiking), BASAL["synapses"]), BASAL["weight"])
    (t, before), first = epsp(weights), None
    for own in progress.bar(np.random.SeedSequence(seed).spawn(pairings), unit="pairing"):
        change, traces = pair(weights, np.repeat(starts, cells + 1), spiking, own)
        weights = weights + change
        first = first or traces
    _, after = epsp(weights)
    change = 100 * (after.max(axis=0) / before.max(axis=0) - 1)
    shape = len(starts), cells + 1
    responses = (V.reshape(len(t), *shape) for V in (before, after))
    return Induced(starts, change.reshape(shape), t, *responses, first)


def study(setting):
    """Sweep the time of the pulse, and compare early, late and none."""
    starts = np.append(setting.size(STARTS, STARTS[2::6]), np.nan).astype(float)
    cells, pairings = setting.size(CELLS, 3), setting.size(PAIRINGS, 2)
    found = induce(starts, cells, pairings, setting.seeds[0])
    spiking = found.change[:, :-1]
    table = {f"cell_{k + 1}": np.round(values, 3) for k, values in enumerate(spiking.T)}
    setting.results.write("cells", {"start_ms": starts} | table)
    table = {"start_ms": starts, "centre_ms": starts + WIDTH / 2, "mean": spiking.mean(axis=1)}
    table |= {"sd": spiking.std(axis=1, ddof=1), "expected": found.change[:, -1]}
    setting.results.write("sweep", table)
    _write_examples(setting.results, found)
    _write_statistics(setting, found)


def _write_examples(results, found):
    """The protocol, potentials of the first pairing (of mean rates), and mean EPSPs."""
    about = {"condition": list(CONDITIONS), "pulse_ms": list(CONDITIONS.values())}
    size = len(CONDITIONS)
    results.write("protocol", about | {"width_ms": [WIDTH] * size, "half_ms": [HALF] * size})
    first, potentials, responses = found.first, [], []
    for name, start in CONDITIONS.items():
        row, cells = found.row(start), found.change.shape[1]
        column = (row + 1) * cells - 1
        table = {"condition": np.repeat(name, len(first.t)), "t_ms": first.t - LEAD}
        table |= {k: np.round(getattr(first, k)[:, column], 4) for k in ("V_b", "V_a")}
        for alpha in ("alpha_f", "alpha_t"):
            table[alpha] = np.repeat(first.final[alpha][column], len(first.t))
        potentials.append(table)
        means = {k: getattr(found, k)[:, row, :-1].mean(axis=1) for k in ("before", "after")}
        table = {"condition": np.repeat(name, len(found.t)), "t_ms": found.t}
        responses.append(table | {k: np.round(V, 4) for k, V in means.items()})
    for name, parts in (("pairing", potentials), ("epsp", responses)):
        results.write(name, joined(parts))


def _write_statistics(setting, found):
    """Two-tailed t-tests, Bonferroni-corrected, and headlines."""
    groups = {name: found.change[found.row(start), :-1] for name, start in CONDITIONS.items()}
    tests = {(a, b): stats.ttest_ind(groups[a], groups[b]) for a, b in combinations(groups, 2)}
    tests |= {(a, "before"): stats.ttest_1samp(values, 0) for a, values in groups.items()}
    rows = []
    for (one, other), test in tests.items():
        difference = groups[one].mean() - np.mean(groups.get(other, 0))
        row = {"condition": one, "other": other, "difference": difference, "t": test.statistic}
        row |= {"df": int(test.df), "p": min(1.0, test.pvalue * len(tests))}
        rows.append(row | {"comparisons": len(tests)})
    setting.results.write("statistics", rows)
    centres, pulsed = found.starts[:-1] + WIDTH / 2, found.change[:-1]
    turns = np.array([sign_change(centres, changes) for changes in pulsed.T])
    measures = {f"epsp_change_{name}": values for name, values in groups.items()}
    measures["sign_change_ms"] = turns[:-1][np.isfinite(turns[:-1])]
    rows = [{"measure": name} | summary(v) for name, v in measures.items() if len(v) > 1]
    rows.append({"measure": "sign_change_expected_ms", "value": turns[-1]})
    setting.results.headline([{"condition": "paper"} | row for row in rows], setting.arguments)


page = Page(__name__, __doc__, study)
