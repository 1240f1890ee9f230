"""Patterns that are shown to a continuous circuit, with targets of one's own."""

from typing import NamedTuple

import numpy as np

from models.engine.recording import NOTHING
from models.microcircuit.network import network
from models.microcircuit.options import Options
from models.theory import Inputs


class Shown(NamedTuple):
    """What a circuit did: (patterns, outputs), measures by name, and records.

    ``answers`` are the output's rates as they would be without a target.
    """

    answers: np.ndarray
    measures: dict
    records: dict

    def rows(self):
        """The measures of each pattern, but for the loss; those of the only hidden layer."""
        names = [name for name in self.measures if name != "loss"]
        for k in range(len(self.answers)):
            yield {name.removesuffix("_0"): self.measures[name][k] for name in names}


class Player:
    """A circuit in time, to which so many patterns are shown at once.

    Parameters
    ----------
    options : Options
        Continuous; ``layers`` end with the number of outputs.
    inputs, patterns : int
    how : mapping
        ``device`` and ``precision``.
    record : Recording, optional
    learning : bool
        Whether there are targets, noise and learning.
    """

    def __init__(self, options, inputs, patterns, how, record=NOTHING, learning=True):
        self.network = network(options, inputs, options.layers[-1])
        self.program = self.network.program(patterns, learning, record, **how)
        self.outputs, self.calls = options.layers[-1], 0

    def show(self, state, x, goals=None, teaches=1.0, learns=True, seed=1):
        """Show patterns; returns the state after them, and ``Shown``.

        Parameters
        ----------
        state : dict
        x : ndarray, shape (patterns, inputs)
        goals : ndarray, shape (patterns, outputs), optional
            Target potentials; without, there are none.
        teaches : float or ndarray of shape (patterns,)
            1 where there is a target.
        learns : bool
        seed : int
            Of the network's noise, together with how often patterns were shown.
        """
        self.calls += 1
        n = len(x)
        taught = np.zeros(n) if goals is None else np.broadcast_to(teaches, n)
        asked = np.zeros((n, self.outputs)) if goals is None else goals
        more = {"goals": asked, "teaches": taught}
        drawn = np.random.SeedSequence([seed, self.calls]).generate_state(1, np.uint64)
        labels = np.zeros(n, dtype=int)
        out = self.program.run(Inputs(x, labels, state, int(drawn[0]), 0, learns, None, more))
        return out.state, Shown(out.answers, out.measures, out.records)


def how(setting):
    """``device`` and ``precision`` of a page's programs: double, as circuits are small."""
    return {"device": setting.size("standalone", "runtime"), "precision": "double"}


def continuous(setting, **words):
    """Options of a continuous circuit; coarse and short for ``--smoke``."""
    small = {} if not setting.smoke else {"dt": 0.5, "lasts": 5.0}
    return Options(dynamics="continuous", thresholds=False, **words | small)
