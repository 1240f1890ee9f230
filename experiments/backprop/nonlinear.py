"""Does random feedback make use of depth (P Fig 3)? Networks of two and of three layers of weights.

    python -m experiments nonlinear

Targets come from a random 30-20-10-10 network of tanh cells with linear outputs; 30-20-10 and
30-20-10-10 learn them, one example at a time, by backpropagation and by random feedback; 20
networks each, with tasks of their own, tested on 5,000 examples. The rates were set by hand, the
same for all; P gives none.

Expected: the deeper network has the lower error with both (P: p of 3e-12 and 9e-13), random
feedback nearly that of backpropagation. Two minutes of one core.
"""

import numpy as np

from experiments.study.conditions import Condition
from experiments.study.page import Page
from experiments.study.statistics import statistics
from models.backprop.network import regression
from models.backprop.options import Options
from models.theory import Inputs

INPUTS, TEACHER = 30, (20, 10, 10)
WIDTH = 0.5  # of the teacher's weights
PLAIN = {"nonlinearity": "tanh", "eta": (0.02,)}
RANDOM = PLAIN | {"feedback": "random", "feedback_width": 0.5}
CONDITIONS = {
    "bp_two": Condition("backpropagation, 30-20-10", PLAIN | {"layers": (20, 10)}, 1),
    "bp_three": Condition("backpropagation, 30-20-10-10", PLAIN | {"layers": TEACHER}, 1),
    "fa_two": Condition("random feedback, 30-20-10", RANDOM | {"layers": (20, 10)}, 1),
    "fa_three": Condition("random feedback, 30-20-10-10", RANDOM | {"layers": TEACHER}, 1),
}
PAIRS = (("bp_two", "bp_three"), ("fa_two", "fa_three"), ("bp_three", "fa_three"))
NETWORKS, TESTS, CHUNK, CHUNKS = 20, 5000, 10_000, 20


class Teacher:
    """A random network that says what should come out."""

    def __init__(self, rng):
        sizes = (INPUTS, *TEACHER)
        pairs = zip(sizes[:-1], sizes[1:], strict=True)
        self.weights = [rng.uniform(-WIDTH, WIDTH, pair) for pair in pairs]

    def __call__(self, x):
        """Targets of shape (examples, outputs)."""
        *hidden, last = self.weights
        for W in hidden:
            x = np.tanh(x @ W)
        return x @ last


def answers(state, x):
    """What a network of tanh cells with linear outputs says."""
    depth = sum(name[0] == "W" for name in state)
    for m in range(depth):
        x = x @ state[f"W_{m}"] + state[f"b_{m}"]
        x = np.tanh(x) if m < depth - 1 else x
    return x


def normalised_error(state, x, target):
    """|target - y|^2 over the variance of the targets."""
    return np.mean((target - answers(state, x)) ** 2) / target.var(axis=0).mean()


def follow(program, net, seed, chunks):
    """Train one network: its error at the beginning and after each chunk."""
    rng = np.random.default_rng([seed, 1])
    teacher, state = Teacher(rng), net.start(seed)
    x = rng.normal(size=(TESTS, INPUTS))
    target, errors = teacher(x), []
    for _ in range(chunks):
        errors.append(normalised_error(state, x, target))
        given = rng.normal(size=(program.images, INPUTS))
        state = program.run(Inputs(given, teacher(given), state, seed)).state
    return [*errors, normalised_error(state, x, target)]


def study(setting):
    """Train all networks, and compare their errors."""
    seeds, chunks = range(setting.size(NETWORKS, 3)), setting.size(CHUNKS, 2)
    device = "runtime" if setting.smoke else "standalone"
    for name in setting.chosen(CONDITIONS):
        net = regression(Options(**CONDITIONS[name].options), INPUTS)
        program = net.program(setting.size(CHUNK, 20), device=device)
        found = np.array([follow(program, net, seed, chunks) for seed in seeds])
        about = {"condition": name, "epochs": 1}
        rows = [
            about | {"seed": k, "test_error": e} for k, e in zip(seeds, found[:, -1], strict=True)
        ]
        setting.results.update("networks", rows, ("condition",))
        steps = program.images * np.arange(chunks + 1)
        table = [
            {"condition": name, "step": step, "error": e.mean(), "error_sd": e.std(ddof=1)}
            for step, e in zip(steps, found.T, strict=True)
        ]
        setting.results.update("steps", table, ("condition",))
        row = {"condition": name, "measure": "normalised_error", "value": found[:, -1].mean()}
        row |= {"spread": found[:, -1].std(ddof=1), "n": len(found)}
        setting.results.headline([row], ("--only", name))
    statistics(setting.results, PAIRS)


page = Page(
    __name__,
    __doc__,
    study,
    CONDITIONS,
    PAIRS,
    title="A nonlinear task: two and three layers of weights",
)
