"""Do interneurons learn to cancel what comes from above (Sacramento et al. 2018, Fig S1)?

    python -m experiments self_prediction

30-20-10 cells and 10 interneurons, all weights from U(-1, 1); patterns of U(0, 1), 100 ms each, no
target, noise of .1. Only the synapses of interneurons learn. Logistic cells, and cells that rise
without end, log(1 + exp(u)), whose top-down and lateral weights are from U(-.5, .5): with wider
ones some networks run away. Three seeds. At the end of each pattern: |v_A|^2, the same of its part
from above alone, and |u_2 - u_I|^2 between output cells and their interneurons; every ten patterns,
how far lateral weights are from those that cancel for any input, -W_TD and the self-predicting
W_IP.

Expected: |v_A|^2 falls more than fifty-fold in 200 patterns, 20 s of model time, while weights are
still far from those that would do it for all inputs. A minute.
"""

import numpy as np

from experiments.microcircuit.playing import Player, continuous, how
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.microcircuit.weights import self_predicting

INPUTS, LAYERS = 30, (20, 10)
PATTERNS, PART, SEEDS = 1000, 10, 3
MARK, LAST = 200, 20  # patterns after which it is measured, as the median of the last so many
RATES = {"eta_up": (0.0,), "eta_IP": (0.0002375,), "eta_PI": (0.0005,), "sigma": 0.1}
START = {"w_up": (1.0,), "start": "random"}
CONDITIONS = {
    "self_predicting": {"phi": "logistic", "w_down": (1.0,), "w_lateral": 1.0},
    "softplus": {"phi": "softplus", "w_down": (0.5,), "w_lateral": 0.5},
}


def learned(setting, name, seed):
    """Rows by pattern, and of the distances of weights."""
    given = continuous(setting, layers=LAYERS, **RATES, **START, **CONDITIONS[name])
    player = Player(given, INPUTS, PART, how(setting))
    state, rng = player.network.start(seed), np.random.default_rng([seed, 11])
    rows, weights = [], []
    key = {"condition": name, "seed": seed}
    for first in range(0, setting.size(PATTERNS, PART), PART):
        weights.append(key | {"pattern": first} | distances(given, state))
        x = rng.uniform(0, 1, (PART, INPUTS))
        state, shown = player.show(state, x, seed=seed)
        rows += [key | {"pattern": first + k} | row for k, row in enumerate(shown.rows())]
    return rows, weights


def distances(options, state):
    """How far lateral weights are from self-predicting ones, beside the size of these."""
    ideal, found = self_predicting(options, state), {}
    for name in ("PI", "IP"):
        wanted = ideal[f"{name}_0"]
        found[name] = np.linalg.norm(state[f"{name}_0"] - wanted) / np.linalg.norm(wanted)
    return found


def suppression(rows):
    """How many times smaller |v_A|^2 is, after ``MARK`` patterns, than in the first."""
    apical = np.array([row["apical"] for row in rows])[:MARK]
    return apical[0] / np.median(apical[-LAST:])


def study(setting):
    """Both rate functions, from several seeds."""
    for name in setting.chosen(CONDITIONS):
        found = [learned(setting, name, s) for s in range(1, setting.size(SEEDS, 2) + 1)]
        for table, parts in zip(("patterns", "weights"), zip(*found, strict=True), strict=True):
            setting.results.update(table, [row for part in parts for row in part], ("condition",))
        values = [suppression(rows) for rows, _ in found]
        told = {"condition": name, "measure": "suppression"} | summary(values)
        setting.results.headline([told], setting.arguments)
        print(f"{name}: |v_A|^2 falls by {np.mean(values):.0f}", flush=True)


page = Page(
    __name__,
    __doc__,
    study,
    title="Interneurons learn to cancel top-down input",
    parts=tuple(CONDITIONS),
    trains=False,
)
