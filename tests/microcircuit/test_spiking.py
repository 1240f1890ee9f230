"""Cells that send spikes: beside the NumPy reference with the same spikes, and in the mean."""

import numpy as np
import pytest

from models.engine import device
from models.engine.recording import Recording
from models.theory import Inputs
from tests.microcircuit import examples, reference
from tests.microcircuit.examples import EXACT, PLASTIC

DEEP, SHOWN, DT = (6, 5, 4, 2), 3, 0.1
TAUGHT = (True, False, True)


@pytest.fixture(autouse=True)
def quick_runtime():
    device.interpret()


def spikes_of(out, sizes, steps):
    """Population -> whether each cell spiked in each step."""
    found = {name: np.zeros((steps, size), bool) for name, size in sizes.items()}
    for name, fired in found.items():
        times, cells = (out.records["spikes", name, what] for what in "ti")
        fired[np.rint(times / DT).astype(int), cells] = True
    return found


def test_each_step_is_that_of_the_reference_with_the_same_spikes():
    given = PLASTIC | {"psi": 300.0, "lasts": 3.0, "phi": "softplus", "lag": 0.5}
    network, how = examples.network(DEEP, **given), examples.how(DEEP, **given)
    state = examples.begin(network, DEEP, how)
    x, goals, _ = examples.patterns(DEEP, SHOWN)
    record = Recording(examples.RECORDED | {"spikes": ()})
    program = network.program(SHOWN, record=record, device="runtime")
    out = program.run(examples.inputs(x, goals, state, TAUGHT))
    fired = spikes_of(out, network.sizes, 90)
    assert all(those.any() for those in fired.values())
    own = examples.replayed(state, how, x, goals, taught=TAUGHT, spikes=fired)
    rest = {key: value for key, value in out.records.items() if key[0] != "spikes"}
    examples.compare_records(rest, own)
    examples.compare_state(out.state, own)
    a = reference.rate(how, own.state["v_bar_output"])
    np.testing.assert_allclose(out.answers[-1], a, rtol=0, atol=EXACT)
    assert {"W_0", "W_2", "IP_1", "PI_0", "TD_1", "b_output"} <= examples.moved(out.state, state)


def test_cells_spike_at_psi_times_their_rate_and_traces_are_rates_in_the_mean():
    sizes, psi, lasts = (50, 40, 2), 200.0, 100.0
    still = {"w_up": (0.0,), "w_down": (0.0,), "thresholds": False, "eta_IP": (0.0,)}
    given = still | {"psi": psi, "lasts": lasts, "eta_up": (0.0,)}
    network = examples.network(sizes, **given)
    record = Recording({"rates": ("r",), "spikes": ()})
    program = network.program(1, learning=False, record=record, device="runtime")
    told = Inputs(np.full((1, 50), 0.4), np.zeros(1, int), network.start(1), 5, learns=False)
    out = program.run(told)
    fired = spikes_of(out, network.sizes, 1000)
    for cells, rate in (("input", 0.4), ("hidden_0", 0.5)):
        those = fired[cells][200:]  # the input is there
        expected, spread = psi * rate * DT / 1000, np.sqrt(rate * psi * DT / 1000 / those.size)
        assert abs(those.mean() - expected) < 4 * spread, cells
        r = out.records["rates", cells, "r"][200:]
        assert r.mean() == pytest.approx(rate, rel=0.1), cells
