"""Virtual experiments, the same on every theory: which of them would tell the theories apart?

What the lowest synapses learn is compared with what they learn in the network as it is, from the
same weights, images and seeds: another class is taught; what tells hidden cells of the layers above
is silenced, turned round, shuffled or made excitatory, a share of it is removed, or noise is added
(where synapses of its own do it: ``Theory.feedback``); inhibition is silenced, where there is any
(``Theory.inhibition``); light depolarises what hears of an error, before the teacher comes, with it
or throughout (where something listens then: ``Theory.lights``).
"""

import re
from functools import partial

import numpy as np

from experiments.measures import angle
from experiments.run.config import Config
from experiments.study.credit import fresh, learned
from models.theory import LIGHTS, NONE


def _removed(share, weights, rng):
    return weights * (rng.random(weights.shape) >= share)


def _noisy(size, weights, rng):
    return weights + size * weights.std() * rng.normal(size=weights.shape)


OTHER, SILENT = "another class", "inhibition silenced"
LESIONS = {
    "feedback silenced": lambda weights, rng: 0 * weights,
    "feedback reversed": lambda weights, rng: -weights,
    "feedback shuffled": lambda weights, rng: rng.permuted(weights),
    "feedback excitatory": lambda weights, rng: np.abs(weights),
}
REMOVED = {f"feedback removed {share:g}": share for share in (0.1, 0.2, 0.4, 0.8)}
NOISY = {f"feedback noise {size:g}": size for size in (0.5, 1.0, 2.0)}  # in spreads of weights
LESIONS |= {name: partial(_removed, share) for name, share in REMOVED.items()}
LESIONS |= {name: partial(_noisy, size) for name, size in NOISY.items()}
LIT = {f"light {when}": when for when in LIGHTS}
ALL = (OTHER, SILENT, *LESIONS, *LIT)
LOWEST = "W_0"


def measured(config, theory, shown, state, seed=0, epoch=0, lesions=LESIONS):
    """Do all experiments that a theory allows.

    Parameters
    ----------
    config : Config
        Of the network.
    theory : models.theory.Theory
    shown : tuple
        Images of shape (n, inputs), their classes, and the number of classes.
    state : dict
        Weights and all, from which each image is learned.
    seed, epoch : int
        As of ``models.theory.Inputs``.
    lesions : sequence of str
        Of ``LESIONS``.

    Returns
    -------
    list of dict
        Empty if there is no ``W_0``, or it learns nothing. ``experiment``, of ``ALL``; ``cosine``
        of what ``W_0`` learns to what it learns usually; ``size``, the ratio of their norms;
        ``shift``, by how much weights grow more than usually, all together, over the sum of the
        absolute changes that are usual.
    """
    images, labels, classes = shown
    if LOWEST not in state:
        return []
    state = fresh(state, theory)
    own, inter = (_arrays(state, names) for names in (theory.feedback, theory.inhibition))
    rng, found = np.random.default_rng([seed, 0]), []

    programs = {}

    def change(options=NONE, labels=labels, state=state):
        key = tuple(options.items())
        if key not in programs:
            told = Config.of(config.flat() | dict(options))
            programs[key] = told.network(images.shape[1], classes).program(1, **told.how)
        return learned(programs[key], images, labels, state, (LOWEST,), seed, epoch)[0]

    usual = change()
    if not usual.any():
        return []
    found.append(_row(OTHER, change(labels=(labels + 1) % classes), usual))
    if inter:
        found.append(_row(SILENT, change(state=state | {k: 0 * state[k] for k in inter}), usual))
    for name in lesions if own else ():
        hurt = {key: LESIONS[name](state[key], rng) for key in own}
        found.append(_row(name, change(state=state | hurt), usual))
    dark = change(theory.lights["dark"]) if "dark" in theory.lights else usual
    for name, when in LIT.items():
        if when in theory.lights:
            found.append(_row(name, change(theory.lights[when]), dark))
    return found


def _arrays(state, names):
    """Arrays of all layers: "Y" is ``Y_0``, ..."""
    return [key for key in state for name in names if re.fullmatch(rf"{name}_\d+", key)]


def _row(name, change, usual):
    size = np.linalg.norm(change) / np.linalg.norm(usual)
    cosine = np.cos(np.radians(angle(change.ravel(), usual.ravel()))) if size else 0.0
    shift = np.sum(change - usual) / np.abs(usual).sum()
    return {"experiment": name, "cosine": float(cosine), "size": float(size), "shift": float(shift)}
