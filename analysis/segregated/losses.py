"""Is the hidden loss low when the output loss is (P Fig 5B, C)?

    python -m analysis losses

Left and middle: both losses of single test images of the digit 2, after one and after two epochs
(the paper's caption and text), and the hidden losses paired with output losses at random. Right: r
of each digit after each epoch, and of both controls, over the band of the paper's (0.2 to 0.6).
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from experiments.measures import correlation

SERIES = {  # column -> label, colour, marker, line, place beside its epoch
    "r": ("both losses of an image", "C0", "o", "-", -0.15),
    "r_pairing": ("random pairs", "C4", "s", ":", 0.0),
    "r_activity": ("forward activity shuffled", "C3", "^", "--", 0.15),
}
PAPER, BAND = 0.61, (0.2, 0.6)  # r of the digit 2; of most digits and epochs


def plot_images(hidden, output, pairing, ax):
    """Hidden against output losses of single images, and paired at random; returns the axes.

    L^0, L^1, and the L^0 of another image, in kHz^2, shape (images,).
    """
    ax.plot(pairing, output, "s", color="C4", mfc="none", markersize=2, markeredgewidth=0.4)
    ax.plot(hidden, output, "o", color="C0", alpha=0.6, markersize=1.8)
    pair, r = (round(correlation(x, output), 2) + 0.0 for x in (pairing, hidden))
    ax.set_title(f"$r$ = {r:.2f} (paper {PAPER}),\nrandom pairs {pair:.2f}")
    ax.set(xlabel="$L^0$ (kHz$^2$)", ylabel="$L^1$ (kHz$^2$)")
    return ax


def plot_correlations(epochs, r, ax, label, color, marker, line="-", aside=0.0):
    """Correlations of all digits, a dot each, and their mean, by epoch; returns the axes.

    ``epochs`` and r have shape (epochs * digits,); the dots stand ``aside`` of their epoch.
    """
    ax.plot(epochs + aside, r, marker, color=color, alpha=0.5, markersize=1.8)
    each = np.unique(epochs)
    groups = [r[(epochs == k) & np.isfinite(r)] for k in each]
    mean = [group.mean() if len(group) else np.nan for group in groups]
    style = {"color": color, "marker": marker, "linestyle": line, "markersize": 3}
    ax.plot(each + aside, mean, **style, label=label)
    return ax


def draw(results):
    """Losses of single images, and their correlation by epoch, for each condition."""
    found, images = results.table("correlations"), results.table("images")
    labels = {name: about["label"] for name, about in results.page()["conditions"].items()}
    names = [name for name in labels if name in found["condition"]]
    pane, axes = plt.subplots(
        len(names), 3, figsize=(6.7, 2.5 * len(names)), width_ratios=(1, 1, 1.5), squeeze=False
    )
    for name, (*left, right) in zip(names, axes, strict=True):
        for ax, epoch in zip(left, (1, 2), strict=True):
            own = images.where(condition=name, epoch=epoch)
            if not len(own["hidden"]):
                ax.set_axis_off()
                continue
            plot_images(own["hidden"], own["output"], own["pairing"], ax)
            ax.set_title(f"'2' after {epoch} epoch{'s' * (epoch > 1)}\n{ax.get_title()}")
        own = found.where(condition=name)
        for column, look in SERIES.items():
            plot_correlations(own["epoch"], own[column], right, *look)
        right.axhspan(*BAND, color="0.9", zorder=0, linewidth=0, label="paper, most digits")
        right.axhline(PAPER, color="0.1", linewidth=0.8, linestyle="-.", label="paper, digit 2")
        right.axhline(0, color="0.6", linewidth=0.8, zorder=0)
        right.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        right.set(xlabel="epochs", ylabel="$r$ of each digit, mean", ylim=(None, 1))
        right.set_title(labels[name])
    pane.legend(*axes[0, 2].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return pane
