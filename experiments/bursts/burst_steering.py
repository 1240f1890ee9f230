"""Does dendritic input decide whether synapses onto the soma grow or shrink?

    python -m experiments burst_steering [--record KIND ...]

Payeur et al. (2021), Fig 2e-g: 1,000 cells send their events to 1,000 others, which have 200
plastic synapses each and 20 Poisson cells of 1 Hz at their dendrites, of a weight d_0 = .25 (by the
leak). After 20 s without plasticity, 25 s each: d_0, 1.5 d_0, d_0, .55 d_0, d_0, and d_0 while the
dendrites of the first population get 40 pA. Cells have a moving threshold and synapses that are
conductances; the first population has Poisson noise in soma and dendrite, each compartment its own,
the second one hears that of the first. Three seeds, of synapses and of noise; bins of 2.5 s. The
rate of events times the trace says what weights should do on the mean (``predicted``): dw/dt = eta
(B - Pbar E) tau_pre E_pre, with rates of whole populations.

Expected: bursts of the second population become three times as frequent at 1.5 d_0, and weights
grow by 4 to 5 % until Pbar has followed; both go back at d_0; at .55 d_0 hardly any burst is left,
and weights fall by 2 %. Bursts of the first population, twice as many with 40 pA, do nothing to the
weights. Our cells burst less at rest (events at 4 Hz, 3 to 5 % bursts) than those of the paper
(some 12 %). The mean weight moves as mean rates predict, and 6 % more: we think because
events that make a cell fire come before its own. A minute and a half of processor time.
"""

import numpy as np
from brian2 import Hz, second

from experiments.measures import correlation
from experiments.study import recorded
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.bursts import steering
from models.engine.recording import NOTHING
from models.theory import Inputs

CELLS, SEEDS, BIN, BEFORE, LASTS = 1000, (1, 2, 3), 2.5, 20.0, 25.0  # s
USUAL, MORE, LESS, CURRENT = 1.0, 1.5, 0.55, 40.0  # of d_0; pA
# What is given: pA into the first population's dendrites, the weight of the second one's dendritic
# synapses by d_0, pA into its somata.
STRETCHES = {
    "usual": (0.0, USUAL, 0.0),
    "more": (0.0, MORE, 0.0),
    "after_more": (0.0, USUAL, 0.0),
    "less": (0.0, LESS, 0.0),
    "after_less": (0.0, USUAL, 0.0),
    "pre": (CURRENT, USUAL, 0.0),
}


def schedule(stretches, before, bins):
    """What ``steering.network`` is given in all bins, as rows, and the stretch of each."""
    rows = [(0.0, steering.D_0, 0.0, 0.0)] * before
    names = ["before"] * before
    for name, (current, weight, soma) in stretches.items():
        rows += [(current, weight * steering.D_0, 1.0, soma)] * bins
        names += [name] * bins
    return np.array(rows), names


def played(setting, seed, stretches):
    """Rows of bins of one seed."""
    cells, lasts = setting.size(CELLS, 20), setting.size(BIN, 0.002)
    before, bins = (setting.size(round(time / BIN), 1) for time in (BEFORE, LASTS))
    shown, names = schedule(stretches, before, bins)
    n_inputs = round(steering.P_CONNECT * CELLS)  # of a cell, in any size of the populations
    p = min(n_inputs / cells, 1)
    network = steering.network(cells, p, lasts * second, seed)
    record = recorded.asked(setting, network) if seed == SEEDS[0] else NOTHING
    how = {"record": record, "device": setting.size("standalone", "runtime")}
    program = network.program(len(shown), **how)
    labels = np.zeros(len(shown), dtype=int)
    out = program.run(Inputs(shown, labels, network.start(seed), seed, learns=True))
    if seed == SEEDS[0]:
        ends = [1000 * lasts * k for k in range(len(names) + 1)]
        recorded.write(setting, "steering", network, out.records, joined(names, ends), seed)
    counts = {"events": out.answers} | dict(out.measures)
    E, B, E_pre, B_pre = (
        counts[name].sum(axis=1) / cells / lasts
        for name in ("events", "bursts", "events_pre", "bursts_pre")
    )
    weights = counts["w_in"].mean(axis=1) / round(p * cells)
    usual = counts["Pbar"].mean(axis=1)
    predicted = expected(E, B, E_pre, usual, shown[:, 2], lasts)
    for k, name in enumerate(names):
        row = {"seed": seed, "time": round((k + 1) * lasts, 4), "stretch": name, "d": shown[k, 1]}
        row |= {"event_rate": E[k], "event_rate_pre": E_pre[k]}
        row |= {"burst_probability": percent(B[k], E[k])}
        row |= {"burst_probability_pre": percent(B_pre[k], E_pre[k])}
        yield row | {"usual": 100 * usual[k], "w": weights[k], "predicted": predicted[k]}


