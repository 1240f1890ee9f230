"""Apical input early and late: potentials, and what it does to basal synapses.

    python -m analysis apical_protocol

Above, the mean apical potential with a pulse early, between the volleys, late, and none; volleys
are shaded. Below, the change of the EPSP by the middle of the pulse: with VIP cells, without them,
and without acetylcholine. Dots are networks.
"""

import matplotlib.pyplot as plt
import numpy as np

PULSES = {"early": "#0072B2", "between": "0.5", "late": "#D55E00", "none": "k"}
CONDITIONS = {
    "vip": ("VIP cells driven", "k", "o", "-"),
    "no_vip": ("no VIP drive", "#D55E00", "s", "--"),
    "no_ach": ("VIP cells driven, no acetylcholine", "#0072B2", "^", ":"),
}
VOLLEYS = ((50, 100), (150, 200))


def draw(results):
    """Two rows of potentials, and the change by the time of the pulse."""
    pairing, sweep = results.table("pairing"), results.table("sweep")
    figure, axes = plt.subplots(3, 1, figsize=(6.7, 6.8), sharex=True, height_ratios=(1, 1, 2))
    for ax in axes:
        for begin, end in VOLLEYS:
            ax.axvspan(begin, end, color="0.92", linewidth=0, zorder=-2)
    lines = ("-", "--", "-.", ":")
    for name, ax in zip(("vip", "no_vip"), axes, strict=False):
        for (pulse, color), line in zip(PULSES.items(), lines, strict=True):
            own = pairing.where(condition=name, pulse=pulse)
            ax.plot(own["t_ms"], own["V_a"], line, color=color, label=pulse, linewidth=1.2)
        ax.set_title(CONDITIONS[name][0], loc="left", fontsize="small")
        ax.set(ylabel="$V_a$ (mV)", ylim=(-0.1, 1.1 * pairing["V_a"].max()))
    axes[0].legend(title="pulse", fontsize="x-small", title_fontsize="x-small", loc="upper left")
    last = axes[2]
    last.axhline(0, color="0.5", linewidth=0.8)
    for name, (text, color, marker, line) in CONDITIONS.items():
        own = sweep.where(condition=name)
        places = np.unique(own["centre_ms"][np.isfinite(own["centre_ms"])])
        means = [own["mean"][own["centre_ms"] == place].mean() for place in places]
        last.plot(places, means, line, color=color, marker=marker, markersize=4, label=text)
        last.plot(own["centre_ms"], own["mean"], ".", color=color, markersize=2)
    text = "time, and below: middle of the apical pulse (ms after the train begins)"
    last.set(xlabel=text, xlim=(0, 200))
    last.set_ylabel("change of the EPSP (%)")
    last.legend(fontsize="small", loc="upper left")
    return figure
