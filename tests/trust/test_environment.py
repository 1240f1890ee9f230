"""Commands in the surroundings that they may meet: a notebook's variables, -OO, no room, a home."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest

from analysis import learning_curve
from experiments.run import command, config, files, remove
from experiments.run.folder import RunFolder
from experiments.segregated import depth
from tests.analysis.runs import CONFIG, metrics

ROOT = Path(__file__).parents[2]
NOTEBOOK = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
NONSENSE = {"MPLBACKEND": "nonsense"}
FULL = Path("/dev/full")


class Case(NamedTuple):
    """A command, what is special around it, the status it ends with, and what it says."""

    words: tuple  # after ``python``; {run} is a run folder
    around: dict = MappingProxyType({})  # further variables
    full: bool = False  # whether there is no room for what it prints
    status: int = 0
    said: tuple = ()


# All commands of one process, for its imports take long without docstrings.
ALL = """
import sys
from experiments.__main__ import main
for line in sys.argv[1:]:
    try:
        status = main(line.split())
    except SystemExit as end:
        status = end.code
    if status:
        sys.exit(f"{line}: {status}")
"""
DRAW = "draw learning_curve {run} --out {run}/c.png"
BARE = ("--help", "describe --theory backprop", "depth --help", "summary --help", DRAW)
CASES = {
    "figure, in a notebook": Case(
        ("-m", "analysis.learning_curve", "{run}", "--out", "{run}/a.png"),
        NOTEBOOK,
        said=("a.png",),
    ),
    "describe, in a notebook": Case(
        ("-m", "models.describe", "--theory", "backprop"), NOTEBOOK, said=("Lillicrap",)
    ),
    "page, nonsense": Case(("-m", "experiments", "depth", "--help"), NONSENSE, said=("--only",)),
    "all, without docstrings": Case(
        ("-OO", "-c", ALL, *BARE), said=("commands", "learned", "hidden layer", "--readme", "c.png")
    ),
    "list, no room": Case(("-m", "experiments"), {}, True, 2, ("no space left",)),
    "long help, no room": Case(
        ("-m", "experiments.train", "--help"), {}, True, 2, ("no space left",)
    ),
    "short help, no room": Case(
        ("-m", "analysis.raster", "--help"), {}, True, 2, ("no space left",)
    ),
    "describe, no room": Case(("-m", "models.describe", "--help"), {}, True, 2, ("No space left",)),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run folder with all that a learning curve needs."""
    folder = RunFolder(tmp_path_factory.mktemp("trust") / "run")
    folder.write_json("config.json", CONFIG.flat())
    folder.write_metrics(metrics())
    return folder.path


@pytest.fixture(scope="module")
def ended(run):
    """How each command ended: status, what it printed, what it complained of."""
    usual = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""}
    found, running = {}, []

    def collect(most):
        while len(running) > most:
            name, process = running.pop(0)
            out, err = process.communicate()
            found[name] = process.returncode, out or "", err

    for name, case in CASES.items():
        if case.full and not FULL.exists():
            continue
        words = [sys.executable, *(word.replace("{run}", str(run)) for word in case.words)]
        about = {"cwd": ROOT, "env": usual | case.around, "text": True, "stderr": subprocess.PIPE}
        with open(FULL if case.full else os.devnull, "w") as room:
            out = room if case.full else subprocess.PIPE
            running.append((name, subprocess.Popen(words, stdout=out, **about)))
        collect(1)  # two at once
    collect(0)
    return found


@pytest.mark.parametrize("name, case", CASES.items(), ids=CASES)
def test_a_command_works_or_says_one_sentence_in_any_surroundings(ended, name, case):
    if name not in ended:
        pytest.skip(f"there is no {FULL}")
    status, out, err = ended[name]
    assert status == case.status, err
    assert "Traceback" not in err and "Exception ignored" not in err
    assert err.count("\n") == (1 if status else 0), err
    for word in case.said:
        assert word in (err if status else out), out + err


