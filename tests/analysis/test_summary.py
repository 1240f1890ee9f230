"""The tables of headline numbers are those of the results, the paper's beside ours."""

from pathlib import Path

import pytest

from analysis import summary
from experiments.run.folder import RunError
from experiments.study.results import COLUMNS, Results

ROOT = Path(__file__).parents[2]
HERE = {"theory": "segregated", "experiment": "depth", "condition": "printed_one_hidden"}
ROW = dict.fromkeys(COLUMNS, "") | HERE
LABELS = {("segregated", "depth"): {"printed_one_hidden": "one hidden layer, as printed"}}
ROWS = [
    ROW
    | {"measure": "test_error", "value": "2.8345", "spread": "0.05", "n": "20"}
    | {"epochs": "60", "paper": "4.1", "command": "python -m experiments depth"},
    ROW | {"measure": "test_error", "value": "3.9", "epochs": "20"},
    ROW | {"measure": "test_error_last_epochs", "value": "2.9", "spread": "0.1", "epochs": "60"},
    ROW
    | {"measure": "test_error_of_seeds", "value": "4.9", "spread": "0.2", "epochs": "5", "n": "3"},
    ROW | {"measure": "cpu_hours", "value": "0.71", "epochs": "60"},
    ROW | {"measure": "of_no_interest", "value": "1"},
    ROW | {"measure": "angle_rate", "value": "45", "experiment": "angle", "paper": "40"},
    ROW | {"measure": "largest_eigenvalue_of_1000_end", "value": "0.8", "paper": "1"},
]


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_condition_has_a_row_of_its_errors_under_its_label():
    head, _, *lines = summary.errors(ROWS, LABELS).splitlines()
    (line,) = lines
    assert len(cells(line)) == len(cells(head))
    assert cells(line) == [
        *("segregated", "depth", "one hidden layer, as printed", "4.10", "2.83 ± 0.05"),
        *("2.90 ± 0.1", "4.90 ± 0.2 (3, 5)", "60", "0.71", "`experiments depth`"),
    ]


def test_a_key_measure_stands_beside_the_papers_or_below_its_bound():
    _, _, *lines = summary.key(ROWS).splitlines()
    assert len(lines) == 2
    assert "40.0 | 45.0" in lines[0] and "< 1.00 | 0.800" in lines[1]
    assert cells(lines[0])[:2] == ["segregated", "angle"]


def test_the_headlines_are_those_of_their_conditions_and_of_no_other():
    _, _, *lines = summary.few(ROWS, LABELS).splitlines()
    (line,) = lines  # the others are not there
    assert "depth: one hidden layer, as printed" in line
    assert cells(line)[1:] == ["4.10", "2.83 ± 0.05", "20 tests", "60"]


def test_a_headline_is_of_several_networks_if_they_learned_as_long_as_the_one():
    row = {"measure": "test_error_of_seeds", "value": "2.9", "spread": "0.1", "n": "3"}
    for epochs, told in (("60", ["4.10", "2.90 ± 0.1", "3 networks", "60"]), ("50", None)):
        _, _, line = summary.few([*ROWS, ROW | row | {"epochs": epochs}], LABELS).splitlines()
        assert cells(line)[1:] == (told or ["4.10", "2.83 ± 0.05", "20 tests", "60"])


def test_the_book_has_a_table_for_each_page_of_each_theory():
    other = ROWS[0] | {"theory": "backprop", "experiment": "linear"}
    text = summary.book([*ROWS, other], LABELS)
    assert text.index("### segregated") < text.index("#### depth") < text.index("#### angle")
    assert text.index("#### angle") < text.index("### backprop") < text.index("#### linear")
    assert "of_no_interest" not in text


def test_labels_are_those_that_pages_say(tmp_path):
    results = Results("segregated", "depth", tmp_path)
    about = {"label": "one hidden layer, as printed"}
    results.describe({"conditions": {"printed_one_hidden": about}})
    assert summary.labels(ROWS, tmp_path) == LABELS


def test_a_table_is_put_between_its_marks():
    body = summary.errors(ROWS, LABELS)
    text = "before\n" + "\n".join(mark.strip() for mark in summary.MARKS) + "\nafter\n"
    once = summary.insert(text, body)
    assert body in once and once.startswith("before\n") and once.endswith("after\n")
    assert summary.insert(once, body) == once
    with pytest.raises(RunError, match="marks"):
        summary.insert("a README without", body)


def test_the_tables_are_those_of_the_results():
    rows = summary.rows(ROOT / "results" / "summary.csv")
    labels = summary.labels(rows, ROOT / "results")
    readme = (ROOT / "README.md").read_text()
    assert summary.few(rows, labels) in readme, "run python -m analysis.summary"
    assert summary.book(rows, labels) == (ROOT / "results" / "README.md").read_text()
