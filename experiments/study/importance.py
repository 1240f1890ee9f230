"""Which parameters of a design count: a random forest, and what it loses when one is shuffled."""

from typing import NamedTuple

import numpy as np
from sklearn.ensemble import RandomForestRegressor

TREES, LEAF, TRIED = 100, 2, 1 / 3  # of a forest: points in a leaf, parameters tried at a fork
REPEATS = 4  # shuffles of a parameter
NULLS = 39  # forests that learn shuffled values: the largest but one is the 95 % quantile
LEVEL = 0.95
LEAST = 8  # points


class Importance(NamedTuple):
    """What each parameter counts, beside what it would by chance.

    Attributes
    ----------
    values : ndarray, shape (parameters,)
        The share of the variance that a forest explains less with a parameter shuffled.
    null : ndarray, shape (nulls, parameters)
        The same of forests that learned shuffled values.
    explained : float
        The share that it explains; negative: worse than the mean.
    """

    values: np.ndarray
    null: np.ndarray
    explained: float

    @property
    def chance(self):
        """What the largest of all parameters lies below in 95 % of nulls."""
        return float(np.quantile(self.null.max(axis=1), LEVEL, method="higher"))


def importance(places, values, seed=0, nulls=NULLS):
    """The importance of parameters by permutation, with a null by permutation.

    Each point is answered for by those trees that have not seen it (Breiman 2001).

    Parameters
    ----------
    places : ndarray, shape (points, parameters)
        Of a design, not of an optimiser's path. Forests do not mind logarithms.
    values : ndarray, shape (points,)
    seed : int
    nulls : int

    Returns
    -------
    Importance
        ValueError if all values are the same, or there are few.
    """
    places, values = np.asarray(places, float), np.asarray(values, float)
    if len(values) < LEAST or np.ptp(values) == 0:
        raise ValueError(f"what counts needs {LEAST} points at least, with different values")
    rng = np.random.default_rng(seed)
    found, explained = _lost(places, values, rng)
    null = [_lost(places, rng.permutation(values), rng)[0] for _ in range(nulls)]
    return Importance(found, np.array(null), explained)


def _lost(places, values, rng):
    """What a forest loses with each parameter shuffled, and what it explains with none."""
    points, parameters = places.shape
    state = int(rng.integers(2**31))
    forest = RandomForestRegressor(
        TREES, min_samples_leaf=LEAF, max_features=TRIED, random_state=state
    )
    forest.fit(places, values)
    sheets = np.tile(places, (1 + parameters * REPEATS, 1, 1))  # the first is left as it is
    for k, sheet in enumerate(sheets[1:]):
        sheet[:, k % parameters] = rng.permutation(sheet[:, k % parameters])
    rows = sheets.reshape(-1, parameters)
    told, trees = np.zeros((len(sheets), points)), np.zeros(points)
    for tree, seen in zip(forest.estimators_, forest.estimators_samples_, strict=True):
        new = np.isin(np.arange(points), seen, invert=True)
        told += new * tree.predict(rows).reshape(told.shape)
        trees += new
    there = trees > 0
    errors = (told[:, there] / trees[there] - values[there]) ** 2
    shares = errors.mean(axis=1) / values.var()
    lost = shares[1:].reshape(REPEATS, parameters).mean(axis=0) - shares[0]
    return lost, float(1 - shares[0])
