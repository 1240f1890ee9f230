"""Do two populations send events up and bursts down at once?

    python -m experiments burst_hierarchy [--only CONDITION ...]

docstring comes
"""

from typing import NamedTuple

import numpy as np
from brian2 import pA

from experiments.bursts import ensembles
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.bursts import hierarchy
from models.bursts.hierarchy import CURRENTS, Currents, Sizes, Weights
from models.theory import Inputs

SEEDS, FEW = (1, 2, 3, 4, 5), (1, 2, 3)  # of circuits as they are; where something is taken away
BURN_IN, LASTS, BIN = 1000, 3000, 50  # ms
I_S, PERIOD_S = 200.0, 500.0  # pA, ms
I_D, PERIOD_D = 100.0, 1118.0


class Wired(NamedTuple):
    """A circuit: weights, mean currents, and what drives synapses of dendrites."""

    weights: Weights = Weights()
    means: Currents = Currents()
    from_soma: bool = False


CIRCUITS = {
    "published": Wired(),
    "found": Wired(Weights(from_SOM=0.02), Currents(I_d_2=200 * pA)),
    "from_soma": Wired(from_soma=True),
}
LESIONS = {  # what is taken away -> weights that are 0
    "within": ("within_1", "within_2"),
    "SOM": ("from_SOM",),
    "PV": ("from_PV",),
    "feedback": ("down", "to_SOM"),
}
STATIC = "static"  # feedback that sends the same of each spike, as much as STF does on the mean
CONDITIONS = {name: (name, "") for name in CIRCUITS}
CONDITIONS |= {
    f"{name}_{one if one == STATIC else f'no_{one}'}": (name, one)
    for name in CIRCUITS
    for one in (*LESIONS, STATIC)
}
SMALL = Sizes(12, 6, 0.5)  # for --smoke
ENCODINGS = {  # what is told -> of which population and rate, and what it is to follow
    "BP_2": "I_d_2",
    "ER_1": "I_s_1",
    "ER_2": "ER_1",
    "BP_1": "BR_2",
}
ACROSS = {  # measure -> what is correlated, at no lag
    "r_BP_2_soma": ("BP_2", "I_s_1"),
    "r_BP_1_soma": ("BP_1", "ER_1"),
}


def currents(means, ms):
    """All currents in pA, shape (ms, currents); ``means`` are ``Currents``."""
    x = np.tile([float(mean / pA) for mean in means], (ms, 1))
    for name, depth, period in (("I_s_1", I_S, PERIOD_S), ("I_d_2", I_D, PERIOD_D)):
        x[:, CURRENTS.index(name)] += ensembles.sine(0, depth, period, ms)
    return x


def changed(wired, lesion, share):
    """Weights of a circuit that has lost something; ``share``: what STF sends on the mean."""
    weights = wired.weights
    if lesion == STATIC:
        means = {"down_static": share * weights.down, "to_SOM_static": share * weights.to_SOM}
        return weights._replace(down=0.0, to_SOM=0.0, **means)
    return weights._replace(**dict.fromkeys(LESIONS.get(lesion, ()), 0.0))


class Circuit:
    """A compiled circuit, with synapses of one seed."""

    def __init__(self, setting, seed, from_soma):
        self.seed, self.sizes = seed, setting.size(Sizes(), SMALL)
        self.burn_in, lasts = setting.size((BURN_IN, LASTS), (10, 140))
        self.ms = self.burn_in + lasts
        how = {"device": setting.size("standalone", "runtime"), "precision": "single"}
        network = hierarchy.network(seed, self.sizes, from_soma)
        self.program = network.program(self.ms, **how)

    def run(self, weights, means):
        """Counts of each ms after the burn-in, by name, and currents, shape (ms, currents)."""
        x, labels = currents(means, self.ms), np.zeros(self.ms, dtype=int)
        out = self.program.run(Inputs(x, labels, hierarchy.state_of(weights), self.seed))
        counts = {name: one[self.burn_in :] for name, one in out.measures.items()}
        return counts, x[self.burn_in :]

    def signals(self, counts, x):
        """Rates (Hz) and currents (pA) by bin of 10 ms, through a window of 50 ms."""
        found = {}
        for k in (1, 2):
            one = [counts[f"{kind}_{k}"] for kind in "EBS"]
            shown = ensembles.Shown(*one, None, None, {}, self.sizes.pyramids)
            found |= {f"{name}_{k}": values for name, values in ensembles.rates(shown).items()}
        for name in ("I_s_1", "I_d_2"):
            found[name] = ensembles.smooth(ensembles.binned(x[:, CURRENTS.index(name)]))
        return found

    def rate(self, counts, name):
        """Of interneurons, Hz."""
        return 1e3 * counts[name].mean() / self.sizes.interneurons


