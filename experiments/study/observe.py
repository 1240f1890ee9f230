"""Look at single images: what cells did, with the weights held still or while they learn."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from experiments.run import score, seeds
from experiments.run.record import recording
from models.theory import Inputs

CHUNK = 500


class Seen(NamedTuple):
    """A chunk of learning."""

    images_seen: int  # at its end
    labels: np.ndarray  # shape (images,)
    before: dict  # what is learned
    after: dict
    cells: dict  # (population, variable) -> ndarray (images, cells), in the variable's unit


class Shown(NamedTuple):
    """Images that were shown in one chunk."""

    schedule: object  # when each phase of each image was
    records: dict  # (kind, population, variable) -> ndarray, as in ``models.theory.Outputs``


def some(run, count, of="train"):
    """So many images of a run, at random, and their labels; ``of``: "train" or "test".

    They are double, of shape (count, inputs); the same run has the same ones each time.
    """
    images, labels = (getattr(run.data, f"{of}_{name}") for name in ("images", "labels"))
    order = np.random.default_rng(run.seed(seeds.Purpose.LOOK)).permutation(len(labels))[:count]
    return images[order].astype(float), labels[order]


def show(run, state, images, labels, kinds, *, cells=None, learning=True, seed=0):
    """Show images to a trained network, with its weights held still, and record each step.

    Returns ``Shown``. ``images`` has shape (images, inputs), ``kinds`` are of the network's
    ``records``, ``cells`` those recorded in each step (None: all); ``learning``: phases as in
    training, or as in a test; the seed is that of the spikes.
    """
    program = _program(run, len(labels), kinds, learning, cells)
    out = program.run(Inputs(images, labels, state, seed, learns=False))
    return Shown(program.schedule, out.records)


def answers(run, state, images, labels, kinds=("losses",), learning=True, seed=0):
    """What the cells hold at the end of each image, with the weights held still.

    Parameters are those of ``show``; ``kinds`` are those that are recorded once an image. Returns
    (population, variable) -> ndarray, shape (images, cells), in the variable's unit.
    """
    size = min(CHUNK, -(-len(images) // run.parts))
    program = _program(run, size, kinds, learning)

    def part(k):
        mine = slice(k * size, (k + 1) * size)
        own = seeds.part(np.random.SeedSequence([seed, k]))
        out = program.run(Inputs(images[mine], labels[mine], state, own, learns=False))
        return _cells(out, len(labels[mine]))

    with ThreadPoolExecutor(run.cores) as pool:
        parts = list(pool.map(part, range(-(-len(images) // size))))
    return {key: np.concatenate([p[key] for p in parts]) for key in parts[0]}


def learning(run, kinds=("losses",), epochs=1, chunk=100):
    """Train from the beginning, and look at every image: a ``Seen`` for each chunk of images.

    The run's folder is left alone. Parameters are those of ``answers``.
    """
    program, state = _program(run, chunk, kinds, True), run.network.start(run.config.seed)
    size = len(run.data.train_labels)
    for epoch in range(epochs):
        for k in range(-(-size // chunk)):
            inputs = run.inputs(state, epoch, k, chunk)
            out = program.run(inputs)
            seen = epoch * size + min((k + 1) * chunk, size)
            score.refuse_divergence(out.state, seen, epoch)
            yield Seen(seen, inputs.labels, state, out.state, _cells(out, len(inputs.labels)))
            state = out.state


def _program(run, images, kinds, learning, cells=None):
    record = recording(run.network, kinds, cells)
    return run.network.program(images, learning, record, **run.config.how)


def _cells(out, images):
    return {
        (population, name): values[:images]
        for (_, population, name), values in out.records.items()
        if name != "t"
    }
