"""Error, angles and eigenvalues of a linear network, by what teaches it (P Fig 1).

    python -m analysis linear

Lines are means of all networks, shades one standard deviation. Below 1, the least lambda_max of
(I - f W B)(I - f W B)^T over factors f means that feedback of some strength sends hidden targets
the right way.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.conditions import looks

PANELS = (  # column, label, whether logarithmic, a line to compare with
    ("error", "squared error / $|T x|^2$", True, None),
    ("angle", "angle to back-\npropagation (degrees)", False, 90),
    ("angle_to_pseudo", "angle to pseudo-\nbackprop (degrees)", False, 90),
    ("angle_of_weights", "angle of $W^\\mathrm{T}$\nand $B$ (degrees)", False, 90),
    ("least_eigenvalue", "least eigenvalue\nof sym($W B$)", False, 0),
    ("lambda_max", "least $\\lambda_\\mathrm{max}$\nover factors", False, 1),
)


def plot_mean(steps, mean, spread, ax, color="C0", line="-", label=None):
    """A mean over a shade of one standard deviation; returns the axes.

    Parameters
    ----------
    steps, mean, spread : ndarray, shape (times,)
    ax : Axes
    color : color
    line : line style
    label : str, optional
    """
    ax.plot(steps, mean, color=color, linestyle=line, label=label)
    low = np.maximum(mean - spread, mean / 3) if ax.get_yscale() == "log" else mean - spread
    ax.fill_between(steps, low, mean + spread, color=color, alpha=0.15, linewidth=0)
    return ax


def draw(results):
    """A panel for each measure, a line for each condition."""
    table, shown = results.table("steps"), looks(results.page()["conditions"])
    figure, axes = plt.subplots(3, 2, figsize=(6.7, 7.2), sharex=True)
    for (column, label, logarithmic, beside), ax in zip(PANELS, axes.ravel(), strict=True):
        if logarithmic:
            ax.set_yscale("log")
        for name, look in shown.items():
            mine = table["condition"] == name
            if mine.any():
                columns = (table[key][mine] for key in ("step", column, f"{column}_sd"))
                plot_mean(*columns, ax, look.color, look.line, look.text)
        if beside is not None:
            ax.axhline(beside, color="0.3", linewidth=0.6, linestyle=":")
        ax.set(ylabel=label)
    for ax in axes[-1]:
        ax.set(xlabel="examples")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    figure.suptitle(results.page()["title"])
    return figure
