"""Do the learning rates of presets serve? Errors on images held out, by a factor on all of them.

    python -m analysis.learning_rates [--results DIR ...] [--out FILE]

A panel for each data set, a line for each theory: the mean of networks, and each of them. Where
networks learned for several numbers of epochs, those of the most are shown. Drawn from
``results/<theory>/learning_rates``.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import NullFormatter

from analysis.drawing import every_theory, studies
from analysis.drawing.axes import legend_below, logarithmic, plain
from analysis.side_by_side import SETS

PAGE = "learning_rates"


def gathered(*roots):
    """Theory -> its table of errors; of two folders that have it the last one's."""
    found = every_theory.gathered(PAGE, "errors", roots)
    return {theory: results.table("errors") for theory, results in found.items()}


def curve(table, data):
    """Factors of a theory on a data set, and the errors of networks at each; None without any."""
    if data not in table["set"]:
        return None
    own = table.where(set=data)
    own = own.where(epochs=own["epochs"].max())
    factors = np.unique(own["factor"])
    return factors, [own["validation_error"][own["factor"] == factor] for factor in factors]


def draw(found):
    """A panel for each data set that there is."""
    sets = [data for data in SETS if any(data in table["set"] for table in found.values())]
    figure, axes = plt.subplots(1, len(sets), figsize=(4.2 * len(sets), 4.4), squeeze=False)
    for ax, data in zip(axes[0], sets, strict=True):
        for k, (theory, table) in enumerate(found.items()):
            if own := curve(table, data):
                _line(ax, *own, theory, studies.look(k))
        ax.axvline(1, color="0.4", linewidth=0.9, linestyle=(0, (1, 1.5)))
        ax.set(xscale="log", xlabel="factor on all learning rates", title=SETS[data])
        factors = sorted({x for line in ax.get_lines()[:-1] for x in line.get_xdata()})
        ax.set_xticks(factors, [f"{factor:g}" for factor in factors])
        ax.xaxis.set_minor_formatter(NullFormatter())
        logarithmic(ax, *(line.get_ydata() for line in ax.get_lines()[:-1]))
    axes[0, 0].set_ylabel("error on images held out (%)")
    legend_below(figure, axes.flat, 5)
    return figure


def _line(ax, factors, errors, theory, look):
    means = [own.mean() for own in errors]
    label = plain(theory.replace("_", " "))
    ax.plot(factors, means, color=look["color"], linestyle=look["line"], marker=look["marker"],
            markersize=4, label=label)  # fmt: skip
    for factor, own in zip(factors, errors, strict=True):
        ax.plot([factor] * len(own), own, "_", color=look["color"], markersize=5)


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return every_theory.main(PAGE, __doc__, lambda roots: draw(gathered(*roots)), arguments)


if __name__ == "__main__":
    sys.exit(main())
