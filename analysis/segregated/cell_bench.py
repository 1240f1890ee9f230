"""Data sheets of cells, and all cells beside each other.

    python -m analysis cell_bench

One sheet for each cell that was measured, in cell_bench/<variant>.png. Dots and coloured lines
are measured; black lines are the closed form, where the cell has one; dotted grey lines are those
of the paper's cell. The input resistance is that of the last 10 of 60 ms, the time constant that of
the exponential that fits best. In cell_bench.png a panel for each measure and a row for each cell
that differs from the paper's, on top, in any of them. A dashed line is what a cell would do that
adds up what it does with each thing alone; what a cell cannot have is said in words.
"""

from functools import partial
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np

from analysis.segregated.cell_curves import PAPER, by_measure, number, same
from analysis.segregated.cell_sheet import sheet

# What is compared in cell_bench.png: measure -> title.
COMPARED = {
    "input_resistance_ms": "input resistance\n(per capacitance, ms)",
    "time_constant_ms": "time constant (ms)",
    "gain_basal_when_silent": "gain, basal to soma\n(no spikes)",
    "gain_apical_when_silent": "gain, apical to soma\n(no spikes)",
    "basal_volley_soma_mV": "basal volley,\nat the soma (mV)",
    "apical_volley_soma_mV": "apical volley,\nat the soma (mV)",
    "rate_at_0_mV": "rate at rest (Hz)",
    "rate_slope_basal": "slope of rate\nby $V^b$ (Hz/mV)",
    "cv_at_2_mV": "CV of intervals\nat $V^b$ = 2 mV",
    "fano_at_2_mV": "Fano factor\nat $V^b$ = 2 mV",
    "rate_after_spike": "rate after a spike\n/ mean",
    "plateau_slope_per_mV": "slope of the plateau\n(/mV)",
    "volleys_V_a_most": "apical volleys: most\n$V^a$ / predicted",
    "volleys_V_a_mean_most": "the same, mean $V^a$\nof 50 ms",
    "basal_pair_spikes": "basal and apical:\nspikes / sum",
    "spike_pair_together": "spike and apical:\n$V^a$ / sum",
}
PANELS = 4  # in a row


def plot_measure(values, paper, ax):
    """A measure of some cells, a row each, and a line at the paper's (nan: none); returns the axes.

    Cells that differ from the paper's have a full mark and their number beside it; nan in
    ``values``, shape (cells,): not measured.
    """
    rows, differ = np.arange(len(values)), ~same(values, paper)
    if np.isfinite(paper):
        ax.axvline(paper, **PAPER)
    ax.plot(values[~differ], rows[~differ], "o", color="0.5", mfc="white")
    ax.plot(values[differ], rows[differ], "o", color="C1", markersize=5)
    for row in rows[differ & np.isfinite(values)]:
        place = {"textcoords": "offset fontsize", "va": "center", "fontsize": "small"}
        ax.annotate(number(values[row]), (values[row], row), (0.6, 0), **place)
    ax.set_ylim(len(values) - 0.5, -0.5)
    ax.margins(x=0.25)
    ax.grid(axis="y", color="0.9", linewidth=0.5)
    return ax


def draw(results):
    """What cells differ in from the paper's: a panel for each measure, a row for each cell."""
    table = results.table("measures")
    names = sorted(dict.fromkeys(table["condition"]), key=lambda name: name != "paper")
    paper = {name: _first(table, name) for name in COMPARED} | by_measure(table, "paper")
    found = {name: by_measure(table, name) for name in names}
    values = {
        measure: np.array([found[name].get(measure, np.nan) for name in names])
        for measure in COMPARED
    }
    differs = np.any([~same(v, paper[m]) & np.isfinite(v) for m, v in values.items()], axis=0)
    shown = differs | (np.array(names) == "paper") | ~differs.any()
    rows = [name for name, there in zip(names, shown, strict=True) if there]
    lines = len(COMPARED) // PANELS
    size = (7.4, 1.2 + lines * (0.75 + 0.19 * max(2, len(rows))))
    whole, axes = plt.subplots(lines, PANELS, figsize=size, sharey=True)
    for ax, (measure, title) in zip(axes.flat, COMPARED.items(), strict=True):
        plot_measure(values[measure][shown], paper[measure], ax)
        ax.set_title(title)
    axes[0, 0].set_yticks(range(len(rows)), [name.replace("_", " ") for name in rows])
    others = [name.replace("_", " ") for name in names if name not in rows]
    text = "Dotted: the paper's cell. Full marks: not as the paper's."
    if others:
        text += f"\nAs the paper's in all of these: {', '.join(others)}."
    whole.supxlabel(fill(text, 110, replace_whitespace=False), fontsize="medium")
    return whole


def _first(table, measure):
    """The closed form of the paper's cell, as it stands beside the first cell measured."""
    found = table["paper"][table["measure"] == measure]
    return found[0] if len(found) else np.nan


def more(results):
    """Name of file -> what draws it: a data sheet for each cell."""
    names = dict.fromkeys(results.table("measures")["condition"])
    return {name: partial(sheet, name) for name in names}
