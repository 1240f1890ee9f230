"""The paper's theory as pure functions: errors, Jacobians, Theorem 1, Lemma 1.

Potentials are in mV, weights in mV ms with shape (presynaptic, postsynaptic), biases in mV and
rates in 1/ms, as the paper counts them (records have Hz). Plateaus are pure numbers; the paper adds
them to rates in 1/ms. Cells are the last axis of an array; images, if any, come before it.

With a kernel that forgets (its area is 0.51, not 1), give 0.51 times W and Y.
"""

import numpy as np
from scipy.special import expit as sigma

from experiments.run import score as scores

PHI_MAX = 0.2  # 1/ms
TAU_S, TAU_L = 3.0, 10.0  # ms
G_L, G_B, G_D, G_TEACH = 0.1, 0.6, 0.6, 1.0  # 1/ms
E_TEACH = 8.0  # mV, reversal potential of teaching: + for the class taught, - for the others
K_B, K_D = G_B / (G_L + G_B), G_D / (G_L + G_D)  # gains from dendrite to soma; g_a = 0


def slope(V):
    """Slope of the logistic function, sigma' = sigma (1 - sigma), per mV; V in mV."""
    return sigma(V) * sigma(-V)


# --- errors -----------------------------------------------------------------------------------


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

    Parameters
    ----------
    e_above : ndarray, shape (..., above)
    W : ndarray, shape (cells, above)
        Before it learns from the same image.
    V_bar : ndarray, shape (..., cells)
    """
    return (e_above @ W.T) * k_b * PHI_MAX * slope(V_bar)


def angle(one, other):
    """Angle in degrees between two vectors of each image (P Fig 7A).

    Parameters
    ----------
    one, other : ndarray, shape (..., cells)
        In any unit.

    Returns
    -------
    ndarray, shape (...)
        nan where a vector is zero.
    """
    length = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    cosine = np.full(length.shape, np.nan)
    np.divide(np.sum(one * other, axis=-1), length, out=cosine, where=length > 0)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


# --- forward, feedback and their Jacobians ----------------------------------------------------


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
    """U = J_beta J_gamma of each image.

    Parameters
    ----------
    V_bar : ndarray, shape (images, outputs)
        Mean potentials of the output cells, forward phase.
    W : ndarray, shape (hidden, outputs)
    Y : ndarray, shape (outputs, hidden)
    c : ndarray, shape (hidden,)

    Returns
    -------
    ndarray, shape (images, outputs, outputs)
        Its mean over images is the average of products.
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


def largest_eigenvalue(U):
    """mu, the largest eigenvalue of (I - U)^T (I - U); Theorem 1 asks for mu < 1 (P Fig 5-S1).

    ``U`` has shape (..., n, n), mu shape (...).
    """
    rest = np.eye(U.shape[-1]) - U
    return np.linalg.eigvalsh(np.swapaxes(rest, -1, -2) @ rest)[..., -1]


def angle_to_identity(U):
    """Angle in degrees between U and the identity, whatever the scale of Y; shape (...).

    90 degrees for matrices that know nothing of each other, 0 where U is a multiple of I.
    """
    flat = U.reshape(*U.shape[:-2], -1)
    return angle(flat, np.broadcast_to(np.eye(U.shape[-1]).ravel(), flat.shape))


# --- Theorem 1 --------------------------------------------------------------------------------


def steady_state(pixels, labels, weights, classes=10):
    """Rates of a network with one hidden layer that sends rates, not spikes, and has settled.

    Parameters
    ----------
    pixels : ndarray, shape (images, inputs)
        In [0, 1].
    labels : ndarray of int, shape (images,)
    weights : dict of ndarray
        ``W_0``, ``b_0``, ``W_1``, ``b_1``.
    classes : int

    Returns
    -------
    phi_0 : ndarray, shape (images, hidden)
        Rates of hidden cells; the same in both phases, as no apical current reaches the soma.
    V_1 : ndarray, shape (images, outputs)
        Potentials of output cells, forward phase, mV.
    phi_star : ndarray, shape (images, outputs)
        Rates of output cells, target phase.
    """
    phi_0 = PHI_MAX * sigma(K_B * (PHI_MAX * pixels @ weights["W_0"] + weights["b_0"]))
    V_b = phi_0 @ weights["W_1"] + weights["b_1"]
    owner = np.arange(V_b.shape[1]) // (V_b.shape[1] // classes)
    E = np.where(owner == np.asarray(labels)[:, None], E_TEACH, -E_TEACH)
    V_t = (G_D * V_b + G_TEACH * E) / (G_L + G_D + G_TEACH)
    return phi_0, K_D * V_b, PHI_MAX * sigma(V_t)


