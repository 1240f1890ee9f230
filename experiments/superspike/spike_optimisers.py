"""Which optimiser bears which learning rate (Zenke & Ganguli, Fig 1)?

    python -m experiments spike_optimisers

The task of ``spike_times`` with four hidden cells and symmetric feedback, 250 s, five seeds. The
rule gives the direction; ``rmaxprop`` divides it by the largest gradient of late, ``rmsprop`` by
the root of a running mean of its square, and ``constant`` not at all. Rates of the first two are
10 to .1 mV an update. Those of ``constant`` are 10 to 100,000 mV a gradient.

Expected (the paper shows curves): ``rmaxprop`` and ``rmsprop`` learn at most of the rates,
``constant`` at few: here at one of five. Five minutes.
"""

import numpy as np

from experiments.study.page import Page
from experiments.superspike.playing import Player, how, options
from experiments.superspike.spike_times import BEFORE, MOST, PART, TIMES, task

SEEDS, LASTS = 5, 250.0
RATES = (10.0, 5.0, 1.0, 0.5, 0.1)  # mV
RATES_CONSTANT = (1e5, 1e4, 1e3, 1e2, 1e1)  # mV a gradient
CONDITIONS = {
    "rmaxprop": RATES,
    "rmsprop": RATES,
    "constant": RATES_CONSTANT,
}


def learned(setting, optimiser, r_0):
    """Rows of J at the end, one a seed."""
    lasts = setting.size(LASTS, 0.5)
    part, before = setting.size((PART, BEFORE), (0.5, 0.5))
    given = options(setting, layers=(4, 1), optimiser=optimiser, r_0=r_0)
    rows, player = [], None
    for seed in range(1, setting.size(SEEDS, 1) + 1):
        room = MOST, len(TIMES)
        player = Player(task(seed), given, how(setting), room).sharing(player)
        state, _ = player.play(player.network.start(seed), before, learns=False)
        while player.seconds < lasts:
            state, heard = player.play(state, part)
        rows.append({"condition": optimiser, "r_0": r_0, "seed": seed, "J": heard.J})
    return rows


def study(setting):
    """All optimisers asked for, at all rates."""
    for name in setting.chosen(CONDITIONS):
        rows = []
        for r_0 in setting.size(CONDITIONS[name], CONDITIONS[name][-1:]):
            rows += learned(setting, name, r_0)
            J = [row["J"] for row in rows if row["r_0"] == r_0]
            print(f"{name}, {r_0:g} mV: J {np.median(J):.3f}", flush=True)
        setting.results.update("rates", rows, ("condition",))
        told = []
        for r_0 in dict.fromkeys(row["r_0"] for row in rows):
            middle = np.median([row["J"] for row in rows if row["r_0"] == r_0])
            about = {"condition": f"{name}_{r_0:g}", "measure": "J_250s", "n": SEEDS}
            told.append(about | {"value": middle})
        setting.results.headline(told, setting.arguments)


page = Page(
    __name__,
    __doc__,
    study,
    title="Three optimisers, and the rates they bear",
    parts=tuple(CONDITIONS),
    trains=False,
)
