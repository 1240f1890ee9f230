"""Can synapses read event rates and bursts apart (Naud & Sprekeler 2018)?

    python -m experiments burst_decoding [--only CONDITION ...]

The ensemble and the currents of ``burst_coding``. Each cell has depressing synapses (STD), which
have little left for the second spike of a burst, and facilitating ones (STF), which send little at
its first; what they send is summed over all cells by a leaky target, 10 ms. STF tells the rate of
bursts, in which both signals are; divided by STD, as feed-forward inhibition may do, it should tell
the top-down signal alone. Windows, lags and seeds are those of ``burst_coding``.

Expected: r(STD, ER) and r(STF, BR) are .93 to .98. With noise of 100 and 80 pA, STF goes with I_d
by .50 and with I_s by .77; the ratio by .75 and .62: division turns the two around and does not
separate them, as the share of bursts itself does (.94). We think that is because facilitation
outlasts a burst, and counts single events that follow soon; it was not tested. A minute.
"""

import numpy as np

from experiments.bursts.ensembles import best, binned, rates, smooth
from experiments.bursts.signals import CONDITIONS, SEEDS, Population
from experiments.study.page import Page
from experiments.study.statistics import summary

WINDOW = 200  # bins of traces that are kept: 2 s
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


def read(answer):
    """Signals of an ensemble by bin, through the same window: rates, drives and currents."""
    shown = answer.shown.together()
    drives = {name: smooth(binned(getattr(shown, name)[:, 0])) for name in ("STD", "STF")}
    ratio = drives["STF"] / np.where(drives["STD"] > 0, drives["STD"], np.nan)
    return rates(shown) | drives | {"ratio": ratio} | answer.same


def study(setting):
    """Each condition, from several seeds."""
    population, results = Population(setting), setting.results
    for condition in setting.chosen(CONDITIONS):
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
    parts=CONDITIONS,
    trains=False,
)
