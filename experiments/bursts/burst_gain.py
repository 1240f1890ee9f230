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
Inhibition of somata takes a third of the slope of the event rate.

``recurrent``: 4,000 cells of ``burst_hierarchy``, with its synapses and noise, inhibit each other's
dendrites by facilitating synapses of a weight of 0 to .1 (by the leak), 2.5 or 5 % of all pairs,
and get 0, 100 or 200 pA into somata; two seeds. Expected: what counts is weight times pairs. Burst
probability rises by 19 % per 100 pA without, 17 to 18 with .02, and 10 with .1 and 5 %, and ceases
to saturate, but a line explains no more of it (.95, .92). It depends least on somatic current where
weight times share is .001 (.02 and 5 %: 2.7 %; without 4.6 %), and more again where that is larger
(4.1 %). Six minutes of processor time, and a minute for all others.
"""

import numpy as np

from experiments.bursts.circuits import Circuit
from experiments.bursts.ensembles import Ensembles
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.bursts.hierarchy import CURRENTS, Sizes, Weights

SOMA, DENDRITE = (0, 200, 400, 600), tuple(range(-200, 801, 100))  # pA
CELLS, BURN_IN, LASTS, SEEDS = 300, 1000, 3000, (1, 2, 3)  # ms
CONDITIONS = {  # pA/Hz: inhibition of somata, of dendrites
    "none": (0.0, 0.0),
    "dendrite": (0.0, 100.0),
    "soma": (15.0, 0.0),
    "both": (15.0, 100.0),
}
SURE, DRIVEN = 200, 400  # pA
RECURRENT = "recurrent"
WEIGHTS, SHARES = (0.0, 0.02, 0.05, 0.1), (0.025, 0.05)  # by the leak; of all pairs
AMONG, ALONG = (0, 100, 200), tuple(range(-100, 501, 100))  # pA into somata, into dendrites
AGAIN = SEEDS[:2]  # of synapses and of noise
STAY, BEFORE = 750, 150  # ms at each dendritic current, and those of it that do not count


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


def among(setting, seed):
    """Rows of one seed: cells inhibit dendrites of their population, by synapses of their own.

    The two populations of a circuit that nothing connects: they get somatic currents of their own.
    """
    stay, before = setting.size((STAY, BEFORE), (20, 5))
    dendrite = np.repeat(np.array(ALONG, dtype=float), stay)
    for p in setting.size(SHARES, SHARES[:1]):
        circuit = Circuit(setting, seed, len(dendrite), Sizes(p=p))
        for w in setting.size(WEIGHTS, WEIGHTS[:1]):
            weights = Weights(*[0.0] * len(Weights._fields))._replace(within_1=w, within_2=w)
            for pair in (AMONG[:2], AMONG[2:]):
                x = np.zeros((len(dendrite), len(CURRENTS)))
                for k, soma in enumerate(pair, 1):
                    x[:, CURRENTS.index(f"I_s_{k}")] = soma
                    x[:, CURRENTS.index(f"I_d_{k}")] = dendrite
                counts = circuit.run(weights, x)
                for k, soma in enumerate(pair, 1):
                    about = {"seed": seed, "p": p, "w": w, "I_s": soma}
                    E, B = (
                        counts[f"{kind}_{k}"].reshape(len(ALONG), stay)[:, before:].sum(axis=1)
                        for kind in "EB"
                    )
                    seconds = 1e-3 * (stay - before) * circuit.sizes.pyramids
                    for one, e, b in zip(ALONG, E, B, strict=True):
                        row = about | {"I_d": one, "ER": e / seconds, "BR": b / seconds}
                        yield row | {"BP": 100 * b / e if e else np.nan}


def curves(table):
    """Of one seed, weight and share: what is measured of burst probability by dendritic current."""
    bp = table["BP"].reshape(len(AMONG), len(ALONG))
    rises = np.diff(bp, axis=1) / np.diff(ALONG) * 100
    return {
        "steepest": rises.max(axis=1).mean(),
        "linear": np.mean([np.corrcoef(ALONG, one)[0, 1] ** 2 for one in bp]),
        "by_soma": np.ptp(bp, axis=0).mean(),
    }


def recurrent(setting):
    """All weights and shares."""
    for seed in setting.size(AGAIN, AGAIN[:1]):
        setting.results.update("recurrent", list(among(setting, seed)), ("seed",))
    told_of_curves(setting)


def told_of_curves(setting):
    """Means over seeds."""
    table = setting.results.table("recurrent")
    for p in np.unique(table["p"]):
        for w in np.unique(table["w"]):
            each = [curves(table.where(p=p, w=w, seed=s)) for s in np.unique(table["seed"])]
            found = {one: summary([values[one] for values in each]) for one in each[0]}
            about = {"condition": f"recurrent_{w:g}_{p:g}"}
            told = [about | {"measure": one} | value for one, value in found.items()]
            setting.results.headline(told, ("--only", RECURRENT))
            print(*about.values(), *(f"{k} {v['value']:.2f}" for k, v in found.items()), flush=True)


def study(setting):
    """Each kind of inhibition."""
    names = setting.chosen((*CONDITIONS, RECURRENT))
    if RECURRENT in names:
        recurrent(setting)
    names = [name for name in names if name != RECURRENT]
    if names:
        by_ensembles(setting, names)


def by_ensembles(setting, names):
    """Inhibition that is a mean over the ensemble."""
    cells, *spans = setting.size((CELLS, BURN_IN, BURN_IN + LASTS), (4, 20, 100))
    about = setting, cells, len(SOMA) * len(DENDRITE), spans[1]
    ensembles = Ensembles(*about, inhibited=True)
    for name in names:
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
    parts=(*CONDITIONS, RECURRENT),
    trains=False,
)
