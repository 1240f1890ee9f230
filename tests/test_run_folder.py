"""Nothing written is lost: runs are killed, stopped, resumed, and end where they would have."""

import errno
import os
import random
import resource
import shutil
import signal
import time

import brian2
import h5py
import numpy as np
import pytest

from experiments.run import folder as records
from experiments.run import loop as training
from experiments.run.config import Config
from experiments.run.folder import CHECKPOINT, COLUMNS, Checkpoint, RunError, RunFolder
from models.segregated import weights

LONG = ("--epochs", "8")
KILLS = 4  # at least


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
    folder.write_weights(Checkpoint(12_345_678, given))
    seen, values = folder.weights()
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
    given = Config(layers=(30, 10), eta=(0.1, 0.2))
    folder.write_config(given)
    assert Config.from_dict(folder.config()) == given


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe"])
def test_a_damaged_configuration_is_refused(folder, data):
    folder.write_text("config.json", "")
    (folder.path / "config.json").write_bytes(data)
    refused(folder.config, "config.json")


def test_what_is_not_there_is_said_to_be_missing(folder):
    refused(folder.config, "config.json")
    refused(folder.weights, CHECKPOINT)
    refused(folder.result, "not finished")
    refused(folder.records, "records.h5")


WRITES = {
    "weights/checkpoint.npz": lambda f, n: f.write_weights(Checkpoint(n, some_weights(n))),
    "config.json": lambda f, n: f.write_config(Config(seed=n)),
    "metrics.csv": lambda f, n: f.write_metrics([{"images_seen": n}]),
    "equations.txt": lambda f, n: f.write_text("equations.txt", f"dV/dt = {n}"),
    "records.h5": lambda f, n: f.write_records(
        {}, {}, np.array([n]), 10, [(0, 50, "forward")], (), {}
    ),
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

    monkeypatch.setattr(records.os, "replace", full)
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
    folder.write_weights(Checkpoint(30, some_weights()))
    before = (folder.path / "weights" / CHECKPOINT).read_bytes()

    def write_much():
        fill_up(2000)
        folder.write_weights(Checkpoint(60, {"W_0": np.ones((100, 100))}))

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
    folder.write_config(config)
    folder.write_weights(Checkpoint(30, weights.initial(run.model, config.seed)))
    return run


def path_of(run):
    return run.folder.path / "weights" / CHECKPOINT


def test_a_whole_checkpoint_is_gone_on_with(trained):
    seen, rows, values = trained.start()
    assert (seen, rows) == (30, [])
    assert values["W_0"].shape == (64, 12) and values["W_1"].shape == (12, 10)


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.9, 0.999])
def test_a_truncated_checkpoint_is_refused_and_left_alone(trained, unchanged, share):
    whole = path_of(trained).read_bytes()
    path_of(trained).write_bytes(whole[: int(share * len(whole))])
    unchanged()
    refused(trained.start, str(path_of(trained)), "damaged", "remove it")


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


# --- whole runs ----------------------------------------------------------------------------------


def seen(out):
    """Images seen at the last checkpoint."""
    return RunFolder(out).weights().images_seen if RunFolder(out).has_checkpoint() else 0


def garbage(out):
    """What a run should not leave: anything but its files."""
    known = {"config.json", "provenance.json", "equations.txt", "metrics.csv", "result.json"}
    known |= {"run.lock", "records.h5"}
    names = {str(p.relative_to(out)) for p in out.rglob("*")}
    return {
        n for n in names - known if not n.startswith("weights") or not n.endswith(("s", ".npz"))
    }


def test_a_run_learns_and_leaves_a_whole_folder(alone, tiny, digits):
    folder = RunFolder(alone)
    assert not garbage(alone)
    assert Config.from_dict(folder.config()) == tiny[0]
    assert folder.weights().images_seen == 180
    assert sorted(p.name for p in (alone / "weights").iterdir()) == [
        CHECKPOINT,
        *(f"epoch_00{n}.npz" for n in range(3)),
    ]
    begun = training.Run(tiny[0], folder)
    for name, value in weights.initial(begun.model, 3).items():
        np.testing.assert_array_equal(folder.weights("epoch_000.npz").weights[name], value)
        moved = np.abs(folder.weights().weights[name] - value).max()
        assert moved > 1e-3 if name[0] in "Wb" else moved < 1e-12, name


