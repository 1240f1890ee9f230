"""How trained conditions with fewer epochs and seeds are drawn, from what their page says."""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing import conditions as compare
from experiments.study.results import Results


def test_tests_last_epochs_seeds_and_what_was_trained_for_less_are_told_apart(tmp_path):
    results, curves, tests = Results("theory", "page", tmp_path), [], []
    for name, epochs in (("long", 40), ("short", 20)):
        for seed, last in ((1, epochs), (2, 5), (3, 5)):
            rows = [{"condition": name, "seed": seed, "epoch": k + 1} for k in range(last)]
            curves += [row | {"test_error": 3 + 1 / row["epoch"]} for row in rows]
        rows = [{"condition": name, "epochs": epochs, "repeat": k} for k in range(4)]
        tests += [row | {"test_error": 3 + row["repeat"]} for row in rows]
    results.update("curves", curves, ("condition", "seed", "epoch"))
    results.update("tests", tests, ("condition", "epochs", "repeat"))
    end = {"condition": "long", "measure": "test_error_last_epochs", "epochs": 40}
    results.headline([end | {"value": 3.5, "spread": 0.25, "paper": 4.1}])
    assert compare.last_epochs(results, {"long": 40, "short": 20}) == (
        {"long": 3.5},
        {"long": 0.25},
    )
    about = {"paper": None, "estimate": None, "look": None, "epochs": 40}
    labels = {"long": "one", "short": "other", "missing": "not run"}
    named = {name: about | {"label": label} for name, label in labels.items()}
    named["short"] |= {"estimate": [5, 6, None], "look": ["C3", "s", "--"]}
    results.describe({"title": "title", "conditions": named})
    drawing = compare.draw(results)
    assert drawing.get_suptitle() == "title"
    left, right = drawing.subfigs[1].axes
    texts = [label.get_text() for label in left.get_yticklabels()]
    assert texts == ["one", "other (20 epochs)"]
    assert [text.get_text() for text in left.texts] == ["4.50", "4.50"]
    assert "3 networks, 5 epochs" in right.get_title()
    legend = [text.get_text() for text in drawing.subfigs[1].legends[0].get_texts()]
    assert "hollow: fewer epochs" in legend and "estimated from the paper's figure" in legend
    drawn = {line.get_label(): line for line in drawing.subfigs[0].axes[0].lines}
    assert drawn["other (20 epochs)"].get_linestyle() == "--"
    plt.close(drawing)


def test_an_estimate_may_be_above_the_mean_of_another_condition():
    found = compare.estimates(
        {
            "one": {"estimate": [3.0, 3.5, None]},
            "above": {"estimate": [0.5, 1.0, "one"]},
            "lost": {"estimate": [0.5, 1.0, "not run"]},
            "none": {"estimate": None},
        },
        {"one": np.array([2.0, 4.0])},
    )
    assert found == {"one": (3.0, 3.5), "above": (3.5, 4.0)}
