"""Every page of the paper runs from end to end on a handful of images, and its figure is drawn."""

import importlib
from pathlib import Path

import pytest

from analysis import figures, summary
from analysis.segregated import depth
from experiments.run.folder import RunError
from experiments.study.results import COLUMNS, Results


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


def test_the_table_of_the_readme_is_made_from_the_summary():
    row = dict.fromkeys(COLUMNS, "") | {"experiment": "depth", "condition": "one_hidden"}
    rows = [
        row
        | {"measure": "test_error", "value": "2.8345", "spread": "0.05", "n": "20"}
        | {"epochs": "60", "paper": "4.1"},
        row | {"measure": "test_error", "value": "3.9", "epochs": "20"},
        row
        | {"measure": "test_error_last_epochs", "value": "2.9", "spread": "0.1"}
        | {"epochs": "60"},
        row | {"measure": "test_error_of_seeds", "value": "4.9", "spread": "0.2", "epochs": "5"},
        row | {"measure": "cpu_hours", "value": "0.71", "epochs": "60"},
        row | {"measure": "of_no_interest", "value": "1"},
        row | {"measure": "angle_rate", "value": "45", "experiment": "angle", "paper": "40"},
        row | {"measure": "largest_eigenvalue_of_1000_end", "value": "0.8", "paper": "1"},
    ]
    body = summary.table(rows)
    (_, _, errors), (_, _, angle, mu) = (part.splitlines() for part in body.split("\n\n"))
    cells = [cell.strip() for cell in errors.strip("|").split("|")]
    assert cells[:4] == ["depth", depth.LOOKS["one_hidden"].text, "4.10", "2.83 ± 0.05"]
    assert cells[4:8] == ["2.90 ± 0.1", "4.90 ± 0.2", "60", "0.71"]
    assert "40.0 | 45.0" in angle and "< 1.00 | 0.800" in mu
    text = "before\n" + "\n".join(mark.strip() for mark in summary.MARKS) + "\nafter\n"
    once = summary.insert(text, body)
    assert body in once and once.startswith("before\n") and once.endswith("after\n")
    assert summary.insert(once, body) == once
    with pytest.raises(RunError, match="marks"):
        summary.insert("a README without", body)


def test_the_tables_are_those_of_the_results():
    root = Path(__file__).parents[1]
    rows = summary.rows(root / "results" / "summary.csv")
    assert summary.table(rows) in (root / "README.md").read_text(), "run python -m analysis.summary"
    assert summary.book(rows) == (root / "results" / "README.md").read_text()
