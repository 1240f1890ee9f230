"""What learning does to weights, layer by layer: norms, changes, and angles to another rule.

As Lange (2019) looked at them, every 5,000 images: the norm of each matrix of weights, how much it
has changed since the last look, and how much the update has; beside these the norm over that at the
start, and the angle of the update to that of another rule from the same weights and images.
"""

import numpy as np

from experiments.measures import angle
from experiments.run import score
from experiments.run.seeds import Purpose

EVERY = 5000  # images between two looks
UPDATE = 100  # images whose updates are summed


def follow(run, epochs, other=None):
    """Train from the beginning, and look at the weights; the run's folder is left alone.

    Parameters
    ----------
    run : loop.Run
        Its chunks are the time between looks.
    epochs : int
    other : loop.Run, optional
        Of another rule, whose update from the same weights is compared.

    Yields
    ------
    dict
        ``images``, ``layer`` (a matrix of weights by its name), ``norm``, ``growth`` (of the norm
        at the start), ``change`` (norm of what it has changed by since the last look, over the norm
        then), ``update_change`` (the same of the update of the next 100 images) and ``angle``
        (degrees; nan without another rule). The first look is before learning.
    """
    state = run.network.start(run.config.seed)
    names = [name for name, value in state.items() if name.startswith("W") and value.ndim == 2]
    first, last, before = state, None, None
    size = len(run.data.train_labels)
    for epoch in range(epochs):
        for k in range(run.chunks):
            inputs = run.inputs(state, epoch, k)
            updates = _updates(run, inputs, names)
            theirs = _updates(other, inputs, names) if other else {}
            seen = epoch * size + k * run.chunk
            yield from _rows(seen, state, first, last, updates, before, theirs)
            last, before = state, updates
            out = run.learner.run(inputs)
            score.refuse_divergence(out.state, epoch * size + (k + 1) * run.chunk, epoch)
            state = out.state
    inputs = run.inputs(state, epochs, 0)
    updates = _updates(run, inputs, names)
    theirs = _updates(other, inputs, names) if other else {}
    yield from _rows(epochs * size, state, first, last, updates, before, theirs)


def _updates(run, inputs, names):
    """What weights learn from the first images of a chunk."""
    few = inputs._replace(
        images=inputs.images[:UPDATE],
        labels=inputs.labels[:UPDATE],
        seed=run.seed(Purpose.LOOK, inputs.epoch),
        places=inputs.places[:UPDATE],
    )
    after = run.learner.run(few).state
    return {name: after[name] - inputs.state[name] for name in names}


def _rows(images, state, first, last, updates, before, theirs):
    for name in updates:
        norm = np.linalg.norm(state[name])
        row = {"images": images, "layer": name, "norm": norm}
        row["growth"] = norm / np.linalg.norm(first[name])
        row["change"] = row["update_change"] = row["angle"] = np.nan
        if last is not None:
            row["change"] = _change(state[name], last[name])
            row["update_change"] = _change(updates[name], before[name])
        if theirs:
            row["angle"] = float(angle(updates[name].ravel(), theirs[name].ravel()))
        yield row


def _change(now, then):
    return np.linalg.norm(now - then) / np.linalg.norm(then)
