"""Spike trains in the place of images: one train for each input cell in each example.

Spikes are listed, for training and for testing, in four arrays: ``times`` (ms since the example's
onset), ``cells``, ``examples`` (both counted from 0), and ``labels``, one for each example.
"""

import sys

import h5py
import numpy as np

from experiments.run import files, hdf5
from experiments.run import records as recorded
from experiments.run.dataset import MOST, PARTS, PIXEL, DataError, Dataset, classes, labelled
from models.theory import NEVER, Trains

LISTS = ("times", "cells", "examples", "labels")
KEYS = tuple(f"{part}_{name}" for part in PARTS for name in LISTS)
LONGEST = 1e6  # ms
CELLS = 100_000
SUFFIX = ".h5"
EARLY = 0.05  # of the time that examples are shown: if all spikes come by then, a user is asked


def of_trains(**arrays):
    """A data set of spike trains.

    Parameters
    ----------
    train_times, test_times : array of numbers, shape (spikes,)
        ms since the onset of the example.
    train_cells, test_cells : array of int, shape (spikes,)
        Input cells, counted from 0; there are as many as the largest says.
    train_examples, test_examples : array of int, shape (spikes,)
        The example that each spike belongs to, from 0.
    train_labels, test_labels : array of whole numbers or of texts, shape (examples,)

    Returns
    -------
    Dataset
        Whose images are as ``models.theory.Trains`` says.

    Raises
    ------
    DataError
        For what is missing, or does not go together.
    """
    for name in KEYS:
        if name not in arrays:
            raise DataError(f"it has no {name}: spike trains are {', '.join(KEYS[:4])}, and so on")
    labels = {part: labelled(f"{part}_labels", arrays[f"{part}_labels"]) for part in PARTS}
    known, places, names = classes(labels)
    listed = {part: _listed(part, arrays, len(labels[part])) for part in PARTS}
    if not np.isin(listed["test"][1], listed["train"][1]).any():
        raise DataError("test_cells: no cell that spikes in tests spikes in training")
    cells = 1 + max(int(found[1].max(initial=0)) for found in listed.values())
    orders = {part: _places(*found, cells) for part, found in listed.items()}
    columns = 2 + max(int(order.max(initial=0)) for order in orders.values())
    for part, found in listed.items():
        if 4 * len(labels[part]) * cells * columns > MOST:
            raise DataError(
                f"{part}: {len(labels[part])} examples of {cells} cells with up to {columns - 1} "
                f"spikes each need more than {MOST >> 30} GB"
            )
        images = np.full((len(labels[part]), columns, cells), NEVER, PIXEL)
        times, own, examples = found
        images[examples, orders[part], own] = times
        listed[part] = images.reshape(len(images), -1)
    train, test = (listed[part] for part in PARTS)
    trains = Trains(cells, columns)
    return Dataset(train, places["train"], test, places["test"], len(known), names, trains)


def tell(data, shown):
    """Say on stderr what share of spikes comes too late to be shown, or that all come very early.

    Parameters
    ----------
    data : Dataset
        Of spike trains.
    shown : mapping
        As ``models.theory`` says of a network; empty: nothing is known.

    Raises
    ------
    DataError
        If all spikes come too late.
    """
    for part, (lasts, options) in shown.items():
        times = getattr(data, f"{part}_images")
        fired, late = np.sum(times < NEVER), np.sum((times >= lasts) & (times < NEVER))
        who = f"{part}: examples are shown for {lasts:g} ms"
        if 0 < fired == late:
            raise DataError(f"{who}, and all spikes come later: {options} say how long")
        last = np.max(times, where=times < NEVER, initial=0)
        if late:
            share = f"{max(1, round(100 * late / fired))} %"
            said = f"{who}, and {share} of their spikes come later, which are left out ({options})"
        elif 0 < last < EARLY * lasts:
            said = f"{who}, and all spikes come in the first {last:.3g} ms: are times in ms?"
        else:
            continue
        print(said, file=sys.stderr, flush=True)


def read(path):
    """The data set of an HDF5 file: groups ``train`` and ``test`` of the four arrays.

    Raises
    ------
    DataError
        For a file that is not there or damaged, or that holds what ``h5py`` does not write by
        itself, and as ``of_trains``.
    """
    try:
        with files.plain(path) as plain:
            hdf5.check(plain)
        with h5py.File(path, "r") as file:
            there = {key: file.get(key.replace("_", "/")) for key in KEYS}
            for key, item in there.items():
                if item is None:
                    raise DataError(f"it has no {key.replace('_', '/')}, the array of a group")
            return of_trains(**{key: _array(key, item) for key, item in there.items()})
    except FileNotFoundError as error:
        raise DataError(f"--dataset: no file {path}") from error
    except DataError as error:
        raise DataError(f"{path}: {error}") from error
    except recorded.DAMAGE as error:
        raise DataError(f"{path} cannot be read ({files.said(error)})") from error


def _array(key, item):
    """A dataset that lies in the file itself, and is no larger than it."""
    if not isinstance(item, h5py.Dataset) or item.is_virtual or item.external:
        raise DataError(f"{key} is no array of this file")
    if not recorded.is_packed_plainly(item) or item.nbytes > MOST:
        raise DataError(f"{key} is too large, or packed in a way that is not read")
    if item.nbytes > recorded.PACKED * item.id.get_storage_size():
        raise DataError(f"{key} is not all there")
    return item.asstr()[()].astype(str) if item.dtype.kind == "O" else item[()]


def _listed(part, arrays, examples):
    """Times, cells and examples of all spikes of a part, checked."""
    found = [np.asarray(arrays[f"{part}_{name}"]) for name in LISTS[:3]]
    for name, values, kinds in zip(LISTS, found, ("uif", "ui", "ui"), strict=False):
        what = "numbers" if "f" in kinds else "whole numbers"
        if values.dtype.kind not in kinds or values.ndim != 1:
            raise DataError(f"{part}_{name}: a row of {what} was expected, one for each spike")
    lengths = [len(values) for values in found]
    if len(set(lengths)) > 1:
        raise DataError("{}: {} times, {} cells and {} examples of spikes".format(part, *lengths))
    times, cells, own = found
    if not lengths[0]:
        raise DataError(f"{part}: there are no spikes")
    if np.isnan(times).any():
        raise DataError(f"{part}_times: spike {int(np.isnan(times).argmax())} has no number (nan)")
    if not (0 <= times.min() and times.max() <= LONGEST):
        raise DataError(f"{part}_times: times are in ms since the onset, from 0 to {LONGEST:g}")
    if cells.min() < 0 or cells.max() >= CELLS:
        raise DataError(f"{part}_cells: input cells are counted from 0, {CELLS} at most")
    if own.min() < 0 or own.max() >= examples:
        raise DataError(
            f"{part}_examples: there are {examples} labels, so examples are 0 to {examples - 1}"
        )
    order = np.lexsort((times, cells, own))
    return times[order], cells[order].astype(int), own[order].astype(int)


def _places(times, cells, examples, count):
    """Which spike of its cell in its example each one is, from 0; they are in that order."""
    train = examples * count + cells
    first = np.flatnonzero(np.diff(train, prepend=-1))
    return np.arange(len(times)) - np.repeat(first, np.diff(np.append(first, len(times))))
