"""Do the forward and feedback paths become inverse to each other (P Fig 5-S1)?

    python -m analysis.alignment

Above: the largest eigenvalue mu of (I - U)^T (I - U) through the first epoch, averaged over 100
images in two ways: the mean of the products U = J_beta J_gamma, and the product of the mean
Jacobians. Theorem 1 asks for less than 1. And the angle between U and the identity, which does not
depend on the scale of the feedback. Below: the mean of U before and after the epoch.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import EngFormatter

from analysis.command import figure

LABELS = {
    "one_hidden": "settings chosen",
    "printed_one_hidden": "as printed",
    "wide_one_hidden": "as printed, wide weights",
    "memory_one_hidden": "as printed, kernel of 10 ms",
    "late_one_hidden": "from rest, late plateau",
    "code_one_hidden": "as the authors' code",
    "best_one_hidden": "best settings",
}
MAPPED = ("printed_one_hidden", "code_one_hidden", "best_one_hidden")


def plot_curve(images_seen, values, ax, label, colour):
    """A measure through training: each mean of 100 images, and a running mean; returns the axes.

    Parameters
    ----------
    images_seen, values : ndarray, shape (chunks,)
    ax : Axes
    label, colour : str
    """
    ax.plot(images_seen, values, color=colour, alpha=0.3, linewidth=0.7)
    width = min(10, len(values))
    smooth = np.convolve(values, np.full(width, 1 / width), "valid")
    ax.plot(images_seen[width - 1 :], smooth, color=colour, label=label)
    ax.xaxis.set_major_formatter(EngFormatter(sep=""))
    ax.set(xlabel="images seen", xlim=0)
    return ax


def plot_product(U, ax, largest):
    """A matrix of outputs by outputs as a map from -largest to largest; returns its image."""
    ax.set(xticks=[0, len(U) - 1], yticks=[0, len(U) - 1])
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return ax.imshow(U, cmap="PuOr_r", vmin=-largest, vmax=largest, interpolation="nearest")


def matrix(table, name, when):
    """One matrix of the table of products, shape (outputs, outputs)."""
    own = (table["condition"] == name) & (table["when"] == when)
    size = int(table["row"][own].max()) + 1
    U = np.empty((size, size))
    U[table["row"][own].astype(int), table["column"][own].astype(int)] = table["U"][own]
    return U


def draw(results):
    """The largest eigenvalue and the alignment through an epoch, and U before and after it."""
    curves, products = results.table("eigenvalues"), results.table("products")
    names = [name for name in LABELS if name in curves["condition"]]
    pane = plt.figure(figsize=(6.7, 6.2))
    above, below = pane.subfigures(2, 1, height_ratios=(2.3, 3.9))
    panels = above.subplots(1, 3)
    for k, name in enumerate(names):
        own = curves["condition"] == name
        for ax, column in zip(panels, ("mu", "mu_of_averages", "angle"), strict=True):
            plot_curve(curves["images_seen"][own], curves[column][own], ax, LABELS[name], f"C{k}")
    for ax, title in zip(panels[:2], ("mean of products", "product of means"), strict=True):
        ax.axhline(1, color="0.4", linewidth=0.9, linestyle=":")
        ax.set(yscale="log", title=title)
    panels[0].set(ylabel=r"largest eigenvalue $\mu$")
    panels[2].set(ylabel="angle of $U$ and $I$ (degrees)", ylim=(0, 100))
    panels[2].legend()
    mapped = [name for name in MAPPED if name in names] or names[:1]
    grid = below.subplots(2, len(mapped), squeeze=False)
    for column, name in zip(grid.T, mapped, strict=True):
        maps = [matrix(products, name, when) for when in ("before", "after")]
        largest = max(np.abs(U).max() for U in maps)
        for ax, U, when in zip(column, maps, ("before training", "after the epoch"), strict=True):
            shown = plot_product(U, ax, largest)
            ax.set_title(f"{LABELS[name]}\n{when}" if ax is column[0] else when)
        below.colorbar(shown, ax=list(column), shrink=0.6, label=r"$\overline{J_\beta J_\gamma}$")
    for ax in grid[:, 0]:
        ax.set_ylabel("output unit")
    for ax in grid[-1]:
        ax.set_xlabel("output unit")
    return pane


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure("alignment", draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
