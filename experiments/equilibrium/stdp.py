"""Is the rule of equilibrium propagation the plasticity that is measured with pairs of spikes?

    python -m experiments stdp

The theory reads dW = rho_pre d rho_post (eq 11) as spike-timing dependent plasticity; the protocols
are this project's own. ``s1``: one spike each, rates are their traces (20 and 34 ms long): the
rule gives the double exponential of Bi & Poo's (1998) data, to be held against its closed form.
``s2``: a post cell of 40 Hz whose rate wanders; the rule acts at each of the pre cell's Poisson
spikes, which know nothing of it, and yet its mean by the time to a post spike is a window of STDP.
``s3``: the other way round: pair-based STDP between Poisson cells whose rates are ramps. It
measures r_pre dr_post/dt, as the theory asks, and takes off a second term, r_post dr_pre/dt,
with the sign opposite to what symmetric weights would need: so that STDP of this form is half of
the rule, and says so. ``s4``: the rule in a network that relaxes: along the nudged phase, synapses
up and down learn from rates of their own cells, each half of eq 10; the page ``untied`` trains
networks with it.

Expected: s1 within .5 %; s2 a correlation above .98 with its closed form; s3 both coefficients
within two standard errors; s4 both halves together eq 10, to rounding. Two minutes.
"""

import numpy as np

from experiments.measures import correlation
from experiments.study.page import Page
from models.equilibrium import poisson, stdp
from models.equilibrium.network import network
from models.equilibrium.options import Options
from models.theory import Inputs

PARTS = ("s1", "s2", "s3", "s4")
LAGS = (2, 5, 10, 15, 20, 30, 40, 60, 80)  # ms, of single pairs, on either side
CELLS, SECONDS, REPEATS, STEP, REACH = 400, 20, 5, 0.5, 100  # ms: of the simulation, of lags
BIN = 10  # steps
SLOPES = np.linspace(-4e-5, 4e-5, 9)  # 1/ms^2
SYNAPSES, LASTS = 40_000, 800  # of each slope; ms
SIZES = (30, 10)  # of the network that relaxes


def single(setting):
    """S1: rows of lag, simulated and closed form; the largest deviation."""
    lags = np.array([-lag for lag in LAGS[::-1]] + list(LAGS), dtype=float)
    lags = setting.size(lags, lags[[0, -1]])
    found, true = stdp.pairs(lags, device=device(setting)), stdp.window(lags)
    rows = [
        {"part": "s1", "x": lag, "dw": one, "theory": other}
        for lag, one, other in zip(lags, found, true, strict=True)
    ]
    yield "pairs", rows
    yield "closed", closed("s1", stdp.window, 80)
    value = 100 * np.abs(found / true - 1).max()
    yield "headline", {"condition": "s1", "measure": "deviation", "value": value, "n": len(lags)}


def wandering(setting):
    """S2: the mean change at a pre spike by the lag of a post spike."""
    cells, seconds = setting.size((CELLS, SECONDS), (5, 0.5))
    reach = round(REACH / STEP)
    edges, sums = np.arange(-reach, reach + 1, BIN), []
    for seed in range(setting.size(REPEATS, 1)):
        seen = poisson.wandering(cells, seconds, seed, device=device(setting))
        sums.append(poisson.by_lag(*seen, edges))
    total, squares, pairs = np.sum(sums, axis=0)
    lags = STEP * (edges[:-1] + edges[1:] - 1) / 2
    mean = total / pairs
    # pairs of one spike go together: the spread is that between parts
    each = np.array([part[0] / part[2] for part in sums])
    error = each.std(axis=0, ddof=1) / np.sqrt(len(sums)) if len(sums) > 1 else 0 * mean
    theory = poisson.window(lags)
    rows = [
        {"part": "s2", "x": lag, "dw": one, "error": spread, "theory": other}
        for lag, one, spread, other in zip(lags, mean, error, theory, strict=True)
    ]
    yield "wandering", rows
    yield "closed", closed("s2", poisson.window, REACH)
    about = {"condition": "s2", "n": int(pairs.sum())}
    yield "headline", about | {"measure": "correlation", "value": correlation(mean, theory)}


