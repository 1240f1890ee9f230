"""A small circuit whose every variable is recorded, and the NumPy reference stepped beside it."""

import numpy as np

from experiments.run.record import recording
from models.interneurons import THEORY
from models.interneurons.options import Options
from models.theory import Inputs
from tests.interneurons.reference import USUAL, Reference

EXACT = 1e-9  # mV, 1/ms, mV ms: rounding, over some thousand steps
INPUTS, HIDDEN, CLASSES = 12, 8, 3
SMALL = {"layers": (HIDDEN, CLASSES), "interneurons": 4.0, "eta": (0.5, 0.4)}
LENGTHS = ("forward_ms", "target_ms", "settle_ms", "volley_ms", "T_p", "T_ref")


def small(**options):
    """(options, network) of 12-8-3 cells with four times the interneurons of the cortex."""
    chosen = Options(**SMALL | options)
    return chosen, THEORY.network(chosen, INPUTS, CLASSES)


def stimuli(images, seed=0):
    """Bright random images, and labels."""
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 1, (images, INPUTS)), rng.integers(0, CLASSES, images)


def run(network, images, seed=1, device="runtime", learning=True, kinds=(), state=None, **more):
    """What a new program does to a few images."""
    record = recording(network, kinds)
    program = network.program(images, learning, record, device)
    start = network.start(seed) if state is None else state
    return program.run(Inputs(*stimuli(images), start, seed, learns=learning, more=more))


def in_ms(network, state):
    """A state in the reference's units: rates and conductances in 1/ms."""
    variables = network.variables  # made anew each time
    slow = {name for name in state if variables[name].unit == "Hz"}
    return {name: value / 1e3 if name in slow else value for name, value in state.items()}


class Beside:
    """One run of a network, and the reference with the same spikes.

    Parameters
    ----------
    options, network
        As ``small`` gives them.
    program
        That records times of spikes and plateaus, and what else is asked for.
    pixels, labels : ndarray
    seed : int
    state : dict, optional
    reference : Reference, optional
        One that goes on; else it begins from the same state.
    **more : ndarray
        ``M_from``, ``ACh_from``, ``A_VIP``, ``lights``: one for each image.
    """

    def __init__(
        self, options, network, program, pixels, labels, seed=1, state=None, reference=None, **more
    ):
        self.network, self.images = network, len(labels)
        self.length = int(options.forward_ms + options.target_ms)
        self.start = network.start(seed) if state is None else state
        self.out = program.run(Inputs(pixels, labels, self.start, seed, more=more))
        usual = {name: getattr(options, name) for name in USUAL}
        usual |= {name: int(usual[name]) for name in LENGTHS}
        self.reference = reference or Reference(in_ms(network, self.start), options.eta, **usual)
        rasters = {name: self.raster(name) for name in network.sizes}
        self.expected = []
        for k, label in enumerate(labels):
            shown = slice(k * self.length, (k + 1) * self.length)
            given = {name: raster[shown] for name, raster in rasters.items()}
            own = {name: value[k] for name, value in more.items()}
            self.expected.append(self.reference.image(label, given, **own))

    def raster(self, population, kind="spikes"):
        """0 or 1 for each step and cell."""
        found = np.zeros((self.images * self.length, self.network.sizes[population]))
        t, i = (self.out.records[kind, population, name] for name in ("t", "i"))
        found[np.rint(t).astype(int), i.astype(int)] = 1
        return found

    def steps(self, name):
        """A variable of the reference in each step, (steps, cells)."""
        return np.array([step[name] for image in self.expected for step in image["steps"]])

    def recorded(self, kind, population, name):
        """The same of the network, conductances in 1/ms."""
        values = self.out.records[kind, population, name]
        return values / 1e3 if kind == "conductances" else values

    def check_state(self):
        """All that goes on is as the reference has it; where it runs, plateaus too."""
        s, found = self.reference, in_ms(self.network, self.out.state)
        for name, value in found.items():
            if not name.startswith(("n_p", "taught", "V_a_bar")):
                np.testing.assert_allclose(value, s.s[name], rtol=0, atol=EXACT, err_msg=name)
        np.testing.assert_array_equal(found["n_p_hidden_0"], s.n_p)
        runs = s.n_p > 0
        np.testing.assert_array_equal(found["taught_hidden_0"][runs], s.taught[runs])
        np.testing.assert_allclose(
            found["V_a_bar_hidden_0"][runs], s.V_a_bar[runs], rtol=0, atol=EXACT
        )
