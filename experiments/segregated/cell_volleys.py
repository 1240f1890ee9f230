"""What comes together at a cell on the bench: apical volleys, a basal one, and a spike of its own.

Volleys of many sizes, all spikes of one in the same step; a basal and an apical volley; a spike
that the cell is made to fire, and an apical volley; the last two at several lags. All of it in one
simulation, in the network's steps, from just below rest. Potentials are those of cells that fire
no spikes but those elicited, as in a toxin; spikes are those of cells left to themselves.

A cell adds up if what two things do together is the sum of what each does alone, step by step:
such measures are 1 for a passive cell. Protocols after Schiller et al. (2000) and Polsky et al.
(2004) for volleys, and Larkum et al. (1999) for a spike and a volley (BAC firing).
"""

from typing import NamedTuple

import numpy as np
from brian2 import ms

from experiments.segregated import cell_measures as measures
from models.segregated import bench, timing
from models.segregated.parameters import Phases

SIZES = np.array([1, 5, 10, 15, 20, 25, 30, 40])  # spikes of an apical volley
WEIGHT, REST = 10.0, -3.0  # of each spike, mV ms; basal potential, mV
PAIRED, BASAL = 10, 50.0  # apical spikes beside something else; basal volley, mV ms
LAGS = np.array([-40, -20, -10, -5, 0, 5, 10, 20, 40])  # of the apical volley, ms
DT = 1.0  # ms, the network's
BEFORE, EARLY, AFTER = 60, 41, 140  # steps before the basal volley; of these kept; after it
SHOWN, MEAN = 60, 50  # steps after a volley that are drawn; over which a mean is taken
NOTHING, LEAST = 1e-9, 1e-3  # mV: did not move if less; predicts nothing if less
FEW = 0.02  # spikes: fewer are none

DEAF = "apical volleys do not move V_a"
APART = "the soma does not feel apical volleys"
NO_WAY_BACK = "its spikes do not reach V_a: no back-propagation"
SILENT = "{pair} and apical: alone, they hardly make it fire"


class Kind(NamedTuple):
    """What arrives at a cell."""

    apical: int = 0  # spikes
    lag: int = 0  # of these, ms
    basal: bool = False
    spike: bool = False


NOTHING_ELSE, APICAL = Kind(), Kind(apical=PAIRED)
ALONE = {"basal": Kind(basal=True), "spike": Kind(spike=True)}
VOLLEYS = [Kind(apical=int(size)) for size in SIZES]  # APICAL is among them
PAIRS = {
    pair: [Kind(apical=PAIRED, lag=int(lag), **{pair: True}) for lag in LAGS] for pair in ALONE
}
AT_ONCE = list(LAGS).index(0)
KINDS = [NOTHING_ELSE, *ALONE.values(), *VOLLEYS, *PAIRS["basal"], *PAIRS["spike"]]


def combine(sheet, cell, size, seed):
    """Measure all of it."""
    found = _simulate(cell, size, seed)
    if not _moved(found.V_a(kind) for kind in VOLLEYS):
        sheet.note("volleys", DEAF)
        return
    _sizes(sheet, found)
    if not _moved(found.V(kind) for kind in VOLLEYS):
        sheet.note("basal_pair", APART)
    _pair(sheet, "basal", found.V, closed=_passive)
    _timing(sheet, "basal", found.V, found.spikes, closed=True)
    back = (found.V_a(a) - found.V_a(b) for a, b in _with_and_without_a_spike())
    if not _moved(back):
        sheet.note("spike_pair", NO_WAY_BACK)
        return
    _pair(sheet, "spike", found.V_a)
    _timing(sheet, "spike", found.V_a, found.spikes)


def _moved(potentials):
    return any(np.abs(V).max() > NOTHING for V in potentials)


def _with_and_without_a_spike():
    return (ALONE["spike"], NOTHING_ELSE), (PAIRS["spike"][AT_ONCE], APICAL)


