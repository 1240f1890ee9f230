"""Errors on training images held out, for rates and noise; the test set plays no part in it.

    python -m analysis targets_rates

Above: three passes of DTP and SDTP. Below: five of networks without inverses, and the digits. One
seed each.
"""

import matplotlib.pyplot as plt

from analysis.drawing.conditions import looks, read
from analysis.drawing.errors import plot_curves
from analysis.measures import MEASURES

PANELS = {  # title -> beginnings of the names of its conditions, height in inches
    "DTP": (("dtp",), 2.9),
    "SDTP": (("sdtp",), 2.1),
    "without inverses": (("fa", "bp"), 2.1),
    "the digits, DTP": (("digits",), 2.1),
}


def draw(results):
    """A panel for each theory, a curve for each candidate."""
    conditions, shown = results.page()["conditions"], {}
    curves, *_ = read(results, conditions)
    for title, (starts, height) in PANELS.items():
        own = {name: about for name, about in conditions.items() if name.startswith(starts)}
        there = {name: curves[name] for name in own if name in curves}
        if there:
            shown[title] = there, looks(own), height
    heights = [height for *_, height in shown.values()]
    size = (6.7, sum(heights) + 0.4)
    drawing, axes = plt.subplots(len(shown), 1, figsize=size, height_ratios=heights, squeeze=False)
    for ax, (title, (there, looks_of, _)) in zip(axes[:, 0], shown.items(), strict=True):
        plot_curves(there, looks_of, ax)
        ax.set(title=title, ylabel="", xlabel="passes")
        ax.legend(fontsize="small", loc="center left", bbox_to_anchor=(1.02, 0.5), handlelength=3.5)
    drawing.supylabel(MEASURES["validation_error"].text, fontsize="medium")
    drawing.suptitle(results.page()["title"])
    return drawing
