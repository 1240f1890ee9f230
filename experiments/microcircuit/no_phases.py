"""Do weights stay where there is no target, although they can change at any time (no phases)?

    python -m experiments no_phases

The regression task (``tasks.Regression``): 30-50-10 cells in continuous time, self-predicting
weights from U(-1, 1), the paper's rates (all synapses learn but the top-down ones). Patterns follow
each other, 100 ms each, and nothing is cleared or gated; half of the patterns, drawn at random,
have a target. By pattern: |eta int e r dt|, the size of what it induces in the weights of each
layer. (Inductions are low-passed with 30 ms, so that a part arrives only with the next pattern; the
sum is exact, dW + eta tau_w dD.) The same of the mean over all patterns with a target, and over
those without (``drift``), in which what is random averages out. ``noisy``: the paper's noise of .3;
``noiseless``: none, so that what untaught patterns induce is what circuits do while they settle;
both also where synapses learn nothing for 20 ms after a pattern's onset (``lag``). Three networks.

Expected: output weights, and those of interneurons, change .02 to .05 times as much without a
target as with one. Weights from the input do so in all patterns alike (.93): with 50 hidden cells
at low rates what the target teaches them is small beside the noise of their own potentials, which
averages out, and which a lag does not change. Without noise it is .7, as hidden cells need a moment
to follow a new pattern, and that is what a lag is good for: with 20 ms it is .005, and below .003
elsewhere. Ten minutes.
"""

import numpy as np

from experiments.microcircuit.playing import Player, continuous, how
from experiments.microcircuit.tasks import INPUTS, STUDENT, Regression
from experiments.study.page import Page
from experiments.study.statistics import summary

PATTERNS, SEEDS = 120, 3
LAG = 20.0  # ms
RATES = {"eta_up": (0.0011875, 0.0005), "eta_IP": (0.0011875,), "eta_PI": (0.0059375,)}
WIDTHS = {"w_up": (1.0,), "w_down": (1.0,)}
CONDITIONS = {
    "noisy": {"sigma": 0.3},
    "noisy_lag": {"sigma": 0.3, "lag": LAG},
    "noiseless": {},
    "noiseless_lag": {"lag": LAG},
}
LAYERS = {"W_0": "eta_up", "W_1": "eta_up", "IP_0": "eta_IP", "PI_0": "eta_PI"}
TAU_W = 30.0  # ms: of the low-pass filter


def induced(options, before, after):
    """What was induced in each layer's weights between two states: name -> array."""
    for name, rates in LAYERS.items():
        eta = options.each(rates)[int(name[-1])]
        dW, dD = (after[one] - before[one] for one in (name, f"D_{name}"))
        yield name, dW + eta * TAU_W * dD


def followed(setting, name, seed, player, options):
    """Of one network: rows by pattern, and rows of the mean over those with and without target."""
    task, rng = Regression.of(seed), np.random.default_rng([seed, 14])
    patterns = setting.size(PATTERNS, 6)
    x, goals = task.patterns(patterns, rng)
    taught = rng.permutation(np.arange(patterns) % 2)
    state, rows, key = player.network.start(seed), [], {"condition": name, "seed": seed}
    sums = {(one, layer): 0.0 for one in (0, 1) for layer in LAYERS}
    for k in range(patterns):
        before = state
        state, _ = player.show(state, x[k : k + 1], goals[k : k + 1], taught[k], seed=seed)
        if k == 0:
            continue  # it begins with all potentials at 0
        found = dict(induced(options, before, state))
        sizes = {layer: np.linalg.norm(one) for layer, one in found.items()}
        rows.append(key | {"pattern": k, "taught": int(taught[k])} | sizes)
        for layer, one in found.items():
            sums[taught[k], layer] = sums[taught[k], layer] + one
    drifts = []
    for one in (0, 1):
        count = sum(row["taught"] == one for row in rows)
        sizes = {layer: np.linalg.norm(sums[one, layer]) / count for layer in LAYERS}
        drifts.append(key | {"taught": one} | sizes)
    return rows, drifts


def ratios(rows):
    """Untaught by taught: medians of the sizes, by layer."""
    for name in LAYERS:
        sizes = [[row[name] for row in rows if row["taught"] == t] for t in (0, 1)]
        untaught, taught = map(np.median, sizes)
        yield name, untaught / taught


def headlines(name, tables):
    """Ratios of a condition: means over networks, of single patterns and of their mean."""
    for kind, networks in zip(("", "drift_"), zip(*tables, strict=True), strict=True):
        found = [dict(ratios(rows)) for rows in networks]
        for layer in LAYERS:
            about = {"condition": name, "measure": f"untaught_by_taught_{kind}{layer}"}
            yield about | summary([one[layer] for one in found])


def study(setting):
    """All conditions."""
    for name in setting.chosen(CONDITIONS):
        given = RATES | WIDTHS | CONDITIONS[name]
        if setting.smoke and "lag" in given:
            given |= {"lag": 2.0}  # its patterns are shorter than the lag
        given = continuous(setting, layers=STUDENT, phi="rectifier", **given)
        player = Player(given, INPUTS, 1, how(setting))
        seeds = range(1, setting.size(SEEDS, 2) + 1)
        found = [followed(setting, name, seed, player, given) for seed in seeds]
        for table, parts in zip(("induced", "drift"), zip(*found, strict=True), strict=True):
            setting.results.update(table, [row for part in parts for row in part], ("condition",))
        setting.results.headline(list(headlines(name, found)), setting.arguments)
        print(f"{name}: done", flush=True)


page = Page(
    __name__,
    __doc__,
    study,
    title="What patterns with and without a target change",
    parts=tuple(CONDITIONS),
    trains=False,
)
