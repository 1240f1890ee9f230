"""The sampler by a Gaussian process: it finds an optimum, with values of their types."""

import time

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern, WhiteKernel

optuna = pytest.importorskip("optuna")
gp_ucb = pytest.importorskip("experiments.study.gp_ucb")
optuna.logging.set_verbosity(optuna.logging.ERROR)
BEST = np.array([0.3, 0.6])  # of the quadratic
NOISE = 0.01


def started(seed, direction="maximize", **options):
    sampler = gp_ucb.GPUCB(seed=seed, **options)
    return optuna.create_study(direction=direction, sampler=sampler)


def place(trial):
    """Where a trial is in the square; one side is that of a logarithm."""
    a = trial.suggest_float("a", 0.0, 1.0)
    return np.array([a, np.log10(trial.suggest_float("b", 0.01, 1.0, log=True)) / 2 + 1])


def noise(seed, number):
    return NOISE * np.random.default_rng([seed, number]).standard_normal()


def go_on(study, seed, count, sign=1):
    """So many trials of a quadratic with noise, which is the same for the same trial."""
    for _ in range(count):
        trial = study.ask()
        value = noise(seed, trial.number) - ((place(trial) - BEST) ** 2).sum()
        study.tell(trial, sign * value)
    return study


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_optimum_of_a_quadratic_with_noise_is_found_in_25_trials(seed):
    study = go_on(started(seed), seed, 25)
    assert np.linalg.norm(place(study.best_trial) - BEST) < 0.1


def test_each_value_is_of_its_type_and_the_best_of_each_is_found():
    study = started(1)
    for _ in range(32):
        trial = study.ask()
        count, batch = trial.suggest_int("count", 1, 4), trial.suggest_int("batch", 1, 64, log=True)
        even, step = (
            trial.suggest_int("even", 0, 8, step=2),
            trial.suggest_float("s", 0, 1, step=0.25),
        )
        flag = trial.suggest_categorical("flag", [True, False])
        size = trial.suggest_categorical("size", ["small", "large", None])
        rate = trial.suggest_float("rate", 1e-4, 1.0, log=True)
        assert trial.suggest_float("only", 2.0, 2.0) == 2.0
        assert [type(x) for x in (count, batch, even, step, flag, rate)] == [
            int, int, int, float, bool, float
        ]  # fmt: skip
        assert count in range(1, 5) and batch in range(1, 65) and even in (0, 2, 4, 6, 8)
        assert step in (0, 0.25, 0.5, 0.75, 1) and size in ("small", "large", None)
        value = flag + (size == "large") - (count - 3) ** 2 / 4 - np.log10(rate / 0.01) ** 2 / 4
        study.tell(trial, value)
    best = study.best_params
    assert (best["count"], best["flag"], best["size"]) == (3, True, "large")
    assert 1e-3 < best["rate"] < 0.1


def test_trials_that_are_under_way_are_in_different_places():
    study = go_on(started(1), 1, 14)
    places = np.array([place(study.ask()) for _ in range(4)])
    apart = np.linalg.norm(places[:, None] - places, axis=-1)[np.triu_indices(4, 1)]
    assert apart.min() > 0.05


def test_seed_and_history_say_where_the_next_trial_is():
    def places(study):
        return [tuple(trial.params.values()) for trial in study.trials]

    whole = go_on(started(7), 1, 13)
    cut = go_on(started(7), 1, 12)
    place(killed := cut.ask())
    cut.tell(killed, state=optuna.trial.TrialState.FAIL)
    cut.sampler = gp_ucb.GPUCB(seed=7)  # as after a kill
    cut.enqueue_trial(killed.params)
    again = place(cut.ask())
    cut.tell(13, -((again - BEST) ** 2).sum() + noise(1, 12))
    assert np.array_equal(place(cut.ask()), place(whole.ask()))
    mirrored = go_on(started(7, "minimize"), 1, 13, sign=-1)
    np.testing.assert_allclose(places(mirrored), places(whole)[:13], rtol=1e-6)
    assert places(go_on(started(8), 1, 2)) != places(whole)[:2]


