"""How far the potentials of each layer have come after an image's onset.

python -m analysis.settling [--results DIR]
"""

import sys

import matplotlib.pyplot as plt

from analysis.command import figure

NAME = "settling"
TITLES = {"one_hidden": "one hidden layer", "two_hidden": "two hidden layers"}
LOOKS = {  # (layer, symbol) -> text, colour, line
    ("hidden_0", "V"): ("$V$, lower hidden layer", "C0", "-"),
    ("hidden_1", "V"): ("$V$, upper hidden layer", "C5", "-"),
    ("output", "V"): ("$V$, output", "C1", "-"),
    ("hidden_0", "V_a"): ("$V^a$, lower hidden layer", "C2", "--"),
    ("hidden_1", "V_a"): ("$V^a$, upper hidden layer", "C3", ":"),
}


def plot_course(t, share, ax, label=None, colour="C0", style="-"):
    """Share of its steady value that a potential has reached; returns the axes.

    Parameters
    ----------
    t : ndarray, shape (times,)
        From the image's onset, ms.
    share : ndarray, shape (times,)
    ax : Axes
    """
    ax.plot(t, share, color=colour, linestyle=style, label=label)
    return ax


def draw(results):
    """The courses of each network, and when its plateaus are taken."""
    table = results.table("course")
    names = [name for name in TITLES if name in table["condition"]]
    size = (0.4 + 3.5 * len(names), 3.2)
    drawing, axes = plt.subplots(1, len(names), figsize=size, sharey=True, squeeze=False)
    for ax, name in zip(axes[0], names, strict=True):
        ax.axvspan(30, 50, color="#E69F00", alpha=0.25, linewidth=0)
        ax.annotate("forward\nplateau", (40, 0.02), ha="center", fontsize="small", color="0.3")
        ax.axhline(1, color="0.6", linewidth=0.8, linestyle=":")
        for (layer, symbol), (label, colour, style) in LOOKS.items():
            mine = (table["condition"] == name) & (table["layer"] == layer)
            mine &= (table["symbol"] == symbol) & (table["t"] <= 120)
            if mine.any():
                text = label.replace("lower ", "") if name == "one_hidden" else label
                plot_course(table["t"][mine], table["share"][mine], ax, text, colour, style)
        ax.set(title=TITLES[name], xlabel="time from the image's onset (ms)", ylim=(0, 1.15))
        ax.legend(loc="lower right", fontsize="small")
    axes[0][0].set_ylabel("share of the steady potential")
    return drawing


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure(NAME, draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
