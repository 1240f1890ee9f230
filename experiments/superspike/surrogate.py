"""The gradient of a network's own loss, by backpropagation through time in the surrogate network.

The loss is half the sum over time of err**2, of all outputs. A spike's derivative by the potential
is the surrogate one, sig. All else is differentiated as ``models.superspike`` steps it: errors,
traces and currents exactly, potentials by Euler's method.
"""

import numpy as np

from experiments.superspike.stimuli import error_filter, number

RESETS = ("ignored", "cut")


def gradient(weights, spikes, sig, err, dt, resets):
    """Gradient of the loss by the weights of all layers, summed over examples.

    Parameters
    ----------
    weights : list of ndarray, shape (below, above)
        Of any unit: the gradient is per that unit, but for one factor for each layer.
    spikes : list of ndarray, shape (steps, examples, cells)
        1 where a cell fires, of the input and all layers.
    sig : list of ndarray, shape (steps, examples, cells)
        Surrogate derivative of all layers, before a spike resets the potential.
    err : ndarray, shape (steps, examples, outputs)
    dt : float
        ms.
    resets : str
        "ignored": potentials are differentiated as if they went on through spikes, as the theory's
        presynaptic trace has it (after eq 6); "cut": as the network steps them, where what came
        before a spike, or in the refractory period, is lost to the potential. In neither is a reset
        itself differentiated.

    Returns
    -------
    list of ndarray, as ``weights``
    """
    if resets not in RESETS:
        raise ValueError(f"resets: {' or '.join(RESETS)}, not {resets}")
    adjoint, found = -_of_mismatch(err, dt), []
    for m in range(len(weights))[::-1]:
        passes, free = _membrane(spikes[m + 1], dt, resets)
        current = _of_current(adjoint * sig[m], passes, free, dt)
        found.insert(0, np.einsum("tei,tej->ij", spikes[m], current))
        adjoint = current @ weights[m].T
    return found


def _of_mismatch(err, dt):
    """Derivative of the loss by a jump of the mismatch ``a`` at each step, like ``err``."""
    rise, decay, drive = error_filter(dt)
    found, of_a, of_err = np.zeros_like(err), np.zeros_like(err[0]), np.zeros_like(err[0])
    for step in range(len(err))[::-1]:
        found[step] = of_a  # a jump is felt from the next step on
        of_err = dt * err[step] + decay * of_err
        # what the step hands on of a, to itself and to err
        of_a = rise * of_a + drive * of_err
    return found


def _membrane(spikes, dt, resets):
    """Whether a potential outlives a step's end, and whether it moves in a step: 0 or 1."""
    passes, free = np.ones_like(spikes), np.ones_like(spikes)
    if resets == "cut":
        held = round(number("tau_ref") / dt)
        for step in range(len(spikes)):
            passes[step] = spikes[step] == 0
            # it is held in so many steps after that of the spike
            free[step] = spikes[max(0, step - held) : step].sum(axis=0) == 0
    return passes, free


def _of_current(of_spike, passes, free, dt):
    """Derivative of the loss by a jump of the current at each step.

    ``of_spike`` is that by the potential, through the spike of the same step.
    """
    current, step_of_U = np.exp(-dt / number("tau_syn")), dt / number("tau_mem")
    found, of_I, of_U = np.zeros_like(of_spike), 0 * of_spike[0], 0 * of_spike[0]
    for step in range(len(of_spike))[::-1]:
        found[step] = of_I  # it is felt from the next step on
        of_U = of_spike[step] + passes[step] * of_U
        # the current takes its new value first, and the potential follows it
        of_I = current * (of_I + step_of_U * free[step] * of_U)
        of_U = (1 - step_of_U * free[step]) * of_U
    return found
