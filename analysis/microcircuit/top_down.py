"""Top-down weights that learn: what they say of the layer below, and test errors.

    python -m analysis top_down

By epoch, means over networks: test error; squared error of what top-down weights say of hidden
rates, beside the variance of these (dotted: as good as their means); the angle of top-down to
transposed bottom-up weights, of what differs between outputs; and |v_A| without a target, beside
its part from above. Above MNIST, below the digits.
"""

import matplotlib.pyplot as plt
from matplotlib.ticker import MaxNLocator

from analysis.drawing.conditions import looks, over_seeds

PANELS = {
    "test_error": "test error (%)",
    "unexplained": "squared error / variance",
    "feedback_angle_between": "angle of $W_{TD}$ to $W^{\\mathrm{T}}$ (degrees)",
    "residual": "$|v_A| / |v_{TD}|$, no target",
}
LIMITS = {"test_error": 25, "unexplained": 3.2}
LINES = {"unexplained": 1.0, "feedback_angle_between": 90.0}


def plot_panel(tables, shown, column, ax):
    """One measure of some conditions by epoch; returns the axes."""
    for name, look in shown.items():
        table = tables["curves" if column == "test_error" else "top_down"].where(condition=name)
        epochs, means = over_seeds(table, column)
        style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
        ax.plot(epochs, means, **style, markersize=3, label=look.text)
    if column in LINES:
        ax.axhline(LINES[column], color="0.4", linestyle=":", linewidth=0.8)
    if column == "residual":  # self-predicting weights begin with that of rounding
        ax.set(yscale="log", ylim=(5e-3, 1.5))
    if column in ("test_error", "unexplained"):
        ax.set_ylim(0, LIMITS[column])
    ax.set_xlabel("epochs")
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    ax.set_title(PANELS[column], fontsize="small")
    return ax


def draw(results):
    """A row for each data set."""
    tables = {name: results.table(name) for name in ("curves", "top_down")}
    table = tables["top_down"]
    known = looks(results.page()["conditions"])
    known = {name: look for name, look in known.items() if name in table["condition"]}
    rows = [[n for n in known if n.startswith("down_digits") == digits] for digits in (False, True)]
    rows = [row for row in rows if row]
    figure = plt.figure(figsize=(8.0, 0.3 + 2.9 * len(rows)))
    parts = figure.subfigures(len(rows), 1, squeeze=False)[:, 0]
    for names, part in zip(rows, parts, strict=True):
        axes = part.subplots(1, len(PANELS))
        for column, ax in zip(PANELS, axes, strict=True):
            plot_panel(tables, {name: known[name] for name in names}, column, ax)
        handles = axes[0].get_legend_handles_labels()
        part.legend(*handles, fontsize="small", loc="outside lower center", ncols=3)
    figure.suptitle(results.page()["title"])
    return figure