def joined(names, ends):
    """(start, end, name) of stretches, from the name of each bin and the ends of all bins."""
    first = [k for k, name in enumerate(names) if k == 0 or names[k - 1] != name]
    return [
        (ends[k], ends[last], names[k])
        for k, last in zip(first, (*first[1:], len(names)), strict=True)
    ]


def percent(bursts, events):
    """Bursts of so many events, per cent; nan where there were none."""
    return 100 * bursts / events if events else np.nan


def expected(E, B, E_pre, usual, learns, lasts):
    """The mean weight at the end of each bin, were cells of a population all alike."""
    rule = steering.RULE
    within = (usual + np.append(usual[:1], usual[:-1])) / 2  # Pbar is known at the ends of bins
    trace = float(rule.tau_pre * Hz) * E_pre
    return steering.W_0 + np.cumsum(rule.eta * lasts * learns * (B - within * E) * trace)


def headlines(rows):
    """Of each stretch over seeds: by how much weights changed, and burst probability."""
    seeds = dict.fromkeys(row["seed"] for row in rows)
    for name in STRETCHES:
        changes, bursts, _ = zip(*(over(rows, seed, name) for seed in seeds), strict=True)
        about = {"condition": name}
        yield about | {"measure": "weight_change"} | summary(changes)
        yield about | {"measure": "burst_probability"} | summary(bursts)
    found = [agreement([row for row in rows if row["seed"] == seed]) for seed in seeds]
    for measure, values in zip(
        ("r_mean_rates", "slope_mean_rates"), zip(*found, strict=True), strict=True
    ):
        yield {"condition": "all", "measure": measure} | summary(values)


def over(rows, seed, name):
    """Of a stretch: change of the mean weight (%), burst probability (%) and event rate (Hz)."""
    mine = [row for row in rows if row["seed"] == seed]
    k = [row["stretch"] for row in mine].index(name)
    inside = [row for row in mine if row["stretch"] == name]
    change = 100 * (inside[-1]["w"] / mine[k - 1]["w"] - 1)
    means = (np.mean([row[key] for row in inside]) for key in ("burst_probability", "event_rate"))
    return change, *means


def agreement(rows):
    """Of changes in a bin and those that mean rates predict: correlation, and slope through 0."""
    w, predicted = (np.diff([row[key] for row in rows]) for key in ("w", "predicted"))
    square = predicted @ predicted
    return correlation(w, predicted), w @ predicted / square if square else np.nan


def study(setting):
    """All seeds."""
    rows = []
    for seed in setting.size(SEEDS, SEEDS[:1]):
        rows += played(setting, seed, STRETCHES)
        print(f"seed {seed}: done", flush=True)
    setting.results.write("steering", rows)
    setting.results.headline(list(headlines(rows)), setting.arguments)


page = Page(
    __name__,
    __doc__,
    study,
    title="Dendritic input decides what synapses learn",
    options=recorded.options,
    trains=False,
)
