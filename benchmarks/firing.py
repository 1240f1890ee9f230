"""CPU time of SuperSpike, beside the same network written by hand.

    python -m benchmarks.firing [--data-dir DIR]

Networks of 100-4-1 and 200-256-200 cells (the second has 102,400 synapses that learn) at steps of
0.1 ms, with frozen Poisson spikes in and out, and an update each half second: the theory's circuit
in compiled Brian2, and ``firing.cpp``, in which every synapse does in each step what the rule says.
Weights are so wide that all cells fire from the start; both have to end with the same cost and
weights. Then what it saves to leave synapses out: of inputs and cells whose traces are small
(``z_min``), and, of images told by one spike a pixel (784-256-10, MNIST), of those that are 0.
Writes ``results/benchmarks/firing.csv``, and the ratio into the summary.
"""

import sys
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from benchmarks import measuring
from benchmarks.measuring import HERE, Ratio, built, call, children, show
from experiments.superspike import stimuli
from models.superspike.network import network
from models.superspike.options import Options
from models.theory import Inputs

NAME = "benchmarks.firing"
COLUMNS = ("network", "what", "cpu_s_per_s", "beside", "its_cpu_s_per_s")
COLUMNS += ("ratio", "lowest", "highest", "cost_differs_by", "weights_differ_by")
HALF, STEP, DELAY = 500.0, 0.1, 0.8  # ms: an example, a time step, a spike on its way
REPEATS, Z_MIN, IMAGES = 5, 1e-3, 100
# Differences that single precision allows, in 4 s: it moves a few spikes by a step.
LARGEST = {"cost": 1e-4, "weights": 1e-2}
NOTHING = MappingProxyType({})


class Task(NamedTuple):
    """A network that learns to fire: its cells, and half a second that is shown again and again."""

    sizes: tuple
    rate: float  # of target spikes, Hz
    width: float  # of initial weights, mV: ``w_0``
    seconds: float  # of model time in a measurement
    lasts: float = HALF  # ms

    @property
    def name(self):
        """Its cells, as tables have them."""
        return "-".join(map(str, self.sizes))

    @property
    def examples(self):
        """In a measurement."""
        return round(1000 * self.seconds / self.lasts)

    def options(self, **words):
        """As of the theory."""
        words = {"layers": self.sizes[1:], "w_0": self.width, "lasts": self.lasts} | words
        return Options(clear=False, dt=STEP, delay=DELAY, **words)

    def spikes(self):
        """Of inputs and of targets: on the grid, so that no rounding moves one by a step."""
        rng = np.random.default_rng(1)
        return [
            _on_grid(stimuli.poisson(cells, rate, self.lasts - 1, rng))
            for cells, rate in ((self.sizes[0], 5.0), (self.sizes[-1], self.rate))
        ]


SMALL = Task((100, 4, 1), 10, 120, 20)
LARGE = Task((200, 256, 200), 27, 120, 4)


def _on_grid(spikes):
    """Times in whole steps, at most one spike of a cell in each."""
    steps = np.floor(spikes.times / STEP).astype(int)
    step, cell = np.unique(np.column_stack((steps, spikes.cells)), axis=0).T
    return stimuli.Spikes(step * STEP, cell)


class Ours:
    """The compiled network, for up to so many examples."""

    def __init__(self, task, examples, **words):
        self.task, (given, asked) = task, task.spikes()
        first, *_, last = task.sizes
        columns = [stimuli.columns([s], n) for s, n in ((given, first), (asked, last))]
        net = network(task.options(**words), stimuli.trains(columns[0], first), last, columns[1])
        self.rows = [
            stimuli.packed([s], n, most)
            for s, n, most in zip((given, asked), (first, last), columns, strict=True)
        ]
        self.start, self.program = net.start(1), measuring.program(net, examples)

    def run(self, examples):
        """CPU seconds; cost of each example; weights at the end, in mV."""
        images, target = (np.repeat(rows, examples, axis=0) for rows in self.rows)
        labels = np.zeros(examples, dtype=int)
        inputs = Inputs(images, labels, self.start, 1, more={"target": target})
        out = self.program.run(inputs)
        return out.seconds.cpu, out.measures["loss"], [out.state[w] for w in ("W_0", "W_1")]


class Hand:
    """The hand-written program, for the same."""

    def __init__(self, task, folder, weights):
        self.task, self.program = task, built(HERE / "firing.cpp", folder)
        given = [(w / 1000).astype(np.float32).tobytes() for w in weights]
        for (times, cells), late in zip(task.spikes(), (DELAY, 0), strict=True):
            steps = np.round((times + late) / STEP).astype(np.int32)
            given.append(np.int32(len(steps)).tobytes())
            given.append(np.column_stack((steps, cells)).astype(np.int32).tobytes())
        self.given = b"".join(given)

    def run(self, examples):
        """As ``Ours.run``."""
        before, (a, b, c) = children(), self.task.sizes
        steps = round(self.task.lasts / STEP)
        said = call(self.program, a, b, c, steps, examples, given=self.given)
        found = np.frombuffer(said, np.float32)
        up, out, told = np.split(found, (a * b, a * b + b * c))
        weights = [1000 * up.reshape(a, b), 1000 * out.reshape(b, c)]
        return children() - before, told.reshape(-1, 3)[:, 0], weights


