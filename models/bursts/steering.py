"""Two populations and dendritic input: bursts of the second one decide what its synapses learn.

Payeur et al. (2021), Fig 2e-g. Events of the first population reach somata of the second through
plastic synapses; a few Poisson cells reach its dendrites, by a strength that changes in time.
"""

import numpy as np
from brian2 import Hz, ms, pA

from models.bursts import rule as plasticity
from models.bursts.cells import events as events_of
from models.bursts.conductances import Noise, pyramidal
from models.engine.cell import Cell
from models.engine.circuit import Circuit, Event, Pathway, Population, Projection, Sweep
from models.engine.network import EACH_IMAGE, Network
from models.engine.recording import SPIKES
from models.engine.schedule import ONSET, Moment

DT = 0.1 * ms
P_CONNECT, W_0, SOURCES, R_SOURCES, D_0, I_D = 0.2, 0.08, 100, 1 * Hz, 0.25, 50 * pA
RULE, NOISE = plasticity.Rule(), (Noise(), None)  # of both populations
COUNTS = """
    events                                                    : 1  # in this bin
    bursts                                                    : 1
"""
FORGET = """
        events = 0
        bursts = 0
"""
BEGIN = {
    "pre": """
        x_d = images(example*dt, 0)*pA
    """,
    "post": """
        x_s = images(example*dt, 3)*pA
        x_d = I_d_0
        d = images(example*dt, 1)
        w_in = 0
    """,
}
# Of the second population: how strong its dendritic synapses are now, and a sum of weights.
OWN = """
    d                                                         : 1  # weight of dendritic synapses
    w_in                                                      : 1  # sum of the weights onto a cell
"""
GATE = "M = images(example*dt, 2)                             : 1  # 1: it learns, 0: it does not"
WEIGH, READ = "weigh", "read"
ORDER = tuple(
    Sweep((moment,)) for moment in (ONSET, "grow", "move", "event", "burst", "spike", WEIGH, READ)
)


def some(n_source, n_target, p, rng):
    """Random pairs: each with the same number of sources."""
    n = round(p * n_source)
    sources = [np.sort(rng.choice(n_source, n, replace=False)) for _ in range(n_target)]
    return np.concatenate(sources), np.repeat(np.arange(n_target), n)


def network(cells, p, bin_lasts, seed, rule=RULE, noise=NOISE):
    """Both populations as a network.

    Parameters
    ----------
    cells : int
        Of each population.
    p : float
        Probability of a synapse between them.
    bin_lasts : Quantity
        An "image": a stretch of time in which nothing changes and events are counted.
    seed : int
        Of the synapses.
    rule : models.bursts.rule.Rule
    noise : (Noise or None, Noise or None)
        Of both populations; the second one has that of the first, which it hears, and no other.

    Returns
    -------
    Network
        An image is the current into dendrites of the first population, in pA; the weight of
        dendritic synapses of the second; whether it learns; and the current into its somata, in pA.
        Answers, of shape (images, cells), are events of the second population; measures are its
        ``bursts``, ``Pbar`` and ``w_in``, the sum of the weights onto each cell; ``events_pre`` and
        ``bursts_pre`` those of the first.
    """
    rng = np.random.default_rng([seed, 22])
    pre, post = (pyramidal(DT, one).vary(parts={"counts": COUNTS}) for one in noise)
    post = post.vary(parts={"own": OWN}, constants={"I_d_0": I_D})
    pre = pre.then(moments={ONSET: FORGET + BEGIN["pre"]})
    post = post.then(moments={ONSET: FORGET + BEGIN["post"]})
    pre = plasticity.sends(pre, _counted(pre) | {WEIGH: Event("True")}, rule)
    post = plasticity.learns(post, _counted(post), rule, GATE)
    sources = Cell.of({"rate": "r : Hz"}, rest={"r": "r_0"}, constants={"r_0": R_SOURCES})
    paths = {"arrive": Pathway("ge_s_post += w", "event"), WEIGH: Pathway("w_in_post += w", WEIGH)}
    pairs = some(cells, cells, p, rng)
    return Network(
        Circuit(
            {
                "sources": Population(SOURCES, sources, {"spike": Event("rand() < r*dt")}),
                "pre": Population(cells, *pre),
                "post": Population(cells, *post),
            },
            {
                "synapses": plasticity.plastic("pre", "post", rule, paths, pairs),
                "dendritic": Projection(
                    "sources",
                    "post",
                    "",
                    {"arrive": Pathway("ge_d_post += d_post", "spike")},
                    pairs=some(SOURCES, cells, P_CONNECT, rng),
                ),
            },
            ORDER,
            {"w": ("synapses", "w")},
            outcome=("events", "bursts", "Pbar", "w_in"),
            outcome_at=READ,
            pixels=4,
            outcomes={"events_pre": ("pre", "events"), "bursts_pre": ("pre", "bursts")},
        ),
        start=lambda seed: {"w": np.full(len(pairs[0]), W_0)},
        read=lambda outcome, inputs: (
            outcome["events"],
            {name: values for name, values in outcome.items() if name != "events"},
        ),
        phases={"bin": round(float(bin_lasts / DT))},
        moments={
            ONSET: EACH_IMAGE._replace(phase="bin", meaning="counts begin, inputs may change"),
            WEIGH: Moment("bin", "last", "end", "weights are summed"),
            READ: Moment("bin", "last", "end", "counts are read"),
        },
        dt=DT,
        records={SPIKES: (), "events": (), "bursts": (), "potentials": ("V_s", "V_d", "theta")},
    )


def _counted(cell):
    """Events of a cell that counts them."""
    found = events_of(cell)
    return found | {k: found[k]._replace(own=f"{k}s += 1") for k in ("event", "burst")}
