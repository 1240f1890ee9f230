"""Do bursts teach a spiking network exclusive-or?

    python -m experiments burst_xor [--only xor ...]

Payeur et al. (2021), Fig 4: two inputs, two hidden populations and an output of 200 cells each,
sparse synapses, plastic from input to hidden and from hidden to output. Only events go up, only
bursts come down: they excite the dendrites of the first hidden population and inhibit those of the
second. An example lasts 2 s; in its last .4 s the teacher speaks to the output's dendrites, and
only then weights change. 160 epochs of the four patterns in an order by chance. A test is 8 s a
pattern without a teacher. Solved is what fires above 6 Hz for (1, 0) and (0, 1) only. Five seeds,
of synapses, of the order and of noise; three of each control.

Cells, rule, teacher, noise and the currents for a 1 and for the output are as published. The
published network has 500 cells a population and 500 epochs of 8 s an example; to come through with
1,280 s in the place of 16,000 we differ (``models.bursts.exclusive_or``: ``Task`` has what is ours,
``PUBLISHED`` theirs): fewer cells with as many synapses, shorter examples and averages, larger
learning rates that fall to a tenth over the second half, a longer trace, feedback twice as strong,
inputs nearly silent for 0, and homeostasis that leaves rates more room. ``published_...`` undo one
of the last four each. All were chosen with a throw-away program and networks of other seeds; all
published values together were not run.

Expected: all five seeds solve it. Before, the output fires at 2 to 4 Hz, more the more inputs are
on; after, at 9.2 Hz for one input, 4.4 for none and 4.9 for both, and at the end in 98 % of epochs.
While the teacher speaks, bursts of the first hidden population go up and down with those of the
output (r = .7), those of the second the other way (-.8): for (1, 1) the first learns to fire less
than for one input, the second more. With fixed input weights (0, 1), (1, 0) and (1, 1) end alike,
at 7 Hz. Where bursts excite both hidden populations the answer has the right shape, 9.1 Hz for one
input and 6.7 for both, but not below the limit, with twice the epochs neither (the paper: it still
works); averages over .5 s come to 6.3 Hz for both, and still fall. Constant learning rates solve
it now and then. Published homeostasis does not: with its ceiling at 10 Hz the second population
comes to 9.6 Hz for (1, 1), and not to 20. Of the others, one network each: published feedback
solves it, with the published trace and the published current both inputs give 6.3 and 6.2 Hz, and
it is solved in a quarter of the last epochs. A minute of processor time a network.
"""

import numpy as np
from brian2 import pA, second

from experiments.study.page import Page
from experiments.study.statistics import summary
from models.bursts import exclusive_or
from models.bursts.exclusive_or import BIN, PUBLISHED, READ_OF, Task
from models.theory import Inputs

PATTERNS = ((0, 0), (1, 0), (0, 1), (1, 1))
NAMES = ["".join(map(str, pattern)) for pattern in PATTERNS]
WANTED = np.array([sum(pattern) == 1 for pattern in PATTERNS])
SEEDS, CONTROLS, ONE = (1, 2, 3, 4, 5), (1, 2, 3), (1,)
LIMIT, LAST, FEW = 6.0, 20, 2  # Hz; epochs that are judged; epochs that are kept bin by bin
TESTED, SETTLES = 80, 10  # bins of a test, and before it
SAME = {"f_e": (0.65, 0.65), "f_i": (0.15, 0.15), "x_hidden": (-300 * pA, -300 * pA)}
CONDITIONS = {  # what is not as in ``Task``
    "xor": {},
    "fixed_inputs": {"eta": (0.0, Task().eta[1])},
    "same_sign": SAME,
    "same_sign_long": SAME | {"epochs": 2 * Task().epochs},
    "short_average": {"tau_avg": 0.5 * second},
    "no_anneal": {"slows": 1.0},
    "published_bounds": {name: PUBLISHED[name] for name in ("r_max", "k_min")},
    "published_input": {"I_0": PUBLISHED["I_0"]},
    "published_feedback": {
        "f_e": (0.325, 0.0325),
        "f_i": (0.075, 0.3375),
        "x_hidden": PUBLISHED["x_hidden"],
    },
    "published_trace": {"tau_pre": PUBLISHED["tau_pre"]},
}
UNDONE = ("published_input", "published_feedback", "published_trace")


