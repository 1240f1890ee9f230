"""Two populations of pyramidal cells, one above the other, and interneurons between them.

Payeur et al. (2021), Fig 3. Events of the first reach somata of the second, by depressing synapses;
bursts of the second reach dendrites of the first, by facilitating ones. Parvalbumin-positive cells
(PV) take part of the first population's events from somata of the second; somatostatin-positive
ones (SOM) part of the second one's bursts from dendrites of the first. Within each population
facilitating synapses inhibit dendrites, so that burst probability goes with their input in a
straighter line. How the circuit does depends on what drives current through a dendrite's synapses:
the dendrite's own potential, or, as in the public simulations, that of the soma (``from_soma``).
"""

from typing import NamedTuple

import numpy as np
from brian2 import Hz, Quantity, ms, pA

from models.bursts import adaptive, cells
from models.bursts.conductances import Noise, pyramidal
from models.bursts.steering import some
from models.engine.cell import Cell
from models.engine.circuit import Circuit, Pathway, Population, Projection, Sweep
from models.engine.network import EACH_IMAGE, Network
from models.engine.schedule import ONSET, Moment

DT = 0.1 * ms
READ = "read"


class Sizes(NamedTuple):
    """Cells of each kind, and the share of pairs that have a synapse: those of the paper.

    A cell has 200 synapses from each population of pyramids that reaches it, and 50 from
    interneurons of a kind.
    """

    pyramids: int = 4000
    interneurons: int = 1000
    p: float = 0.05


class Weights(NamedTuple):
    """Weights of synapses, by the leak of the compartment that they reach: the paper's."""

    up: float = 0.05
    to_PV: float = 0.05
    from_PV: float = 0.07
    down: float = 0.37
    to_SOM: float = 0.3
    from_SOM: float = 0.035
    within_1: float = 0.1
    within_2: float = 0.1
    down_static: float = 0.0
    to_SOM_static: float = 0.0

    about = {  # name -> what they do, and where the value is from
        "up": "P: first population to somata of the second, depressing",
        "to_PV": "P: first population to PV, depressing",
        "from_PV": "P: PV to somata of the second, inhibitory and static",
        "down": "P: second population to dendrites of the first, facilitating",
        "to_SOM": "P: second population to SOM, facilitating",
        "from_SOM": "P: SOM to dendrites of the first, inhibitory and static",
        "within_1": "P: first population to its own dendrites, inhibitory and facilitating",
        "within_2": "P: second population to its own dendrites, the same",
        "down_static": "what `down` sends of each spike beside, whatever came before",
        "to_SOM_static": "and `to_SOM`",
    }


class Currents(NamedTuple):
    """Mean currents into cells of each kind: the paper's. In this order they are an "image"."""

    I_s_1: Quantity = 0 * pA
    I_d_1: Quantity = 50 * pA
    I_s_2: Quantity = -100 * pA
    I_d_2: Quantity = 100 * pA
    I_PV: Quantity = 205 * pA
    I_SOM: Quantity = 0 * pA

    about = {  # symbol -> the unit it is told in (None: the first that fits), where it is from
        "I_s_1": (None, "P: somata of the first population"),
        "I_d_1": (None, "P: dendrites of the first population"),
        "I_s_2": (None, "P: somata of the second"),
        "I_d_2": (None, "P: dendrites of the second"),
        "I_PV": (None, "P: parvalbumin-positive cells"),
        "I_SOM": (None, "P: somatostatin-positive cells"),
    }


# Dendrites' synaptic currents, driven by the somatic potential as in the public simulations.
FROM_SOMA = """
    n_s = C_s/tau_s*(ge_s*(E_e - V_s) + gi_s*(E_i - V_s))     : amp  # synaptic current of the soma
    n_d = C_d/tau_d*(ge_d*(E_e - V_s) + gi_d*(E_i - V_s))     : amp  # of the dendrite, the same way
    dge_s/dt = -ge_s/tau_e                                    : 1  # excitation, by the leak
    dgi_s/dt = -gi_s/tau_i                                    : 1  # inhibition
    dge_d/dt = -ge_d/tau_e                                    : 1  # the same of the dendrite
    dgi_d/dt = -gi_d/tau_i                                    : 1
"""
NOISE = Noise(r_e=500 * Hz, r_i=500 * Hz, we_s=0.35, wi_s=0.35, we_d=0.05, wi_d=0.05)
KINDS = {
    "PV": (adaptive.PV, adaptive.PV_NOISE),
    "SOM": (adaptive.SOM, adaptive.SOM_NOISE),
}

