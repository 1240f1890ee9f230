"""A run begins with what another had learned, says so, and is otherwise a run like any other."""

import json
import signal
import time

import numpy as np
import pytest

from experiments.run import loop
from experiments.run.config import Config, chosen
from experiments.run.folder import RunError, RunFolder, at
from experiments.train import main

RATES = {"theory": "target_propagation", "layers": (8, 7, 10)}  # needs no compiler
SIZES = {"train_examples": 90, "test_examples": 40, "chunk": 30, "epochs": 2, "quick_every": 2}


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A small run that has ended."""
    path = tmp_path_factory.mktemp("first") / "run"
    loop.run(Config.of(RATES | SIZES), path)
    return RunFolder(path)


def words(first, out, *more):
    """Words of a command that begins with that run."""
    return ["--weights", str(first.path), "--out", str(out), *map(str, more)]


def weights(run):
    """Where a run says that it began."""
    return run.starts()[0]["weights"]


def test_tested_with_its_own_options_it_has_its_own_error(first, tmp_path):
    assert main(words(first, tmp_path / "again", "--epochs", 0)) == 0
    run = RunFolder(tmp_path / "again")
    assert run.result()["test_error"] == first.result()["test_error"]
    assert run.result()["epochs"] == run.result()["images"] == 0
    assert not {"training_error", "cpu_ms_per_image"} & run.result().keys()
    for name, values in first.state().state.items():
        np.testing.assert_array_equal(run.state().state[name], values)
    assert weights(run)["differs"] == {"epochs": [2, 0]}
    assert (weights(run)["run"], weights(run)["images_seen"]) == ("run", 180)
    rows = run.metrics()
    assert [row["images_seen"] for row in rows] == [0] and rows[0]["training_error"] is None
    assert run.config()["layers"] == [8, 7, 10]


def test_a_spiking_run_tested_again_has_its_error_within_its_spread(alone, run_tiny, tmp_path):
    assert run_tiny(tmp_path / "x", "--weights", alone, "--epochs", "0").end().status == 0
    before, now = (RunFolder(p).result()["test_error"] / 100 for p in (alone, tmp_path / "x"))
    spread = np.sqrt(max(before * (1 - before), 0.05) / 40)
    assert abs(now - before) < 4 * spread
    assert set(RunFolder(tmp_path / "x").starts()[0]["weights"]["differs"]) <= {"epochs"}


def test_it_begins_with_any_epoch_and_with_other_options(first, tmp_path):
    about = words(first, tmp_path / "other", "--eta", 0.01, "--epochs", 1)
    assert main(["--weights", f"{first.path}@1", *about[2:]]) == 0
    run = RunFolder(tmp_path / "other")
    for name, values in first.after(1).items():
        np.testing.assert_array_equal(run.after(0)[name], values)
    assert weights(run)["images_seen"] == 90
    assert weights(run)["differs"] == {"eta": [0.001, 0.01], "epochs": [2, 1]}
    assert any((run.state().state[n] != v).any() for n, v in run.after(0).items())


def test_what_the_run_did_not_have_begins_anew_and_is_said(first, tmp_path, capsys):
    assert main(words(first, tmp_path / "bp", "--mode", "bp", "--epochs", 0)) == 0
    told = weights(RunFolder(tmp_path / "bp"))
    assert told["left_out"] and not told["new"]
    assert f"--weights: {', '.join(told['left_out'])} is left out" in capsys.readouterr().err


def test_a_lesion_sets_to_0_what_is_named_and_no_more(first, tmp_path):
    assert main(words(first, tmp_path / "lesion", "--lesion", "W_1", "--epochs", 0)) == 0
    run = RunFolder(tmp_path / "lesion")
    for name, values in first.state().state.items():
        expected = np.zeros_like(values) if name == "W_1" else values
        np.testing.assert_array_equal(run.state().state[name], expected)
    assert weights(run)["lesion"] == ["W_1"] and run.result()["test_error"] > 50
    with pytest.raises(ValueError, match="give --weights"):
        Config.of(RATES, lesion=("W_1",))
    assert main(words(run, tmp_path / "again", "--epochs", 0)) == 0  # has weights, and no lesion
    assert not RunFolder(tmp_path / "again").config()["lesion"]


def test_a_lesion_that_was_killed_and_resumed_is_the_same_to_the_bit(
    alone, run_tiny, tmp_path, same_run, wait_for
):
    more = ["--weights", alone, "--init", "1", "--epochs", "6"]  # of a fresh network only
    assert run_tiny(tmp_path / "whole", *more).end().status == 0
    out = tmp_path / "cut"
    run = run_tiny(out, *more)
    assert wait_for((out / "weights" / "checkpoint.npz").exists, lambda: run.running)
    run.send(signal.SIGKILL)
    run.process.join()
    time.sleep(0.2)
    assert run_tiny(out, *more, "--resume").end().status == 0
    same_run(tmp_path / "whole", out)
    assert weights(RunFolder(out))["run"] == alone.name


def test_a_run_that_ended_before_its_first_chunk_is_begun_anew(first, tmp_path):
    out = tmp_path / "cut"
    (out / "weights").mkdir(parents=True)
    (out / "config.json").write_text((first.path / "config.json").read_text())
    np.savez(out / "weights" / "epoch_000.npz", images_seen=0)
    loop.run(Config.of(RATES | SIZES | {"seed": 5}), out)
    assert RunFolder(out).result()["epochs"] == 2
    with pytest.raises(RunError, match="already holds a run"):
        loop.run(Config.of(RATES | SIZES), out)


def edited(first, path, **changed):
    """A copy of the run's configuration, changed, with its last weights."""
    config = json.loads((first.path / "config.json").read_text()) | changed
    (path / "weights").mkdir(parents=True)
    (path / "config.json").write_text(json.dumps(config))
    kept = (first.path / "weights" / "checkpoint.npz").read_bytes()
    (path / "weights" / "checkpoint.npz").write_bytes(kept)
    return path


