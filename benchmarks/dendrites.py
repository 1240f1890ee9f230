"""CPU time of dendritic microcircuits, beside the same networks written by hand.

    python -m benchmarks.dendrites [--data-dir DIR]

784-500-500-10 on MNIST in single precision; W, IP and thresholds learn, TD and PI are fixed. In
continuous time, an image is 1,000 steps of 0.1 ms: the theory's circuit in compiled Brian2 beside
``dendrites.cpp``, in which every plastic synapse does in each step what the rule says; with noise,
and in the low-rank form of the input's synapses. In sweeps, all 55,000 images once, mini-batches of
ten: the theory's program beside ``dendrites_sweeps.cpp``. Both have to end with the same potentials
and weights. Writes ``results/benchmarks/dendrites.csv``, and the first ratio into the summary.
"""

import sys
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from brian2 import ms
from numpy.linalg import norm

from benchmarks import measuring
from benchmarks.measuring import HERE, Ratio, built, call, children, show
from models.engine.network import one_hot
from models.microcircuit.network import network
from models.microcircuit.options import PRESETS, Options
from models.microcircuit.parameters import Dendrites
from models.microcircuit.weights import goals
from models.theory import Inputs

NAME = "benchmarks.dendrites"
COLUMNS = ("network", "what", "cpu_s", "beside", "its_cpu_s", "ratio", "lowest", "highest")
COLUMNS += ("potentials_differ_by", "weights_differ_by")
SIZES, STEP, LASTS, SIGMA = (784, 500, 500, 10), 0.1, 100.0, 0.1  # ms
IMAGES, EPOCH, CHECKED, REPEATS = 5, 55_000, 2_000, 5
G = ("g_lk", "g_B", "g_A", "g_D", "g_som")
WEAK = {name: PRESETS["mnist"][name] for name in G}
PLAIN = MappingProxyType({})
CONTINUOUS = {  # condition -> what, options
    "speed_continuous": ("an image of 100 ms", PLAIN),
    "speed_noise": ("with noise", {"sigma": SIGMA}),
    "speed_low_rank": ("low-rank form of the input", {"low_rank": True}),
}
# Differences that single precision allows: of potentials, the largest; of weights, the largest of
# all arrays, as a share of what an array has changed (both RMS).
LARGEST = {"potentials": 1e-4, "weights": 1e-3}


class Ended(NamedTuple):
    """What a run took, and where it ended, in the order of the hand-written programs."""

    cpu: float  # s
    weights: list  # of flat arrays, and thresholds
    potentials: np.ndarray  # of all cells


class Task(NamedTuple):
    """A network, and images that are shown to it."""

    sizes: tuple
    options: Options
    images: np.ndarray
    labels: np.ndarray

    @classmethod
    def of(cls, data, images, sizes=SIZES, **words):
        """So many of the training images of a data set; ``words`` are options of the theory.

        Lateral weights are random: where they cancel, some errors begin as rounding alone.
        """
        options = Options(layers=sizes[1:], dt=STEP, start="random", **WEAK | words)
        return cls(sizes, options, data.train_images[:images], data.train_labels[:images])

    def first(self, images):
        """The same task with so many images."""
        return self._replace(images=self.images[:images], labels=self.labels[:images])

    @property
    def network(self):
        """The theory's."""
        return network(self.options, self.sizes[0], self.sizes[-1])

    @property
    def hidden(self):
        """How many hidden layers there are."""
        return len(self.sizes) - 2

    @property
    def rates(self):
        """Learning rates of all W, then of all IP, 1/ms."""
        return np.array([*self.options.each("eta_up"), *self.options.each("eta_IP")])

    def names(self, *hidden):
        """Arrays of W and b of each layer; behind them those of each hidden layer."""
        found = []
        for m, name in enumerate(self.options.names):
            found += [f"W_{m}", f"b_{name}"]
            found += [f"{one}_{m}" for one in hidden if m < self.hidden]
        return found

    def ended(self, cpu, state):
        """Of our programs, which give back a state."""
        inner = [f"u_{kind}_{m}" for m in range(self.hidden) for kind in ("hidden", "inter")]
        found = [state[name] for name in (*inner, "u_output") if name in state]
        return Ended(cpu, self.learned(state), np.concatenate(found) if found else np.zeros(0))

    def learned(self, state):
        """Weights and thresholds that learn, flat."""
        return [np.ravel(state[name]) for name in self.names("IP", "b_inter")]

    def given(self, numbers, rates):
        """What the hand-written programs read."""
        state = self.network.start(1)
        weights = [state[name] for name in self.names("TD", "IP", "b_inter", "PI")]
        targets = goals(self.options, one_hot(self.labels, self.sizes[-1]))
        given = (numbers, rates, *weights, self.images, targets)
        return b"".join(np.asarray(one, np.float32).tobytes() for one in given)

    def read(self, cpu, said):
        """Of hand-written programs, which write weights and perhaps potentials."""
        ends = np.cumsum([weights.size for weights in self.started])
        *weights, potentials = np.split(np.frombuffer(said, np.float32).astype(float), ends)
        return Ended(cpu, weights, potentials)

    @property
    def started(self):
        """What learns, as it was, as single precision has it."""
        return [weights.astype(np.float32) for weights in self.learned(self.network.start(1))]


