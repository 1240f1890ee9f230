"""Do Theorem 1 and Lemma 1 hold in the networks that they are about (P Methods)?

    python -m analysis theorems

A column for each condition: the share of test images for which Theorem 1's inequality holds, by the
largest eigenvalue mu, by the output error ``|e|``, as targets move to a fraction of e, and over
training, by what is put into it. Below: the mean of filtered trains by the length of the window,
with Lemma 1's bound as printed and with all terms, which is about the whole kernel; and the hidden
loss L^0 of images against that of their plateaus alone.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D

from analysis.drawing.conditions import MARKERS

TRAINS = {  # condition -> label, colour, marker
    "settled": ("whole kernel, after 30 ms", "C0", "o"),
    "from_rest": ("whole kernel, from rest", "C1", "s"),
    "ten_steps": ("kernel of 10 steps", "C2", "^"),
}
BOUNDS = {
    "printed": ("bound of the whole kernel, as printed", ":"),
    "whole": ("the same, all terms", "--"),
}
OVERALL = {  # measure -> label, colour, marker, line
    "theorem_1_holds": ("rates, all of $e$", "C0", "o", "-"),
    "theorem_1_holds_small_error": ("rates, a small part of $e$", "C1", "s", "--"),
    "theorem_1_holds_spiking": ("averages of spiking cells", "C2", "^", ":"),
    "theorem_1_holds_plateaus": ("the plateaus learned from", "C6", "D", "-."),
}
SHADES = plt.get_cmap("viridis")
FEW = 30  # images: a share of fewer is drawn hollow


def plot_shares(lower, holds, images, edges, ax, label, color, marker="o"):
    """Share of images (0 to 1) where the theorem holds, by bins of equal width; returns the axes.

    ``lower`` (limit of a bin), ``holds`` and ``images`` (how many; a mark of few is hollow) have
    shape (bins,); ``edges`` are the lower limits of all bins on the axes.
    """
    place, many = np.searchsorted(edges, lower) + 0.5, images >= FEW
    line = {"color": color, "marker": marker, "markersize": 3}
    ax.plot(place, 100 * holds, **line, mfc="white", linewidth=1)
    ax.plot(place[many], 100 * holds[many], **line, linewidth=0)
    ax.plot([], [], **line, linewidth=1, label=label)
    texts = [*(f"{edge:g}" for edge in edges), r"$\infty$"]
    ax.set_xticks(np.arange(len(texts)), texts, rotation=90)
    ax.set(xlim=(0, len(edges)), ylim=(-4, 104))
    return ax


def plot_trains(table, ax):
    """Means of filtered trains (Hz) by window (ms), and the bounds; returns the axes.

    Columns ``condition``, ``window`` (ms), ``mean``, ``spread``, ``printed``, ``whole`` (1/ms) and
    ``trains``, one value for each condition and window.
    """
    for name, (label, color, marker) in TRAINS.items():
        own = table.where(condition=name)
        error = own["spread"] / np.sqrt(own["trains"])
        line = {"color": color, "marker": marker, "linewidth": 1.0, "label": label}
        ax.errorbar(own["window"], 1e3 * own["mean"], 1e3 * error, **line)
    for column, (label, style) in BOUNDS.items():
        ax.plot(own["window"], 1e3 * own[column], style, color="0.35", label=label)
    ax.set(xscale="log", xlabel=r"window $\Delta t$ (ms)", ylabel=r"mean of train, $\bar s$ (Hz)")
    ax.set_ylim(0, 105)
    return ax


def plot_plateaus(plateaus, loss, ax, label, color, marker="."):
    """Hidden losses of images (kHz^2) against those of the plateaus alone; returns the axes."""
    style = {"color": color, "mfc": "none", "markersize": 2.5, "markeredgewidth": 0.4}
    ax.plot(plateaus, loss, marker, **style, label=label)
    ax.set(xscale="log", yscale="log", ylabel="$L^0$ (kHz$^2$)")
    ax.set_xlabel(r"$\|\alpha^t - \alpha^f\|^2$ (as rates, kHz$^2$)")
    return ax


def _theorem(results, name, label, axes):
    """One condition: shares by mu, by |e|, by the fraction of e, and over training."""
    table, shrinking = results.table("theorem_1"), results.table("shrinking")
    epochs = np.unique(table.where(condition=name)["epoch"]).astype(int)
    for k, epoch in enumerate(epochs.tolist()):
        color, marker = SHADES(0.75 * k / max(1, len(epochs) - 1)), MARKERS[k % len(MARKERS)]
        for ax, by, unit in zip(axes, ("mu", "error"), (1, 1e3), strict=False):
            edges = unit * np.unique(table.where(by=by)["lower"])
            own = table.where(condition=name, epoch=epoch, by=by)
            lower, images = unit * own["lower"], own["images"]
            if epoch == epochs[-1]:
                place = np.searchsorted(edges, lower) + 0.5
                ax.bar(place, 100 * images / images.sum(), 0.9, color="0.87", zorder=0)
            text = f"{epoch} epoch{'s' * (epoch != 1)}"
            plot_shares(lower, own["holds"], images, edges, ax, text, color, marker)
        for limit, style in ((np.inf, "-"), (1, ":")):
            own = shrinking.where(condition=name, epoch=epoch, mu_below=limit)
            look = {"color": color, "marker": marker, "markersize": 3}
            axes[2].plot(own["fraction"], 100 * own["holds"], style, **look)
    for measure, (text, color, marker, line) in OVERALL.items():
        own = results.table("headline").where(condition=name, measure=measure)
        if len(own["epochs"]):
            style = {"color": color, "marker": marker, "linestyle": line, "markersize": 3}
            axes[3].plot(own["epochs"], 100 * own["value"], **style, label=text)
    axes[0].set(xlabel=r"eigenvalue $\mu$, in bins", title=label.replace(", ", ",\n"))
    axes[1].set(xlabel=r"error $\|e\|$ (Hz), in bins")
    axes[2].set(xscale="log", xlabel="fraction of $e$")
    axes[3].set(xlabel="epochs")


def _explain(grid, some_below_1):
    """Legends in the last column, each beside the row it is about."""
    first, others = grid[:, 0], {"color": "0.3", "markersize": 3}
    handles, labels = first[0].get_legend_handles_labels()
    bar = plt.Rectangle((0, 0), 1, 1, color="0.87")
    few = Line2D([], [], marker="o", mfc="white", linewidth=0, **others)
    styles = {"all images": "-"} | ({r"$\mu < 1$": ":"} if some_below_1 else {})
    lines = [Line2D([], [], linestyle=style, **others) for style in styles.values()]
    found = (
        (handles, labels),
        ([bar, few], ["images in the bin,\nlast epoch (%)", f"of fewer than {FEW}\nimages"]),
        (lines, list(styles)),
        first[3].get_legend_handles_labels(),
    )
    for ax, (shown, texts) in zip(grid[:, -1], found, strict=True):
        ax.set_axis_off()
        ax.legend(shown, texts, loc="center left", fontsize="small", borderaxespad=0)


def draw(results):
    """Theorem 1 by image, Lemma 1 by window, and hidden losses against those of plateaus."""
    table, plateaus = results.table("theorem_1"), results.table("plateaus")
    conditions = results.page()["conditions"].items()
    labels = {name: about["label"] for name, about in conditions if name in table["condition"]}
    pane = plt.figure(figsize=(6.7, 10))
    above, below = pane.subfigures(2, 1, height_ratios=(7, 3))
    grid = above.subplots(4, len(labels) + 1, sharey=True)
    for (name, label), axes in zip(labels.items(), grid.T, strict=False):
        _theorem(results, name, label, axes)
    _explain(grid, (results.table("shrinking")["mu_below"] == 1).any())
    above.supylabel("share of images for which Theorem 1 holds (%)", fontsize="medium")
    left, right = below.subplots(1, 2)
    plot_trains(results.table("lemma_1"), left)
    for k, (name, label) in enumerate(labels.items()):
        own = plateaus.where(condition=name)
        last = own.where(epoch=own["epoch"].max())
        plot_plateaus(last["plateaus"], last["loss"], right, label, f"C{k}", MARKERS[k])
    ends = np.array(right.get_xlim())
    right.plot(ends, ends, color="0.5", linewidth=0.8, zorder=0, label="equal")
    for ax in (left, right):
        ax.legend(loc="upper center", bbox_to_anchor=(0.45, -0.27), fontsize="small")
    return pane
