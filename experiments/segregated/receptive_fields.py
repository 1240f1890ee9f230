"""Do local learning and backpropagation find the same receptive fields (P Fig 7B, C)?

    python -m experiments receptive_fields

A receptive field is the weights of a hidden cell from the image. Two networks of one hidden layer,
trained by the local rule and by backpropagation from different seeds, so that they share neither
initial weights nor order of images. For each local field: the highest correlation with any of the
fields that backpropagation found. The same is done with controls (``COMPARISONS``).

Expected: similar, high-contrast strokes, and correlations well above those of shuffled fields,
over the pixels that are lit in some training image: the others never spike and keep their initial
weights (``similarity.csv`` has all pixels, too). The preset ``best``; twenty epochs take about 20
minutes of one core for each rule.
"""

import math

import numpy as np

from experiments.segregated.settings import BACKPROP, BEST, small
from experiments.study.comparison import repeated
from experiments.study.conditions import Condition
from experiments.study.page import Page
from experiments.study.statistics import summary

SHOWN = 25  # cells
CONDITIONS = {
    "best_one_hidden": Condition("local rule", BEST, 20, 4.1),
    "backprop": Condition("backpropagation", BEST | BACKPROP, 20),
}
COMPARISONS = {  # of each local field
    "backprop": "the best of backpropagation's fields",
    "turned": "the same, with each local field turned by 90 degrees",
    "shuffled": "the same, with each local field's pixels shuffled",
    "untrained": "the best of a network before training",
    "others": "the best of the other local fields",
    "learned": "the best of backpropagation's, with initial weights taken off both",
    "initial": "the same cell's initial weights",
}


def correlations(one, other):
    """Pearson's r of each row of (n, pixels) with each row of (m, pixels): shape (n, m)."""
    return _standard(one) @ _standard(other).T


def _standard(rows):
    rows = rows - rows.mean(axis=1, keepdims=True)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def turned(fields):
    """Square fields, shape (cells, pixels), turned by 90 degrees."""
    side = math.isqrt(fields.shape[1])
    return np.rot90(fields.reshape(-1, side, side), axes=(1, 2)).reshape(fields.shape)


def compare(local, backprop, pixels, rng):
    """Correlations of each local field with its best match, and with controls.

    ``local`` and ``backprop`` are fields before and after training, each of shape (cells, pixels);
    ``pixels``, bool, are those compared; ``rng`` shuffles them. Returns ndarrays of shape (cells,)
    by the names in ``COMPARISONS``.
    """
    first, last = (fields[:, pixels] for fields in local)
    start, end = (fields[:, pixels] for fields in backprop)
    among = correlations(last, last)
    np.fill_diagonal(among, -1)
    return {
        "backprop": correlations(last, end).max(axis=1),
        "turned": correlations(turned(local[1])[:, pixels], end).max(axis=1),
        "shuffled": correlations(rng.permuted(last, axis=1), end).max(axis=1),
        "untrained": correlations(last, start).max(axis=1),
        "others": among.max(axis=1),
        "learned": correlations(last - first, end - start).max(axis=1),
        "initial": np.diag(correlations(last, first)),
    }


def fields(network):
    """Receptive fields before and after training, each of shape (cells, pixels), in mV ms."""
    before = network.run.folder.state("epoch_000.npz").state
    return before["W_0"].T, network.state["W_0"].T


def study(setting):
    """Train both networks, compare their fields, and keep some to look at."""
    seed = setting.one_seed("give one; the network of the other rule has the next")
    networks = {
        name: setting.trained(name, one.options, setting.epochs or one.epochs, seed + k)
        for k, (name, one) in enumerate(CONDITIONS.items())
    }
    local, backprop = (fields(network) for network in networks.values())
    seen = networks["best_one_hidden"].run.data.train_images.max(axis=0) > 0
    found = {
        "lit": compare(local, backprop, seen, np.random.default_rng(seed)),
        "all": compare(local, backprop, np.full_like(seen, True), np.random.default_rng(seed)),
    }
    columns = {"pixels": np.repeat(list(found), len(local[1]))}
    for name in COMPARISONS:
        columns[name] = np.round(np.concatenate([part[name] for part in found.values()]), 3)
    setting.results.write("similarity", columns)
    best = correlations(local[1][:, seen], backprop[1][:, seen]).argmax(axis=1)
    shown = min(setting.size(SHOWN, 4), len(best))
    _write_fields(setting.results, seen, local[1][:shown], backprop[1][best[:shown]])
    _write_headlines(setting, networks, found)


def _write_fields(results, seen, local, backprop):
    """The first local fields and their best matches: a row for each pixel, a column for each."""
    columns = {"lit": seen.astype(int)}
    for name, rows in (("local", local), ("backprop", backprop)):
        columns |= {f"{name}_{k}": np.round(row, 2) for k, row in enumerate(rows)}
    results.write("fields", columns)


def _write_headlines(setting, networks, found):
    rows = []
    for name, network in networks.items():
        row = {"condition": name, "measure": "test_error", "epochs": network.epochs}
        row |= summary(repeated(setting, network, name))
        rows.append(row | {"paper": CONDITIONS[name].paper})
    about = {"condition": "best_one_hidden", "epochs": networks["best_one_hidden"].epochs}
    measures = {f"field_similarity_{name}": values for name, values in found["lit"].items()}
    measures["field_similarity"] = measures.pop("field_similarity_backprop")
    measures["field_similarity_all_pixels"] = found["all"]["backprop"]
    rows += [about | {"measure": measure} | summary(r) for measure, r in measures.items()]
    setting.results.headline(rows, setting.arguments)


page = Page(__name__, __doc__, study, smoke=small)
