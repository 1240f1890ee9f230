"""Does a hidden layer learn in the direction that backpropagation would choose (P Fig 7A)?

    python -m analysis.angle

The angle between a hidden layer's own update and that of backpropagation, against the images seen
so far; at 90 degrees they have nothing in common. Lines are means of 100 images in the first epoch
and of 1,000 after it, joined where the axis is too short for them; shades hold the middle half of
the images. Triangles: what the paper found at the end, by spikes (70 degrees) and by rates (40).
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MultipleLocator

from analysis.command import figure
from experiments.records import RunError

NAME = "angle"
PANELS = {  # title -> table -> label, colour, the paper's last value in degrees
    "one hidden layer": {
        "spiking_hidden_0": ("feedback by spikes", "C0", 70),
        "rate_hidden_0": ("feedback by rates", "C1", 40),
        "strong_spiking_hidden_0": ("by spikes, 16 times", "C2", None),
        "long_spiking_hidden_0": ("by spikes of 100 ms", "C3", None),
    },
    "one, settings as printed": {
        "printed_spiking_hidden_0": ("feedback by spikes", "C0", 70),
        "printed_rate_hidden_0": ("feedback by rates", "C1", 40),
    },
    "two hidden layers": {
        "two_hidden_hidden_1": ("upper layer", "C4", None),
        "two_hidden_hidden_0": ("lower layer", "C2", None),
    },
}
COLUMNS = ("images_seen", "mean", "lower_quartile", "upper_quartile")


def join(images_seen, columns, weights, ratio=1.08):
    """Join blocks of images until each ends at ``ratio`` times as many images as the one before.

    Parameters
    ----------
    images_seen : ndarray, shape (blocks,)
        At the end of each block.
    columns : sequence of ndarray, shape (blocks,)
        To be averaged; nan only where there is no weight.
    weights : ndarray, shape (blocks,)
        Of each block.
    ratio : float

    Returns
    -------
    list of ndarray, shape (joined blocks,)
        Images seen, then the columns.
    """
    place = np.ceil(np.log(images_seen / images_seen[0]) / np.log(ratio) - 1e-9)
    start = np.unique(place, return_index=True)[1]
    total = np.add.reduceat(weights, start)
    joined = [np.add.reduceat(np.nan_to_num(column) * weights, start) / total for column in columns]
    return [np.maximum.reduceat(images_seen, start), *joined]


def plot_angle(images_seen, mean, lower, upper, ax, color="C0", label=None):
    """Mean angle of each block of images, over a shade of its middle half; returns the axes.

    Parameters
    ----------
    images_seen : ndarray, shape (blocks,)
        At the end of each block.
    mean, lower, upper : ndarray, shape (blocks,)
        Mean and quartiles in degrees.
    ax : Axes
    color : color
    label : str, optional
    """
    ax.fill_between(images_seen, lower, upper, color=color, alpha=0.18, linewidth=0)
    ax.plot(images_seen, mean, color=color, label=label)
    return ax


def plot_paper(angle, ax, color):
    """A mark at the right edge for what the paper found (degrees) at the end; returns the axes."""
    right = ax.get_yaxis_transform()
    ax.plot(1.0, angle, "<", color=color, transform=right, clip_on=False)
    return ax


def draw(results):
    """Angle between local and backpropagated updates, against images seen."""
    panels = {
        title: found
        for title, tables in PANELS.items()
        if (found := {name: tables[name] for name in tables if results.has(name)})
    }
    if not panels:
        raise RunError(f"no results in {results.path}: make them with python -m experiments.{NAME}")
    figure, axes = plt.subplots(1, len(panels), sharey=True, figsize=(6.7, 2.9), squeeze=False)
    for ax, (title, tables) in zip(axes[0], panels.items(), strict=True):
        ax.axhline(90, color="0.4", linestyle=":", linewidth=1)
        ends = []
        for name, (label, color, paper) in tables.items():
            columns = results.table(name)
            seen, *rest = (columns[key] for key in COLUMNS)
            plot_angle(*join(seen, rest, columns["angles"]), ax, color, label)
            ends += [seen[0], seen[-1]]
            if paper is not None:
                plot_paper(paper, ax, color)
        ax.set(xscale="log", xlabel="images seen", title=title)
        ax.set_xlim(min(ends), max(ends))
        if any(paper is not None for _, _, paper in tables.values()):
            ax.plot([], "<", color="0.4", label="the paper, at the end")
        ax.legend(loc="lower left")
    axes[0, 0].set_ylabel("angle to backpropagation (degrees)")
    axes[0, 0].set_ylim(0)
    axes[0, 0].yaxis.set_major_locator(MultipleLocator(15))
    return figure


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure(NAME, draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
