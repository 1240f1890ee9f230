"""How strong has the VIP volley to be, and what does the timing of plateaus depend on?

    python -m experiments volley_dose [--only dose ...]

Digits, 64-100-10, four times as many interneurons as the cortex has (69 PV, 51 SST, 26 VIP), before
learning; 300 images of 100 + 100 ms, volleys in the last 50 ms of each phase, three networks.
"Dose": the drive A of VIP cells from 0 to 1. "In time" are cells whose plateau begins with
acetylcholine and is over before the image ends: these learn. "Timing": one change at a time at
A = 1, such as the number of interneurons, the decay of what SST cells do, or the volley's length.

Expected: a threshold. Half of the cells have a plateau at A = .24, and half have one in time at
.34; from .5 on nearly all learn, 20 ms after the volley's begin, with a spread of 3 ms. A volley
has to outlast latency and plateau: of 30 ms, none teaches.
"""

import numpy as np

from experiments.interneurons.probing import IMAGES, Probe, timing
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.interneurons.options import Options

SEEDS = (1, 2, 3)
DOSES = (0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.8, 1.0)
BASE = {"layers": (100, 10), "interneurons": 4.0}
CHANGES = {
    "usual": {},
    "interneurons_1": {"interneurons": 1.0},
    "interneurons_2": {"interneurons": 2.0},
    "interneurons_8": {"interneurons": 8.0},
    "cells_500": {"layers": (500, 10), "interneurons": 1.0},
    "tau_SST_20": {"tau_SST": 20.0},
    "G_VS_1": {"G_VS": 1.0},
    "G_VS_4": {"G_VS": 4.0},
    "E_to_VIP": {"W_VE": 20.0},
    "volley_40": {"volley_ms": 40.0},
    "volley_30": {"volley_ms": 30.0},
    "theta_p_1": {"theta_p": 0.1},
    "theta_p_4": {"theta_p": 0.4},
    "SST_to_PV": {"G_SP": 0.2},
}
HALF = 0.5


def probe(setting, changes, seed):
    """A probe of a network of these options; a small one that compiles nothing for ``--smoke``."""
    small = {"layers": (12, 10)} if setting.smoke else {}
    device = "runtime" if setting.smoke else "standalone"
    options = Options(**{**BASE, **changes, **small})
    return Probe(options, setting.size(IMAGES, 3), seed, traces=True, device=device)


def dose(setting):
    """Rows of the table ``dose``: a drive of one network each."""
    rows = []
    for seed in SEEDS[: setting.size(None, 1)]:
        one = probe(setting, {}, seed)
        for A in DOSES[:: setting.size(1, 6)]:
            rows.append({"condition": "dose", "seed": seed, "A": A} | timing(one.show(A_VIP=A)))
    setting.results.write("dose", rows)
    for name, measure in (("cells_learning", "half_in_time"), ("target_share", "half_fire")):
        found = [crossing(rows, seed, name) for seed in sorted({row["seed"] for row in rows})]
        yield {"condition": "dose", "measure": measure} | summary(found)


def crossing(rows, seed, name):
    """The drive at which a share passes one half, by linear interpolation; nan if it does not."""
    own = [row for row in rows if row["seed"] == seed]
    A, share = (np.array([row[key] for row in own]) for key in ("A", name))
    above = np.flatnonzero(share >= HALF)
    if not len(above) or not above[0]:
        return np.nan
    k = above[0]
    return np.interp(HALF, share[k - 1 : k + 1], A[k - 1 : k + 1])


def changed(setting):
    """Rows of the table ``timing``: what one change does, of one network each."""
    rows = []
    for name in tuple(CHANGES)[: setting.size(None, 2)]:
        for seed in SEEDS[: setting.size(None, 1)]:
            row = timing(probe(setting, CHANGES[name], seed).show())
            rows.append({"condition": name, "seed": seed} | row)
    setting.results.write("timing", rows)
    for name in dict.fromkeys(row["condition"] for row in rows):
        own = [row for row in rows if row["condition"] == name]
        for measure in ("latency", "latency_sd", "cells_learning"):
            yield {"condition": name, "measure": measure} | summary([row[measure] for row in own])


PARTS = {"dose": dose, "timing": changed}


def study(setting):
    """Each part."""
    for name in setting.only or PARTS:
        setting.results.headline(list(PARTS[name](setting)), setting.arguments)


page = Page(
    __name__,
    __doc__,
    study,
    title="How a volley of VIP cells times plateaus",
    parts=tuple(PARTS),
    trains=False,
)