def closed(part, window, reach):
    """A closed form at each millisecond, for its curve."""
    lags = np.arange(-reach, reach) + 0.5
    found = window(lags)
    return [{"part": part, "x": x, "theory": y} for x, y in zip(lags, found, strict=True)]


def ramps(setting):
    """S3: the mean change by the slopes of both rates, and both coefficients."""
    slopes = setting.size(SLOPES, SLOPES[[0, -1]])
    n, none = setting.size(SYNAPSES, 3), np.zeros(len(slopes))
    lasts = setting.size(LASTS, 10)
    kinds = {"pre": (slopes, none), "post": (none, slopes), "both": (slopes, slopes)}
    rows, about = [], {"condition": "s3", "n": n * len(slopes)}
    for seed, (kind, both) in enumerate(kinds.items()):
        given = (np.repeat(slope, n) for slope in both)
        w = poisson.ramps(*given, lasts, seed, device=device(setting)).reshape(len(slopes), n)
        error = w.std(axis=1, ddof=1) / np.sqrt(n)
        theory = poisson.drift(*both, lasts)
        for k, slope in enumerate(slopes):
            row = {"part": kind, "x": slope, "dw": w[k].mean(), "error": error[k]}
            rows.append(row | {"theory": theory[k]})
        if kind != "both":
            # dW = coefficient * lasts * r_0 * slope, by least squares through all slopes
            x = lasts * float(poisson.Pairs().r_0 / poisson.Hz) / 1000 * slopes
            centred = x - x.mean()
            value = centred @ w.mean(axis=1) / (centred @ centred)
            spread = np.sqrt(centred**2 @ error**2) / (centred @ centred)
            expected = poisson.drift(*(s[-1] for s in both), lasts) / x[-1]
            yield (
                "headline",
                about | {"measure": f"coefficient_{kind}", "value": value, "spread": spread},
            )
            yield "headline", about | {"measure": f"theory_{kind}", "value": expected}
    yield "ramps", rows


def network_s4(setting):
    """S4: what up and down learn along the nudged phase, beside eq 10."""
    up, down, both = along_the_phase(setting.size(SIZES, (5, 4)), device(setting))
    rows = [
        {"part": "s4", "x": true, "dw": one + other, "up": one, "down": other}
        for one, other, true in zip(up.ravel(), down.ravel(), both.ravel(), strict=True)
    ]
    yield "together", rows
    value = np.abs(up + down - both).max() / np.abs(both).max()
    yield "headline", {"condition": "s4", "measure": "telescoping", "value": value, "n": len(rows)}


def along_the_phase(layers, where, pixels=12, seed=1):
    """What one image teaches synapses up (below, above), down (the same way round), and eq 10.

    In a mini-batch: online, weights would learn while the states still move.
    """
    rng, found = np.random.default_rng(seed), {}
    image, label = rng.uniform(0, 1, (1, pixels)), rng.integers(0, layers[-1], 1)
    for rule in ("rates", "contrast"):
        options = Options(layers=layers, alpha=(1.0,), nudged=8, batch=2, rule=rule)
        net = network(options, pixels, layers[-1])
        state = net.start(seed)
        out = net.program(1, device=where).run(Inputs(image, label, state, seed)).state
        found[rule] = {name: out[name] - state[name] for name in state}
    return found["rates"]["W_1"], found["rates"]["V_1"].T, found["contrast"]["W_1"]


def device(setting):
    """Where it is simulated."""
    return setting.size("standalone", "runtime")


def study(setting):
    """All parts asked for."""
    for part, run in zip(PARTS, (single, wandering, ramps, network_s4), strict=True):
        if setting.only and part not in setting.only:
            continue
        for name, rows in run(setting):
            if name == "headline":
                setting.results.headline([rows], setting.arguments)
            elif name == "closed":
                setting.results.update(name, rows, ("part",))
            else:
                setting.results.write(name, rows)
        print(f"{part}: done", flush=True)


page = Page(
    __name__,
    __doc__,
    study,
    title="From rates to spike timing, and back",
    parts=PARTS,
    trains=False,
)