# --- what was simulated ---------------------------------------------------------------------------


class _Found(NamedTuple):
    """What cells did, in the order of ``KINDS``."""

    potentials: dict  # name -> (steps, kinds), from ``EARLY`` steps before the basal volley
    fired: np.ndarray  # spikes, none of those elicited: (kinds, copies)

    def V(self, kind):
        """Somatic potential, less that of a cell that nothing reaches: (steps,)."""
        return self._change("V", kind)

    def V_a(self, kind):
        """The same of the apical potential."""
        return self._change("V_a", kind)

    def _change(self, name, kind):
        V = self.potentials[name]
        return V[:, KINDS.index(kind)] - V[:, KINDS.index(NOTHING_ELSE)]

    def spikes(self, kind):
        """Spikes, less those of a cell that nothing reaches: shape (copies,)."""
        return self.fired[KINDS.index(kind)] - self.fired[KINDS.index(NOTHING_ELSE)].mean()


def _simulate(cell, size, seed):
    """Each kind in copies that fire what is elicited alone, and in copies that fire as they do."""
    schedule = timing.testing(Phases(dt=DT * ms, test=(BEFORE + AFTER) * DT * ms), 1)
    kinds, quiet, free = len(KINDS), size.volley_copies, size.spike_copies
    basal, apical, spike = np.zeros((3, BEFORE + AFTER, kinds))
    for place, kind in enumerate(KINDS):
        basal[BEFORE, place] = BASAL * kind.basal
        apical[BEFORE + _steps(kind.lag) - 1, place] = WEIGHT * kind.apical  # felt a step later
        spike[BEFORE, place] = kind.spike
    copies = np.repeat(np.tile(np.arange(kinds), 2), np.repeat((quiet, free), kinds))
    spike = spike[:, copies]
    held = np.arange(len(copies)) < kinds * quiet
    out = bench.run(
        cell,
        schedule,
        len(copies),
        b=REST,
        basal=basal[:, copies],
        apical=apical[:, copies],
        fires=np.where((spike == 0) & held, -1, spike),
        seed=seed,
    )
    kept = slice(BEFORE - EARLY, None)
    # where spikes are drawn, their chances say the same with less noise
    fired = out.spikes if cell.threshold else out.phi * DT / 1e3
    fired = np.where(spike > 0, 0, fired)[kept, ~held].sum(axis=0)
    potentials = {
        name: getattr(out, name)[kept, held].reshape(-1, kinds, quiet).mean(axis=2)
        for name in ("V", "V_a")
    }
    return _Found(potentials, fired.reshape(kinds, free))


def _steps(lag):
    return round(lag / DT)


# --- what is measured -----------------------------------------------------------------------------


def _sizes(sheet, found):
    """Apical volleys: peaks and means by the number of spikes, and what the smallest predicts."""
    for name, potential, take, closed in (
        ("V_a", found.V_a, measures.peak, _passive_dendrite),
        ("V_a_mean", found.V_a, _mean, _passive_dendrite),
        ("V", found.V, measures.peak, _passive),
    ):
        values = np.array([take(potential(kind)) for kind in VOLLEYS])
        expected = _each(VOLLEYS, take, closed)
        sheet.curve(f"volleys_{name}", SIZES, values, expected)
        if abs(values[0]) < LEAST:
            continue
        ratio = values / (values[0] * SIZES / SIZES[0])
        sheet.measure(f"volleys_{name}_most", ratio.max(), lambda p: 1.0)
        sheet.measure(f"volleys_{name}_largest", ratio[-1], lambda p: 1.0)


def _mean(V):
    return V[EARLY : EARLY + MEAN].mean()


def _each(kinds, take, closed):
    """Closed form of a curve: what is taken of a trace, for each of some kinds."""
    return lambda p: [take(closed(p, kind)) for kind in kinds]


