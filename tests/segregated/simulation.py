"""Small networks for the tests: one call runs a model and returns all that it did, in mV and ms."""

import numpy as np

from experiments.run.record import recording
from models.segregated.model import Feedback, Model
from models.segregated.parameters import Phases
from models.theory import Inputs
from tests.segregated.reference import Options, Reference

FIXED = Phases(random=False)


def small(layers=(12, 8, 10), phases=FIXED, rate=0.5, **options):
    """A model small enough to be recorded whole, with the same learning rate everywhere."""
    learned = (rate,) if options.get("feedback", Feedback()).learned else ()
    return Model(layers, phases=phases, eta=(rate,), eta_feedback=learned, **options)


def build(model, images=2, where="runtime", record=None, precision="double"):
    """A program that records everything, unless something else is asked for."""
    record = record or recording(model, model.records)
    return model.program(images, record=record, device=where, precision=precision)


def stimuli(model, images, seed=0):
    """Bright random images and labels."""
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 1, (images, model.layers[0])), rng.integers(0, model.classes, images)


class Trace:
    """What one run of a program did, by population, in mV, ms and Hz."""

    def __init__(self, model, program, seed=1, start=None, stimulus=None):
        self.model, self.timing = model, program.schedule
        self.names = model.population_names()
        self.start = start or model.start(seed)
        self.images, self.labels = stimulus or stimuli(model, program.images, seed)
        self.out = program.run(Inputs(self.images, self.labels, self.start, seed))
        self.state = self.out.state
        self.steps = self.timing.steps_in_all

    def spikes(self, population):
        """0 or 1 for each step and cell."""
        raster = np.zeros((self.steps, self.model.sizes[population]))
        t = np.rint(self.out.records["spikes", population, "t"]).astype(int)  # steps of 1 ms
        raster[t, self.out.records["spikes", population, "i"].astype(int)] = 1
        return raster

    def voltage(self, population, name):
        """(steps, cells) in mV."""
        return self.out.records["voltages", population, name]

    def per_image(self, population, name, kind="losses"):
        """(images, cells), in the variable's unit."""
        return self.out.records[kind, population, name]

    def replay(self, jitter=None, **options):
        """The reference, stepped with this run's spikes: (reference, results of each image)."""
        rates = self.model.eta * (self.model.depth + 1)
        reference = Reference(self.start, rates, Options(**options))
        rasters = [self.spikes(name) for name in self.names]
        results = []
        t = self.timing
        edges = zip(t.starts(), t.starts("target"), t.ends(), strict=True)
        for k, (a, b, c) in enumerate(edges):
            given = [r[a:c] for r in rasters]
            late = None if jitter is None else jitter[k]
            results.append(
                reference.image(self.images[k], self.labels[k], b - a, c - b, given, late)
            )
        return reference, results
