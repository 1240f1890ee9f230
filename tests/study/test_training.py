"""Several seeds at once: each as if it were alone, stopped together, failing alone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments import ROOT
from experiments.run import loop
from experiments.run.config import Config
from experiments.run.folder import RunFolder
from experiments.study import training
from experiments.study.jobs import Where
from models.engine.compiler import CACHE_VARIABLE, find_compiler

SMALL = "--theory backprop --preset digits --train-examples 60 --test-examples 20 --epochs 3"
SMALL += " --chunk 20 --quick-every 2"
LONG = SMALL.replace("--epochs 3", "--epochs 5000")


@pytest.fixture
def begin(cache, tmp_path):
    """Start the command as a shell does: ``begin(words)``; ended with the test."""
    begun = []

    def start(words):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": ROOT}
        line = [sys.executable, "-m", "experiments.train", *words.split()]
        begun.append(subprocess.Popen(line, **pipes))
        return begun[-1]

    yield start
    for process in begun:
        process.kill()


@pytest.fixture
def train(begin):
    """The same to its end: status, lines of its output, lines of what it complained of."""

    def run(words):
        process = begin(words)
        out, err = process.communicate(timeout=300)
        return process.returncode, out.splitlines(), err.splitlines()

    return run


def test_each_seed_is_trained_as_if_it_were_alone_and_compiled_once(
    train, tmp_path, same_run, monkeypatch
):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    logged = tmp_path / "logged"
    logged.write_text(f'#!/bin/sh\necho "$@" >> {logged}.txt\nexec {find_compiler()} "$@"\n')
    logged.chmod(0o755)
    monkeypatch.setenv("CXX", str(logged))
    status, out, err = train(f"{SMALL} --seeds 5 6 7 --jobs 2 --out {tmp_path}/all")
    which = ("learns", "is tested")
    assert (status, err) == (0, [f"building the network that {word} ..." for word in which])
    assert Path(f"{logged}.txt").read_text().count("-o main ") == 2
    errors = [RunFolder(tmp_path / "all" / f"seed_{n}").result()["test_error"] for n in (5, 6, 7)]
    for seed, error, line in zip((5, 6, 7), errors, out, strict=False):
        assert line.startswith(f"seed {seed}: test error {error:.2f} % after 3 epochs")
        assert line.endswith(f"see {tmp_path}/all/seed_{seed}")
    mean = sum(errors) / 3
    expected = f"3 seeds: test error {mean:.2f} % ({min(errors):.2f} to {max(errors):.2f} %)"
    assert out[3:] == [expected]
    assert train(f"{SMALL} --seed 6 --out {tmp_path}/alone")[0] == 0
    same_run(tmp_path / "all" / "seed_6", tmp_path / "alone")
    names = [sorted(p.name for p in (tmp_path / n).iterdir()) for n in ("all/seed_6", "alone")]
    assert names[0] == names[1]
    status, _, err = train(f"{SMALL} --seeds 8 7 --out {tmp_path}/all")
    assert status == 2 and len(err) == 1 and "seed_7 already holds a run" in err[0]
    assert not (tmp_path / "all" / "seed_8").exists()


def children(pid):
    """Processes that a process has started, and that these have."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    mine = [child for child, parent in pairs if parent == pid]
    return mine + [below for child in mine for below in children(child)]


