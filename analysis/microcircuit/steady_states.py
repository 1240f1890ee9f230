"""How far steady states by sweeps are from those that circuits settle in, by lambda.

    python -m analysis steady_states

A column for each kind of lateral weights, a line for each number of sweeps. Above, the distance
beside the size of the potentials, below, beside what the target moves them; in the first hidden
layer, the furthest from the output, with large markers and in the output with small ones; where
they are more than rounding. Dotted: 1 %.
"""

import matplotlib.pyplot as plt

SWEEPS = {1: ("C0", "-", "o"), 2: ("C1", "--", "s"), 3: ("C2", ":", "D")}
TITLES = {"self_predicting": "lateral weights self-predicting", "random": "lateral weights random"}
ROWS = {"relative": "beside their size", "of_moved": "beside what they are moved"}
ROUNDED = 1e-14  # relative distances below it are the rounding's


def plot_distances(table, column, ax):
    """Distances by lambda, a line for each number of sweeps; returns the axes."""
    layers = sorted({0, int(table["layer"].max())})
    for times, (color, line, marker) in SWEEPS.items():
        for layer in layers:
            own = table.where(sweeps=times, layer=layer)
            there = own["relative"] > ROUNDED
            first = layer == 0
            style = {"color": color, "linestyle": line, "marker": marker}
            style |= {"markersize": 5 if first else 2.5, "linewidth": 1.3 if first else 0.7}
            label = f"{times} sweep{'s' * (times > 1)}" if first else None
            ax.plot(own["lambda"][there], own[column][there], **style, label=label)
    ax.axhline(0.01, color="0.4", linestyle=":", linewidth=0.8)
    ax.set(xscale="log", yscale="log")
    return ax


def draw(results):
    """Both kinds of lateral weights, both measures."""
    table = results.table("distances")
    figure, axes = plt.subplots(2, 2, figsize=(6.7, 5.4), sharex=True, sharey="row")
    for (column, text), row in zip(ROWS.items(), axes, strict=True):
        for name, ax in zip(TITLES, row, strict=True):
            plot_distances(table.where(condition=name), column, ax)
        row[0].set_ylabel(f"distance of potentials\n{text}")
    for title, upper, lower in zip(TITLES.values(), *axes, strict=True):
        upper.set_title(title)
        lower.set_xlabel("$\\lambda$")
    handles = axes[0, 0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside lower center", ncols=3)
    figure.suptitle(results.page()["title"])
    return figure
