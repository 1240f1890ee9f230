"""What a network costs: counted by hand on networks that are small enough for that."""

from contextlib import contextmanager
from types import SimpleNamespace

import h5py
import numpy as np
import pytest
from brian2 import ms

from experiments.run.cost import cost

SIZES = {"input": 3, "hidden": 2, "output": 2}
STATE = {
    "W_0": np.array([[1.0, 0], [2, 3], [0, 0]]),
    "W_1": np.array([[1.0, 1], [0, 4]]),
    "Y_0": np.array([[1.0, 0], [1, 1]]),
    "b_0": np.array([0.0, 0]),
}
FEEDBACK = {"name": "Y_0", "from": "output", "to": "hidden", "rows": [{"when": "spike of output"}]}
LEARNED = {"name": "b_0", "from": "hidden", "to": "output", "rows": [{"when": "learn of hidden"}]}


@pytest.fixture
def run(tmp_path):
    """A run of two images that recorded some datasets: ``run(kind, datasets, synapses)``."""

    def make(kind=None, datasets=None, synapses=(), precision="single", sizes=SIZES):
        with h5py.File(tmp_path / "records.h5", "w") as file:
            for name, values in ({"labels": [7, 2]} | (datasets or {})).items():
                file[name] = values

        @contextmanager
        def records():
            with h5py.File(tmp_path / "records.h5") as file:
                yield file

        recorded = (kind,) if kind else ()
        model = {"synapses": list(synapses)} if synapses else {}
        network = SimpleNamespace(sizes=sizes, model=lambda: model, records={"rates": ("h",)})
        return SimpleNamespace(
            network=network,
            config=SimpleNamespace(record=recorded, precision=precision),
            folder=SimpleNamespace(records=records),
            tester=SimpleNamespace(schedule=SimpleNamespace(dt=0.5 * ms)),
        )

    return make


def test_a_network_costs_what_its_numbers_take_and_its_weights_may_be_missing(run):
    assert cost(run(), STATE) == {"footprint_bytes": 4 * 16, "connection_sparsity": 4 / 10}
    assert cost(run(precision="double"), STATE)["footprint_bytes"] == 8 * 16
    with_feedback = cost(run(synapses=(FEEDBACK, LEARNED)), STATE)
    assert with_feedback["connection_sparsity"] == pytest.approx(5 / 14)


def test_a_spike_goes_through_the_weights_that_are_there(run):
    spikes = {
        "spikes/input/i": [0, 1, 1, 2],  # through 1, 2, 2 and 0 weights
        "spikes/hidden/i": [0, 0, 1],  # 2, 2, 1
        "spikes/output/i": [1],  # 1, or with feedback 2 more
        "phases/end": [5.0, 10.0],  # ms: 20 steps for both images
    }
    found = cost(run("spikes", spikes), STATE)
    assert found["operations_per_image"] == (1 + 2 + 2 + 2 + 2 + 1) / 2
    assert found["spikes_per_image"] == 4 / 2
    assert found["activation_sparsity"] == 1 - 4 / (20 * 4)
    fed_back = cost(run("spikes", spikes, (FEEDBACK, LEARNED)), STATE)
    assert fed_back["operations_per_image"] == (10 + 2) / 2


def test_a_rate_that_is_not_zero_goes_through_the_weights_that_are_there(run):
    rates = {
        "images": [[0.0, 0.5, 0], [1, 1, 1]],
        "rates/hidden/h": [[0.0, 0.1], [0, 0]],
        "rates/output/h": [[0.5, 0.5], [0.5, 0.5]],
        "rates/hidden/t": [0.0, 1.0],
    }
    found = cost(run("rates", rates), STATE)
    assert found["operations_per_image"] == (2 + 1 + 2 + 0 + 1) / 2
    assert found["activation_sparsity"] == 3 / 8 and "spikes_per_image" not in found
    rates["rates/input/h"] = [[0.0, 0, 0], [0, 0, 1]]
    assert cost(run("rates", rates), STATE)["operations_per_image"] == 1 / 2


def test_what_is_known_of_some_cells_only_is_left_out(run):
    rates = {"rates/hidden/h": np.ones((2, 2)), "rates/output/h": np.ones((2, 2))}
    assert "activation_sparsity" not in cost(run("rates", rates), STATE)
    rates |= {"images": np.ones((2, 3)), "rates/hidden/h": np.ones((2, 1))}
    assert "activation_sparsity" not in cost(run("rates", rates), STATE)
