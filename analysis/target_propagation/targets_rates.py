"""Errors on training images held out, for rates and noise; the test set plays no part in it.

    python -m analysis targets_rates

Above: four passes of DTP and SDTP. Below: six of networks without inverses, and the digits. Of one
seed each.
"""

import matplotlib.pyplot as plt

from analysis.drawing.conditions import looks, read
from analysis.drawing.errors import plot_curves
from analysis.measures import MEASURES

PANELS = {  # title -> beginnings of the names of its conditions
    "DTP": ("dtp",),
    "SDTP": ("sdtp",),
    "without inverses": ("fa", "bp"),
    "the digits, DTP": ("digits",),
}


def draw(results):
    """A panel for each theory, a curve for each candidate."""
    conditions = results.page()["conditions"]
    curves, *_ = read(results, conditions)
    drawing, axes = plt.subplots(len(PANELS), 1, figsize=(6.7, 9.6), height_ratios=(2, 1.2, 1.2, 1))
    for ax, (title, starts) in zip(axes, PANELS.items(), strict=True):
        own = {name: about for name, about in conditions.items() if name.startswith(starts)}
        shown = {name: curves[name] for name in own if name in curves}
        if not shown:
            continue
        plot_curves(shown, looks(own), ax)
        ax.set(title=title, ylabel=MEASURES["validation_error"].text, xlabel="passes")
        ax.legend(fontsize="small", loc="center left", bbox_to_anchor=(1.02, 0.5), handlelength=3.5)
    drawing.suptitle(results.page()["title"])
    return drawing
