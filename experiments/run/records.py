"""The format of ``records.h5``: what cells did on a few images, with units. Imports no Brian2.

``<kind>/<population>/<variable>`` holds a variable: one value a spike, a row a step or a row an
image; its attributes say the unit and what it is. ``phases`` says when each phase began and ended.
"""

import h5py
import numpy as np

from experiments.run import files

TIMES = {"t": ("ms", "time since the first image's onset"), "i": ("1", "neuron")}


def opened(root):
    """The records of a run folder, open for reading; RunError if there are none, or damaged."""
    path = files.inside(root, "records.h5")
    try:
        return h5py.File(path, "r")
    except OSError as error:
        raise files.RunError(f"{path} is missing or damaged: run with --record") from error


def write(path, records, *, sizes, variables, labels, classes, phases, neurons, per_image, rest):
    """Write records.

    Parameters
    ----------
    path : path, or an open file
    records : dict
        (kind, population, variable) -> ndarray, in the units of ``variables``.
    sizes : dict
        Population -> number of cells.
    variables : dict
        Name, or ``population/name``, -> what it is, an object with ``unit`` and ``meaning``.
    labels : ndarray
        Class of each image.
    classes : int
        Number of classes.
    phases : list of tuple
        (start ms, end ms, name) of each phase; all images have the same.
    neurons : sequence of int
        Cells that were recorded in each step, in the populations that have them.
    per_image : collection of str
        Kinds with a row an image.
    rest : dict
        (population, variable) -> its value at rest: the attribute ``rest``.
    """
    names = list(dict.fromkeys(name for *_, name in phases))
    with h5py.File(path, "w") as file:
        file.attrs["classes"] = classes
        for (kind, population, variable), values in records.items():
            group, size = file.require_group(f"{kind}/{population}"), sizes[population]
            group.attrs["size"] = size
            stepped = kind not in per_image and kind != "spikes"
            if stepped and variable != "t":
                group.attrs["neurons"] = [i for i in range(size) if i in neurons]
            name = f"{kind}/{population}/{variable}"
            if variable in TIMES:
                _dataset(file, name, values, *TIMES[variable])
            else:
                about = variables.get(f"{population}/{variable}", variables[variable])
                _dataset(file, name, values, about.unit, about.meaning)
            if stepped and (population, variable) in rest:
                file[name].attrs["rest"] = rest[population, variable]
        _dataset(file, "labels", np.asarray(labels), "1", "class of each image")
        for column, name in enumerate(("start", "end")):
            times = np.array([row[column] for row in phases])
            _dataset(file, f"phases/{name}", times, "ms", f"{name} of each phase")
        told = np.array([row[2] for row in phases], dtype=h5py.string_dtype())
        _dataset(file, "phases/name", told, "1", " or ".join(names))
        image = np.arange(len(phases)) // max(1, len(names))
        _dataset(file, "phases/image", image, "1", "image of each phase")


def _dataset(file, name, values, unit, text):
    options = {"compression": "gzip"} if getattr(values, "size", 0) > 1000 else {}
    dataset = file.create_dataset(name, data=values, **options)
    dataset.attrs["units"], dataset.attrs["description"] = unit, text
