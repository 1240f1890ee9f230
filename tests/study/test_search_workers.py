"""Studies by workers: the same table whoever computes it, and nothing lost by a kill."""

import csv
import json
import os
import signal
import subprocess
import sys

import pytest

from experiments import ROOT
from experiments.study import __main__ as door
from experiments.study import search
from experiments.study.jobs import Where
from tests.study.studies import STUDY, TINY, WORDS, shown, states
from tests.study.test_jobs import scheduler, started  # noqa: F401 (a fixture)
from tests.study.test_training import are_gone, children


@pytest.fixture(scope="module")
def usual(cache, tmp_path_factory):
    """The folder of the tiny study, done in one go by one process."""
    folder = tmp_path_factory.mktemp("study") / "usual"
    search.run(TINY, STUDY, folder)
    return folder


def test_a_table_says_what_was_asked_and_what_came_of_it(usual):
    with (usual / "trials.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["point"] for row in rows] == ["0", "1", "2", "3"]
    kept = [json.loads(path.read_text()) for path in (usual / "folds").iterdir()]
    assert len(kept) == 12
    accuracies = sorted(one["accuracy"] for one in kept)
    told = sorted(float(row[f"fold_{k}"]) for row in rows for k in range(3))
    assert told == accuracies and all(0 <= value <= 1 for value in told)
    for row in rows:
        assert float(row["accuracy"]) == pytest.approx(
            sum(float(row[f"fold_{k}"]) for k in range(3)) / 3
        )
        assert 0.1 <= float(row["eta[0]"]) <= 0.4 and row["diverged"] == "0"
        assert float(row["growth_W_1"]) != 1


def begun(tmp_path, *more):
    """A study as a shell starts it."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": ROOT}
    line = [sys.executable, "-m", "experiments.study", *WORDS.split(), "--out", str(tmp_path)]
    return subprocess.Popen([*line, *more], **pipes)


def count(folder):
    return len(list((folder / "folds").glob("[!.]*.json")))


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="looks for processes in /proc")
@pytest.mark.parametrize("number, many", [(signal.SIGKILL, "4"), (signal.SIGINT, "2")])
def test_a_driver_stops_with_its_workers_and_any_other_number_goes_on(
    number, many, usual, tmp_path, wait_for, monkeypatch
):
    folder = tmp_path / "study"
    process = begun(folder, "--jobs", many)
    try:
        assert wait_for(lambda: count(folder), lambda: process.poll() is None)
        below = children(process.pid)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert len(below) >= int(many) and are_gone(below, wait_for)
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert err.splitlines()[-1] == f"stopped; {door.GOES_ON}"
    before = {path: path.stat().st_mtime_ns for path in (folder / "folds").glob("[!.]*.json")}
    assert 0 < len(before) < 12
    search.run(TINY, STUDY, folder)
    assert shown(folder) == shown(usual) and count(folder) == 12
    assert {path: path.stat().st_mtime_ns for path in before} == before  # none again


def test_a_worker_that_is_killed_costs_nothing(usual, tmp_path, monkeypatch):
    pools, keep = [], search._Driver._keep
    usual_work = search._Driver.work

    def work(self, pool):
        pools.append(pool)
        usual_work(self, pool)

    def kill_one(self, *kept):
        keep(self, *kept)
        if count(tmp_path) == 2:
            os.kill(min(pools[0].client.run(os.getpid).values()), signal.SIGKILL)

    monkeypatch.setattr(search._Driver, "work", work)
    monkeypatch.setattr(search._Driver, "_keep", kill_one)
    search.run(TINY, STUDY, tmp_path, Where(jobs=2))
    assert shown(tmp_path) == shown(usual) and states(tmp_path) == ["COMPLETE"] * 4


def test_workers_that_someone_has_started_make_the_same_table(usual, started, tmp_path):  # noqa: F811
    file = scheduler(started, ["--nthreads", "1"], ["--nthreads", "1"])
    search.run(TINY, STUDY, tmp_path / "study", Where(scheduler=file))
    assert shown(tmp_path / "study") == shown(usual)