BAD = {
    "no run": ("{tmp}/none", {}, "is not a run folder"),
    "no epoch": ("{run}@9", {}, "there are those of epochs 0 to 2"),
    "no number": ("{run}@last", {}, "after @ comes the number of an epoch"),
    "long number": ("{run}@" + 30 * "1", {}, "after @ comes the number of an epoch"),
    "other layers": ("{run}", {"layers": (8, 6, 10)}, "W_1 of {run} is 8 x 7, here it is 8 x 6"),
    "more examples than there are": (
        "{run}",
        {"dataset": "{npz}", "train_examples": 90},
        "--train-examples: 90 images asked for, the data set has 1 to 10 (options that are not gi",
    ),
    "another theory": (
        "{run}",
        {"theory": "backprop", "layers": (9, 10)},
        "here it is 64 x 9: it was learned by the theory 'target_propagation', and this is backp",
    ),
    "other data": ("{run}", {"dataset": "{npz}"}, "W_0 of {run} is 64 x 8, here it is 6 x 8"),
    "other theory": ("{run}", {"theory": "segregated", "layers": (12, 10)}, "W_0 of {run} is"),
    "no lesion": ("{run}", {"lesion": ("Y_0",)}, "--lesion: there is no 'Y_0', but W_0"),
    "no epochs": ("{run}", {"epochs": -1}, "--epochs: 0 or more, not -1"),
    "record": ("{run}", {"record_epochs": (7,)}, "there is no epoch 7 of 2"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_begun_with_is_refused_in_a_sentence(first, tmp_path, name):
    text, more, said = BAD[name]
    places = {"run": first.path, "tmp": tmp_path, "npz": tmp_path / "mine.npz"}
    data = [np.eye(10, 6), np.arange(10)] * 2
    keys = ("train_images", "train_labels", "test_images", "test_labels")
    np.savez(tmp_path / "mine.npz", **dict(zip(keys, data, strict=True)))
    more = {k: v.format(**places) if isinstance(v, str) else v for k, v in more.items()}
    if "dataset" in more:
        more = {"train_examples": None, "test_examples": None} | more
    with pytest.raises(ValueError) as caught:
        loop.run(chosen(more | {"weights": text.format(**places)}), tmp_path / "out")
    assert said.format(**places) in str(caught.value) and "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("field", ["theory", "variant"])
def test_code_that_a_strangers_run_names_is_not_run(first, tmp_path, field):
    trap = tmp_path / "trap.py"
    trap.write_text(f"open({str(tmp_path / 'sprung')!r}, 'w')")
    path = edited(first, tmp_path / "run", **{field: str(trap)})
    with pytest.raises(RunError, match="whose code is run: if you trust it, name it yourself"):
        chosen({"weights": str(path)})
    assert main(["--weights", str(path), "--out", str(tmp_path / "out")]) == 2
    assert not (tmp_path / "sprung").exists()


def test_weights_that_are_no_numbers_are_refused(first, tmp_path):
    path = edited(first, tmp_path / "run")
    state = first.state().state
    np.savez(
        path / "weights" / "checkpoint.npz", images_seen=1, **state | {"W_0": state["W_0"] * np.nan}
    )
    with pytest.raises(RunError, match="W_0 of .* is not all numbers"):
        loop.run(chosen({"weights": str(path)}), tmp_path / "out")


def test_a_folder_with_an_at_in_its_name_is_found(tmp_path):
    (tmp_path / "run@3").mkdir()
    assert at(tmp_path / "run@3").epoch is None
    found = at(f"{tmp_path}/run@3@4")
    assert (found.path, found.epoch) == (tmp_path / "run@3", 4)
