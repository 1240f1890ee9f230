"""Exclusive-or: rates before and after learning, costs, bursts while the teacher speaks, controls.

    python -m analysis burst_xor

Top: event rates of the output and of hidden populations for the four patterns, before and after,
means over seeds with two standard deviations, and a point a seed; cost by epoch, a line a seed.
Middle: burst probabilities of the first examples of a seed in bins of .1 s; grey: the teacher
speaks, a plus where the output is to fire. Bottom: by how much the worst pattern is on its side of
the limit, a point a seed; left of the line exclusive-or is not solved.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.bursts.looks import BURSTS, EVENTS, SPIKES

LIMIT, SHOWN = 6.0, "xor"
MOMENTS = {"before": ("before", "0.55", "o", -0.12), "after": ("after", EVENTS, "s", 0.12)}
HIDDEN = {
    "hidden_1": ("first, bursts excite", "#009E73", "^", "-"),
    "hidden_2": ("second, bursts inhibit", "#CC79A7", "v", "--"),
}
PROBABILITIES = {
    "output": ("output", BURSTS, "-", 1.4),
    "hidden_1": ("hidden 1", "#009E73", "-", 0.9),
    "hidden_2": ("hidden 2", "#CC79A7", "--", 0.9),
}
LABELS = {
    "xor": "as it is",
    "fixed_inputs": "input weights fixed",
    "same_sign": "bursts excite both",
    "same_sign_long": "the same, 320 epochs",
    "short_average": "averages over .5 s",
    "no_anneal": "constant learning rates",
    "published_bounds": "published homeostasis",
    "published_input": "published current for 0",
    "published_feedback": "published feedback",
    "published_trace": "published trace",
}


def rates(table, when, population):
    """Patterns, and event rates (Hz) of shape (seeds, patterns)."""
    mine = table.where(condition=SHOWN, when=when, population=population)
    patterns = list(dict.fromkeys(mine["pattern"].tolist()))
    each = [mine.where(pattern=one)["event_rate"] for one in patterns]
    return patterns, np.array(each).T


def plot_rates(patterns, values, style, ax):
    """Points of seeds, their mean and two standard deviations; returns the axes."""
    text, color, marker, line, shift = style
    x, spread = np.arange(len(patterns)) + shift, 2 * values.std(axis=0, ddof=len(values) > 1)
    about = {"color": color, "marker": marker, "linestyle": line, "label": text}
    ax.errorbar(x, values.mean(axis=0), spread, markersize=5, capsize=2, linewidth=1, **about)
    for one in values:
        ax.plot(x + 0.07, one, ".", color=color, markersize=2.5)
    ax.set_xticks(range(len(patterns)), [_name(one) for one in patterns])
    ax.set(xlabel="input", ylabel="event rate (Hz)")
    return ax


def _name(pattern):
    return f"({int(pattern) // 10}, {int(pattern) % 10})"


def plot_costs(table, ax):
    """Cost by epoch of each seed; returns the axes."""
    for seed in np.unique(table["seed"]):
        mine = table.where(seed=seed)
        ax.plot(mine["epoch"], mine["cost"], color=EVENTS, linewidth=0.6, alpha=0.7)
    ax.set(xlabel="epoch", ylabel="cost", ylim=(0, None))
    return ax


def plot_bins(table, ax):
    """Burst probabilities in time, and when the teacher speaks; returns the axes."""
    time, bin_lasts = table["time"], np.diff(table["time"], prepend=0)
    for name, (text, color, line, width) in PROBABILITIES.items():
        ax.plot(time - bin_lasts / 2, table[name], line, color=color, linewidth=width, label=text)
    starts = np.nonzero(np.diff(table["teaches"], prepend=0) == 1)[0]
    for k in starts:
        last = k + int(np.argmin(np.append(table["teaches"][k:], 0))) - 1
        ax.axvspan(time[k] - bin_lasts[k], time[last], color="0.9", zorder=-1)
        wanted = int(table["pattern"][k]) in (1, 10)
        place = ((time[k] - bin_lasts[k] + time[last]) / 2, 1.02)
        how = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "bottom"}
        ax.text(*place, "+" if wanted else "$-$", **how)
    ax.set(xlabel="time (s)", ylabel="burst probability (%)", ylim=(0, 105), xlim=(0, time[-1]))
    ax.legend(fontsize="x-small", ncols=3, loc="lower right")
    return ax


def plot_controls(table, ax):
    """Margins of all conditions, a point a seed; returns the axes."""
    shown = [name for name in LABELS if name in table["condition"]]
    for k, name in enumerate(shown):
        margins = table.where(condition=name)["margin"]
        ax.plot(margins, [k] * len(margins), "o" if name == SHOWN else "D", **_point(name == SHOWN))
    ax.axvline(0, color="k", linewidth=0.8, linestyle=":")
    ax.set_yticks(range(len(shown)), [LABELS[name] for name in shown])
    ax.invert_yaxis()
    ax.set(xlabel="worst pattern: distance from 6 Hz on its own side (Hz)", ylim=(len(shown), -1))
    return ax


def _point(shown):
    return {"color": EVENTS if shown else SPIKES, "markersize": 5, "alpha": 0.7}


def draw(results):
    """All panels."""
    tests, seeds = results.table("tests"), results.table("seeds")
    rows = [["output", "hidden", "cost"], ["bins"] * 3, ["controls"] * 3]
    figure, axes = plt.subplot_mosaic(
        rows, figsize=(8, 8), gridspec_kw={"height_ratios": (1.15, 0.9, 1)}
    )
    for when, (text, color, marker, shift) in MOMENTS.items():
        patterns, values = rates(tests, when, "output")
        plot_rates(patterns, values, (text, color, marker, "none", shift), axes["output"])
    axes["output"].axhline(LIMIT, color="k", linewidth=0.8, linestyle=":")
    axes["output"].set(title="output", ylim=(0, None))
    for name, (text, color, marker, line) in HIDDEN.items():
        for when, shade in (("before", "0.6"), ("after", color)):
            patterns, values = rates(tests, when, name)
            label = text if when == "after" else None
            plot_rates(patterns, values, (label, shade, marker, line, 0), axes["hidden"])
    axes["hidden"].set(title="hidden (grey: before)", ylim=(0, None))
    plot_costs(results.table("epochs").where(condition=SHOWN), axes["cost"]).set_title("learning")
    plot_bins(results.table("bins"), axes["bins"])
    plot_controls(seeds, axes["controls"])
    for name in ("output", "hidden"):
        axes[name].legend(fontsize="x-small", loc="upper left")
    return figure
