"""What every page shares: where results go, and what its figures need of it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from experiments.run.folder import RunFolder
from experiments.study import page
from experiments.study import results as kept
from experiments.study.conditions import Condition
from experiments.study.replicates import replicate
from experiments.study.results import Results


@pytest.mark.parametrize(
    "results, smoke, cells, expected",
    [
        (None, False, (), None),
        (None, False, ("paper", "adaptation"), None),
        (None, False, ("paper", "my_cell.py"), "mine/results"),
        (None, True, ("my_cell.py",), "mine/smoke/results"),
        ("there", False, ("my_cell.py",), "there"),
        ("there", True, (), "there"),
    ],
)
def test_results_of_ones_own_cell_are_kept_apart(results, smoke, cells, expected):
    given = SimpleNamespace(results=results, runs="mine", smoke=smoke)
    assert page._results_folder(given, cells) == (kept.ROOT if expected is None else Path(expected))


SMALL = {"dataset": "digits", "layers": (8, 10), "train_examples": 60, "test_examples": 20}
CONDITIONS = {
    "one": Condition("one", SMALL, epochs=2),
    "low": Condition("low", SMALL | {"eta": (0.1, 0.1)}, epochs=2),
}
PAGE = replicate("experiments.backprop.small", "Does it learn?", CONDITIONS)


def test_networks_that_are_trained_at_once_are_those_trained_in_turn(tmp_path, same_run, capsys):
    for name, jobs in (("turn", []), ("once", ["--jobs", "2"])):
        where = ["--runs", str(tmp_path / name), "--results", str(tmp_path / name / "results")]
        assert PAGE.main(["--only", "one", "--seeds", "1", "2", *where, *jobs]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [f"one, seed {seed}: 2 epochs" for seed in (1, 2)]
    for seed in (1, 2):
        same_run(
            *(tmp_path / way / "backprop" / "one" / f"seed_{seed}" for way in ("turn", "once"))
        )
    tables = [Results("backprop", "small", tmp_path / n / "results") for n in ("turn", "once")]
    one, other = (table.table("networks")["test_error"].tolist() for table in tables)
    assert one == other and len(one) == 2


def test_a_network_that_was_not_tested_is_gone_on_with(tmp_path):
    words = ["--smoke", "--runs", str(tmp_path), "--seeds", "1", "--only", "one"]
    assert PAGE.main(words) == 0
    folder = RunFolder(tmp_path / "smoke" / "backprop" / "one" / "seed_1")
    rows = folder.metrics()
    folder.write_metrics([row for row in rows if row["test_error"] is None])
    assert PAGE.main(words) == 0
    assert [row["test_error"] for row in folder.metrics()] == [row["test_error"] for row in rows]


def test_jobs_are_a_number(capsys):
    assert PAGE.main(["--jobs", "0"]) == 2
    assert capsys.readouterr().err == "experiments small: --jobs: 1 or more, not 0\n"
