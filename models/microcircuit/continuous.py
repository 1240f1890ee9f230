"""Continuous time: potentials go up, down and sideways, all at once and all the time."""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
from brian2 import ms

from models.engine.circuit import Circuit, Population, Sweep
from models.engine.device import parsed
from models.engine.network import Network, one_hot
from models.engine.printing import RULE
from models.engine.recording import NOTHING
from models.engine.schedule import Moment
from models.engine.variants import changes
from models.microcircuit import cells, synapses, trial, variants
from models.microcircuit.rates import RATES
from models.microcircuit.weights import ETAS, goals, potentials, weights
from models.theory import Variable

LAG, SHOWN = "lag", "image"
# What synapses learn from is looked at as the step begins. Once somata have moved, synapses take
# their own step together with what they send.
ORDER = (
    Sweep(("onset", "arrive", "go")),
    Sweep(("look", "teach")),
    Sweep(("move",)),
    Sweep(("fade",)),
    Sweep(("rate", "spike", "send")),
    Sweep(("over",)),
)
RECORDS = {
    "voltages": ("u", "v_B", "v_A", "v_TD", "v_PI", "v_D"),
    "rates": ("r",),
    "errors": ("e_W", "e_IP", "e_PI", "e_TD"),
}
# What goes on from one image to the next, beside weights and what has an equation.
HELD = ("r", "v_B", "v_TD", "v_PI", "v_D", "b")
KINDS = {"hidden": "hidden_0", "inter": "inter_0", "output": "output"}
SUMS = parsed(cells.LOW_RANK).diff_eq_names  # but for these, which begin with each image


class Continuous(NamedTuple):
    """What the contract asks of a network: one that learns, and the same without target and noise.

    Attributes
    ----------
    learning, free : Network
    options : Options
    """

    learning: Network
    free: Network
    options: object

    @property
    def sizes(self):
        """Population -> number of cells."""
        return self.learning.sizes

    @property
    def records(self):
        """What ``--record`` may ask for."""
        return self.learning.records

    @property
    def variables(self):
        """Name -> ``Variable``, with those that are measured."""
        found = self.learning.variables
        for m in range(len(self.options.layers) - 1):
            for name, text in (
                (f"apical_{m}", f"|v_A|^2 of hidden_{m}, at the end"),
                (f"top_down_{m}", f"|v_TD|^2 of hidden_{m}, at the end"),
                (f"mismatch_{m}", f"|u - target|^2 of inter_{m}, in the last step"),
            ):
                found[name] = Variable("1", 1.0, text, "image")
        return found

    def start(self, seed):
        """The state that learning begins with."""
        return self.learning.start(seed)

    def program(self, images, learning=True, record=NOTHING, *where, **how):
        """A program for so many images."""
        network = self.learning if learning else self.free
        return network.program(images, learning, record, *where, **how)

    @property
    def own_equations(self):
        """Whether there are other cells than the paper's."""
        return self.options.variant != variants.PAPER

    def trial(self):
        """Try a small copy on one image; raises ValueError if something cannot be right."""
        *hidden, outputs = self.options.layers
        layers = *(trial.CELLS for _ in hidden), outputs
        lasts = min(self.options.lasts, trial.STEPS * self.options.dt)
        small = replace(self.options, layers=layers, lasts=lasts, lag=0.0)
        trial.trial(continuous(small, trial.INPUTS))

    def notes(self):
        """What a variant changes of the paper's cells, as text."""
        paper = variants.read(variants.PAPER)
        usual = circuit(self.options, self.sizes["input"], True, paper)
        cells = [
            {kind: wired.populations[name].cell for kind, name in KINDS.items()}
            for wired in (self.learning.circuit, usual)
        ]
        lines = ["changes from the paper's cells", RULE, *changes(*cells)]
        return "\n".join(lines + ["none"] * (len(lines) == 2)) + "\n"

    def model(self):
        """What is simulated, as data."""
        return self.learning.model()

    def text(self):
        """What is simulated, as plain text."""
        return self.learning.text()


