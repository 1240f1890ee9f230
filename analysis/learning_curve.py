"""Does the network learn, how fast, and where does it end?

    python -m analysis.learning_curve RUN

Upper panel: per cent of images whose class is wrong, against epochs. Lower panel: the output loss.
The training error may lie above the test error: it is scored while the weights still change and
on forward phases of some 50 ms, while a test image is shown for 250 ms.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, StrMethodFormatter

from analysis.drawing.figure import command, headline, layers
from experiments.run.folder import RunError


def epoch_means(epochs, values):
    """Mean over the chunks of each whole epoch.

    Parameters
    ----------
    epochs : ndarray, shape (chunks,)
        Epochs done at the end of each chunk.
    values : ndarray, shape (chunks,)

    Returns
    -------
    whole, means : ndarray, shape (whole epochs,)
        An epoch that is still going has no mean yet.
    """
    whole = np.unique(epochs[epochs == np.round(epochs)])
    means = np.array([values[np.ceil(epochs) == epoch].mean() for epoch in whole])
    return whole, means


def plot_training(epochs, values, ax):
    """What was measured in each chunk (light) and on average in each epoch; returns the axes.

    Parameters
    ----------
    epochs : ndarray, shape (chunks,)
        Epochs done at the end of each chunk.
    values : ndarray, shape (chunks,)
        Error (per cent) or loss (kHz^2).
    ax : Axes
    """
    ax.plot(epochs, values, color="C0", alpha=0.35, linewidth=0.9, label="training, each chunk")
    ax.plot(*epoch_means(epochs, values), ".-", color="C0", label="training, mean of the epoch")
    return ax


def plot_tests(epochs, errors, ax, examples=None):
    """Errors of full tests, the last in figures; returns the axes.

    Parameters
    ----------
    epochs, errors : ndarray, shape (tests,)
        When, and the error in per cent.
    ax : Axes
    examples : int or None
        Images in a test, for the legend.
    """
    label = f"test ({examples:,} images)" if examples else "test"
    ax.plot(epochs, errors, "o-", color="C1", label=label)
    ax.annotate(
        f"{errors[-1]:.2f} %",
        (epochs[-1], errors[-1]),
        (0.7, 0),
        textcoords="offset fontsize",
        va="center",
        color="C1",
        weight="bold",
    )
    return ax


def plot_quick_tests(epochs, errors, ax):
    """Errors (per cent) of tests on some images, within an epoch; arrays of shape (tests,)."""
    ax.plot(epochs, errors, "+", color="C1", alpha=0.7, markersize=3, label="quick test")
    return ax


def logarithmic(ax, *values, axis="y"):
    """A logarithmic axis with plain numbers; returns the axes.

    ``values`` are the arrays on the axes; a zero, such as no error at all, keeps the axis linear.
    ``axis`` is "x" or "y".
    """
    there = np.concatenate([v for v in values if len(v)])
    if there.min() > 0:
        ax.set(**{f"{axis}scale": "log"})
        subs = (1, 2, 5) if there.max() > 10 * there.min() else (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
        scale = ax.xaxis if axis == "x" else ax.yaxis
        scale.set_major_locator(LogLocator(subs=subs, numticks=20))
        scale.set_major_formatter(StrMethodFormatter("{x:g}"))
        scale.set_minor_formatter(NullFormatter())
    return ax


def columns(run):
    """Chunks and tests of a run, each a dict of arrays by column of the metrics."""
    rows = run.metrics()
    if any(row.get("epoch") is None for row in rows):
        raise RunError(f"{run.path / 'metrics.csv'} is damaged: it has a row without an epoch")
    chunks = [row for row in rows if row.get("training_error") is not None]
    tests = [row for row in rows if row.get("test_error") is not None]
    if not chunks or not any(row["epoch"].is_integer() for row in tests):
        raise RunError(f"{run.path} has no whole epoch and its test in metrics.csv yet")
    return tuple(
        {k: np.array([row[k] for row in part]) for k in part[0]} for part in (chunks, tests)
    )


def draw(run):
    """Training error, test error and output loss against epochs."""
    chunks, tests = columns(run)
    full = tests["epoch"] == np.round(tests["epoch"])  # tests within an epoch are quick ones
    figure, (upper, lower) = plt.subplots(2, 1, sharex=True, figsize=(6.7, 5), height_ratios=(3, 2))
    plot_training(chunks["epoch"], chunks["training_error"], upper)
    if not full.all():
        plot_quick_tests(tests["epoch"][~full], tests["test_error"][~full], upper)
    examples = int(tests["test_examples"][full][-1])
    plot_tests(tests["epoch"][full], tests["test_error"][full], upper, examples)
    logarithmic(upper, chunks["training_error"], tests["test_error"])
    upper.set(ylabel="error (%)")
    upper.legend(loc="upper right")
    plot_training(chunks["epoch"], chunks["output_loss"], lower)
    logarithmic(lower, chunks["output_loss"])
    lower.set(xlabel="epochs", ylabel=f"output loss $L^{len(layers(run)) - 1}$ (kHz$^2$)", xlim=0)
    lower.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    figure.suptitle(headline(run))
    return figure


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command("learning_curve", draw, arguments)


if __name__ == "__main__":
    sys.exit(main())
