"""The exclusive or of volleys of spikes: trials that were right, by feedback, and what cells do.

    python -m analysis spiking_xor

Above: trials that were right, in blocks of 50; thin lines are single seeds, thick ones their means.
Below: one trial of each of the four patterns after learning, with symmetric feedback; grey is the
window in which one of both outputs is to respond, and the title says which.
"""

import matplotlib.pyplot as plt
import numpy as np

PANELS = {  # what is drawn in each: condition -> text, colour, line
    "symmetric": {
        "xor_symmetric": ("plain", "C0", "-"),
        "xor_symmetric_rho": ("regularised", "C1", "--"),
    },
    "random": {
        "xor_random": ("plain", "C0", "-"),
        "xor_random_rho": ("regularised", "C1", "--"),
        "xor_random_8": ("8 hidden cells", "C2", "-."),
    },
    "uniform": {"xor_uniform": ("plain", "C0", "-")},
    "no hidden cells": {"xor_none": ("plain", "C0", "-")},
}
PATTERNS = ("R", "R + A", "R + B", "R + A + B")
ASKED = (0, 1, 1, 0)
HEIGHTS = {"input": (0, 1.0, "0.3"), "hidden_0": (108, 6.0, "C2"), "output": (140, 10.0, "C3")}
WINDOW = 25  # ms


def plot_accuracy(table, conditions, ax):
    """Trials that were right by the number of trials, per cent; returns the axes."""
    for name, (text, color, line) in conditions.items():
        mine = table.where(condition=name)
        if not len(mine["trials"]):
            continue
        trials, seeds = np.unique(mine["trials"]), np.unique(mine["seed"])
        curves = [mine.where(seed=seed)["accuracy"] for seed in seeds]
        ax.plot(trials, np.transpose(curves), color=color, linewidth=0.4, alpha=0.5)
        ax.plot(trials, np.mean(curves, axis=0), color=color, linestyle=line, label=text)
    for share in (80, 95):
        ax.axhline(share, color="0.6", linewidth=0.6, linestyle=":")
    ax.set(xlabel="trials", ylim=(0, 102))
    return ax


def plot_trial(table, pattern, ax):
    """Spikes of one trial, ms since the onset of its volley; returns the axes."""
    mine = table.where(pattern=pattern)
    ax.axvspan(0, WINDOW, color="0.9", linewidth=0)
    for population, (bottom, height, color) in HEIGHTS.items():
        own = mine.where(population=population)
        lines = bottom + height * own["cell"]
        ax.vlines(own["time"], lines, lines + 0.9 * height, color=color, linewidth=0.9)
    ax.set_title(f"{PATTERNS[pattern]}: {ASKED[pattern]}", fontsize="small")
    ax.set(xlabel="time (ms)", xlim=(-20, 60), ylim=(-2, 162))
    ax.set_yticks([50, 120, 145, 155], ["inputs", "hidden", "output 0", "output 1"])
    return ax


def draw(results):
    """Accuracy above, a trial of each pattern below."""
    accuracy, example = results.table("accuracy"), results.table("example")
    figure, axes = plt.subplots(2, 4, figsize=(8.6, 5.4), sharey="row")
    for (title, shown), ax in zip(PANELS.items(), axes[0], strict=True):
        plot_accuracy(accuracy, shown, ax).set_title(title, fontsize="small")
        if len(set(shown) & set(accuracy["condition"])) > 1:
            ax.legend(fontsize="small", loc="lower right")
    axes[0, 0].set_ylabel("trials that were right (%)")
    first = "xor_symmetric" if "xor_symmetric" in example["condition"] else example["condition"][0]
    for pattern, ax in enumerate(axes[1]):
        plot_trial(example.where(condition=first), pattern, ax)
    figure.suptitle(results.page()["title"])
    return figure
