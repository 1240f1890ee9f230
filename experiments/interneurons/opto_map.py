"""What does light on one class of cells do to plateaus and to what is learned, and when?

    python -m experiments opto_map [--only map named]

Predictions for an experiment: channelrhodopsin ("on") or halorhodopsin ("off") in pyramidal, PV,
SST or VIP cells, conductances of 3 or 1/ms. Digits, 64-100-10, four times as many interneurons as
the cortex has, 200 images of 100 + 100 ms, three networks before learning. "Map": light for 20 ms,
at each 10 ms. "Named": longer windows that an experiment would choose, before learning and after
ten epochs, and VIP cells that light drives in place of movement and acetylcholine.

Of each: cells with a plateau in the forward window and in the target window, cells that learn, and
the mean update of feedforward weights beside that of the same images and weights without light: how
much of it there is (``size``: 1 as much, 0 nothing, < 0 the opposite) and their cosine. A cell that
had no forward plateau compares its target plateau with one half, what feedback of zero would give.

Expected: light on SST cells in the target window abolishes learning (no cell learns, at 1/ms too);
in the forward window it takes away what target plateaus are compared with, and the update before
learning turns round (size -.28, cosine -.78). Between the volleys it does less: before the target
window a quarter of the cells miss. SST cells silenced, or VIP cells driven, early in a phase bring
plateaus early: cells are refractory later, and .8 and .3 of them learn. PV cells leave the timing
as it is, and updates shrink with rates and slopes. VIP cells driven by light in the target window
make plateaus, and no learning unless acetylcholine comes.
"""

import numpy as np

from experiments.interneurons import ach_timing
from experiments.interneurons.probing import timing
from experiments.interneurons.updates import cosine, settled, size, update
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.interneurons.clock import KINDS
from models.theory import NEVER

SEEDS = (1, 2, 3)
IMAGES, REPEATS = 200, 6  # images that are counted; unlit ones, with other spikes each time
STRENGTHS = (3.0, 1.0)  # 1/ms
WIDTH, STEP, LASTS = 20, 10, 200  # ms
DRIVE = 1.0  # 1/ms, of VIP cells by light in place of a volley
WINDOWS = {  # name -> class, sign, from, to (ms after an image's onset)
    "sst_in_forward_window": ("SST", 1, 50, 100),
    "sst_in_target_window": ("SST", 1, 150, 200),
    "sst_before_forward_window": ("SST", 1, 0, 50),
    "sst_before_target_window": ("SST", 1, 100, 150),
    "sst_late_in_target_window": ("SST", 1, 180, 200),
    "sst_off_early": ("SST", -1, 10, 40),
    "vip_on_early": ("VIP", 1, 10, 40),
    "vip_off_in_target_window": ("VIP", -1, 150, 200),
    "pv_on_in_forward_phase": ("PV", 1, 30, 100),
}
# VIP cells driven by light alone, in the target window; acetylcholine that drives nobody, or none.
IN_PLACE = {"vip_light": NEVER, "vip_light_with_ach": 150.0}
COUNTED = ("forward_share", "target_share", "cells_learning", "plateaus", "latency")
COUNTED += ("d_alpha", "rate_E")


def light(kind, g, on, off):
    """A row of ``lights``: conductance of a class (1/ms, signed), and from when to when (ms)."""
    row = np.zeros(len(KINDS) + 2)
    row[KINDS.index(kind)] = g
    row[-2:] = on, off
    return row


def probe(setting, seed):
    """A probe of a network; a small one that compiles nothing for ``--smoke``."""
    return ach_timing.probe(setting, seed, IMAGES)


class Unlit:
    """Images without light, again and again with other spikes: what light is compared with."""

    def __init__(self, one, setting, state=None):
        self.probe, self.state = one, one.state if state is None else state
        spikes = range(10, 10 + setting.size(REPEATS, 2))
        self.updates = [update(settled(one.show(k, state=self.state))) for k in spikes]

    def lit(self, seed=1, **more):
        """Numbers of the same images with light; ``more`` as ``Probe.show``."""
        seen = settled(self.probe.show(seed, state=self.state, **more))
        dW, known = update(seen), timing(seen)
        found = {name: known[name] for name in COUNTED}
        usual = np.mean(self.updates, axis=0)
        return found | {"size": size(dW, self.updates), "cos": cosine(dW, usual)}


def mapped(setting):
    """Rows of the table ``map``: one window, of one network each."""
    rows = []
    for seed in SEEDS[: setting.size(None, 1)]:
        unlit = Unlit(probe(setting, seed), setting)
        rows.append({"seed": seed, "lit": "none", "g": 0.0, "on": np.nan} | unlit.lit())
        for g in STRENGTHS[: setting.size(None, 1)]:
            for kind in KINDS[: setting.size(None, 1)]:
                for sign, word in ((1, "on"), (-1, "off"))[: setting.size(None, 1)]:
                    for on in range(0, LASTS - WIDTH + 1, setting.size(STEP, LASTS)):
                        row = {"seed": seed, "lit": f"{kind} {word}", "g": g, "on": on}
                        lights = light(kind, sign * g, on, on + WIDTH)
                        rows.append(row | unlit.lit(lights=lights))
    setting.results.write("map", rows)
    yield from ()


def named(setting):
    """Rows of the table ``named``: longer windows, before learning and after it."""
    rows = []
    for seed in SEEDS[: setting.size(None, 1)]:
        one = probe(setting, seed)
        states = {"before": one.state}
        if not setting.smoke:
            usual = ach_timing.CONDITIONS["ach_usual"]
            states["trained"] = setting.trained(
                "ach_usual", usual.options, usual.epochs, seed
            ).state
        for when, state in states.items():
            unlit = Unlit(one, setting, state)
            about = {"when": when, "seed": seed}
            rows.append(about | {"condition": "none", "g": 0.0} | unlit.lit())
            for g in STRENGTHS[: setting.size(None, 1)]:
                for name, (kind, sign, on, off) in tuple(WINDOWS.items())[:: setting.size(1, 9)]:
                    lights = light(kind, sign * g, on, off)
                    rows.append(about | {"condition": name, "g": g} | unlit.lit(lights=lights))
            for name, ach in tuple(IN_PLACE.items())[: setting.size(None, 1)]:
                more = {"lights": light("VIP", DRIVE, 150, 200), "A_VIP": 0, "ACh_from": ach}
                rows.append(about | {"condition": name, "g": DRIVE} | unlit.lit(**more))
    setting.results.write("named", rows)
    shown = [row for row in rows if row["g"] != STRENGTHS[1] or row["condition"] in IN_PLACE]
    ends = {"before": "", "trained": "_trained"}
    for name, when in dict.fromkeys((row["condition"], row["when"]) for row in shown):
        mine = [r for r in shown if (r["condition"], r["when"]) == (name, when)]
        for column, measure in (("cells_learning", "cells_learning"), ("size", "update_size")):
            values = [row[column] for row in mine]
            yield {"condition": name + ends[when], "measure": measure} | summary(values)


PARTS = {"map": mapped, "named": named}


def study(setting):
    """Each part."""
    for name in setting.only or PARTS:
        rows = list(PARTS[name](setting))
        if rows:
            setting.results.headline(rows, setting.arguments)


page = Page(
    __name__,
    __doc__,
    study,
    title="Predictions: light on a class of cells, and what is learned",
    seeds=SEEDS,
    smoke=ach_timing.small,
    parts=tuple(PARTS),
)
