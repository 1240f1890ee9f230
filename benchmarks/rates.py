"""CPU time of backpropagation: compiled image by image, beside NumPy in mini-batches, in one run.

    python -m benchmarks.rates [--data-dir DIR]

784-500-10 and 784-1000-10 on the first 10,000 images of MNIST, in one chunk, in turn, one thread;
NumPy in single and double precision, 20 or 100 images at once. Writes
``results/benchmarks/rates.csv``.
"""

import sys
import time

import numpy as np
from scipy.special import expit as sigmoid

from benchmarks import measuring
from models import theory

NAME = "benchmarks.rates"
IMAGES, REPEATS = 10_000, 9
BESIDE = {  # name -> type, images of a mini-batch
    "NumPy, single precision, 20 images": (np.float32, 20),
    "NumPy, double precision, 20 images": (np.float64, 20),
    "NumPy, single precision, 100 images": (np.float32, 100),
}


class Batched:
    """Backpropagation through one hidden layer as most would write it."""

    def __init__(self, state, images, labels, kind, batch):
        self.W_0, self.W_1 = state["W_0"].astype(kind), state["W_1"].astype(kind)
        self.b_0, self.b_1 = state["b_0"].astype(kind), state["b_1"].astype(kind)
        self.x, self.target = images.astype(kind), np.eye(10, dtype=kind)[labels]
        self.batch, self.eta = batch, kind(0.01)

    def run(self):
        """All images once; CPU seconds an image."""
        start = time.process_time()
        for k in range(0, len(self.x), self.batch):
            x, target = self.x[k : k + self.batch], self.target[k : k + self.batch]
            h = sigmoid(x @ self.W_0 + self.b_0)
            y = sigmoid(h @ self.W_1 + self.b_1)
            delta = (y - target) * y * (1 - y)
            below = (delta @ self.W_1.T) * h * (1 - h)
            self.W_1 -= self.eta * (h.T @ delta)
            self.b_1 -= self.eta * delta.sum(axis=0)
            self.W_0 -= self.eta * (x.T @ below)
            self.b_0 -= self.eta * below.sum(axis=0)
        return (time.process_time() - start) / len(self.x)


def measure(data):
    """Rows of the table."""
    found, rows = theory.find("backprop"), []
    images, labels = data.train_images[:IMAGES], data.train_labels[:IMAGES]
    for hidden in (500, 1000):
        network = found.network(found.options(layers=(hidden, 10)), images.shape[1], 10)
        program, state = measuring.program(network, IMAGES), network.start(1)

        ours = measuring.chunk_time(program, images, labels, state)
        for name, (kind, batch) in BESIDE.items():
            other = Batched(state, images, labels, kind, batch)
            beside = measuring.Ratio.of(ours, other.run, REPEATS)
            measuring.show(rows, (f"784-{hidden}-10", name, *beside.rounded))
    return rows


main = measuring.on_mnist(NAME, __doc__, measure)

if __name__ == "__main__":
    sys.exit(main())
