"""Filtered spike trains, and the bounds on their means that Lemma 1 promises (P Methods).

Times are in ms, rates in 1/ms.
"""

import numpy as np

TAU_S, TAU_L = 3.0, 10.0  # ms


def kernel(t):
    """The synaptic kernel kappa at times t > 0 (ms), in 1/ms (P Eq. 3)."""
    return (np.exp(-t / TAU_L) - np.exp(-t / TAU_S)) / (TAU_L - TAU_S)


def kernel_area(taps=0):
    """Area of the kernel in steps of 1 ms: 1, or what is left of it after so many steps."""
    return float(kernel(np.arange(1.0, taps + 1)).sum()) if taps else 1.0


def filtered(counts, taps=0):
    """Filtered spike trains s, 1/ms, by an exact recursion, or by a kernel that forgets.

    ``counts``, shape (steps, trains), has the spikes in each step of 1 ms, from rest. After
    ``taps`` steps a spike is forgotten (the authors' code: 10); 0: never.
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


def printed(phi, window):
    """P's lower bound on the mean of a filtered train, as printed; the upper bound is phi.

    The proof bounds the integral of g^2, where g(t) = (tau_L e^(-t/tau_L) - tau_s e^(-t/tau_s)) /
    (tau_L - tau_s) is what of a spike comes later than t, by its mixed term alone; a train that
    begins with a short window lies below it. ``whole`` has all three terms. The rate phi is
    constant, in 1/ms; the window has the length Delta t in ms.
    """
    square = 2 * TAU_L**2 * TAU_S**2 / ((TAU_L - TAU_S) ** 2 * (TAU_L + TAU_S))
    return phi - np.sqrt(square * phi**2 / window)


def whole(phi, window):
    """``printed`` with the whole integral of g^2: a bound for any train."""
    square = (TAU_L**3 + TAU_S**3) / 2 - 2 * TAU_L**2 * TAU_S**2 / (TAU_L + TAU_S)
    return phi - np.sqrt(square / (TAU_L - TAU_S) ** 2 * phi**2 / window)


def expected_train(phi, window, since=0.0):
    """Expected mean of a filtered train over a window that opens ``since`` ms after the train.

    In continuous time; parameters as ``printed``.
    """

    def missing(t):  # the integral of g from 0 to t
        slow, fast = (tau**2 * (1 - np.exp(-t / tau)) for tau in (TAU_L, TAU_S))
        return (slow - fast) / (TAU_L - TAU_S)

    return phi * (1 - (missing(since + window) - missing(since)) / window)