class Ours:
    """A program of the theory, for all images of a task."""

    def __init__(self, task):
        self.task, self.start = task, task.network.start(1)
        self.program = measuring.program(task.network, len(task.images))

    def run(self, images):
        """What so many images do."""
        _, _, *given = self.task.first(images)
        out = self.program.run(Inputs(*given, self.start, 1))
        return self.task.ended(out.seconds.cpu, out.state)


class Hand:
    """The hand-written program, for the same."""

    def __init__(self, task, folder):
        self.task, self.program, options = task, built(HERE / "dendrites.cpp", folder), task.options
        form = "low_rank" if options.low_rank else "plain"
        self.words = form, round(options.lasts / options.dt)
        taus = [getattr(Dendrites(), name) / ms for name in ("tau_0", "tau_w")]
        self.numbers = [options.dt, *taus, *(getattr(options, g) for g in G), options.spread]

    def run(self, images):
        """What so many images do."""
        task = self.task.first(images)
        given, before = task.given(self.numbers, task.rates), children()
        said = call(self.program, *self.words, images, *task.sizes, given=given)
        return task.read(children() - before, said)


class HandSweeps:
    """The hand-written program in sweeps, for the same."""

    def __init__(self, task, folder):
        self.task, self.program = task, built(HERE / "dendrites_sweeps.cpp", folder)
        self.numbers = [getattr(task.options, name) for name in G]

    def run(self, images, epochs=1):
        """What so many images do, shown so many times."""
        task, rates = self.task.first(images), self.task.options.lasts * self.task.rates
        given, before = task.given(self.numbers, rates), children()
        said = call(self.program, images, epochs, *task.sizes, given=given)
        return task.read(children() - before, said)


def differences(ours, theirs, started):
    """Of two runs, by the names of ``LARGEST``."""
    pairs = zip(ours.weights, theirs.weights, started, strict=True)
    found = {"weights": np.max([norm(a - b) / norm(b - start) for a, b, start in pairs])}
    if theirs.potentials.size:
        found["potentials"] = np.abs(ours.potentials - theirs.potentials).max()
    return found


def refuse_others(name, apart):
    """Raise ValueError for differences of another model."""
    for what, value in apart.items():
        if not value <= LARGEST[what]:
            raise ValueError(f"{name}: {what} differ by {value:.1e}: another model")


def each(run, images):
    """A function: CPU seconds of an image, without start and end of the program."""
    return lambda: (run(images + 1).cpu - run(1).cpu) / images


def in_time(data, folder, what, words, sizes=SIZES, images=IMAGES, repeats=REPEATS, **more):
    """A row: an image in continuous time, ours beside the hand-written program.

    ValueError if, without noise, it is not the same model.
    """
    task = Task.of(data, images + 1, sizes, dynamics="continuous", **words, **more)
    ours, hand = Ours(task), Hand(task, folder)
    apart = {}
    if not task.options.sigma:
        apart = differences(ours.run(images), hand.run(images), task.started)
        refuse_others(what, apart)
    found = Ratio.of(each(ours.run, images), each(hand.run, images), repeats)
    return _row(sizes, what, found, apart)


def in_sweeps(data, folder, sizes=SIZES, images=EPOCH, checked=CHECKED, repeats=REPEATS):
    """A row: an epoch in sweeps, ours beside the hand-written program; errors as of ``in_time``."""
    task = Task.of(data, images, sizes)
    ours, hand = Ours(task), HandSweeps(task, folder)
    apart = differences(ours.run(checked), hand.run(checked), task.started)
    refuse_others("sweeps", apart)

    def epoch():
        return hand.run(images, epochs=2).cpu - hand.run(images).cpu

    found = Ratio.of(lambda: ours.run(images).cpu, epoch, repeats)
    return _row(sizes, f"{images:,} images in sweeps", found, apart)


def _row(sizes, what, found, apart):
    ours, its = (f"{value:.3f}" for value in found[:2])
    told = [f"{apart[name]:.1e}" if name in apart else "" for name in LARGEST]
    network, ratios = "-".join(map(str, sizes)), (f"{value:.2f}" for value in found[2:])
    return network, what, ours, "hand-written", its, *ratios, *told


def measure(data):
    """Rows of the table."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for what, words in CONTINUOUS.values():
            show(rows, in_time(data, Path(folder), what, words))
        show(rows, in_sweeps(data, Path(folder)))
    return rows


def condition(row):
    """What the summary calls a row of the table: the network in continuous time alone is in it."""
    name = "speed_continuous"
    return name if row["what"] == CONTINUOUS[name][0] else None


main = measuring.with_headline(
    measuring.on_mnist(NAME, __doc__, measure, COLUMNS), NAME, "microcircuit", condition, REPEATS
)

if __name__ == "__main__":
    sys.exit(main())
