"""Do event rate and burst probability carry two signals at once (Naud & Sprekeler 2018)?

    python -m experiments burst_coding [--only CONDITION ...] [--record KIND ...]

4,000 two-compartment cells with background noise of their own get one current into all somata and
another into all dendrites, for 30 s: steps that meet in all four combinations, sines of 500 and
1,118 ms, and Ornstein-Uhlenbeck noise of 50 and 100 ms, with standard deviations of 100 and 80 pA
(``noise``) or 200 and 150 (``strong_noise``). Rates are those of bins of 10 ms, through a window of
50 ms. An event is a spike that none precedes within 16 ms; ER is the rate of events, BP the share
of them that become bursts, FR the rate of all spikes.

Correlations are with the current through the same window (``_raw``: with the current as it is), at
the lag from -20 to 120 ms at which it is largest; across (ER with I_d, BP with I_s) at the lag of
the signal's own; ``filtered``: of ER with the sum of I_s now and in the last 120 ms that tells it
best, weights from one half of the time and tested in the other. Coherence is of rates without a
window. 50, 200 and 1,000 cells are parts of the 4,000. ``unadapted`` are cells without adaptation,
given ``noise``. Three seeds, of noise in cells and in currents.

Expected: with noise of 100 and 80 pA, r(ER, I_s) is .85 and r(BP, I_d) .94, across .11 at most;
FR goes with both, .79 and .40. 50 cells tell I_d by .63, 1,000 almost as well as 4,000. BP follows
I_d to some 10 Hz, and faster parts of I_s leak into it; ER follows I_s beyond 20, with a coherence
of .9 below 10 Hz. That its correlation is lower is a matter of time: cells weigh I_s of 20 ms ago
and before with the other sign, and ER goes with the filtered I_s by .95. Adaptation does that:
without it a filter gains nothing (.84, .84). But r is no higher then: cells fire twice as many
events, which go with I_d, too (-.27), and bursts with I_s (.41). Stretches of 12 s of the noise
have r from .83 to .86. Three minutes.
"""

import numpy as np
from brian2 import pA

from experiments.bursts.ensembles import best, coherence, correlation, rates
from experiments.bursts.signals import CONDITIONS, SEEDS, STRENGTHS, Population
from experiments.firing import parsed
from experiments.study import recorded
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.bursts.cells import pyramidal

WINDOW = 200  # bins of traces that are kept: 2 s
CELLS, RASTER = 25, 800  # cells whose spikes are kept, and for so many ms
HIGHEST = 30.0  # Hz: of coherence that is kept
HEADLINES = {  # condition of the summary -> condition
    "ensemble": "noise",
    "ensemble_strong": "strong_noise",
    "ensemble_sines": "sines",
    "ensemble_steps": "steps",
    "ensemble_unadapted": "unadapted",
}
UNADAPTED, GIVEN = "unadapted", "noise"  # cells of its own, and what they are given
PAST = 13  # bins: now and the last 120 ms
MEASURES = ("r_event_rate", "r_burst_probability", "r_event_rate_raw", "r_burst_probability_raw")
MEASURES += ("r_event_rate_filtered",)
MEASURES += ("r_event_rate_dendrite", "r_burst_probability_soma")
MEASURES += ("r_firing_rate", "r_firing_rate_dendrite", "event_rate", "burst_probability")


def correlations(answer, shown):
    """Measures of one ensemble, by the names of ``MEASURES``."""
    found, (soma, dendrite) = rates(shown), answer.same.values()
    (er, lag_s), (bp, lag_d) = best(found["ER"], soma), best(found["BP"], dendrite)
    (rate,), _, _, (share,) = shown.means
    raw = best(found["ER"], answer.raw["I_s"])[0], best(found["BP"], answer.raw["I_d"])[0]
    across = correlation(found["ER"], dendrite, lag_s), correlation(found["BP"], soma, lag_d)
    mixed = best(found["FR"], soma)[0], best(found["FR"], dendrite)[0]
    values = (er, bp, *raw, filtered(found["ER"], soma), *across, *mixed, rate, 100 * share)
    return dict(zip(MEASURES, values, strict=True))


