"""Look at single images: what cells did, with the weights held still or while they learn."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from models.engine import device, schedule
from models.engine.recording import Recording

CHUNK = 500
MILLI = ("V_bar", "d_f", "d_t")  # records come in volts and seconds


class Seen(NamedTuple):
    """A chunk of learning.

    Attributes
    ----------
    images_seen : int
        At its end.
    labels : ndarray, shape (images,)
    before, after : dict of ndarray
        Weights.
    cells : dict
        (population, variable) -> ndarray of shape (images, cells); mV, ms, Hz, 1.
    """

    images_seen: int
    labels: np.ndarray
    before: dict
    after: dict
    cells: dict


def answers(run, weights, images, labels, kinds=("losses",), learning=True, seed=0):
    """What the cells hold at the end of each image, with the weights held still.

    Parameters
    ----------
    run : training.Run
    weights : dict of ndarray
    images : ndarray, shape (images, inputs)
    labels : ndarray of int, shape (images,)
    kinds : tuple of str
        From ``models.recording.PER_IMAGE``.
    learning : bool
        Both phases as in training (with rates of 0), or a forward phase as in a test.
    seed : int
        Of the spikes.

    Returns
    -------
    dict
        (population, variable) -> ndarray, shape (images, cells); mV, ms, Hz, 1.
    """
    size = min(CHUNK, -(-len(images) // run.parts))
    make = schedule.training if learning else schedule.testing
    more = (run.model.asynchronous,) if learning else ()
    timing = make(run.model.phases, size, *more)
    program = _program(run, timing, kinds, learning)
    rates = dict.fromkeys(run.config.rates(0), 0.0) if learning else {}

    def part(k):
        mine = slice(k * size, (k + 1) * size)
        draw = int(np.random.SeedSequence([seed, k]).generate_state(1, np.uint64)[0])
        out = program.run(device.Inputs(images[mine], labels[mine], weights, rates, draw))
        return _cells(run, out, len(labels[mine]))

    with ThreadPoolExecutor(run.cores) as pool:
        parts = list(pool.map(part, range(-(-len(images) // size))))
    return {key: np.concatenate([p[key] for p in parts]) for key in parts[0]}


def learning(run, weights, kinds=("losses",), epochs=1, chunk=100):
    """Train, and look at every image: yields a ``Seen`` for each chunk of images.

    The run's folder is left alone. Parameters are those of ``answers``; ``weights`` are those to
    begin with.
    """
    timing = schedule.training(run.model.phases, chunk, run.model.asynchronous)
    program = _program(run, timing, kinds, True)
    size = len(run.data.train_labels)
    for epoch in range(epochs):
        for k in range(-(-size // chunk)):
            inputs = run.inputs(weights, epoch, k, chunk)
            out = program.run(inputs)
            seen = epoch * size + min((k + 1) * chunk, size)
            run.refuse_divergence(out.weights, epoch, seen)
            cells = _cells(run, out, len(inputs.labels))
            yield Seen(seen, inputs.labels, weights, out.weights, cells)
            weights = out.weights


def _program(run, timing, kinds, learning):
    return device.program(
        run.model, timing, learning, record=Recording(tuple(kinds)), device=run.config.device
    )


def _cells(run, out, images):
    sizes = dict(zip(run.model.population_names(), run.model.layers, strict=True))
    return {
        (population, name): values.reshape(-1, sizes[population])[:images]
        * (1e3 if name in MILLI else 1)
        for (_, population, name), values in out.records.items()
        if name != "t"
    }
