"""Map of light on one class of cells: plateaus and updates by the time of light.

    python -m analysis opto_map

A row for each class and kind of light, a column for each window of 20 ms. Shares of cells: dark is
many. Below, the update of feedforward weights beside that without light, in numbers, too: 1 as
large (purple), 0 nothing of it (white), below 0 the opposite (orange); and its cosine. Means of
three networks. Marks above are the volleys of VIP cells. ``opto_map_1``: light of 1/ms.
"""

import matplotlib.pyplot as plt
import numpy as np

PANELS = {  # column -> text, colours, range
    "forward_share": ("plateau in the forward window (share of cells)", "Blues", (0, 1)),
    "target_share": ("plateau in the target window (share of cells)", "Blues", (0, 1)),
    "cells_learning": ("cells that learn (share)", "Blues", (0, 1)),
    "size": ("size of the update, along the one without light (1: as large)", "PuOr", (-2, 2)),
    "cos": ("cosine with the update without light", "PuOr", (-1, 1)),
}
ROWS = tuple(f"{kind} {word}" for kind in ("SST", "VIP", "PV", "E") for word in ("on", "off"))
STEP, WIDTH, LASTS = 10, 20, 200  # ms
VOLLEYS = ((50, 100, "VIP"), (150, 200, "VIP, ACh"))
DARK = 0.62  # of a range, beyond which letters are white


def grid(table, column, starts):
    """Means over networks, shape (rows, windows)."""
    found = np.full((len(ROWS), len(starts)), np.nan)
    for r, lit in enumerate(ROWS):
        own = table.where(lit=lit)
        for k, on in enumerate(starts):
            values = own[column][own["on"] == on]
            there = values[np.isfinite(values)]
            found[r, k] = there.mean() if len(there) else np.nan
    return found


def plot_panel(values, starts, about, ax):
    """One measure by light (rows) and time (columns), with its numbers; returns the axes."""
    text, colors, (low, high) = about
    if not len(starts):
        return ax
    left = starts[0] + WIDTH / 2 - STEP / 2
    extent = (left, left + STEP * len(starts), len(ROWS) - 0.5, -0.5)
    style = {"cmap": colors, "vmin": low, "vmax": high, "aspect": "auto", "extent": extent}
    ax.set_facecolor("0.85")
    ax.imshow(values, **style, interpolation="nearest")
    for (r, k), value in np.ndenumerate(values):
        if np.isfinite(value):
            middle = (low + high) / 2 if low < 0 else low
            dark = abs(value - middle) / (high - middle) > DARK
            shown = f"{value:.1f}".replace("-0.0", "0.0")
            where = (starts[k] + WIDTH / 2, r)
            look = {"ha": "center", "va": "center", "fontsize": 5}
            ax.text(*where, shown, color="w" if dark else "k", **look)
    ax.set_yticks(range(len(ROWS)), ROWS)
    ax.tick_params(axis="y", labelsize="x-small", length=0)
    ax.set_title(text, fontsize="small", loc="left")
    ends = {"ymin": 1, "ymax": 1.05, "clip_on": False}  # above, so that it crosses no number
    ax.axvline(LASTS / 2, color="k", linewidth=1.2, **ends)
    ax.set_xlim(0, LASTS)
    return ax


def _draw(results, g):
    table = results.table("map").where(g=g)
    starts = np.unique(table["on"])
    figure, axes = plt.subplots(len(PANELS), 1, figsize=(6.7, 9.2), sharex=True)
    for (column, about), ax in zip(PANELS.items(), axes, strict=True):
        plot_panel(grid(table, column, starts), starts, about, ax)
        for begin, end, name in VOLLEYS:
            ax.plot([begin, end], [1.02, 1.02], color="k", linewidth=3,
                    transform=ax.get_xaxis_transform(), clip_on=False)  # fmt: skip
            if ax is axes[0]:
                place = ((begin + end) / 2, 1.2)
                style = {"ha": "center", "fontsize": "small", "weight": "bold"}
                ax.text(*place, name, transform=ax.get_xaxis_transform(), **style)
    axes[-1].set_xlabel("middle of the 20 ms of light (ms after the image's onset)")
    figure.suptitle(f"light of {g:g}/ms; forward phase to 100 ms, then target phase")
    return figure


def draw(results):
    """The map of strong light."""
    return _draw(results, 3.0)


def more(results):
    """The map of weak light."""
    return {"opto_map_1": lambda results: _draw(results, 1.0)}


# What a prototype found: plateaus forward, in the target window, cells that learn.
PROTOTYPE = {
    ("none", 0): "1.00 / 1.00 / 1.00",
    ("sst_in_forward_window", 1): ".48 / .52 / .52",
    ("sst_in_target_window", 3): "1.00 / .00 / .00",
    ("sst_before_forward_window", 3): ".58 / 1.00 / 1.00",
    ("sst_before_target_window", 3): "1.00 / .63 / .63",
    ("sst_late_in_target_window", 3): "1.00 / 1.00 / 1.00",
    ("sst_off_early", 3): "1.00 / .65 / .65",
    ("vip_on_early", 3): "1.00 / .51 / .51",
    ("pv_on_in_forward_phase", 1): "1.00 / 1.00 / 1.00",
}


def table(results):
    """Longer windows, as a table in Markdown."""
    named = results.table("named")
    head = "light | 1/ms | forward / target / learn | prototype | size | cos | size, trained | cos"
    lines = [f"| {head} |", f"|{'---|' * 8}"]
    for name, g in dict.fromkeys(zip(named["condition"], named["g"], strict=True)):
        before, trained = (named.where(condition=name, g=g, when=w) for w in ("before", "trained"))
        three = [before[k].mean() for k in ("forward_share", "target_share", "cells_learning")]
        cells = [name.replace("_", " "), f"{g:g}", " / ".join(f"{value:.2f}" for value in three)]
        cells.append(PROTOTYPE.get((str(name), int(g)), ""))
        for own in (before, trained):
            for key in ("size", "cos"):
                there = own[key][np.isfinite(own[key])]
                cells.append(f"{there.mean():.2f}" if len(there) else "")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
