"""All theories in one picture: what they learn, what it costs, what they ask of a cell.

    python -m analysis.side_by_side [--results DIR ...] [--out FILE]

A row for each data set: test errors after each epoch, mean and range of networks, by images seen,
by CPU seconds of training, and by synaptic operations (where a theory has records of them). Below:
what each theory says that it asks of a cell; the angle of the lowest layer's update to
backpropagation's, by the share of training, and, of the digits, by depth; and what virtual
experiments do to what the lowest synapses learn after an epoch, mean of networks: the cosine to
what they learn usually, and, of light, by how much they grow more than usually; the same cosine by
the share of feedback weights that are removed, and by the noise that is added to them; and
accuracies with settings as they are, and all moved within a factor, median and its interval. Drawn
from ``results/<theory>/side_by_side``.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import NullFormatter

from analysis.drawing import every_theory, studies
from analysis.drawing.axes import legend_below, logarithmic, plain
from experiments.run.folder import RunError
from experiments.study.statistics import median_interval

PAGE = "side_by_side"
SETS = {"digits": "Digits", "mnist": "MNIST", "fashion": "Fashion-MNIST"}
TOLD = "digits"  # of which credit and experiments are shown
# How names of experiments begin that end with a size: what it is, its most, and the cosine that
# there would be in a large linear layer.
BY_SIZE = {
    "feedback removed ": (
        "share of feedback weights removed", 0.8, lambda share: np.sqrt(1 - share),
    ),
    "feedback noise ": (
        "noise on feedback weights (their spreads)", 2.0, lambda size: 1 / np.sqrt(1 + size**2),
    ),
}  # fmt: skip
AXES = {
    "images": "images seen",
    "cpu_seconds": "CPU seconds of training",
    "operations": "synaptic operations",
}


def gathered(*roots):
    """Theory -> its ``Results``, of all that have been trained; of two the last folder's."""
    return every_theory.gathered(PAGE, "learning", roots)


def curves(results, data):
    """Curves of a theory on a data set: axis -> (places, lowest, mean, highest error), or None."""
    table = results.table("learning")
    if data not in table["set"]:
        return {}
    own, costs = table.where(set=data), results.table("networks").where(set=data)
    images = np.unique(own["images"])
    errors = [own["test_error"][own["images"] == n] for n in images]
    ends = _ends(errors)
    spent = np.array([own["cpu_seconds"][own["images"] == n].mean() for n in images])
    operations = costs["operations_per_image"].mean() * images  # nan: it has no records of them
    places = {"images": images, "cpu_seconds": spent, "operations": operations}
    return {axis: (x[x > 0], *ends[:, x > 0]) for axis, x in places.items() if np.isfinite(x).all()}


def draw(found):
    """The poster: a row for each data set, and what is asked of a cell."""
    sets = [s for s in SETS if any(s in r.table("learning")["set"] for r in found.values())]
    if TOLD not in sets:
        raise RunError(f"there is nothing of the {TOLD}: python -m experiments {PAGE} trains it")
    figure, axes = plt.subplots(
        len(sets) + 3, len(AXES), figsize=(11, 3.4 * len(sets) + 9.6), squeeze=False,
        height_ratios=[1] * len(sets) + [0.9, 0.9, 0.9],
    )  # fmt: skip
    for row, data in zip(axes, sets, strict=False):
        for k, (theory, results) in enumerate(found.items()):
            for ax, axis in zip(row, AXES, strict=True):
                if axis in (own := curves(results, data)):
                    _curve(ax, own[axis], theory, studies.look(k))
        for ax, label in zip(row, AXES.values(), strict=True):
            ax.set(xscale="log", xlabel=label)
            ax.xaxis.set_minor_formatter(NullFormatter())
            logarithmic(ax, *(line.get_ydata() for line in ax.get_lines()))
        row[0].set(ylabel="test error (%)")
        row[0].set_title(SETS[data], loc="left")
    legend_below(figure, axes[:-3].flat, 4)
    grid = axes[0, 0].get_gridspec()
    for ax in (*axes[-3], *axes[-2]):
        ax.remove()
    middle = grid[-3, :].subgridspec(1, 3, width_ratios=(2, 1, 1))
    demands(found, figure.add_subplot(middle[0]))
    angles = figure.add_subplot(middle[1])
    credit(found, TOLD, angles)
    depth(found, figure.add_subplot(middle[2], sharey=angles))
    changes(found, TOLD, figure.add_subplot(grid[-2, :]))
    for ax, start in zip(axes[-1], BY_SIZE, strict=False):
        by_size(found, TOLD, start, ax)
    robust(found, axes[-1, -1])
    return figure


