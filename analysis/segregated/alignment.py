"""Do the forward and feedback paths become inverse to each other (P Fig 5-S1)?

    python -m analysis alignment

Above: the largest eigenvalue mu of (I - U)^T (I - U) through the first epoch, for which Theorem 1
asks for less than 1: of the mean of U = J_beta J_gamma over 100 images, the same over 1,000, and of
the product of the mean Jacobians of 100. And the angle between U and the identity, which does not
depend on the scale of the feedback. All but the means of 1,000 are running means of ten. Below: the
mean of U before and after the epoch.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import EngFormatter

from analysis.drawing.conditions import looks

MAPPED = ("printed_one_hidden", "code_one_hidden", "best_one_hidden")
PANELS = {  # column -> title, chunks of a running mean
    "mu": ("mean $U$ of 100 images", 10),
    "mu_of_1000": ("mean $U$ of 1,000 images", 1),
    "mu_of_averages": ("product of mean Jacobians, 100 images", 10),
    "angle": ("angle of $U$ and $I$, 100 images", 10),
}
SHOWN = 0.7, 1.3  # eigenvalues


def plot_curve(images_seen, values, ax, label, color, line="-", width=10):
    """A running mean over ``width`` chunks of a measure through training; returns the axes.

    ``images_seen`` and ``values`` have shape (chunks,).
    """
    width = min(width, len(values))
    smooth = np.convolve(values, np.full(width, 1 / width), "valid")
    ax.plot(images_seen[width - 1 :], smooth, color=color, linestyle=line, label=label)
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
    own = table.where(condition=name, when=when)
    row, column = own["row"].astype(int), own["column"].astype(int)
    U = np.empty((row.max() + 1,) * 2)
    U[row, column] = own["U"]
    return U


def draw(results):
    """The largest eigenvalue and the alignment through an epoch, and U before and after it."""
    curves, products = results.table("eigenvalues"), results.table("products")
    found = looks(results.page()["conditions"])
    found = {name: look for name, look in found.items() if name in curves["condition"]}
    pane = plt.figure(figsize=(6.7, 8.6))
    above, below = pane.subfigures(2, 1, height_ratios=(4.9, 3.7))
    axes = dict(zip(PANELS, above.subplots(2, 2, sharex=True).flat, strict=True))
    for column, ax in axes.items():
        title, width = PANELS[column]
        for name, look in found.items():
            own = curves.where(condition=name)
            text = _label(own, look.text)
            plot_curve(own["images_seen"], own[column], ax, text, look.color, look.line, width)
        if column == "angle":
            ax.set(ylabel="degrees", ylim=(0, 95))
        else:
            ax.axhline(1, color="0.3", linewidth=0.8, zorder=1)
            ax.set(ylabel=r"largest eigenvalue $\mu$", ylim=SHOWN)
        ax.set_title(title)
    for ax in (axes["mu"], axes["mu_of_1000"]):
        ax.set_xlabel("")
    above.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    mapped = [name for name in MAPPED if name in found] or list(found)[:1]
    _draw_products(products, {name: found[name].text for name in mapped}, below)
    return pane


def _label(own, text):
    """Text of a condition, with a word if its eigenvalues are mostly above the axes."""
    above = np.median(own["mu_of_1000"]) > SHOWN[1]
    return f"{text}\n(mostly above the axes)" if above else text


def _draw_products(products, texts, part):
    grid = part.subplots(2, len(texts), squeeze=False)
    for column, (name, text) in zip(grid.T, texts.items(), strict=True):
        maps = [matrix(products, name, when) for when in ("before", "after")]
        largest = max(np.abs(U).max() for U in maps)
        for ax, U, when in zip(column, maps, ("before training", "after the epoch"), strict=True):
            shown = plot_product(U, ax, largest)
            ax.set_title(f"{text}\n{when}" if ax is column[0] else when)
        part.colorbar(shown, ax=list(column), shrink=0.6)
    for ax in grid[:, 0]:
        ax.set_ylabel("output unit")
    for ax in grid[-1]:
        ax.set_xlabel("output unit")
    part.suptitle(r"mean $U = J_\beta J_\gamma$: of inverse paths it would be the identity")
