"""Tests of differences between conditions, written beside a page's results; intervals."""

import numpy as np
from scipy import stats

SEED_EPOCHS = 5  # after which networks of several seeds are compared
LEVEL = 0.95  # of intervals
RESAMPLES = 10_000  # of a bootstrap


def statistics(results, pairs):
    """Write two-tailed t-tests between the conditions of each pair, Bonferroni-corrected.

    Pairs without results, or not tested after as many epochs, are left out. ``of`` says what was
    counted: tests of one network each, whose spread is that of spikes alone, networks of several
    seeds at the end of training, or after a few epochs (where a page does not count networks: after
    the most that several of both had). The correction is for the pairs of the same kind.
    """
    rows, few = [], SEED_EPOCHS if results.has("networks") else None
    for kind, groups in (
        ("tests", _groups(results, "tests")),
        ("networks", _groups(results, "networks")),
        ("seeds", _groups(results, "curves", "epoch", few)),
    ):
        found = []
        for one, other in pairs:
            shared = {epochs for name, epochs in groups if name == one}
            shared &= {epochs for name, epochs in groups if name == other}
            if shared:
                found.append((one, other, max(shared)))
        for one, other, epochs in found:
            x, y = groups[one, epochs], groups[other, epochs]
            if np.ptp(x) == 0 and np.ptp(y) == 0:
                continue  # nothing varies: there is nothing to test
            t, p = stats.ttest_ind(x, y)
            row = {"condition": one, "other": other, "of": kind, "epochs": epochs}
            row |= {"difference": x.mean() - y.mean(), "t": t, "df": len(x) + len(y) - 2}
            rows.append(row | {"p": min(1.0, p * len(found)), "comparisons": len(found)})
    if rows:
        results.write("statistics", rows)


def summary(values):
    """What a headline says of several values: mean, standard deviation (of one: none), number."""
    spread = np.std(values, ddof=1) if len(values) > 1 else None
    return {"value": np.mean(values), "spread": spread, "n": len(values)}


def quartiles(values):
    """Lower quartile, median and upper quartile of those values that are numbers; else nan."""
    there = np.asarray(values, float)
    there = there[np.isfinite(there)]
    return np.quantile(there, (0.25, 0.5, 0.75)) if len(there) else np.full(3, np.nan)


def mean_and_middle(values):
    """Mean and quartiles of those values that are numbers, as columns; nan if there are none."""
    there = np.asarray(values, float)
    there = there[np.isfinite(there)]
    low, _, high = quartiles(there)
    mean = there.mean() if len(there) else np.nan
    return {"mean": mean, "lower_quartile": low, "upper_quartile": high}


def angle_headlines(about, angles):
    """Headlines of angles: ``angles`` has (kind, layer) -> those of the last epoch, in degrees."""
    return [
        about | {"measure": f"angle_{kind}_W_{m}"} | summary(found)
        for (kind, m), found in angles.items()
        if len(found)
    ]


def _groups(results, name, column="epochs", only=None):
    """(condition, epochs) -> test errors, where there are several; ``only``: after as many."""
    if not results.has(name):
        return {}
    table, groups = results.table(name), {}
    for condition, epochs in dict.fromkeys(zip(table["condition"], table[column], strict=True)):
        errors = table.where(condition=condition, **{column: epochs})["test_error"]
        if len(errors) > 1 and only in (None, epochs):
            groups[str(condition), int(epochs)] = errors
    return groups


# --- intervals ------------------------------------------------------------------------------------


def wilson(count, total, level=LEVEL):
    """Wilson's interval of a share, ``count`` of ``total``: the lower and the upper end.

    Of none or all it is not without width, as that of a normal distribution would be.
    """
    z = stats.norm.ppf((1 + level) / 2)
    share, more = count / total, z**2 / total
    half = z * np.sqrt(share * (1 - share) / total + more / (4 * total))
    low, high = ((share + more / 2 + sign * half) / (1 + more) for sign in (-1, 1))
    return float(max(low, 0)), float(min(high, 1))


def median_interval(values, seed=0, level=LEVEL):
    """Bootstrap interval of a median (percentiles of resamples): the lower and the upper end."""
    return _middle(np.median(_resampled(seed, np.asarray(values)), axis=1), level)


def median_row(values):
    """What headlines say of a median: the end of a measure's name -> the value, its interval."""
    low, high = median_interval(values)
    return {"": float(np.median(values)), "_low": float(low), "_high": float(high)}


def median_difference(one, other, seed=0, level=LEVEL):
    """Difference of two medians, and its interval by a paired bootstrap over points of a design.

    Parameters
    ----------
    one, other : array_like, shape (points,)
        Values at the same points, in the same order.

    Returns
    -------
    difference, low, high : float
    """
    pairs = np.stack([one, other], axis=1)
    medians = np.median(_resampled(seed, pairs), axis=1)
    difference = float(np.median(pairs[:, 0]) - np.median(pairs[:, 1]))
    return difference, *_middle(medians[:, 0] - medians[:, 1], level)


def _resampled(seed, values):
    """Values drawn with replacement, as many; shape (resamples, points, ...)."""
    chosen = np.random.default_rng(seed).integers(len(values), size=(RESAMPLES, len(values)))
    return values[chosen]


def _middle(values, level):
    return tuple(map(float, np.quantile(values, ((1 - level) / 2, (1 + level) / 2))))
