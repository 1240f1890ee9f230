"""What was the network shown, and what did it answer?

    python -m analysis.examples RUN [--images N]

The recorded images, each with the answer of every class: the largest (dark) is the network's, the
row of the class shown is shaded. In the place of an image, a spike train is drawn as the spikes of
the input cells in its first phase; of on and off cells, what the former fire more than the latter
(grey: neither fires), and of those for opponent colours those for lightness alone. They were shown
as images are in training, which may be for a shorter time than in a test.
"""

import sys
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from analysis.confusion import short
from analysis.drawing.axes import plain
from analysis.drawing.figure import command
from analysis.drawing.phases import Phases
from analysis.raster import plot_raster
from analysis.reading import LARGEST, check, in_order, read, spikes, when
from experiments.run.folder import RunError

ROWS = 12  # classes whose answers are shown; of more, those that answered most
BESIDE = 2  # examples in a row
BRIGHT = 1 + 1e-6  # the brightest pixel
COLOURS, ON_OFF = 3, (2, 6)  # parts of an image with colour, and of one for on and off cells


class Examples(NamedTuple):
    """Recorded images and the answers to them."""

    images: np.ndarray | None  # (images, rows, columns), one row where it is not known how many;
    # with colour (images, rows, columns, 3)
    labels: np.ndarray  # (images,)
    answers: np.ndarray  # (images, classes)
    names: tuple  # of the classes
    trains: tuple = ()  # in the place of images: a ``Train`` each


class Train(NamedTuple):
    """What input cells were given in an example's first phase."""

    i: np.ndarray  # (spikes,), cells
    t: np.ndarray  # (spikes,), ms since the example's onset
    size: int  # cells
    lasts: float  # ms


def load(run):
    """The ``Examples`` of a run; RunError if there are none, or they are damaged."""
    with run.records() as file:
        if "answers" not in file:
            raise RunError(
                f"{file.filename} holds no images and answers: the run is of an earlier version; "
                "with --resume --record it records them"
            )
        labels, answers = read(file, "labels"), read(file, "answers").astype(float)
        images, trains = (_images(file), ()) if "images" in file else (None, _trains(run, file))
        check((np.abs(answers) < LARGEST).all(), file, "answers")  # which no nan is
        known = labels.dtype.kind in "iu" and ((labels >= 0) & (labels < answers.shape[1])).all()
        check(known, file, "labels")
    return Examples(images, labels, answers, _names(run, answers), trains)


def _images(file):
    """What was shown, as in ``Examples``."""
    images = read(file, "images").astype(float)
    sides = [int(file["images"].attrs.get(side, 0)) for side in ("rows", "columns")]
    check(len(images) and ((images >= 0) & (images <= BRIGHT)).all(), file, "images")
    if not all(sides):
        return images[:, None]
    images = images.reshape(len(images), -1, *sides)
    if images.shape[1] == COLOURS:
        return np.moveaxis(images, 1, 3).clip(0, 1)
    if images.shape[1] in ON_OFF:
        return (1 + images[:, 0] - images[:, 1]) / 2
    return images.reshape(len(images), -1, sides[1])  # one below the other, if there are several


def _trains(run, file):
    """The ``Train`` of each example, which are no images."""
    if "spikes" not in file:
        raise RunError(
            f"{file.filename}: the examples are spike trains, and spikes were not recorded: record "
            "them with --resume --record spikes"
        )
    phases = Phases.read(file, sys.maxsize)
    i, t, size = spikes(file, in_order(run, file["spikes"])[0], phases.end[-1])
    firsts = np.flatnonzero(np.diff(phases.image, prepend=-1))
    spans = zip(phases.start[firsts].tolist(), phases.end[firsts].tolist(), strict=True)
    within = [(start, end, (t >= start) & (t < end)) for start, end in spans]
    return tuple(Train(i[own], t[own] - start, size, end - start) for start, end, own in within)