def continuous(options, inputs):
    """The network in time that options describe.

    Notes
    -----
    Targets follow from the labels, unless ``Inputs.more`` has them: ``goals``, potentials of shape
    (images, classes), and ``teaches``, of shape (images,): 1 where there is a target, or 0.
    """

    def of_labels(inputs):
        return goals(options, one_hot(inputs.labels, options.layers[-1]))

    def read(outcome, inputs):
        measures = {}
        for m in range(len(options.layers) - 1):
            missed = outcome[f"u_inter_{m}"] - outcome[f"target_inter_{m}"]
            measures[f"apical_{m}"] = np.sum(outcome[f"v_A_{m}"] ** 2, axis=1)
            measures[f"top_down_{m}"] = np.sum(outcome[f"v_TD_{m}"] ** 2, axis=1)
            measures[f"mismatch_{m}"] = np.sum(missed**2, axis=1)
        asked = RATES[options.phi](inputs.more.get("goals", of_labels(inputs)))
        loss = np.sum((asked - outcome["answer"]) ** 2, axis=1) / 2
        return outcome["answer"], {"loss": loss} | measures

    def given(inputs):
        if inputs.more:
            return {}
        teaches = np.full(len(inputs.labels), float(inputs.learns))
        return {"goals": of_labels(inputs), "teaches": teaches}

    variant, lag = variants.read(options.variant), round(options.lag / options.dt)
    first = LAG if lag else SHOWN
    learning, free = (
        Network(
            wired,
            start=partial(start, options, wired, inputs),
            read=read,
            settings=partial(settings, options) if learns else lambda epoch: {},
            phases={LAG: lag, SHOWN: options.steps_shown - lag}
            if lag
            else {SHOWN: options.steps_shown},
            moments={
                "onset": Moment(first, "first", "start", "an image appears"),
                "arrive": Moment(first, "first", "start", "it is told whole (low rank)"),
                "go": Moment(SHOWN, "first", "start", "synapses begin to learn"),
                "over": Moment(SHOWN, "last", "end", "it is over"),
            },
            dt=options.dt * ms,
            records=RECORDS | ({"spikes": ()} if options.psi else {}),
            given=given,
        )
        for learns in (True, False)
        for wired in [circuit(options, inputs, learns, variant)]
    )
    return Continuous(learning, free, options)


def circuit(options, inputs, learning, variant):
    """All cells and synapses, of a program that learns or not."""
    *hidden, _ = options.names

    def population(kind, size, cell, events):
        return Population(size, variant.of(kind, cell), events)

    populations = {"input": Population(inputs, *cells.source(options, learning))}
    projections, outcomes = {}, {}
    for m, name in enumerate(hidden):
        below, above, inter = ("input", *hidden)[m], options.names[m + 1], f"inter_{m}"
        size, many = options.layers[m : m + 2]
        populations[name] = population("hidden", size, *cells.hidden(options, m, learning))
        populations[inter] = population("inter", many, *cells.inter(options, m, learning))
        for kind, source, target in (
            ("W", below, name),
            ("TD", above, name),
            ("IP", name, inter),
            ("PI", inter, name),
        ):
            plastic = learning and options.learned(ETAS[kind], m)
            projections[f"{kind}_{m}"] = synapses.of(kind, source, target, plastic)
        projections[f"teach_{m}"] = synapses.teaching(above, inter, many)
        outcomes |= {f"{v}_{m}": (name, v) for v in ("v_A", "v_TD")}
        outcomes |= {f"{v}_{inter}": (inter, v) for v in ("u", "target")}
    last = len(hidden)
    plastic = learning and options.learned("eta_up", last)
    made = cells.output(options, learning)
    populations["output"] = population("output", options.layers[-1], *made)
    projections[f"W_{last}"] = synapses.of("W", hidden[-1], "output", plastic)
    if options.low_rank:
        plastic = learning and options.learned("eta_up", 0)
        projections["W_0"] = synapses.low_rank("hidden_0", plastic)
    wired = Circuit(
        populations,
        projections,
        ORDER,
        {},
        outcome=("answer",),
        outcome_at="over",
        inputs={"goals": options.layers[-1], "teaches": 0},
        outcomes=outcomes,
    )
    wired = wired._replace(state=dict(_state(wired)))
    return wired._replace(settings=dict(_settings(wired)) if learning else {})


def _state(wired):
    """Name -> (population or projection, variable) of all that goes on."""
    for name in wired.projections:
        known = wired.equations(name).names
        yield from ((n, (name, v)) for n, v in ((name, "w"), (f"D_{name}", "D")) if v in known)
    for name in wired.populations:
        known = wired.equations(name)
        held = [v for v in HELD if v in known]
        held += sorted(known.diff_eq_names - SUMS - set(held))
        yield from ((f"{v}_{name}", (name, v)) for v in held)


def _settings(wired):
    """Name -> (population, variable) of all learning rates."""
    for name in wired.populations:
        known = wired.equations(name).names
        etas = [f"eta_{kind}" for kind in ETAS]
        yield from ((f"{eta}_{name}", (name, eta)) for eta in etas if eta in known)


def settings(options, epoch):
    """Learning rates of an epoch, in Hz."""
    found = {}
    for kind, name in ETAS.items():
        for m, rate in enumerate(options.each(name)):
            owner = f"inter_{m}" if kind == "IP" else options.names[m]
            found[f"eta_{kind}_{owner}"] = 1000 * rate * options.decay**epoch
    return found


def start(options, wired, inputs, seed):
    """The state that learning begins with: weights, and potentials at 0; nothing is induced."""
    state = weights(options, inputs, seed)
    state |= potentials(options, state)
    return {n: state.get(n, np.zeros(wired.shape(*where))) for n, where in wired.state.items()}
