"""Compare conditions over networks of several seeds. A page that does no more::

    page = replicate(__name__, __doc__, CONDITIONS, pairs=[("bp", "fa")], title="...")

For networks whose answers hold no chance: a second test of the same one would say the same.
"""

import numpy as np

from experiments.study.comparison import curve
from experiments.study.page import Page
from experiments.study.statistics import statistics, summary

SEEDS = (1, 2, 3)
KEY = ("condition", "seed", "epochs")


def replicate(module, text, conditions, pairs=(), title="", measure=None, seeds=SEEDS, **more):
    """A page that trains each condition from several seeds; as ``Page``, without its study.

    Parameters
    ----------
    measure : callable, optional
        ``measure(setting, about, network)`` -> further numbers of a ``Trained`` network, by name:
        the same names for each condition, nan where there is nothing to measure. ``about`` says
        which it is, for tables of the page's own.
    """

    def study(setting):
        for name in setting.chosen(conditions):
            _condition(setting, name, measure)
        statistics(setting.results, setting.page.pairs)

    about = {"seeds": seeds, "counts": "networks", "trains_all": True} | more
    return Page(module, text, study, conditions, pairs, title, **about)


def _condition(setting, name, measure):
    """Train the networks of one condition, and write what they came to."""
    results, condition = setting.results, setting.page.conditions[name]
    for seed in setting.seeds:
        network = setting.network(name, seed)
        curve(results, name, seed, network, condition)
        about = {"condition": name, "seed": seed, "epochs": condition.passes(network.epochs)}
        row = about | network_row(network) | (measure(setting, about, network) if measure else {})
        results.update("networks", [row], KEY)
    words = setting.arguments or ("--only", name)
    headline(results, name, about["epochs"], condition.paper, words)


def network_row(network):
    """Errors (per cent) and costs of a trained network."""
    rows = [r for r in network.run.folder.metrics() if r["epoch"] <= network.epochs]
    learned = [r for r in rows if r["training_error"] is not None]
    last = [r["training_error"] for r in learned if r["epoch"] > network.epochs - 1]
    tested = [r["test_error"] for r in rows if r["test_error"] is not None]
    return {
        "test_error": tested[-1],
        "training_error": np.mean(last),
        "cpu_hours": sum(r["cpu_seconds"] for r in rows) / 3600,
    }


def headline(results, name, epochs, paper=None, words=()):
    """Headlines of a condition: mean and spread over the networks of all seeds that are there.

    Parameters
    ----------
    results : Results
    name : str
    epochs : int
    paper : float, optional
        The paper's test error, per cent.
    words : sequence of str
        Of the command.
    """
    table, rows = results.table("networks").where(condition=name, epochs=epochs), []
    for measure in (key for key in table if key not in KEY):
        values = table[measure]
        values = values[np.isfinite(values)] if values.dtype.kind == "f" else values[:0]
        if len(values):
            row = {"condition": name, "measure": measure, "epochs": epochs} | summary(values)
            rows.append(row | {"paper": paper if measure == "test_error" else None})
    results.headline(rows, words)
