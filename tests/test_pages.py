"""Every page of the paper runs from end to end on a handful of images, and its figure is drawn."""

import importlib

import pytest

from analysis import figures
from experiments.results import COLUMNS, Results


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """A folder in which the pages share their trained networks."""
    return tmp_path_factory.mktemp("pages")


@pytest.mark.parametrize("name", figures.NAMES)
def test_a_page_runs_and_its_figure_is_drawn(name, pages, capsys):
    experiment = importlib.import_module(f"experiments.{name}")
    drawing = importlib.import_module(f"analysis.{name}")
    root = pages / "results"
    words = ["--smoke", "--runs", str(pages / "runs"), "--results", str(root)]
    assert experiment.main(words) == 0, capsys.readouterr().err
    headline = Results(name, root).table("headline")
    assert tuple(headline) == COLUMNS and set(headline["experiment"]) == {name}
    assert drawing.main(["--results", str(root)]) == 0, capsys.readouterr().err
    picture = root / name / f"{name}.png"
    assert picture.stat().st_size > 10_000
    kept = sum(path.stat().st_size for path in (root / name).glob("*.csv"))
    assert kept < 500_000, "results are to be kept in git"
