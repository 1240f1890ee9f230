"""Do the forward and feedback paths become inverse to each other (P Fig 5-S1)?

    python -m experiments alignment [--only one_hidden ...]

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

from collections import deque

import numpy as np

from experiments.measures import angle_to_identity, largest_eigenvalue
from experiments.run import loop
from experiments.segregated import jacobians
from experiments.segregated.lemma_1 import kernel_area
from experiments.segregated.settings import BEST, EARLY, EARLY_ONE, LATE, PRINTED_ONE, RESTED, small
from experiments.study import observe
from experiments.study.conditions import Condition
from experiments.study.page import Page
from experiments.study.statistics import summary
from models import progress
from models.segregated.presets import PRESETS

CHUNK = 100  # images of a mean
LAST = 1000  # images at the end that headlines average
MANY = 1000  # images of a longer mean
DASHES, LONG = (0, (5, 1, 1, 1, 1, 1)), (0, (6, 2))


def condition(label, options, color, line):
    """A condition of one epoch."""
    return Condition(label, options, 1, look=(color, "", line))


CONDITIONS = {
    "printed_one_hidden": condition("as printed", PRINTED_ONE, "C3", "--"),
    "wide_one_hidden": condition(
        "as printed, wide weights", PRINTED_ONE | {"init": (1.0,)}, "C5", ":"
    ),
    "memory_one_hidden": condition(
        "as printed, kernel of 10 ms", PRINTED_ONE | {"memory": 10}, "C6", "-."
    ),
    "code_one_hidden": condition(
        "as the authors' code", PRINTED_ONE | PRESETS["code"], "C4", DASHES
    ),
    "late_one_hidden": condition("from rest, late plateau", RESTED | LATE, "C2", (0, (1, 1, 3, 1))),
    "one_hidden": condition(EARLY, EARLY_ONE, "C0", LONG),
    "best_one_hidden": condition("best settings", BEST, "C1", "-"),
}
PAPER = 1.0  # mu falls below


def measured(V_bar, before, after, area=1.0):
    """Mean U of some images, shape (outputs, outputs), and the measures of a row of the table.

    ``V_bar``, shape (images, outputs), are mean potentials of the output cells, forward phase, mV;
    weights are those before the first and after the last of the images; ``area``: of the kernel.
    """
    W, Y, c = ((before[key] + after[key]) / 2 for key in ("W_1", "Y_0", "c_0"))
    W, Y = area * W, area * Y
    U = jacobians.products(V_bar, W, Y, c).mean(axis=0)
    mu = largest_eigenvalue
    return U, {
        "mu": float(mu(U)),
        "mu_of_averages": float(mu(jacobians.product_of_averages(V_bar, W, Y, c))),
        "mu_of_weights": float(mu(jacobians.weight_product(W, Y))),
        "angle": float(angle_to_identity(U)),
    }


def follow(run, epochs, chunk):
    """Train from the beginning, and measure alignment: rows, one for each chunk of images, and U.

    Mean U, shape (outputs, outputs), of the first chunk with the weights before it, and of the last
    with those after it.
    """
    rows, total = [], epochs * len(run.data.train_labels)
    area, many = kernel_area(run.network.memory_steps), deque(maxlen=-(-MANY // chunk))
    with progress.bar(total=total, unit="image") as bar:
        for seen in observe.learning(run, epochs=epochs, chunk=chunk):
            V_bar = seen.cells["output", "V_bar"]
            if not rows:
                first, _ = measured(V_bar, seen.before, seen.before, area)
            U, measures = measured(V_bar, seen.before, seen.after, area)
            many.append(U)
            measures["mu_of_1000"] = float(largest_eigenvalue(np.mean(many, axis=0)))
            rows.append({"images_seen": seen.images_seen} | measures)
            bar.update(seen.images_seen - bar.n)
    last, _ = measured(V_bar, seen.after, seen.after, area)
    return rows, first, last


def study(setting):
    """Follow each condition, and keep its curves and matrices."""
    setting.one_seed("one network is followed, so give one seed")
    chunk = setting.size(CHUNK, 6)
    for name in setting.only or CONDITIONS:
        condition = CONDITIONS[name]
        config = setting.configured(name, condition.options, setting.epochs or condition.epochs)
        print(f"{name}: {config.epochs} epochs", flush=True)
        run = loop.Run(config, None)  # its weights are not kept
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
        found += [
            {"measure": f"{measure}_start", "value": values[0], "n": 1},
            {"measure": f"{measure}_min", "value": values.min(), "n": len(values), "paper": paper},
            {"measure": f"{measure}_end", "paper": paper} | summary(end),
        ]
        if paper:
            below = {"value": np.mean(end < paper), "n": len(end)}
            found.append({"measure": f"{measure}_below_1_end"} | below)
    return found


page = Page(__name__, __doc__, study, CONDITIONS, smoke=small)