def changes(found, data, ax):
    """A table of virtual experiments: the mean of networks, and a shade of its sign."""
    means, sizes = {}, {}
    for y, results in enumerate(found.values()):
        for name, own in _experiments(results, data).items():
            if name.startswith(tuple(BY_SIZE)):
                continue
            kind = "shift" if name.startswith("light") else "cosine"
            means.setdefault(name, {})[y] = own[kind].mean()
            if kind == "cosine":
                sizes[name, y] = own["size"].mean()
    last = [name for name in means if name.startswith("light")]
    names = [name for name in means if name not in last] + sorted(last)
    for x, name in enumerate(names):
        for y in range(len(found)):
            value = means[name].get(y)
            if value is not None:
                shade = plt.get_cmap("PuOr")(0.5 - np.clip(value, -1, 1) * 0.2)
                ax.add_patch(plt.Rectangle((x - 0.5, y - 0.5), 1, 1, color=shade, linewidth=0))
            text = "–" if value is None else _signed(value)
            if (name, y) in sizes:
                text += f"  (×{sizes[name, y]:.2g})"
            ax.text(x, y, text, ha="center", va="center", fontsize=8)
    ax.set_xticks(range(len(names)), [name.replace(" ", "\n") for name in names])
    _theories(ax, found, len(names))
    ax.axvline(len(names) - len(last) - 0.5, color="0.2", linewidth=1)
    ax.set_title(
        f"What the lowest synapses learn in an experiment ({SETS[data]}): left, cosine (and size) "
        "to usual; right, growth over usual; –: cannot be", loc="left",
    )  # fmt: skip


def by_size(found, data, start, ax):
    """The cosine of what the lowest synapses learn, by how much is done to feedback weights.

    Grey: what it would be of a large linear layer.
    """
    label, most, geometry = BY_SIZE[start]
    places = np.linspace(0, most, 50)
    ax.plot(places, geometry(places), color="0.5", linewidth=3, alpha=0.5, label="geometry")
    for k, (theory, results) in enumerate(found.items()):
        rows = _experiments(results, data)
        sizes = {float(name.removeprefix(start)): name for name in rows if name.startswith(start)}
        if sizes:
            places = sorted(sizes)
            own = [rows[sizes[size]]["cosine"] for size in places]
            ends = np.hstack([np.ones((3, 1)), _ends(own)])  # nothing done
            _curve(ax, (np.array([0.0, *places]), *ends), theory, studies.look(k))
    ax.axhline(0, color="0.4", linewidth=0.9, linestyle=(0, (1, 1.5)))
    ax.set(xlabel=label, ylabel="cosine to usual")


def _experiments(results, data):
    """Name of an experiment -> its rows, of a theory on a data set; empty if it has none."""
    if not results.has("experiments"):
        return {}
    table = results.table("experiments").where(set=data)
    return {name: table.where(experiment=name) for name in dict.fromkeys(table["experiment"])}


