"""The gradient of the cost at a fixed point, in closed form: what a small nudge should teach.

Scellier & Bengio (2017), Theorem 1: as beta goes to 0, the contrast of both phases (eq 10) becomes
-dJ/dW, the gradient of the free fixed point's cost J = C(s*). That gradient is also

    e = H^-1 dC/ds,  H = d2E/ds2 at s*,    dJ/dW_ij = rho'_i e_i rho_j + rho'_j e_j rho_i

by differentiating dE/ds = 0 (recurrent backpropagation; Almeida 1987, Pineda 1987). Cells at the
border of the hard sigmoid do not move: they have no part in it.
"""

import numpy as np
from scipy.special import expit


def errors(options, state, x, d, s):
    """rho'_i e_i of each cell: how J changes with the drive of each, one image.

    Parameters
    ----------
    options : models.equilibrium.options.Options
    state : dict of ndarray
        ``W_m`` (cells below, cells), ``b_m``.
    x, d : ndarray, shapes (pixels,) and (classes,)
        Pixels and target.
    s : list of ndarray
        The free fixed point, a layer each.

    Returns
    -------
    list of ndarray
        One a layer; 0 for cells at a border of the hard sigmoid.
    """
    sizes = [len(layer) for layer in s]
    ends = np.cumsum([0, *sizes])
    flat = np.concatenate(s)
    W = np.zeros((len(flat), len(flat)))
    for m in range(1, len(s)):
        here, above = slice(ends[m - 1], ends[m]), slice(ends[m], ends[m + 1])
        W[here, above] = state[f"W_{m}"]
        W[above, here] = state[f"W_{m}"].T
    drive = np.concatenate([state[f"b_{m}"] for m in range(len(s))])
    drive[: sizes[0]] += x @ state["W_0"]
    if options.rho == "hard":
        moves = (flat > 0) & (flat < 1)
        slope = moves.astype(float)
        H = np.eye(len(flat)) - W
    else:
        r = rate(options, flat)
        slope = 4 * r * (1 - r)
        bend = 4 * slope * (1 - 2 * r)  # rho''
        moves = np.ones(len(flat), dtype=bool)
        H = np.diag(1 - bend * (W @ r + drive)) - slope[:, None] * W * slope
    pull = np.zeros(len(flat))
    pull[ends[-2] :] = 2 * options.cost_factor * (s[-1] - d)
    e = np.zeros(len(flat))
    e[moves] = np.linalg.solve(H[np.ix_(moves, moves)], pull[moves])
    return np.split(slope * e, ends[1:-1])


def rate(options, s):
    """rho(s)."""
    return np.clip(s, 0, 1) if options.rho == "hard" else expit(4 * s - 2)


def gradient(options, state, x, d, s):
    """-dJ/dW_m of each layer, shape (cells below, cells), and -dJ/db_m, by name.

    Parameters are those of ``errors``.
    """
    e, found = errors(options, state, x, d, s), {}
    r = [x, *(rate(options, layer) for layer in s)]
    for m, error in enumerate(e):
        down = np.outer(e[m - 1], r[m + 1]) if m else 0  # pixels are clamped
        found[f"W_{m}"] = -(np.outer(r[m], error) + down)
        found[f"b_{m}"] = -error
    return found


def contrast(options, x, free, nudged, beta):
    """Eq 10 without alpha: what two states of one image teach, by name; as ``gradient``."""
    found = {}
    rates = [[x, *(rate(options, layer) for layer in s)] for s in (free, nudged)]
    for m in range(len(free)):
        here, there = (np.outer(r[m], r[m + 1]) for r in rates)
        found[f"W_{m}"] = (there - here) / beta
        found[f"b_{m}"] = (rates[1][m + 1] - rates[0][m + 1]) / beta
    return found
