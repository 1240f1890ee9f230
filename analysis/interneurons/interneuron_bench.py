"""PV, SST and VIP cells on the bench: what drives them, what they do, and what a volley releases.

    python -m analysis interneuron_bench

A column for each class. Marks are measured, black lines are the closed form from the cells' own
parameters. From above: rates under a steady current (grey: the hidden pyramidal cell; crosses: the
cells of the variant ``switch``, which adapt); what drives the class, for PV and SST cells what each
spike of a regular pyramidal train releases, for VIP cells the volley; the conductance that a spike
of the class opens. Below: how long a shunt outlasts SST cells by the rate that they fired at; rates
around a volley (shaded); the shunt in the same time, its threshold, and when plateaus begin.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.interneurons.looks import CLASSES, GREYS

SIZE = (7.4, 8.6)
POINTS = {"linestyle": "none", "markersize": 3.5}
CLOSED = {"color": "k", "linewidth": 1}
TRAINS = {"10_hz": ("10 Hz", "o", "#0072B2"), "20_hz": ("20 Hz", "s", "#D55E00")}
TRAINS["50_hz"] = "50 Hz", "^", "#009E73"
OPENS = {  # class -> (onto, label, marker, colour)
    "PV": (("E", "pyramidal soma", "o", "#0072B2"), ("PV", "PV", "s", "#56B4E9")),
    "SST": (("E", "apical dendrite", "o", "#D55E00"), ("VIP", "VIP", "s", "#E69F00")),
    "VIP": (("SST", "SST", "o", "#009E73"),),
}
FREE = {"PV": 0.4, "SST": 0.7, "VIP": 0.7}  # height at which there is room for a legend
FIRST_MS, OPEN_MS = 400, 40  # shown of a train, and of a conductance


def draw(results):
    """Three rows of classes, and one of the release."""
    table, measures = results.table("curves"), results.table("measures")
    drawing, axes = plt.subplots(4, 3, figsize=SIZE)
    for k, kind in enumerate(OPENS):
        column = axes[:, k]
        currents(table, kind, column[0])
        if kind == "VIP":
            drive(table, column[1])
        else:
            trains(table, kind, column[1])
        opened(table, kind, column[2])
    for ax in axes[0]:
        ax.set_ylim(0, 210)
    for ax, label in zip(
        axes[:, 0], ("rate (Hz)", "released, $u R$", "conductance (1/ms)"), strict=False
    ):
        ax.set_ylabel(label)
    release(table, measures, axes[3])
    return drawing


def curve(table, condition, name):
    """x, value and closed form of a curve, sorted by x."""
    mine = table.where(condition=condition, curve=name)
    order = np.argsort(mine["x"].astype(float))
    return tuple(mine[key][order].astype(float) for key in ("x", "value", "theory"))


def currents(table, kind, ax):
    """Rates by a steady current."""
    x, rate, closed = curve(table, "E", "rate")
    ax.plot(x, closed, color="0.7", linewidth=1, label="pyramidal")
    color, _ = CLASSES[kind]
    for name, marker, fill in ((kind, "o", color), (f"{kind}_switch", "x", "none")):
        if name in table["condition"]:
            x, rate, closed = curve(table, name, "rate")
            ax.plot(x, closed, **CLOSED)
            label = kind if name == kind else "adapting"
            ax.plot(x, rate, marker, color=color, mfc=fill, label=label, **POINTS)
    ax.set(title=f"{kind} cells", xlabel="current (mV/ms)")
    ax.legend(fontsize="small", loc="center right", bbox_to_anchor=(1.05, FREE[kind]))


def trains(table, kind, ax):
    """What each spike of a train releases onto a class."""
    for name, (label, marker, color) in TRAINS.items():
        t, sent, closed = curve(table, f"E_to_{kind}", f"released_{name}")
        there = t <= FIRST_MS
        ax.plot(t[there], closed[there], **CLOSED)
        ax.plot(t[there], sent[there], marker, color=color, label=label, **POINTS)
    ax.set(xlabel="time in a pyramidal train (ms)", ylim=(0, None))
    ax.legend(fontsize="small")


def drive(table, ax):
    """Rates of VIP cells by the drive of a volley."""
    A, rate, closed = curve(table, "VIP", "drive")
    ax.plot(A, closed, **CLOSED)
    ax.plot(A, rate, "o", color=CLASSES["VIP"][0], **POINTS)
    ax.set(xlabel="drive of a volley, $A$ (1/ms)", ylabel="rate (Hz)", ylim=(0, None))


def opened(table, kind, ax):
    """Conductances that a spike of a class opens."""
    for onto, label, marker, color in OPENS[kind]:
        t, g, closed = curve(table, f"{kind}_to_{onto}", "conductance")
        there = t <= OPEN_MS
        ax.plot(t[there], closed[there], **CLOSED)
        ax.plot(t[there][::2], g[there][::2], marker, color=color, label=label, **POINTS)
    ax.set(xlabel=f"after a {kind} spike (ms)", ylim=(0, None))
    ax.legend(fontsize="small", title="onto", title_fontsize="small")


def release(table, measures, axes):
    """How long a shunt lasts, and a volley."""
    rate, latency, closed = curve(table, "release", "latency")
    axes[0].plot(rate, closed, **CLOSED)
    axes[0].plot(rate, latency, "o", color=CLASSES["SST"][0], **POINTS)
    axes[0].set(xlabel="rate of SST cells before (Hz)", ylabel="plateau after silence (ms)")
    axes[0].set_ylim(0, None)
    found = measures.where(condition="volley")
    at = dict(zip(found["measure"], found["value"].astype(float), strict=True))
    lasts = at["release_lasts_ms"] + at["release_opens_ms"] - at["release_closes_ms"]
    for ax in axes[1:]:
        ax.axvspan(0, lasts, color=GREYS[0], linewidth=0, zorder=-2)
        ax.set_xlabel("after a volley's begin (ms)")
    for kind in ("SST", "VIP"):
        t, value, _ = curve(table, "volley", f"rate_{kind}")
        color, line = CLASSES[kind]
        axes[1].plot(t, value, color=color, linestyle=line, label=kind)
    axes[1].set_ylabel("rate (Hz)")
    axes[1].legend(fontsize="small")
    t, g, _ = curve(table, "volley", "g_SST")
    axes[2].plot(t, g, color=CLASSES["SST"][0])
    threshold = at["release_threshold"]
    axes[2].axhline(threshold, color="k", linestyle=":", linewidth=1)
    style = {"fontsize": "small", "ha": "left", "va": "bottom"}
    axes[2].text(t[0], threshold, r"$\theta_p G_S$", **style)
    begins = at["plateau_begins_ms"]
    axes[2].plot(begins, threshold, "v", color="k", markersize=6, label="plateaus begin")
    axes[2].set_ylabel("$g_{SST}$ (1/ms)")
    axes[2].legend(fontsize="small")
