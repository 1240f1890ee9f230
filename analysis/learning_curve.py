"""Does the network learn, how fast, and where does it end?

    python -m analysis.learning_curve RUN

Upper panel: per cent of images whose class is wrong, against epochs. Below: the output loss, and
what else the theory measures, a panel each.
The training error may lie above the test error: it is scored while the weights still change and,
where an image takes time, on shorter phases than those of a test.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from analysis.drawing.axes import labelled, logarithmic, plain
from analysis.drawing.figure import command
from analysis.reading import LARGEST, headline, layers, line, variables
from experiments.run.folder import COLUMNS, RunError

MANY = 30  # panels
WIDE = 3  # times the least is the most, where a logarithmic axis says more than a linear one
NOISE = 1e-5  # of single precision: what is not larger is drawn as 0


def epoch_means(epochs, values):
    """Whole epochs, and the mean over the chunks of each; one that is still going has no mean yet.

    ``epochs`` (done at the end of each chunk) and ``values`` have shape (chunks,).
    """
    whole = np.unique(epochs[epochs == np.round(epochs)])
    means = np.array([values[np.ceil(epochs) == epoch].mean() for epoch in whole])
    return whole, means


def plot_training(epochs, values, ax):
    """What was measured in each chunk (light) and on average in each epoch; returns the axes.

    Parameters as of ``epoch_means``; values are errors (per cent), losses, or what else was
    measured.
    """
    ax.plot(epochs, values, color="C0", alpha=0.35, linewidth=0.9, label="training, each chunk")
    ax.plot(*epoch_means(epochs, values), ".-", color="C0", label="training, mean of the epoch")
    return ax


def plot_measure(epochs, values, ax):
    """A loss, or what else was measured; shape (chunks,). Returns the axes.

    The axis is logarithmic if values differ much; else it begins at 0, or below.
    """
    plot_training(epochs, values, ax)
    if 0 < WIDE * values.min() <= values.max() and values.max() > NOISE:
        return logarithmic(ax, values)
    if np.abs(values).max() <= NOISE:
        ax.set_ylim(0, NOISE)
    elif values.min() >= 0:
        ax.set_ylim(0, 1.08 * values.max())
    return ax


def plot_tests(epochs, errors, ax, examples=None, name="test"):
    """Errors of full tests (per cent), shape (tests,), the last in figures; returns the axes.

    ``examples``: images in a test, for the legend; ``name``: what such a test is.
    """
    label = f"{name} ({examples:,} images)" if examples else name
    ax.plot(epochs, errors, "o-", color="C1", label=label)
    style = {"textcoords": "offset fontsize", "va": "center", "color": "C1", "weight": "bold"}
    ax.annotate(f"{errors[-1]:.2f} %", (epochs[-1], errors[-1]), (0.7, 0), **style)
    return ax


def plot_quick_tests(epochs, errors, ax):
    """Errors (per cent) of tests on some images, within an epoch; arrays of shape (tests,)."""
    ax.plot(epochs, errors, "+", color="C1", alpha=0.7, markersize=3, label="quick test")
    return ax


def columns(run):
    """Chunks and tests of a run, each a dict of arrays by column of the metrics."""
    rows, path = run.metrics(), run.path / "metrics.csv"
    if any(row.get("epoch") is None for row in rows):
        raise RunError(f"{path} is damaged: it has a row without an epoch")
    chunks = [row for row in rows if row.get("training_error") is not None]
    tests = [row for row in rows if row.get("test_error") is not None]
    if not chunks or not any(row["epoch"].is_integer() for row in tests):
        raise RunError(f"{run.path} has no whole epoch and its test in metrics.csv yet")
    found = tuple({k: _numbers(part, k) for k in part[0]} for part in (chunks, tests))
    needed = ("epoch", "training_error", "output_loss"), ("epoch", "test_error", "test_examples")
    for part, names in zip(found, needed, strict=True):
        if not all(np.isfinite(part[name]).all() for name in names):
            raise RunError(f"{path} is damaged: not all of {', '.join(names)} are numbers")
    return found


def _numbers(rows, name):
    """A column as ndarray; nan where a cell is empty, or larger than anything that is measured."""
    cells = [row.get(name) for row in rows]
    return np.array([np.nan if x is None or not abs(x) < LARGEST else x for x in cells], float)


def draw(run):
    """Training error, test error, output loss and further measures against epochs."""
    chunks, tests = columns(run)
    full = tests["epoch"] == np.round(tests["epoch"])  # tests within an epoch are quick ones
    lower = _measures(run, chunks)
    heights = (3, *[2] * len(lower))
    figure, axes = plt.subplots(
        len(heights), 1, sharex=True, figsize=(6.7, 3 + 2 * len(lower)), height_ratios=heights
    )
    plot_training(chunks["epoch"], chunks["training_error"], axes[0])
    if not full.all():
        plot_quick_tests(tests["epoch"][~full], tests["test_error"][~full], axes[0])
    examples = int(tests["test_examples"][full][-1])
    name = "validation" if run.config().get("validation") else "test"
    plot_tests(tests["epoch"][full], tests["test_error"][full], axes[0], examples, name)
    logarithmic(axes[0], chunks["training_error"], tests["test_error"])
    axes[0].set(ylabel="error (%)")
    axes[0].legend(loc="upper right")
    for ax, (name, label) in zip(axes[1:], lower.items(), strict=True):
        plot_measure(chunks["epoch"], chunks[name], ax)
        ax.set(ylabel=label)
    axes[-1].set(xlabel="epochs", xlim=0)
    axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    figure.suptitle(plain(headline(run)))
    return figure


def _measures(run, chunks):
    """Column of the metrics -> its label, of what is drawn below the errors."""
    told = variables(run)
    unit = told["loss"]["unit"] if "loss" in told else "kHz^2"
    symbol = "" if "loss" in told else f" $L^{len(layers(run)) - 1}$"
    found = {"output_loss": labelled(f"output loss{symbol}", unit)}
    for name, values in chunks.items():
        if name not in COLUMNS and np.isfinite(values).all():
            label = plain(line(name.replace("_", " ")))
            found[name] = labelled(label, told.get(name, {}).get("unit", ""))
    if len(found) > MANY:
        raise RunError(f"{run.path / 'metrics.csv'} is damaged: no theory measures so much")
    return found


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command("learning_curve", draw, arguments, whole=True)


if __name__ == "__main__":
    sys.exit(main())
