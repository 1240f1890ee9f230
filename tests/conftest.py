"""One compiled network for all tests, and the command line as a process that can be killed."""

import contextlib
import copy
import gc
import hashlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import traceback
import warnings
from pathlib import Path
from typing import NamedTuple

os.environ["MPLBACKEND"] = "agg"  # no window, wherever the tests run

import numpy as np  # noqa: E402
import pytest  # noqa: E402

from experiments import train
from experiments.run import data as datasets
from experiments.run import loop as training
from experiments.run.config import Config
from experiments.run.folder import RunFolder
from models.engine import compiler, program

FORK = multiprocessing.get_context("fork")
PATIENCE = 300  # seconds
SLOW = ("test_pages.py", "test_tutorial.py", "test_benchmarks.py", "test_theories.py")
SLOW += ("test_several.py", "test_model.py", "test_docs.py", "test_codegen.py")
SLOW += ("test_equilibrium.py", "test_variants.py", "test_dynamic.py", "test_science.py")
ROOT = Path(__file__).parents[1]
TINY = Config.of(
    layers=(12, 10), train_examples=90, test_examples=40, chunk=30, epochs=2, seed=3, quick_every=2
)


def pytest_collection_modifyitems(items):
    """Files that take long come first, so that no process waits for another at the end."""
    items.sort(key=lambda item: SLOW.index(item.path.name) if item.path.name in SLOW else len(SLOW))


def pytest_collection_finish():
    """What is there now stays: Brian2 collects garbage before each run, and need not walk it."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """So does what a test leaves, as in Brian2's caches; a file's networks go with it."""
    result = yield
    if nextitem is None or nextitem.path != item.path:
        gc.unfreeze()
    gc.collect()
    gc.freeze()
    return result


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A folder that all processes of this run of the tests have in common (pytest-xdist)."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session", autouse=True)
def cache(shared):
    """A folder of these tests for compiled networks: none is compiled twice, none is left."""
    folder = shared / "cache"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(compiler.CACHE_VARIABLE, str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def from_shell(request, cache, shared):
    """The tiny run, left alone. It starts first, to compile while other tests run.

    Of several processes that run tests, the first starts it. Returns the folder it is made in.
    """
    folder = shared / "alone"
    if not any("alone" in item.fixturenames for item in request.session.items):
        yield None
        return
    try:
        folder.mkdir()
    except FileExistsError:
        yield folder
        return
    words = [sys.executable, "-m", "experiments.train", *options(TINY), "--out", folder / "run"]
    ending = f'cd {ROOT} && "$@" >{folder}/out 2>{folder}/err; echo $? >{folder}/status'
    process = subprocess.Popen(["sh", "-c", ending, "sh", *map(str, words)])
    yield folder
    process.wait()


@pytest.fixture(scope="session")
def alone(from_shell):
    """The run folder of the tiny run that was started from the shell."""
    told, end = from_shell / "status", time.monotonic() + PATIENCE
    while not (told.exists() and told.read_text()):
        assert time.monotonic() < end, f"no end after {PATIENCE} s"
        time.sleep(0.05)
    said, complained = ((from_shell / name).read_text() for name in ("out", "err"))
    which = ("learns", "is tested")
    built = "".join(f"building the network that {word} ...\n" for word in which)
    assert (told.read_text(), complained) == ("0\n", built)
    assert "test error" in said and str(from_shell / "run") in said
    return from_shell / "run"


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def lines(self):
        """What it said on stderr."""
        return self.err.splitlines()

    @property
    def reasons(self):
        """The same without the lines on what is built."""
        return [line for line in self.lines if not line.startswith("building ")]


class Command:
    """``python -m experiments.train`` in a process of its own, forked to save the imports."""

    def __init__(self, arguments, folder, before=None):
        self.files = [folder / f"{os.urandom(4).hex()}.{name}" for name in ("out", "err")]
        self.process = FORK.Process(target=self._run, args=([str(a) for a in arguments], before))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside idle threads
            self.process.start()

    def _run(self, arguments, before):
        for number, path in enumerate(self.files, start=1):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
        sys.stdout, sys.stderr = (open(number, "w", closefd=False) for number in (1, 2))
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup has it ignored
        gc.disable()  # else it touches, and so copies, all that the parent holds
        status = 1
        try:
            if before:
                before()
            status = train.main(arguments)
        except SystemExit as end:
            status = end.code
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)

    @property
    def running(self):
        """Whether it has not ended yet."""
        return self.process.is_alive()

    def send(self, number):
        """Send it a signal, if it has not ended."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, number)

    def end(self):
        """Wait for its end."""
        self.process.join(PATIENCE)
        if self.running:
            self.process.kill()
            raise AssertionError(f"no end after {PATIENCE} s")
        return Ended(
            self.process.exitcode, *(p.read_text() if p.exists() else "" for p in self.files)
        )


