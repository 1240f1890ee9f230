"""Rates with and without PV cells by the contrast of images, before learning and after it.

    python -m analysis pv_gain

Above, before learning: rates of pyramidal cells by contrast, both logarithmic, so that a rate that
contrast leaves alone is flat; numbers are slopes, lines are means of three networks (dots). Left,
more and more of PV cells that pull somata to -8 mV; right, PV cells that only shunt (0 mV), and PV
cells that the input drives, too. Below, each network: rates before learning (hollow) and after it
(filled); when plateaus come; errors of what has learned, by contrast.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.axes import logarithmic

# name -> label, colour, marker, line; greys of more and more PV cells
LOWERS = {
    "pv_0": ("$G_{PE}$ 0", "0.65", "o", "-"),
    "pv_03": ("$G_{PE}$ .3", "0.5", "v", "-"),
    "pv_06": ("$G_{PE}$ .6 (usual)", "k", "s", "-"),
    "pv_12": ("$G_{PE}$ 1.2", "0.3", "^", "-"),
    "pv_2": ("$G_{PE}$ 2", "0.15", "D", "-"),
}
OTHERS = {
    "shunt_06": ("$G_{PE}$ .6, $E_{PV}$ 0 mV", "#0072B2", "P", "--"),
    "shunt_2": ("$G_{PE}$ 2, $E_{PV}$ 0 mV", "#0072B2", "X", ":"),
    "input_06": ("$G_{PE}$ .6, $W_{PX}$ 40 mV ms", "#D55E00", "<", "-."),
}
LEARNED = {"plastic_06": ("$G_{PE}$ .6, plastic", "#009E73", "p", "-")}  # before: as usual
LOOKS = LOWERS | OTHERS | LEARNED
CONTRASTS = {0.5: ("half", "<", "#0072B2"), 1: ("usual", "o", "k"), 2: ("twice", ">", "#D55E00")}


def plot_rates(table, names, ax, told=LOOKS):
    """Rates of pyramidal cells by contrast, with the slopes of those in ``told``; the axes."""
    for name in names:
        label, color, marker, line = LOOKS[name]
        own = table.where(condition=name)
        if not len(own["seed"]):
            continue
        contrasts = np.unique(own["contrast"])
        mean = np.array([own["rate_E"][own["contrast"] == one].mean() for one in contrasts])
        ax.plot(contrasts, mean, line, color=color, marker=marker, markersize=4, label=label)
        ax.plot(own["contrast"], own["rate_E"], ".", color=color, markersize=2.5)
        if name in told and mean.min() > 0:
            slope = np.polyfit(np.log(contrasts), np.log(mean), 1)[0]
            text = f"{slope:+.2f}".replace("0.", ".", 1)
            place = {"xytext": (7, 0), "textcoords": "offset points", "va": "center"}
            ax.annotate(text, (contrasts[-1], mean[-1]), **place, fontsize="x-small")
    ax.set(xlabel="contrast of images", xscale="log", xlim=(0.43, 2.9))
    ax.set_xticks(list(CONTRASTS), [text for text, *_ in CONTRASTS.values()])
    ax.minorticks_off()
    place = {"ha": "left", "va": "bottom", "fontsize": "x-small"}
    ax.text(2.15, 1.0, "slope", transform=ax.get_xaxis_transform(), **place)
    return ax


def plot_learning(table, networks, names, axes):
    """Rates, times of plateaus and errors of each network, a row for each condition."""
    rates, when, errors = axes
    for k, name in enumerate(names):
        _, color, marker, _ = LOOKS[name]
        look = {"marker": marker, "color": color, "markersize": 4.5, "linestyle": ""}
        before = "pv_06" if name in LEARNED else name
        own, learned = table.where(condition=before, contrast=1), networks.where(condition=name)
        rates.plot(own["rate_E"], np.full(len(own["seed"]), k), **look, mfc="w")
        rates.plot(learned["rate_E"], np.full(len(learned["seed"]), k), **look)
        if len(own["seed"]) and len(learned["seed"]):
            ends = (own["rate_E"].mean(), k), (learned["rate_E"].mean(), k)
            arrow = {"arrowstyle": "->", "color": "0.6", "shrinkA": 5, "shrinkB": 5}
            rates.annotate("", ends[1], ends[0], arrowprops=arrow)
        if name == before:
            when.plot(own["latency"], np.full(len(own["seed"]), k), **look)
        for j, (contrast, (text, shape, shade)) in enumerate(CONTRASTS.items()):
            values = learned[f"test_error_contrast_{contrast:g}"]
            place = np.full(len(values), k + 0.22 * (j - 1))
            label = text if not k else None
            errors.plot(values, place, shape, color=shade, markersize=4, mfc="none", label=label)
    for face, text in (("w", "before"), ("k", "after")):
        rates.plot([], [], "s", color="k", mfc=face, markersize=4.5, label=text)
    rates.legend(fontsize="x-small", loc="upper left")
    rates.set_xlabel("rate of E cells (Hz)")
    when.set_xlabel("plateaus after a\nvolley's begin (ms)")
    errors.set_xlabel("test error (%)")
    logarithmic(rates, table["rate_E"], networks["rate_E"], axis="x")
    rates.set_yticks(range(len(names)), [LOOKS[name][0] for name in names])
    rates.set_ylim(len(names) - 0.5, -0.5)
    for ax in (rates, errors):
        ax.margins(x=0.1)
    middle = np.nanmean(table["latency"])
    if np.isfinite(middle):
        when.set_xlim(middle - 4, middle + 4)
    errors.legend(title="contrast", fontsize="x-small", title_fontsize="x-small")


def draw(results):
    """Rates by contrast, and what becomes of them."""
    table, networks = results.table("rates"), results.table("networks")
    drawing = plt.figure(figsize=(6.7, 6.2))
    upper, lower = drawing.subfigures(2, 1, height_ratios=(1.15, 1))
    axes = upper.subplots(1, 2, sharey=True)
    plot_rates(table, LOWERS, axes[0]).set_title("PV cells pull to -8 mV", loc="left")
    plot_rates(table, ("pv_0", "pv_06", *OTHERS), axes[1], OTHERS)
    axes[1].set_title("only shunt, or driven by input", loc="left")
    for ax in axes:
        logarithmic(ax, table["rate_E"])
    axes[0].set_ylabel("rate of E cells before learning (Hz)")
    handles = {}
    for ax in axes:
        handles |= dict(zip(*ax.get_legend_handles_labels()[::-1], strict=True))
    upper.legend(handles.values(), handles, fontsize="x-small", loc="outside upper center", ncols=4)
    there = {*table["condition"], *networks["condition"]}
    names = [name for name in LOOKS if name in there]
    plot_learning(table, networks, names, lower.subplots(1, 3, sharey=True))
    return drawing
