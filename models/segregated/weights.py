"""Initial feedforward and feedback weights (P 'Initialisation').

The moments of the dendritic potential (mean 3, spread 3) are meant to be carried from layer to
layer. All values are in mV ms (weights) or mV (biases).
"""

import numpy as np

from models import units
from models.segregated.parameters import Biophysics, Start

START = Start()
V_AVG, V_SD, B_AVG, B_SD = (units.number(value, "mV")[0] for value in START[:4])
ROOT_12 = START.root_12
PHI_MAX = Biophysics().phi_max


def moments(fan_in, phi_max=PHI_MAX):
    """Mean and target spread of the weights of a layer, ``(W_avg, W_sd)`` in mV ms.

    Parameters
    ----------
    fan_in : int
        Number of presynaptic cells N.
    phi_max : Quantity
        Their highest rate.
    """
    N, nu = fan_in, START.slope * (float(phi_max) / 1000)  # spikes per ms
    second = V_SD**2 + V_AVG**2
    W_avg = (V_AVG - B_AVG) / (nu * N * V_AVG)
    W_sm = (
        second
        + nu**2 * (N - N**2) * W_avg**2 * V_AVG**2
        - 2 * N * nu * B_AVG * V_AVG * W_avg
        - B_AVG**2
    ) / (N * nu**2 * second)
    return W_avg, np.sqrt(W_sm - W_avg**2)


def initial(model, seed):
    """Initial weights of a model.

    Parameters
    ----------
    model : models.segregated.model.Model
    seed : int

    Returns
    -------
    dict of ndarray
        For layer m (hidden layers from 0, then the output): ``W_m`` of shape (presynaptic,
        postsynaptic) and ``b_m``; for each hidden layer also ``c_m``, and ``Y_m`` of shape
        (source of feedback, hidden) where feedback has weights of its own.
    """
    rng = np.random.default_rng([seed, 0])
    feedback, layers = model.feedback, model.layers
    cells = [model.input, *(model.hidden for _ in range(model.depth))]  # below each layer
    phi_max = [cell.params.phi_max for cell in cells]
    mean_on = 0.0 if model.centre else 1.0
    init = np.broadcast_to(model.init, model.depth + 1)
    scale = np.broadcast_to(feedback.scale, model.depth)
    weights = {}
    for m, (below, size) in enumerate(zip(layers[:-1], layers[1:], strict=True)):
        W_avg, W_sd = moments(below, phi_max[m])
        weights[f"W_{m}"] = mean_on * W_avg + ROOT_12 * W_sd * rng.uniform(
            -init[m], init[m], (below, size)
        )
        weights[f"b_{m}"] = mean_on * B_AVG + ROOT_12 * B_SD * rng.uniform(-0.5, 0.5, size)
    for m in range(model.depth):
        size, above = layers[m + 1], layers[m + 2]
        weights[f"c_{m}"] = np.zeros(size)
        if feedback.bias:
            weights[f"c_{m}"] += B_AVG + ROOT_12 * B_SD * rng.uniform(-0.5, 0.5, size)
        if feedback.kind == "symmetric":
            continue
        source = layers[-1] if feedback.path == "broadcast" else above
        W_avg, W_sd = moments(size, phi_max[m + 1])  # of the feedforward layer above
        Y = mean_on * W_avg + ROOT_12 * W_sd * rng.uniform(-1, 1, (source, size))
        Y *= scale[m]
        if feedback.sparsity:
            lost = rng.permutation(Y.size)[: int(feedback.sparsity * Y.size)]
            Y.ravel()[lost] = 0
            Y *= feedback.rescale
        weights[f"Y_{m}"] = Y
    return weights
