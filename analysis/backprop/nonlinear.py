"""Error of networks with two and three layers of weights on a task of three (P Fig 3).

    python -m analysis nonlinear

Left: means of all networks, shades one standard deviation. Right: every network, and their means.
"""

import matplotlib.pyplot as plt

from analysis.backprop.linear import plot_mean
from analysis.drawing.axes import logarithmic
from analysis.drawing.conditions import looks
from analysis.drawing.errors import plot_rows


def draw(results):
    """Error over training, and at its end."""
    table, networks = results.table("steps"), results.table("networks")
    shown = looks(results.page()["conditions"])
    figure, (left, right) = plt.subplots(1, 2, figsize=(6.7, 3.6))
    left.set_yscale("log")  # first of all: shades end above 0
    ends, rows = {}, {}
    for name, look in shown.items():
        mine = (table["condition"] == name) & (table["step"] > 0)
        if not mine.any():
            continue
        columns = (table[key][mine] for key in ("step", "error", "error_sd"))
        plot_mean(*columns, left, look.color, look.line, look.text)
        ends[name] = networks["test_error"][networks["condition"] == name]
        rows[name] = len(rows)
    logarithmic(left, table["error"][table["step"] > 0])
    left.set(xlabel="examples", ylabel="squared error / variance of targets")
    plot_rows(ends, shown, rows, right)
    right.set(xlabel="the same, at the end", yticks=list(rows.values()))
    right.set_yticklabels([])
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    figure.suptitle(results.page()["title"])
    return figure
