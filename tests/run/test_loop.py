"""Nothing written is lost: runs are killed, stopped, resumed, and end where they would have."""

import os
import random
import shutil
import signal
import time

import numpy as np
import pytest

from experiments.run import files
from experiments.run import loop as training
from experiments.run.config import Config
from experiments.run.folder import CHECKPOINT, RunFolder
from tests.run.test_folder import fill_up

LONG = ("--epochs", "8")
KILLS = 4  # at least


# --- whole runs ----------------------------------------------------------------------------------


def seen(out):
    """Images seen at the last checkpoint."""
    return RunFolder(out).state().images_seen if RunFolder(out).has_checkpoint() else 0


def garbage(out):
    """What a run should not leave: anything but its files."""
    known = {"config.json", "provenance.json", "equations.txt", "metrics.csv", "result.json"}
    known |= {"model.json", "run.lock", "records.h5", "confusion.csv"}
    names = {str(p.relative_to(out)) for p in out.rglob("*")}
    return {
        n for n in names - known if not n.startswith("weights") or not n.endswith(("s", ".npz"))
    }


def test_a_run_learns_and_leaves_a_whole_folder(alone, tiny, digits):
    folder = RunFolder(alone)
    assert not garbage(alone)
    assert Config.of(folder.config()) == tiny[0]
    assert folder.state().images_seen == 180
    assert sorted(p.name for p in (alone / "weights").iterdir()) == [
        CHECKPOINT,
        *(f"epoch_00{n}.npz" for n in range(3)),
    ]
    begun = training.Run(tiny[0], folder)
    for name, value in begun.network.start(3).items():
        np.testing.assert_array_equal(folder.state("epoch_000.npz").state[name], value)
        moved = np.abs(folder.state().state[name] - value).max()
        assert moved > 1e-3 if name[0] in "Wb" else moved == 0, name


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


def test_the_table_of_answers_is_that_of_the_last_test(alone, digits):
    found, result = RunFolder(alone).confusion(), RunFolder(alone).result()
    assert found.names == tuple(map(str, range(10)))
    assert found.counts.sum(axis=1).tolist() == np.bincount(digits.test_labels[:40]).tolist()
    wrong = found.counts.sum() - np.trace(found.counts)
    assert wrong == pytest.approx(0.4 * result["test_error"]) and 0 < wrong < 40


def test_tests_do_not_change_weights(alone, run_tiny, tmp_path):
    """Without tests within an epoch, learning goes the same way."""
    out = tmp_path / "run"
    assert run_tiny(out, "--quick-examples", "0").end().status == 0
    tests = [r for r in RunFolder(out).metrics() if r["test_error"] is not None]
    assert [r["images_seen"] for r in tests] == [90, 180]
    one, other = (RunFolder(path).state().state for path in (alone, out))
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])


def test_another_seed_ends_elsewhere(alone, run_tiny, tmp_path):
    out = tmp_path / "run"
    assert run_tiny(out, "--seed", "4").end().status == 0
    one, other = (RunFolder(path).state().state["W_1"] for path in (alone, out))
    assert np.abs(one - other).max() > 0.1


def test_the_same_run_in_another_process_gives_the_same_weights_to_the_bit(
    alone, run_tiny, tmp_path, same_run
):
    assert run_tiny(tmp_path / "run").end().status == 0
    same_run(alone, tmp_path / "run")


def test_what_one_process_has_compiled_another_finds(shelf, alone):
    assert len(shelf.programs) == 2
    for program in shelf.programs.values():  # built before that process had ended
        built = (program.folder / "main").stat().st_mtime
        assert built < (alone / "result.json").stat().st_mtime


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


@pytest.mark.parametrize("last", range(12, 50, 5))
def test_a_run_that_is_killed_within_a_write_ends_as_one_left_alone(
    alone, start, run_tiny, shelf, tiny, tmp_path, same_run, last
):
    """Before a file is known to be on the disk, or the name that it has there."""
    out, sync, left = tmp_path / "run", files._sync, iter(range(last))

    def sync_or_die(handle):
        if next(left) == last - 1:
            os.kill(os.getpid(), signal.SIGKILL)
        sync(handle)

    def doom():
        shelf.lend()
        files._sync = sync_or_die

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
        "building the network that learns ...",
        "building the network that is tested ...",
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
    *_, reason = ended.lines
    assert "at image 120 (epoch 2): lower the learning rates, or the weights" in reason
    checkpoint = RunFolder(out).state()
    assert checkpoint.images_seen == 90
    assert all(np.isfinite(value).all() for value in checkpoint.state.values())
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
        assert ended.status == 2 and len(ended.reasons) == 1, ended.err
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
    assert ended.status == 2 and len(ended.reasons) == 1, ended.err
    assert "File too large" in ended.lines[-1] and "what was written is kept" in ended.lines[-1]
    assert path.read_bytes() == before and not garbage(half_done)
    assert run_tiny(half_done, *LONG, "--resume").end().status == 0
    same_run(long_run, half_done)
