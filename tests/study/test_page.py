"""What every page shares: where results go, and what its figures need of it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from experiments.study import page
from experiments.study import results as kept


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
