"""Files of a run are whole or as they were; a damaged one is refused in a sentence."""

import errno
import os
import random
import resource
import signal
import time

import numpy as np
import pytest

from experiments.run import files
from experiments.run import loop as training
from experiments.run.config import Config
from experiments.run.confusion import Confusion, count
from experiments.run.folder import CHECKPOINT, COLUMNS, Checkpoint, RunError, RunFolder


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path / "run")


def some_weights(seed=0):
    """Weights of a small network, some of them hard to write as text."""
    rng = np.random.default_rng(seed)
    W = rng.normal(size=(5, 4))
    W[0] = [1 / 3, 5e-324, -0.0, 1e300]
    return {"W_0": W, "b_0": rng.normal(size=4)}


def refused(call, *words):
    """One sentence, with these words in it."""
    with pytest.raises(RunError) as caught:
        call()
    message = str(caught.value)
    assert "\n" not in message and len(message) > 10
    for word in words:
        assert word in message, message


# --- files ---------------------------------------------------------------------------------------


def test_a_checkpoint_comes_back_to_the_bit(folder):
    given = some_weights()
    folder.write_state(Checkpoint(12_345_678, given))
    seen, values = folder.state()
    assert seen == 12_345_678
    assert values.keys() == given.keys()
    for name in given:
        assert values[name].tobytes() == given[name].tobytes()
        assert values[name].shape == given[name].shape


def test_metrics_come_back_with_their_empty_cells(folder):
    learned = dict.fromkeys(COLUMNS) | {
        "images_seen": 30,
        "epoch": 0.25,
        "training_error": 12.5,
        "output_loss": 1e-7,
        "cpu_seconds": 0.5,
        "wall_seconds": 2.0,
    }
    tested = dict.fromkeys(COLUMNS) | {"images_seen": 30, "test_error": 0.0, "test_examples": 40}
    folder.write_metrics([learned, tested])
    assert folder.metrics() == [learned, tested]
    lines = (folder.path / "metrics.csv").read_text().splitlines()
    assert lines == [",".join(COLUMNS), "30,0.25,12.5,1e-07,,,0.5,2", "30,,,,0,40,,"]


def test_counts_of_millions_of_images_keep_every_digit(folder):
    folder.write_metrics([{"images_seen": 1_234_567, "epoch": 20.576117}])
    once = (folder.path / "metrics.csv").read_bytes()
    folder.write_metrics(folder.metrics())
    assert (folder.path / "metrics.csv").read_bytes() == once
    assert folder.metrics()[0]["images_seen"] == 1_234_567


def test_a_folder_without_metrics_has_no_rows(folder):
    assert folder.metrics() == []


@pytest.mark.parametrize(
    "text", ["images_seen\n30\n", "some,thing\n1,2\n", ",".join(COLUMNS) + "\n" + "x," * 7 + "\n"]
)
def test_damaged_metrics_are_refused(folder, text):
    folder.write_text("metrics.csv", text)
    refused(folder.metrics, "metrics.csv", "damaged")


def test_a_configuration_comes_back(folder):
    given = Config.of(layers=(30, 10), eta=(0.1, 0.2))
    folder.write_json("config.json", given.flat())
    assert Config.of(folder.config()) == given


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[]", b"3"])
@pytest.mark.parametrize("name", ["config.json", "model.json", "result.json", "provenance.json"])
def test_a_damaged_file_of_named_values_is_refused(folder, name, data):
    folder.write_text(name, "")
    (folder.path / name).write_bytes(data)
    read = {"config": folder.config, "model": folder.model, "result": folder.result}
    refused(read.get(name.partition(".")[0], folder.starts), name)


def test_the_model_comes_back_as_it_was_written_and_an_earlier_run_has_none(folder):
    assert folder.model() is None
    given = {"cells": [{"name": "output", "size": 10}], "settings": {"rule": "none"}}
    folder.write_json("model.json", given)
    assert folder.model() == given


def test_metrics_have_the_columns_of_a_theory_after_those_of_every_run(folder):
    folder.write_metrics([{"images_seen": 3}, {"images_seen": 6, "sparseness": 0.25}])
    head, *lines = (folder.path / "metrics.csv").read_text().splitlines()
    assert head == ",".join([*COLUMNS, "sparseness"])
    assert [row["sparseness"] for row in folder.metrics()] == [None, 0.25]


def test_answers_are_counted_by_class_and_come_back_with_their_names(folder):
    answers = np.array([[0.1, 0.9, 0.0], [0.2, 0.1, 0.0], [0.0, 0.0, 1.0], [0.0, 2.0, 1.0]])
    names = ("T-shirt/top", 'a "boot", or two', "=1+1")
    folder.write_confusion(count(answers, np.array([1, 0, 1, 1]), names))
    lines = (folder.path / "confusion.csv").read_text().splitlines()
    assert lines[0] == 'images,answered T-shirt/top,"answered a ""boot"", or two",answered =1+1'
    assert lines[1] == "shown T-shirt/top,1,0,0" and lines[3] == "shown =1+1,0,0,0"
    assert lines[2] == '"shown a ""boot"", or two",0,2,1'
    found = folder.confusion()
    assert found.names == names
    assert found.counts.tolist() == [[1, 0, 0], [0, 2, 1], [0, 0, 0]]


