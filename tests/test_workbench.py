"""What a script or a notebook gets is what the commands write, under the same names."""

import json
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from analysis.drawing.phases import Phases
from analysis.raster import plot_raster
from experiments import workbench
from experiments.run.config import Config
from experiments.run.folder import RunFolder
from experiments.train import main

DOCS = Path(__file__).parents[1] / "docs"
LINES = 40  # of code in the notebook
RATES = {"theory": "target_propagation", "layers": (8, 7, 10), "train_examples": 90}
RATES |= {"test_examples": 40, "chunk": 30}  # needs no compiler


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A small run of rates, trained from Python."""
    return workbench.train(tmp_path_factory.mktemp("trained") / "run", epochs=2, **RATES)


def test_training_from_python_is_the_command(trained, tmp_path, same_run):
    words = ["--theory", "target_propagation", "--layers", "8", "7", "10", "--chunk", "30"]
    words += ["--train-examples", "90", "--test-examples", "40", "--epochs", "2"]
    assert main([*words, "--out", str(tmp_path / "run")]) == 0
    same_run(trained.path, tmp_path / "run")
    assert trained.result == RunFolder(trained.path).result()
    assert trained.metrics["images_seen"][-1] == 180
    assert np.isnan(trained.metrics["test_error"]).any()
    assert trained.config["layers"] == [8, 7, 10]


def test_a_trained_network_answers_as_its_run_did(trained):
    net = workbench.network(weights=str(trained.path))
    assert net.test() == trained.result["test_error"]
    out = net.show(range(40), record=("rates",), training=False)
    wrong = 100 * np.mean(out.answers.argmax(axis=1) != out.labels)
    assert wrong == trained.result["test_error"]
    assert net.sizes["hidden_0"] == 8 and "W_0" in net.variables and "h = x" in net.text()


def test_an_epoch_of_a_run_and_its_whole_are_read(trained):
    then, now = workbench.read(f"{trained.path}@1"), workbench.read(trained.path)
    kept = RunFolder(trained.path)
    np.testing.assert_array_equal(then.state()["W_0"], kept.after(1)["W_0"])
    np.testing.assert_array_equal(now.state()["W_0"], kept.after(2)["W_0"])
    assert (now.state()["W_0"] != then.state()["W_0"]).any()
    with pytest.raises(ValueError, match="is missing: nothing was recorded"):
        now.records()


def test_what_is_shown_has_the_shape_of_its_records(alone, shelf, monkeypatch):
    net = workbench.network(weights=str(alone))
    kinds = "spikes", "voltages", "plateaus"
    out = net.show([3, 1], record=kinds, cells=(0, 5))
    steps = int(out.phases[-1][1])
    assert out.t.shape == (steps,) and out.unit("V_a") == "mV"
    assert out.hidden_0.V_a.shape == (steps, 2) and out.cells["hidden_0"] == [0, 5]
    assert out.hidden_0.alpha_f.shape == (2, 12)
    assert out.hidden_0.spikes.size == 12 and out.input.spikes.size == 64
    np.testing.assert_array_equal(out.labels, net.data.test_labels[[3, 1]])
    np.testing.assert_array_equal(out.images, net.data.test_images[[3, 1]])
    for name, values in net.state.items():
        np.testing.assert_array_equal(out.state[name], values)
    again = net.show(out.images, out.labels, record=kinds)
    np.testing.assert_array_equal(again.hidden_0.V_a[:, [0, 5]], out.hidden_0.V_a)
    learned = net.show(out.images, out.labels, record=kinds, learn=True)
    assert (learned.state["W_0"] != net.state["W_0"]).any()
    phases = Phases.of(out.phases, out.labels)
    assert (
        phases.names == ["forward", "target"]
        and phases.label.tolist() == np.repeat(out.labels, 2).tolist()
    )
    ax = plot_raster(*out.hidden_0.spikes, plt.figure().subplots())
    phases.shade([ax])
    plt.close()


def test_records_of_a_run_have_the_names_of_what_is_shown(tmp_path):
    records = {"record": ("rates",), "record_epochs": (0, 1), "record_training": True}
    run = workbench.train(tmp_path / "run", epochs=2, **RATES, **records)
    last, then = run.records(), workbench.read(f"{run.path}@1").records()
    net = workbench.network(weights=f"{run.path}@1")
    np.testing.assert_array_equal(last.labels, net.data.train_labels[:2])
    np.testing.assert_allclose(last.images, net.data.train_images[:2])
    assert sorted(vars(last)) == sorted(vars(then))
    name = next(iter(vars(last.hidden_0)))
    assert getattr(last.hidden_0, name).shape == (2, 8)
    assert (getattr(last.hidden_0, name) != getattr(then.hidden_0, name)).any()
    out = net.show(last.images, last.labels, record=("rates",))
    np.testing.assert_allclose(getattr(out.hidden_0, name), getattr(then.hidden_0, name))


def test_own_arrays_are_trained_on_and_kept_with_the_run(tmp_path):
    rng = np.random.default_rng(0)
    labels = np.array(["left", "right"])[np.arange(60) % 2]
    images = rng.random((60, 4)) * np.where(labels == "left", 0.2, 1.0)[:, None]
    data = images[:40], labels[:40], images[40:], labels[40:]
    about = RATES | {"layers": (8, 7, 2), "train_examples": None, "test_examples": 20}
    about |= {"mode": "bp", "eta": 0.02, "batch": 5}
    run = workbench.train(tmp_path / "run", data=data, epochs=20, **about)
    assert run.result["test_error"] < 25
    net = workbench.network(weights=str(run.path))
    assert net.data.names == ("left", "right") and net.test() == run.result["test_error"]
    with pytest.raises(ValueError, match="already holds a run"):
        workbench.train(tmp_path / "run", data=data, epochs=20, **about)
    other = data[0] / 2, *data[1:]
    with pytest.raises(ValueError, match="a run of other data"):
        workbench.train(tmp_path / "run", data=other, resume=True, epochs=21, **about)


BAD = {
    "preset": ({"preset": "none"}, "--preset: "),
    "option": ({"eta_nothing": 1}, "unknown option 'eta_nothing'"),
    "of another theory": ({"g_a": 0.05}, "unknown option 'g_a'"),
    "theory": ({"theory": "none"}, "--theory: unknown theory 'none'"),
    "value": ({"eta": -1.0}, "--eta: 0 or more"),
    "type": ({"layers": 3}, "--layers: 3 is not what it takes"),
    "outputs": ({"layers": (8, 7, 9)}, "a cell for each of the 10 classes"),
    "data": ({"data": (np.ones((2, 3)), [0, 1], np.ones((2, 3)), [0, 2])}, "class 2 is in no"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_options_are_refused_with_the_sentence_of_the_command(name):
    given, said = BAD[name]
    with pytest.raises(ValueError) as caught:
        workbench.network(**(RATES | given))
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_bad_images_are_refused_in_a_sentence():
    net = workbench.network(**RATES)
    pixels = np.ones((2, 64))
    for given, said in (
        (([40],), "places of test images are 0 to 39"),
        (([-1],), "places of test images are 0 to 39"),
        ((np.ones((2, 8)),), "8 pixels an image, not 64"),
        ((pixels * 2,), "in [0, 1]"),
        ((pixels * np.nan,), "in [0, 1]"),
        ((pixels, [1]), "one of 0 to 9 for each image"),
        ((pixels, [1, 10]), "one of 0 to 9 for each image"),
        ((pixels, None, ("none",)), "unknown 'none'; choose from"),
    ):
        with pytest.raises(ValueError) as caught:
            net.show(*given)
        assert said in str(caught.value)


@pytest.mark.parametrize(
    "changed, said",
    [
        (lambda s: s | {"Q": s["b_0"]}, "state: there is no 'Q', but W_0, b_0"),
        (lambda s: {k: v for k, v in s.items() if k != "b_0"}, "state: it has no b_0: give all"),
        (lambda s: s | {"W_0": s["W_0"].T}, "state: W_0 is 8 x 64, not 64 x 8 numbers"),
        (lambda s: s | {"b_0": "ab"}, "state: b_0 is one number, not 8 numbers"),
        (lambda s: s | {"W_0": s["W_0"] * np.nan}, "state: W_0 is not all numbers"),
        (lambda s: s | {"W_0": s["W_0"] / 0}, "state: W_0 is not all numbers"),
    ],
)
def test_another_state_is_refused_where_it_is_put(changed, said):
    net = workbench.network(**RATES)
    before = {name: values.copy() for name, values in net.state.items()}
    with pytest.raises(ValueError) as caught, np.errstate(divide="ignore", invalid="ignore"):
        net.state = changed(net.state)
    assert str(caught.value).startswith(said) and "\n" not in str(caught.value)
    for name, values in before.items():
        np.testing.assert_array_equal(net.state[name], values)
    net.state["W_0"][0, 0] = np.nan  # which is seen where it is used
    for use in (net.test, lambda: net.show([0], record=("rates",))):
        with pytest.raises(ValueError, match="W_0 is not all numbers"):
            use()


def test_classes_may_be_called_by_their_names():
    rng, words = np.random.default_rng(0), ["left", "right"] * 20
    data = rng.random((40, 4)), words, rng.random((40, 4)), words
    about = RATES | {"layers": (8, 7, 2), "train_examples": None}
    net = workbench.network(data=data, **about)
    assert net.data.names == ("left", "right")
    out = net.show(data[0][:3], ["right", "left", "right"], record=("rates",))
    np.testing.assert_array_equal(out.labels, [1, 0, 1])
    for labels in (["right", "up", "left"], [0, 1, 2], [0.0, 1.0, 0.5], [0, 1]):
        with pytest.raises(ValueError, match="one of 0 to 1, or of left, right, for each image"):
            net.show(data[0][:3], labels, record=("rates",))


def test_images_of_ones_own_are_encoded_as_those_that_were_learned_from():
    rng, labels = np.random.default_rng(0), [0, 1] * 10
    x = rng.random((20, 3, 2, 2)).astype(np.float32)
    about = RATES | {"layers": (8, 7, 2), "train_examples": None, "encoding": "on-off"}
    about["test_examples"] = None
    net = workbench.network(data=(x, labels, x, labels), **about)
    assert net.sizes["input"] == 8
    out = net.show(x[:3], record=("rates",))
    np.testing.assert_array_equal(out.images, net.data.test_images[:3])
    again = net.show(out.images, record=("rates",))
    np.testing.assert_array_equal(again.images, out.images)
    with pytest.raises(ValueError, match="5 pixels an image, not 4, or 12 with colour"):
        net.show(rng.random((3, 5)))


def test_a_range_is_as_good_as_a_tuple():
    net = workbench.network(**RATES, record=("rates",), record_images=range(4))
    assert net.config.record_images == (0, 1, 2, 3)


def test_an_error_of_a_script_is_none_of_brian2():
    code = "from experiments import workbench; workbench.network(theory='none')"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.stderr.startswith("Traceback") and "Brian 2 encountered" not in ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("ValueError: --theory: unknown theory")


def test_a_network_that_was_not_trained_is_that_of_its_seed():
    one, other = (workbench.network(**RATES, seed=seed) for seed in (1, 2))
    start = Config.of(RATES).network(64, 10).start(1)
    np.testing.assert_array_equal(one.state["W_0"], start["W_0"])
    assert (one.state["W_0"] != other.state["W_0"]).any()


def test_the_notebook_runs_and_is_short(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    cells = json.loads((DOCS / "notebook.ipynb").read_text())["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert sum(bool(line.strip()) for text in code for line in text.splitlines()) <= LINES
    names = {}
    plt.close("all")
    for text in code:
        exec(text, names)
    assert len(plt.get_fignums()) == 2
    plt.close("all")
    assert "with apical dendrites coupled" in capsys.readouterr().out
    assert names["run"].metrics["test_error"][-1] < 20
