"""CPU time of equilibrium propagation: compiled, beside the same algorithm in batched NumPy.

    python -m benchmarks.relaxing [--data-dir DIR]

784-500-10 with mini-batches of 20, 20 free and 4 nudged steps, on the first 10,000 images of MNIST,
in one chunk, in turn, one thread, single precision. Writes ``results/benchmarks/relaxing.csv``.
"""

import sys
import time

import numpy as np

from benchmarks import measuring
from models import theory

NAME = "benchmarks.relaxing"
IMAGES, REPEATS = 10_000, 9
KIND = np.float32


class Batched:
    """Equilibrium propagation through one hidden layer as most would write it.

    The drive of the pixels is the same in all steps, and is summed once.
    """

    def __init__(self, options, state, images, labels):
        self.W_0, self.W_1, self.b_0, self.b_1 = (
            state[name].astype(KIND) for name in ("W_0", "W_1", "b_0", "b_1")
        )
        self.x, self.target = images.astype(KIND), np.eye(10, dtype=KIND)[labels]
        self.options, self.rng = options, np.random.default_rng(1)

    def relax(self, drive, h, y, steps, beta=None, target=None):
        """States after so many steps of eq 43."""
        eps = KIND(self.options.eps)
        for _ in range(steps):
            pull = h @ self.W_1 + self.b_1 - y
            if target is not None:
                pull += beta * (target - y)
            h_next = h + eps * (drive + y @ self.W_1.T - h)
            h, y = np.clip(h_next, 0, 1), np.clip(y + eps * pull, 0, 1)
        return h, y

    def run(self):
        """All images once; CPU seconds an image."""
        start, batch = time.process_time(), self.options.batch
        alpha_0, alpha_1 = (KIND(a / batch) for a in self.options.alphas)
        hidden, classes = self.W_1.shape
        for k in range(0, len(self.x), batch):
            x, target = self.x[k : k + batch], self.target[k : k + batch]
            beta = KIND(self.options.beta * self.rng.choice((-1, 1)))
            drive = x @ self.W_0 + self.b_0
            zero = np.zeros((len(x), hidden), KIND), np.zeros((len(x), classes), KIND)
            h, y = self.relax(drive, *zero, self.options.free)
            h_b, y_b = self.relax(drive, h, y, self.options.nudged, beta, target)
            self.W_1 += alpha_1 / beta * (h_b.T @ y_b - h.T @ y)
            self.b_1 += alpha_1 / beta * (y_b - y).sum(axis=0)
            self.W_0 += alpha_0 / beta * (x.T @ (h_b - h))
            self.b_0 += alpha_0 / beta * (h_b - h).sum(axis=0)
        return (time.process_time() - start) / len(self.x)


def measure(data):
    """Rows of the table."""
    found, rows = theory.find("equilibrium"), []
    images, labels = data.train_images[:IMAGES], data.train_labels[:IMAGES]
    options = found.options(layers=(500, 10), alpha=(0.1, 0.05), batch=20)
    network = found.network(options, images.shape[1], 10)
    program, state = measuring.program(network, IMAGES), network.start(1)
    ours = measuring.chunk_time(program, images, labels, state)
    other = Batched(options, state, images, labels)
    beside = measuring.Ratio.of(ours, other.run, REPEATS)
    row = "784-500-10, 20 images at once", "NumPy, single precision, 20 images"
    measuring.show(rows, (*row, *beside.rounded))
    return rows


main = measuring.on_mnist(NAME, __doc__, measure)

if __name__ == "__main__":
    sys.exit(main())
