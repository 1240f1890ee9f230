"""What all figures share: their commands, the style, the phases behind a time axis.

A figure of one run takes `RUN [--out FILE]`; a figure of the paper, `[--results DIR] [--out FILE]`.

Exit status of the command: 0 done, 2 if the run cannot be drawn (one line on stderr), 130 after
Ctrl-C.
"""

import os
from functools import partial
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np

from experiments.run.command import Parser, guarded
from experiments.run.folder import RunError, RunFolder
from experiments.study.results import ROOT, Results

matplotlib.use("Agg")  # files only: no window, so it works where there is no screen

import matplotlib.pyplot as plt  # noqa: E402  (after the choice of backend)

STYLE = Path(__file__).with_name("style.mplstyle")
KEPT = "what was drawn is kept"
SHADES = {"forward": ("C5", 0.12), "target": ("C4", 0.25)}  # phase -> colour, opacity


def command(name, draw, arguments=None, place=None, save=None, **options):
    """Draw one figure of one run; returns the exit status.

    ``name`` is that of its module and of its file in ``RUN/figures``; ``draw(run, **values of the
    options)`` returns a Figure; each of ``options`` holds keywords of ``add_argument``. What is no
    Figure needs ``save(what draw gave, path)``, and ``place``, its file in the run folder.
    """
    place = place or f"figures/{name}.png"
    parser = Parser(prog=f"analysis.{name}", description=draw.__doc__, allow_abbrev=False)
    parser.add_argument("run", metavar="RUN", help="run folder")
    parser.add_argument("--out", metavar="FILE", help=f"default: RUN/{place}")
    for option, keywords in options.items():
        parser.add_argument(f"--{option}", **keywords)
    given = vars(parser.parse_args(arguments))
    run, out = RunFolder(given.pop("run")), given.pop("out")
    path = Path(out) if out else run.path / place

    def action(path):
        run.config()  # first of all: is it a run folder?
        _save(partial(draw, run, **given), path, save or write)

    return guarded(parser.prog, action, path, KEPT)


def figure(name, draw, arguments=None, more=None, table=None):
    """Draw one figure of the paper from its kept results; returns the exit status.

    ``name`` is that of its module, its page and its folder; ``draw(results)`` returns a Figure.
    ``more(results)``, if given, names further figures of the folder: file name without its ending
    -> draw. ``table(results)``, if given, is text in Markdown that is kept beside the figure.
    ``--out`` asks for the first alone.
    """
    parser = Parser(prog=f"analysis.{name}", description=draw.__doc__, allow_abbrev=False)
    parser.add_argument("--results", default=ROOT, metavar="DIR", help=f"default: {ROOT}")
    parser.add_argument("--out", metavar="FILE", help=f"default: DIR/{name}/{name}.png")
    given = parser.parse_args(arguments)
    results = Results(name, given.results)
    path = Path(given.out) if given.out else results.path / f"{name}.png"

    def action(path):
        _save(partial(draw, results), path, write)
        if given.out:
            return
        if table is not None:
            _save(partial(table, results), path.with_suffix(".md"), write_text)
        for stem, one in (more(results) if more else {}).items():
            _save(partial(one, results), results.path / f"{stem}.png", write)

    return guarded(parser.prog, action, path, KEPT)


def _save(make, path, save):
    """Make a figure in the common style, save it, and say where."""
    if not path.name:
        raise RunError(f"--out: {path} is a folder, not a file")
    with plt.style.context(STYLE):
        save(make(), path)
    print(path)


def write(figure, path):
    """Write a figure beside its place and rename it, so that a broken one is never left there."""
    kind = path.suffix[1:].lower() or "png"
    part = path.with_name(f"{path.name}.part")
    try:
        if kind not in figure.canvas.get_supported_filetypes():
            raise RunError(f"{path}: cannot write a figure as .{kind}; use .png, .pdf or .svg")
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(part, format=kind)
        os.replace(part, path)
    finally:
        plt.close(figure)
        part.unlink(missing_ok=True)


def write_text(text, path):
    """Write text beside its place and rename it."""
    RunFolder(path.parent).write_text(path.name, text)


def layers(run):
    """Sizes of the hidden layers, then of the output, as a list of int."""
    try:
        return [int(size) for size in run.config()["layers"]]
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{run.path / 'config.json'} does not say which layers there are") from error


def headline(run):
    """A line that tells one run from another: data set, layers, seed, and a variant's name."""
    config = run.config()
    sizes = "-".join(map(str, layers(run)))
    line = f"{config.get('dataset', '?')}, layers {sizes}, seed {config.get('seed', '?')}"
    variant = Path(str(config.get("variant", "paper"))).stem
    return line if variant == "paper" else f"{variant}: {line}"


def read(file, name):
    """An array from an open file of records; RunError if it was not recorded."""
    try:
        if name in file:
            return file[name][()]
    except (OSError, KeyError, RuntimeError) as error:  # what h5py raises depends on the damage
        raise RunError(f"{file.filename} is damaged at {name}: {error}") from error
    kind = name.split("/")[0]
    raise RunError(f"{file.filename} has no {name}: record it with --record {kind}")


class Phases(NamedTuple):
    """The phases of some images; each field is an ndarray of shape (phases,)."""

    start: np.ndarray  # ms
    end: np.ndarray  # ms
    name: np.ndarray  # "forward" or "target"
    image: np.ndarray  # counted from 0
    label: np.ndarray  # class of the image

    @classmethod
    def read(cls, file, images):
        """The phases of the first ``images`` recorded images."""
        if images < 1:
            raise RunError(f"--images: at least 1, not {images}")
        start, end, name, image = (read(file, f"phases/{k}") for k in cls._fields[:4])
        if not len(start):
            raise RunError(f"{file.filename} holds no image: name some with --record-images")
        shown = image < images
        label = read(file, "labels")[image]
        return cls(start[shown], end[shown], name.astype(str)[shown], image[shown], label[shown])

    def shade(self, axes):
        """Tell the phases apart by shade, and the images by a line, in each of the axes."""
        for ax in axes:
            for start, end, name in zip(self.start, self.end, self.name, strict=True):
                colour, alpha = SHADES[name]
                ax.axvspan(start, end, color=colour, alpha=alpha, linewidth=0, zorder=0)
            for start in self.start[self.name == "forward"][1:]:
                ax.axvline(start, color="0.25", linewidth=1.0, zorder=1)
            ax.set_xlim(0, self.end[-1])

    def write_names(self, ax):
        """Above the axes: the name of each phase and, over it, the label of each image."""
        above = {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset fontsize"}
        for start, end, name in zip(self.start, self.end, self.name, strict=True):
            ax.annotate(name, ((start + end) / 2, 1), (0, 0.4), ha="center", color="0.3", **above)
        for image in np.unique(self.image):
            own = self.image == image
            middle = (self.start[own].min() + self.end[own].max()) / 2
            text = f"image '{self.label[own][0]}'"
            ax.annotate(text, (middle, 1), (0, 1.8), ha="center", weight="bold", **above)
