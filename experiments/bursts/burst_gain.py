"""What does inhibition that bursts, or events, call up do to both signals?

    python -m experiments burst_gain [--only CONDITION ...]

Ensembles of 300 cells, given constant currents into somata (0 to 600 pA) and into dendrites (-200
to 800 pA) for 3 s after 1 s. Their own facilitating synapses drive interneurons that inhibit all of
their dendrites, as somatostatin-positive cells do (``dendrite``); their depressing synapses
interneurons that inhibit somata, as parvalbumin-positive ones do (``soma``). Interneurons are leaky
sums over the ensemble, 10 ms: its mean stands for sparse random synapses. Inhibition is a current,
of 100 pA for each Hz of the facilitating drive, or 15 pA for each Hz of the depressing one.

Measured are, for somatic currents of 200 pA and more, the burst probability's steepest rise
(``steepest``, per cent per 100 pA), the share of its variance that a straight line in the dendritic
current explains (``linear``), and how much it differs between somatic currents (``by_soma``, per
cent). With 400 pA into dendrites, how many times more bursts a second 600 pA into somata give than
200 (``bursts_by_soma``), and the rise of event rate (``rate_gain_driven``, Hz per 100 pA;
``rate_gain``: without dendritic current).

Expected: inhibition of dendrites makes burst probability rise more slowly (12 instead of 17 % per
100 pA), without an end at 600 pA, and gives the event rate its slope back where dendrites are
driven. It evens out the rate of bursts (1.3 times instead of 2), but not their probability, which
then falls with the somatic current: facilitating synapses send more where there are more events.
Inhibition of somata takes a third of the slope of the event rate. A minute.
"""

import numpy as np

from experiments.bursts.ensembles import Ensembles
from experiments.study.page import Page
from experiments.study.statistics import summary

SOMA, DENDRITE = (0, 200, 400, 600), tuple(range(-200, 801, 100))  # pA
CELLS, BURN_IN, LASTS, SEEDS = 300, 1000, 3000, (1, 2, 3)  # ms
CONDITIONS = {  # pA/Hz: inhibition of somata, of dendrites
    "none": (0.0, 0.0),
    "dendrite": (0.0, 100.0),
    "soma": (15.0, 0.0),
    "both": (15.0, 100.0),
}
SURE, DRIVEN = 200, 400  # pA


def measured(setting, ensembles, name, spans):
    """Rows of rates of one condition, for each pair of currents and seed."""
    soma, dendrite = np.array([(s, d) for s in SOMA for d in DENDRITE], dtype=float).T
    burn_in, ms = spans
    k_s, k_d = CONDITIONS[name]
    for seed in setting.size(SEEDS, SEEDS[:1]):
        given = (np.tile(one, (ms, 1)) for one in (soma, dendrite))
        shown = ensembles.run(*given, seed, k_s=k_s, k_d=k_d).of(burn_in, ms)
        drives = shown.STD.mean(axis=0), shown.STF.mean(axis=0)
        for k, (er, br, fr, bp, depressing, facilitating) in enumerate(
            zip(*shown.means, *drives, strict=True)
        ):
            row = {"condition": name, "seed": seed, "I_s": soma[k], "I_d": dendrite[k]}
            row |= {"ER": er, "BR": br, "FR": fr, "BP": 100 * bp}
            yield row | {"STD": depressing, "STF": facilitating}


def measures(table):
    """Of the curves of one condition and seed."""
    soma, shape = np.array(SOMA), (len(SOMA), len(DENDRITE))
    sure, driven = soma >= SURE, DENDRITE.index(DRIVEN)
    er, br, bp = (table[name].reshape(shape)[sure] for name in ("ER", "BR", "BP"))
    rises = np.diff(bp, axis=1) / np.diff(DENDRITE) * 100
    lines = [np.corrcoef(DENDRITE, one)[0, 1] ** 2 for one in bp]
    slopes = [100 * np.polyfit(soma[sure], er[:, k], 1)[0] for k in (DENDRITE.index(0), driven)]
    return {
        "steepest": rises.max(axis=1).mean(),
        "linear": np.mean(lines),
        "by_soma": np.ptp(bp, axis=0).mean(),
        "bursts_by_soma": br[-1, driven] / br[0, driven] if br[0, driven] else np.nan,
        "rate_gain": slopes[0],
        "rate_gain_driven": slopes[1],
    }


def study(setting):
    """Each kind of inhibition."""
    cells, *spans = setting.size((CELLS, BURN_IN, BURN_IN + LASTS), (4, 20, 100))
    about = setting, cells, len(SOMA) * len(DENDRITE), spans[1]
    ensembles = Ensembles(*about, inhibited=True)
    for name in setting.chosen(CONDITIONS):
        rows = list(measured(setting, ensembles, name, spans))
        setting.results.update("rates", rows, ("condition",))
        table = setting.results.table("rates").where(condition=name)
        found = [measures(table.where(seed=seed)) for seed in np.unique(table["seed"])]
        means = {one: summary([values[one] for values in found]) for one in found[0]}
        about = {"condition": f"inhibition_{name}"}
        told = [about | {"measure": one} | value for one, value in means.items()]
        setting.results.headline(told, ("--only", name))
        print(name, *(f"{k} {v['value']:.2f}" for k, v in means.items()), flush=True)


page = Page(
    __name__,
    __doc__,
    study,
    title="Inhibition that bursts and events call up",
    parts=tuple(CONDITIONS),
    trains=False,
)
