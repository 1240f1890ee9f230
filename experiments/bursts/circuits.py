"""The circuit of two populations, compiled, and what is read of it: rates by bin, and shares."""

import numpy as np
from brian2 import pA

from experiments.bursts import ensembles
from models.bursts import hierarchy
from models.bursts.hierarchy import CURRENTS, Sizes
from models.theory import Inputs

SMALL = Sizes(12, 6, 0.5)  # for --smoke


class Circuit:
    """A compiled circuit, with synapses of one seed.

    Parameters
    ----------
    setting : Setting
        Of the page: small and interpreted for ``--smoke``.
    seed : int
        Of synapses and of noise.
    ms : int
        How long a run is.
    sizes : Sizes, optional
    from_soma : bool
        As of ``models.bursts.hierarchy.network``.
    """

    def __init__(self, setting, seed, ms, sizes=None, from_soma=False):
        self.seed, self.sizes = seed, setting.size(sizes or Sizes(), SMALL)
        how = {"device": setting.size("standalone", "runtime"), "precision": "single"}
        network = hierarchy.network(seed, self.sizes, from_soma)
        self.program = network.program(ms, **how)

    def run(self, weights, x):
        """Counts of all cells in each ms, shape (ms,), by name; ``x``: ``Currents`` in time, pA."""
        labels = np.zeros(len(x), dtype=int)
        out = self.program.run(Inputs(x, labels, hierarchy.state_of(weights), self.seed))
        return {name: one[:, 0] for name, one in out.measures.items()}

    def rates(self, counts):
        """Rates (Hz) and shares by bin of 10 ms, through a window of 50 ms, by name."""
        found = {}
        for k in (1, 2):
            one = [counts[f"{kind}_{k}"][:, None] for kind in "EBS"]
            shown = ensembles.Shown(*one, None, None, {}, self.sizes.pyramids)
            found |= {f"{name}_{k}": values for name, values in ensembles.rates(shown).items()}
        for kind in hierarchy.KINDS:
            each = ensembles.binned(counts[f"S_{kind}"]) / self.sizes.interneurons
            found[kind] = ensembles.smooth(1e3 * each)
        return found


def steady(means, ms):
    """Currents that stay, in pA, shape (ms, currents); ``means``: ``Currents``."""
    return np.tile([float(mean / pA) for mean in means], (ms, 1))


def seen(x, *names):
    """Some currents as rates are seen: by bin, through the same window."""
    columns = {name: x[:, CURRENTS.index(name)] for name in names}
    return {name: ensembles.smooth(ensembles.binned(one)) for name, one in columns.items()}