def robust(found, ax):
    """Accuracies with all settings moved within a factor, a row a theory: median and interval."""
    told = set()
    for y, results in enumerate(found.values()):
        table = results.table("robust").where(set=TOLD) if results.has("robust") else None
        for k, spread in enumerate(np.unique(table["spread"]) if table is not None else ()):
            own = 100 * table.where(spread=spread)["accuracy"]
            (low, high), middle, look = median_interval(own), np.median(own), studies.look(k)
            label = f"within × {spread:g}" if spread > 1 else "as they are"
            ax.errorbar(
                [middle], [y + 0.24 * (k - 1)], xerr=[[middle - low], [high - middle]],
                color=look["color"], marker=look["marker"], markersize=4, linewidth=1,
                linestyle="", label=None if spread in told else label,
            )  # fmt: skip
            told.add(spread)
        if table is not None:
            count = int(table["parameters"].max())
            ax.text(102, y, f"{count} moved", va="center", fontsize=8)
    _theories(ax, found, 1)
    ax.set(xlim=(0, 100), xlabel="accuracy with settings moved (%)")
    if told:
        ax.legend(loc="lower left", fontsize=8)


def _signed(value):
    value = round(value, 2)
    return f"{value:+.2g}".replace("-", "−") if value else "0"


def _theories(ax, found, columns):
    ax.set_yticks(range(len(found)), [plain(name.replace("_", " ")) for name in found])
    ax.set(xlim=(-0.5, columns - 0.5), ylim=(len(found) - 0.5, -0.5))


def credit(found, data, ax):
    """Angles of the lowest layer over training: mean and range of networks."""
    for k, (theory, results) in enumerate(found.items()):
        if not results.has("credit"):
            continue
        own = results.table("credit").where(set=data, layer=0)
        epochs = np.unique(own["epoch"])
        angles = [own["angle"][own["epoch"] == e] for e in epochs]
        if len(epochs):
            _curve(ax, (epochs / epochs[-1], *_ends(angles)), theory, studies.look(k))
    _right_angle(ax)
    ax.set(xlabel="share of training", ylabel="angle to backprop (°)")
    ax.set_title(f"Credit, lowest layer ({SETS[data]})", loc="left")


def depth(found, ax):
    """Angles of the lowest layer at the end of training, by the number of hidden layers."""
    for k, (theory, results) in enumerate(found.items()):
        if not results.has("credit"):
            continue
        table, places = results.table("credit"), {}
        for data in (name for name in np.unique(table["set"]) if name.startswith("digits")):
            own = table.where(set=data)
            angles = own.where(epoch=own["epoch"].max(), layer=0)["angle"]
            places[int(own["layer"].max())] = angles
        if places:
            hidden = sorted(places)
            ends = _ends([places[n] for n in hidden])
            _curve(ax, (np.array(hidden), *ends), theory, studies.look(k))
    _right_angle(ax)
    ax.set(xlabel="hidden layers (digits)", xticks=(1, 2, 3))
    ax.set_title("by depth", loc="left")


def _ends(groups):
    """Lowest, mean and highest of each group, in three rows."""
    return np.array([(values.min(), values.mean(), values.max()) for values in groups]).T


def _right_angle(ax):
    ax.axhline(90, color="0.4", linewidth=0.9, linestyle=(0, (1, 1.5)))
    ax.set_ylim(-3, None)


def _curve(ax, curve, theory, look):
    places, low, middle, high = curve
    ax.fill_between(places, low, high, color=look["color"], alpha=0.15, linewidth=0)
    ax.plot(
        places, middle, color=look["color"], linestyle=look["line"], marker=look["marker"],
        markevery=max(1, len(places) // 5), markersize=4, label=plain(theory.replace("_", " ")),
    )  # fmt: skip


def demands(found, ax):
    """A table of what each theory says that it asks of a cell."""
    for y, results in enumerate(found.values()):
        table = results.table("needs")
        for x, asked in enumerate(table["asked"]):
            ax.plot(x, y, "o", color="C0", mfc="C0" if asked else "white", markersize=9)
    needs = list(table["need"])
    ax.set_xticks(range(len(needs)), needs, fontsize=8, rotation=25, ha="right")
    _theories(ax, found, len(needs))
    ax.set_title("What is asked of a cell (filled: it is)", loc="left")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return every_theory.main(PAGE, __doc__, lambda roots: draw(gathered(*roots)), arguments)


if __name__ == "__main__":
    sys.exit(main())
