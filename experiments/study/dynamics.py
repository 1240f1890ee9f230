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
    chunks = [(epoch, k) for epoch in range(epochs) for k in range(run.chunks)]
    for epoch, k in (*chunks, (epochs, 0)):
        inputs, seen = run.inputs(state, epoch, k), epoch * size + k * run.chunk
        updates = _updates(run, inputs, names)
        theirs = _updates(other, inputs, names) if other else {}
        for row in rows(seen, {name: state[name] for name in names}, first, last):
            name = row["layer"]
            if before:
                row["update_change"] = _change(updates[name], before[name])
            if theirs:
                row["angle"] = float(angle(updates[name].ravel(), theirs[name].ravel()))
            yield row
        if epoch == epochs:
            return
        last, before = state, updates
        state = run.learner.run(inputs).state
        score.refuse_divergence(state, epoch * size + (k + 1) * run.chunk, epoch)


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


def rows(images, weights, first, last=None):
    """Rows of a look, as ``follow`` yields them; what is not of weights alone is nan.

    Parameters
    ----------
    images : int
    weights : dict
        Layer -> matrix.
    first, last : dict
        The same at the start, and at the last look if there was one.
    """
    for layer, W in weights.items():
        norm = np.linalg.norm(W)
        row = {"images": images, "layer": layer, "norm": norm}
        row["growth"] = norm / np.linalg.norm(first[layer])
        row["change"] = _change(W, last[layer]) if last else np.nan
        yield row | {"update_change": np.nan, "angle": np.nan}


def _change(now, then):
    return np.linalg.norm(now - then) / np.linalg.norm(then)
