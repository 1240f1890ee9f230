"""Do bursts of pyramidal cells recruit SST cells, and does that stop their own plateaus?

    python -m experiments sst_facilitation

Synapses from pyramidal onto SST cells facilitate: a train releases more with each spike. Digits,
64-100-10, four times as many interneurons as the cortex has, before learning, 150 images, three
networks: these synapses as they are, static ones that release as much on average at 35 Hz, and none
(W_SE = 0). Light (channelrhodopsin, 0 to 3/ms) drives all pyramidal cells for the first 20 ms of
the second volley, before most plateaus begin, or throughout it. ``late`` rates of SST cells are
those from 15 ms on in both volleys. ``feedback_ms`` is how much later plateaus begin with the
strongest light in the whole volley than without; where it closes the window, ``cells_learning``
falls.

Expected: pyramidal bursts by light hardly reach SST cells, whose drive they are a small part of:
.06 ms later with facilitating synapses, as with static ones; without any, nothing.
"""

from experiments.interneurons.ach_timing import bare, small
from experiments.interneurons.opto_map import light
from experiments.interneurons.probing import LAYER, timing
from experiments.study.page import Page
from experiments.study.statistics import summary

SEEDS = (1, 2, 3)
IMAGES = 150
STRENGTHS = (0.0, 0.3, 1.0, 3.0)  # 1/ms
LASTS = (20, 50)  # ms, of light
KINDS = {"facilitating": {}, "static": {"STF": False}, "none": {"W_SE": 0.0}}


def study(setting):
    """Rows of the table ``bursts``: one light in one network each."""
    rows = []
    for name, changes in tuple(KINDS.items())[: setting.size(None, 2)]:
        for seed in SEEDS[: setting.size(None, 1)]:
            one = bare(setting, changes, setting.size(IMAGES, 1), seed)
            for g in STRENGTHS[:: setting.size(1, 3)]:
                for lasts in LASTS[: setting.size(None, 1)]:
                    rows.append({"condition": name, "seed": seed} | lit(one, g, lasts))
    setting.results.write("bursts", rows)
    setting.results.headline(list(headlines(rows)), setting.arguments)


def lit(one, g, lasts):
    """Numbers of images in whose second volley pyramidal cells are lit."""
    on = one.options.forward_ms + one.options.target_ms - one.options.volley_ms
    seen = one.show(lights=light("E", g, on, on + lasts))
    volley = seen.windows[1]
    row = {"g": g, "lasts": lasts} | timing(seen)
    return row | {
        "rate_E_lit": seen.rate(LAYER, volley),
        "rate_SST_lit": seen.rate("SST_0", volley),
    }


def headlines(rows):
    """Rates and timing without light and with the strongest, and what lies between."""
    for name in dict.fromkeys(row["condition"] for row in rows):
        own = [
            row for row in rows if row["condition"] == name and row["lasts"] == rows[-1]["lasts"]
        ]
        strongest = max(row["g"] for row in own)
        ends = {"dark": 0.0, "lit": strongest}
        for end, g in ends.items():
            mine = [row for row in own if row["g"] == g]
            for measure in ("rate_SST_lit", "latency", "cells_learning"):
                about = {"condition": f"{name}_{end}", "measure": measure}
                yield about | summary([row[measure] for row in mine])
        dark, bright = ([r["latency"] for r in own if r["g"] == g] for g in ends.values())
        later = [b - a for a, b in zip(dark, bright, strict=True)]
        yield {"condition": name, "measure": "feedback_ms"} | summary(later)


page = Page(
    __name__,
    __doc__,
    study,
    title="Bursts, SST cells and plateaus",
    seeds=SEEDS,
    smoke=small,
    trains=False,
)
