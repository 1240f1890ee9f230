"""Does a circuit learn a new association from what its interneurons cannot cancel (Fig 1B, C)?

    python -m experiments association

30-20-10 cells, self-predicting from the start. One pattern of U(0, 1): for 200 ms nothing teaches
and nothing is learned, and apical dendrites are silent. Then there is a target, potentials of
U(-1, 1), always, and all synapses learn but the top-down ones; 200 presentations of 100 ms, noise
of .1. Logistic cells and log(1 + exp(u)), three seeds. Potentials of an apical dendrite in time,
its part from above and that of interneurons, as the target comes and at the end; the output's rate;
by presentation |v_A|^2, |u_2 - u_I|^2, and the free error, |u_2 - u_target|^2 of the same circuit
without target and noise.

Expected: apical potentials jump as the target comes and return to the noise as it is learned; the
free error falls below 1 % of what it was within 100 presentations with log(1 + exp(u)) and within
150 with logistic cells. A minute.
"""

import numpy as np

from experiments.microcircuit.playing import Player, continuous, how
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.engine.recording import Recording
from models.microcircuit.rates import POTENTIALS

INPUTS, LAYERS = 30, (20, 10)
PRESENTATIONS, PART, SEEDS = 200, 5, 3
SILENT = 2  # presentations without a target
MARK = 150  # presentations after which the free error is told
THIN = 10  # of so many steps, one is kept for the figure
RATES = {"eta_up": (0.0011875, 0.0005), "eta_IP": (0.0011875,), "eta_PI": (0.0005,), "sigma": 0.1}
WIDTHS = {"w_up": (1.0,), "w_down": (1.0,)}
CONDITIONS = {"association": {"phi": "logistic"}, "association_softplus": {"phi": "softplus"}}
TRACED = {  # what is kept of a presentation: (kind, population, variable), of one cell
    "v_TD": ("voltages", "hidden_0"),
    "v_PI": ("voltages", "hidden_0"),
    "v_A": ("voltages", "hidden_0"),
    "r": ("rates", "output"),
}


class Bench:
    """The programs of a condition: to learn, and to answer without a target."""

    def __init__(self, setting, name):
        given = continuous(setting, layers=LAYERS, **RATES, **WIDTHS, **CONDITIONS[name])
        self.options = given
        record = Recording({"voltages": ("v_TD", "v_PI", "v_A"), "rates": ("r",)})
        self.learns = Player(given, INPUTS, PART, how(setting))
        self.shows = Player(given, INPUTS, SILENT, how(setting), record)
        self.answers = Player(given, INPUTS, 1, how(setting), learning=False)

    def free_error(self, state, x, goal):
        """|u_2 - u_target|^2 without a target."""
        _, shown = self.answers.show(state, x[None], learns=False)
        u = POTENTIALS[self.options.phi](shown.answers[0])
        return float(np.sum((u - goal) ** 2))


def learned(setting, name, seed, bench):
    """Rows by presentation, and traces of the first and last ones of one seed."""
    rng = np.random.default_rng([seed, 12])
    x, goal = rng.uniform(0, 1, INPUTS), rng.uniform(-1, 1, LAYERS[-1])
    state, key = bench.learns.network.start(seed), {"condition": name, "seed": seed}
    many = np.tile(x, (PART, 1)), np.tile(goal, (PART, 1))
    twice = np.tile(x, (SILENT, 1)), np.tile(goal, (SILENT, 1))
    state, silent = bench.shows.show(state, twice[0], learns=False, seed=seed)
    _, onset = bench.shows.show(state, *twice, learns=False, seed=seed)
    rows = []
    for first in range(0, setting.size(PRESENTATIONS, PART), PART):
        error = bench.free_error(state, x, goal)
        state, shown = bench.learns.show(state, *many, seed=seed)
        for k, row in enumerate(shown.rows()):
            about = {"presentation": first + k, "error": error if not k else np.nan}
            rows.append(key | about | row)
    rows.append(key | {"presentation": len(rows), "error": bench.free_error(state, x, goal)})
    _, end = bench.shows.show(state, *twice, learns=False, seed=seed)
    if seed > 1:
        return rows, []
    cell = int(np.abs(_record(onset, "v_A")[-1]).argmax())  # the one that the target moves most
    own = int(np.abs(np.diff(_record(onset, "r")[[0, -1]], axis=0)).argmax())
    parts = {"silent": silent, "onset": onset, "end": end}
    return rows, [
        row for part, s in parts.items() for row in _trace(key, part, s, cell, own, bench)
    ]


def _record(shown, name):
    kind, population = TRACED[name]
    return shown.records[kind, population, name]


def _trace(key, part, shown, cell, own, bench):
    """Rows of the potentials of one cell, and of the rate of one output, by time."""
    columns = {n: _record(shown, n)[::THIN, own if n == "r" else cell] for n in TRACED}
    t = np.arange(len(columns["r"])) * THIN * bench.options.dt
    for k, now in enumerate(t):
        yield key | {"part": part, "t": now} | {n: values[k] for n, values in columns.items()}


def study(setting):
    """Both rate functions, from several seeds."""
    for name in setting.chosen(CONDITIONS):
        bench = Bench(setting, name)
        found = [learned(setting, name, s, bench) for s in range(1, setting.size(SEEDS, 2) + 1)]
        for table, parts in zip(("presentations", "traces"), zip(*found, strict=True), strict=True):
            setting.results.update(table, [row for part in parts for row in part], ("condition",))
        left = []
        for rows, _ in found:
            errors = {r["presentation"]: r["error"] for r in rows if np.isfinite(r["error"])}
            left.append(errors[min(MARK, max(errors))] / errors[0])
        told = {"condition": name, "measure": "free_error_left"} | summary(left)
        setting.results.headline([told], setting.arguments)
        print(f"{name}: {100 * np.mean(left):.3f} % of the free error left", flush=True)


page = Page(
    __name__,
    __doc__,
    study,
    title="A new association, learned from apical potentials",
    parts=tuple(CONDITIONS),
    trains=False,
)
