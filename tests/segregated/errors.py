"""Errors of output and hidden cells, and the losses they belong to (P Eqs 28 to 33).

Units and shapes as in ``experiments.segregated.jacobians``.
"""

from scipy.special import expit as sigma

from experiments.measures import distance
from experiments.segregated.jacobians import K_B, K_D, PHI_MAX, slope


def output_error(phi_star, V_bar):
    """Error of output cells, e^1 = -k_d phi_max (phi* - phi_max sigma(V_bar)) sigma'(V_bar).

    P Eq. 28, in 1/ms^2 per mV. ``phi_star`` is the mean rate of the target phase, ``V_bar`` the
    mean potential of the forward phase; both have shape (..., outputs).
    """
    return -K_D * PHI_MAX * (phi_star - PHI_MAX * sigma(V_bar)) * slope(V_bar)


def hidden_error(alpha_t, alpha_f, V_bar, k_b=K_B):
    """A hidden cell's own error, e^0 = -k_b phi_max (alpha^t - alpha^f) sigma'(V_bar).

    P Eq. 33, in 1/ms per mV. Arrays of shape (..., cells).
    """
    return -k_b * PHI_MAX * (alpha_t - alpha_f) * slope(V_bar)


def backprop_error(e_above, W, V_bar, k_b=K_B):
    """The error that backpropagation hands down, (W e_above) k_b phi_max sigma'(V_bar).

    In 1/ms^2 per mV; ``hidden_error`` lacks a 1/ms, as its plateaus stand for rates in 1/ms.
    ``e_above`` has shape (..., above), ``V_bar`` (..., cells), and W, before it learns from the
    same image, (cells, above).
    """
    return (e_above @ W.T) * k_b * PHI_MAX * slope(V_bar)


def loss_over_plateaus(alpha_t, alpha_f, phi_bar, V_bar):
    """L^0 / ||alpha^t - alpha^f||^2 of each image: 1 if phi_bar = phi_max sigma(V_bar).

    Arrays of shape (..., cells).
    """
    loss = distance(phi_bar + alpha_t - alpha_f, PHI_MAX * sigma(V_bar))
    return loss / distance(alpha_t, alpha_f)
