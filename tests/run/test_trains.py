"""Given spike trains are fired to the step, learned from, or refused in a sentence."""

import h5py
import numpy as np
import pytest

from experiments import workbench
from experiments.run import data as datasets
from experiments.run import dataset, trains
from experiments.run.config import Config
from experiments.run.dataset import DataError
from experiments.run.trains import of_trains
from models.theory import NEVER, Trains

CELLS, EXAMPLES = 6, {"train": 40, "test": 20}


def spikes(seed=0):
    """Trains of 40 ms in which cells 0 to 2 fire in class 0, and cells 3 to 5 in class 1."""
    rng, found = np.random.default_rng(seed), {}
    for part, count in EXAMPLES.items():
        labels = np.arange(count) % 2
        each = [rng.poisson(6, (CELLS // 2)) for _ in labels]
        examples = np.repeat(np.arange(count), [n.sum() for n in each])
        own = np.concatenate([np.repeat(np.arange(CELLS // 2), n) for n in each])
        found[f"{part}_times"] = rng.uniform(0, 40, len(own))
        found[f"{part}_cells"] = own + CELLS // 2 * labels[examples]
        found[f"{part}_examples"] = examples
        found[f"{part}_labels"] = np.array(["low", "high"])[labels]
    return found


def written(path, arrays):
    """The same as an HDF5 file."""
    with h5py.File(path, "w", libver="earliest") as file:
        for name, values in arrays.items():
            values = values.astype("S") if values.dtype.kind == "U" else values
            file[name.replace("_", "/")] = values
    return path


def test_rows_hold_the_times_of_each_cell_in_turn():
    given = {"times": [7, 3, 3, 9], "cells": [1, 1, 0, 1], "examples": [0, 0, 1, 1]}
    more = {"labels": [4, 5]}
    found = of_trains(**{f"{p}_{k}": v for p in EXAMPLES for k, v in (given | more).items()})
    assert found.inputs == found.trains == Trains(cells=2, columns=3)
    no = NEVER
    expected = [[no, 3, no, 7, no, no], [3, 9, no, no, no, no]]
    np.testing.assert_array_equal(found.train_images, np.float32(expected))
    assert found.names == ("4", "5") and found.classes == 2


def test_npz_hdf5_and_arrays_are_the_same(tmp_path):
    given = spikes()
    np.savez(tmp_path / "mine.npz", **given)
    written(tmp_path / "mine.h5", given)
    kept = [datasets.load(str(tmp_path / name)) for name in ("mine.npz", "mine.h5")]
    assert {one.digest() for one in kept} == {of_trains(**given).digest()}
    assert kept[1].names == ("high", "low")


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    """A small network that is given such trains."""
    path = tmp_path_factory.mktemp("trains") / "mine.npz"
    np.savez(path, **spikes())
    about = {"layers": (10, 2), "forward_ms": 40.0, "target_ms": 40.0, "random_phases": False}
    about |= {"settle_ms": 10.0, "test_ms": 40.0, "clear": True}
    return path, about, workbench.network(dataset=str(path), **about)


def test_input_cells_fire_at_the_given_times_in_each_phase(net):
    path, _, net = net
    given, out = spikes(), net.show([3, 8])
    fired = out.input.spikes
    for k, place in enumerate((3, 8)):
        for start, end, _ in out.phases[2 * k : 2 * k + 2]:
            for cell in range(CELLS):
                mine = (given["test_examples"] == place) & (given["test_cells"] == cell)
                asked = np.sort(np.rint(given["test_times"][mine]))
                # two that fall into one step follow each other
                for n in range(1, len(asked)):
                    asked[n] = max(asked[n], asked[n - 1] + 1)
                own = (fired.i == cell) & (fired.t > start - 0.5) & (fired.t < end - 0.5)
                np.testing.assert_allclose(fired.t[own] - start, asked[asked < end - start])


def test_it_learns_from_them(net, tmp_path):
    path, about, _ = net
    run = workbench.train(
        tmp_path / "run", dataset=str(path), epochs=40, record=("spikes",), **about
    )
    assert run.result["test_error"] <= 10
    assert run.records().images is None
    assert workbench.network(weights=str(run.path)).data.names == ("high", "low")


def test_a_theory_that_takes_images_says_so(net):
    path, *_ = net
    with pytest.raises(ValueError, match="backprop takes images, and these are spike trains"):
        workbench.network(theory="backprop", layers=(3, 2), dataset=str(path))


def test_an_input_cell_of_a_variant_and_given_spikes_exclude_each_other(net, tmp_path):
    own = tmp_path / "own.py"
    own.write_text(
        "from brian2 import Hz\n"
        "from models.segregated.inputs import INPUT as PIXEL\n"
        "from models.segregated.variants.paper import HIDDEN\n"
        "INPUT = PIXEL.vary(params={'phi_max': 100*Hz})\n"
    )
    with pytest.raises(ValueError, match="this variant has an input cell"):
        workbench.network(dataset=str(net[0]), layers=(3, 2), variant=str(own))


@pytest.mark.parametrize(
    "times, said",
    [
        (lambda t: t, ""),
        (lambda t: t + 20, "train: examples are shown for 40 ms, and {} % of their spikes"),
        (lambda t: t / 1e3, "train: examples are shown for 40 ms, and all spikes come in the fi"),
    ],
)
def test_spikes_that_come_too_late_or_in_seconds_are_told(net, times, said, capsys):
    given = spikes()
    given |= {f"{part}_times": times(given[f"{part}_times"]) for part in EXAMPLES}
    capsys.readouterr()
    workbench.network(data=given, **net[1] | {"test_ms": 70.0 if "{}" in said else 40.0})
    late = round(100 * np.mean(given["train_times"] >= 40))
    err = capsys.readouterr().err
    assert err.startswith(said.format(late)) and bool(err) == bool(said)
    assert ("test:" in err) == ("in the first" in err)


def test_spikes_that_all_come_too_late_are_refused(net):
    given = spikes()
    given["test_times"] = given["test_times"] + 40
    with pytest.raises(DataError, match="test: examples are shown for 40 ms, and all .* --test-ms"):
        workbench.network(data=given, **net[1])


BAD = {
    "no times": ({"train_times": None}, "it has no train/times"),
    "no labels": ({"test_labels": None}, "it has no test"),
    "other cells": ({"test_cells": 9}, "no cell that spikes in tests spikes in training"),
    "lengths": ({"train_cells": np.arange(3)}, "times, 3 cells and"),
    "before": ({"test_times": -1.0}, "from 0 to 1e+06"),
    "seconds of years": ({"test_times": 1e7}, "from 0 to 1e+06"),
    "nan": ({"train_times": np.nan}, "spike 0 has no number (nan)"),
    "infinite": ({"train_times": np.inf}, "from 0 to 1e+06"),
    "cells": ({"train_cells": -1}, "counted from 0"),
    "examples": ({"train_examples": 40}, "there are 40 labels, so examples are 0 to 39"),
    "texts": ({"train_times": "a"}, "a row of numbers was expected"),
    "fractions": ({"train_cells": 0.5}, "a row of whole numbers was expected"),
    "one class": ({"train_labels": "low"}, "all images are of one class"),
    "new class": ({"test_labels": "new"}, "class new is in no training image"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_spike_train_is_refused_in_a_sentence(name, tmp_path):
    changed, said = BAD[name]
    given = spikes()
    for key, value in changed.items():
        if value is None:
            del given[key]
        else:
            given[key] = value if np.ndim(value) else np.full(len(given[key]), value)
    np.savez(tmp_path / "mine.npz", **given)
    written(tmp_path / "mine.h5", given)
    for path in ("mine.npz", "mine.h5"):
        if path == "mine.npz" and name == "no times":
            continue  # then it is no file of trains
        with pytest.raises(DataError) as caught:
            datasets.load(str(tmp_path / path))
        assert said in str(caught.value) and "\n" not in str(caught.value)


def test_too_many_spikes_for_the_memory_are_refused():
    one = {"times": np.arange(3.0), "cells": np.array([0, 0, 99_999]), "examples": np.zeros(3, int)}
    given = {f"{p}_{k}": v for p in EXAMPLES for k, v in one.items()}
    given |= {f"{p}_labels": np.arange(900) for p in EXAMPLES}
    assert dataset.MOST == 1 << 31
    given["train_times"] = np.tile(given["train_times"], 10)
    given["train_cells"] = np.tile(np.array([0, 0, 99_999]), 10)
    given["train_examples"] = np.zeros(30, int)
    with pytest.raises(DataError, match="need more than 2 GB"):
        of_trains(**given)


def test_hdf5_that_is_damaged_or_leads_elsewhere_is_refused(tmp_path):
    path = written(tmp_path / "mine.h5", spikes())
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="cannot be read"):
        trains.read(path)
    with h5py.File(path, "w", libver="earliest") as file:
        file["train/times"] = h5py.ExternalLink("other.h5", "times")
    with pytest.raises(DataError, match="cannot be read"):
        trains.read(path)
    with pytest.raises(DataError, match="no file"):
        trains.read(tmp_path / "none.h5")


def test_a_configuration_knows_its_file_by_name(tmp_path):
    one, other = (Config.of(dataset=f"{folder}/mine.h5") for folder in ("a", "b"))
    assert not one.differences(other.flat())
