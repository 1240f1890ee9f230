"""What is measured of each hidden layer of a trained network, after some of its passes."""

import numpy as np

from experiments.measures import largest_eigenvalue
from experiments.study.observe import some
from experiments.study.statistics import mean_and_middle, quartiles
from models.engine.network import one_hot
from models.target_propagation import conditions, layers

MEASURES = {  # column of the table of layers -> measure of the summary
    "angle": "angle",
    "descends": "targets_that_descend",
    "lowers": "targets_that_lower_the_loss",
    "reconstruction": "inverse_loss",
    "lambda_max": "inverse_eigenvalue",
    "below_1": "inverse_eigenvalue_below_1",
}
IMAGES = 1000  # test images
FEW = 100  # those whose eigenvalues are computed


def follow(setting, about, network, passes=None, eigenvalues=False):
    """Keep what hidden layers do after some passes, as rows of the table ``layers``.

    Parameters
    ----------
    setting, about, network
        As of ``experiments.study.replicates.replicate``'s ``measure``.
    passes : sequence of int, optional
        After how many passes; the last counts in any case. Default: after each.
    eigenvalues : bool
        Whether to compute those of the inverses.

    Returns
    -------
    dict of str to float
        The means of all hidden layers at the end, but for nan, by their name in the summary.
    """
    key = {name: about[name] for name in ("condition", "seed")}
    x, target = shown(network, setting.size(IMAGES, 6))
    rows, last = [], []
    for done, state in states(network, setting.page.conditions[about["condition"]], passes):
        last = measured(network, state, x, target)
        if eigenvalues:
            last = [row | of_inverse(network, state, x[:FEW], row["layer"]) for row in last]
        rows += [key | {"passes": done} | row for row in last]
    if np.isfinite([row["angle"] for row in rows]).any():  # backpropagation has nothing of it
        setting.results.update("layers", rows, tuple(key))
    names = [name for name in MEASURES if name in last[0]]
    return {MEASURES[name]: _mean([row[name] for row in last]) for name in names}


def shown(network, count):
    """Test images and their targets, shapes (count, pixels) and (count, classes), in double."""
    run = network.run
    images, labels = some(run, count, of="test")
    return images, one_hot(labels, run.data.classes).astype(float)


def states(network, condition, passes=None):
    """(passes, state) at the beginning, and after ``passes`` (default: each)."""
    for epoch in range(0, network.epochs + 1):
        last = epoch == network.epochs
        if epoch % condition.each and not last:
            continue
        done = condition.passes(epoch)
        if passes is None or last or done in passes:
            yield done, network.run.folder.after(epoch)


def measured(network, state, x, target):
    """A row for each hidden layer: what ``models.target_propagation.conditions`` measures.

    The mean ``angle`` to backpropagation (degrees) and its quartiles over images, the shares of
    images for which the condition of descent holds (``descends``) and the loss falls (``lowers``),
    and ``reconstruction``, the mean squared distance of the layer to what its inverse gives; nan
    where a mode has no such thing.
    """
    options = network.run.config.options
    found = conditions.measures(options, state, x, target)
    made = []
    for m in range(len(options.layers) - 1):
        angles = mean_and_middle(found.get(f"angle_{m}", ()))
        row = {"layer": m, "angle": angles.pop("mean")} | angles
        names = ("descends", "lowers", "reconstruction")
        made.append(row | {name: _mean(found.get(f"{name}_{m}", ())) for name in names})
    return made


def of_inverse(network, state, x, m):
    """lambda_max of (I - U)^T (I - U) of the inverse to hidden layer m; nan where there is none.

    U are the products of Jacobians of ``models.target_propagation.conditions``. Mean, median and
    quartiles over images, the share below 1, and that of the mean of U, which is what `alignment`
    has of the segregated dendrites.
    """
    options, names = network.run.config.options, ("lambda_low", "lambda_median", "lambda_high")
    if m >= options.inverses:
        return dict.fromkeys(("lambda_max", *names, "below_1", "lambda_of_mean"), np.nan)
    U = conditions.products(options, state, layers.rates(options, state, x), m)
    each, whole = largest_eigenvalue(U), largest_eigenvalue(U.mean(axis=0))
    found = {"lambda_max": each.mean()} | dict(zip(names, quartiles(each), strict=True))
    return found | {"below_1": np.mean(each < 1), "lambda_of_mean": float(whole)}


def _mean(values):
    """The mean but for nan; nan of none."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else np.nan
