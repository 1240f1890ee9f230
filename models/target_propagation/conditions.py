"""What is measured of a network: angles to backpropagation, and conditions of descent.

Arguments are those of ``layers``: options, state, activities ``h`` (a list, the input first).
"""

import dataclasses

import numpy as np

from models.measures import angle, descent, distance
from models.target_propagation import layers

ROUNDING = 1e-15  # of a loss: probabilities near 1 are no finer


def measures(options, state, x, target):
    """What is measured of some images before they are learned from, shape (images,) each.

    For each hidden layer the angle between its error and that of backpropagation; where it has a
    target from an inverse, whether that brings the layer above nearer to its own target, and how
    far the inverse is from an inverse; for each target, whether it lowers the loss if the layer
    jumps to it.
    """
    h, found = layers.rates(options, state, x), {}
    if options.mode != "bp":
        exact = dataclasses.replace(options, mode="bp", light=0.0)
        true = layers.errors(exact, state, h, target)
        mine = layers.errors(options, state, h, target)
        for m in range(len(options.layers) - 1):
            found[f"angle_{m}"] = angle(mine[m], true[m])
    if options.inverses:
        goals = layers.targets(options, state, h, target)
        found |= conditions(options, state, h, goals)
    return found


def conditions(options, state, h, goals):
    """Conditions of descent and of inverses for activities ``h`` and targets ``goals``.

    Each has shape (images,); nan where the layer above is at its target already, or the loss stays
    as it is to rounding.
    """
    found, loss = {}, layers.OUTPUTS[options.loss][1]
    now = loss(h[-1], goals[-1])
    for m, goal in enumerate(goals[:-1]):
        moved = output = layers.up(options, state, m + 1, goal)
        for n in range(m + 2, len(options.layers)):
            output = layers.up(options, state, n, output)
        there = loss(output, goals[-1])
        found[f"lowers_{m}"] = np.where(np.abs(there - now) > ROUNDING, there < now, np.nan)
        if m < options.inverses:
            left, right = descent(goals[m + 1], moved, h[m + 2])
            found[f"descends_{m}"] = np.where(right > 0, left < right, np.nan)
            back = layers.down(options, state, m, h[m + 2], h[m + 1])
            found[f"reconstruction_{m}"] = distance(back, h[m + 1])
    return found


def products(options, state, h, m):
    """U = J_f J_g of the inverse to hidden layer m, shape (images, cells above, cells above).

    J_f is the Jacobian of the layer above by this one, J_g that of the inverse, both where they
    are. Small targets bring the layer above nearer to its own, whatever their direction, if the
    largest eigenvalue of (I - U)^T (I - U) is below 1 (Lee et al. 2015; Theorem 1 of Guerguiev et
    al. 2017). That is sufficient, not necessary.
    """
    here, above = h[m + 1], h[m + 2]
    back = layers.slope(options, layers.down(options, state, m, above, here))
    W, V = state[f"W_{m + 1}"], state[f"V_{m}"][: above.shape[1]]  # random features stand still
    both = np.einsum("ha,nh,bh->nab", W, back, V, optimize=True)
    if m + 2 < len(options.layers):
        return layers.slope(options, above)[..., None] * both
    if options.loss == "squared":
        return (above * (1 - above))[..., None] * both
    return above[..., None] * (both - (above[:, None] @ both))  # softmax: diag(y) - y y^T
