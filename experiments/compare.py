"""What the pages that compare trained networks share: train, test again and again, count.

As in the paper, a condition is one trained network that is tested 20 times: its spread is that of
the spikes. What the seed of a network changes is shown beside it, by several seeds after 5 epochs.
"""

from functools import partial
from itertools import combinations

import numpy as np
from scipy import stats
from tqdm import tqdm

from experiments import page
from experiments.conditions import CONDITIONS

REPEATS = 20
SEED_EPOCHS = 5  # epochs after which networks of several seeds are compared


def study(setting, names):
    """Train and test conditions, and write curves, tests, statistics and headlines.

    Parameters
    ----------
    setting : page.Setting
    names : sequence of str
        Conditions of the page; ``setting.only`` chooses among them.
    """
    for name in setting.chosen(names):
        condition = CONDITIONS[name]
        for seed in setting.seeds:
            epochs = setting.epochs or condition.epochs
            network = setting.trained(condition.network or name, condition.options, epochs, seed)
            _curve(setting.results, name, seed, network)
            if seed == setting.seeds[0] and len(setting.seeds) == 1:
                _tests(setting, name, condition, network)
        _seeds(setting, name)
    if setting.results.has("tests"):
        _statistics(setting.results)


def main(name, text, names, arguments=None, seeds=(1,)):
    """The command of a page that does no more than ``study`` its conditions; as ``page.main``."""
    return page.main(name, text, partial(study, names=names), arguments, names, seeds=seeds)


def _curve(results, name, seed, network):
    """Test error and costs after each epoch."""
    rows, cpu = [], 0.0
    for row in network.run.folder.metrics():
        if row["epoch"] > network.epochs:
            break
        cpu += row["cpu_seconds"]
        if row["test_error"] is not None and row["epoch"].is_integer():
            rows.append(
                {
                    "condition": name,
                    "seed": seed,
                    "epoch": int(row["epoch"]),
                    "test_error": row["test_error"],
                    "cpu_seconds": cpu,
                }
            )
    results.update("curves", rows, ("condition", "seed", "epoch"))


def _tests(setting, name, condition, network):
    """The same network, tested again and again on all test images, once on training images."""
    run, count = network.run, len(network.run.data.test_images)
    repeats = tqdm(range(setting.size(REPEATS, 2)), desc=f"{name}: tests", disable=None)
    errors = [run.test(network.weights, count, run.seed(5, k))[0] for k in repeats]
    seen, _ = run.test(network.weights, count, run.seed(5, REPEATS), training=True)
    rows = [
        {"condition": name, "epochs": network.epochs, "repeat": k, "test_error": error}
        for k, error in enumerate(errors)
    ]
    results = setting.results
    results.update("tests", rows, ("condition", "epochs", "repeat"))
    curve = results.table("curves")
    mine = (curve["condition"] == name) & (curve["seed"] == setting.seeds[0])
    cpu = curve["cpu_seconds"][mine & (curve["epoch"] == network.epochs)]
    about = {"condition": name, "epochs": network.epochs}
    results.headline(
        [
            about
            | {"measure": "test_error", "value": np.mean(errors), "paper": condition.paper}
            | {"spread": np.std(errors, ddof=1), "n": len(errors)},
            about | {"measure": "training_error", "value": seen, "n": count},
            about | {"measure": "cpu_hours", "value": float(cpu[-1]) / 3600},
        ],
        setting.arguments or ("--only", name),
    )


def _seeds(setting, name):
    """Networks of several seeds after the same few epochs."""
    curve, epochs = setting.results.table("curves"), setting.size(SEED_EPOCHS, 1)
    here = (curve["condition"] == name) & (curve["epoch"] == epochs)
    errors = curve["test_error"][here]
    if len(errors) < 2:
        return
    seeds = sorted(int(seed) for seed in curve["seed"][here])
    row = {"condition": name, "measure": "test_error_of_seeds", "epochs": epochs}
    row |= {"value": errors.mean(), "spread": errors.std(ddof=1), "n": len(errors)}
    words = ("--only", name, "--epochs", str(epochs), "--seeds", *map(str, seeds))
    setting.results.headline([row], words)


def _statistics(results):
    """Two-tailed t-tests, Bonferroni-corrected, between conditions tested after as many epochs."""
    tests, rows = results.table("tests"), []
    for epochs in np.unique(tests["epochs"]):
        there = tests["epochs"] == epochs
        groups = {
            name: tests["test_error"][there & (tests["condition"] == name)]
            for name in dict.fromkeys(tests["condition"][there])
        }
        pairs = list(combinations(groups, 2))
        for one, other in pairs:
            t, p = stats.ttest_ind(groups[one], groups[other])
            rows.append(
                {
                    "condition": one,
                    "other": other,
                    "epochs": int(epochs),
                    "difference": groups[one].mean() - groups[other].mean(),
                    "t": t,
                    "df": len(groups[one]) + len(groups[other]) - 2,
                    "p": min(1.0, p * len(pairs)),
                    "comparisons": len(pairs),
                }
            )
    if rows:
        results.write("statistics", {key: [row[key] for row in rows] for key in rows[0]})
