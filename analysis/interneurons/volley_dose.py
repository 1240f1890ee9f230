"""What a volley of VIP cells does to plateaus, by its strength, and what their timing depends on.

    python -m analysis volley_dose

Above, by the drive A of VIP cells (means of three networks, shades their range): shares of cells
with a plateau in the volley, and with one that teaches; rates of SST and VIP cells in the volley;
how long after its begin plateaus come; the gain of the apical dendrite. Below, at A = 1, with one
thing changed: latency with its spread over cells and images, and the share of cells that learn.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.axes import shaded

PANELS = (  # y label, factor, columns -> (label, colour, line)
    (
        "cells (%)",
        100,
        {"target_share": ("a plateau", "C0", "--"), "cells_learning": ("in time", "C1", "-")},
    ),
    (
        "rate in volley (Hz)",
        1,
        {"rate_SST_volley": ("SST", "C2", "-"), "rate_VIP_volley": ("VIP", "C3", "--")},
    ),
    ("latency (ms)", 1, {"latency": ("", "C4", "-")}),
    ("apical gain", 1, {"apical_gain": ("", "C5", "-")}),
)
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
    drawing = plt.figure(figsize=(6.7, 6.9))
    upper, lower = drawing.subfigures(2, 1, height_ratios=(3.4, 3.5))
    dose = results.table("dose")
    for ax, (label, factor, columns) in zip(upper.subplots(2, 2).flat, PANELS, strict=True):
        for column, (text, color, line) in columns.items():
            scaled = dict(dose) | {column: factor * dose[column].astype(float)}
            shaded(scaled, column, "A", ax, color=color, linestyle=line, label=text)
        ax.set(xlabel="drive $A$ (1/ms)", ylabel=label)
        if len(columns) > 1:
            ax.legend(fontsize="small")
    if results.has("timing"):
        timing(results.table("timing"), lower.subplots(1, 2, sharey=True))
    return drawing


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
