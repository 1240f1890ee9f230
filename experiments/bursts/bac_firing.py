"""When does a cell burst: a spike that meets a depolarised dendrite (BAC firing).

    python -m experiments bac_firing [--record KIND ...]

One cell of Naud & Sprekeler (2018) without background currents. A pulse of 1,500 pA into the soma,
10 ms, makes it spike once; one of 300 pA into the dendrite, 40 ms, does nothing that the soma could
tell; both together give a plateau and a burst. Then the pulse into the dendrite is moved in time,
and made weaker and stronger.

Expected: 1, 0 and 3 spikes, the dendrite at -59 mV at most without and at +7 mV with the spike that
comes back. 150 pA give no burst at any delay, and from 550 pA on the dendrite fires alone.
Seconds after compiling.
"""

import numpy as np

from experiments.bursts.ensembles import Ensembles
from experiments.study import recorded
from experiments.study.page import Page
from models.bursts.cells import quiet
from models.engine.recording import SPIKES, Recording

ONSET, LASTS, BEFORE, AFTER = 100, 320, 20, 120  # ms; of traces that are kept
PULSE_S, PULSE_D = (1500.0, 10), (300.0, 40)  # pA, ms
CONDITIONS = {"soma": (1, 0), "dendrite": (0, 1), "both": (1, 1)}  # which pulses there are
DELAYS = np.arange(-60, 41, 5)  # ms: from the onset of the soma's pulse to the dendrite's
STRENGTHS = np.arange(100, 701, 50)  # pA, of the dendrite's pulse


def pulse(level, lasts, onset=ONSET):
    """A current, pA, one value a ms."""
    t = np.arange(LASTS)
    return level * ((t >= onset) & (t < onset + lasts))


def protocols(delays, strengths):
    """Currents of all cells, shape (ms, cells): those of ``CONDITIONS``, then a grid."""
    pairs = [(s * pulse(*PULSE_S), d * pulse(*PULSE_D)) for s, d in CONDITIONS.values()]
    for strength in strengths:
        for delay in delays:
            own = pulse(float(strength), PULSE_D[1], ONSET + delay)
            pairs.append((pulse(*PULSE_S), own))
    return tuple(np.transpose(one) for one in zip(*pairs, strict=True))


def study(setting):
    """All in one program."""
    delays, strengths = setting.size((DELAYS, STRENGTHS), (DELAYS[12:13], STRENGTHS[2:3]))
    soma, dendrite = protocols(delays, strengths)
    record = Recording({"potentials": ("V_s", "V_d"), SPIKES: ()}, cells=tuple(range(3)))
    about = {"cell": quiet(), "drives": False}
    ensembles = Ensembles(setting, 1, soma.shape[1], LASTS, record, **about)
    shown = ensembles.run(soma, dendrite, 1)
    ensembles.keep(shown, "pulses", [(0, LASTS, "pulses")], 1)
    spikes = shown.spikes.sum(axis=0)
    found = {name: shown.records["potentials", "cells", name] for name in ("V_s", "V_d")}
    fired = {name: shown.records[SPIKES, "cells", name] for name in "ti"}
    kept = range(10 * (ONSET - BEFORE), 10 * (ONSET + AFTER), 2)
    traces, times, told = [], [], []
    for k, condition in enumerate(CONDITIONS):
        about = {"condition": condition}
        for step in kept:
            row = about | {"t": round(step / 10 - ONSET, 1)}
            traces.append(row | {n: round(float(one[step, k]), 3) for n, one in found.items()})
        own = fired["t"][fired["i"] == k]
        times += [about | {"t": round(float(t) - ONSET, 1)} for t in own]
        values = {"n_spikes": spikes[k], "highest_dendrite": found["V_d"][:, k].max()}
        told += [about | {"measure": name, "value": v, "n": 1} for name, v in values.items()]
        print(f"{condition}: {spikes[k]:.0f} spikes, dendrite {found['V_d'][:, k].max():.1f} mV")
    setting.results.write("traces", traces)
    setting.results.write("spikes", times)
    counts = spikes[len(CONDITIONS) :].reshape(len(strengths), len(delays))
    rows = [
        {"strength": int(strength), "delay": int(delay), "n_spikes": int(counts[a, b])}
        for a, strength in enumerate(strengths)
        for b, delay in enumerate(delays)
    ]
    setting.results.write("coincidence", rows)
    setting.results.headline(told)


page = Page(
    __name__,
    __doc__,
    study,
    title="Spikes that come back make bursts",
    options=recorded.options,
    trains=False,
)
