"""How far the potentials of each layer have come after an image's onset.

python -m analysis settling
"""

import matplotlib.pyplot as plt

from analysis.segregated import EARLY

NETWORKS = {  # condition -> title, window of its forward plateau (ms)
    "one_hidden": (f"one hidden layer, {EARLY}", (30, 50)),
    "two_hidden": (f"two hidden layers, {EARLY}", (30, 50)),
    "best_one_hidden": ("one hidden layer, best settings", (60, 80)),
    "best_two_hidden": ("two hidden layers, best settings", (75, 95)),
}
LOOKS = {  # (layer, symbol) -> text, colour, line
    ("hidden_0", "V"): ("$V$, lower hidden layer", "C0", "-"),
    ("hidden_1", "V"): ("$V$, upper hidden layer", "C5", (0, (5, 1, 1, 1, 1, 1))),
    ("output", "V"): ("$V$, output", "C1", "-."),
    ("hidden_0", "V_a"): ("$V^a$, lower hidden layer", "C2", "--"),
    ("hidden_1", "V_a"): ("$V^a$, upper hidden layer", "C3", ":"),
}


def draw(results):
    """The courses of each network, and when its plateaus are taken."""
    table = results.table("course")
    names = [name for name in NETWORKS if name in table["condition"]]
    rows = -(-len(names) // 2)
    size, sharing = (7.4, 0.3 + 3.3 * rows), {"sharex": True, "sharey": True}
    drawing, axes = plt.subplots(rows, 2, figsize=size, squeeze=False, **sharing)
    for ax in axes.flat[len(names) :]:
        ax.set_axis_off()
    for ax, name in zip(axes.flat, names, strict=False):
        title, window = NETWORKS[name]
        ax.axvspan(*window, color="#E69F00", alpha=0.25, linewidth=0)
        middle = sum(window) / 2
        ax.annotate("forward\nplateau", (middle, 0.02), ha="center", fontsize="small", color="0.3")
        ax.axhline(1, color="0.6", linewidth=0.8, linestyle=":")
        for (layer, symbol), (label, color, line) in LOOKS.items():
            mine = table.where(condition=name, layer=layer, symbol=symbol)
            t, share = (mine[column][mine["t"] <= 120] for column in ("t", "share"))
            if len(t):
                text = label if "two" in name else label.replace("lower ", "")
                mean = share[(t > window[0]) & (t <= window[1])].mean()
                text += f": {100 * mean:.0f} %"
                ax.plot(t, share, color=color, linestyle=line, label=text)
        ax.set(title=title, ylim=(0, 1.15))
        where = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.12), "ncols": 2}
        ax.legend(**where, fontsize="small", title="mean in the window")
        ax.get_legend().get_title().set_fontsize("small")
        ax.tick_params(labelbottom=True)
    drawing.supxlabel("time from the image's onset (ms)", fontsize="medium")
    drawing.supylabel("share of the steady potential", fontsize="medium")
    return drawing
