"""Errors of conditions, and below them numbers of each network as points."""

import numpy as np

from analysis.drawing import conditions


def draw(results, columns, without=()):
    """Errors, and an axes for each column of the table ``networks``; returns the figure.

    Parameters
    ----------
    results : Results
    columns : mapping of name -> (label, factor)
        What a column is multiplied by.
    without : collection of str
        Conditions that are left to the tables.
    """
    about, table = results.page()["conditions"], results.table("networks")
    about = {n: told for n, told in about.items() if n in table["condition"] and n not in without}
    looks = conditions.looks(about)
    rows = {name: (looks[name].text, looks[name]) for name in about}
    drawing = conditions.draw(results, more=0.9 + 0.22 * len(rows), names=list(about))
    plot(table, "condition", rows, columns, drawing.subfigs[-1])
    return drawing


def plot(table, by, rows, columns, part):
    """Columns of a table as points, a row for each value of ``by``; returns the axes.

    Parameters
    ----------
    table : dict of ndarray
    by : str
        A column.
    rows : mapping of value -> (label, Look)
    columns : mapping of name -> (label, factor)
    part : Figure or SubFigure
    """
    axes = part.subplots(1, len(columns), sharey=True, squeeze=False)[0]
    for ax, (column, (label, factor)) in zip(axes, columns.items(), strict=True):
        for k, (name, (_, look)) in enumerate(rows.items()):
            values = factor * table.where(**{by: name})[column].astype(float)
            values = values[np.isfinite(values)]
            ax.plot(values, np.full(len(values), k), look.marker, color=look.color, markersize=5)
        ax.set_xlabel(label, fontsize="small")
        ax.margins(x=0.08, y=0.08)
    axes[0].set_yticks(range(len(rows)), [text for text, _ in rows.values()], fontsize="small")
    axes[0].invert_yaxis()
    return axes
