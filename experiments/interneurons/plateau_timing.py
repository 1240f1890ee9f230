"""What happens in the circuit while an image is shown: who fires, and when do plateaus begin?

    python -m experiments plateau_timing

One digit, again and again, before learning: 64-100-10, four times as many interneurons as the
cortex has (69 PV, 51 SST, 26 VIP), 100 + 100 ms, volleys of VIP cells in the last 50 ms of each
phase, acetylcholine with the second. Potentials and plateaus of three cells, the shunt of all, and
spikes of all classes are those of one time that it is shown; rates are means over 100 times.

Expected: SST cells fall silent within 5 ms, the shunt is under its threshold after 20 ms, and there
plateaus begin (19.2 +- 3.4 ms); apical potentials follow feedback in the volleys and until SST
cells are back, 20 to 30 ms later. A few cells with little inhibition begin before the volley.
"""

import numpy as np

from experiments.interneurons.probing import LAYER, Probe, timing
from experiments.run import data as datasets
from experiments.study.page import Page
from experiments.study.results import joined
from models.interneurons.options import Options

SEED, DIGIT = 1, 3
REPEATS, SETTLE = 100, 5
CELLS, MANY = 3, 40  # whose potentials, and whose plateaus, are shown
BIN = 2  # ms, of rates
POPULATIONS = {"E": LAYER, "PV": "PV_0", "SST": "SST_0", "VIP": "VIP_0"}
NAMES = ("V", "V_a", "V_fb", "g_SST")  # mV, 1/ms


def probe(setting):
    """A probe that is shown one digit; a small one that compiles nothing for ``--smoke``."""
    small = {"forward_ms": 60.0, "target_ms": 60.0} if setting.smoke else {}
    options = Options(layers=(setting.size(100, 12), 10), interneurons=4.0, **small)
    images = setting.size(REPEATS, 1) + setting.size(SETTLE, 1)
    device = "runtime" if setting.smoke else "standalone"
    digits = datasets.load("digits")
    one = digits.train_images[digits.train_labels == DIGIT][0].astype(float)
    shown = np.tile(one, (images, 1))
    return Probe(options, images, SEED, traces=True, shown=shown, device=device)


def study(setting):
    """Show it, and write what cells did."""
    seen, settle = probe(setting).show(), setting.size(SETTLE, 1)
    _spikes(setting.results, seen, settle)
    _traces(setting.results, seen, settle)
    _plateaus(setting.results, seen)
    known = timing(seen)
    rows = [
        {"condition": "one_image", "measure": name, "value": known[name], "n": REPEATS}
        for name in ("latency", "latency_sd", "cells_learning")
    ]
    setting.results.headline(rows, setting.arguments)


def _spikes(results, seen, settle):
    """Spikes of the last time that the image is shown, and rates of all times."""
    lasts, last, rows = int(seen.lasts), seen.probe.images - 1, []
    rates = {"t_ms": np.arange(0, lasts, BIN) + BIN / 2}
    for name, population in POPULATIONS.items():
        step = np.rint(seen.out.records["spikes", population, "t"]).astype(int)
        cell = seen.out.records["spikes", population, "i"]
        later = step >= settle * lasts
        count = np.bincount(step[later] % lasts, minlength=lasts).reshape(-1, BIN).sum(axis=1)
        size = seen.probe.network.sizes[population]
        rates[name] = 1e3 * count / (size * BIN * (last + 1 - settle))
        shown = step // lasts == last
        rows += [
            {"class": name, "i": i, "t_ms": t % lasts}
            for i, t in zip(cell[shown].tolist(), step[shown].tolist(), strict=True)
        ]
    results.write("raster", rows)
    results.write("rates", rates)
    sizes = {name: seen.probe.network.sizes[own] for name, own in POPULATIONS.items()}
    results.write("sizes", [{"class": name, "cells": size} for name, size in sizes.items()])


def _traces(results, seen, settle):
    """Potentials of some cells, and the shunt of all of them."""
    values = {name: seen.trace(name)[-1] for name in NAMES}
    values["g_SST"] = values["g_SST"] / 1e3
    t, rows = np.arange(int(seen.lasts)), []
    for cell in range(CELLS):
        own = {name: np.round(value[:, cell], 4) for name, value in values.items()}
        rows.append({"t_ms": t, "cell": np.full(len(t), cell)} | own)
    results.write("traces", joined(rows))
    g = seen.trace("g_SST")[settle:] / 1e3
    low, middle, high = np.quantile(g, (0.05, 0.5, 0.95), axis=(0, 2))
    options = seen.probe.options
    table = {"t_ms": t, "low": low, "middle": middle, "high": high}
    results.write("shunt", table | {"threshold": np.full(len(t), options.theta_p * options.G_S)})


def _plateaus(results, seen):
    """Those of the last time: a row for each, and a row for each volley."""
    image, cell, when = seen.begins()
    shown = (image == seen.probe.images - 1) & (cell < MANY)
    options, rows = seen.probe.options, []
    for i, begin in zip(cell[shown].tolist(), when[shown].tolist(), strict=True):
        end = begin + options.T_p
        taught = int(begin >= seen.windows[1][0])
        whole = int(end <= seen.lasts)
        rows.append({"cell": i, "begin": begin, "end": min(end, seen.lasts)})
        rows[-1] |= {"taught": taught, "whole": whole}
    results.write("plateaus", rows)
    names = ("movement", "acetylcholine")
    windows = zip(names, seen.windows, strict=True)
    results.write("volleys", [{"name": k, "begin": a, "end": b} for k, (a, b) in windows])


page = Page(
    __name__,
    __doc__,
    study,
    title="One image in the circuit that times plateaus",
    trains=False,
)
