"""Credit: the angle of what a network learns to what backpropagation would teach it.

The same for every theory: weights after an image minus those before, the mean over images that are
each learned from the same weights, beside the descent that backpropagation gives in the network of
rates that it is like (``models.theory.Equivalent``), with the same weights and the rates that its
own cells have in a test of the same images.
"""

import re

import numpy as np
from scipy.special import expit  # the logistic function

from experiments.measures import angle
from experiments.run.record import recording
from models.engine.network import one_hot
from models.measures import SLOPES, descents
from models.theory import Inputs


def refuse(theory, network, config):
    """Raise ValueError, in one sentence, if what a theory says of its credit is not so."""
    own = theory.equivalent
    if own is not None:
        if not any(own.variable in names for names in network.records.values()):
            raise ValueError(f"--theory {config.theory}: equivalent: no record has {own.variable}")
        if unknown := {own.hidden, own.output} - SLOPES.keys():
            kinds = ", ".join(SLOPES)
            raise ValueError(
                f"--theory {config.theory}: equivalent: {min(unknown)} is none of {kinds}"
            )
    for when, options in theory.lights.items():
        try:
            type(config).of(config.flat() | dict(options))
        except ValueError as error:
            raise ValueError(f"--theory {config.theory}: lights, {when}: {error}") from error


def learned(program, images, labels, state, names, seed=0, epoch=0):
    """What arrays of the state change by: a list of sums over images, each learned from ``state``.

    Parameters
    ----------
    program : object
        Of the contract, for one image.
    images : ndarray, shape (n, inputs)
    labels : ndarray of int, shape (n,)
    state : dict
    names : sequence of str
    seed : int
        Of the first image; that of the next is one more.
    epoch : int
    """
    before = [np.asarray(state[name], float) for name in names]
    moved = [np.zeros_like(values) for values in before]
    for k in range(len(images)):
        one, place = slice(k, k + 1), np.array([k])
        after = program.run(Inputs(images[one], labels[one], state, seed + k, epoch, places=place))
        for total, name, values in zip(moved, names, before, strict=True):
            total += after.state[name] - values
    return moved


def fresh(state, theory):
    """A state without what it holds of past updates (``Theory.memory``)."""
    ends = theory.memory
    return {k: 0 * v if ends and k.endswith(ends) else v for k, v in state.items()}


def alignment(state, feedback):
    """Degrees between feedback weights and the forward weights that they stand for.

    Parameters
    ----------
    state : dict
        With ``W_0``, ``W_1``, ... of shape (below, above).
    feedback : sequence of str
        As ``Theory.feedback`` has it: arrays of shape (above, cells), from the layer above or from
        the output, whose way down is the product of all matrices between.

    Returns
    -------
    dict
        Hidden layer -> angle; without those that have no such weights.
    """
    found, last = {}, sum(re.fullmatch(r"W_\d+", name) is not None for name in state)
    for m in range(last - 1):
        for own in (state[f"{name}_{m}"] for name in feedback if f"{name}_{m}" in state):
            down = np.asarray(state[f"W_{m + 1}"], float)
            for k in range(m + 2, last):
                if own.shape == down.T.shape:
                    break
                down = down @ state[f"W_{k}"]
            if own.shape == down.T.shape:
                found[m] = float(angle(np.asarray(own, float).ravel(), down.T.ravel()))
    return found


class Credit:
    """Measures angles of one network, with programs for so many images.

    Parameters
    ----------
    network : object
        Of the contract.
    equivalent : Equivalent
    images : int
    how : dict
        Of ``Config.how``: device and precision.
    """

    def __init__(self, network, equivalent, images, how):
        self.network, self.equivalent = network, equivalent
        kinds = [k for k, names in network.records.items() if equivalent.variable in names]
        self.kind = kinds[0]
        asked = recording(network, (self.kind,))
        self.tester = network.program(images, learning=False, record=asked, **how)
        self.learner = network.program(1, **how)

    def rates(self, images, state, seed=0):
        """Rates of hidden layers and the output, as from 0 to 1: a list of (images, cells)."""
        labels = np.zeros(len(images), int)
        out = self.tester.run(Inputs(images, labels, state, seed, learns=False))
        found = {}
        for (kind, population, variable), values in out.records.items():
            if kind == self.kind and variable == self.equivalent.variable:
                each = values.reshape(len(images), -1, values.shape[-1])
                found[population] = each[:, -1] / self.equivalent.most
        answers = out.answers
        if self.equivalent.potentials:
            answers = expit(answers)
        hidden = [found[name] for name in self.network.sizes if name.startswith("hidden")]
        return [*hidden, answers]

    def angles(self, images, labels, state, seed=0, epoch=0):
        """Degrees, of ``W_0``, ``W_1``, ...; nan where nothing is learned.

        Parameters
        ----------
        images : ndarray, shape (n, inputs)
        labels : ndarray of int, shape (n,)
        state : dict
        seed : int
            Of spikes and noise.
        epoch : int
            From 0: a theory's rates may fall with it.
        """
        rates = [images, *self.rates(images, state, seed)]
        names = [f"W_{k}" for k in range(len(rates) - 1)]
        weights = [np.asarray(state[name], float) for name in names]
        low, high = self.equivalent.targets
        target = low + (high - low) * one_hot(labels, rates[-1].shape[1])
        moved = learned(self.learner, images, labels, state, names, seed, epoch)
        best = descents(rates, weights, target, self.equivalent.hidden, self.equivalent.output)
        return [float(angle(m.ravel(), d.ravel())) for m, d in zip(moved, best, strict=True)]
