"""Which cells spike when, and what does teaching change?

    python -m analysis.raster RUN [--images N]

Spikes of all populations over the recorded test images, input at the top and output at the
bottom. In the phases after an image's first, when it is taught, the rows of its class are shaded
deeper. Spikes that are other events too, such as bursts, if these were recorded, have a colour and
a width each. Plateaus, or whatever has ends, are bars, if both were recorded. Of what a page
recorded, 2 s and 100 cells of a population are drawn.
"""

import math
import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from analysis import intervals, reading
from analysis.drawing.axes import plain
from analysis.drawing.figure import command
from analysis.drawing.phases import Phases
from analysis.reading import in_order, output, read, when
from experiments.run.folder import RunError
from experiments.run.records import ABOUT

MARKED = (("#D55E00", 1.8), ("#0072B2", 1.2), ("#CC79A7", 2.4))  # of events: colour, width
OTHERS = "0.6"  # spikes that are none
LASTING = {"color": "#009E73", "alpha": 0.4, "zorder": 0.7}  # bars behind spikes
FEW = 100  # cells of an ensemble, which are all alike


def plot_raster(i, t, size, ax, color="C6", **look):
    """One stroke for each spike of a population of ``size`` neurons; returns the axes.

    ``i`` and ``t``, shape (spikes,), are the neuron and the time (ms) of each spike.
    """
    half = max(0.4, size / 250)  # in a large population a stroke covers more than its own row
    ax.vlines(t, i - half, i + half, color=color, **{"linewidth": 0.8} | look)
    ax.set_ylim(size - 0.5, -0.5)
    ax.yaxis.set_major_locator(MaxNLocator("auto", integer=True))
    return ax


def label_classes(size, units, ax):
    """Name the rows of the output by class, ``units`` in a row for each; returns the axes."""
    classes = range(size // units)
    ax.set_yticks([(label + 0.5) * units - 0.5 for label in classes], classes)
    ax.set_ylabel("output\n(class)")
    return ax


def mark_taught(starts, ends, labels, units, ax):
    """Deepen the shade of the taught class's rows while it is taught; returns the axes.

    Phases from ``starts`` to ``ends`` (ms) and the class of each image, all of shape (images,);
    ``units``: output units of a class.
    """
    for start, end, label in zip(starts, ends, labels, strict=True):
        rows = label * units - 0.5, (label + 1) * units - 0.5
        ax.fill_between([start, end], *rows, color="C4", alpha=0.6, linewidth=0, zorder=0.5)
    return ax


def plot_marked(i, t, size, marks, ax):
    """The same with a look for each kind of event, named above; returns the axes.

    ``marks``: name of an event -> whether each spike is one, ndarray of bool.
    """
    plot_raster(*(one[~np.any([*marks.values()], axis=0)] for one in (i, t)), size, ax, OTHERS)
    for (name, own), (color, width) in zip(marks.items(), MARKED, strict=False):
        plot_raster(i[own], t[own], size, ax, color, linewidth=width, label=name)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax


def plot_lasting(found, size, ax):
    """A bar from start to stop (ms) for each interval of a population; returns the axes.

    ``found``: kind -> (cell, start, stop), ndarrays of shape (intervals,).
    """
    for kind, (i, start, stop) in found.items():
        height = max(2, 100 / size)  # points; of few cells it fills their rows
        ax.hlines(i, start, stop, linewidth=height, label=kind, **LASTING)
    if found:
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax


def _lasting(file, phases):
    """Population -> kind -> intervals that begin in the phases."""
    end, found = phases.end[-1], {}
    times = {
        kind: {name: reading.spikes(file, name, math.inf, kind) for name in file[kind]}
        for kind in file
        if kind not in ABOUT and all("i" in file[kind][name] for name in file[kind])
    }
    last = np.append(phases.onsets()[1:], end)
    for kind, populations in intervals.of(times, last).items():
        for name, own in populations.items():
            shown = own[1] < end
            if shown.any():
                found.setdefault(name, {})[kind] = tuple(values[shown] for values in own)
    return found


def _marks(file, populations, end):
    """Population -> marks of its spikes before ``end`` (ms)."""
    found = {}
    for name in populations:
        before = file[f"spikes/{name}/t"][()] < end
        marks = {k: v[before] for k, v in reading.marks(file, name).items()}
        found[name] = {k: v for k, v in marks.items() if v.any()}
    return found


def _few(found, marks):
    """The same of the first cells of each population."""
    for name, (i, t, size) in found.items():
        first = i < FEW
        found[name] = i[first], t[first], min(size, FEW)
        marks[name] = {k: v[first] for k, v in marks[name].items()}
    return found, marks


def spikes(run, file, end):
    """Spikes before ``end`` (ms) as ``{population: (i, t, size)}``, from input to output."""
    if "spikes" not in file:
        read(file, "spikes")  # says how to record them
    found = {}
    for name in in_order(run, file["spikes"]):
        i, t, size = reading.spikes(file, name, math.inf)
        found[name] = i[t < end], t[t < end], size
    return found


def draw(run, images=2):
    """Spike raster of all populations over the recorded images."""
    with run.records() as file:
        phases = Phases.read(file, images).cut()
        found = spikes(run, file, phases.end[-1])
        lasting = _lasting(file, phases)
        marks = _marks(file, found, phases.end[-1])
        if reading.of_page(run):
            found, marks = _few(found, marks)
        classes = int(file.attrs["classes"])
    if not found:
        raise RunError(f"{run.path} holds no spikes: record them with --record spikes")
    heights = [1.4, *[2] * (len(found) - 2), 1.6][-len(found) :]
    size = 1.1 + 2.8 * phases.columns, 1.2 + sum(heights)
    figure, axes = plt.subplots(
        len(found), 1, sharex=True, figsize=size, height_ratios=heights, squeeze=False
    )
    axes = axes[:, 0]
    phases.shade(axes)
    phases.write_names(axes[0], labels=not reading.of_page(run))
    for ax, (name, population) in zip(axes, found.items(), strict=True):
        if marks[name]:
            plot_marked(*population, marks[name], ax)
        else:
            plot_raster(*population, ax)
        plot_lasting(lasting.get(name, {}), population[2], ax)
        ax.set_ylabel(name.replace("_", " "))
    last, (*_, size) = list(found.items())[-1]
    if last == output(run) and size % classes == 0 and not reading.of_page(run):
        label_classes(size, size // classes, axes[-1])
        later = phases.name != phases.names[0]
        taught = (values[later] for values in (phases.start, phases.end, phases.label))
        mark_taught(*taught, size // classes, axes[-1])
    axes[-1].set_xlabel("time (ms)")
    figure.align_ylabels(axes)
    figure.suptitle(plain(when(run)))
    return figure


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    images = {"type": int, "default": 2, "metavar": "N", "help": "images to draw (default: 2)"}
    return command("raster", draw, arguments, images=images)


if __name__ == "__main__":
    sys.exit(main())
