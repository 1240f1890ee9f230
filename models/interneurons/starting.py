"""What learning begins with: weights, and interneurons that are already at work."""

import numpy as np
from scipy.special import logit

from models.interneurons import pyramidal, wiring
from models.interneurons.parameters import BEGIN
from models.segregated import weights as drawn
from models.segregated.model import Feedback, Model


def start(options, parts, table, seed):
    """The state that learning begins with.

    Parameters
    ----------
    options : Options
    parts : Parts
    table : Circuit
    seed : int

    Returns
    -------
    dict of ndarray
        Weights ``W_m``, biases ``b_m`` and feedback weights ``Y_m`` are drawn as those of the
        segregated dendrites (mV ms, mV), feedback with zero mean. Weights between classes, such as
        ``W_PV_E_0``, are 1/K. Interneurons begin near the rates that they have between volleys, and
        what they do to pyramidal cells at the mean that belongs to these.
    """
    state = {name: np.zeros(table.shape(*where)) for name, where in table.state.items()}
    found = feedforward(options, parts, seed)
    state |= {name: value for name, value in found.items() if name in state}
    rng = np.random.default_rng([seed, 31])
    for m in range(parts.depth):
        sizes = {"X": parts.layers[m], "E": parts.layers[m + 1], **parts.many[m]}
        for source, onto in parts.pairs:
            size = sizes[source], sizes[onto]
            state[f"W_{source}_{onto}_{m}"] = wiring.weights(source, onto, *size, rng)
        for kind in parts.many[m]:
            ratio = float(BEGIN[kind] / parts.cells[kind].params.phi_max)
            state[f"V_{kind}_{m}"] += logit(ratio)
        for name, value in _pyramidal(parts):
            state[f"{name}_hidden_{m}"] += value
    return state


def _pyramidal(parts):
    """(variable, value) of pyramidal cells, where it is not 0: SI units."""
    constants, symbols = parts.cells["E"].constants, parts.symbols
    yield "n_p", pyramidal.READY
    for onto in pyramidal.DYNAMIC:
        yield f"u_{onto}", constants[f"U_{onto}"]
        yield f"R_{onto}", 1.0
    if ("PV", "E") in parts.pairs:
        yield "g_PV", float(symbols["G_PE"] * BEGIN["PV"] / symbols["r_P0"])
    if ("SST", "E") in parts.pairs:
        yield "g_SST", float(constants["G_S"] * BEGIN["SST"] / symbols["r_S0"])


def feedforward(options, parts, seed):
    """Weights of the layers, as the segregated dendrites draw them."""
    scale = options.feedback if len(options.feedback) > 1 else options.feedback[0]
    model = Model(
        parts.layers,
        parts.layers[-1],
        feedback=Feedback(scale=scale),
        init=options.init,
        centre=options.centre,
    )
    centred = drawn.initial(model._replace(centre=True), seed)
    return drawn.initial(model, seed) | {k: w for k, w in centred.items() if k.startswith("Y")}
