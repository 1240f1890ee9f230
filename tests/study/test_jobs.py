"""Functions are run here, on workers of our own, and on those that someone has started."""

import os
import subprocess
import sys
import time

import pytest

from experiments import ROOT
from experiments.run import provenance
from experiments.study import jobs
from experiments.study.jobs import Where
from tests.study import jobs_to_run

FOUR = {f"job {k}": (k,) for k in range(4)}


@pytest.fixture(scope="module")
def two():
    """Two workers of our own."""
    with jobs.pool(Where(jobs=2)) as pool:
        yield pool


@pytest.fixture
def started(tmp_path):
    """A scheduler and its workers as the documentation starts them: ``started(*words)``."""
    begun, file = [], tmp_path / "scheduler.json"

    def start(*words):
        line = [sys.executable, "-m", "dask", *words, "--scheduler-file", str(file)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        begun.append(subprocess.Popen(line, cwd=ROOT, **quiet))
        end = time.monotonic() + 60
        while not file.exists() and time.monotonic() < end:
            time.sleep(0.1)
        return str(file)

    yield start
    for process in reversed(begun):
        process.terminate()
        process.wait(30)


def scheduler(started, *workers):
    """A scheduler with workers, each a list of words."""
    file = started("scheduler", "--port", "0", "--dashboard-address", ":0", "--host", "127.0.0.1")
    for words in workers:
        started("worker", "--no-dashboard", "--host", "127.0.0.1", *words)
    return file


@pytest.mark.parametrize("place", ["here", "two"])
def test_results_come_by_name_as_jobs_end(place, request):
    told = []
    pool = jobs.Here() if place == "here" else request.getfixturevalue("two")
    assert pool.slots == (1 if place == "here" else 2)
    found = {
        name: result
        for name, result, _ in pool.each(
            jobs_to_run.double, FOUR.items(), lambda *said: told.append(said)
        )
    }
    assert {name: number for name, (number, _) in found.items()} == {
        name: 2 * k for name, (k,) in FOUR.items()
    }
    ours = {pid == os.getpid() for _, pid in found.values()}
    assert ours == {place == "here"}
    end = time.monotonic() + 10
    while len(told) < 4 and time.monotonic() < end:
        time.sleep(0.05)
    assert sorted(told, key=str) == [(name, {"n": k}) for name, (k,) in FOUR.items()]


@pytest.mark.parametrize("place", ["here", "two"])
def test_a_job_that_fails_says_why_and_the_others_go_on(place, request):
    pool = jobs.Here() if place == "here" else request.getfixturevalue("two")
    found = {job.name: job for job in pool.each(jobs_to_run.fail, {"a": (0,), "b": (3,)}.items())}
    assert (found["a"].result, found["a"].failure) == ("none", None)
    assert str(found["b"].failure) == "3 is too many" and found["b"].result is None


def test_the_next_job_is_asked_for_only_when_a_worker_is_free(two):
    asked = []

    def ask():
        for name, arguments in FOUR.items():
            asked.append(name)
            yield name, arguments

    counts = [len(asked) for _ in two.each(jobs_to_run.double, ask())]
    assert counts[0] <= 3 and counts[-1] == 4


def test_a_worker_that_dies_is_replaced_and_its_job_begun_again(two, tmp_path):
    (job,) = two.each(jobs_to_run.die_once, [("a", (str(tmp_path / "mark"),))])
    assert (job.result, job.failure) == ("alive", None)


def test_a_job_that_ends_each_worker_is_given_up(two):
    (job,) = two.each(jobs_to_run.die, [("a", ())])
    assert "workers died of it" in str(job.failure)


def test_workers_that_someone_has_started_do_it_too(started):
    file = scheduler(started, ["--nthreads", "1"], ["--nthreads", "1"])
    with jobs.pool(Where(scheduler=file)) as pool:
        assert len({r[1] for _, r, _ in pool.each(jobs_to_run.double, FOUR.items())}) <= 2
        assert pool.everywhere(os.path.exists, file)
        assert not pool.everywhere(os.path.exists, "/no/such/file")


@pytest.mark.parametrize(
    "workers, why", [((), "has no workers"), ((["--nthreads", "2"],), "several threads")]
)
def test_a_scheduler_without_proper_workers_is_refused(started, monkeypatch, workers, why):
    if not workers:  # else it waits until they are there, which takes long on a busy machine
        monkeypatch.setattr(jobs, "PATIENCE", 1)
    with pytest.raises(ValueError, match=why):
        with jobs.pool(Where(scheduler=scheduler(started, *workers))):
            pass


def test_workers_of_another_version_are_refused(started, monkeypatch):
    file = scheduler(started, ["--nthreads", "1"])
    found = provenance.software()
    other = found | {"packages": found["packages"] | {"brian2": "1.0"}}
    monkeypatch.setattr(provenance, "software", lambda: other)
    with pytest.raises(ValueError, match=r"has brian2 2\.\d+\.\S+, and we have 1\.0"):
        with jobs.pool(Where(scheduler=file)):
            pass


@pytest.mark.parametrize(
    "address, why",
    [("tcp://127.0.0.1:9", "no Dask scheduler answers"), ("nowhere.json", "no file nowhere.json")],
)
def test_a_scheduler_that_is_not_there_is_one_sentence(address, why, monkeypatch):
    monkeypatch.setattr(jobs, "PATIENCE", 1)
    with pytest.raises(ValueError, match=why):
        with jobs.pool(Where(scheduler=address)):
            pass
