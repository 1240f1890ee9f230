"""Steady states of a mini-batch: potentials are swept up, taught, and swept down again.

Each image is one settled state, and one update of ``lasts`` times the learning rates, from the same
conductances as in time (Sacramento et al. 2018, section 3 and supplement). Arrays are (images,
cells); lists have one for each hidden layer, then one for the output where it has any.
"""

from typing import NamedTuple

from models.engine.batch import add_product
from models.microcircuit.rates import RATES
from models.microcircuit.weights import ETAS, attenuation


class Mixing(NamedTuple):
    """Shares of a soma's potential: of its dendrite without and with what else pulls, and of that.

    Attributes
    ----------
    a : tuple of float
        Of the basal potential, of each hidden layer and the output, where nothing teaches.
    a_inter : float
        Of an interneuron's dendrite, where nothing teaches.
    apical, taught, taught_inter : float
        lambda: shares of the apical potential, of the output's target, and of the cell above.
    basal_taught, dendrite_taught : float
        What is left of the basal potential of a taught output cell, of a taught interneuron's.
    """

    a: tuple
    a_inter: float
    apical: float
    taught: float
    taught_inter: float
    basal_taught: float
    dendrite_taught: float

    @classmethod
    def of(cls, options):
        """Those of the options' conductances."""
        hidden = options.g_lk + options.g_B + options.g_A
        output = options.g_lk + options.g_B + options.g_som
        inter = options.g_lk + options.g_D + options.g_som
        return cls(
            attenuation(options),
            options.g_D / (options.g_lk + options.g_D),
            options.g_A / hidden,
            options.g_som / output,
            options.g_som / inter,
            options.g_B / output,
            options.g_D / inter,
        )


class Settled(NamedTuple):
    """Potentials and rates that sweeps end with.

    Attributes
    ----------
    v_B : list of ndarray
        Basal potentials.
    r : list of ndarray
        Rates; the last are the taught output's.
    v_A : list of ndarray
        Apical potentials.
    v_D, r_inter : list of ndarray
        Dendritic potentials and rates of interneurons.
    """

    v_B: list
    r: list
    v_A: list
    v_D: list
    r_inter: list


def up(options, state, x, v_A=None):
    """Basal potentials and rates, from below; apical potentials are as they were, or 0."""
    phi, mixing, v_B, r = RATES[options.phi], Mixing.of(options), [], [x]
    for m, name in enumerate(options.names):
        v_B.append(r[-1] @ state[f"W_{m}"] + state.get(f"b_{name}", 0))
        whole = options.attenuation == "literal" and v_A is None and name != "output"
        u = v_B[-1] * (1 if whole else mixing.a[m])
        if v_A is not None and name != "output":
            u = u + mixing.apical * v_A[m]
        r.append(phi(u))
    return v_B, r[1:]


def apical(options, state, m, r_above, r_inter):
    """Apical potentials of hidden layer m."""
    if options.feedback == "transposed":
        return (r_above - r_inter) @ state[f"W_{m + 1}"].T
    return top_down(options, state, m, r_above) + r_inter @ state[f"PI_{m}"]


def top_down(options, state, m, r_above):
    """The part of them that comes from the layer above."""
    transposed = options.feedback == "transposed"
    return r_above @ (state[f"W_{m + 1}"].T if transposed else state[f"TD_{m}"])


def settle(options, state, x, target=None):
    """Potentials after ``options.sweeps`` sweeps.

    Parameters
    ----------
    options : Options
    state : dict
    x : ndarray, shape (images, inputs)
    target : ndarray, shape (images, classes), optional
        Potentials that the output is pulled to; without, it is free.

    Returns
    -------
    Settled
    """
    phi, mixing = RATES[options.phi], Mixing.of(options)
    hidden, v_A = len(options.layers) - 1, None
    for _ in range(options.sweeps):
        v_B, r = up(options, state, x, v_A)
        v_D = [r[m] @ state[f"IP_{m}"] + state.get(f"b_inter_{m}", 0) for m in range(hidden)]
        u = mixing.a[-1] * v_B[-1]
        if target is not None:
            u = mixing.basal_taught * v_B[-1] + mixing.taught * target
        r[-1] = phi(u)
        v_A, r_inter = [None] * hidden, [None] * hidden
        for m in reversed(range(hidden)):
            r_inter[m] = phi(mixing.dendrite_taught * v_D[m] + mixing.taught_inter * u)
            v_A[m] = apical(options, state, m, r[m + 1], r_inter[m]) + options.light
            u = mixing.a[m] * v_B[m] + mixing.apical * v_A[m]
            r[m] = phi(u)
    return Settled(v_B, r, v_A, v_D, r_inter)


def errors(options, state, settled):
    """What synapses learn from: name of the weights -> (rates of the source, error of the target).

    The first hidden layer's source, the pixels, is None. Equations 7 to 10, of settled rates.
    """
    phi, mixing, found = RATES[options.phi], Mixing.of(options), {}
    v_B, r, v_A, v_D, r_inter = settled
    hidden = len(options.layers) - 1
    for m in range(hidden + 1):
        if options.learned("eta_up", m):
            found[f"W_{m}"] = (r[m - 1] if m else None, r[m] - phi(mixing.a[m] * v_B[m]))
    for m in range(hidden):
        if options.learned("eta_IP", m):
            found[f"IP_{m}"] = r[m], r_inter[m] - phi(mixing.a_inter * v_D[m])
        if options.learned("eta_PI", m):
            found[f"PI_{m}"] = r_inter[m], -v_A[m]
        if options.learned("eta_TD", m):
            found[f"TD_{m}"] = r[m + 1], r[m] - phi(r[m + 1] @ state[f"TD_{m}"])
    return found


def updated(options, state, x, target, epoch=0):
    """The state after a mini-batch; arrays of ``state`` may be changed."""
    made = dict(state)
    step = options.lasts * options.decay**epoch / len(x)
    for name, (source, error) in errors(options, state, settle(options, state, x, target)).items():
        kind, m = name.split("_")
        eta = step * options.each(ETAS[kind])[int(m)]
        made[name] = add_product(state[name], x if source is None else source, error, eta)
        threshold = "b_" + (f"inter_{m}" if kind == "IP" else options.names[int(m)])
        if kind in ("W", "IP") and threshold in state:
            made[threshold] = state[threshold] + eta * error.sum(axis=0)
    return made
