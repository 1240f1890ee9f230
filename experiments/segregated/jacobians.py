"""The way up to the output and down to the plateaus, its Jacobians, and Theorem 1 (P Methods).

Potentials are in mV, weights in mV ms with shape (presynaptic, postsynaptic), biases in mV and
rates in 1/ms, as the paper counts them (records have Hz). Plateaus are pure numbers; the paper adds
them to rates in 1/ms. Cells are the last axis of an array; images, if any, come before it.

With a kernel that forgets (its area is 0.51, not 1), give 0.51 times W and Y.
"""

import numpy as np
from scipy.special import expit as sigma

from experiments.measures import descent

PHI_MAX = 0.2  # 1/ms
G_L, G_B, G_D, G_TEACH = 0.1, 0.6, 0.6, 1.0  # 1/ms
E_TEACH = 8.0  # mV, reversal potential of teaching: + for the class taught, - for the others
K_B, K_D = G_B / (G_L + G_B), G_D / (G_L + G_D)  # gains from dendrite to soma; g_a = 0


def slope(V):
    """Slope of the logistic function, sigma' = sigma (1 - sigma), per mV; V in mV."""
    return sigma(V) * sigma(-V)


def beta(x, W, b):
    """Output rates that hidden rates x lead to, phi_max sigma(k_d (W x + b)), 1/ms.

    ``x`` has shape (..., hidden), ``W`` (hidden, outputs), ``b`` (outputs,). P leaves out the bias.
    """
    return PHI_MAX * sigma(K_D * (x @ W + b))


def gamma(y, Y, c=0.0):
    """Plateaus that output rates y lead to, sigma(Y y + c).

    ``y`` has shape (..., outputs), ``Y`` (outputs, hidden), ``c`` (hidden,).
    """
    return sigma(y @ Y + c)


def J_beta(V_bar, W):
    """Jacobian of ``beta`` where the output cells are at V_bar; shape (..., outputs, hidden)."""
    return PHI_MAX * slope(V_bar)[..., None] * K_D * W.T


def J_gamma(V_bar, Y, c=0.0):
    """Jacobian of ``gamma`` at the rates phi_max sigma(V_bar); shape (..., hidden, outputs), ms."""
    return slope(PHI_MAX * sigma(V_bar) @ Y + c)[..., None] * Y.T


def products(V_bar, W, Y, c=0.0):
    """U = J_beta J_gamma of each image, shape (images, outputs, outputs).

    ``V_bar``, shape (images, outputs), are mean potentials of the output cells, forward phase; W, Y
    and c as in ``beta`` and ``gamma``. The mean of U over images is the average of products.
    """
    down = slope(PHI_MAX * sigma(V_bar) @ Y + c)
    both = np.einsum("hi,nh,jh->nij", W, down, Y, optimize=True)
    return PHI_MAX * slope(V_bar)[..., None] * K_D * both


def product_of_averages(V_bar, W, Y, c=0.0):
    """Mean J_beta times mean J_gamma (P Fig 5-S1); as ``products``, shape (outputs, outputs)."""
    up = (PHI_MAX * slope(V_bar)).mean(axis=0)
    down = slope(PHI_MAX * sigma(V_bar) @ Y + c).mean(axis=0)
    return (up[:, None] * K_D * W.T) @ (down[:, None] * Y.T)


def weight_product(W, Y):
    """U_w = k_d W Y, without the slopes; shape (outputs, outputs)."""
    return K_D * W.T @ Y.T


def steady_state(pixels, labels, weights, classes=10):
    """A network with one hidden layer that sends rates, not spikes, and has settled.

    Pixels in [0, 1], shape (images, inputs), and labels (images,). Returns the rates phi_0 of
    hidden cells, the same in both phases, as no apical current reaches the soma; the potentials V_1
    (mV) of output cells, forward phase; and their rates phi_star, target phase.
    """
    phi_0 = PHI_MAX * sigma(K_B * (PHI_MAX * pixels @ weights["W_0"] + weights["b_0"]))
    V_b = phi_0 @ weights["W_1"] + weights["b_1"]
    owner = np.arange(V_b.shape[1]) // (V_b.shape[1] // classes)
    E = np.where(owner == np.asarray(labels)[:, None], E_TEACH, -E_TEACH)
    V_t = (G_D * V_b + G_TEACH * E) / (G_L + G_D + G_TEACH)
    return phi_0, K_D * V_b, PHI_MAX * sigma(V_t)


def theorem_1(phi_0, phi_star, W, b, Y, c=0.0):
    """Both sides of P Theorem 1, with what hidden cells would do at their targets.

    The hidden target is phi_0 + gamma(phi*) - gamma(beta(phi_0)), of hidden rates phi_0, forward
    phase, shape (..., hidden), and output targets phi*, shape (..., outputs). Left and right, shape
    (...): the squared distance (1/ms^2) from phi* of the output rates at the hidden targets, and of
    those there are. The theorem says left < right if mu < 1 and the error is small.
    """
    target = phi_0 + (gamma(phi_star, Y, c) - gamma(beta(phi_0, W, b), Y, c))
    return descent(phi_star, beta(target, W, b), beta(phi_0, W, b))
