"""How many interneurons does it take to time plateaus?

    python -m experiments interneuron_number [--only timing number_1 ...]

A cell's shunt is a mean over its SST cells, so that fewer of them are noisier. "Timing", before
learning: digits, 64-100-10 with once to eight times the interneurons that the cortex has, and 50 to
500 pyramidal cells with the cortex's share; 150 images, three networks. ``early`` are plateaus of a
cell and image that begin outside the volleys; ``sd_slope`` is the slope of the logarithm of the
latency's standard deviation by that of the number of SST cells (-1/2: a mean over independent
cells). Then learning, ten epochs, with 64-100-10 and each number.

Expected: the spread of latencies falls from 8.2 to 2.3 ms with one to eight times as many, as the
power -.61 of their number; the true number serves 500 cells (2.9 ms) as four times as many serve
100. Errors are 13.1 % with the true number beside 100 cells, and 10 to 10.6 with more.
"""

import numpy as np

from experiments.interneurons.ach_timing import DIGITS, EPOCHS, USUAL, bare, last, small
from experiments.interneurons.probing import part_first, timing
from experiments.study.conditions import Condition
from experiments.study.replicates import SEEDS, replicate
from experiments.study.statistics import summary

IMAGES = 150
FACTORS, SIZES = (1.0, 2.0, 4.0, 8.0), (50, 100, 200, 500)
NETWORKS = [(100, factor) for factor in FACTORS] + [(n, 1.0) for n in SIZES if n != 100]
# The usual network is that of `ach_timing`.
CONDITIONS = {
    f"number_{factor:g}": Condition(
        f"{factor:g} times the cortex's",
        DIGITS | {"ach_ms": USUAL, "interneurons": factor},
        EPOCHS,
        network="ach_usual" if factor == DIGITS["interneurons"] else None,
    )
    for factor in FACTORS
}
PAIRS = tuple(("number_4", name) for name in CONDITIONS if name != "number_4")
PART = "timing"


def timed(setting):
    """Rows of the table ``timing``: one network each."""
    rows = []
    for n_E, factor in NETWORKS[: setting.size(None, 2)]:
        for seed in SEEDS[: setting.size(None, 1)]:
            changes = {"layers": (n_E, 10), "interneurons": factor}
            one = bare(setting, changes, setting.size(IMAGES, 2), seed)
            seen = one.show()
            row = {"condition": f"cells_{n_E}_x{factor:g}", "n_E": n_E, "factor": factor}
            row |= {"n_SST": one.network.sizes["SST_0"], "seed": seed} | timing(seen)
            rows.append(row | {"early": outside(seen)})
    setting.results.write(PART, rows)
    for name in dict.fromkeys(row["condition"] for row in rows):
        own = [row for row in rows if row["condition"] == name]
        for measure in ("latency", "latency_sd", "cells_learning", "early"):
            yield {"condition": name, "measure": measure} | summary([row[measure] for row in own])
    slopes = [slope(rows, seed) for seed in sorted({row["seed"] for row in rows})]
    yield {"condition": "cells_100", "measure": "sd_slope"} | summary(slopes)


def outside(seen):
    """Plateaus of a cell and image that begin in no volley."""
    _, _, when = seen.begins()
    inside = np.zeros(len(when), bool)
    for first, end in seen.windows:
        inside |= (when >= first) & (when < end)
    return np.sum(~inside) / (seen.probe.images * seen.cells)


def slope(rows, seed):
    """Of the logarithm of the latency's spread by that of SST cells, for 100 pyramidal cells."""
    own = [r for r in rows if (r["seed"], r["n_E"]) == (seed, 100) and r["latency_sd"] > 0]
    if len(own) < 2:
        return np.nan
    return np.polyfit(*(np.log([r[key] for r in own]) for key in ("n_SST", "latency_sd")), 1)[0]


def study(setting):
    """Timing before learning, then learning."""
    part_first(setting, PART, timed, learning)


learning = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="Numbers of interneurons, jitter of plateaus and learning",
    measure=last,
    smoke=small,
    parts=(PART,),
)
page = learning._replace(study=study)