@pytest.mark.parametrize(
    "text, why",
    [
        ("", "no table"),
        ("images\n", "no table of classes"),
        ("images,answered a\n\n", "as long"),
        ("images,answered a\nshown b,1\n", "other classes"),
        ("images,answered a\na,1\n", "other classes"),
        ("images,a\nshown a,1\n", "columns"),
        ("class,answered a\nshown a,1\n", "no table of classes"),
        ("images,answered a\nshown a,1\nshown b,1\n", "no table of classes"),
        ("images,answered a,answered a\nshown a,1,0\nshown a,0,1\n", "columns"),
        ("images,answered a,answered b\nshown a,1,0\nshown b,0\n", "as long"),
        ("images,answered a\nshown a,0\n", "no image"),
        ("images,answered a\nshown a,-1\n", "'-1' is no number"),
        ("images,answered a\nshown a,1.0\n", "'1.0' is no number"),
        ("images,answered a\nshown a," + "1" * 400 + "\n", "is no number"),
        ("images,answered \nshown ,3\n", "no name"),
        ('images,"answered a\nb"\n"shown a\nb",3\n', "no name"),
        ("images,answered a\x00\nshown a\x00,3\n", "no name"),
    ],
)
def test_a_damaged_table_of_answers_is_refused(text, why, folder):
    folder.write_text("confusion.csv", text)
    refused(folder.confusion, "confusion.csv is damaged", why)


def test_what_is_not_there_is_said_to_be_missing(folder):
    refused(folder.config, "config.json")
    refused(folder.state, CHECKPOINT)
    refused(folder.result, "not finished")
    refused(folder.records().__enter__, "records.h5")
    refused(folder.confusion, "no confusion.csv")


NOTHING = {"sizes": {}, "variables": {}, "classes": 10, "phases": [(0, 50, "forward")]}
NOTHING |= {"neurons": (), "per_image": (), "rest": {}}
WRITES = {
    "weights/checkpoint.npz": lambda f, n: f.write_state(Checkpoint(n, some_weights(n))),
    "config.json": lambda f, n: f.write_json("config.json", {"seed": n}),
    "metrics.csv": lambda f, n: f.write_metrics([{"images_seen": n}]),
    "equations.txt": lambda f, n: f.write_text("equations.txt", f"dV/dt = {n}"),
    "confusion.csv": lambda f, n: f.write_confusion(Confusion(("a", "b"), np.full((2, 2), n))),
    "records.h5": lambda f, n: f.write_records({}, **NOTHING, labels=np.array([n])),
}


@pytest.mark.parametrize("name, write", WRITES.items(), ids=WRITES)
def test_writing_leaves_one_whole_file_and_nothing_beside_it(folder, name, write):
    write(folder, 1)
    first = (folder.path / name).read_bytes()
    write(folder, 2)
    assert (folder.path / name).read_bytes() != first
    files = [str(p.relative_to(folder.path)) for p in folder.path.rglob("*") if p.is_file()]
    assert files == [name]


@pytest.mark.parametrize("name, write", WRITES.items(), ids=WRITES)
def test_a_write_that_fails_leaves_the_old_file_whole(folder, name, write, monkeypatch):
    write(folder, 1)
    before = (folder.path / name).read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(OSError) as caught:
        write(folder, 2)
    assert caught.value.errno == errno.ENOSPC
    assert [p for p in folder.path.rglob("*") if p.is_file()] == [folder.path / name]
    assert (folder.path / name).read_bytes() == before