def currents(task, pattern):
    """Into the somata of both inputs, pA."""
    return [float((task.I_1 if on else task.I_0) / pA) for on in pattern]


def exam(task, bins):
    """What the network is given in a test: all patterns, so many bins each, and no teacher."""
    return np.array([(*currents(task, one), 0, 0, 0) for one in PATTERNS for _ in range(bins)])


def lessons(task, seed):
    """What the network is given to learn, a row each bin, and the order of patterns by epoch.

    Each epoch has all patterns, in an order by chance. At the end of an example the teacher speaks,
    and only then is anything learned. Rates of learning fall over the second half of all epochs.
    """
    rng = np.random.default_rng([seed, 23])
    bins, taught = (round(float(time / BIN)) for time in (task.lasts, task.taught))
    rows, order = [], []
    for epoch in range(1, task.epochs + 1):
        rate = 1 - (1 - task.slows) * max(2 * epoch / task.epochs - 1, 0)
        order.append(rng.permutation(len(PATTERNS)))
        for k in order[-1]:
            given = (*currents(task, PATTERNS[k]), WANTED[k])
            rows += [(*given, 0, 0)] * (bins - taught) + [(*given, 1, rate)] * taught
    return np.array(rows), np.array(order)


def cost(rates):
    """Cross-entropy of the output's event rates (Hz, the last axis is patterns)."""
    y = np.clip((np.asarray(rates) - 2) / 8, 0.01, 0.99)
    return -np.log(np.where(WANTED, y, 1 - y)).sum(axis=-1)


def solved(rates):
    """Whether the output is above the limit for exactly one active input."""
    return np.all((np.asarray(rates) > LIMIT) == WANTED, axis=-1)


def percent(B, E):
    """Burst probability, per cent; nan where there was no event."""
    return 100 * np.divide(B, E, out=np.full(np.shape(E), np.nan), where=E > 0)


