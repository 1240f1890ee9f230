"""Do the learning rates of presets serve? Errors on images held out, by a factor on all of them.

    python -m analysis.learning_rates [--results DIR ...] [--out FILE]

A panel for each data set, a line for each theory: the mean of networks, and each of them. Where
networks learned for several numbers of epochs, those of the most are shown. Drawn from
``results/<theory>/learning_rates``.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import NullFormatter

from analysis.drawing import studies
from analysis.drawing.axes import legend_below, logarithmic, plain
from analysis.drawing.writing import save, write
from analysis.side_by_side import SETS
from experiments.run.command import guarded, parser
from experiments.run.folder import RunError
from experiments.study.results import ROOT, Results

NAME = "analysis.learning_rates"
KEPT = "what was drawn is kept"
PAGE = "learning_rates"


def gathered(*roots):
    """Theory -> its table of errors; of two folders that have it the last one's."""
    found = {}
    for root in roots or (ROOT,):
        paths = sorted(Path(root).glob(f"*/{PAGE}/errors.csv"))
        if not paths:
            raise RunError(f"no results in {root}: make them with python -m experiments {PAGE}")
        names = [path.parts[-3] for path in paths]
        found |= {name: Results(name, PAGE, root).table("errors") for name in names}
    return found


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
    return guarded(NAME, _main, sys.argv[1:] if arguments is None else list(arguments), KEPT)


def _main(words):
    told = parser(NAME, __doc__)
    text = "folders of results, such as results and runs/results (default: results)"
    told.add_argument("--results", metavar="DIR", nargs="+", default=[ROOT], help=text)
    told.add_argument("--out", metavar="FILE", help=f"(default: DIR/{PAGE}.png)")
    given = told.parse_args(words)
    found, root = gathered(*given.results), Path(given.results[0])
    out = Path(given.out) if given.out else root / f"{PAGE}.png"
    save(lambda: draw(found), out, write, None if given.out else root)


if __name__ == "__main__":
    sys.exit(main())
