"""What the pages that compare trained networks share: train, test again and again, count.

As in the paper, a condition is one trained network that is tested 20 times: that spread is of the
spikes alone. Two others stand beside it: of the network from epoch to epoch, at the end of its
training, and of several seeds after 5 epochs.
"""

from functools import partial

import numpy as np
from scipy import stats
from tqdm import tqdm

from experiments.segregated.conditions import CONDITIONS
from experiments.study import page

REPEATS = 20
SEED_EPOCHS = 5  # epochs after which networks of several seeds are compared
LAST_EPOCHS = 10  # at the end of training, over which a network's error is averaged


def study(setting, names, pairs=()):
    """Train and test conditions, and write curves, tests, statistics and headlines.

    Parameters
    ----------
    setting : page.Setting
    names : sequence of str
        Conditions of the page; ``setting.only`` chooses among them.
    pairs : sequence of (str, str)
        Conditions that the page sets against each other.
    """
    for name in setting.chosen(names):
        condition = CONDITIONS[name]
        for seed in setting.seeds:
            epochs = setting.epochs or condition.epochs
            network = setting.trained(condition.network or name, condition.options, epochs, seed)
            _curve(setting.results, name, seed, network)
            if seed == setting.seeds[0] and len(setting.seeds) == 1:
                words = setting.arguments or ("--only", name)
                _tests(setting, name, condition, network, words)
                last_epochs(setting.results, name, network.epochs, condition.paper, words)
        _seeds(setting, name)
    statistics(setting.results, pairs)


def main(name, text, names, pairs=(), arguments=None, seeds=(1,)):
    """The command of a page that does no more than ``study`` its conditions; as ``page.main``."""
    doing = partial(study, names=names, pairs=pairs)
    return page.main(name, text, doing, arguments, names, seeds=seeds)


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


def _tests(setting, name, condition, network, words):
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
        words,
    )


def last_epochs(results, name, epochs, paper=None, words=()):
    """Headline: the mean of the tests after each of a long training's last ten epochs.

    Parameters
    ----------
    results : Results
        Of the page, with a table of curves.
    name : str
        The condition; its first seed is taken.
    epochs : int
        The last of them; nothing is written of a training under 20 epochs.
    paper : float, optional
        The paper's test error, per cent.
    words : sequence of str
        Of the command.
    """
    if epochs < 2 * LAST_EPOCHS:
        return
    curve = results.table("curves")
    mine = curve["condition"] == name
    mine &= curve["seed"] == curve["seed"][mine].min()
    mine &= (curve["epoch"] > epochs - LAST_EPOCHS) & (curve["epoch"] <= epochs)
    errors = curve["test_error"][mine]
    row = {"condition": name, "measure": "test_error_last_epochs", "epochs": epochs}
    row |= {"value": errors.mean(), "spread": errors.std(ddof=1), "n": len(errors)}
    results.headline([row | {"paper": paper}], words)


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


def statistics(results, pairs):
    """Write two-tailed t-tests between the conditions of each pair, Bonferroni-corrected.

    Parameters
    ----------
    results : Results
        Of the page.
    pairs : sequence of (str, str)
        Those without results, or not tested after as many epochs, are left out. ``of`` says what
        was counted: tests of one network each, whose spread is that of spikes alone, or networks
        of several seeds. The correction is for the pairs of the same kind.
    """
    rows = []
    for kind, groups in (("tests", _of_tests(results)), ("seeds", _of_seeds(results))):
        found = []
        for one, other in pairs:
            shared = {epochs for name, epochs in groups if name == one}
            shared &= {epochs for name, epochs in groups if name == other}
            if shared:
                found.append((one, other, max(shared)))
        for one, other, epochs in found:
            x, y = groups[one, epochs], groups[other, epochs]
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


def _of_tests(results):
    """(condition, epochs) -> errors of one network, tested again and again."""
    if not results.has("tests"):
        return {}
    table = results.table("tests")
    groups = {}
    for name, epochs in dict.fromkeys(zip(table["condition"], table["epochs"], strict=True)):
        mine = (table["condition"] == name) & (table["epochs"] == epochs)
        groups[str(name), int(epochs)] = table["test_error"][mine]
    return groups


def _of_seeds(results):
    """(condition, epochs) -> errors of networks of several seeds, after as many epochs."""
    table, groups = results.table("curves"), {}
    for name in dict.fromkeys(table["condition"]):
        mine = (table["condition"] == name) & (table["epoch"] == SEED_EPOCHS)
        if mine.sum() > 1:
            groups[str(name), SEED_EPOCHS] = table["test_error"][mine]
    return groups
