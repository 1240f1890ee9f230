"""When asynchronous plateaus come, and how conditions with fewer epochs and seeds are drawn."""

import matplotlib.pyplot as plt
import numpy as np
from brian2 import ms

from analysis.drawing import conditions as compare
from experiments.segregated.asynchronous import plateau_times
from experiments.study.results import Results
from models.engine import schedule
from models.segregated.parameters import Phases


def test_a_plateau_comes_at_a_step_as_long_before_its_phase_ends_as_the_cell_drew():
    timing = schedule.training(Phases(random=False, forward=50 * ms, target=40 * ms), 2)
    d_f, d_t = np.array([[0.4, 4.6], [1, 0]]), np.array([[5.0, 0], [2.2, 3]])
    forward, target = plateau_times(timing, d_f, d_t)
    np.testing.assert_allclose(forward, [[50, 45], [139, 140]])
    np.testing.assert_allclose(target, [[85, 90], [178, 177]])


def test_tests_last_epochs_seeds_and_what_was_trained_for_less_are_told_apart(tmp_path):
    results, curves, tests = Results("page", tmp_path), [], []
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
    looks = compare.looks({"long": "one", "short": "other", "missing": "not run"})
    drawing = compare.draw(results, looks, "title", {"short": (5, 6)})
    left, right = drawing.subfigs[1].axes
    texts = [label.get_text() for label in left.get_yticklabels()]
    assert texts == ["one", "other (20 epochs)"]
    assert [text.get_text() for text in left.texts] == ["4.50", "4.50"]
    assert "3 networks, 5 epochs" in right.get_title()
    legend = [text.get_text() for text in drawing.subfigs[1].legends[0].get_texts()]
    assert "hollow: fewer epochs" in legend and "estimated from the paper's figure" in legend
    plt.close(drawing)
