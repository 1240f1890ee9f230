"""Does random feedback teach a linear network, and does it align (P Fig 1)?

    python -m experiments linear

30-20-10, all linear: y should become T x with T ~ U(-1, 1) and x ~ N(0, 1), one example at a time,
rate 0.005, W and W_0 ~ U(-.01, .01), B ~ U(-.5, .5); 20 networks. Every 100 steps: the squared
error |T x - y|^2/|T x|^2, the angles of the hidden update B e to backpropagation's W^T e and to the
pseudobackprop W^+ e, the angle of W^T and B, the least eigenvalue of the symmetric part of
W B, and the least over factors f of lambda_max[(I - f W B)(I - f W B)^T]: below 1 there is feedback
of some strength that sends hidden targets the right way (the test of difference target propagation,
and of the segregated dendrites' Theorem 1). ``bp`` carries an unrelated B along, as a control.

Expected (20 networks in NumPy): after 100 steps an error of 0.38 by random feedback and 0.99 by
backpropagation, which starts slowly as W starts near 0; the angle falls from 90 to 36 degrees after
100 steps and 26 after 2,000; lambda_max falls below 1 in random feedback and never in the control.
Half a minute, mostly compiling.
"""

from typing import NamedTuple

import numpy as np

from experiments import measures
from experiments.study.conditions import Condition
from experiments.study.page import Page
from models.backprop.network import regression
from models.backprop.options import Options
from models.theory import Inputs

INPUTS, HIDDEN, OUTPUTS = 30, 20, 10
PLAIN = {"layers": (HIDDEN, OUTPUTS), "nonlinearity": "linear", "eta": (0.005,), "init": (0.01,)}
RANDOM = PLAIN | {"feedback": "random", "feedback_width": 0.5}
CONDITIONS = {
    "bp_linear": Condition("backpropagation", PLAIN, 1),
    "fa_linear": Condition("random feedback", RANDOM, 1),
    "shallow_linear": Condition("only the output learns", PLAIN | {"feedback": "none"}, 1),
}
NETWORKS, STEPS, EVERY, SHOWN = 20, 2000, 100, 200
FACTORS = np.geomspace(1e-3, 100, 200)
AT = (100, 200, 500, 1000, 2000)  # steps in the summary
MEASURES = (
    "error",
    "angle",
    "angle_to_pseudo",
    "angle_of_weights",
    "least_eigenvalue",
    "lambda_max",
)
PAPER = {("angle", 100): 45}  # P: below 45 degrees


class Task(NamedTuple):
    """A linear map to be learned, and random feedback weights (also for the control)."""

    T: np.ndarray  # (inputs, outputs)
    B: np.ndarray  # (outputs, hidden)

    @classmethod
    def of(cls, rng):
        """A new one."""
        T = rng.uniform(-1, 1, (INPUTS, OUTPUTS))
        return cls(T, rng.uniform(-0.5, 0.5, (OUTPUTS, HIDDEN)))


def look(task, state, x):
    """All measures of a network.

    Parameters
    ----------
    task : Task
    state : dict of ndarray
        ``W_0``, ``b_0``, ``W_1``, ``b_1``.
    x : ndarray, shape (examples, inputs)
        For the angles.

    Returns
    -------
    dict of float
        By the names in ``MEASURES``.
    """
    W_0, W_1 = state["W_0"], state["W_1"]
    missing = task.T - W_0 @ W_1
    offset = state["b_0"] @ W_1 + state["b_1"]
    error = (np.sum(missing**2) + np.sum(offset**2)) / np.sum(task.T**2)
    e = x @ missing - offset
    fa, bp, pseudo = e @ task.B, e @ W_1.T, e @ np.linalg.pinv(W_1)
    M = W_1.T @ task.B.T  # W B, outputs by outputs
    scaled = measures.largest_eigenvalue(FACTORS[:, None, None] * M)
    return {
        "error": error,
        "angle": np.nanmean(measures.angle(fa, bp)),
        "angle_to_pseudo": np.nanmean(measures.angle(fa, pseudo)),
        "angle_of_weights": measures.angle(W_1.T.ravel(), task.B.ravel()),
        "least_eigenvalue": np.linalg.eigvalsh((M + M.T) / 2)[0],
        "lambda_max": scaled.min(),
    }


def follow(program, net, seed, steps):
    """Train one network: rows of a table, one every ``EVERY`` steps, the first before any."""
    rng = np.random.default_rng([seed, 1])
    task, state = Task.of(rng), net.start(seed)
    state |= {name: task.B for name in state if name == "B_0"}
    rows, x = [], rng.normal(size=(SHOWN, INPUTS))
    for step in range(0, steps + 1, EVERY):
        rows.append({"step": step} | look(task, state, x))
        given = rng.normal(size=(EVERY, INPUTS))
        state = program.run(Inputs(given, given @ task.T, state, seed)).state
    return rows


def study(setting):
    """Train all networks, and keep the mean and spread of every measure."""
    seeds, steps = range(setting.size(NETWORKS, 2)), setting.size(STEPS, 2 * EVERY)
    device = "runtime" if setting.smoke else "standalone"
    for name in setting.chosen(CONDITIONS):
        net = regression(Options(**CONDITIONS[name].options), INPUTS)
        program = net.program(EVERY, device=device)
        found = [follow(program, net, seed, steps) for seed in seeds]
        table = []
        for rows in zip(*found, strict=True):
            row = {"condition": name, "step": rows[0]["step"], "n": len(rows)}
            for measure in MEASURES:
                values = np.array([r[measure] for r in rows])
                row |= {measure: values.mean(), f"{measure}_sd": values.std(ddof=1)}
            table.append(row)
        setting.results.update("steps", table, ("condition",))
        setting.results.headline(list(_headlines(name, table)), ("--only", name))


def _headlines(name, table):
    """The angle after 100 steps, and the other measures after some."""
    for row in table:
        if row["step"] not in AT:
            continue
        for measure in MEASURES:
            named = measure if (measure, row["step"]) in PAPER else f"{measure}_{row['step']}"
            about = {"condition": name, "measure": named, "n": row["n"]}
            spread = {"value": row[measure], "spread": row[f"{measure}_sd"]}
            paper = PAPER.get((measure, row["step"])) if name == "fa_linear" else None
            yield about | spread | {"paper": paper}


page = Page(
    __name__,
    __doc__,
    study,
    CONDITIONS,
    title="A linear network of 30-20-10: error, angles and Theorem 1's eigenvalue",
)