def differences(ours, theirs, start):
    """Of two runs: of the cost, the largest; of weights, as a share of their change (both RMS)."""
    (_, cost, weights), (_, its_cost, its_weights) = ours, theirs
    apart = max(
        np.linalg.norm(w - v) / np.linalg.norm(v - s)
        for w, v, s in zip(weights, its_weights, start, strict=True)
    )
    return {"cost": np.abs(cost / its_cost - 1).max(), "weights": apart}


def per_second(run, task):
    """A function: CPU seconds for a second of model time, without start and end of the program."""
    return lambda: (run(task.examples + 1)[0] - run(1)[0]) / (task.examples * task.lasts / 1000)


def beside_hand(task, folder, repeats=REPEATS):
    """A row: ours beside the hand-written program. ValueError if it is not the same model."""
    ours = Ours(task, task.examples + 1)
    start = [ours.start[name] for name in ("W_0", "W_1")]
    hand = Hand(task, folder, start)
    few = min(task.examples, round(4000 / task.lasts))
    apart = differences(ours.run(few), hand.run(few), start)
    for name, most in LARGEST.items():
        if not apart[name] <= most:
            raise ValueError(f"{task.name}: {name} differs by {apart[name]:.1e}: another model")
    found = Ratio.of(per_second(ours.run, task), per_second(hand.run, task), repeats)
    return _row(task.name, "all that has a trace", "hand-written", found, apart)


def with_few_live(task, repeats=REPEATS):
    """A row: ours with ``z_min`` beside ours without."""
    few, every = (Ours(task, task.examples + 1, z_min=z) for z in (Z_MIN, 0.0))
    start = [every.start[name] for name in ("W_0", "W_1")]
    apart = differences(few.run(task.examples), every.run(task.examples), start)
    found = Ratio.of(per_second(few.run, task), per_second(every.run, task), repeats)
    return _row(task.name, f"z_min = {Z_MIN:g}", "all that has a trace", found, apart)


class Shown:
    """Images told by one spike a pixel; ``live``: synapses whose traces are 0 are left out."""

    def __init__(self, data, live, hidden=256, images=IMAGES):
        options = Options(layers=(hidden, data.classes), batch=10)
        net, self.lasts = network(options, data.train_images.shape[1], data.classes), options.lasts
        if not live:
            every = {n: one._replace(among="") for n, one in net.circuit.projections.items()}
            net = net._replace(circuit=net.circuit._replace(projections=every))
        self.images, self.data = images, data
        self.start, self.program = net.start(1), measuring.program(net, images)
        self.sizes = (data.train_images.shape[1], hidden, data.classes)

    def run(self):
        """CPU seconds; cost of each image; weights at the end, in mV."""
        given = self.data.train_images[: self.images], self.data.train_labels[: self.images]
        out = self.program.run(Inputs(*given, self.start, 1))
        return out.seconds.cpu, out.measures["loss"], [out.state[w] for w in ("W_0", "W_1")]

    def per_second(self):
        """CPU seconds for a second of model time, start and end of the program included."""
        return self.run()[0] / (self.images * self.lasts / 1000)


def of_images(data, hidden=256, images=IMAGES, repeats=REPEATS):
    """A row: images with silent synapses left out beside the same with all."""
    live, every = (Shown(data, which, hidden, images) for which in (True, False))
    start = [live.start[name] for name in ("W_0", "W_1")]
    apart = differences(live.run(), every.run(), start)
    found = Ratio.of(live.per_second, every.per_second, repeats)
    name = "-".join(map(str, live.sizes))
    return _row(name, "images, all that has a trace", "all", found, apart)


def _row(name, what, beside, found, apart=NOTHING):
    ours, its = (f"{value:.4f}" for value in found[:2])
    told = [f"{apart[key]:.1e}" if key in apart else "" for key in LARGEST]
    return name, what, ours, beside, its, *(f"{value:.2f}" for value in found[2:]), *told


def measure(data):
    """Rows of the table."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for task in (SMALL, LARGE):
            show(rows, beside_hand(task, Path(folder)))
    show(rows, with_few_live(LARGE))
    show(rows, of_images(data))
    return rows


def condition(row):
    """What the summary calls a row of the table: those beside the hand-written program."""
    beside = row["beside"] == "hand-written"
    return f"speed_{row['network'].replace('-', '_')}" if beside else None


main = measuring.with_headline(
    measuring.on_mnist(NAME, __doc__, measure, COLUMNS), NAME, "superspike", condition, REPEATS
)

if __name__ == "__main__":
    sys.exit(main())
