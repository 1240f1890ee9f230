"""The comparison of trained conditions: three spreads, the pairs asked about, tables shared."""

from multiprocessing import get_context

import numpy as np
import pytest
from scipy import stats

from experiments.study import comparison
from experiments.study import statistics as paired
from experiments.study.conditions import Condition
from experiments.study.results import Results

KEY = ("condition", "seed", "epoch")


@pytest.fixture
def results(tmp_path):
    """Two conditions of three seeds, the first trained for long; both tested five times."""
    draw, results = np.random.default_rng(3), Results("theory", "compare", tmp_path)
    curves, tests = [], []
    for name, mean in (("low", 3.0), ("high", 4.0)):
        for seed in (1, 2, 3):
            for epoch in range(1, 26 if seed == 1 else 6):
                error = mean + 5 / epoch + 0.1 * draw.standard_normal()
                row = {"condition": name, "seed": seed, "epoch": epoch, "test_error": error}
                curves.append(row | {"cpu_seconds": epoch})
        for repeat in range(5):
            error = mean + 0.1 * draw.standard_normal()
            tests.append({"condition": name, "epochs": 25, "repeat": repeat, "test_error": error})
    results.update("curves", curves, KEY)
    results.update("tests", tests, ("condition", "epochs", "repeat"))
    return results


def test_the_end_of_training_is_the_first_networks_last_ten_epochs(results):
    curves = results.table("curves")
    comparison.last_epochs(results, "low", 25, 4.1)
    comparison.last_epochs(results, "low", 5)  # too short to have an end
    found = results.table("headline")
    mine = (curves["condition"] == "low") & (curves["seed"] == 1) & (curves["epoch"] > 15)
    errors = curves["test_error"][mine]
    assert mine.sum() == 10
    assert found["epochs"].tolist() == [25.0] and found["n"].tolist() == [10.0]
    assert found["value"] == pytest.approx(errors.mean(), rel=1e-5)
    assert found["spread"] == pytest.approx(errors.std(ddof=1), rel=1e-5)


def test_pairs_are_tested_by_spikes_and_by_seeds_and_corrected_for_their_number(results):
    paired.statistics(results, (("low", "high"), ("high", "low"), ("low", "not run")))
    found, tests = results.table("statistics"), results.table("tests")
    assert found["of"].tolist() == ["tests", "tests", "seeds", "seeds"]
    low, high = (tests["test_error"][tests["condition"] == name] for name in ("low", "high"))
    p = stats.ttest_ind(low, high).pvalue
    assert found["p"][0] == pytest.approx(2 * p, rel=1e-5)
    assert found["difference"][0] == pytest.approx(low.mean() - high.mean(), rel=1e-5)
    assert found["epochs"].tolist() == [25, 25, 5, 5] and found["df"].tolist() == [8, 8, 4, 4]
    assert found["difference"][2] == -found["difference"][3] < 0


def test_seeds_that_learned_for_long_are_counted_then_too(results):
    rows = [{"condition": "low", "seed": 2, "epoch": k, "test_error": 2.0} for k in (6, 25)]
    results.update("curves", [row | {"cpu_seconds": 1} for row in rows], KEY)
    for name in ("low", "high"):
        comparison._seeds(_Setting(results), name)
    low, high = (results.table("headline").where(condition=name) for name in ("low", "high"))
    curves = results.table("curves").where(condition="low")
    assert low["epochs"].tolist() == [5, 25] and low["n"].tolist() == [3, 2]
    assert high["epochs"].tolist() == [5] and high["n"].tolist() == [3]
    assert low["value"][1] == pytest.approx(curves["test_error"][curves["epoch"] == 25].mean())
    assert low["command"][1].endswith("--only low --epochs 25 --seeds 1 2")
    rows = [row | {"condition": "high", "test_error": 1.0, "cpu_seconds": 1} for row in rows]
    results.update("curves", rows, KEY)
    for counts, epochs in ((None, [25, 25]), ("networks", [5, 5])):
        if counts:  # of which each has its own test, at its end
            table = {"condition": ["low"], "epochs": [25], "test_error": [2.0]}
            results.write(counts, table)
        paired.statistics(results, (("low", "high"), ("high", "low")))
        assert results.table("statistics").where(of="seeds")["epochs"].tolist() == epochs


SMALL = {"dataset": "digits", "layers": (8, 10), "train_examples": 60, "test_examples": 20}
PAGE = comparison.compare(
    "experiments.backprop.small", "Does it learn?", {"one": Condition("one", SMALL, epochs=2)}
)


def test_what_is_tested_again_and_again_is_the_network_of_the_lowest_seed(tmp_path, monkeypatch):
    tested = []
    monkeypatch.setattr(comparison, "_tests", lambda setting, *_: tested.append(setting.seeds))
    for seed in ("3", "2", "3"):
        words = ["--smoke", "--runs", str(tmp_path), "--results", str(tmp_path), "--seeds", seed]
        assert PAGE.main(words) == 0
    assert tested == [(3,), (2,)]


class _Setting:
    """Of a page, what counts seeds."""

    def __init__(self, results):
        self.results = results

    def size(self, usual, _):
        return usual


def _write(root, name):
    for k in range(40):
        Results("theory", "shared", root).update("table", [{"who": name, "k": k}], ("who", "k"))


def test_two_pages_that_write_at_once_lose_nothing(tmp_path):
    context = get_context("fork")
    both = [context.Process(target=_write, args=(tmp_path, name)) for name in ("one", "other")]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    assert len(Results("theory", "shared", tmp_path).table("table")["k"]) == 80
