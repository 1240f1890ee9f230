"""What figures of bursting cells have in common: the colours of signals, and inputs over them."""

import numpy as np

EVENTS, BURSTS, SPIKES = "#0072B2", "#D55E00", "0.35"  # blue, orange, grey
INSIDE = "0.65"
RATES = {  # column -> text, colour, line
    "ER": ("events\n(Hz)", EVENTS, "-"),
    "BP": ("burst prob.\n(%)", BURSTS, "-"),
    "FR": ("spikes\n(Hz)", SPIKES, "-"),
}
KINDS = (  # as of the page: text, colour, marker, size
    ("events", EVENTS, "|", 5),
    ("bursts", BURSTS, "^", 2.6),
    ("further spikes", INSIDE, ".", 1.2),
)
CURRENTS = {"I_s": "$I_s$", "I_d": "$I_d$"}
LINES = ("-", "--", "-.", ":")
MARKERS = "os^D"


def rescaled(x, y):
    """A signal moved and stretched to fit another best; where they have no slope, as it is."""
    there = np.isfinite(x) & np.isfinite(y)
    if there.sum() < 2 or not np.ptp(x[there]):
        return x
    return np.polyval(np.polyfit(x[there], y[there], 1), x)


def plot_signal(t, y, x, text, color, ax, name="input"):
    """A signal (Hz, per cent) by time (ms), and an input rescaled over it; returns the axes."""
    ax.plot(t, y, color=color, linewidth=1.1)
    ax.plot(t, rescaled(x, y), color="black", linewidth=0.8, linestyle="--", label=name)
    ax.set(ylabel=text)
    return ax
