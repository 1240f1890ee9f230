"""A sampler for Optuna: a Gaussian process, and where its upper confidence bound is highest.

What Lange (2019) searched with: Matern 5/2, kappa 2.5. New here: one length scale for each
dimension, observations have noise, integers and choices are what they are when the bound is taken,
and trials that are under way count as observed at the mean ("kriging believer"), so that several at
once look in different places.
"""

import warnings
import zlib

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution, IntDistribution
from optuna.trial import TrialState
from scipy import linalg, optimize
from scipy.stats import qmc
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern, WhiteKernel

KAPPA = 2.5  # standard deviations above the mean
FIRST = 10  # trials before there is a Gaussian process
CANDIDATES = 11  # 2 to this power: a Sobol sequence is even only so
STARTS = 5  # of the ascent
STEPS = 60  # of the ascent, and of the fit
RESTARTS = 1  # of the fit
ENDED = TrialState.COMPLETE, TrialState.PRUNED
SCALES, NOISE = (0.1, 10.0), (1e-4, 1.0)  # bounds, of a cube of side 1 and of values of variance 1


class GPUCB(optuna.samplers.BaseSampler):
    """Where the upper confidence bound of a Gaussian process is highest.

    The same seed and history give the same point: nothing else is remembered, and trials that
    failed are no history.

    Parameters
    ----------
    seed : int, optional
    kappa : float
        Standard deviations of the bound above the mean.
    first : int
        Trials before there is a Gaussian process: a scrambled Sobol sequence, as soon as one trial
        has told which parameters there are.
    """

    def __init__(self, seed=None, kappa=KAPPA, first=FIRST):
        self.seed = int(np.random.SeedSequence(seed).generate_state(1)[0])
        self.kappa, self.first = kappa, first

    def infer_relative_search_space(self, study, trial):
        """Parameters that all trials that have ended share, and that can differ."""
        self._raise_error_if_multi_objective(study)
        there = study.get_trials(deepcopy=False, states=ENDED)
        shared = optuna.search_space.intersection_search_space(there, include_pruned=True)
        return {name: one for name, one in shared.items() if not one.single()}

    def sample_relative(self, study, trial, search_space):
        """Values of these parameters, by name."""
        if not search_space:
            return {}
        count = _before(study, trial)
        cube, rng = Cube(search_space), np.random.default_rng([self.seed, count])
        seen, values, pending = _history(study, cube)
        if study.direction == optuna.study.StudyDirection.MINIMIZE:
            values = -values
        if len(seen) < self.first:
            sobol = qmc.Sobol(cube.width, scramble=True, rng=self.seed)
            sobol.fast_forward(count)
            return cube.values(sobol.random()[0])
        process = Process(seen, values, pending, rng)
        return cube.values(_highest(process, cube, seen, self.kappa, rng))

    def sample_independent(self, study, trial, param_name, param_distribution):
        """A value of one parameter, at random: of the first trial, or of some trials only."""
        cube = Cube({param_name: param_distribution})
        own = self.seed, _before(study, trial), zlib.crc32(param_name.encode())
        rng = np.random.default_rng(own)
        return cube.values(rng.random(cube.width))[param_name]


def _before(study, trial):
    """How many trials came before one, those that failed left out: a kill leaves no trace."""
    count = (*ENDED, TrialState.RUNNING)
    there = study.get_trials(deepcopy=False, states=count)
    return sum(one.number < trial.number for one in there)


def _history(study, cube):
    """Places that have values, shape (n, width), these values, and places that are under way."""
    seen, values, pending = [], [], []
    for trial in study.get_trials(deepcopy=False):
        known = cube.distributions.items() <= trial.distributions.items()
        if known and trial.state == TrialState.RUNNING:
            pending.append(cube.place(trial.params))
        elif known and trial.state in ENDED and _is_number(trial.value):
            seen.append(cube.place(trial.params))
            values.append(trial.value)
    seen, pending = (np.reshape(places, (-1, cube.width)) for places in (seen, pending))
    return seen, np.array(values), pending


def _is_number(value):
    return value is not None and np.isfinite(value)


class Cube:
    """Parameters as places in a cube of side 1: a dimension for a number, one for each choice."""

    def __init__(self, distributions):
        self.distributions, self.columns, start = distributions, {}, 0
        for name, one in distributions.items():
            size = len(one.choices) if isinstance(one, CategoricalDistribution) else 1
            self.columns[name] = slice(start, start + size)
            start += size
        self.width = start
        self.free = np.zeros(start, dtype=bool)  # dimensions without steps
        for name, columns in self.columns.items():
            one = distributions[name]
            choice = isinstance(one, CategoricalDistribution)
            self.free[columns] = not choice and one.step is None

    def place(self, values):
        """The place of values (name -> value), shape (width,)."""
        found = np.zeros(self.width)
        for name, columns in self.columns.items():
            one, value = self.distributions[name], values[name]
            if isinstance(one, CategoricalDistribution):
                found[columns.start + int(one.to_internal_repr(value))] = 1
            else:
                low, high = _ends(one)
                found[columns] = (_scaled(one, value) - low) / (high - low)
        return found

    def values(self, place):
        """The values at a place, each of its type: the nearest that there are."""
        found = {}
        for name, columns in self.columns.items():
            one, own = self.distributions[name], place[columns]
            if isinstance(one, CategoricalDistribution):
                found[name] = one.choices[int(np.argmax(own))]
                continue
            low, high = _ends(one)
            value = low + own[0] * (high - low)
            value = np.exp(value) if one.log else value
            if one.step is not None:
                value = one.low + round((value - one.low) / one.step) * one.step
            kind = int if isinstance(one, IntDistribution) else float
            found[name] = kind(min(max(value, one.low), one.high))
        return found

    def valid(self, places):
        """Each of several places (n, width) moved to where there are values."""
        if self.free.all():
            return places
        return np.array([self.place(self.values(place)) for place in places])


