"""Compare trained networks: train, test again and again, count. A page that does no more::

    page = compare(__name__, __doc__, CONDITIONS, pairs=[("random", "sparse")], title="...")

As in most papers, a condition is one trained network that is tested 20 times: that spread is of the
draws of a test alone. Two others stand beside it: of the network from epoch to epoch, at the end of
its training, and of several seeds after 5 epochs.
"""

import numpy as np
from tqdm import tqdm

from experiments.run.seeds import Purpose
from experiments.study.page import Page
from experiments.study.statistics import SEED_EPOCHS, statistics

REPEATS = 20
LAST_EPOCHS = 10  # at the end of training, over which a network's error is averaged


def compare(module, text, conditions, pairs=(), title="", **more):
    """A page that trains, tests and compares its conditions; as ``Page``, without its study."""
    return Page(module, text, study, conditions, pairs, title, **more)


def study(setting):
    """Train and test a page's conditions, and write curves, tests, statistics and headlines."""
    page = setting.page
    for name in setting.chosen(page.conditions):
        condition = page.conditions[name]
        for seed in setting.seeds:
            epochs = setting.epochs or condition.epochs
            network = setting.trained(condition.network or name, condition.options, epochs, seed)
            curve(setting.results, name, seed, network)
            if seed == setting.seeds[0] and len(setting.seeds) == 1:
                words = setting.arguments or ("--only", name)
                _tests(setting, name, condition, network, words)
                last_epochs(setting.results, name, network.epochs, condition.paper, words)
        _seeds(setting, name)
    statistics(setting.results, page.pairs)


def repeated(setting, network, label):
    """Test errors of one network, shown all test images again and again, each time anew."""
    run, count = network.run, len(network.run.data.test_images)
    repeats = tqdm(range(setting.size(REPEATS, 2)), desc=f"{label}: tests", disable=None)
    return [run.test(network.state, count, run.seed(Purpose.REPEAT, k))[0] for k in repeats]


def curve(results, name, seed, network):
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
    errors = repeated(setting, network, name)
    seen, _ = run.test(network.state, count, run.seed(Purpose.REPEAT, REPEATS), training=True)
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
