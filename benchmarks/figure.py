"""Draw how fast training is, from the numbers that were measured: ``results/benchmarks/speed.png``.

    python -m benchmarks.figure

After ``benchmarks.speed`` and ``benchmarks.growth``. Left: CPU time by hidden units, ours and the
hand-written programs'. Right: ours as a ratio to each of them, by network, with the range of pairs.
"""

import sys

import numpy as np

from benchmarks.measuring import OUT, ROOT
from experiments.run import command
from experiments.study.results import read_rows

NAME = "benchmarks.figure"
LOOKS = {  # colour, marker, line
    "ours": ("C0", "o", "-"),
    "bound by step": ("C1", "s", "--"),
    "bound by layer": ("C2", "^", "--"),
    "limit": ("C3", "x", ":"),
}


def draw(folder):
    """The figure, from two tables of a folder."""
    import matplotlib.pyplot as plt

    from analysis.drawing.axes import logarithmic
    from analysis.drawing.writing import write  # which chooses a backend

    plt.style.use(ROOT / "analysis" / "drawing" / "style.mplstyle")
    figure, (by_width, by_network) = plt.subplots(1, 2, figsize=(8, 3))
    growth = read_rows(folder / "growth.csv")
    lines = []
    for who in dict.fromkeys(row["who"] for row in growth):
        rows = [row for row in growth if row["who"] == who]
        widths = np.array([int(row["hidden"]) for row in rows])
        lines.append(np.array([float(row["cpu_ms_per_image"]) for row in rows]))
        by_width.plot(widths, lines[-1], "".join(LOOKS[who]), label=who)
    logarithmic(by_width, *lines)
    logarithmic(by_width, widths, axis="x")
    by_width.set(xlabel="hidden units (one layer)", ylabel="CPU time (ms an image)")
    by_width.legend()
    speed = [r for r in read_rows(folder / "speed.csv") if r["beside"]]
    names = list(dict.fromkeys((r["network"], r["what"]) for r in speed))
    for who in dict.fromkeys(r["beside"] for r in speed):
        rows = [r for r in speed if r["beside"] == who]
        x = [names.index((r["network"], r["what"])) for r in rows]
        ratio, low, high = np.array(
            [[float(r[name]) for name in ("ratio", "lowest", "highest")] for r in rows]
        ).T
        spread, look = (ratio - low, high - ratio), "".join(LOOKS[who][:2])
        by_network.errorbar(x, ratio, spread, fmt=look, label=f"to the {who}")
    by_network.axhline(1, color="0.7", linewidth=0.8)
    ticks = [f"{network}\n{what}" for network, what in names]
    by_network.set_xticks(range(len(names)), ticks, rotation=60, ha="right", fontsize=6)
    by_network.set(ylabel="ours, as a ratio", ylim=(0, 3.8))
    by_network.legend(ncols=3, loc="upper center", fontsize=6.5, columnspacing=1, handletextpad=0.2)
    write(figure, folder / "speed.png")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "nothing was drawn")


def _main(arguments):
    command.parser(NAME, __doc__).parse_args(arguments)
    draw(OUT)


if __name__ == "__main__":
    sys.exit(main())
