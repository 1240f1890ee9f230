"""Does a hidden layer learn in the direction that backpropagation would choose (P Fig 7A)?

    python -m analysis angle

The angle between a hidden layer's own update and that of backpropagation, against the images seen
so far; at 90 degrees they have nothing in common. Lines are means of 100 images in the first epoch
and of 1,000 after it, joined where the axis is too short for them; shades hold the middle half of
the images. At the right edge, what the paper found, in means of 100 images through ten epochs: at
its least (by spikes about 65 degrees, by rates 35), and at the end (70 and 40).
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MultipleLocator

from analysis.drawing.angles import plot_angle, right_angle
from analysis.segregated import EARLY
from experiments.run.folder import RunError

SPIKES, RATES = ("C0", "-", (65, 70)), ("C1", "--", (35, 40))  # colour, line, the paper's angles
PANELS = {  # title -> table -> label, and as above; the paper's least and its last, in degrees
    "one hidden layer, best settings": {
        "spiking_hidden_0": ("feedback by spikes", *SPIKES),
        "rate_hidden_0": ("feedback by rates", *RATES),
        "long_spiking_hidden_0": ("spikes, averaged\nover 100 ms", "C3", ":", ()),
        "strong_spiking_hidden_0": (f"spikes, {EARLY}", "C2", "-.", ()),
    },
    "one hidden layer, as printed": {
        "printed_spiking_hidden_0": ("feedback by spikes", *SPIKES),
        "printed_rate_hidden_0": ("feedback by rates", *RATES),
    },
    "two hidden layers, best settings": {
        "two_hidden_hidden_1": ("upper layer", "C6", "-", ()),
        "two_hidden_hidden_0": ("lower layer", "C2", "--", ()),
    },
}
COLUMNS = ("images_seen", "mean", "lower_quartile", "upper_quartile")


def join(images_seen, columns, weights, ratio=1.08):
    """Join blocks of images until each ends at ``ratio`` times as many images as the one before.

    ``images_seen`` (at each block's end), ``columns`` (to be averaged; nan only where there is no
    weight) and ``weights`` have shape (blocks,). Returns images seen, then the columns, joined.
    """
    place = np.ceil(np.log(images_seen / images_seen[0]) / np.log(ratio) - 1e-9)
    start = np.unique(place, return_index=True)[1]
    if len(start) > 1 and images_seen[-1] < ratio**0.5 * images_seen[start[-1] - 1]:
        start = start[:-1]  # of too few images: they are part of those before
    total = np.add.reduceat(weights, start)
    joined = [np.add.reduceat(np.nan_to_num(column) * weights, start) / total for column in columns]
    return [np.maximum.reduceat(images_seen, start), *joined]


def plot_paper(least, last, ax, color):
    """Marks at the right edge for the paper's angles (degrees) at least and last; returns the axes.

    The first is hollow, the second full.
    """
    right = {"transform": ax.get_yaxis_transform(), "clip_on": False, "color": color}
    ax.plot(1.03, least, "<", mfc="white", **right)
    ax.plot(1.03, last, "<", **right)
    return ax


def draw(results):
    """Angle between local and backpropagated updates, against images seen."""
    panels = {
        title: found
        for title, tables in PANELS.items()
        if (found := {name: tables[name] for name in tables if results.has(name)})
    }
    if not panels:
        raise RunError(
            f"no results in {results.path}: python -m experiments {results.experiment} makes them"
        )
    size = (6.7, 0.4 + 2.6 * len(panels))
    sharing = {"sharex": True, "sharey": True, "squeeze": False}
    drawing, axes = plt.subplots(len(panels), 1, figsize=size, **sharing)
    for ax, (title, tables) in zip(axes[:, 0], panels.items(), strict=True):
        right_angle(ax)
        for name, (label, color, line, paper) in tables.items():
            columns = results.table(name)
            seen, *rest = (columns[key] for key in COLUMNS)
            plot_angle(*join(seen, rest, columns["angles"]), ax, color, line, label)
            if paper:
                plot_paper(*paper, ax, color)
        ax.fill_between([], [], color="0.4", alpha=0.3, linewidth=0, label="middle half of images")
        if any(paper for *_, paper in tables.values()):
            ax.plot([], [], "<", color="0.3", mfc="white", label="the paper, at its least")
            ax.plot([], [], "<", color="0.3", label="the paper, at the end")
        ax.set(xscale="log", title=title, ylabel="angle to backprop (degrees)")
        ax.legend(loc="center left", bbox_to_anchor=(1.05, 0.5))
        ax.margins(x=0)
    axes[-1, 0].set_xlabel("images seen")
    axes[0, 0].set_ylim(0)
    axes[0, 0].yaxis.set_major_locator(MultipleLocator(30))
    return drawing
