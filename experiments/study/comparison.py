"""Compare trained networks: train, test again and again, count. A page that does no more::

    page = compare(__name__, __doc__, CONDITIONS, pairs=[("random", "sparse")], title="...")

As in most papers, a condition is one trained network that is tested 20 times: that spread is of the
draws of a test alone. Two others stand beside it: of the network from epoch to epoch, at the end of
its training, and of several seeds after 5 epochs, and after all where they were trained so long.
"""

import numpy as np

from experiments.run.seeds import Purpose
from experiments.study.page import Page
from experiments.study.statistics import SEED_EPOCHS, statistics, summary
from models import progress

REPEATS = 20
LAST_EPOCHS = 10  # at the end of training, over which a network's error is averaged


def compare(module, text, conditions, pairs=(), title="", **more):
    """A page that trains, tests and compares its conditions; as ``Page``, without its study."""
    return Page(module, text, study, conditions, pairs, title, trains_all=True, **more)


def study(setting):
    """Train and test a page's conditions, and write curves, tests, statistics and headlines."""
    page = setting.page
    for name in setting.chosen(page.conditions):
        condition = page.conditions[name]
        for seed in setting.seeds:
            network = setting.network(name, seed)
            curve(setting.results, name, seed, network, condition)
            if alone(setting, name):
                words = setting.arguments or ("--only", name)
                _tests(setting, name, condition, network, words)
                last_epochs(setting.results, name, network.epochs, condition.paper, words)
        _seeds(setting, name)
    statistics(setting.results, page.pairs)


def first(results, name):
    """The lowest seed of a condition in the table of curves: what is told of one network is its."""
    return results.table("curves").where(condition=name)["seed"].min()


def alone(setting, name):
    """Whether the only network of a condition that is asked for is the one that is told of."""
    return setting.seeds == (first(setting.results, name),)


def repeated(setting, network, label):
    """Test errors of one network, shown all test images again and again, each time anew."""
    run, count = network.run, len(network.run.data.test_images)
    repeats = progress.bar(range(setting.size(REPEATS, 2)), desc=f"{label}: tests")
    return [run.test(network.state, count, run.seed(Purpose.REPEAT, k))[0] for k in repeats]


def curve(results, name, seed, network, condition):
    """Test error and costs after each epoch (of weights that take turns: after each pass)."""
    rows, cpu = {}, 0.0
    for row in network.run.folder.metrics():
        if row["epoch"] > network.epochs:
            break
        cpu += row["cpu_seconds"]
        if row["test_error"] is not None and row["epoch"].is_integer():
            about = {"condition": name, "seed": seed, "epoch": condition.passes(row["epoch"])}
            costs = {"test_error": row["test_error"], "cpu_seconds": cpu}
            rows[about["epoch"]] = about | costs
    results.update("curves", list(rows.values()), ("condition", "seed", "epoch"))


def _tests(setting, name, condition, network, words):
    """The same network, tested again and again on all test images, once on training images."""
    run, count = network.run, len(network.run.data.test_images)
    errors = repeated(setting, network, name)
    seen, _ = run.test(network.state, count, run.seed(Purpose.REPEAT, REPEATS), training=True)
    results, about = setting.results, {"condition": name, "epochs": network.epochs}
    rows = [about | {"repeat": k, "test_error": error} for k, error in enumerate(errors)]
    results.update("tests", rows, ("condition", "epochs", "repeat"))
    curve = results.table("curves").where(
        condition=name, seed=setting.seeds[0], epoch=network.epochs
    )
    rows = [
        {"measure": "test_error", "paper": condition.paper} | summary(errors),
        {"measure": "training_error", "value": seen, "n": count},
        {"measure": "cpu_hours", "value": float(curve["cpu_seconds"][-1]) / 3600},
    ]
    results.headline([about | row for row in rows], words)


def last_epochs(results, name, epochs, paper=None, words=()):
    """Headline: the mean of the tests after each of a long training's last ten epochs.

    Of the first seed of condition ``name`` in the table of curves; nothing is written of a training
    under 20 epochs. ``paper`` is the paper's test error, per cent; ``words`` are of the command.
    """
    if epochs < 2 * LAST_EPOCHS:
        return
    curve = results.table("curves").where(condition=name, seed=first(results, name))
    last = (curve["epoch"] > epochs - LAST_EPOCHS) & (curve["epoch"] <= epochs)
    row = {"condition": name, "measure": "test_error_last_epochs", "epochs": epochs}
    results.headline([row | {"paper": paper} | summary(curve["test_error"][last])], words)


def _seeds(setting, name):
    """Networks of several seeds: after the same few epochs, and after the most that several had."""
    few, curves = setting.size(SEED_EPOCHS, 1), setting.results.table("curves")
    epochs, counts = np.unique(curves.where(condition=name)["epoch"], return_counts=True)
    several = epochs[counts > 1]
    for epoch in (int(k) for k in several if k in (few, several[-1])):
        curve = curves.where(condition=name, epoch=epoch)
        seeds = sorted(int(seed) for seed in curve["seed"])
        row = {"condition": name, "measure": "test_error_of_seeds", "epochs": epoch}
        words = ("--only", name, "--epochs", str(epoch), "--seeds", *map(str, seeds))
        setting.results.headline([row | summary(curve["test_error"])], words)
