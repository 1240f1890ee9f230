"""Backpropagation through time in the surrogate network, and how near the rule comes to it."""

import numpy as np
import pytest

from experiments.measures import angle
from experiments.superspike import surrogate
from experiments.superspike.surrogate_angle import RECORDED, batch, summing
from models import theory
from models.engine import device

SUPERSPIKE = theory.find("superspike")
SIZES, STEPS, EXAMPLES, DT = (5, 4, 3, 2), 120, 2, 0.5
REST, THETA, HELD = -60.0, -50.0, 10  # mV, mV, steps


def smooth(weights, sent, fires, target, resets):
    """A network whose cells send a smooth function of U where they may fire: loss, and what it did.

    Steps are those of the theory; ``fires`` (of each layer: steps, examples, cells) is fixed, so
    that finite differences exist.
    """
    syn, rise, decay = np.exp(-DT / 5), np.exp(-DT / 5), np.exp(-DT / 10)
    U = [np.full((EXAMPLES, size), REST) for size in SIZES[1:]]
    currents, waits = ([np.zeros_like(u) for u in U] for _ in range(2))
    spikes, sig = [[] for _ in U], [[] for _ in U]
    a, err = np.zeros_like(U[-1]), np.zeros_like(U[-1])
    loss, errs = 0.0, []
    for step in range(STEPS):
        err, a = decay * err + (decay - rise) * a, rise * a
        below = sent[step]
        for m, w in enumerate(weights):
            currents[m] = syn * currents[m]
            free = 1.0 * (waits[m] == 0) if resets == "cut" else 1.0
            U[m] = U[m] + DT / 10 * free * (REST - U[m] + currents[m])
            waits[m] = np.maximum(waits[m] - 1, 0)
            h, may = U[m] - THETA, fires[m][step]
            out = may * 0.5 * (1 + h / (1 + abs(h)))
            spikes[m].append(out)
            sig[m].append(may * 0.5 / (1 + abs(h)) ** 2)
            currents[m] = currents[m] + below @ w
            if resets == "cut":
                U[m], waits[m] = np.where(may, REST, U[m]), np.where(may, HELD, waits[m])
            below = out
        a = a + target[step] - below
        errs.append(err)
        loss += DT * np.sum(err**2) / 2
    did = [sent, *(np.array(s) for s in spikes)], [np.array(s) for s in sig], np.array(errs)
    return loss, did


@pytest.mark.parametrize("resets", surrogate.RESETS)
def test_the_gradient_is_that_of_finite_differences_in_a_smooth_network(resets):
    """Central differences of 0.002 mV; deviation below 1e-4 of the largest slope of the layer."""
    rng = np.random.default_rng(3)
    weights = [rng.normal(0, 20, pair) for pair in zip(SIZES, SIZES[1:], strict=False)]
    sent = 1.0 * (rng.random((STEPS, EXAMPLES, SIZES[0])) < 0.1)
    rarely = 0.05 if resets == "cut" else 1.0
    fires = [rng.random((STEPS, EXAMPLES, size)) < rarely for size in SIZES[1:]]
    target = 1.0 * (rng.random((STEPS, EXAMPLES, SIZES[-1])) < 0.05)
    _, did = smooth(weights, sent, fires, target, resets)
    found = surrogate.gradient(weights, *did, DT, resets)
    for m, w in enumerate(weights):
        slopes, step = np.zeros_like(w), 2e-3
        for place in np.ndindex(w.shape):
            ends = []
            for sign in (1, -1):
                moved = [one.copy() for one in weights]
                moved[m][place] += sign * step
                ends.append(smooth(moved, sent, fires, target, resets)[0])
            slopes[place] = (ends[0] - ends[1]) / (2 * step)
        assert np.abs(slopes).max() > 0
        np.testing.assert_allclose(found[m], slopes, rtol=0, atol=1e-4 * np.abs(slopes).max())


def taught(dt):
    """Angle to steepest descent in each layer (degrees), by how resets are seen; output spikes."""
    options = SUPERSPIKE.options(layers=(8, 3), dt=dt, w_0=100.0)
    net = summing(SUPERSPIKE.network(options, 20, 3))
    device.interpret()
    program, state = net.program(3, record=RECORDED, device="runtime"), net.start(3)
    images = np.random.default_rng(1).uniform(0, 1, (3, 20))
    sums, did = batch(net, program, images, np.arange(3), state)
    weights, found = [state["W_0"], state["W_1"]], {}
    for resets in surrogate.RESETS:
        true = surrogate.gradient(weights, *did, resets)
        pairs = zip(sums, true, strict=True)
        found[resets] = [float(angle(a.ravel(), -b.ravel())) for a, b in pairs]
    return found, did[0][-1].sum()


def test_the_output_learns_along_the_gradient_but_for_resets_and_steps():
    """Below 1 degree at 0.5 ms, and less in finer steps; spikes of the output itself make more."""
    (coarse, spikes), (fine, _) = taught(0.5), taught(0.25)
    assert spikes > 0
    assert fine["ignored"][1] < 0.85 * coarse["ignored"][1] < 0.85
    assert min(coarse["cut"][1], fine["cut"][1]) > 5
    assert 3 < coarse["ignored"][0] < 90  # feedback leaves out what the output's cells make of it


def test_resets_are_seen_in_one_of_two_ways():
    with pytest.raises(ValueError, match="resets: ignored or cut, not both"):
        surrogate.gradient([], [], [], np.zeros((1, 1, 1)), DT, "both")
