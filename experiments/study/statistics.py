"""Tests of differences between conditions, written beside a page's results."""

import numpy as np
from scipy import stats

SEED_EPOCHS = 5  # epochs after which networks of several seeds are compared


def statistics(results, pairs):
    """Write two-tailed t-tests between the conditions of each pair, Bonferroni-corrected.

    Parameters
    ----------
    results : Results
        Of the page.
    pairs : sequence of (str, str)
        Those without results, or not tested after as many epochs, are left out. ``of`` says what
        was counted: tests of one network each, whose spread is that of spikes alone, networks of
        several seeds at the end of training, or after a few epochs. The correction is for the
        pairs of the same kind.
    """
    rows = []
    for kind, groups in (
        ("tests", _of_table(results, "tests")),
        ("networks", _of_table(results, "networks")),
        ("seeds", _of_seeds(results)),
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
            rows.append(
                {
                    "condition": one,
                    "other": other,
                    "of": kind,
                    "epochs": epochs,
                    "difference": x.mean() - y.mean(),
                    "t": t,
                    "df": len(x) + len(y) - 2,
                    "p": min(1.0, p * len(found)),
                    "comparisons": len(found),
                }
            )
    if rows:
        results.write("statistics", {key: [row[key] for row in rows] for key in rows[0]})


def _of_table(results, name):
    """(condition, epochs) -> test errors, as many as there are rows."""
    if not results.has(name):
        return {}
    table, groups = results.table(name), {}
    for condition, epochs in dict.fromkeys(zip(table["condition"], table["epochs"], strict=True)):
        mine = (table["condition"] == condition) & (table["epochs"] == epochs)
        if mine.sum() > 1:
            groups[str(condition), int(epochs)] = table["test_error"][mine]
    return groups


def _of_seeds(results):
    """(condition, epochs) -> errors of networks of several seeds, after as many epochs."""
    if not results.has("curves"):
        return {}
    table, groups = results.table("curves"), {}
    for name in dict.fromkeys(table["condition"]):
        mine = (table["condition"] == name) & (table["epoch"] == SEED_EPOCHS)
        if mine.sum() > 1:
            groups[str(name), SEED_EPOCHS] = table["test_error"][mine]
    return groups