def test_metrics_have_a_row_for_each_chunk_and_each_test(alone):
    rows = RunFolder(alone).metrics()
    learned = [r for r in rows if r["training_error"] is not None]
    assert [r["images_seen"] for r in learned] == [30, 60, 90, 120, 150, 180]
    assert [r["epoch"] for r in learned] == pytest.approx([1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2], 1e-5)
    for row in learned:
        wrong = row["training_error"] * 0.3
        assert 0 <= wrong <= 30 and abs(wrong - round(wrong)) < 1e-4
        assert 0 < row["output_loss"] < 1
    tests = [r for r in rows if r["test_error"] is not None]
    assert [r["images_seen"] for r in tests] == [60, 90, 150, 180]
    assert {r["test_examples"] for r in tests} == {40}
    assert all(r["cpu_seconds"] > 0 and r["wall_seconds"] > 0 for r in rows)


def test_the_result_sums_up_the_metrics(alone):
    rows, result = RunFolder(alone).metrics(), RunFolder(alone).result()
    tests = [r["test_error"] for r in rows if r["test_error"] is not None]
    learned = [r for r in rows if r["training_error"] is not None]
    assert result["test_error"] == tests[-1]
    assert result["best_test_error"] == min(tests)
    assert result["training_error"] == pytest.approx(
        np.mean([r["training_error"] for r in learned[3:]])
    )
    assert (result["epochs"], result["images"]) == (2, 180)
    assert result["cpu_ms_per_image"] == pytest.approx(
        sum(r["cpu_seconds"] for r in learned) / 0.18
    )


def test_tests_do_not_change_weights(alone, run_tiny, tmp_path):
    """Without tests within an epoch, learning goes the same way."""
    out = tmp_path / "run"
    assert run_tiny(out, "--quick-examples", "0").end().status == 0
    tests = [r for r in RunFolder(out).metrics() if r["test_error"] is not None]
    assert [r["images_seen"] for r in tests] == [90, 180]
    one, other = (RunFolder(path).weights().weights for path in (alone, out))
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])


def test_another_seed_ends_elsewhere(alone, run_tiny, tmp_path):
    out = tmp_path / "run"
    assert run_tiny(out, "--seed", "4").end().status == 0
    one, other = (RunFolder(path).weights().weights["W_1"] for path in (alone, out))
    assert np.abs(one - other).max() > 0.1


def test_the_same_run_in_another_process_gives_the_same_weights_to_the_bit(
    alone, run_tiny, tmp_path, same_run
):
    assert run_tiny(tmp_path / "run").end().status == 0
    same_run(alone, tmp_path / "run")


def test_what_one_process_has_compiled_another_finds(shelf, cache):
    assert len(shelf.programs) == 2 and len(list(cache.glob("builds/*/main"))) >= 2
    assert not shelf.compiled


@pytest.fixture(scope="module")
def long_run(command, shelf, tiny, tmp_path_factory):
    """A run of 24 chunks, left alone."""
    out = tmp_path_factory.mktemp("long") / "run"
    assert command(*tiny[1], *LONG, "--out", out, before=shelf.lend).status == 0
    return out


def kill_at_random(run, out, early, rng, wait_for):
    """Kill a run at its beginning, or a little after its next chunk; how it ended."""
    before = seen(out)
    if not early:
        wait_for(lambda: seen(out) > before, lambda: run.running)
    time.sleep(rng.uniform(0, 0.2 if early else 0.06))
    run.send(signal.SIGKILL)
    return run.end()


def test_a_run_that_is_killed_again_and_again_ends_as_one_left_alone(
    long_run, run_tiny, tmp_path, same_run, wait_for
):
    rng, places = random.Random(), []
    for turn in range(20):
        out, status = tmp_path / f"run{turn}", None
        while status != 0:
            run = run_tiny(out, *LONG, "--resume")
            ended = kill_at_random(run, out, len(places) % 2 == 0, rng, wait_for)
            status = ended.status
            assert status in (0, -signal.SIGKILL), ended.err
            if status:
                places.append(seen(out))
        same_run(long_run, out)
        assert not garbage(out)
        if len(places) >= KILLS and len(set(places) - {0, 720}) >= 2:
            break  # a fast machine may finish a run before it is killed often enough
    else:
        pytest.fail(f"only killed at images {places}")