def filtered(rate, current):
    """Correlation of a rate with the sum of a current's values up to now that tells it best.

    Weights are fitted to one half of the time and tested in the other.
    """
    past = np.lib.stride_tricks.sliding_window_view(current, PAST)
    past, rate = np.column_stack([past, np.ones(len(past))]), rate[PAST - 1 :]
    halves, told = np.array_split(np.arange(len(rate)), 2), np.empty(len(rate))
    for mine, other in (halves, halves[::-1]):
        told[mine] = past[mine] @ np.linalg.lstsq(past[other], rate[other])[0]
    return correlation(rate, told)


def coherences(answer, shown):
    """Rows by frequency: of both rates with both currents."""
    found, columns = rates(shown, over=lambda values: values), {}
    for rate in ("ER", "BP"):
        for name, current in answer.raw.items():
            frequency, columns[f"{rate}_{name}"] = coherence(found[rate], current)
    for k in np.flatnonzero((frequency > 0) & (frequency <= HIGHEST)):
        yield {"frequency": frequency[k]} | {name: one[k] for name, one in columns.items()}


def traces(answer, shown):
    """Rows by bin: currents as they are, and rates."""
    found = answer.raw | {k: v for k, v in rates(shown).items() if k != "BR"}
    for k in range(min(WINDOW, len(found["ER"]))):
        yield {"t": 10 * k} | {name: round(float(one[k]), 4) for name, one in found.items()}


def raster(shown, burn_in):
    """Rows of spikes of a few cells, and what each is."""
    times, cells = (shown.records["spikes", "cells", name] for name in "ti")
    few = cells < CELLS
    times, cells = times[few], cells[few]
    kinds = parsed(times, cells)
    for k in np.flatnonzero((times >= burn_in) & (times < burn_in + RASTER)):
        yield {"t": round(times[k] - burn_in, 1), "cell": int(cells[k]), "kind": int(kinds[k])}


def study(setting):
    """Each condition, from several seeds."""
    names, results = setting.chosen((*CONDITIONS, UNADAPTED)), setting.results
    usual = Population(setting) if set(names) - {UNADAPTED} else None
    for condition in names:
        other = condition == UNADAPTED
        population = Population(setting, pyramidal(b_ws=0 * pA)) if other else usual
        for seed in setting.size(SEEDS, SEEDS[:1]):
            answer = population.answer(GIVEN if other else condition, seed)
            key = {"condition": condition, "seed": seed}
            for cells, parts in population.sizes.items():
                part = answer.shown.of(0, None, slice(0, parts)).together()
                row = key | {"cells": cells} | correlations(answer, part)
                results.update("correlations", [row], ("condition", "seed", "cells"))
            if condition in STRENGTHS:
                rows = [key | row for row in coherences(answer, part)]
                results.update("coherence", rows, ("condition", "seed"))
            if seed == SEEDS[0]:
                rows = [{"condition": condition} | row for row in traces(answer, part)]
                results.update("traces", rows, ("condition",))
                population.keep(answer.shown, condition, seed)
                spikes = list(raster(answer.shown, population.burn_in))
                if condition == "steps" and spikes:
                    results.write("raster", spikes)
        headline(setting, condition, cells)


def headline(setting, condition, cells):
    """Means over seeds, of the largest ensemble."""
    table = setting.results.table("correlations").where(condition=condition, cells=cells)
    (name,) = (name for name, own in HEADLINES.items() if own == condition)
    about = {"condition": name}
    found = [about | {"measure": one} | summary(table[one]) for one in MEASURES]
    setting.results.headline(found, ("--only", condition))
    er, bp = (np.mean(table[one]) for one in MEASURES[:2])
    print(f"{condition}: r(ER, I_s) {er:.3f}, r(BP, I_d) {bp:.3f}", flush=True)


page = Page(
    __name__,
    __doc__,
    study,
    title="Two signals in one spike train",
    parts=(*CONDITIONS, UNADAPTED),
    options=recorded.options,
    trains=False,
)
