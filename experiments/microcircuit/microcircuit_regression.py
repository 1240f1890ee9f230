"""Do apical errors teach a hidden layer a nonlinear function (Sacramento et al. 2018, Fig 2)?

    python -m experiments microcircuit_regression [--only regression_full ...]

A student of 30-50-10 cells, with 10 interneurons, is to become a teacher of 30-20-10 cells without
dendrites; weights and patterns from U(-1, 1), rates 0.1 log(1 + exp(u - 3)), the student
self-predicting at first, top-down weights fixed. Each of 10^6 patterns is one steady state (two
sweeps) and one update of ten times the paper's rates, which stands for its 10^7 patterns of 100 ms.
``regression_full``: both layers learn; ``regression_shallow``: only the output does. Test error:
the squared error of rates, summed over outputs, of 500 patterns without a target; the angle of
top-down to transposed bottom-up weights; how far W_IP is from self-predicting. Three teachers and
students. ``traces``: the same circuit in time, .1 ms steps, 20,000 patterns at 200 times the
paper's rates; five patterns before and after, with their targets.

The paper shows curves and no numbers: full well below shallow, an angle that falls to some 45
degrees. Expected: .0026 in full, .066 in shallow; the angle falls to 62 degrees; in time, outputs
come to follow their targets. Four minutes a network of a million patterns, two for the traces.
"""

import numpy as np

from experiments.measures import angle
from experiments.microcircuit import tasks
from experiments.microcircuit.playing import Player, continuous, how
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.engine.recording import Recording
from models.microcircuit import sweeps
from models.microcircuit.options import Options
from models.microcircuit.rates import RATES
from models.microcircuit.weights import self_predicting, weights

PAPER = {"eta_up": (0.0011875, 0.0005), "eta_IP": (0.0011875,)}  # 1/ms
CIRCUIT = {"layers": tasks.STUDENT, "phi": "rectifier", "w_up": (1.0,), "w_down": (1.0,)}
FASTER, FASTER_TRACES = 10, 200  # than the paper's rates
CONDITIONS = {"regression_full": (1.0, 1.0), "regression_shallow": (0.0, 1.0)}  # of both layers
TRACES = "traces"
SEEDS, TRIALS, EVERY, TESTS = 3, 1_000_000, 10_000, 500
SHOWN, PATTERNS, PART = 5, 20_000, 100
THIN = 10  # of so many steps, one is kept for the figure


def rates(times, learns=(1.0, 1.0)):
    """So many times the paper's learning rates, of the layers that learn."""
    up = tuple(times * eta * on for eta, on in zip(PAPER["eta_up"], learns, strict=True))
    return {"eta_up": up, "eta_IP": tuple(times * eta for eta in PAPER["eta_IP"])}


def learned(setting, name, seed):
    """Rows of a student by the patterns it has seen."""
    options = Options(
        thresholds=False, batch=1, sweeps=2, **CIRCUIT, **rates(FASTER, CONDITIONS[name])
    )
    task, rng = tasks.Regression.of(seed), np.random.default_rng([seed, 22])
    tests, rows = task.patterns(TESTS, rng), []
    state = weights(options, tasks.INPUTS, seed)
    key, every = {"condition": name, "seed": seed}, setting.size(EVERY, 20)
    for seen in range(0, setting.size(TRIALS, 40) + 1, every):
        rows.append(key | {"patterns": seen} | measured(options, state, *tests))
        for x, goal in zip(*(part[:, None] for part in task.patterns(every, rng)), strict=True):
            state = sweeps.updated(options, state, x, goal)
    print(f"{name}, seed {seed}: test error {rows[-1]['error']:.4f}", flush=True)
    return rows


def measured(options, state, x, goal):
    """Test error, angle of feedback, and distance of W_IP to the self-predicting one."""
    phi, ideal = RATES[options.phi], self_predicting(options, state)["IP_0"]
    r = sweeps.settle(options, state, x).r[-1]
    return {
        "error": np.mean(np.sum((r - phi(goal)) ** 2, axis=1)),
        "angle": float(angle(state["TD_0"].ravel(), state["W_1"].T.ravel())),
        "IP": np.linalg.norm(state["IP_0"] - ideal) / np.linalg.norm(ideal),
    }


def traces(setting):
    """Rows by time of five patterns, before and after learning in time."""
    given = continuous(setting, sigma=0.3, **CIRCUIT, **rates(FASTER_TRACES))
    task, rng = tasks.Regression.of(1), np.random.default_rng([1, 23])
    x, goal = task.patterns(SHOWN, rng)
    record = Recording({"rates": ("r",), "voltages": ("v_A",)})
    shows = Player(given, tasks.INPUTS, SHOWN, how(setting), record)
    part = setting.size(PART, 2)
    learns = Player(given, tasks.INPUTS, part, how(setting))
    state, rows, cell = learns.network.start(1), [], None
    asked = np.repeat(RATES[given.phi](goal), given.steps_shown, axis=0)
    for when in ("before", "after"):
        if when == "after":
            for _ in range(setting.size(PATTERNS, part) // part):
                state, _ = learns.show(state, *task.patterns(part, rng))
        # Without a target the output is what was learned; with it, apical potentials are errors.
        _, free = shows.show(state, x, learns=False)
        _, taught = shows.show(state, x, goal, learns=False)
        apical = taught.records["voltages", "hidden_0", "v_A"]
        if cell is None:
            cell = int(np.abs(apical).sum(axis=0).argmax())
            own = int(np.var(asked, axis=0).argmax())
        columns = {
            "r_2": free.records["rates", "output", "r"][:, own],
            "target": asked[:, own],
            "v_A": apical[:, cell],
        }
        for k in range(0, len(asked), THIN):
            row = {"when": when, "t": k * given.dt}
            rows.append(row | {name: values[k] for name, values in columns.items()})
    return rows


def study(setting):
    """Students of all conditions, and the traces."""
    for name in setting.chosen((*CONDITIONS, TRACES)):
        if name == TRACES:
            setting.results.write(TRACES, traces(setting))
            continue
        found = [learned(setting, name, s) for s in range(1, setting.size(SEEDS, 2) + 1)]
        setting.results.update("curves", [r for rows in found for r in rows], ("condition",))
        about, ends = {"condition": name}, [rows[-1] for rows in found]
        told = {"test_mse": "error", "feedback_angle": "angle", "IP_distance": "IP"}
        setting.results.headline(
            [
                about | {"measure": measure} | summary([row[key] for row in ends])
                for measure, key in told.items()
            ],
            setting.arguments,
        )


page = Page(
    __name__,
    __doc__,
    study,
    title="A nonlinear function, learned from apical errors",
    parts=(*CONDITIONS, TRACES),
    trains=False,
)
