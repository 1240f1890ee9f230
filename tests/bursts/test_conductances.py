"""Noise through conductances: its mean and variance; and sparse synapses."""

import numpy as np
import pytest

from models.bursts import conductances, steering
from models.bursts.conductances import Conductances, Noise
from models.engine import device
from models.engine.bench import alone
from models.engine.circuit import Event, Population, Sweep
from models.engine.schedule import Schedule


@pytest.mark.parametrize("mean", [1e-4, 0.015, 0.05, 0.3])
def test_numbers_of_spikes_in_a_step_have_the_mean_and_variance_of_poisson_numbers(mean):
    one, two = conductances.draws(mean)
    assert 0 < two < one < 1
    u = np.random.default_rng(1).random(2_000_000)
    drawn = (u < one).astype(int) + (u < two)
    error = np.sqrt(mean / len(u))
    assert drawn.mean() == pytest.approx(mean, abs=5 * error)
    assert drawn.var() == pytest.approx(mean, abs=5 * error * np.sqrt(1 + 2 * mean))
    assert (one + two, one + 3 * two) == pytest.approx((mean, mean + mean**2), rel=1e-12)


def test_conductances_have_the_mean_and_variance_of_shot_noise():
    """Campbell's theorem: r w tau, and r w^2 tau/2; the step of .1 ms is 2 % of tau."""
    noise, cells, names = Noise(), 1500, ("ge_s", "gi_s", "ge_d", "gi_d")
    schedule = Schedule.of({"held": np.array([600])}, {}, steering.DT)
    order = (Sweep(("grow", "move", "spike")),)
    cell = conductances.pyramidal(steering.DT, noise)
    with device.interpreted(seed=1):
        seen = alone(
            Population(cells, cell, {"spike": Event("V_s > theta")}),
            order,
            schedule,
            {},
            lambda group: [],
            names,
        )
    found = {name: values[-1] for name, values in seen.traces.items()}
    c = Conductances()
    for name in names:
        kind = name[1]
        rate, tau = getattr(noise, f"r_{kind}"), getattr(c, f"tau_{kind}")
        w = getattr(noise, f"w{name[1:]}")
        mean, spread = float(rate * tau) * w, w * np.sqrt(float(rate * tau) / 2)
        g = found[name]
        assert g.mean() == pytest.approx(mean, rel=0.01, abs=5 * spread / np.sqrt(len(g))), name
        assert g.std() == pytest.approx(spread, rel=0.1), name
    assert abs(np.corrcoef(found["ge_s"], found["ge_d"])[0, 1]) < 5 / np.sqrt(cells)


def test_each_cell_has_the_same_number_of_synapses():
    sources, targets = steering.some(50, 30, 0.2, np.random.default_rng(1))
    assert (np.bincount(targets) == 10).all()
    assert len(np.unique(50 * targets + sources)) == 300 and sources.max() < 50
