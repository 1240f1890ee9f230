"""When has acetylcholine to come for plateaus to teach what imposed ones do?

    python -m experiments ach_timing [--only shifts ach_usual ...]

Digits, 64-100-10, four times as many interneurons as the cortex has, phases of 100 + 100 ms. A
volley of VIP cells comes with movement, in the last 50 ms of the forward phase; another one with
acetylcholine, usually in the last 50 ms of the target phase, and here from 100 ms before to 40 ms
after that.

"Shifts": before learning and after ten epochs at the usual time, 300 images and the same weights
for all. Cells that learn, and the mean update of the feedforward weights beside that of imposed
plateaus (no SST and VIP cells; ``cos_imposed``): its cosine, and how much of it there is (1: as
much; < 0: the opposite). ``swapped``: acetylcholine in the forward window, movement in the target
phase. Then learning: ten epochs, three networks, with acetylcholine at some of these times.

Expected: early does no harm as long as it follows teaching: 7.7 % of errors 40 ms early, 10.0 at
the usual time (means of the last five epochs). 10 ms late half of the cells learn (14.5 %), 20 ms
late none does: their plateaus do not end before the image (51 %). Around the phases' border (70 ms
early) cells are refractory. In the forward phase the update before learning is the opposite of the
imposed one (cosine -.95), and nothing is learned: 90 %.
"""

import numpy as np

from experiments.interneurons.interneuron_mnist import late
from experiments.interneurons.probing import IMAGES, Probe, timing
from experiments.interneurons.updates import HELD, SETTLE, cosine, settled, size, update
from experiments.study.conditions import Condition
from experiments.study.replicates import SEEDS, replicate
from experiments.study.statistics import summary
from models.interneurons.options import PRESETS, Options

DIGITS = PRESETS["digits"] | {"dataset": "digits", "eta": (0.2, 0.1)}
EPOCHS = 10
USUAL = 150.0  # ms after an image's onset
MOVEMENT = 50.0
SHIFTS = range(-100, 41, 10)  # ms
REPEATS = 4  # of the same images, with other spikes
LEARNED = {
    "ach_usual": ("usual time", 0),
    "ach_early_40": ("40 ms early", -40),
    "ach_early_20": ("20 ms early", -20),
    "ach_late_10": ("10 ms late", 10),
    "ach_late_20": ("20 ms late", 20),
    "ach_forward": ("in the forward phase", -100),
}
CONDITIONS = {
    name: Condition(text, DIGITS | {"ach_ms": USUAL + shift}, EPOCHS)
    for name, (text, shift) in LEARNED.items()
}
PAIRS = tuple(("ach_usual", name) for name in LEARNED if name != "ach_usual")
PART = "shifts"
IMPOSED = {"imposed": ("SST", "VIP"), "paper": ("PV", "SST", "VIP")}  # and who is not there


def last(setting, about, network):
    """Mean test error of the last five epochs of a trained network."""
    return {"test_error_last_five": late(network)}


def bare(setting, changes, images, seed, **how):
    """A probe of the page's network before learning, with some options changed.

    For ``--smoke`` a small one that compiles nothing; ``how`` are further words of ``Probe``.
    """
    own = {name: DIGITS[name] for name in ("layers", "eta", "feedback", "interneurons")} | changes
    own |= small(own) if setting.smoke else {}
    device = "runtime" if setting.smoke else "standalone"
    return Probe(Options(**own), images, seed, device=device, **how)


def probe(setting, seed, images=IMAGES, **changes):
    """A probe that holds updates."""
    images = setting.size(images, 1) + setting.size(SETTLE, 1)
    return bare(setting, changes, images, seed, held=HELD)


def shifted(setting):
    """Rows of the table ``shifts``: all times of acetylcholine in one network, twice."""
    rows = []
    for seed in SEEDS[: setting.size(None, 1)]:
        circuit = probe(setting, seed)
        trained = setting.network("ach_usual", seed).state
        others = {
            k: probe(setting, seed, plateaus="imposed", without=w)
            for k, w in tuple(IMPOSED.items())[: setting.size(None, 1)]
        }
        states = ("before", circuit.state), ("trained", trained)
        for when, state in states[: setting.size(None, 1)]:
            imposed = {}
            for name, one in others.items():
                imposed[name] = repeated(one, setting, only(state, one))
            own = {"when": when, "seed": seed, "at": "imposed", "shift": np.nan}
            seen = others["imposed"].show(1, state=only(state, others["imposed"]))
            rows.append(own | numbers(seen, imposed))
            for shift in SHIFTS[:: setting.size(1, 15)]:
                seen = circuit.show(7, state=state, ACh_from=USUAL + shift)
                own = {"when": when, "seed": seed, "at": "shifted", "shift": shift}
                rows.append(own | numbers(seen, imposed))
            seen = circuit.show(7, state=state, ACh_from=MOVEMENT, M_from=USUAL)
            own = {"when": when, "seed": seed, "at": "swapped", "shift": MOVEMENT - USUAL}
            rows.append(own | numbers(seen, imposed))
    setting.results.write(PART, rows)
    for when in ("before", "trained"):
        for at, shift, name in HEADLINES:
            mine = [r for r in rows if (r["when"], r["at"], r["shift"]) == (when, at, shift)]
            for measure in ("cells_learning", "cos_imposed", "size_imposed"):
                values = [row[measure] for row in mine if np.isfinite(row[measure])]
                if values:
                    about = {"condition": f"{name}_{when}", "measure": measure}
                    yield about | summary(values)


HEADLINES = (
    ("shifted", -100, "shift_forward"),
    ("shifted", -40, "shift_early_40"),
    ("shifted", 0, "shift_0"),
    ("shifted", 10, "shift_late_10"),
    ("shifted", 20, "shift_late_20"),
    ("swapped", -100, "swapped"),
)


def only(state, one):
    """What a network without some classes has of a state."""
    return {name: state[name] for name in one.state}


def repeated(one, setting, state):
    """Updates by the same images and weights, with other spikes each time."""
    spikes = range(10, 10 + setting.size(REPEATS, 2))
    return [update(settled(one.show(k, state=state))) for k in spikes]


def numbers(seen, imposed):
    """Numbers of a time of acetylcholine, beside what imposed plateaus do."""
    seen = settled(seen)
    dW, known = update(seen), timing(seen)
    found = {name: known[name] for name in ("forward_share", "target_share", "cells_learning")}
    for name, repeats in imposed.items():
        found[f"cos_{name}"] = cosine(dW, np.mean(repeats, axis=0))
        found[f"size_{name}"] = size(dW, repeats)
    return found


def study(setting):
    """Learning at some times, then all times with weights held still."""
    if set(setting.only) != {PART}:
        learning.study(setting._replace(only=tuple(n for n in setting.only if n != PART)))
    if not setting.only or PART in setting.only:
        setting.results.headline(list(shifted(setting)), setting.arguments)


def small(options):
    """What ``--smoke`` changes."""
    return {"layers": (6, 10), "forward_ms": 40.0, "target_ms": 40.0, "test_ms": 40.0} | {
        "settle_ms": 10.0,
        "volley_ms": 30.0,
    }


learning = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="Acetylcholine that comes early, late, or in the forward phase",
    measure=last,
    smoke=small,
    parts=(PART,),
)
page = learning._replace(study=study)
