"""Small networks for the tests: one call runs a model and returns all that it did, in mV and ms."""

import numpy as np

from models.engine import device, recording, schedule
from models.segregated import weights
from models.segregated.network import Model
from models.segregated.parameters import Phases
from tests.reference import Options, Reference

EVERYTHING = recording.Recording(("spikes", "voltages", "plateaus", "losses", "errors"))
FIXED = Phases(random=False)


def small(layers=(12, 8, 10), phases=FIXED, **options):
    """A model small enough to be recorded whole."""
    return Model(layers, phases=phases, **options)


def build(model, images=2, where="runtime", record=EVERYTHING):
    """A program that records everything."""
    timing = schedule.training(model.phases, images, model.asynchronous)
    return device.program(model, timing, record=record, device=where), timing


def stimuli(model, images, seed=0):
    """Bright random images and labels."""
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 1, (images, model.layers[0])), rng.integers(0, model.classes, images)


def eta(model, value):
    """The same learning rate everywhere."""
    rates = {f"eta_{m}": value for m in range(model.depth + 1)}
    if model.feedback.learned:
        rates |= {f"eta_Y_{m}": value for m in range(model.depth)}
    return rates


class Trace:
    """What one run of a program did, by population, in mV, ms and 1/ms."""

    def __init__(self, program, timing, rate=0.5, seed=1, start=None, stimulus=None):
        self.model, self.timing = program.model, timing
        self.names = self.model.population_names()
        self.start = start or weights.initial(self.model, seed)
        self.images, self.labels = stimulus or stimuli(self.model, timing.images, seed)
        self.out = program.run(
            device.Inputs(self.images, self.labels, self.start, eta(self.model, rate), seed)
        )
        self.weights = self.out.weights
        self.steps = int(timing.end[-1])

    def spikes(self, population):
        """0 or 1 for each step and cell."""
        size = self.model.layers[self.names.index(population)]
        raster = np.zeros((self.steps, size))
        t = np.rint(self.out.records["spikes", population, "t"] * 1e3).astype(int)
        raster[t, self.out.records["spikes", population, "i"].astype(int)] = 1
        return raster

    def voltage(self, population, name):
        """(steps, cells) in mV."""
        return self.out.records["voltages", population, name].reshape(self.steps, -1) * 1e3

    def per_image(self, population, name, unit=1.0, kind="losses"):
        """(images, cells)."""
        values = self.out.records[kind, population, name]
        return values.reshape(self.timing.images, -1) * unit

    def replay(self, rate=0.5, jitter=None, **options):
        """The reference, stepped with this run's spikes: (reference, results of each image)."""
        reference = Reference(self.start, [rate] * (self.model.depth + 1), Options(**options))
        rasters = [self.spikes(name) for name in self.names]
        results = []
        t = self.timing
        for k, (a, b, c) in enumerate(zip(t.onset, t.teach, t.end, strict=True)):
            given = [r[a:c] for r in rasters]
            late = None if jitter is None else jitter[k]
            results.append(
                reference.image(self.images[k], self.labels[k], b - a, c - b, given, late)
            )
        return reference, results
