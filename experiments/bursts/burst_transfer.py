"""How do event rate and burst probability depend on somatic and on dendritic current?

    python -m experiments burst_transfer [--variant NAME|FILE.py ...] [--record KIND ...]

Naud & Sprekeler (2018): ensembles of 200 cells with noise of their own, for each pair of a current
into somata (0 to 600 pA) and one into dendrites (-200 to 600 pA) that stay the same for 2 s, after
.5 s. An event is a spike that none precedes within 16 ms, alone or the first of a burst. Three
seeds. ``--variant`` asks for other cells: one in ``models/bursts/variants``, or a file of your own
(its code is run; results then go into ``runs/results``).

Expected: burst probability rises with dendritic current as a sigmoid, from 2 to 75 %, and hardly
depends on the somatic one from 200 pA on. Event rate rises with somatic current, 2.8 Hz per
100 pA, and less so where dendrites are driven hard, since a burst takes the time of several events.
``largest_rate`` (per cent of the rate) and ``largest_probability`` (per cent) are the largest
differences of means from an independent program of the same model (200 cells, 2 s), 200 pA or more
into somata. A moving threshold in the place of a refractory period changes little. A minute, mostly
compiling.
"""

from pathlib import Path

import numpy as np

from experiments.bursts.ensembles import Ensembles
from experiments.study import recorded
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.bursts import variants

SOMA, DENDRITE = (0, 200, 400, 600), (-200, 0, 200, 400, 600)  # pA
CELLS, BURN_IN, LASTS, SEEDS = 200, 500, 2000, (1, 2, 3)  # ms
# Hz and per cent of an independent program, written in C, of the paper's cell: a row for each
# somatic current.
EVENTS = (
    (0.67, 0.74, 0.98, 2.1, 5.9),
    (4.4, 4.4, 4.6, 5.0, 7.0),
    (9.9, 9.8, 9.1, 7.8, 8.0),
    (16.0, 15.4, 13.3, 10.3, 9.0),
)
PERCENT = (
    (0.4, 2.7, 21, 55, 63),
    (0.6, 3.4, 17, 50, 71),
    (1.6, 4.7, 19, 49, 75),
    (2.5, 6.6, 21, 48, 75),
)
SURE = 200  # pA: with less there are too few events to say how many are bursts


def grid():
    """All pairs of currents, pA: two arrays."""
    return np.array([(s, d) for s in SOMA for d in DENDRITE], dtype=float).T


def measured(setting, name):
    """Rows of rates, a row for each pair of currents and seed."""
    soma, dendrite = grid()
    cells, burn_in, lasts = setting.size((CELLS, BURN_IN, LASTS), (5, 20, 100))
    ms = burn_in + lasts
    about = {"cell": variants.read(name).cell, "drives": False}
    ensembles = Ensembles(setting, cells, len(soma), ms, **about)
    for seed in setting.size(SEEDS, SEEDS[:1]):
        given = (np.tile(one, (ms, 1)) for one in (soma, dendrite))
        shown = ensembles.run(*given, seed)
        if seed == SEEDS[0]:
            phases = [(0, burn_in, "before"), (burn_in, ms, "measured")]
            levels = {"I_s": soma.tolist(), "I_d": dendrite.tolist()}  # pA, of each ensemble
            ensembles.keep(shown, Path(name).stem, phases, seed, **levels)
        means = shown.of(burn_in, ms).means
        for k, (er, br, fr, bp) in enumerate(zip(*means, strict=True)):
            row = {"condition": Path(name).stem, "seed": seed, "I_s": soma[k], "I_d": dendrite[k]}
            yield row | {"ER": er, "BR": br, "FR": fr, "BP": 100 * bp}


def headlines(table):
    """Measures of one kind of cell, over its seeds."""
    seeds = np.unique(table["seed"])
    shape = len(seeds), len(SOMA), len(DENDRITE)
    er, bp = table["ER"].reshape(shape), table["BP"].reshape(shape)
    sure = np.array(SOMA) >= SURE
    rates = er[:, sure, DENDRITE.index(0)]
    slope = 100 * np.polyfit(np.array(SOMA)[sure], rates.T, 1)[0]
    ranges = np.ptp(bp[:, sure], axis=1).mean(axis=1)
    found = {"rate_per_100_pA": slope, "probability_by_soma": ranges}
    found |= {"probability_by_dendrite": np.ptp(bp[:, sure], axis=2).mean(axis=1)}
    return {name: summary(values) for name, values in found.items()} | {
        "largest_rate": {
            "value": np.abs(er.mean(0) / EVENTS - 1)[sure].max() * 100,
            "n": seeds.size,
        },
        "largest_probability": {"value": np.abs(bp.mean(0) - PERCENT)[sure].max(), "n": seeds.size},
    }


def study(setting):
    """Each kind of cell."""
    for name in setting.chosen(variants.names()):
        condition = Path(name).stem
        setting.results.update("rates", list(measured(setting, name)), ("condition",))
        found = headlines(setting.results.table("rates").where(condition=condition))
        if condition != variants.PAPER:
            found = {key: one for key, one in found.items() if not key.startswith("largest")}
        rows = [{"condition": condition, "measure": key} | one for key, one in found.items()]
        setting.results.headline(rows, ("--variant", name))
        told = ", ".join(f"{key} {one['value']:.2f}" for key, one in found.items())
        print(f"{condition}: {told}", flush=True)


def _options(parser):
    recorded.options(parser)
    parser.add_argument(
        "--variant", dest="only", nargs="+", metavar="NAME|FILE.py",
        help="which cells (default: all variants); a file's code is run",
    )  # fmt: skip


page = Page(
    __name__,
    __doc__,
    study,
    title="Event rate follows the soma, burst probability the dendrite",
    options=_options,
    trains=False,
)