def test_what_was_pruned_is_learned_from_and_what_failed_is_not():
    study = started(1, first=6)
    for _ in range(12):
        trial = study.ask()
        there = place(trial)
        trial.report(-((there - BEST) ** 2).sum(), 0)
        study.tell(trial, state=optuna.trial.TrialState.PRUNED)
    study.tell(study.ask(), state=optuna.trial.TrialState.FAIL)
    assert np.linalg.norm(place(study.ask()) - BEST) < 0.3  # by chance: 4 times in 10 at most
    seen, values, pending = gp_ucb._history(study, gp_ucb.Cube(study.trials[0].distributions))
    assert seen.shape == (12, 2) and values.shape == (12,) and len(pending) == 1


def test_mean_bound_and_slope_are_those_of_the_process():
    rng = np.random.default_rng(0)
    seen, pending, places = rng.random((20, 3)), rng.random((2, 3)), rng.random((5, 3))
    values = np.sin(3 * seen[:, 0]) + seen[:, 1] ** 2 + 0.05 * rng.standard_normal(20)
    process = gp_ucb.Process(seen, values, pending, rng)
    kernel = Matern(process.scales, nu=2.5) + WhiteKernel(process.noise)
    fixed = GaussianProcessRegressor(kernel, optimizer=None)
    scaled = (values - values.mean()) / values.std()
    mean = fixed.fit(seen, scaled).predict(places)
    np.testing.assert_allclose(process.mean(places), mean, rtol=1e-6)
    believed = np.concatenate([scaled, fixed.predict(pending)])
    found, spread = fixed.fit(np.concatenate([seen, pending]), believed).predict(places, True)
    np.testing.assert_allclose(found, mean, rtol=1e-6)  # what is believed leaves the mean
    bound = process.bound(places, 2.5)
    np.testing.assert_allclose(bound, mean + 2.5 * np.sqrt(spread**2 - process.noise), rtol=1e-6)
    value, slope = process.slope(places[0], 2.5)
    steps = 1e-6 * np.eye(3)
    ahead, behind = (process.bound(places[0] + sign * steps, 2.5) for sign in (1, -1))
    assert value == pytest.approx(bound[0])
    np.testing.assert_allclose(slope, (ahead - behind) / 2e-6, rtol=1e-4, atol=1e-6)


def test_fifty_trials_of_sixteen_parameters_take_less_than_two_seconds_to_learn_from():
    study, rng = started(1), np.random.default_rng(1)
    ends = {f"x{k}": optuna.distributions.FloatDistribution(0, 1) for k in range(16)}
    for point in rng.random((50, 16)):
        values = dict(zip(ends, map(float, point), strict=True))
        value = -float(((point - 0.5) ** 2 * np.arange(16)).sum() + 0.05 * rng.standard_normal())
        study.add_trial(optuna.trial.create_trial(params=values, distributions=ends, value=value))
    began = time.process_time()
    assert 0 <= study.ask().suggest_float("x0", 0, 1) <= 1
    assert time.process_time() - began < 2


def test_what_the_cube_says_is_of_the_parameters_type():
    kinds = optuna.distributions
    ends = {"n": kinds.IntDistribution(1, 9), "x": kinds.FloatDistribution(1, 9)}
    found = gp_ucb.Cube(ends).values(np.array([0.5, 0.5]))
    assert found == {"n": 5, "x": 5.0} and [type(x) for x in found.values()] == [int, float]
    cube = gp_ucb.Cube({"c": kinds.CategoricalDistribution((None, "a", 3)), **ends})
    values = {"c": "a", "n": 9, "x": 2.5}
    assert cube.values(cube.place(values)) == values


def test_two_aims_are_refused():
    study = optuna.create_study(directions=["maximize"] * 2, sampler=gp_ucb.GPUCB(seed=1))
    with pytest.raises(ValueError, match="multi-objective"):
        study.ask().suggest_float("a", 0, 1)
