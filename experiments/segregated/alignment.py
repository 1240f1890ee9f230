"""Do the forward and feedback paths become inverse to each other (P Fig 5-S1)?

    python -m experiments.alignment [--only one_hidden ...]

Through the first epoch, 100 images at a time: U = J_beta J_gamma of each image, and mu, the largest
eigenvalue of (I - U)^T (I - U), at the mean of U (as the authors' code has it), at the product of
the two mean Jacobians (as the paper writes), and at the mean of U over 1,000 images. Weights are
those midway between before and after the 100 images; on a straight line between them, mu differs by
1 %. Theorem 1 asks for mu < 1, which depends on the scale of Y. The angle between U and the
identity does not. Beside them: mu at k_d W Y, without the slopes of the rates.

Conditions: the settings chosen, and the best; those printed; those printed but for one thing:
initial weights twice as wide, as in the authors' last revision, their kernel of 10 ms, whose area
takes its part in U (``memory``), or images from rest with a late forward plateau (``late``); and
all that the authors' code does otherwise (``code``). Expected: mu falls below 1 within the epoch,
and the mean of U tends to the identity. A minute of one core for each; the networks are not kept.
"""

import dataclasses
import sys
from collections import deque

import numpy as np
from tqdm import tqdm

from experiments.run import loop as training
from experiments.run.config import PRESETS
from experiments.segregated import formulae as theory
from experiments.segregated.conditions import CONDITIONS as NETWORKS
from experiments.study import observe, page
from models.segregated import weights

NAME = "alignment"
EPOCHS = 1
CHUNK = 100  # images of a mean
LAST = 1000  # images at the end that headlines average
MANY = 1000  # images of a longer mean
CONDITIONS = {
    "one_hidden": NETWORKS["one_hidden"].options,
    "printed_one_hidden": NETWORKS["printed_one_hidden"].options,
    "wide_one_hidden": NETWORKS["printed_one_hidden"].options | {"init": (1.0,)},
    "code_one_hidden": PRESETS["code"] | {"layers": (500, 10)},
    "memory_one_hidden": NETWORKS["printed_one_hidden"].options | {"memory": 10},
    "late_one_hidden": NETWORKS["late_one_hidden"].options,
    "best_one_hidden": NETWORKS["best_one_hidden"].options,
}
PAPER = 1.0  # mu falls below


def jacobians(V_bar, before, after, area=1.0):
    """Mean U of some images, and the measures of a row of the table.

    Parameters
    ----------
    V_bar : ndarray, shape (images, outputs)
        Mean potentials of the output cells, forward phase, mV.
    before, after : dict of ndarray
        Weights before the first and after the last of the images.
    area : float
        Of the synaptic kernel.

    Returns
    -------
    U : ndarray, shape (outputs, outputs)
    measures : dict of float
    """
    W, Y, c = ((before[key] + after[key]) / 2 for key in ("W_1", "Y_0", "c_0"))
    W, Y = area * W, area * Y
    U = theory.products(V_bar, W, Y, c).mean(axis=0)
    mu = theory.largest_eigenvalue
    return U, {
        "mu": float(mu(U)),
        "mu_of_averages": float(mu(theory.product_of_averages(V_bar, W, Y, c))),
        "mu_of_weights": float(mu(theory.weight_product(W, Y))),
        "angle": float(theory.angle_to_identity(U)),
    }


def follow(run, epochs, chunk):
    """Train from the beginning, and measure alignment.

    Parameters
    ----------
    run : training.Run
    epochs, chunk : int

    Returns
    -------
    rows : list of dict
        One for each chunk of images.
    first, last : ndarray, shape (outputs, outputs)
        Mean U of the first chunk with the weights before it, and of the last with those after it.
    """
    start = weights.initial(run.model, run.config.seed)
    rows, total = [], epochs * len(run.data.train_labels)
    area, many = theory.kernel_area(run.model.memory_steps), deque(maxlen=-(-MANY // chunk))
    with tqdm(total=total, unit="image", disable=None, dynamic_ncols=True) as bar:
        for seen in observe.learning(run, start, epochs=epochs, chunk=chunk):
            V_bar = seen.cells["output", "V_bar"]
            if not rows:
                first, _ = jacobians(V_bar, seen.before, seen.before, area)
            U, measures = jacobians(V_bar, seen.before, seen.after, area)
            many.append(U)
            measures["mu_of_1000"] = float(theory.largest_eigenvalue(np.mean(many, axis=0)))
            rows.append({"images_seen": seen.images_seen} | measures)
            bar.update(seen.images_seen - bar.n)
    last, _ = jacobians(V_bar, seen.after, seen.after, area)
    return rows, first, last


def study(setting):
    """Follow each condition, and keep its curves and matrices."""
    if len(setting.seeds) > 1:
        raise ValueError("--seeds: one network is followed, so give one seed")
    epochs, chunk = setting.epochs or EPOCHS, setting.size(CHUNK, 6)
    for name in setting.only or CONDITIONS:
        config = setting.config(CONDITIONS[name], epochs)
        print(f"{name}: {config.epochs} epochs", flush=True)
        setting.results.configure(name, dataclasses.asdict(config) | {"data_dir": None})
        run = training.Run(config, None)  # its weights are not kept
        rows, first, last = follow(run, config.epochs, chunk)
        about = {"condition": name}
        results = setting.results
        results.update("eigenvalues", [about | row for row in rows], ("condition",))
        entries = [
            about | {"when": when, "row": i, "column": j, "U": U[i, j]}
            for when, U in (("before", first), ("after", last))
            for i, j in np.ndindex(U.shape)
        ]
        results.update("products", entries, ("condition",))
        found = headlines(rows, -(-LAST // chunk))
        about |= {"epochs": config.epochs}
        results.headline([about | row for row in found], setting.arguments or ("--only", name))


def headlines(rows, last):
    """Rows of the summary from those of the table; the end is the last ``last`` rows."""
    found = []
    for measure, column, paper in (
        ("largest_eigenvalue", "mu", PAPER),
        ("largest_eigenvalue_of_averages", "mu_of_averages", PAPER),
        ("largest_eigenvalue_of_1000", "mu_of_1000", PAPER),
        ("angle_to_identity", "angle", None),
    ):
        values = np.array([row[column] for row in rows])
        # Means of 1,000 images overlap from one chunk to the next: only the last one counts.
        end = values[-1:] if column == "mu_of_1000" else values[-last:]
        spread = end.std(ddof=1) if len(end) > 1 else None
        n = {"n": len(end)}
        found += [
            {"measure": f"{measure}_start", "value": values[0], "n": 1},
            {"measure": f"{measure}_min", "value": values.min(), "n": len(values), "paper": paper},
            {"measure": f"{measure}_end", "value": end.mean(), "spread": spread, "paper": paper}
            | n,
        ]
        if paper:
            found.append({"measure": f"{measure}_below_1_end", "value": np.mean(end < paper)} | n)
    return found


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return page.main(NAME, __doc__, study, arguments, tuple(CONDITIONS))


if __name__ == "__main__":
    sys.exit(main())