def _scaled(one, value):
    return np.log(value) if one.log else float(value)


def _ends(one):
    """What is 0 and 1 in the cube: where there are steps, each has a share of the same size."""
    half = 0 if one.step is None else one.step / 2
    return _scaled(one, one.low - half), _scaled(one, one.high + half)


class Process:
    """A Gaussian process that has seen values at places, and takes some as seen at its mean.

    Parameters
    ----------
    seen : ndarray, shape (n, width)
    values : ndarray, shape (n,)
    pending : ndarray, shape (m, width)
    rng : numpy.random.Generator
    """

    def __init__(self, seen, values, pending, rng):
        kernel = Matern(np.ones(seen.shape[1]), SCALES, nu=2.5) + WhiteKernel(0.1, NOISE)
        state = int(rng.integers(2**31))
        fit = GaussianProcessRegressor(
            kernel, optimizer=_fit, n_restarts_optimizer=RESTARTS, normalize_y=True,
            random_state=state,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a scale at its bound: no matter
            fit.fit(seen, values)
        self.scales = fit.kernel_.k1.length_scale * np.ones(seen.shape[1])
        self.noise, self.seen, self.weights = fit.kernel_.k2.noise_level, seen, fit.alpha_.ravel()
        # A value that is the mean itself leaves the mean as it is: only the variance knows of it.
        self.all = np.concatenate([seen, pending])
        own = self._covariance(self.all, self.all)[0]
        own[np.diag_indices_from(own)] += self.noise
        self.factor = linalg.cholesky(own, lower=True)

    def _covariance(self, places, others):
        """Matern 5/2 of places and others, and its slope by the squared distance."""
        apart = (places[:, None] - others) / self.scales
        root = np.sqrt(5 * (apart**2).sum(axis=-1))
        fall = np.exp(-root)
        return (1 + root + root**2 / 3) * fall, -5 / 6 * (1 + root) * fall

    def mean(self, places):
        """In standard deviations of the values, but for a constant; shape (n,)."""
        return self._covariance(places, self.seen)[0] @ self.weights

    def bound(self, places, kappa):
        """The upper confidence bound at places, without noise; shape (n,)."""
        own = linalg.solve_triangular(
            self.factor, self._covariance(places, self.all)[0].T, lower=True
        )
        return self.mean(places) + kappa * np.sqrt(np.maximum(1 - (own**2).sum(axis=0), 1e-12))

    def slope(self, place, kappa):
        """The bound at one place, and its slope, shape (width,)."""
        values, slopes = (part[0] for part in self._covariance(place[None], self.all))
        slopes = slopes[:, None] * 2 * (place - self.all) / self.scales**2
        count = len(self.seen)
        solved = linalg.cho_solve((self.factor, True), values)
        spread = np.sqrt(max(1 - values @ solved, 1e-12))
        bound = values[:count] @ self.weights + kappa * spread
        return bound, self.weights @ slopes[:count] - kappa * solved @ slopes / spread


def _fit(objective, start, bounds):
    """As scikit-learn fits, but for so many steps at most."""
    found = optimize.minimize(
        objective, start, method="L-BFGS-B", jac=True, bounds=bounds, options={"maxiter": STEPS}
    )
    return found.x, found.fun


def _highest(process, cube, seen, kappa, rng):
    """Where the bound is highest: the best of a Sobol sequence and of the seen, and up from there.

    What has steps stays where it is on the way up.
    """
    sobol = qmc.Sobol(cube.width, scramble=True, rng=rng).random_base2(CANDIDATES)
    places = cube.valid(sobol)
    order = np.argsort(process.bound(places, kappa), kind="stable")[::-1]
    starts = [*places[order[: STARTS - 1]], seen[np.argmax(process.mean(seen))]]
    best, highest = None, -np.inf
    for start in starts:
        bounds = [(0, 1) if free else (x, x) for x, free in zip(start, cube.free, strict=True)]
        found = optimize.minimize(
            lambda x: tuple(-y for y in process.slope(x, kappa)), start, method="L-BFGS-B",
            jac=True, bounds=bounds, options={"maxiter": STEPS},
        )  # fmt: skip
        if -found.fun > highest:
            best, highest = found.x, -found.fun
    return best
