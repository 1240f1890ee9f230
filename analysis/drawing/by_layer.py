"""Errors of conditions, and below them what their layers do, from the table ``layers``."""

from analysis.drawing import conditions
from analysis.drawing.angles import right_angle
from analysis.drawing.axes import shaded

LINES = ("-", "--", ":", "-.")


def draw(results, shown, columns, layers):
    """Errors, and a row of axes for each condition that is there; returns the figure.

    Parameters
    ----------
    results : Results
        With a table ``layers``: condition, seed, epoch, layer and ``columns``.
    shown : mapping of condition -> title
    columns : mapping of name -> label
        A label that ends on "(degrees)" is an angle.
    layers : mapping of int -> name
        At most four.
    """
    table = results.table("layers")
    there = [name for name in shown if name in table["condition"]]
    drawing = conditions.draw(results, more=0.3 + 2.3 * len(there))
    grid = drawing.subfigs[-1].subplots(len(there), len(columns), sharex=True, squeeze=False)
    for axes, name in zip(grid, there, strict=True):
        mine = table.where(condition=name)
        for ax, (column, label) in zip(axes, columns.items(), strict=True):
            plot(mine, column, ax, layers)
            ax.set_visible(bool(ax.lines))
            ax.set_ylabel(label, fontsize="small")
            if label.endswith("(degrees)"):
                right_angle(ax)
                ax.set(ylim=(0, None), yticks=(0, 30, 60, 90))
        axes[0].set_title(shown[name], loc="left")
    for ax in grid[-1]:
        ax.set_xlabel("epochs")
    handles = grid[0, 0].get_legend_handles_labels()
    drawing.subfigs[-1].legend(*handles, fontsize="small", loc="outside lower center", ncols=4)
    return drawing


def plot(table, column, ax, layers):
    """A column by epoch, of each layer that has it: means of networks, shades their range."""
    for k, (layer, text) in enumerate(layers.items()):
        mine = table.where(layer=layer)
        shaded(mine, column, "epoch", ax, color=f"C{k}", linestyle=LINES[k], label=text)
