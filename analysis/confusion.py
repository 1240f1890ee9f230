"""Which classes does the network take for which?

    python -m analysis.confusion RUN

All images of the last test: a row for each class that was shown, a column for each answer. Right
answers are on the framed diagonal; the more images another cell has, the darker it is.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.axes import plain
from analysis.drawing.figure import command
from analysis.reading import headline

MANY = 25  # classes whose counts and names can be read
LETTERS = 16  # of a name beside a figure


def plot_confusion(counts, names, ax):
    """Images by class shown (rows) and answered (columns), shape (classes, classes).

    Returns the axes.
    """
    classes = len(counts)
    right = np.eye(classes, dtype=bool)
    most = counts[~right].max(initial=0) or 1
    shown = ax.imshow(np.where(right, 0, counts), cmap="Greys", vmin=0, vmax=1.25 * most)
    if classes <= MANY:
        _write_counts(counts, most, ax)
        ticks = range(classes), [plain(short(name)) for name in names]
        ax.set_xticks(*ticks, rotation=90 if max(map(len, names)) > 2 else 0)
        ax.set_yticks(*ticks)
    else:
        ax.plot([-0.5, classes - 0.5], [-0.5, classes - 0.5], color="C0", linewidth=0.6)
        ax.figure.colorbar(shown, shrink=0.7).set_label("images, of wrong answers")
    ax.tick_params(length=0)
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.spines[:].set_visible(True)
    ax.set(xlabel="class answered", ylabel="class shown")
    return ax


def _write_counts(counts, most, ax):
    """A number in each cell that has images, and a frame around those of right answers."""
    style = {"ha": "center", "va": "center", "fontsize": 8 if len(counts) <= 12 else 5.5}
    for row, column in zip(*np.nonzero(counts), strict=True):
        right = row == column
        on_dark = not right and counts[row, column] > 0.7 * most
        look = {"color": "white" if on_dark else "black", "weight": "bold" if right else "normal"}
        ax.text(column, row, f"{counts[row, column]}", **style | look)
    for k in range(len(counts)):
        ax.add_patch(plt.Rectangle((k - 0.5, k - 0.5), 1, 1, fill=False, edgecolor="C0"))


def short(name):
    """A name, cut where it is too long to stand beside a figure."""
    return name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…"


def mistakes(found, most=3):
    """Mistakes made more than once, as (class shown, class answered, images); the most first."""
    wrong = np.where(np.eye(len(found.counts), dtype=bool), 0, found.counts)
    order = np.argsort(-wrong, axis=None, kind="stable")[:most]
    places = zip(*np.unravel_index(order, wrong.shape), strict=True)
    listed = [(found.names[i], found.names[j], int(wrong[i, j])) for i, j in places]
    return [(shown, answered, images) for shown, answered, images in listed if images > 1]


def said(found, kind="test images"):
    """A ``Confusion`` in a sentence or two; ``kind``: of what images."""
    images = int(found.counts.sum())
    wrong = images - int(np.trace(found.counts))
    text = f"{wrong:,} of {images:,} {kind} were answered wrongly: {100 * wrong / images:.2f} %."
    listed = [f"{a} taken for {b} ({n:,})" for a, b, n in mistakes(found)]
    return text + (f" Most frequent: {', '.join(listed)}." if listed else "")


def draw(run):
    """Which class was answered for which in the last test."""
    found = run.confusion()
    figure, ax = plt.subplots(figsize=(5.2, 5.2))
    plot_confusion(found.counts, found.names, ax)
    figure.suptitle(plain(headline(run)))
    return figure


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command("confusion", draw, arguments, whole=True)


if __name__ == "__main__":
    sys.exit(main())