@pytest.mark.parametrize("last", range(4, 14))
def test_a_run_that_is_killed_between_two_files_ends_as_one_left_alone(
    alone, start, run_tiny, shelf, tiny, tmp_path, same_run, last
):
    """After the three files that say what it is: weights, metrics, checkpoint, metrics, ..."""
    out, replace, left = tmp_path / "run", os.replace, iter(range(last))

    def replace_or_die(*paths):
        if next(left) == last - 1:
            os.kill(os.getpid(), signal.SIGKILL)
        replace(*paths)

    def doom():
        shelf.lend()
        records.os.replace = replace_or_die

    assert start(*tiny[1], "--out", out, before=doom).end().status == -signal.SIGKILL
    assert run_tiny(out, "--resume").end().status == 0
    same_run(alone, out)
    assert not garbage(out)


def test_ctrl_c_keeps_the_last_chunk_and_the_run_goes_on_from_there(
    long_run, run_tiny, tmp_path, same_run, wait_for
):
    out = tmp_path / "run"
    run = run_tiny(out, *LONG)
    assert wait_for(lambda: seen(out) > 0, lambda: run.running)
    run.send(signal.SIGINT)
    ended = run.end()
    assert ended.status == 130
    assert ended.lines == [
        "building the network ...",
        "stopped; the last chunk is kept, go on with --resume",
    ]
    assert 0 < seen(out) < 720 and not (out / "result.json").exists()
    assert run_tiny(out, *LONG, "--resume").end().status == 0
    same_run(long_run, out)
    assert not garbage(out)


def test_a_run_goes_on_with_more_epochs(alone, run_tiny, tmp_path, same_run):
    out = tmp_path / "run"
    assert run_tiny(out, "--epochs", "1").end().status == 0
    assert seen(out) == 90 and RunFolder(out).result()["epochs"] == 1
    assert run_tiny(out, "--epochs", "2", "--resume").end().status == 0
    same_run(alone, out)
    assert RunFolder(out).config()["epochs"] == 2


def test_resuming_a_finished_run_changes_nothing(alone, run_tiny, tmp_path):
    out = shutil.copytree(alone, tmp_path / "run")
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert run_tiny(out, "--resume").end().status == 0
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before


def test_a_run_cannot_go_back_to_fewer_epochs(alone, run_tiny, tmp_path, unchanged):
    shutil.copytree(alone, tmp_path / "run")
    unchanged()
    ended = run_tiny(tmp_path / "run", "--epochs", "1", "--resume").end()
    assert ended.status == 2
    assert ended.lines == ["experiments.train: --epochs 1: the run has already seen 180 images"]


def test_a_run_that_diverges_says_where_and_keeps_the_last_good_checkpoint(run_tiny, tmp_path):
    """The rates grow from epoch to epoch, so that the first chunks are good."""
    out = tmp_path / "run"
    ended = run_tiny(out, "--decay", "1e300").end()
    assert ended.status == 2
    building, reason = ended.lines
    assert "at image 120 (epoch 2)" in reason and "--eta" in reason
    checkpoint = RunFolder(out).weights()
    assert checkpoint.images_seen == 90
    assert all(np.isfinite(value).all() for value in checkpoint.weights.values())
    assert [r["images_seen"] for r in RunFolder(out).metrics()] == [30, 60, 60, 90, 90]


def test_a_run_that_diverges_at_once_has_no_checkpoint_but_its_beginning(run_tiny, tmp_path):
    ended = run_tiny(tmp_path / "run", "--eta", "1e300").end()
    assert ended.status == 2 and "at image 30 (epoch 1)" in ended.lines[-1]
    assert [p.name for p in (tmp_path / "run" / "weights").iterdir()] == ["epoch_000.npz"]


# --- compiled networks that fail -----------------------------------------------------------------

FAILURES = {
    "says why": ("echo no such luck >&2; exit 3", "no such luck"),
    "is killed": ("kill -9 $$", "status -9"),
    "crashes": ("kill -SEGV $$", "status -11"),
    "says nothing": ("exit 0", "too little"),
    "stops in the middle": ("head -c 100 /dev/zero", "too little"),
}


@pytest.fixture
def half_done(run_tiny, tmp_path, wait_for):
    """A run that was killed after a chunk."""
    out = tmp_path / "run"
    run = run_tiny(out, *LONG)
    assert wait_for(lambda: seen(out) > 0, lambda: run.running)
    run.send(signal.SIGKILL)
    run.end()
    assert seen(out) < 720
    return out


