"""A page's figure and table are drawn from its results, whole or as they were."""

from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pytest

from analysis import __main__ as door
from analysis.drawing import figure as figures
from experiments.run.folder import RunError
from experiments.study.results import Results


@pytest.fixture
def results(tmp_path):
    """Results with a table of one column."""
    results = Results("segregated", "depth", tmp_path)
    results.write("networks", {"seed": [1, 2]})
    return results


def picture(results):
    """A figure without anything."""
    return plt.figure()


@pytest.fixture
def draw(results, capsys, monkeypatch):
    """Draw a page whose module has these functions; returns the exit status and what was said."""

    def one(figure=picture, **more):
        own = SimpleNamespace(draw=figure, **more)
        monkeypatch.setattr(figures, "module", lambda theory, page: own)
        return figures.figure(results), capsys.readouterr()

    return one


def test_a_missing_column_is_one_line(results, draw):
    status, said = draw(lambda found: found.table("networks")["error"])
    assert status == 2 and said.err.count("\n") == 1
    assert "networks.csv has no column error" in said.err
    with pytest.raises(RunError):
        results.table("networks")["error"]


def test_ctrl_c_ends_a_figure_with_130_and_no_further_one_is_drawn(draw):
    drawn = []

    def stop(_):
        drawn.append("one")
        raise KeyboardInterrupt

    more = {"more": lambda _: {"a": stop, "b": stop}}
    status, said = draw(**more)
    assert status == 130 and said.err.startswith("stopped;") and drawn == ["one"]


@pytest.mark.parametrize("status, pages", [(2, ["one", "two"]), (130, ["one"]), (143, ["one"])])
def test_of_all_figures_one_that_fails_is_left_and_any_signal_ends(monkeypatch, status, pages):
    drawn = []

    def draw(results):
        drawn.append(results.experiment)
        return status if results.experiment == "one" else 0

    monkeypatch.setattr(door, "pages", lambda root: {n: door.Page("x", n) for n in ("one", "two")})
    monkeypatch.setattr(figures, "figure", draw)
    assert (door.draw_all("results"), drawn) == (status, pages)


@pytest.mark.parametrize("error", [RunError("no numbers"), OSError(28, "full")])
def test_a_table_beside_a_figure_is_whole_or_as_it_was(results, draw, monkeypatch, error):
    assert draw(table=lambda _: "first")[0] == 0
    path = results.path / "depth.md"
    assert path.read_text() == "first"

    def fail(_):
        raise error

    status, said = draw(table=fail)
    assert status == 2 and said.err.count("\n") == 1 and path.read_text() == "first"

    def write_half(part, data):
        with part.open("wb") as file:
            file.write(data[:2])
        raise OSError(28, "full")

    monkeypatch.setattr(Path, "write_bytes", write_half)
    status, said = draw(table=lambda _: "second")
    assert status == 2 and path.read_text() == "first"
    assert not list(results.path.glob("*.part"))


@pytest.mark.parametrize("name, near", [("depht", "depth"), ("raster_", "raster")])
def test_a_page_that_has_no_results_is_refused_with_the_nearest(results, capsys, name, near):
    results.describe({"text": "Does depth help?", "conditions": {"one": {}}})
    results.write("curves", {"epoch": [1]})
    assert door.main([name, "--results", str(results.root)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and f"did you mean {near}?" in said


def test_the_door_lists_each_page_with_results_and_what_is_drawn_of_a_run(results, capsys):
    results.describe({"text": "Does depth help?\n\nMore.", "conditions": {"one": {}}})
    results.write("curves", {"epoch": [1]})
    assert door.main(["--results", str(results.root)]) == 0
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    assert ["depth", "Does depth help?"] in lines
    assert {line[0] for line in lines} >= {"learning_curve", "raster", "voltages", "report"}
