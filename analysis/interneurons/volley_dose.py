"""What a volley of VIP cells does to plateaus, by its strength, and what their timing depends on.

    python -m analysis volley_dose

Above, by the drive A of VIP cells (means of three networks, shades their range): shares of cells
with a plateau in the volley, and with one that teaches; rates of SST and VIP cells in the volley;
how long after its begin plateaus come, and how this spreads over cells and images; the gain of the
apical dendrite; the difference of the two plateaus of cells that learn. Hollow: a prototype. Below,
at A = 1, with one thing changed: latency with its spread over cells and images, and the share of
cells that learn.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.axes import shaded

PANELS = (  # y label, factor, columns -> (label, colour, line, marker of the prototype)
    (
        "cells (%)",
        100,
        {
            "target_share": ("a plateau", "C0", "--", "s"),
            "cells_learning": ("in time", "C1", "-", "o"),
        },
    ),
    (
        "rate in volley (Hz)",
        1,
        {"rate_SST_volley": ("SST", "C1", "-", "o"), "rate_VIP_volley": ("VIP", "C2", "--", "s")},
    ),
    ("latency (ms)", 1, {"latency": ("", "k", "-", "o")}),
    ("SD of latency (ms)", 1, {"latency_sd": ("", "k", "-", "o")}),
    ("apical gain", 1, {"apical_gain": ("", "k", "-", "o")}),
    (r"$|\alpha^t - \alpha^f|$", 1, {"d_alpha": ("", "k", "-", "o")}),
)
# What a prototype found: a scratch program in C++, 300 images, one network that learned meanwhile.
# Column -> A -> value. It counted plateaus in another way, and alpha while weights changed.
DRIVES = (0, 0.05, 0.1, 0.2, 0.3, 0.4, 1)
PROTOTYPE = {
    name: dict(zip(DRIVES[-len(values) :], values, strict=True))
    for name, values in {
        "cells_learning": (0, 0, 0, 0.01, 0.19, 0.68, 1),
        "rate_SST_volley": (47.5, 44.9, 40.1, 23.0, 7.1, 1.9, 0.4),
        "rate_VIP_volley": (0.8, 1.5, 2.8, 10, 29, 50, 94),
        "latency": (40, 35.3, 27.2, 19.5),
        "latency_sd": (6, 7.3, 5.7, 3.3),
        "apical_gain": (0.065, 0.069, 0.077, 0.13, 0.30, 0.47, 0.63),
    }.items()
}
OF_PLATEAUS = ("latency", "latency_sd", "d_alpha")
LEAST = 0.01  # share of cells with a plateau, of a mean, below which these are of a few
CHANGES = {
    "usual": "as it is (4 × 43)",
    "interneurons_1": "interneurons × 1",
    "interneurons_2": "interneurons × 2",
    "interneurons_8": "interneurons × 8",
    "cells_500": "500 cells, × 1",
    "tau_SST_20": r"$\tau_{SST}$ 20 ms",
    "G_VS_1": "$G_{VS}$ 1/ms",
    "G_VS_4": "$G_{VS}$ 4/ms",
    "E_to_VIP": "E excite VIP",
    "volley_40": "volley of 40 ms",
    "volley_30": "volley of 30 ms",
    "theta_p_1": r"$\theta_p$ .1",
    "theta_p_4": r"$\theta_p$ .4",
    "SST_to_PV": "SST inhibit PV",
}


def draw(results):
    """The dose, and what timing depends on."""
    drawing = plt.figure(figsize=(6.7, 8.6))
    upper, lower = drawing.subfigures(2, 1, height_ratios=(5.1, 3.5))
    plot_dose(results.table("dose"), upper.subplots(3, 2, sharex=True))
    upper.align_ylabels()
    if results.has("timing"):
        timing(results.table("timing"), lower.subplots(1, 2, sharey=True))
    return drawing


def plot_dose(table, axes):
    """Columns by the drive, in six axes, with what the prototype found."""
    at = np.unique(table["A"])
    enough = [A for A in at if np.mean(table["target_share"][table["A"] == A]) > LEAST]
    for ax, (label, factor, columns) in zip(axes.flat, PANELS, strict=True):
        for column, (text, color, line, marker) in columns.items():
            there = np.isin(table["A"], enough if column in OF_PLATEAUS else at)
            own = {"A": table["A"][there], column: factor * table[column][there].astype(float)}
            shaded(own, column, "A", ax, color=color, linestyle=line, label=text or None)
            theirs = PROTOTYPE.get(column, {})
            values = [factor * value for value in theirs.values()]
            look = {"color": color, "mfc": "w", "linestyle": "none"}
            ax.plot(list(theirs), values, marker, **look)
        ax.set_ylabel(label)
        if len(columns) > 1:
            ax.legend(fontsize="small")
    axes[1, 0].plot([], [], "o", color="k", mfc="w", label="prototype")
    axes[1, 0].legend(fontsize="small")
    for ax in axes[-1]:
        ax.set_xlabel("drive $A$ of VIP cells (1/ms)")


def timing(table, axes):
    """Latency and share of cells that learn, a row for each change."""
    there = [name for name in CHANGES if name in table["condition"]]
    for k, name in enumerate(there):
        mine = table.where(condition=name)
        for j, (mean, sd) in enumerate(zip(mine["latency"], mine["latency_sd"], strict=True)):
            place = k + 0.22 * (j - 1)
            axes[0].errorbar(mean, place, xerr=sd, fmt="o", color="0.25", markersize=3)
        share = 100 * mine["cells_learning"].astype(float)
        axes[1].plot(share, np.full(len(share), k), "o", color="0.25", markersize=4)
    axes[0].set_yticks(range(len(there)), [CHANGES[name] for name in there], fontsize="small")
    axes[0].invert_yaxis()
    axes[0].set_xlabel("latency, spread over cells (ms)", fontsize="small")
    axes[1].set_xlabel("cells that learn (%)", fontsize="small")
