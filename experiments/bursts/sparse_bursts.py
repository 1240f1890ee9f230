"""Why should bursts be rare and short? What two signals can tell with so many spikes.

    python -m experiments sparse_bursts

After the claim of Naud & Sprekeler (2018), in the least that shows it: an ensemble may fire F
spikes a second in all, an event is a burst of n spikes with probability p, so its rate of events is
F/(1 + (n-1)p). One signal moves the rate of events, by a share ``DEPTH_E`` of it, another burst
probability through a sigmoid, by ``DEPTH_P``. Counting noise limits both: with K events in a
window, SNR_E = DEPTH_E^2 K and SNR_P = DEPTH_P^2 p(1-p) K, each telling log2(1 + SNR)/2 bits. A
point process of Poisson events and binomial bursts is simulated beside it, with Gaussian signals,
that tells -log2(1 - r^2)/2 bits of each.

Expected: the sum is largest near p = 1/(n+1), its limit for large SNR (1/3 for pairs, 1/6 for five
spikes), and the more so the shorter bursts are; what is told by bursts alone is largest at
1/(1 + sqrt(n)). Simulated and calculated values agree to some hundredths of a bit. Seconds.
"""

import numpy as np

from experiments.bursts.ensembles import correlation
from experiments.study.page import Page
from experiments.study.statistics import summary

SPIKES = 25_000.0  # of the ensemble, in a window: F times its length
DEPTH_E, DEPTH_P = 0.04, 0.1  # small enough that counts and signals are as good as linear
LENGTHS, SHARES = (2, 3, 4, 5, 6, 8), np.round(np.arange(0.02, 0.9, 0.02), 2)
SIMULATED, WINDOWS, SEEDS = (2, 3, 5), 20_000, (1, 2, 3)
EVERY = 4  # shares that are simulated


def counted(p, n):
    """Events in a window."""
    return SPIKES / (1 + (n - 1) * p)


def bits(p, n):
    """What rate of events and burst probability tell, calculated."""
    k = counted(p, n)
    return _bits(DEPTH_E**2 * k), _bits(DEPTH_P**2 * p * (1 - p) * k)


def _bits(snr):
    return np.log2(1 + snr) / 2


def simulated(p, n, windows, rng):
    """The same from counts of a point process."""
    soma, dendrite = rng.normal(size=(2, windows))
    events = rng.poisson(counted(p, n) * np.clip(1 + DEPTH_E * soma, 0, None))
    odds = np.log(p / (1 - p)) + DEPTH_P * dendrite
    bursts = rng.binomial(events, 1 / (1 + np.exp(-odds)))
    share = bursts / np.maximum(events, 1)
    found = correlation(events, soma), correlation(share, dendrite)
    return tuple(-np.log2(1 - r**2) / 2 for r in found)


def study(setting):
    """Calculated on a grid, simulated on a part of it."""
    calculated, counts = [], []
    for n in LENGTHS:
        for p in SHARES:
            values = dict(zip(("events", "bursts"), bits(p, n), strict=True))
            calculated.append({"n": n, "p": p, "total": sum(values.values())} | values)
    windows = setting.size(WINDOWS, 200)
    for seed in setting.size(SEEDS, SEEDS[:1]):
        rng = np.random.default_rng(seed)
        for n in SIMULATED:
            for p in SHARES[:: setting.size(EVERY, 20)]:
                values = simulated(p, n, windows, rng)
                row = {"seed": seed, "n": n, "p": p, "total": sum(values)}
                counts.append(row | dict(zip(("events", "bursts"), values, strict=True)))
    setting.results.write("calculated", calculated)
    setting.results.write("simulated", counts)
    headline(setting.results)


def headline(results):
    """Where the sum is largest, and how far simulated values are from calculated ones."""
    calculated, counts, rows = results.table("calculated"), results.table("simulated"), []
    for n in SIMULATED:
        own, about = calculated.where(n=n), {"condition": f"spikes_{n}"}
        best = own["p"][own["total"].argmax()]
        rows.append(about | {"measure": "best_share", "value": best, "n": 1})
        rows.append(about | {"measure": "most_bits", "value": own["total"].max(), "n": 1})
        mine = counts.where(n=n)
        off = [t - sum(bits(p, n)) for p, t in zip(mine["p"], mine["total"], strict=True)]
        rows.append(about | {"measure": "bits_off"} | summary(np.abs(off)))
        print(f"bursts of {n}: best share {best:.2f}, simulated off by {np.mean(np.abs(off)):.3f}")
    results.headline(rows)


page = Page(__name__, __doc__, study, title="Rare and short bursts tell most", trains=False)