def share(counts):
    """What facilitating synapses of the second population send of a spike, on the mean."""
    spikes = counts["S_2"].sum()
    return counts["U_2"].sum() / spikes if spikes else 0.0


def measures(found):
    """Correlations and ranges of one run."""
    row = {}
    for name, other in ENCODINGS.items():
        row[f"r_{name}"], lag = ensembles.best(found[name], found[other])
        row[f"now_{name}"] = ensembles.correlation(found[name], found[other])
        row[f"lag_{name}"] = ensembles.BIN * lag
    row |= {name: ensembles.correlation(found[x], found[y]) for name, (x, y) in ACROSS.items()}
    row["r_BP_1_partial"] = partial(found["BP_1"], found["BR_2"], found["ER_1"])
    for name in ("ER_1", "ER_2", "BP_1", "BP_2"):
        factor = 100 if name.startswith("BP") else 1
        low, high = factor * np.nanmin(found[name]), factor * np.nanmax(found[name])
        row |= {f"low_{name}": low, f"high_{name}": high}
    return row


def partial(x, y, z):
    """Correlation of x and y where z explains nothing of either."""
    xy, xz, yz = (ensembles.correlation(*pair) for pair in ((x, y), (x, z), (y, z)))
    return (xy - xz * yz) / np.sqrt((1 - xz**2) * (1 - yz**2))


def traces(counts, x, cells):
    """Rows of bins of 50 ms: rates, per cent, and currents."""
    whole = len(x) // BIN
    sums = {
        name: one[: whole * BIN, 0].reshape(whole, BIN).sum(axis=1) for name, one in counts.items()
    }
    given = x[: whole * BIN].reshape(whole, BIN, -1).mean(axis=1)
    for k in range(whole):
        row = {"t": BIN * (k + 0.5)}
        row |= {n: given[k, CURRENTS.index(n)] for n in ("I_s_1", "I_d_2")}
        for p in (1, 2):
            E, B = sums[f"E_{p}"][k], sums[f"B_{p}"][k]
            row |= {f"ER_{p}": 1e3 * E / BIN / cells, f"BR_{p}": 1e3 * B / BIN / cells}
            row[f"BP_{p}"] = 100 * B / E if E else np.nan
        yield row


def played(setting, seed, from_soma, names):
    """All conditions of one compiled circuit: rows, and rows of traces."""
    circuit, shares = Circuit(setting, seed, from_soma), {}
    for name in names:
        base, lesion = CONDITIONS[name]
        wired = CIRCUITS[base]
        if lesion == STATIC and base not in shares:
            shares[base] = share(circuit.run(changed(wired, "", None), wired.means)[0])
        counts, x = circuit.run(changed(wired, lesion, shares.get(base)), wired.means)
        if not lesion:
            shares[base] = share(counts)
        row = {"condition": name, "seed": seed} | measures(circuit.signals(counts, x))
        row |= {kind: circuit.rate(counts, f"S_{kind}") for kind in ("PV", "SOM")}
        key = {"condition": name, "seed": seed}
        shown = [key | one for one in traces(counts, x, circuit.sizes.pyramids)]
        yield row, [] if lesion else shown


def study(setting):
    """All conditions and seeds; one program for each seed and form of dendritic synapses."""
    names, rows, shown = setting.chosen(CONDITIONS), [], []
    for seed in setting.size(SEEDS, SEEDS[:1]):
        for from_soma in (False, True):
            mine = [
                name
                for name in names
                if CIRCUITS[CONDITIONS[name][0]].from_soma == from_soma
                and (seed in FEW or not CONDITIONS[name][1])
            ]
            if mine:
                one, trace = zip(*played(setting, seed, from_soma, mine), strict=True)
                rows += one
                shown += [row for part in trace for row in part]
                print(f"seed {seed}: {', '.join(mine)}", flush=True)
    setting.results.update("encodings", rows, ("condition", "seed"))
    if shown:
        setting.results.update("traces", shown, ("condition", "seed"))
    for name in names:
        headline(setting, name, [row for row in rows if row["condition"] == name])


HEADLINES = (*(f"r_{name}" for name in ENCODINGS), *(f"now_{name}" for name in ENCODINGS))
HEADLINES += ("r_BP_2_soma", "r_BP_1_partial")


def headline(setting, name, rows):
    """Means over seeds."""
    about = {"condition": f"hierarchy_{name}"}
    found = [about | {"measure": one} | summary([row[one] for row in rows]) for one in HEADLINES]
    setting.results.headline(found, ("--only", name))
    told = ", ".join(
        f"r({k}, {v}) {np.mean([r[f'r_{k}'] for r in rows]):.2f}" for k, v in ENCODINGS.items()
    )
    print(f"{name}: {told}", flush=True)


page = Page(
    __name__,
    __doc__,
    study,
    title="Events go up, bursts come down",
    parts=tuple(CONDITIONS),
    trains=False,
)