def test_a_compiled_network_that_fails_leaves_a_run_that_can_go_on(
    half_done, long_run, start, run_tiny, shelf, tiny, tmp_path, same_run
):
    main = tmp_path / "broken" / "main"
    main.parent.mkdir()

    def break_programs():
        shelf.lend()
        for program in shelf.programs.values():
            program.folder = main.parent

    before = seen(half_done)
    for script, word in FAILURES.values():
        main.write_text(f"#!/bin/sh\n{script}\n")
        main.chmod(0o755)
        words = [*tiny[1], *LONG, "--out", half_done, "--resume"]
        ended = start(*words, before=break_programs).end()
        assert ended.status == 2 and len(ended.lines) == 2, ended.err
        assert "the compiled network failed" in ended.lines[-1] and word in ended.lines[-1]
        assert seen(half_done) == before and not garbage(half_done)
    assert run_tiny(half_done, *LONG, "--resume").end().status == 0
    same_run(long_run, half_done)


def test_a_disk_that_fills_up_leaves_a_run_that_can_go_on(
    half_done, long_run, start, run_tiny, shelf, tiny, same_run
):
    path = half_done / "weights" / CHECKPOINT
    before = path.read_bytes()

    def crowd():
        shelf.lend()
        fill_up(len(before) // 2)

    ended = start(*tiny[1], *LONG, "--out", half_done, "--resume", before=crowd).end()
    assert ended.status == 2 and len(ended.lines) == 2, ended.err
    assert "File too large" in ended.lines[-1] and "what was written is kept" in ended.lines[-1]
    assert path.read_bytes() == before and not garbage(half_done)
    assert run_tiny(half_done, *LONG, "--resume").end().status == 0
    same_run(long_run, half_done)


# --- records -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded(tmp_path_factory, command):
    """A finished run, resumed to record in Brian2's runtime mode, which needs no compiler."""
    folder = RunFolder(tmp_path_factory.mktemp("recorded") / "run")
    config = Config(layers=(12, 10), train_examples=2, test_examples=4, epochs=1, device="runtime")
    end = Checkpoint(2, weights.initial(config.model(64, 10), config.seed))
    folder.write_config(config)
    folder.write_weights(end)
    learned = {"images_seen": 2, "epoch": 1.0, "training_error": 50.0, "output_loss": 0.1}
    tested = {"images_seen": 2, "epoch": 1.0, "test_error": 75.0, "test_examples": 4}
    times = {"cpu_seconds": 0.1, "wall_seconds": 0.2}
    folder.write_metrics([learned | times, tested | times])

    def interpret():
        brian2.prefs.codegen.target = "numpy"

    size = "--layers 12 10 --train-examples 2 --test-examples 4 --epochs 1 --device runtime"
    asked = "--record spikes voltages --record-images 3 0 --record-neurons 4 11 0"
    words = [*size.split(), *asked.split(), "--resume", "--out", folder.path]
    ended = command(*words, before=interpret)
    assert ended.status == 0, ended.err
    with folder.records() as file:
        yield folder, end, file


def test_records_hold_what_was_asked_for_and_no_more(recorded):
    file = recorded[2]
    assert set(file) == {"spikes", "voltages", "labels", "phases"}
    assert set(file["spikes"]) == {"input", "hidden_0", "output"}
    assert set(file["voltages"]) == {"hidden_0", "output"}
    assert set(file["voltages/hidden_0"]) == {"t", "V", "V_a", "V_b"}
    assert file["voltages/hidden_0"].attrs["neurons"].tolist() == [0, 4, 11]
    assert file["voltages/output"].attrs["neurons"].tolist() == [0, 4]


def test_every_record_says_its_unit_and_what_it_is(recorded):
    found = []
    recorded[2].visititems(lambda name, item: found.append(item))
    datasets = [item for item in found if isinstance(item, h5py.Dataset)]
    assert len(datasets) > 15
    for item in datasets:
        assert item.attrs["units"] and item.attrs["description"], item.name
    assert recorded[2]["voltages/output/V"].attrs["units"] == "mV"


def test_records_are_of_the_images_that_were_asked_for(recorded, digits):
    file = recorded[2]
    assert file["labels"][:].tolist() == digits.test_labels[[3, 0]].tolist()
    assert file["phases/name"].asstr()[:].tolist() == ["forward", "target"] * 2
    assert file["phases/image"][:].tolist() == [0, 0, 1, 1]
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
    after = folder.weights()
    assert after.images_seen == before.images_seen
    for name in before.weights:
        np.testing.assert_array_equal(after.weights[name], before.weights[name])