def test_a_closed_stdout_is_no_error():
    done = subprocess.run(
        f"exec {sys.executable} -m experiments >&-", shell=True, cwd=ROOT, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_page_says_what_it_is_where_python_left_docstrings_out():
    without = depth.page._replace(text=None)
    assert without.described() == depth.page.described()


# --- the home ------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of one's own, and a working folder in which nothing may appear."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    yield tmp_path / "home"
    assert not list((tmp_path / "here").iterdir())


def test_a_leading_tilde_is_the_home_and_another_is_none(home):
    parser = command.parser("a.command", "Some command.")
    parser.add_argument("run")
    for name in ("out", "only"):
        parser.add_argument(f"--{name}", nargs="*")
    given = parser.parse_args(["~/run", "--out=~/a=b", "--only", "~", "a~b", "x/~/y"])
    assert given.run == f"{home}/run" and given.out == [f"{home}/a=b"]
    assert given.only == [str(home), "a~b", "x/~/y"]


def test_options_of_a_run_are_in_the_home(home):
    (home / "cell.py").write_text("from models.segregated.pyramidal import HIDDEN\n")
    (home / "theory.py").write_text("from models.backprop import THEORY\n")
    parser = command.parser("experiments.train", "")
    words = ["--data-dir=~/mnist", "--theory=~/theory.py"]
    found = config.theories.find(config.named_theory(words))
    config.add_options(parser, found)
    given = config.from_arguments(config.parse(parser, words, "theory"))
    assert given.data_dir == f"{home}/mnist" and given.theory == f"{home}/theory.py"
    assert config.Config.of(variant="~/cell.py").network(16, 10)


def test_a_figure_of_a_run_in_the_home_is_drawn_there(home, run, capsys):
    (home / "run").symlink_to(run)
    assert learning_curve.main(["~/run", "--out=~/figures/curve.png"]) == 0
    assert (home / "figures" / "curve.png").exists(), capsys.readouterr()


# --- a run folder that is in the way -------------------------------------------------------------


def test_a_folder_that_a_run_holds_is_not_removed(run, tmp_path, capsys, unchanged):
    folder = shutil.copytree(run, tmp_path / "run")
    with files.held(folder):
        unchanged(folder)
        assert remove.main([str(folder)]) == 2
    assert capsys.readouterr().err.endswith(f"{folder} is held by a run that is still going\n")
    assert (folder / "config.json").exists()


def test_a_folder_that_none_holds_is_removed_and_one_that_is_not_there_is_not_made(run, tmp_path):
    folder = shutil.copytree(run, tmp_path / "run")
    for _ in range(2):
        assert remove.main([str(folder)]) == 0
        assert not folder.exists()


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
def test_make_demo_leaves_a_run_that_is_still_going_alone(tmp_path):
    python, notes = tmp_path / ".venv" / "bin" / "python", tmp_path / "notes"
    python.parent.mkdir(parents=True)
    really = f'case "$*" in *remove*) exec {sys.executable} "$@";; esac'
    python.write_text(f'#!/bin/sh\n{really}\necho "$@" >> {notes}\n')
    python.chmod(0o755)
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "scripts").mkdir()
    for name in ("setup.cfg", "scripts/find_python", "scripts/find_compiler"):
        (tmp_path / name).touch()
    for name in (".made", ".set-up"):  # what make looks for: all is installed
        (tmp_path / ".venv" / name).touch()
    demo = {"cwd": tmp_path, "env": os.environ | {"PYTHONPATH": str(ROOT)}, "capture_output": True}
    folder = tmp_path / "runs" / "demo"
    with files.held(folder):
        (folder / "config.json").touch()
        assert subprocess.run(["make", "demo"], **demo).returncode
        assert (folder / "config.json").exists() and not notes.exists()
    subprocess.run(["make", "demo"], check=True, **demo)
    assert not folder.exists() and "experiments.train --preset demo" in notes.read_text()
