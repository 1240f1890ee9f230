"""Errors of conditions, and below them numbers of each network as points."""

import numpy as np

from analysis.drawing import conditions


def draw(results, columns):
    """Errors, and an axes for each column of the table ``networks``; returns the figure.

    Parameters
    ----------
    results : Results
    columns : mapping of name -> (label, factor)
        What a column is multiplied by.
    """
    about, table = results.page()["conditions"], results.table("networks")
    names = [name for name in about if name in table["condition"]]
    drawing = conditions.draw(results, more=0.9 + 0.22 * len(names))
    axes = drawing.subfigs[-1].subplots(1, len(columns), sharey=True, squeeze=False)[0]
    looks = conditions.looks(about)
    for ax, (column, (label, factor)) in zip(axes, columns.items(), strict=True):
        for k, name in enumerate(names):
            values = factor * table.where(condition=name)[column].astype(float)
            values = values[np.isfinite(values)]
            look = looks[name]
            ax.plot(values, np.full(len(values), k), look.marker, color=look.color, markersize=5)
            if not len(values):
                ax.annotate("none", (0, k), fontsize="x-small", color="0.4", va="center")
        ax.set_xlabel(label, fontsize="small")
        ax.margins(x=0.08, y=0.08)
    axes[0].set_yticks(range(len(names)), [about[name]["label"] for name in names])
    axes[0].invert_yaxis()
    return drawing