def _pair(sheet, pair, potential, closed=None):
    """Two things at once: what each does to a potential, what both do, and the sum of the two."""
    both, alone = PAIRS[pair][AT_ONCE], potential(ALONE[pair])
    traces = {pair: alone, "apical": potential(APICAL), "both": potential(both)}
    traces["sum"] = alone + traces["apical"]
    kinds = {pair: ALONE[pair], "apical": APICAL, "both": both, "sum": both}
    shown = slice(EARLY - 1, EARLY + SHOWN)
    t = DT * np.arange(SHOWN + 1)
    for name, V in traces.items():
        theory = closed and (lambda p, kind=kinds[name]: closed(p, kind)[shown])
        sheet.curve(f"{pair}_pair_{name}", t, V[shown], theory)
    together = measures.peak(traces["both"]) / measures.peak(traces["sum"])
    sheet.measure(f"{pair}_pair_together", together, closed and (lambda p: 1.0))


def _timing(sheet, pair, potential, spikes, closed=False):
    """Peaks and spikes by the lag of the apical volley, beside the sum of what each does alone."""
    alone, apical = potential(ALONE[pair]), potential(APICAL)
    peaks = [measures.peak(potential(kind)) for kind in PAIRS[pair]]
    summed = [measures.peak(alone + _later(apical, lag)) for lag in LAGS]
    fired = np.array([spikes(kind) for kind in PAIRS[pair]])
    apart = spikes(ALONE[pair]).mean() + spikes(APICAL).mean()
    expected = {
        "peak": _each(PAIRS[pair], measures.peak, _passive),
        "spikes": lambda p: [_more_spikes(p, kind) for kind in PAIRS[pair]],
        "apart": lambda p: _more_spikes(p, ALONE[pair]) + _more_spikes(p, APICAL),
    }
    expected = expected if closed else dict.fromkeys(expected)
    sheet.curve(f"{pair}_timing_peak", LAGS, peaks, expected["peak"])
    sheet.curve(f"{pair}_timing_peak_sum", LAGS, summed, expected["peak"])
    sheet.curve(f"{pair}_timing_spikes", LAGS, fired, expected["spikes"])
    sheet.curve(f"{pair}_timing_spikes_sum", LAGS, np.full(len(LAGS), apart), expected["apart"])
    if apart < FEW:
        sheet.note(f"{pair}_spikes", SILENT.format(pair=pair))
        return
    ratio = closed and (lambda p: expected["spikes"](p)[AT_ONCE] / expected["apart"](p))
    together = fired[AT_ONCE].mean() / apart
    sheet.measure(f"{pair}_pair_spikes", together, ratio or None, n=fired.shape[1])


def _later(V, lag):
    """A trace (steps,) so many ms later; 0 where it is not known."""
    shift, moved = _steps(lag), np.zeros_like(V)
    moved[max(shift, 0) : len(V) + min(shift, 0)] = V[max(-shift, 0) : len(V) - max(shift, 0)]
    return moved


# --- the paper's cell -----------------------------------------------------------------------------


def _passive_dendrite(p, kind):
    """Apical potential of a ``Closed``, from where potentials are kept: (steps,)."""
    t = DT * (np.arange(EARLY + AFTER) - EARLY + 1)
    return WEIGHT * kind.apical * p.kappa(t - kind.lag)


def _passive(p, kind):
    """Somatic potential of a ``Closed``: both dendrites, added."""
    basal, apical = np.zeros((2, EARLY + AFTER))
    onset = EARLY + _steps(kind.lag)
    basal[EARLY:] = BASAL * kind.basal * p.stepped_soma(AFTER, DT)
    apical[onset:] = p.stepped_soma(len(apical) - onset, DT, p.k_a)
    return basal + WEIGHT * kind.apical * apical


def _more_spikes(p, kind):
    """Spikes of a ``Closed``, less those of one that nothing reaches."""
    rest = p.k_b * REST
    return np.sum(p.rate(rest + _passive(p, kind)) - p.rate(rest)) * DT / 1e3