def theorem_1(phi_0, phi_star, W, b, Y, c=0.0):
    """Both sides of P Theorem 1, with what hidden cells would do at their targets.

    The hidden target is phi_0 + gamma(phi*) - gamma(beta(phi_0)).

    Parameters
    ----------
    phi_0 : ndarray, shape (..., hidden)
        Hidden rates, forward phase.
    phi_star : ndarray, shape (..., outputs)
        Output targets.
    W, b, Y, c : ndarray
        As in ``beta`` and ``gamma``.

    Returns
    -------
    left, right : ndarray, shape (...)
        Squared distance (1/ms^2) from phi* of the output rates at the hidden targets, and of those
        there are. The theorem says left < right if mu < 1 and the error is small.
    """
    target = phi_0 + (gamma(phi_star, Y, c) - gamma(beta(phi_0, W, b), Y, c))
    return distance(phi_star, beta(target, W, b)), distance(phi_star, beta(phi_0, W, b))


def distance(one, other):
    """Squared distance of two vectors of each image, shape (...)."""
    return np.sum((one - other) ** 2, axis=-1)


# --- Lemma 1 ----------------------------------------------------------------------------------


def kernel(t):
    """The synaptic kernel kappa at times t > 0 (ms), in 1/ms (P Eq. 3)."""
    return (np.exp(-t / TAU_L) - np.exp(-t / TAU_S)) / (TAU_L - TAU_S)


def kernel_area(taps=0):
    """Area of the kernel in steps of 1 ms: 1, or what is left of it after so many steps."""
    return float(kernel(np.arange(1.0, taps + 1)).sum()) if taps else 1.0


def filtered(counts, taps=0):
    """Filtered spike trains s, by an exact recursion, or by a kernel that forgets.

    Parameters
    ----------
    counts : ndarray, shape (steps, trains)
        Spikes in each step of 1 ms, from rest.
    taps : int
        Steps after which a spike is forgotten (the authors' code: 10); 0: never.

    Returns
    -------
    ndarray, shape (steps, trains)
        1/ms.
    """
    counts = np.asarray(counts, dtype=float)
    if taps:
        late = [np.pad(counts, ((k, 0), (0, 0)))[: len(counts)] for k in range(taps)]
        return np.tensordot(kernel(np.arange(1.0, taps + 1)), late, 1)
    s, x_L, x_s = np.empty_like(counts), 0.0, 0.0
    for step, spikes in enumerate(counts):
        x_L = (x_L + spikes) * np.exp(-1 / TAU_L)
        x_s = (x_s + spikes) * np.exp(-1 / TAU_S)
        s[step] = (x_L - x_s) / (TAU_L - TAU_S)
    return s


def lemma_1(phi, window):
    """P's lower bound on the mean of a filtered train, as printed; the upper bound is phi.

    The proof bounds the integral of g^2, where g(t) = (tau_L e^(-t/tau_L) - tau_s e^(-t/tau_s)) /
    (tau_L - tau_s) is what of a spike comes later than t, by its mixed term alone; a train that
    begins with a short window lies below it. ``lemma_1_whole`` has all three terms.

    Parameters
    ----------
    phi : float or ndarray
        Constant rate, 1/ms.
    window : float or ndarray
        Length Delta t of the window, ms.
    """
    square = 2 * TAU_L**2 * TAU_S**2 / ((TAU_L - TAU_S) ** 2 * (TAU_L + TAU_S))
    return phi - np.sqrt(square * phi**2 / window)


def lemma_1_whole(phi, window):
    """``lemma_1`` with the whole integral of g^2: a bound for any train."""
    square = (TAU_L**3 + TAU_S**3) / 2 - 2 * TAU_L**2 * TAU_S**2 / (TAU_L + TAU_S)
    return phi - np.sqrt(square / (TAU_L - TAU_S) ** 2 * phi**2 / window)


def expected_train(phi, window, since=0.0):
    """Expected mean of a filtered train over a window that opens ``since`` ms after the train.

    In continuous time; parameters as ``lemma_1``.
    """

    def missing(t):  # the integral of g from 0 to t
        slow, fast = (tau**2 * (1 - np.exp(-t / tau)) for tau in (TAU_L, TAU_S))
        return (slow - fast) / (TAU_L - TAU_S)

    return phi * (1 - (missing(since + window) - missing(since)) / window)


# --- losses -----------------------------------------------------------------------------------


def plateau_loss(alpha_t, alpha_f):
    """||alpha^t - alpha^f||^2 of each image, to which L^0 comes close (P Eq. 32)."""
    return distance(alpha_t, alpha_f)


def loss_over_plateaus(alpha_t, alpha_f, phi_bar, V_bar):
    """L^0 / ||alpha^t - alpha^f||^2 of each image: 1 if phi_bar = phi_max sigma(V_bar).

    Arrays of shape (..., cells).
    """
    loss = scores.hidden_loss(alpha_t, alpha_f, 1e3 * phi_bar, V_bar)
    return loss / plateau_loss(alpha_t, alpha_f)


def correlation(one, other):
    """Pearson's r of two arrays of shape (n,); nan for fewer than 3 or where nothing varies."""
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return np.nan
    return float(np.corrcoef(one, other)[0, 1])