class Learner:
    """A network and its tests; ``state`` and ``seconds`` (of processor time) go on."""

    def __init__(self, setting, task, seed):
        self.task, self.seed, self.seconds = task, seed, 0.0
        network = exclusive_or.network(task, seed)
        self.rows, self.order = lessons(task, seed)
        self.tested, self.settles = setting.size(TESTED, 1), setting.size(SETTLES, 0)
        bins = max(len(self.rows), len(PATTERNS) * (self.tested + self.settles))
        device = setting.size("standalone", "runtime")
        self.program = network.program(bins, device=device, precision="single")
        self.state = network.start(seed)

    def shown(self, rows, number, learns):
        """Rates of events and of bursts in each bin, Hz, of shape (bins, populations)."""
        labels, own = np.zeros(len(rows), dtype=int), 10 * self.seed + number
        out = self.program.run(Inputs(rows, labels, self.state, own, learns=learns))
        self.state, self.seconds = out.state, self.seconds + out.seconds.cpu
        cells = self.task.n_cells * float(BIN / second)
        return [np.asarray(one, float) / cells for one in (out.answers, out.measures["bursts"])]

    def test(self, number):
        """The same as means of a test, of shape (patterns, populations)."""
        bins = self.settles + self.tested
        both = self.shown(exam(self.task, bins), number, False)
        by_pattern = (rates.reshape(len(PATTERNS), bins, -1) for rates in both)
        return [rates[:, self.settles :].mean(axis=1) for rates in by_pattern]

    def lesson(self):
        """The same of all that is learned from, of shape (epochs, examples, bins, populations)."""
        shape = (*self.order.shape, -1, len(READ_OF))
        return [rates.reshape(shape) for rates in self.shown(self.rows, 1, True)]

    def answers(self, E):
        """Output rates (epochs, patterns) in the second half of the time without a teacher."""
        free = round(float((self.task.lasts - self.task.taught) / BIN))
        means = E[:, :, free // 2 : free, -1].mean(axis=2)
        return np.take_along_axis(means, np.argsort(self.order, axis=1), axis=1)


def of_test(about, when, E, B):
    """Rows of a test."""
    for k, pattern in enumerate(NAMES):
        for m, name in enumerate(READ_OF):
            row = about | {"when": when, "pattern": pattern, "population": name}
            told = {"event_rate": E[k, m], "burst_probability": percent(B, E)[k, m]}
            yield row | {name: round(value, 3) for name, value in told.items()}


def of_bins(learner, E, B):
    """Rows of the first bins: burst probabilities (%) while the teacher speaks and while not."""
    bins, probability = E.shape[2], percent(B, E)
    for k in range(len(PATTERNS) * min(FEW, len(E))):
        epoch, example = divmod(k, len(PATTERNS))
        for b in range(bins):
            row = {"time": round((k * bins + b + 1) * float(BIN / second), 3)}
            row |= {"pattern": NAMES[learner.order[epoch, example]]}
            row |= {"teaches": int(learner.rows[k * bins + b, 3])}
            yield row | {
                name: round(probability[epoch, example, b, m], 2)
                for m, name in enumerate(READ_OF)
                if m > 1
            }


def learned(setting, condition, seed):
    """One network is tested, learns, and is tested again; returns what is to be summed up."""
    task = Task(**CONDITIONS[condition])
    if setting.smoke:
        task = task._replace(n_cells=10, epochs=1, lasts=2 * BIN, taught=BIN)
    about, keys = {"condition": condition, "seed": seed}, ("condition", "seed")
    learner = Learner(setting, task, seed)
    before = learner.test(0)
    E, B = learner.lesson()
    after = learner.test(2)
    tests = [*of_test(about, "before", *before), *of_test(about, "after", *after)]
    answers = learner.answers(E)
    epochs = [
        about
        | {"epoch": epoch, "cost": round(cost(rates), 3), "solved": int(solved(rates))}
        | {f"rate_{name}": round(rate, 2) for name, rate in zip(NAMES, rates, strict=True)}
        for epoch, rates in enumerate(answers, 1)
    ]
    rates = after[0][:, -1]
    found = {"solved_share": float(solved(rates)), "solved_late": solved(answers[-LAST:]).mean()}
    found |= {"cost": cost(rates), "cost_before": cost(before[0][:, -1])}
    found |= {"margin": np.where(WANTED, rates - LIMIT, LIMIT - rates).min()}
    found |= {"cpu_minutes": learner.seconds / 60}
    setting.results.update("tests", tests, keys)
    setting.results.update("epochs", epochs, keys)
    setting.results.update("seeds", [about | found], keys)
    if condition == "xor" and seed == SEEDS[0]:
        setting.results.write("bins", list(of_bins(learner, E, B)))
    told = ", ".join(f"{name} {value:.3g}" for name, value in found.items())
    print(f"{condition}, seed {seed}: {rates.round(2)} Hz; {told}", flush=True)
    return found


def study(setting):
    """All conditions, all seeds."""
    for condition in setting.only or setting.size(tuple(CONDITIONS), ("xor",)):
        seeds = SEEDS if condition == "xor" else ONE if condition in UNDONE else CONTROLS
        found = [learned(setting, condition, seed) for seed in setting.size(seeds, seeds[:1])]
        rows = [
            {"condition": condition, "measure": measure} | summary([one[measure] for one in found])
            for measure in found[0]
        ]
        setting.results.headline(rows, setting.arguments)


page = Page(
    __name__,
    __doc__,
    study,
    title="Exclusive-or, learned by bursts",
    parts=tuple(CONDITIONS),
    trains=False,
)