def fill_up(size):
    """From now on the kernel refuses, in the middle of a write, what goes beyond so many bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_write_that_stops_in_the_middle_leaves_the_old_checkpoint(folder, start):
    folder.write_state(Checkpoint(30, some_weights()))
    before = (folder.path / "weights" / CHECKPOINT).read_bytes()

    def write_much():
        fill_up(2000)
        folder.write_state(Checkpoint(60, {"W_0": np.ones((100, 100))}))

    ended = start(before=write_much).end()
    assert ended.status == 1 and "File too large" in ended.lines[-1]
    assert (folder.path / "weights" / CHECKPOINT).read_bytes() == before
    assert [p.name for p in folder.path.rglob("*") if p.is_file()] == [CHECKPOINT]


# --- damaged checkpoints -------------------------------------------------------------------------


def save(path, **arrays):
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)


@pytest.fixture
def trained(tmp_path, tiny, digits):
    """A run folder with a checkpoint after one chunk, and the run that would go on with it."""
    config = tiny[0]
    folder = RunFolder(tmp_path / "run")
    run = training.Run(config, folder)
    folder.write_json("config.json", config.flat())
    folder.write_state(Checkpoint(30, run.network.start(config.seed)))
    learned = ("epoch", "training_error", "output_loss", "cpu_seconds", "wall_seconds")
    folder.write_metrics([{"images_seen": 30} | dict.fromkeys(learned, 1.0)])
    return run


def path_of(run):
    return run.folder.path / "weights" / CHECKPOINT


def test_a_whole_checkpoint_is_gone_on_with(trained):
    seen, rows, values = trained.start()
    assert seen == 30 and [row["images_seen"] for row in rows] == [30]
    assert values["W_0"].shape == (64, 12) and values["W_1"].shape == (12, 10)


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.9, 0.999])
def test_a_truncated_checkpoint_is_refused_and_left_alone(trained, unchanged, share):
    whole = path_of(trained).read_bytes()
    path_of(trained).write_bytes(whole[: int(share * len(whole))])
    unchanged()
    refused(trained.start, str(path_of(trained)), "damaged")


def test_no_flipped_bit_goes_unnoticed(trained):
    """A flip is refused in one sentence, or it changes nothing that is used."""
    whole = path_of(trained).read_bytes()
    good = trained.start()[2]
    rng = random.Random(0)
    places = [rng.randrange(len(whole)) for _ in range(150)]
    places += [rng.randrange(300) for _ in range(150)]
    places += [len(whole) - 1 - rng.randrange(500) for _ in range(100)]
    noticed = 0
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << rng.randrange(8)
        path_of(trained).write_bytes(damaged)
        try:
            seen, _, values = trained.start()
        except RunError as error:
            noticed += 1
            assert "damaged" in str(error) and "\n" not in str(error)
        else:
            assert seen == 30
            for name in good:
                np.testing.assert_array_equal(values[name], good[name])
    assert noticed > len(places) / 2


def test_random_bytes_are_no_checkpoint(trained, unchanged):
    path_of(trained).write_bytes(np.random.default_rng(0).bytes(3000))
    unchanged()
    refused(trained.start, "damaged")


def test_an_array_alone_is_no_checkpoint(trained):
    with path_of(trained).open("wb") as file:
        np.save(file, np.zeros(3))
    refused(trained.start, "damaged")


def changes():
    """What may be wrong with a whole file: name -> change of its arrays."""

    def with_nan(a):
        a["W_1"][3, 2] = np.nan

    def with_infinity(a):
        a["b_0"][0] = -np.inf

    return {
        "NaN": with_nan,
        "infinity": with_infinity,
        "wrong shape": lambda a: a.update(W_0=a["W_0"][:, :-1]),
        "transposed": lambda a: a.update(W_0=a["W_0"].T),
        "missing": lambda a: a.pop("b_1"),
        "one too many": lambda a: a.update(W_2=np.zeros((10, 10))),
        "text": lambda a: a.update(W_0=a["W_0"].astype(str)),
        "single precision": lambda a: a.update(W_0=a["W_0"].astype(np.float32)),
        "no count": lambda a: a.pop("images_seen"),
        "two counts": lambda a: a.update(images_seen=[30, 60]),
        "count within a chunk": lambda a: a.update(images_seen=31),
        "count below 0": lambda a: a.update(images_seen=-30),
    }


@pytest.mark.parametrize("change", changes().values(), ids=changes())
def test_a_checkpoint_with_other_contents_is_refused(trained, unchanged, change):
    with np.load(path_of(trained)) as file:
        arrays = dict(file)
    change(arrays)
    save(path_of(trained), **arrays)
    unchanged()
    refused(trained.start, "damaged")


def test_loading_never_unpickles(trained, tmp_path):
    """A pickle may hold a command; this one would leave a file behind."""
    trap = tmp_path / "trap"

    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(trap),)

    save(path_of(trained), images_seen=30, W_0=np.array([Trap()], dtype=object))
    refused(trained.start, "damaged")
    assert not trap.exists()
    with np.load(path_of(trained), allow_pickle=True) as file:
        file["W_0"]
    assert trap.exists()


# --- one run at a time ---------------------------------------------------------------------------


def test_a_folder_is_held_while_its_run_lives_and_free_once_it_is_killed(folder, start, wait_for):
    sign = folder.path / "held"

    def hold():
        with folder.locked():
            sign.touch()
            time.sleep(100)

    holder = start(before=hold)
    assert wait_for(sign.exists, lambda: holder.running)
    for _ in range(2):
        refused(folder.locked().__enter__, str(folder.path), "still going")
    holder.send(signal.SIGKILL)
    assert holder.end().status == -signal.SIGKILL
    with folder.locked():
        pass


def test_a_folder_is_free_after_its_run_has_ended(folder):
    for _ in range(2):
        with folder.locked():
            refused(folder.locked().__enter__, "still going")