def are_gone(pids, wait_for):
    """Whether processes end."""

    def gone():
        return not any(os.path.exists(f"/proc/{pid}") for pid in pids)

    end = time.monotonic() + 20
    return wait_for(gone, lambda: time.monotonic() < end)


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_all_stop_together_and_go_on(begin, train, tmp_path, same_run, wait_for, number):
    places = [tmp_path / "all" / f"seed_{n}" for n in (1, 2)]
    process = begin(f"{LONG} --seeds 1 2 3 --jobs 2 --out {tmp_path}/all")

    def have_begun():
        return all(RunFolder(path).has_checkpoint() for path in places)

    assert wait_for(have_begun, lambda: process.poll() is None)
    below = children(process.pid)
    assert len(below) >= 2
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == (130 if number == signal.SIGINT else -signal.SIGKILL)
    assert are_gone(below, wait_for)
    if number == signal.SIGINT:
        assert err.splitlines()[2:] == ["stopped; the last chunk is kept, go on with --resume"]
    assert not (tmp_path / "all" / "seed_3").exists()
    epochs = 1 + max(RunFolder(path).state().images_seen // 60 for path in places)
    more = SMALL.replace("--epochs 3", f"--epochs {epochs}")
    assert train(f"{more} --seeds 1 2 --jobs 2 --out {tmp_path}/all --resume")[0] == 0
    assert train(f"{more} --seed 2 --out {tmp_path}/alone")[0] == 0
    same_run(tmp_path / "all" / "seed_2", tmp_path / "alone")


def test_a_seed_that_fails_is_one_sentence_and_the_others_go_on(train, tmp_path):
    words = f"{SMALL} --seeds 1 2 3 --jobs 2 --out {tmp_path} --resume"
    (tmp_path / "seed_2" / "weights").mkdir(parents=True)
    (tmp_path / "seed_2" / "weights" / "checkpoint.npz").write_text("no weights")
    (tmp_path / "seed_2" / "config.json").write_text("{}")
    status, out, err = train(words)
    assert status == 2 and len(err) == 3, err  # two are built
    assert err[-1].startswith("experiments.train: seed 2: ") and "config" in err[-1]
    assert [line.split(":")[0] for line in out] == ["seed 1", "seed 3", "2 seeds"]


def test_an_option_is_swept_with_seeds_in_each(train, tmp_path, same_run):
    words = SMALL.replace("--epochs 3", "--epochs 1")
    status, out, err = train(
        f"{words} --sweep eta 0.2,0.1 0.05 --seeds 1 2 --jobs 2 --out {tmp_path}/swept"
    )
    assert status == 0, err
    assert [line.split(": ")[0] for line in out] == [
        *(f"eta {eta}, seed {seed}" for eta in ("0.2,0.1", "0.05") for seed in (1, 2)),
        *("eta 0.2,0.1", "eta 0.05"),
    ]
    assert train(f"{words} --eta 0.2 0.1 --seed 2 --out {tmp_path}/alone")[0] == 0
    same_run(tmp_path / "swept" / "eta_0.2,0.1" / "seed_2", tmp_path / "alone")


@pytest.mark.parametrize(
    "words, why",
    [
        ("--sweep eta", "--sweep: give an option and its values, each once"),
        ("--sweep eta 0.1 0.1", "--sweep: give an option and its values, each once"),
        ("--sweep eto 0.1", "unrecognized arguments: --eto 0.1; did you mean --eta?"),
        ("--seeds 1 2 --seed 1", "--seeds: give it or --seed, not both"),
        ("--seeds 1 2 1", "--seeds: give each seed once"),
        ("--jobs 2", "--jobs: give --seeds or --sweep as well; a run of one seed is one job"),
        ("--seeds 1 2 --jobs 0", "--jobs: 1 or more, not 0"),
        ("--seeds 1 -2", "--seed: 0 or more, not -2"),
    ],
)
def test_what_cannot_be_meant_is_refused(command, words, why):
    ended = command(*words.split())
    assert (ended.status, ended.err) == (2, f"experiments.train: {why}\n")


def test_workers_that_do_not_see_the_drivers_disk_hand_their_runs_back(
    cache, tmp_path, same_run, monkeypatch
):
    monkeypatch.setattr(training, "_sees", lambda pool, folders: False)
    about = {"theory": "backprop", "train_examples": 60, "test_examples": 20, "chunk": 20}

    def train(epochs, resume=False):
        configs = {
            f"seed {n}": (Config.of(about, epochs=epochs, seed=n), tmp_path / f"seed_{n}")
            for n in (1, 2)
        }
        results, failures = training.train(configs, Where(jobs=2), resume)
        assert failures == [] and list(results) == list(configs)

    train(1)
    train(2, resume=True)
    loop.run(Config.of(about, epochs=2, seed=2), tmp_path / "alone")
    same_run(tmp_path / "seed_2", tmp_path / "alone")
