"""What hidden weights would learn from images that are shown, and how two such updates compare.

Nothing is learned: each image's update is put together from what cells hold at its end, so that all
of them belong to the same weights.
"""

from copy import copy

import numpy as np

from experiments.interneurons.probing import LAYER, Seen

HELD = {"errors": ("error",), "inputs": ("s_bar",)}  # of each image, beside what a probe records
SETTLE = 5  # images


def settled(seen, first=SETTLE):
    """What a probe without traces saw, without the first images, in which interneurons settle.

    Parameters
    ----------
    seen : probing.Seen
    first : int
        Images that are left out; of few, all but one.

    Returns
    -------
    probing.Seen
    """
    probe, records = copy(seen.probe), {}
    first = min(first, probe.images - 1)
    probe.images -= first
    begin = first * seen.lasts
    for (kind, population, name), values in seen.out.records.items():
        if (kind, population, "i") in seen.out.records:  # events
            t = seen.out.records[kind, population, "t"]
            later = np.rint(t) >= begin
            shown = values[later] - begin if name == "t" else values[later]
        else:
            shown = values[first:]
        records[kind, population, name] = shown
    measures = {name: values[first:] for name, values in seen.out.measures.items()}
    return Seen(probe, seen.out._replace(records=records, measures=measures))


def update(seen):
    """Mean change of feedforward weights by an image, divided by eta P_0.

    Parameters
    ----------
    seen : probing.Seen
        Of a probe that records ``HELD``, too.

    Returns
    -------
    ndarray, shape (inputs, cells)
        -e_i s_bar_j, where e is in Hz per mV and s_bar in 1/ms.
    """
    error = seen.out.records["errors", LAYER, "error"]
    s_bar = seen.out.records["inputs", "input", "s_bar"] / 1e3
    return -np.einsum("kj,ki->ji", s_bar, error) / len(error)


def cosine(one, other):
    """Of two updates; nan if one of them is nothing."""
    lengths = np.linalg.norm(one) * np.linalg.norm(other)
    return float(np.sum(one * other) / lengths) if lengths else np.nan


def size(one, repeats):
    """How much of a usual update there is in another: 1 as much, 0 nothing of it, < 0 its opposite.

    Parameters
    ----------
    one : ndarray
    repeats : list of ndarray, two at least
        The usual update, with other spikes each time. What it is is told by their mean, and how
        large it is by products of two different ones, so that noise does not count as size.

    Returns
    -------
    float
        nan if usually nothing is learned.
    """
    mean = np.mean(repeats, axis=0)
    n = len(repeats)
    squares = np.sum([np.sum(own * own) for own in repeats])
    between = (n**2 * np.sum(mean * mean) - squares) / (n * (n - 1))
    return float(np.sum(one * mean) / between) if between else np.nan
