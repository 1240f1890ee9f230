"""The same from a script or a notebook: build, train, show images, look.

    from experiments import workbench

    run = workbench.train("runs/mine", preset="demo", epochs=3)       # as the command does
    net = workbench.network(weights="runs/mine@2", g_a=0.05)          # a lesion, after epoch 2
    out = net.show([0, 1], record=("spikes", "voltages"))             # two test images
    out.hidden_0.V_a                                                  # (time, cell), mV

Options are those of ``experiments.train``, by name: ``g_a=0.05`` is ``--g-a 0.05``. What is refused
there is a ValueError here, with the same sentence.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from brian2.utils.logger import brian_excepthook

from experiments.run import dataset, encodings, inherit, loop
from experiments.run import folder as folders
from experiments.run.config import chosen
from experiments.run.record import recording
from experiments.run.trains import of_trains
from models import progress
from models.engine.recording import SPIKES
from models.theory import Inputs

if sys.excepthook is brian_excepthook:  # which takes any error of a script for one of Brian2
    sys.excepthook = sys.__excepthook__
ALL = None  # cells, where all are meant
SHOWN = 10  # first names of classes in a sentence
FILE = "data.npz"  # in a run folder: arrays that were trained on


class Spikes(NamedTuple):
    """Spikes of a population, or other events.

    ``analysis.raster.plot_raster(*spikes, ax)`` draws them.

    Attributes
    ----------
    i, t : ndarray, shape (spikes,)
        Cell and time (ms) of each.
    size : int
        Cells of the population, silent ones included.
    """

    i: np.ndarray
    t: np.ndarray
    size: int


class Shown:
    """What cells did while images were shown: an attribute for each population.

    ``out.hidden_0.V_a`` holds a variable that is recorded in each step, shape (time, cell);
    ``out.hidden_0.alpha_f`` one of each image, (image, cell), or (image,) of what is one number for
    all cells; ``out.hidden_0.spikes`` is ``Spikes``, and so is what else has times. Units are those
    of the figures.

    Attributes
    ----------
    t : ndarray, shape (time,)
        Time of each step, ms since the first image's onset; None if no step was recorded.
    cells : dict
        Population -> the cells that were recorded in each step, in the order of columns.
    answers : ndarray, shape (image, class), or None
        The largest is the class that was chosen.
    images, labels : ndarray, shape (image, pixel) and (image,)
    phases : list of (start, end, name)
        Of all images in turn, ms.
    measures : dict of ndarray, shape (image,)
    state : dict of ndarray, or None
        What is learned after these images.
    """

    def __init__(self, records, sizes, units, cells, **about):
        self._units, self.cells, self.t = units, cells, None
        self.answers = self.images = self.labels = self.state = None
        self.phases, self.measures = [], {}
        vars(self).update(about)
        for population in dict.fromkeys(name for _, name, _ in records):
            setattr(self, population, SimpleNamespace())
        for (kind, population, variable), values in records.items():
            held = getattr(self, population)
            if (kind, population, "i") in records:
                i, t = (records[kind, population, name] for name in "it")
                setattr(held, kind, Spikes(i.astype(int), t, sizes[population]))
            elif variable == "t":
                self.t = values
            else:
                setattr(held, variable, values)

    def unit(self, variable):
        """The unit of a variable, such as "mV"; KeyError if there is none of that name."""
        return self._units[variable]


class Net:
    """A network and what it has learned; ``network`` makes one.

    Attributes
    ----------
    state : dict of ndarray
        What is learned, by name; another of the same names and shapes may be put here, and what is
        not such is refused in a ValueError.
    config : experiments.run.config.Config
    data : experiments.run.dataset.Dataset
        ``data.names`` is what its classes are called, if not by their numbers.
    sizes : dict
        Population -> number of cells, the input first.
    variables : dict
        Name -> ``models.theory.Variable``: unit, meaning.
    """

    def __init__(self, run, state):
        self._run = run
        self._kinds = {name: (values.shape, values.dtype) for name, values in state.items()}
        self.state = state
        self.config, self.data = run.config, run.data
        self.sizes, self.variables = run.network.sizes, run.network.variables

    @property
    def state(self):
        """What is learned."""
        return self._state

    @state.setter
    def state(self, values):
        self._state = self._checked(values)

    def _checked(self, state):
        """A state as this network has it; ValueError, in one sentence, for another."""
        known = ", ".join(self._kinds)
        for name in state:
            if name not in self._kinds:
                raise ValueError(f"state: there is no {name!r}, but {known}")
        found = {}
        for name, (shape, dtype) in self._kinds.items():
            if name not in state:
                raise ValueError(f"state: it has no {name}: give all of {known}")
            values = np.asarray(state[name])
            if values.shape != shape or values.dtype.kind not in "biuf":
                shapes = (inherit.sides(one) for one in (values.shape, shape))
                raise ValueError("state: {} is {}, not {} numbers".format(name, *shapes))
            if not np.isfinite(values).all():
                raise ValueError(f"state: {name} is not all numbers")
            found[name] = values.astype(dtype)
        return found

    def text(self):
        """Every equation, as it is simulated."""
        return self._run.network.text()

    def test(self, images=None, seed=0):
        """Error (per cent) on so many test images, drawn at random; None: all."""
        count = len(self.data.test_labels) if images is None else images
        return self._run.test(self._checked(self.state), count, seed)[0]

    def show(
        self,
        images,
        labels=None,
        record=(SPIKES,),
        *,
        variables=(),
        cells=ALL,
        training=True,
        learn=False,
        seed=0,
    ):
        """Show images one after the other, and record.

        Parameters
        ----------
        images : sequence of int, or ndarray of shape (images, pixels)
            Places of test images, or images of your own with pixels in [0, 1], which are encoded as
            those it learns from unless they are (spike trains: as ``net.data.test_images`` has
            them).
        labels : sequence of int or str
            Classes of images of your own, from 0 or by ``net.data.names``; what they are taught, if
            they are.
        record : sequence of str
            Kinds of records: "spikes", "voltages", ... (``--record``).
        variables : sequence of str
            Further variables, in each step (``--record-variables``).
        cells : sequence of int, or None
            Which are recorded in each step; None: all.
        training : bool
            Phases as in training, or as in a test.
        learn : bool
            Whether weights change meanwhile: the ``state`` of what is returned has the new ones.
        seed : int
            Of spikes and noise.

        Returns
        -------
        Shown

        Raises
        ------
        ValueError
            For a place, a label, a kind or a variable that is not there.
        """
        run, sizes = self._run, self.sizes
        pixels, labels = self._chosen(images, labels)
        cells = tuple(range(max(sizes.values()))) if cells is ALL else tuple(map(int, cells))
        how = {"record": tuple(record), "record_variables": tuple(variables)}
        replace(self.config, record_neurons=cells, **how).refuse_records(run.network)
        asked = recording(run.network, record, cells, tuple(variables))
        phases = training or learn
        program = run.network.program(len(labels), phases, asked, **self.config.how)
        state = self._checked(self.state)  # a value of it may have been changed
        out = program.run(Inputs(pixels, labels, state, seed, learns=learn))
        return Shown(
            out.records,
            sizes,
            {name.rpartition("/")[2]: about.unit for name, about in self.variables.items()},
            {name: [i for i in cells if i < size] for name, size in sizes.items()},
            answers=out.answers,
            images=pixels,
            labels=labels,
            phases=program.schedule.rows(),
            measures=out.measures,
            state=out.state,
        )

    def _chosen(self, images, labels):
        images = np.asarray(images)
        if images.dtype.kind in "iu" and images.ndim == 1 and labels is None:
            most = len(self.data.test_labels)
            if not len(images) or images.min() < 0 or images.max() >= most:
                raise ValueError(f"images: places of test images are 0 to {most - 1}")
            return self.data.test_images[images], self.data.test_labels[images]
        pixels = images.reshape(len(images), -1).astype(dataset.PIXEL)
        if not self.data.trains and not ((pixels >= 0) & (pixels <= 1)).all():
            raise ValueError("images: pixels have to be in [0, 1]")
        inputs = self.data.test_images.shape[1]
        if self.config.encoding != encodings.USUAL and pixels.shape[1] != inputs:
            pixels = self._encoded(pixels, inputs // self.data.channels)
        if pixels.shape[1] != inputs:
            raise ValueError(f"images: {pixels.shape[1]} pixels an image, not {inputs}")
        return pixels, self._places([0] * len(pixels) if labels is None else labels, len(pixels))

    def _encoded(self, pixels, size):
        """Images with or without colour, of ``size`` places each, as input cells are shown them."""
        if pixels.shape[1] not in (size, encodings.COLOURS * size):
            raise ValueError(
                f"images: {pixels.shape[1]} pixels an image, not {size}, or "
                f"{encodings.COLOURS * size} with colour"
            )
        return encodings.encode(self.config.encoding, pixels, pixels.shape[1] // size)

    def _places(self, labels, count):
        """Classes, from 0, of labels that may be their names; ValueError for others."""
        names, labels = self.data.names, np.asarray(labels)
        if labels.dtype.kind == "U" and labels.ndim == 1 and set(labels.tolist()) <= set(names):
            labels = np.array([names.index(name) for name in labels.tolist()])
        whole = labels.dtype.kind in "iu" and labels.shape == (count,)
        if not whole or not all(0 <= k < self.data.classes for k in labels):
            called = f", or of {', '.join(names[:SHOWN])}," if names else ""
            raise ValueError(f"labels: one of 0 to {self.data.classes - 1}{called} for each image")
        return labels.astype(int)


class Past:
    """A run folder, read; ``read`` makes one.

    Attributes
    ----------
    path : Path
    config, result : dict
        Options, and what came of it (empty if it is not finished).
    metrics : dict of ndarray
        Columns of ``metrics.csv``; nan where there is none.
    """

    def __init__(self, folder):
        self._folder, self.path, self.config = folder, folder.path, folder.config()
        self.result = folder.result() if folder.text("result.json") else {}
        rows = folder.metrics()
        names = rows[0] if rows else folders.COLUMNS
        self.metrics = {
            name: np.array([np.nan if row[name] is None else row[name] for row in rows])
            for name in names
        }

    def state(self):
        """What was learned, a dict of ndarray; RunError if it is not there, or damaged."""
        return self._folder.state().state

    def records(self):
        """What was recorded (``--record``), as ``Shown``; RunError if there is none, or damaged."""
        with self._folder.records() as file:
            return _kept(file)


def _kept(file):
    """``Shown`` from an open file of records."""
    records, sizes, units, cells = {}, {}, {}, {}
    for kind in (k for k in file if hasattr(file[k], "keys") and k != "phases"):
        for population, group in file[kind].items():
            sizes[population] = int(group.attrs["size"])
            if "neurons" in group.attrs:
                cells[population] = [int(i) for i in group.attrs["neurons"]]
            for variable, values in group.items():
                records[kind, population, variable] = values[()]
                units[variable] = str(values.attrs["units"])
    edges = (file[f"phases/{name}"][()] for name in ("start", "end", "name"))
    phases = [(float(a), float(b), name.decode()) for a, b, name in zip(*edges, strict=True)]
    about = {name: file[name][()] for name in ("labels", "images", "answers") if name in file}
    return Shown(records, sizes, units, cells, phases=phases, **about)


def network(*, theory=None, preset=None, data=None, **options):
    """A network.

    Parameters
    ----------
    theory, preset : str, optional
    data : tuple of four arrays, or dict of arrays
        In place of ``dataset``: training images and labels, test images and labels, as
        ``experiments.run.dataset.of_arrays`` takes them; or spike trains by name, as
        ``experiments.run.trains.of_trains`` does.
    **options
        As of ``experiments.train``: ``weights="RUN@EPOCH"`` begins with what a run had learned, and
        its options hold but for those that are given.

    Returns
    -------
    Net

    Raises
    ------
    ValueError
        In the sentence of the command.
    """
    config = _config(theory, preset, options, data)
    run = loop.Run(config, data=_dataset(data) if data is not None else None)
    state = run.network.start(config.seed)
    return Net(run, inherit.begin(config, state)[0] if config.weights else state)


def train(
    out, *, theory=None, preset=None, data=None, resume=False, progress=progress.bar, **options
):
    """Train a network in a run folder, with a progress bar; parameters as ``network``.

    Arrays are kept as ``data.npz`` in the folder. ``progress`` makes the bar: such as
    ``tqdm.notebook.tqdm``. Returns ``Past``.
    """
    config = _config(theory, preset, options, data, f"{out}/{FILE}")
    if data is not None:
        _dataset(data)  # refused before anything is written
        if not resume:
            folders.create(out)
        dataset.write(out, FILE, data)
    loop.run(config, out, resume, progress)
    return read(out)


def read(run):
    """A run folder, ``RUN`` or ``RUN@EPOCH``: its state and records are those after that epoch."""
    return Past(folders.at(run))


def _dataset(data):
    return of_trains(**data) if isinstance(data, Mapping) else dataset.of_arrays(*data)


def _config(theory, preset, options, data, file=FILE):
    options = {k: tuple(v) if isinstance(v, range) else v for k, v in options.items()}
    if data is not None:
        options = options | {"dataset": str(file)}
    if theory is not None:
        options = options | {"theory": theory}
    return chosen(options, preset)
