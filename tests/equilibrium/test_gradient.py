"""Theorem 1: what a small nudge teaches is the gradient of the cost, by finite differences."""

import numpy as np
import pytest

from experiments.equilibrium import exact
from models import theory
from models.theory import Inputs
from tests.equilibrium import reference

EQUILIBRIUM = theory.find("equilibrium")
PIXELS, CLASSES, STEPS = 10, 5, 800  # steps of 0.5: the states stand still to 1e-14
CHOSEN = 30  # weights of a layer
BETAS = (0.01, 0.004, 0.001)


def shown(state):
    rng = np.random.default_rng(2)
    return Inputs(rng.uniform(0, 1, (1, PIXELS)), np.array([3]), state, 1)


def begun(layers):
    """Initial weights, and biases that are not 0, of a network that is not compiled."""
    network = EQUILIBRIUM.network(EQUILIBRIUM.options(layers=layers), PIXELS, CLASSES)
    state, rng = network.start(7), np.random.default_rng(8)
    return state | {n: rng.uniform(-0.2, 0.4, len(b)) for n, b in state.items() if n[0] == "b"}


def teacher(layers, rho):
    """State, and ``learned(beta)``: what one image teaches a relaxed network at alpha = 1."""
    options = {"layers": layers, "rho": rho, "alpha": (1.0,), "free": STEPS, "nudged": STEPS}
    network, beta = EQUILIBRIUM.network(EQUILIBRIUM.options(**options), PIXELS, CLASSES), [1.0]
    network = network._replace(given=lambda inputs: {"nudge": np.array(beta)})
    program, state = network.program(1), begun(layers)

    def learned(value):
        beta[0] = value
        out = program.run(shown(state)).state
        return {name: (out[name] - state[name]).ravel() for name in state}

    return state, learned


def differences(state, rho, h=1e-5):
    """Name -> (places of some weights, -dJ/dW there), J the cost of the relaxed network."""
    inputs, rng, found = shown(state), np.random.default_rng(9), {}
    x, d = inputs.images, np.eye(CLASSES)[inputs.labels]
    free = reference.relax(state, x, reference.zeros(state, 1), STEPS, 0.5, rho=rho)
    for name, value in state.items():
        places = rng.choice(value.size, min(CHOSEN, value.size), replace=False)
        slopes = []
        for place in places:
            ends = []
            for step in (h, -h):
                moved = value.copy()
                moved.flat[place] += step
                s = reference.relax(state | {name: moved}, x, free, STEPS // 4, 0.5, rho=rho)
                ends.append(reference.cost(s[-1], d)[0])
            slopes.append((ends[1] - ends[0]) / (2 * h))
        found[name] = places, np.array(slopes)
    return found


@pytest.mark.parametrize(
    "layers, rho", [((15, CLASSES), "smooth"), ((15, 12, CLASSES), "smooth"), ((15, 5), "hard")]
)
def test_a_small_nudge_teaches_the_gradient(layers, rho):
    state, learned = teacher(layers, rho)
    expected = differences(state, rho)
    truth = np.concatenate([slopes for _, slopes in expected.values()])
    assert np.abs(truth).max() > 1e-2

    def error(found):
        chosen = [found[name][places] for name, (places, _) in expected.items()]
        return np.linalg.norm(np.concatenate(chosen) - truth) / np.linalg.norm(truth)

    errors = []
    for beta in BETAS:
        plus, minus = learned(beta), learned(-beta)
        both = {name: (plus[name] + minus[name]) / 2 for name in plus}
        errors.append((error(plus), error(both)))
    print(layers, rho, np.array(errors))
    assert errors[-1][0] < 0.01 and errors[-1][1] < 1e-4
    one, two = np.polyfit(np.log(BETAS), np.log(errors), 1)[0]
    assert one == pytest.approx(1, abs=0.1) and two == pytest.approx(2, abs=0.15)


@pytest.mark.parametrize("layers, rho", [((15, 12, CLASSES), "smooth"), ((15, 12, 5), "hard")])
def test_the_gradient_in_closed_form_is_that_of_finite_differences(layers, rho):
    state = begun(layers)
    options = EQUILIBRIUM.options(layers=layers, rho=rho)
    inputs = shown(state)
    x, d = inputs.images, np.eye(CLASSES)[inputs.labels]
    free = reference.relax(state, x, reference.zeros(state, 1), STEPS, 0.5, rho=rho)
    found = exact.gradient(options, state, x[0], d[0], [s[0] for s in free])
    expected = differences(state, rho)
    assert max(np.abs(slopes).max() for _, slopes in expected.values()) > 1e-2
    for name, (places, slopes) in expected.items():
        np.testing.assert_allclose(found[name].ravel()[places], slopes, rtol=0, atol=1e-8)
