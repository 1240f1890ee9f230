"""Can synapses read event rates and bursts apart (Naud & Sprekeler 2018)?

    python -m experiments burst_decoding [--only CONDITION ...]

The ensemble and the currents of ``burst_coding``. Each cell has depressing synapses (STD), which
have little left for the second spike of a burst, and facilitating ones (STF), which send little at
its first; what they send is summed over all cells by a leaky target, 10 ms. STF tells the rate of
bursts, in which both signals are; divided by STD, as feed-forward inhibition may do, it should tell
the top-down signal alone. Windows, lags and seeds are those of ``burst_coding``.

``interneurons`` are read in the place of sums: 1,000 PV cells that hear depressing synapses of
4,000 pyramids, and 1,000 SOM cells that hear facilitating ones of 4,000 others, given the same
currents (5 % of all pairs; cells, weights and noise of ``burst_hierarchy``), 15 s of the noise of
100 and 80 pA about 0 and 100 pA.

Expected: r(STD, ER) and r(STF, BR) are .93 to .98. With noise of 100 and 80 pA, STF goes with I_d
by .50 and with I_s by .77; the ratio by .75 and .62: division turns the two around and does not
separate them, as the share of bursts itself does (.94). We think that is because facilitation
outlasts a burst, and counts single events that follow soon; it was not tested. PV cells tell events
by .89 (bursts .76), SOM cells bursts by .96 (events .80); their ratio goes with I_d by .57, SOM
cells alone by .42, and burst probability itself by .86. Two minutes.
"""

import numpy as np

from experiments.bursts.circuits import Circuit, seen, steady
from experiments.bursts.ensembles import best, binned, rates, smooth
from experiments.bursts.signals import (
    BURN_IN,
    CONDITIONS,
    MEAN_D,
    MEAN_S,
    SEEDS,
    Population,
    currents,
)
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.bursts.hierarchy import CURRENTS, Currents, Weights

WINDOW = 200  # bins of traces that are kept: 2 s
HEARD_LASTS = 15_000  # ms
PAIRS = {  # measure -> what is read, what it is to tell
    "r_STD_events": ("STD", "ER"),
    "r_STF_bursts": ("STF", "BR"),
    "r_STD_soma": ("STD", "I_s"),
    "r_STD_dendrite": ("STD", "I_d"),
    "r_STF_soma": ("STF", "I_s"),
    "r_STF_dendrite": ("STF", "I_d"),
    "r_ratio_soma": ("ratio", "I_s"),
    "r_ratio_dendrite": ("ratio", "I_d"),
    "r_ratio_probability": ("ratio", "BP"),
}

INTERNEURONS = "interneurons"
AROUND = 0.0, 100.0  # pA: means of the same noise, of cells with synaptic noise
HEARD = {  # measure -> which population's rate, what it is to tell
    "r_PV_events": ("PV", "ER_1"),
    "r_PV_bursts": ("PV", "BR_1"),
    "r_SOM_bursts": ("SOM", "BR_2"),
    "r_SOM_events": ("SOM", "ER_2"),
    "r_SOM_soma": ("SOM", "I_s_1"),
    "r_SOM_dendrite": ("SOM", "I_d_1"),
    "r_cells_ratio_dendrite": ("SOM/PV", "I_d_1"),
    "r_cells_ratio_soma": ("SOM/PV", "I_s_1"),
    "r_cells_probability": ("BP_1", "I_d_1"),
}


def read(answer):
    """Signals of an ensemble by bin, through the same window: rates, drives and currents."""
    shown = answer.shown.together()
    drives = {name: smooth(binned(getattr(shown, name)[:, 0])) for name in ("STD", "STF")}
    ratio = drives["STF"] / np.where(drives["STD"] > 0, drives["STD"], np.nan)
    return rates(shown) | drives | {"ratio": ratio} | answer.same


def heard(setting, seed):
    """Signals of two populations that are given the same: PV cells hear one, SOM cells the other.

    Nothing else connects them.
    """
    burn_in, lasts = setting.size((BURN_IN, HEARD_LASTS), (10, 140))
    ms = burn_in + lasts
    circuit, x = Circuit(setting, seed, ms), steady(Currents(), ms)
    shifts = AROUND[0] - MEAN_S, AROUND[1] - MEAN_D
    for name, current, shift in zip("sd", currents("noise", seed, ms), shifts, strict=True):
        for k in (1, 2):
            x[:, CURRENTS.index(f"I_{name}_{k}")] = current + shift
    usual = Weights()
    alone = Weights(*[0.0] * len(usual))._replace(to_PV=usual.to_PV, to_SOM=usual.to_SOM)
    counts = {name: one[burn_in:] for name, one in circuit.run(alone, x).items()}
    found = circuit.rates(counts) | seen(x[burn_in:], "I_s_1", "I_d_1")
    quiet = np.where(found["PV"] > 0, found["PV"], np.nan)
    return found | {"SOM/PV": found["SOM"] / quiet}


def interneurons(setting):
    """Rates of interneurons as what is read, from several seeds."""
    for seed in setting.size(SEEDS, SEEDS[:1]):
        found = heard(setting, seed)
        row = {"seed": seed} | {name: best(found[x], found[y])[0] for name, (x, y) in HEARD.items()}
        row |= {name: found[name].mean() for name in ("PV", "SOM")}
        setting.results.update("interneurons", [row], ("seed",))
    table = setting.results.table("interneurons")
    about = {"condition": f"decoding_{INTERNEURONS}"}
    rows = [about | {"measure": name} | summary(table[name]) for name in HEARD]
    setting.results.headline(rows, ("--only", INTERNEURONS))
    told = ", ".join(f"{name[2:]} {np.mean(table[name]):.2f}" for name in HEARD)
    print(f"{INTERNEURONS}: {told}", flush=True)


def study(setting):
    """Each condition, from several seeds."""
    names = setting.chosen((*CONDITIONS, INTERNEURONS))
    if INTERNEURONS in names:
        interneurons(setting)
    names = [name for name in names if name != INTERNEURONS]
    if names:
        by_ensemble(setting, names)


def by_ensemble(setting, names):
    """What a leaky target sums of an ensemble's synapses."""
    population, results = Population(setting), setting.results
    for condition in names:
        for seed in setting.size(SEEDS, SEEDS[:1]):
            found = read(population.answer(condition, seed))
            row = {"condition": condition, "seed": seed}
            row |= {name: best(found[x], found[y])[0] for name, (x, y) in PAIRS.items()}
            results.update("correlations", [row], ("condition", "seed"))
            if seed == SEEDS[0]:
                rows = [
                    {"condition": condition, "t": 10 * k}
                    | {name: round(float(one[k]), 5) for name, one in found.items()}
                    for k in range(min(WINDOW, len(found["ER"])))
                ]
                results.update("traces", rows, ("condition",))
        table = results.table("correlations").where(condition=condition)
        about = {"condition": f"decoding_{condition}"}
        rows = [about | {"measure": name} | summary(table[name]) for name in PAIRS]
        results.headline(rows, ("--only", condition))
        told = ", ".join(f"{name[2:]} {np.mean(table[name]):.2f}" for name in PAIRS)
        print(f"{condition}: {told}", flush=True)


page = Page(
    __name__,
    __doc__,
    study,
    title="What depressing and facilitating synapses read",
    parts=(*CONDITIONS, INTERNEURONS),
    trains=False,
)
