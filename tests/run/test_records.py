"""Records hold what was asked for, with units, of the images and cells that were named."""

import h5py
import numpy as np
import pytest

from experiments.run import records
from experiments.run.config import Config
from experiments.run.folder import Checkpoint, RunFolder
from experiments.run.record import recording
from models.engine import device
from models.theory import Variable


@pytest.fixture(scope="module")
def recorded(tmp_path_factory, command):
    """A finished run, resumed to record in Brian2's runtime mode, which needs no compiler."""
    folder = RunFolder(tmp_path_factory.mktemp("recorded") / "run")
    size = {"layers": (12, 10), "train_examples": 2, "test_examples": 4, "epochs": 1}
    config = Config.of(size, device="runtime")
    end = Checkpoint(2, config.network(64, 10).start(config.seed))
    folder.write_json("config.json", config.flat())
    folder.write_state(end)
    learned = {"images_seen": 2, "epoch": 1.0, "training_error": 50.0, "output_loss": 0.1}
    tested = {"images_seen": 2, "epoch": 1.0, "test_error": 75.0, "test_examples": 4}
    times = {"cpu_seconds": 0.1, "wall_seconds": 0.2}
    folder.write_metrics([learned | times, tested | times])

    size = "--layers 12 10 --train-examples 2 --test-examples 4 --epochs 1 --device runtime"
    asked = "--record spikes voltages plateaus --record-images 3 0 --record-neurons 4 11 0"
    words = [*size.split(), *asked.split(), "--resume", "--out", folder.path]
    ended = command(*words, before=device.interpret)
    assert ended.status == 0, ended.err
    with folder.records() as file:
        yield folder, end, file


def test_records_hold_what_was_asked_for_and_no_more(recorded):
    file = recorded[2]
    assert set(file) == {"spikes", "voltages", "plateaus", *records.ABOUT}
    assert set(file["spikes"]) == {"input", "hidden_0", "output"}
    assert set(file["voltages"]) == {"hidden_0", "output"}
    assert set(file["voltages/hidden_0"]) == {"t", "V", "V_a", "V_b"}
    assert file["voltages/hidden_0"].attrs["neurons"].tolist() == [0, 4, 11]
    assert file["voltages/output"].attrs["neurons"].tolist() == [0, 4]
    assert set(file["plateaus"]) == {"hidden_0"}
    assert set(file["plateaus/hidden_0"]) == {"t", "alpha_f", "alpha_t"}
    assert file["plateaus/hidden_0/alpha_f"].shape == (2, 12)  # of all cells, once an image


def test_every_record_says_its_unit_and_what_it_is(recorded):
    found = []
    recorded[2].visititems(lambda name, item: found.append(item))
    datasets = [item for item in found if isinstance(item, h5py.Dataset)]
    assert len(datasets) > 15
    for item in datasets:
        assert item.attrs["description"], item.name
        if item.name != "/answers":  # in a unit of the theory
            assert item.attrs["units"], item.name
    units = {"voltages/output/V": "mV", "spikes/input/t": "ms", "plateaus/hidden_0/alpha_t": "1"}
    for name, unit in units.items():
        assert recorded[2][name].attrs["units"] == unit
    texts = {"hidden_0/V_b": "basal potential", "output/V_b": "dendritic potential"}
    for name, text in texts.items():
        assert recorded[2][f"voltages/{name}"].attrs["description"] == text


def test_records_are_of_the_images_that_were_asked_for(recorded, digits):
    file = recorded[2]
    assert file["labels"][:].tolist() == digits.test_labels[[3, 0]].tolist()
    assert file["phases/name"].asstr()[:].tolist() == ["forward", "target"] * 2
    assert file["phases/image"][:].tolist() == [0, 0, 1, 1]
    np.testing.assert_array_equal(file["images"], digits.test_images[[3, 0]])
    assert file["images"].attrs["rows"] == file["images"].attrs["columns"] == 8
    answers = file["answers"][:]
    assert answers.shape == (2, 10) and np.isfinite(answers).all() and np.ptp(answers) > 0
    start, end = file["phases/start"][:], file["phases/end"][:]
    assert start[0] == 0 and (end[:-1] == start[1:]).all() and ((end - start) >= 50).all()


def test_recorded_voltages_and_spikes_fill_the_phases(recorded, digits):
    file = recorded[2]
    steps = int(file["phases/end"][-1])
    assert file["voltages/hidden_0/V"].shape == (steps, 3)
    assert file["voltages/output/V"].shape == (steps, 2)
    V = file["voltages/hidden_0/V"][:]
    assert np.isfinite(V).all() and 0.1 < np.abs(V).max() < 100
    np.testing.assert_allclose(file["voltages/output/t"][:], np.arange(steps), atol=1e-9)
    i, t = file["spikes/input/i"][:], file["spikes/input/t"][:]
    assert 0 <= t.min() and t.max() < steps and i.max() < 64
    dark = np.flatnonzero(digits.test_images[3] == 0)
    first = i[t < file["phases/end"][1]]
    assert len(dark) > 10 and len(first) > 100 and not set(first) & set(dark)


def test_recording_changes_no_weight(recorded):
    folder, before, _ = recorded
    after = folder.state()
    assert after.images_seen == before.images_seen
    for name in before.state:
        np.testing.assert_array_equal(after.state[name], before.state[name])


def test_kinds_with_a_row_an_image_are_told_from_those_of_each_step():
    network = Config.of(layers=(5, 10)).network(64, 10)
    asked = recording(network, ("spikes", "voltages", "plateaus"), (0, 3), ("x", "s"))
    assert asked.per_image == ("plateaus",) and asked.cells == (0, 3)
    assert asked.kinds["voltages"] == ("V", "V_a", "V_b")
    assert asked.kinds["variables"] == ("x", "s") and asked.kinds["spikes"] == ()
    assert recording(network, ()).kinds == {}


def test_records_say_where_potentials_rest(tmp_path):
    names, millivolts = ("V", "V_a"), Variable("mV", 1e3, "a potential", "step")
    records = {("voltages", "hidden_0", name): np.zeros((4, 1)) for name in names}
    RunFolder(tmp_path).write_records(
        records,
        sizes={"hidden_0": 3},
        variables=dict.fromkeys(names, millivolts),
        labels=[1],
        classes=2,
        phases=[(0, 2, "forward"), (2, 4, "target")],
        neurons=[0],
        per_image=(),
        rest={("hidden_0", "V"): -70.0},
    )
    with RunFolder(tmp_path).records() as file:
        assert file["voltages/hidden_0/V"].attrs["rest"] == -70
        assert "rest" not in file["voltages/hidden_0/V_a"].attrs
        assert file["voltages/hidden_0/V"].attrs["description"] == "a potential"
        assert file["voltages/hidden_0"].attrs["size"] == 3