@pytest.fixture
def start(tmp_path_factory, digits):
    """Start a command: ``start(*arguments, before=None)``; ``before`` runs in its process."""
    folder = tmp_path_factory.mktemp("said")
    started = []

    def begin(*arguments, before=None):
        started.append(Command(arguments, folder, before))
        return started[-1]

    yield begin
    for command in started:
        command.process.kill()


@pytest.fixture(scope="session")
def command(tmp_path_factory, digits):
    """Run a command to its end."""
    folder = tmp_path_factory.mktemp("said")
    return lambda *arguments, before=None: Command(arguments, folder, before).end()


def options(config):
    """The command line of a configuration."""
    words = []
    for name in ("train_examples", "test_examples", "chunk", "epochs", "seed", "quick_every"):
        words += [f"--{name.replace('_', '-')}", str(getattr(config, name))]
    return [*words, "--layers", *map(str, config.options.layers)]


@pytest.fixture(scope="session")
def tiny():
    """The small network that the tests train: its configuration and its command line."""
    return TINY, options(TINY)


class Shelf:
    """Programs that are built once and used by every command that starts after that."""

    def __init__(self):
        self.build, self.programs = program.build, {}

    def take(self, plan, where="standalone", precision="double"):
        """In the place of ``program.build``: rates are the plan's own, all else is compiled."""
        how = plan.record, where, precision
        key = repr((plan.circuit, plan.schedule.edges.tolist(), plan.schedule, *how))
        if key not in self.programs:
            self.programs[key] = self.build(plan, where, precision)
        found = copy.copy(self.programs[key])
        found.plan = plan
        return found

    def lend(self):
        """Serve this process; for commands, which are processes of their own."""
        program.build = self.take


@pytest.fixture(scope="session")
def shelf(cache, alone):
    """The tiny network, to learn and to be tested."""
    shelf = Shelf()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(program, "build", shelf.take)
        training.Run(TINY, RunFolder(cache / "nowhere")).prepare()
    return shelf


@pytest.fixture
def run_tiny(start, shelf, tiny):
    """Start the tiny run in a folder, with more options."""
    return lambda out, *more: start(*tiny[1], "--out", out, *more, before=shelf.lend)


@pytest.fixture(scope="session")
def digits():
    """The digits, loaded once."""
    return datasets.load("digits")


def listing(folder):
    """Path -> time of change and contents of all below a folder."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None,
        )
        for path in sorted(Path(folder).rglob("*"))
    }


@pytest.fixture
def unchanged(tmp_path):
    """The test ends with all that ``unchanged(folder)`` saw, neither more nor less."""
    seen = {}

    def watch(folder=tmp_path):
        seen[folder] = listing(folder)

    yield watch
    for folder, before in seen.items():
        assert listing(folder) == before


@pytest.fixture
def same_run():
    """Check that two folders hold the same run: weights to the bit, all else but for times."""

    def check(one, other):
        names = sorted(p.name for p in (one / "weights").iterdir())
        assert names == sorted(p.name for p in (other / "weights").iterdir())
        for name in names:
            a, b = (RunFolder(path).state(name) for path in (one, other))
            assert a.images_seen == b.images_seen
            assert a.state.keys() == b.state.keys()
            for key in a.state:
                np.testing.assert_array_equal(a.state[key], b.state[key], err_msg=key)
        assert _without_times(RunFolder(one).metrics()) == _without_times(
            RunFolder(other).metrics()
        )
        results = [RunFolder(path).result() for path in (one, other)]
        assert _without_times(results)[0] == _without_times(results)[1]
        assert (one / "confusion.csv").read_text() == (other / "confusion.csv").read_text()

    return check


def _without_times(rows):
    return [{k: v for k, v in r.items() if "seconds" not in k and "_ms_" not in k} for r in rows]


@pytest.fixture
def wait_for():
    """Wait until something is true of the files of a run, as a user would who looks at them."""

    def wait(condition, running):
        end = time.monotonic() + PATIENCE
        while not condition() and running() and time.monotonic() < end:
            time.sleep(0.002)
        return condition()

    return wait
