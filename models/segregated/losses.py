"""Losses of the paper on arrays: potentials in mV, rates in Hz, losses in kHz^2."""

import numpy as np
from scipy.special import expit as sigma  # the logistic function


def output_loss(phi_star, V_bar, phi_max=200.0):
    """L_1 = ||phi* - phi_max sigma(V_bar)||^2 of each image (P Eq. 23), in kHz^2.

    Parameters
    ----------
    phi_star : ndarray, shape (images, outputs)
        Mean rates of the target phase, Hz.
    V_bar : ndarray, shape (images, outputs)
        Mean potentials of the forward phase, mV.
    phi_max : float
        Highest rate, Hz.
    """
    return np.sum(((phi_star - phi_max * sigma(V_bar)) / 1e3) ** 2, axis=-1)


def hidden_loss(alpha_t, alpha_f, phi_bar, V_bar, phi_max=200.0):
    """L_0 = ||phi_bar + alpha_t - alpha_f - phi_max sigma(V_bar)||^2 (P Eqs 30-31), in kHz^2.

    Rates count in 1/ms and plateaus as pure numbers, as in the paper. Shapes as ``output_loss``.
    """
    target = phi_bar / 1e3 + alpha_t - alpha_f
    return np.sum((target - phi_max / 1e3 * sigma(V_bar)) ** 2, axis=-1)


def recorded(records, sizes, phi_max):
    """Losses of recorded images by layer, ``{("losses", population, "L"): ...}``, where recorded.

    Parameters
    ----------
    records : dict
        (kind, population, variable) -> ndarray; mV, Hz.
    sizes : dict
        Population -> number of cells.
    phi_max : dict
        "hidden", "output" -> highest rate, Hz.
    """
    losses = {}
    for population, size in sizes.items():
        found = {
            name: values.reshape(-1, size)
            for (kind, where, name), values in records.items()
            if kind == "losses" and where == population and name != "t"
        }
        if "phi_star" in found:
            loss = output_loss(found["phi_star"], found["V_bar"], phi_max["output"])
        elif "phi_bar" in found:
            names = ("alpha_t", "alpha_f", "phi_bar", "V_bar")
            loss = hidden_loss(*(found[name] for name in names), phi_max["hidden"])
        else:
            continue
        losses["losses", population, "L"] = loss
    return losses
