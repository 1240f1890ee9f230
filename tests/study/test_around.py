"""Robustness of theories: the median within each factor, and a theory that names nothing."""

import pytest

from experiments.run.config import Config
from experiments.study import around, jobs


def test_headlines_are_medians_within_each_factor_with_an_interval():
    accuracies = {2.0: [0.9, 0.8, 0.7], 4.0: [0.3, 0.5, 0.4]}
    rows = [
        {"spread": spread, "point": k, "accuracy": value}
        for spread, values in accuracies.items()
        for k, value in enumerate(values)
    ]
    found = {head["measure"]: head for head in around.heads(rows)}
    for spread, middle in ((2, 0.8), (4, 0.4)):
        own = [found[f"robust_{spread}{end}"] for end in ("", "_low", "_high")]
        assert own[0]["value"] == pytest.approx(middle) and own[0]["n"] == 3
        assert own[1]["value"] <= own[0]["value"] <= own[2]["value"]


def test_a_theory_that_names_nothing_is_refused_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(around.search.space, "around", lambda config, factor: ())
    config = Config.of({"theory": "backprop", "dataset": "digits"})
    with pytest.raises(ValueError, match="names nothing for a search to move"):
        around.moved(config, 3, tmp_path / "study", jobs.HERE)
    assert not list(tmp_path.iterdir())
