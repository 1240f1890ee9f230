"""What a nudge teaches, beside the gradient: its error by beta, and what a short phase leaves.

    python -m analysis gradient

Above: distance to the gradient relative to its length, with one nudge and with both signs; thin
lines have the slopes 1 and 2. Below: length along the gradient of what a nudged phase of so many
steps teaches, by layer (hard sigmoid); dots are the paper's phases. Lines are medians of networks,
shades their quartiles.
"""

import matplotlib.pyplot as plt
import numpy as np

NETWORKS = {"one_hidden": ("10-15-5", "C0", "o"), "two_hidden": ("10-15-12-5", "C1", "s")}
KINDS = {"one_sided": ("-", "one nudge", 1), "symmetric": ("--", "both signs", 2)}
LAYERS = {0: ("C0", "-"), 1: ("C1", "--"), 2: ("C2", ":")}
NUDGE, PAPER = 0.1, {"one_hidden": 4, "two_hidden": 6}


def plot_errors(table, ax):
    """Relative errors of all networks by beta; returns the axes."""
    for name, (text, color, marker) in NETWORKS.items():
        mine = table.where(condition=name)
        for column, (line, kind, _) in KINDS.items():
            low, high = (mine[f"{column}_{end}"] for end in ("lower", "upper"))
            ax.fill_between(mine["beta"], low, high, color=color, alpha=0.15, linewidth=0)
            style = {"color": color, "linestyle": line, "marker": marker, "markersize": 3}
            ax.plot(mine["beta"], mine[column], **style, label=f"{text}, {kind}")
    betas = np.array([table["beta"].min(), 0.1])
    for column, (_, _, slope) in KINDS.items():
        first = table[column][table["beta"] == betas[0]].min() / 2
        ax.plot(betas, first * (betas / betas[0]) ** slope, color="0.5", linewidth=0.6)
        there = np.sqrt(betas[0] * betas[1])
        height = first * (there / betas[0]) ** slope
        ax.text(there, 0.6 * height, f"slope {slope}", va="top", fontsize="small", color="0.3")
    ax.set(xscale="log", yscale="log", xlabel="nudge $\\beta$")
    return ax


def plot_gain(table, name, ax):
    """Gain by layer and number of steps, one network; returns the axes."""
    mine = table.where(condition=name, rho="hard", beta=NUDGE)
    for layer in np.unique(mine["layer"]).astype(int):
        own, (color, line) = mine.where(layer=layer), LAYERS[layer]
        low, high = own["gain_lower"], own["gain_upper"]
        ax.fill_between(own["steps"], low, high, color=color, alpha=0.15, linewidth=0)
        text = f"$W_{layer}$" + (" (from the pixels)" if layer == 0 else "")
        ax.plot(own["steps"], own["gain"], color=color, linestyle=line, label=text)
        there = own["steps"] == PAPER[name]
        ax.plot(own["steps"][there], own["gain"][there], "o", color=color)
    ax.axhline(1, color="0.4", linewidth=0.8)
    ax.set(xlabel="steps of the nudged phase", title=NETWORKS[name][0], ylim=(0, None))
    ax.legend(fontsize="small")
    return ax


def draw(results):
    """Errors above, gains below."""
    errors, short = results.table("errors"), results.table("truncation")
    figure, axes = plt.subplots(2, 2, figsize=(6.7, 6.2), sharey="row")
    for rho, ax in zip(("hard", "smooth"), axes[0], strict=True):
        plot_errors(errors.where(rho=rho), ax).set_title(f"{rho} sigmoid")
    axes[0, 0].set_ylabel("distance to the gradient / its length")
    axes[0, 1].legend(fontsize="small")
    for name, ax in zip(NETWORKS, axes[1], strict=True):
        plot_gain(short, name, ax)
    axes[1, 0].set_ylabel(f"gain along the gradient ($\\beta$ = {NUDGE:g})")
    figure.suptitle(results.page()["title"])
    return figure