def _names(run, answers):
    """What the classes are called, where the table of the last test says it."""
    classes = answers.shape[1]
    try:
        names = run.confusion().names
    except RunError:  # which its own figure says
        names = ()
    return names if len(names) == classes else tuple(map(str, range(classes)))


def plot_image(image, ax):
    """An image of shape (rows, columns), black to white, or with 3 colours; returns the axes."""
    aspect = "equal" if len(image) > 1 else "auto"
    ax.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="none", aspect=aspect)
    ax.set_box_aspect(None if len(image) > 1 else 0.3)  # a strip, where rows are not known
    ax.set(xticks=[], yticks=[])
    return ax


def plot_train(train, ax):
    """What input cells were given, a ``Train``; returns the axes."""
    plot_raster(*train[:3], ax)
    ax.set(xlim=(0, train.lasts), xticks=[], yticks=[], xlabel=f"{train.lasts:g} ms")
    ax.set_box_aspect(1)
    return ax


def plot_answers(answers, label, names, ax):
    """The answer of each class, shape (classes,), or of those that answered most.

    The largest is dark; the row of the class shown is shaded. Returns the axes.
    """
    places = np.arange(len(answers))
    if len(places) > ROWS:
        largest = np.argsort(-answers, kind="stable")[:ROWS]
        largest[-1] = largest[-1] if label in largest else label
        places = np.sort(largest)
    lines, values = np.arange(len(places)), answers[places]
    chosen = places == np.argmax(answers)
    ax.plot(values[~chosen], lines[~chosen], "o", color="0.55", markerfacecolor="white")
    ax.plot(values[chosen], lines[chosen], "o", color="C0", markersize=6)
    ax.set_yticks(lines, [plain(short(names[place])) for place in places])
    for line, place, text in zip(lines, places, ax.get_yticklabels(), strict=True):
        shown = place == label
        text.set(size=7, weight="bold" if shown else "normal")
        style = {"color": "0.85", "linewidth": 8} if shown else {"color": "0.93", "linewidth": 0.8}
        ax.axhline(line, zorder=0, **style)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(lines) - 0.4, -0.6)
    ax.margins(x=0.1)
    ax.spines["left"].set_visible(False)
    return ax


def draw(run, images=6):
    """Recorded images, and the answer of each class."""
    if images < 1:
        raise RunError(f"--images: at least 1, not {images}")
    found = load(run)
    count = min(images, len(found.labels))
    rows, lines = -(-count // BESIDE), min(ROWS, found.answers.shape[1])
    size = 6.7, 0.5 + rows * (0.75 + 0.13 * max(lines, 6))
    figure, axes = plt.subplots(
        rows, 2 * BESIDE, figsize=size, width_ratios=(1, 1.4) * BESIDE, squeeze=False
    )
    for k, (left, right) in enumerate(axes.reshape(-1, 2)):
        if k >= count:
            left.set_axis_off(), right.set_axis_off()
            continue
        label, answers = found.labels[k], found.answers[k]
        if found.trains:
            plot_train(found.trains[k], left)
        else:
            plot_image(found.images[k], left)
        left.set_title(f"shown: {_called(found, label)}")
        left.set_anchor("N")
        answered = int(np.argmax(answers))
        verdict = "answered" if answered == label else "wrong"
        plot_answers(answers, label, found.names, right)
        right.set_title(f"{verdict}: {_called(found, answered)}")
    figure.suptitle(plain(when(run)))
    _settle(figure)
    return figure


def _settle(figure):
    """Keep the layout as found, but for its last digits: the same figure gives the same bytes."""
    figure.draw_without_rendering()
    places = [ax.get_position(original=True).bounds for ax in figure.axes]
    figure.set_layout_engine("none")
    for ax, place in zip(figure.axes, places, strict=True):
        ax.set_position(np.round(place, 4))


def _called(found, label):
    return plain(short(found.names[label]))


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    images = {"type": int, "default": 6, "metavar": "N", "help": "images to draw (default: 6)"}
    return command("examples", draw, arguments, images=images)


if __name__ == "__main__":
    sys.exit(main())
