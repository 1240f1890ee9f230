"""Run folders for the tests of what is drawn of them."""

import numpy as np

from experiments.run.config import Config
from experiments.run.provenance import described
from models.theory import Variable

SIZES = {"input": 9, "hidden_0": 6, "output": 10}
CONFIG = Config.of(layers=(6, 10), epochs=2, seed=3)
NETWORK = CONFIG.network(9, 10)
OWN = {"m_Ca": Variable("1", 1.0, "variable of the cell", "step")}
SPIKES = {  # population -> neuron and time (ms) of each spike
    "input": ([0, 3, 6, 3], [1.0, 4.0, 60.0, 150.0]),
    "hidden_0": ([5, 5, 0, 1, 2], [2.0, 3.0, 110.0, 111.0, 203.0]),
    "output": ([7, 7, 2], [55.0, 80.0, 180.0]),
}
PHASES = [(0, 52, "forward"), (52, 106, "target"), (106, 157, "forward"), (157, 207, "target")]
NEURONS = [0, 1, 4]
ALPHA_F = np.full((2, 6), 0.5)
ALPHA_T = np.full((2, 6), 0.5)
ALPHA_T[0, 5], ALPHA_T[1, 1] = 0.9, 0.3  # cell 5 differs most, but was not recorded


IMAGES = np.linspace(0, 1, 18).reshape(2, 9)  # of 3 x 3 pixels
ANSWERS = np.eye(10)[[7, 4]] + 0.1  # to images of the classes 7 and 2
CONFUSION = np.diag(np.full(10, 4))  # of the 40 test images, 5 are answered wrongly
CONFUSION[2, 2], CONFUSION[2, 4], CONFUSION[2, 7] = 1, 2, 1
CONFUSION[8, 8], CONFUSION[8, 3] = 2, 2


def metrics(epochs=2, errors=(30.0, 12.5)):
    """Two chunks an epoch, a quick test after the first, a full test after the second."""
    rows = []
    for half in range(1, 2 * epochs + 1):
        at = {"images_seen": 50 * half, "epoch": half / 2}
        rows.append(at | {"training_error": 60 / half, "output_loss": 0.04 / half})
        if half % 2:
            rows.append(at | {"test_error": 50 / half, "test_examples": 10})
        else:
            rows.append(at | {"test_error": errors[half // 2 - 1], "test_examples": 40})
    return rows


def recorded(kinds):
    """Records as from a simulation: ms, mV."""
    t = np.arange(207.0)
    records = {}
    for population, (i, times) in SPIKES.items():
        records["spikes", population, "i"] = np.array(i, dtype="i4")
        records["spikes", population, "t"] = np.array(times)
    records["voltages", "hidden_0", "t"] = t
    for part, (name, height) in enumerate({"V_b": 8, "V": 6, "V_a": 1}.items()):
        waves = [height * np.sin(0.04 * t + part + k) for k in range(len(NEURONS))]
        records["voltages", "hidden_0", name] = np.stack(waves, axis=1)
    records["plateaus", "hidden_0", "alpha_f"] = ALPHA_F
    records["plateaus", "hidden_0", "alpha_t"] = ALPHA_T
    records["variables", "hidden_0", "t"] = t
    records["variables", "hidden_0", "m_Ca"] = np.stack([t / 1e3 for _ in NEURONS], axis=1)
    return {key: values for key, values in records.items() if key[0] in kinds}


def write_records(run, kinds=(), records=None, **changes):
    """The records of these kinds, or those given, into a run folder."""
    about = {
        "sizes": SIZES,
        "variables": NETWORK.variables | OWN,
        "labels": [7, 2],
        "classes": 10,
        "phases": PHASES,
        "neurons": NEURONS if records is None else [0],
        "per_image": ("plateaus",),
        "rest": {("hidden_0", name): 0.0 for name in ("V", "V_a", "V_b")},
        "images": IMAGES,
        "answers": ANSWERS,
    }
    run.write_records(records or recorded(kinds), **about | changes)


def write_model(run):
    """What was simulated, as data."""
    run.write_json("model.json", described(CONFIG, NETWORK))
