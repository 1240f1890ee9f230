"""Does the time of apical input set the sign of plasticity, and what have VIP cells to do with it?

    python -m experiments apical_protocol

The virtual experiment of the paper (page ``prediction``) on cells in their circuit. 100 input cells
fire at 30 Hz for 200 ms, 60 times; all their weights are 1 mV ms, and feedback is taken away. Light
opens .25/ms for 20 ms in all apical dendrites (variant ``apical_light``), early or late. In each
pairing VIP cells are driven at 50 and at 150 ms, the second time together with acetylcholine.
"No VIP": they are not driven, acetylcholine comes all the same. "No ACh": VIP cells are driven at
150 ms, without it. Measured is by how much the EPSP of one volley in all inputs grows: the sum of
the weights, to which 60 pairings add (weights and biases held).

Four times as many interneurons as the cortex has, 100 pyramidal cells, three networks.

Expected: a pulse at 70 ms depresses by 14 %, one at 170 ms potentiates by as much, and between the
volleys there is nothing (-.1 %), unlike in the paper's cell, where each moment counts. Without VIP
drive, and without acetylcholine, exactly nothing.
"""

import numpy as np

from experiments.interneurons.opto_map import light
from experiments.interneurons.probing import Probe, timing
from experiments.interneurons.updates import HELD, SETTLE, settled, update
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.interneurons import THEORY
from models.interneurons.options import Options
from models.interneurons.pyramidal import CELL
from models.theory import NEVER

SEEDS = (1, 2, 3)
EARLY, LATE = (THEORY.lights[when] for when in ("early", "late"))
G, WIDTH = EARLY["light_g"], EARLY["light_off_ms"] - EARLY["light_on_ms"]  # 1/ms; of the pulse, ms
STARTS = np.arange(0, 181, 5)  # ms after the train begins
PULSES = {"early": EARLY["light_on_ms"], "between": 110.0, "late": LATE["light_on_ms"]}
PULSES |= {"none": np.nan}  # that are told by name
CONDITIONS = {
    "vip": {},
    "no_vip": {"A_VIP": 0.0},
    "no_ach": {"M_from": 150.0, "ACh_from": NEVER},
}
PAIRINGS, CELLS = 60, 100
INPUTS, RATE, WEIGHT, REST = 100, 30.0, 1.0, -3.0  # Hz, mV ms, mV
ETA = 0.21
TRACED = 8  # pairings whose potentials are kept


def probe(setting, seed, pairings, traces=False):
    """A probe of cells that input alone drives; a small one for ``--smoke``."""
    small = {"forward_ms": 90.0, "target_ms": 90.0} if setting.smoke else {}
    cells = setting.size(CELLS, 6)
    options = Options(layers=(cells, 10), variant="apical_light", interneurons=4.0, **small)
    ratio = RATE / float(CELL.params.phi_max)
    images = setting.size(pairings, 1) + setting.size(SETTLE, 1)
    device = "runtime" if setting.smoke else "standalone"
    held = {"shown": np.full((images, INPUTS), ratio), "held": HELD, "device": device}
    one = Probe(options, images, seed, traces, **held)
    given = {"W_0": WEIGHT, "b_0": REST, "Y_0": 0.0}
    one.state |= {name: np.full_like(one.state[name], value) for name, value in given.items()}
    return one


def pulse(start):
    """Lights of a pulse; none where its start is nan."""
    return light("E", G, start, start + WIDTH) if np.isfinite(start) else light("E", 0, 0, 0)


def growth(seen):
    """Change of the EPSP by all pairings, per cent, of each cell."""
    added = ETA * float(CELL.params.P_0) * PAIRINGS * update(seen).sum(axis=0)
    return 100 * added / (INPUTS * WEIGHT)


def study(setting):
    """Sweep the time of the pulse in three conditions, and keep potentials of some pulses."""
    starts = np.append(setting.size(STARTS, STARTS[14:15]), np.nan)
    rows, cells = [], {}
    for seed in SEEDS[: setting.size(None, 1)]:
        one = probe(setting, seed, PAIRINGS)
        for name, more in CONDITIONS.items():
            for start in starts:
                seen = settled(one.show(3, lights=pulse(start), **more))
                change, known = growth(seen), timing(seen)
                row = {"condition": name, "seed": seed, "start_ms": start}
                row |= {"centre_ms": start + WIDTH / 2, "mean": change.mean()}
                row |= {"sd": change.std(ddof=1), "expected_sign": 0}
                row |= {k: known[k] for k in ("forward_share", "target_share", "cells_learning")}
                rows.append(row)
                cells.setdefault((name, start if np.isfinite(start) else None), []).append(change)
    for row in rows:
        del row["expected_sign"]
    setting.results.write("sweep", rows)
    _examples(setting)
    for name in CONDITIONS:
        for text, start in PULSES.items():
            key = name, start if np.isfinite(start) else None
            if key in cells:
                values = np.concatenate(cells[key])
                about = {"condition": name, "measure": f"epsp_change_{text}"}
                yield about | summary(values)


def _examples(setting):
    """Mean potentials and shunt of hidden cells with some pulses."""
    one, rows = probe(setting, SEEDS[0], TRACED, traces=True), []
    skipped = min(SETTLE, one.images - 1)
    for name in ("vip", "no_vip"):
        for text, start in tuple(PULSES.items())[:: setting.size(1, 3)]:
            seen = one.show(3, lights=pulse(start), **CONDITIONS[name])
            traces = {k: seen.trace(k)[skipped:].mean(axis=(0, 2)) for k in ("V_a", "g_SST")}
            traces["g_SST"] = traces["g_SST"] / 1e3
            for t in range(int(seen.lasts)):
                row = {"condition": name, "pulse": text, "start_ms": start, "t_ms": t}
                rows.append(row | {k: round(float(v[t]), 4) for k, v in traces.items()})
    setting.results.write("pairing", rows)


page = Page(
    __name__,
    __doc__,
    lambda setting: setting.results.headline(list(study(setting)), setting.arguments),
    title="Apical input early and late, with and without VIP cells",
    trains=False,
)
