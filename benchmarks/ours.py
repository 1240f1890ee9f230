"""Our compiled network of segregated dendrites, fed with MNIST."""

import time

from benchmarks.measuring import program
from models.segregated.model import Model
from models.theory import Inputs

IMAGES, ETA = 1000, (0.21,)


def written(hidden):
    """A network's name, such as 784-500-10."""
    return "-".join(map(str, (784, *hidden, 10)))


class Ours:
    """One network and one length of chunk, that learns or is tested."""

    def __init__(self, data, hidden, images=IMAGES, learning=True):
        model = Model((data.train_images.shape[1], *hidden, 10), eta=ETA)
        self.program, self.images = program(model, images, learning), images
        shown = data.train_images[:images], data.train_labels[:images]
        self.inputs = Inputs(*shown, model.start(1), 1)

    def run(self):
        """One chunk; returns CPU seconds an image, and start-up's and read-back's share of time."""
        wall, python = time.perf_counter(), time.process_time()
        out = self.program.run(self.inputs)
        wall, python = time.perf_counter() - wall, time.process_time() - python
        return (out.seconds.cpu + python) / self.images, 1 - out.seconds.stepping / wall

    def seconds(self):
        """CPU seconds an image, with start-up and read-back."""
        return self.run()[0]
