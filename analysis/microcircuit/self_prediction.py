"""Self-prediction: apical potentials, interneurons, and lateral weights, by pattern.

    python -m analysis self_prediction

Lines are medians over seeds, shades the range between them.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.axes import shaded

TITLES = {"self_predicting": "logistic cells", "softplus": "log(1 + exp(u))"}
LOOKS = {  # column -> text, color, line
    "top_down": (r"from above alone, $|v_{TD}|^2$", "C0", "--"),
    "apical": (r"apical potential, $|v_A|^2$", "C1", "-"),
    "mismatch": (r"$|u_2 - u_I|^2$", "C2", ":"),
}
WEIGHTS = {"PI": (r"$W_{PI}$ to $-W_{TD}$", "C1", "-"), "IP": (r"$W_{IP}$ to its own", "C2", ":")}


def plot(table, looks, by, ax):
    """Columns of a table by pattern, of all seeds; returns the axes."""
    for name, (text, color, line) in looks.items():
        look = {"color": color, "linestyle": line, "label": text}
        shaded(table, name, by, ax, np.median, **look)
    return ax


def draw(results):
    """Potentials above, distances of weights below."""
    patterns, weights = results.table("patterns"), results.table("weights")
    there = [name for name in TITLES if name in patterns["condition"]]
    size = (6.7, 5.4)
    figure, axes = plt.subplots(
        2, len(there), figsize=size, sharex=True, sharey="row", squeeze=False
    )
    for (above, below), name in zip(axes.T, there, strict=True):
        plot(patterns.where(condition=name), LOOKS, "pattern", above)
        plot(weights.where(condition=name), WEIGHTS, "pattern", below)
        above.set(yscale="log", title=TITLES[name])
        below.set(xlabel="patterns (100 ms each)", ylim=(0, None))
    axes[0, 0].set_ylabel("squared potential (rest: 0)")
    axes[1, 0].set_ylabel("relative distance")
    for ax in axes[:, 0]:
        ax.legend(fontsize="x-small")
    return figure