CURRENTS = Currents._fields
GIVEN = {
    "pyr_1": """
        x_s = images(example*dt, 0)*pA
        x_d = images(example*dt, 1)*pA
    """,
    "pyr_2": """
        x_s = images(example*dt, 2)*pA
        x_d = images(example*dt, 3)*pA
    """,
    "PV": "x = images(example*dt, 4)*pA",
    "SOM": "x = images(example*dt, 5)*pA",
}
COUNTS = """
    E_1                                                       : 1  # events since it was read
    B_1                                                       : 1  # bursts
    S_1                                                       : 1  # spikes
    E_2                                                       : 1  # of the second population
    B_2                                                       : 1
    S_2                                                       : 1
    S_PV                                                      : 1  # and of interneurons
    S_SOM                                                     : 1
    U_2                                                       : 1  # what STF synapses sent of S_2
"""
COUNTED = ("E_1", "B_1", "S_1", "E_2", "B_2", "S_2", "S_PV", "S_SOM", "U_2")
WEIGHT = "w : 1 (shared)  # weight of all synapses"
STATIC = WEIGHT + "\nw_0 : 1 (shared)  # what is added to it of each spike"
ORDER = tuple(
    Sweep((moment,)) for moment in (ONSET, "grow", "move", "event", "burst", "spike", READ)
)
# source, target, equations, what a spike does
CONNECTIONS = {
    "up": ("pyr_1", "pyr_2", WEIGHT, "ge_s_post += w*sent_STD_pre"),
    "to_PV": ("pyr_1", "PV", WEIGHT, "ge_post += w*sent_STD_pre"),
    "from_PV": ("PV", "pyr_2", WEIGHT, "gi_s_post += w"),
    "down": ("pyr_2", "pyr_1", STATIC, "ge_d_post += w*sent_STF_pre + w_0"),
    "to_SOM": ("pyr_2", "SOM", STATIC, "ge_post += w*sent_STF_pre + w_0"),
    "from_SOM": ("SOM", "pyr_1", WEIGHT, "gi_d_post += w"),
    "within_1": ("pyr_1", "pyr_1", WEIGHT, "gi_d_post += w*sent_STF_pre"),
    "within_2": ("pyr_2", "pyr_2", WEIGHT, "gi_d_post += w*sent_STF_pre"),
}
READERS = {
    "pyr_1": {"event": "E_1_post += 1", "burst": "B_1_post += 1", "spike": "S_1_post += 1"},
    "pyr_2": {
        "event": "E_2_post += 1",
        "burst": "B_2_post += 1",
        "spike": "S_2_post += 1\nU_2_post += sent_STF_pre",
    },
    "PV": {"spike": "S_PV_post += 1"},
    "SOM": {"spike": "S_SOM_post += 1"},
}


def network(seed, sizes=None, from_soma=False, noisy=True):
    """The circuit as a network.

    Parameters
    ----------
    seed : int
        Of the synapses.
    sizes : Sizes, optional
    from_soma : bool
        Whether synaptic currents of dendrites are driven by the somatic potential.
    noisy : bool
        Whether cells have background noise, each its own.

    Returns
    -------
    Network
        An image is what all cells of a kind get for 1 ms, in pA, in the order of ``Currents``.
        Answers, of shape (images, 1), are events of the second population; measures are all of
        ``COUNTED``, sums over cells. Its state is made of ``Weights``: a run may be given others.
    """
    rng, sizes = np.random.default_rng([seed, 33]), sizes or Sizes()
    found = {name: _pyramids(name, sizes, from_soma, noisy) for name in ("pyr_1", "pyr_2")}
    for name, (params, noise) in KINDS.items():
        cell = adaptive.interneuron(DT, params, noise if noisy else None)
        cell = cell.then(moments={ONSET: GIVEN[name]})
        found[name] = Population(sizes.interneurons, cell, adaptive.events(cell))
    forget = "\n".join(f"{name} = 0" for name in COUNTED)
    found["reader"] = Population(1, Cell.of({"counts": COUNTS}, {ONSET: forget}), {})
    state = {name: (name, "w") for name in CONNECTIONS}
    state |= {f"{name}_static": (name, "w_0") for name in ("down", "to_SOM")}
    return Network(
        Circuit(
            found,
            _projections(found, sizes.p, rng),
            ORDER,
            state,
            outcome=COUNTED,
            outcome_at=READ,
            pixels=len(CURRENTS),
        ),
        start=lambda seed: state_of(Weights()),
        read=lambda outcome, inputs: (outcome["E_2"], dict(outcome)),
        phases={"held": round(float(1 * ms / DT))},
        moments={
            ONSET: EACH_IMAGE._replace(phase="held", meaning="inputs change"),
            READ: Moment("held", "last", "end", "counts are read"),
        },
        dt=DT,
        records={"potentials": ("V_s", "V_d", "V")},
    )


def state_of(weights):
    """``Weights`` as the state of a network."""
    return {name: np.array(float(w)) for name, w in weights._asdict().items()}


def _pyramids(name, sizes, from_soma, noisy):
    """A population whose cells have dynamic synapses of both kinds."""
    own = cells.sends()
    base = pyramidal(DT, NOISE if noisy else None)
    base = base.vary(parts=own.parts, rest=own.rest).then(moments={ONSET: GIVEN[name]})
    cell = base.vary(parts={"noise": FROM_SOMA}) if from_soma else base
    return Population(sizes.pyramids, cell, cells.events(cell, own.spiked))


def _projections(populations, p, rng):
    """Those between cells, and those of the reader."""
    found = {}
    for name, (source, target, equations, code) in CONNECTIONS.items():
        pairs = some(populations[source].size, populations[target].size, p, rng)
        path = {"send": Pathway(code, "spike")}
        found[name] = Projection(source, target, equations, path, pairs=pairs)
    for source, codes in READERS.items():
        paths = {f"of_{event}": Pathway(code, event) for event, code in codes.items()}
        found[f"{source}_read"] = Projection(source, "reader", "", paths)
    return found
