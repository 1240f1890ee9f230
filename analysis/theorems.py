"""Do Theorem 1 and Lemma 1 hold in the networks that they are about (P Methods)?

    python -m analysis.theorems

Upper rows, for each condition: the share of test images for which Theorem 1's inequality holds, by
the largest eigenvalue mu, by the output error ``|e|``, and as targets move to a fraction of e.
Below: the mean of filtered trains by the length of the window, with Lemma 1's bound as printed and
with all terms; and the hidden loss L^0 of images against that of their plateaus alone.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np

from analysis.command import figure
from analysis.losses import LABELS

TRAINS = {  # condition -> label, colour, marker
    "settled": ("after 30 ms", "C0", "o"),
    "from_rest": ("from rest", "C1", "s"),
    "ten_steps": ("10-step kernel", "C2", "^"),
}
BOUNDS = {"printed": ("bound, as printed", ":"), "whole": ("bound, all terms", "--")}
SHADES = plt.get_cmap("viridis")


def plot_shares(lower, holds, edges, ax, label, colour):
    """Share of images where the theorem holds, by bins of equal width; returns the axes.

    Parameters
    ----------
    lower, holds : ndarray, shape (bins,)
        Lower limit of a bin, and share from 0 to 1.
    edges : ndarray, shape (all bins,)
        Lower limits of all bins on the axes.
    ax : Axes
    label, colour : str
    """
    ax.plot(np.searchsorted(edges, lower) + 0.5, 100 * holds, "o-", color=colour, label=label)
    ax.set_xticks(np.arange(len(edges)), [f"{edge:g}" for edge in edges], rotation=90)
    ax.set(xlim=(0, len(edges)), ylim=(-4, 104))
    return ax


def plot_trains(table, ax):
    """Means of filtered trains (Hz) by window (ms), and the bounds; returns the axes.

    Parameters
    ----------
    table : dict of ndarray
        ``condition``, ``window`` (ms), ``mean``, ``spread``, ``printed``, ``whole`` (1/ms) and
        ``trains``, one value for each condition and window.
    ax : Axes
    """
    for name, (label, colour, marker) in TRAINS.items():
        own = table["condition"] == name
        error = table["spread"][own] / np.sqrt(table["trains"][own])
        line = {"color": colour, "marker": marker, "linewidth": 1.0, "label": label}
        ax.errorbar(table["window"][own], 1e3 * table["mean"][own], 1e3 * error, **line)
    for column, (label, style) in BOUNDS.items():
        ax.plot(table["window"][own], 1e3 * table[column][own], style, color="0.35", label=label)
    ax.set(xscale="log", xlabel=r"window $\Delta t$ (ms)", ylabel=r"mean of train, $\bar s$ (Hz)")
    ax.set_ylim(0, 105)
    return ax


def plot_plateaus(plateaus, loss, ax, label, colour):
    """Hidden losses of images (kHz^2) against those of the plateaus alone; returns the axes."""
    ax.plot(plateaus, loss, ".", color=colour, alpha=0.5, markersize=2.5, label=label)
    ax.set(xscale="log", yscale="log", ylabel="$L^0$ (kHz$^2$)")
    ax.set_xlabel(r"$\|\alpha^t - \alpha^f\|^2$ (as rates, kHz$^2$)")
    return ax


def _theorem(table, shrinking, name, axes):
    """One condition: shares by mu, by |e|, and by the fraction of e."""
    mine = table["condition"] == name
    epochs = np.unique(table["epoch"][mine]).astype(int)
    for k, epoch in enumerate(epochs):
        colour, label = SHADES(0.9 * k / max(1, len(epochs) - 1)), f"{epoch}"
        for ax, by, unit in zip(axes, ("mu", "error"), (1, 1e3), strict=False):
            edges = np.unique(table["lower"][table["by"] == by])
            own = mine & (table["epoch"] == epoch) & (table["by"] == by)
            x, y = unit * table["lower"][own], table["holds"][own]
            plot_shares(x, y, unit * edges, ax, label, colour)
        own = (shrinking["condition"] == name) & (shrinking["epoch"] == epoch)
        for limit, style in ((np.inf, "-"), (1, ":")):
            these = own & (shrinking["mu_below"] == limit)
            x, y = shrinking["fraction"][these], 100 * shrinking["holds"][these]
            axes[2].plot(x, y, style, color=colour, marker=".")
    axes[0].set(xlabel=r"largest eigenvalue $\mu$", ylabel="holds (% of images)")
    axes[1].set(xlabel=r"output error $\|e\|$ (Hz)", title=LABELS[name])
    axes[2].set(xscale="log", xlabel="fraction of $e$")


def draw(results):
    """Theorem 1 by image, Lemma 1 by window, and hidden losses against those of plateaus."""
    table, shrinking = results.table("theorem_1"), results.table("shrinking")
    plateaus = results.table("plateaus")
    names = [name for name in LABELS if name in table["condition"]]
    pane = plt.figure(figsize=(6.7, 2.3 * len(names) + 2.7))
    above, below = pane.subfigures(2, 1, height_ratios=(2.3 * len(names), 2.7))
    grid = above.subplots(len(names), 3, squeeze=False, sharey=True)
    for name, axes in zip(names, grid, strict=True):
        _theorem(table, shrinking, name, axes)
    grid[0, 0].legend(title="epochs", ncols=2)
    if (shrinking["mu_below"] == 1).any():
        for label, style in (("all images", "-"), (r"$\mu < 1$", ":")):
            grid[0, 2].plot([], [], style, color="0.3", label=label)
        grid[0, 2].legend()
    left, right = below.subplots(1, 2)
    plot_trains(results.table("lemma_1"), left)
    left.legend(loc="lower right")
    for k, name in enumerate(names):
        own = plateaus["condition"] == name
        last = own & (plateaus["epoch"] == plateaus["epoch"][own].max())
        plot_plateaus(
            plateaus["plateaus"][last], plateaus["loss"][last], right, LABELS[name], f"C{k}"
        )
    ends = np.array(right.get_xlim())
    right.plot(ends, ends, color="0.5", linewidth=0.8, zorder=0)
    right.legend(loc="upper left")
    return pane


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure("theorems", draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
