"""When asynchronous plateaus come."""

import numpy as np
from brian2 import ms

from experiments.segregated import asynchronous
from experiments.segregated.asynchronous import plateau_times
from experiments.study import comparison
from experiments.study.results import Results
from models.segregated import timing
from models.segregated.parameters import Phases


def test_a_plateau_comes_at_a_step_as_long_before_its_phase_ends_as_the_cell_drew():
    schedule = timing.training(Phases(random=False, forward=50 * ms, target=40 * ms), 2)
    d_f, d_t = np.array([[0.4, 4.6], [1, 0]]), np.array([[5.0, 0], [2.2, 3]])
    forward, target = plateau_times(schedule, d_f, d_t)
    np.testing.assert_allclose(forward, [[50, 45], [139, 140]])
    np.testing.assert_allclose(target, [[85, 90], [178, 177]])


def test_plateaus_shown_are_of_the_lowest_seed_unless_they_alone_are_asked_for(
    tmp_path, monkeypatch
):
    shown = []
    monkeypatch.setattr(asynchronous, "raster", lambda setting: shown.append(setting.seeds))
    monkeypatch.setattr(comparison, "study", lambda setting: None)
    curves = {"condition": [asynchronous.RASTER] * 2, "seed": [1, 3], "epoch": [1, 1]}
    Results("segregated", "asynchronous", tmp_path).write("curves", curves)
    asked = "--seeds 3", "--seeds 1", "--seeds 1 3", "--seeds 3 --raster", "--only synchronous"
    for words in asked:
        words = [*words.split(), "--runs", str(tmp_path), "--results", str(tmp_path)]
        assert asynchronous.page.main(words) == 0
    assert shown == [(1,), (3,)]
