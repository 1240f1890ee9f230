"""Every page of every theory runs from end to end on a handful of images, and its figure is drawn.

Pages are found, not listed: a new one is tested by being there.
"""

import importlib
import subprocess
import sys

import pytest

from analysis import __main__ as drawing
from analysis.drawing.figure import drawable
from experiments import ROOT
from experiments import __main__ as door
from experiments.run.config import Config
from experiments.study.results import COLUMNS, Results

PAGES = door.pages()
SIZES = {"digits": (64, 10), "mnist": (784, 10), "fashion": (784, 10), "cifar10": (3072, 10)}


@pytest.fixture(scope="module")
def shared_runs(tmp_path_factory):
    """A folder in which the pages share their trained networks."""
    return tmp_path_factory.mktemp("pages")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_and_its_figure_is_drawn(name, shared_runs, capsys):
    root, found = shared_runs / "results", PAGES[name]
    words = [name, "--smoke", "--runs", str(shared_runs / "runs"), "--results", str(root)]
    assert door.main(words) == 0, capsys.readouterr().err
    results = Results(found.theory, name, root)
    headline, page = results.table("headline"), results.page()
    assert tuple(headline) == COLUMNS
    assert set(headline["theory"]) == {found.theory} and set(headline["experiment"]) == {name}
    assert all(line.startswith(f"python -m experiments {name}") for line in headline["command"])
    assert page["text"].splitlines()[0] == found.about
    kept = sum(path.stat().st_size for path in results.path.glob("*.csv"))
    assert kept < 500_000, "results are to be kept in git"
    if drawable(results):
        assert drawing.main([name, "--results", str(root)]) == 0, capsys.readouterr().err
        assert (results.path / f"{name}.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    "name", [name for name in PAGES if name != "spiking_xor"]
)  # which has two classes
def test_each_condition_of_a_page_is_a_network(name):
    """At its full size, which nothing else here tries: a page's first two run, and small."""
    found = PAGES[name]
    for condition in importlib.import_module(found.module).page.conditions.values():
        about = {"theory": found.theory, "dataset": "mnist", "epochs": condition.epochs}
        config = Config.of(about | condition.options)
        if config.dataset in SIZES:
            config.network(*SIZES[config.dataset])


def test_each_page_is_named_with_its_question_by_the_door(capsys):
    assert door.main([]) == 0
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    for name, found in PAGES.items():
        assert [name, found.about] in lines and len(found.about) > 20


@pytest.mark.parametrize("name, near", [("dpeth", "depth"), ("trian", "train")])
def test_a_page_that_is_not_there_is_answered_with_the_nearest(name, near, capsys):
    assert door.main([name]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and f"did you mean {near}?" in said.err and not said.out


LOOK = """
import sys
from experiments.__main__ import main
main([])
print("brian2" in sys.modules)
"""


def test_looking_for_pages_imports_no_simulator():
    words = [sys.executable, "-c", LOOK]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
