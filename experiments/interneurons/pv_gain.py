"""Do PV cells hold the rates, and does it matter how strong the image is?

    python -m experiments pv_gain [--only rates pv_2 ...]

Digits, 64-100-10, four times as many interneurons as the cortex has, three networks. "Rates",
before learning: what PV cells do to somata, from nothing (G_PE = 0) to 2/ms, with a reversal
potential of -8 mV (it lowers and divides) or 0 mV (it divides only), and PV cells that the input
drives, too (W_PX); images as they are, and with half and twice their contrast. ``steepness`` is the
slope of the logarithm of the pyramidal rate by that of the contrast. Then learning, ten epochs, at
the usual contrast: errors on test images of all three, and rates of what has learned.

Expected: before learning 151, 64, 33, 14 and 7 Hz with more and more of PV cells, 134 and 119 where
they only shunt; plateaus come after 19.5 to 19.9 ms with all of them. Rates are not what contrast
leaves alone (a slope of logarithms of .05 without PV cells, which is saturation, .45 with them,
-.44 where the input drives them). After ten epochs rates are 83 to 104 Hz: learning undoes what PV
cells do. Errors are 8.9 % without them, 10 as usual and 18 with most of them. Where PV cells'
synapses learn, too (`plastic_pv`), rates stay at the 35 Hz asked for, and errors at 34 %: the
network learns from rates that it is not let have.
"""

import numpy as np

from experiments.interneurons import ach_timing
from experiments.interneurons.ach_timing import DIGITS, EPOCHS, USUAL, small
from experiments.interneurons.interneuron_digits import looked, tested
from experiments.interneurons.probing import part_first, timing
from experiments.study.conditions import Condition
from experiments.study.replicates import SEEDS, replicate
from experiments.study.statistics import summary

IMAGES = 150
CONTRASTS = (0.5, 1.0, 2.0)
CHANGES = {  # name -> what figures call it, options
    "pv_0": ("$G_{PE}$ 0", {"G_PE": 0.0}),
    "pv_03": ("$G_{PE}$ .3", {"G_PE": 0.3}),
    "pv_06": ("$G_{PE}$ .6", {}),
    "pv_12": ("$G_{PE}$ 1.2", {"G_PE": 1.2}),
    "pv_2": ("$G_{PE}$ 2", {"G_PE": 2.0}),
    "shunt_06": ("$G_{PE}$ .6, $E_{PV}$ 0", {"E_PV": 0.0}),
    "shunt_2": ("$G_{PE}$ 2, $E_{PV}$ 0", {"G_PE": 2.0, "E_PV": 0.0}),
    "input_06": ("$G_{PE}$ .6, $W_{PX}$ 40", {"W_PX": 40.0}),
}
# Before it has learned anything, this one is the usual network.
PLASTIC = {"plastic_06": ("$G_{PE}$ .6, plastic", {"variant": "plastic_pv"})}
LEARNED = ("pv_0", "pv_06", "pv_2", "shunt_2", "input_06", "plastic_06")
# The usual network is that of `ach_timing`.
CONDITIONS = {
    name: Condition(
        (CHANGES | PLASTIC)[name][0],
        DIGITS | {"ach_ms": USUAL} | (CHANGES | PLASTIC)[name][1],
        EPOCHS,
        network="ach_usual" if name == "pv_06" else None,
    )
    for name in LEARNED
}
PAIRS = tuple(("pv_06", name) for name in LEARNED if name != "pv_06")
PART = "rates"


def rates(setting):
    """Rows of the table ``rates``: a contrast in one network each."""
    rows = []
    for name in tuple(CHANGES)[: setting.size(None, 2)]:
        changes = CHANGES[name][1]
        for seed in SEEDS[: setting.size(None, 1)]:
            one = ach_timing.bare(setting, changes, setting.size(IMAGES, 2), seed)
            pixels, options = one.pixels, one.options
            about = {"condition": name, "G_PE": options.G_PE, "E_PV": options.E_PV}
            about |= {"W_PX": options.W_PX, "seed": seed}
            for contrast in CONTRASTS:
                one.pixels = contrast * pixels
                rows.append(about | {"contrast": contrast} | timing(one.show()))
    setting.results.write(PART, rows)
    for name in dict.fromkeys(row["condition"] for row in rows):
        own = [row for row in rows if row["condition"] == name]
        usual = [row for row in own if row["contrast"] == 1]
        for measure in ("rate_E", "rate_PV", "latency", "cells_learning"):
            about = {"condition": f"{name}_before", "measure": measure}
            yield about | summary([row[measure] for row in usual])
        found = [steepness(own, seed) for seed in sorted({row["seed"] for row in own})]
        yield {"condition": f"{name}_before", "measure": "steepness"} | summary(found)


def steepness(rows, seed):
    """Slope of the logarithm of the pyramidal rate by that of the contrast."""
    own = [row for row in rows if row["seed"] == seed]
    contrast, rate = (np.log([row[key] for row in own]) for key in ("contrast", "rate_E"))
    return np.polyfit(contrast, rate, 1)[0]


def learned(setting, about, network):
    """Errors of a trained network by contrast, its rates, and the mean of its late errors."""
    run, state = network.run, network.state
    found = ach_timing.last(setting, about, network)
    usual = run.data
    for contrast in CONTRASTS:
        run.data = usual._replace(test_images=contrast * usual.test_images.astype(float))
        found[f"test_error_contrast_{contrast:g}"] = tested(run, state)
    run.data = usual
    return found | looked(setting, run, state)


def study(setting):
    """Rates before learning, then learning."""
    part_first(setting, PART, rates, learning)


learning = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="PV cells, rates and the contrast of images",
    measure=learned,
    smoke=small,
    parts=(PART,),
)
page = learning._replace(study=study)
