"""What has been learned: how are the weights spread now, and what do the first cells look for?

    python -m analysis.weights RUN [--cells N]

Upper panels: every array of the last checkpoint, beside those that the run began with. Lower
panels, if the input is a square image: the weights from the pixels to the first cells of the first
layer, as images (their receptive fields). Of on and off cells: from the former minus from the
latter, and with opponent colours from those for lightness. With colour there are no such panels.
"""

import math
import sys
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.axes import labelled, plain, symbol, unit_text
from analysis.drawing.figure import command
from analysis.reading import LARGEST, PLAIN, line, sizes, variables, when
from experiments.run.folder import RunError, of_epoch

INITIAL = of_epoch(0)
MANY = 100  # arrays
ON_OFF = {"on-off": 2, "colour-opponent": 6}  # encoding -> parts of the input, on and off first
BINS = 41  # odd, so that zero is in the middle of a bin


class Change(NamedTuple):
    """An array of weights in numbers; norms are Frobenius norms."""

    shape: tuple
    mean: float
    sd: float
    norm: float
    relative: float  # norm of the change since the beginning / norm at the beginning


def change(now, initial):
    """Weights in numbers; both arrays are of the same shape and in the same unit.

    The relative change of what began at zero is infinite, or 0 if it is still there.
    """
    moved, began = np.linalg.norm(now - initial), np.linalg.norm(initial)
    relative = moved / began if began else (math.inf if moved else 0.0)
    return Change(now.shape, now.mean(), now.std(), np.linalg.norm(now), relative)


def plot_histogram(now, initial, ax):
    """How weights are spread, now and at the beginning, in the same unit; returns the axes."""
    largest = max(np.abs(now).max(), np.abs(initial).max()) or 1.0
    bins = np.linspace(-largest, largest, BINS + 1)
    ax.hist(initial.ravel(), bins, histtype="stepfilled", color="0.75", label="at the beginning")
    ax.hist(now.ravel(), bins, color="C0", histtype="step", linewidth=1.3, label="now")
    ax.set_yscale("log")
    ax.set_ylim(bottom=0.7)
    ax.ticklabel_format(axis="x", scilimits=(-2, 4))  # else small numbers do not fit
    return ax


def plot_fields(weights, ax, columns=8):
    """Weights from a square image to some cells, side by side as images; returns the axes.

    A cell's number is that of its row plus that of its column. ``weights`` has shape (pixels,
    cells), with the rows of the image one after the other; ``columns``: cells in a row.
    """
    side, cells = math.isqrt(len(weights)), weights.shape[1]
    columns = min(columns, cells)
    step = side + max(1, side // 8)  # with a gap
    sheet = np.full((step * -(-cells // columns), step * columns), np.nan)
    for cell in range(cells):
        row, column = (step * place for place in divmod(cell, columns))
        sheet[row : row + side, column : column + side] = weights[:, cell].reshape(side, side)
    limit = np.quantile(np.abs(weights), 0.995) or 1.0  # the few beyond are as deep in colour
    ax.imshow(sheet, cmap="RdBu_r", vmin=-limit, vmax=limit, interpolation="none")
    middle = (side - 1) / 2
    ax.set_xticks(step * np.arange(columns) + middle, range(columns))
    rows = range(0, cells, columns)
    ax.set_yticks(step * np.arange(len(rows)) + middle, [f"{row} +" for row in rows])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def fields(run, weights):
    """Name of the first matrix from the input, if that can be square images; else None."""
    matrices = {name: len(now) for name, (now, _) in weights.items() if now.ndim == 2}
    inputs = next(iter((sizes(run) or matrices).values()))
    pixels, left = divmod(inputs, _parts(run))
    if left or pixels < 4 or math.isqrt(pixels) ** 2 != pixels:
        return None
    return next((name for name, rows in matrices.items() if rows == inputs), None)


def from_pixels(run, weights):
    """Weights of shape (inputs, cells) as (pixels, cells): of on cells minus of off cells."""
    parts = _parts(run)
    pixels = len(weights) // parts
    return weights if parts == 1 else weights[:pixels] - weights[pixels : 2 * pixels]


def _parts(run):
    return ON_OFF.get(line(run.config().get("encoding", PLAIN)), 1)


def load(run):
    """All numbers now and at the beginning, ``{name: (now, initial)}``, matrices first.

    RunError if they are missing, damaged, or not those of one network.
    """
    now, initial = run.state().state, run.state(INITIAL).state
    kinds = [{n: (v.shape, v.dtype.kind) for n, v in w.items()} for w in (now, initial)]
    if kinds[0] != kinds[1] or not any(len(shape) == 2 for shape, _ in kinds[0].values()):
        raise RunError(f"{run.path / 'weights'} holds weights that do not belong together")
    for name, values in now.items():
        numbers = values.dtype.kind in "fiub" and values.size
        pair = [values, initial[name]]
        if not numbers or not all((np.abs(v.astype(float)) < LARGEST).all() for v in pair):
            raise RunError(f"{run.path / 'weights'} holds values of {name} that are not numbers")
    if len(now) > MANY:
        raise RunError(f"{run.path / 'weights'} holds more arrays than any network has")
    order = sorted(now, key=lambda name: -now[name].ndim)
    return {name: (now[name].astype(float), initial[name].astype(float)) for name in order}


def draw(run, cells=24):
    """Weights now and at the beginning, and receptive fields of the first layer."""
    if cells < 1:
        raise RunError(f"--cells: 1 or more, not {cells}")
    weights, told = load(run), variables(run)
    shown = {name: pair for name, pair in weights.items() if np.any(pair)}
    first = fields(run, weights)
    rows, below = -(-len(shown) // 3), 0
    if first:
        below = -(-min(cells, weights[first][0].shape[1]) // 8)
    figure = plt.figure(figsize=(6.7, 0.6 + 1.7 * rows + (0.3 + 0.75 * below) * bool(below)))
    grid = figure.add_gridspec(rows + below, 3, height_ratios=[1.7] * rows + [0.85] * below)
    for panel, (name, pair) in enumerate(shown.items()):
        ax = figure.add_subplot(grid[divmod(panel, 3)])
        plot_histogram(*pair, ax)
        about = told.get(name, {"meaning": "", "unit": ""})
        gap = "\n" if len(about["meaning"]) > 20 else " "
        title = f"{plain(line(about['meaning']))}{gap}{symbol(line(name))}".strip()
        ax.set(title=title, xlabel=unit_text(about["unit"]))
        if panel % 3 == 0:
            ax.set_ylabel("number")
    if shown:
        figure.legend(*ax.get_legend_handles_labels(), loc="outside upper right", ncols=2)
    if below:
        found = from_pixels(run, weights[first][0][:, :cells])
        ax = plot_fields(found, figure.add_subplot(grid[rows:, :]))
        ax.set_title("receptive fields of the first layer, by cell")
        bar = figure.colorbar(ax.images[0], extend="both", aspect=30)
        bar.set_label(labelled("weight from a pixel", told.get(first, {}).get("unit", "")))
    figure.suptitle(plain(when(run)), x=0.02, ha="left")  # beside the legend
    figure.draw_without_rendering()  # settles the ticks, which the layout depends on
    return figure


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    cells = {"type": int, "default": 24, "metavar": "N", "help": "fields to draw (default: 24)"}
    return command("weights", draw, arguments, cells=cells)


if __name__ == "__main__":
    sys.exit(main())
