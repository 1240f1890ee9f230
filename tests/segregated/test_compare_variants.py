"""Variants beside each other: means of one number of epochs, and networks that diverged."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.segregated import compare_variants as drawing
from experiments.run.score import Diverged
from experiments.segregated import compare_variants
from experiments.study.results import Results


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """``trained(errors, epochs)``: train networks whose errors are given; None: it diverges."""
    monkeypatch.setattr(compare_variants, "_rates", lambda network: {"hidden": 1.0, "output": 2.0})

    def costs(error):
        if error is None:
            raise Diverged("the weights grew beyond all bounds")
        return {"test_error": error, "cpu_ms": 1.0}

    monkeypatch.setattr(compare_variants, "_costs", costs)

    def train(errors, epochs):
        def one(folder, options, epochs, seed):
            costs(errors[seed - 1])
            return errors[seed - 1]

        setting = SimpleNamespace(
            results=Results("segregated", "compare_variants", tmp_path),
            only=("paper",),
            given=SimpleNamespace(mnist=False),
            epochs=epochs,
            seeds=tuple(range(1, len(errors) + 1)),
            size=lambda full, smoke: full,
            config=lambda options, epochs, seed: SimpleNamespace(epochs=epochs),
            trained=one,
        )
        compare_variants.study(setting)
        networks, rows = (setting.results.table(name) for name in ("networks", "headline"))
        found = zip(rows["measure"], rows["epochs"], rows["value"], rows["n"], strict=True)
        return networks, {(measure, epochs): (value, n) for measure, epochs, value, n in found}

    return train


def test_a_headline_is_of_one_number_of_epochs(trained):
    trained([10.0, 12.0], 10)
    networks, found = trained([20.0, 24.0], 2)
    assert found["test_error_digits", 10] == (11, 2) and found["test_error_digits", 2] == (22, 2)
    assert len(networks["seed"]) == 4


def test_networks_that_diverged_are_counted_and_have_no_numbers(trained, capsys):
    trained([10.0, 12.0], 10)
    networks, found = trained([10.0, None], 10)
    assert np.isnan(networks["test_error"]).tolist() == [False, True]
    assert found["test_error_digits", 10] == (10, 1) and found["diverged_digits", 10] == (1, 2)
    assert "1 of 2 networks diverged" in capsys.readouterr().err
    _, found = trained([None, None], 10)
    value, n = found["test_error_digits", 10]
    assert np.isnan(value) and n == 0 and found["diverged_digits", 10] == (2, 2)


def test_variants_that_diverged_are_counted_and_epochs_are_not_mixed(tmp_path):
    results = Results("segregated", "compare_variants", tmp_path)
    measures = {"cpu_ms": 1.0, "rate_hidden": 10.0, "rate_output": 5.0}
    about = {"condition": "mine", "dataset": "digits"}
    rows = [
        about | {"seed": seed, "epochs": 5, "test_error": error} | measures
        for seed, error in ((1, 7.0), (2, 8.0))
    ]
    lost = dict.fromkeys(("test_error", *measures), "")
    rows.append(about | {"seed": 3, "epochs": 5} | lost)
    rows.append(about | {"seed": 1, "epochs": 1, "test_error": 50.0} | measures)
    results.update("networks", rows, ("condition", "dataset", "seed", "epochs"))
    line = drawing.table(results).splitlines()[-1]
    assert "2, and 1 diverged | 7.5 ± 0.71" in line
    drawing.draw(results)
