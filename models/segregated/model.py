"""What is simulated: cells, layers and options, as a network of the contract."""

from typing import NamedTuple

from brian2 import Equations

from models import units
from models.engine import printing, program
from models.engine.cell import Cell
from models.engine.network import variables_of
from models.engine.populations import resting
from models.engine.recording import NOTHING
from models.segregated import (
    circuit,
    describe,
    inputs,
    losses,
    output,
    plasticity,
    pyramidal,
    refusals,
    timing,
    trial,
    weights,
)
from models.segregated.parameters import Phases
from models.theory import Variable

# The paper's learning rates by number of layers; it has none for more: 0.21 each.
PAPER_RATES = {1: (0.19,), 2: (0.21, 0.21), 3: (0.23, 0.23, 0.12)}

# Kinds of records: what a cell holds in each step, or when an image ends.
POTENTIALS = ("V", "V_a", "V_b")
RECORDS = {
    "spikes": (),
    "voltages": POTENTIALS,
    "plateaus": ("alpha_f", "alpha_t", "d_f", "d_t"),
    "losses": ("V_bar", "phi_bar", "phi_star", "alpha_f", "alpha_t"),
    "averages": ("V_bar", "phi_bar"),
    "errors": ("error", "e_bp"),
}
PER_IMAGE = tuple(kind for kind in RECORDS if kind not in ("spikes", "voltages"))


class Feedback(NamedTuple):
    """How output spikes reach the apical dendrites (P Figs 8 and 8-S1, and options)."""

    kind: str = "random"  # weights of its own; "symmetric": the feedforward synapses, backwards
    path: str = "broadcast"  # from the output to every hidden layer; "layerwise": from above
    scale: float | tuple = 1.0  # factor on the weights, or one for each hidden layer
    sparsity: float = 0.0  # share of the random weights set to 0 (P Fig 8: 0.8) ...
    rescale: float = 5.0  # ... and factor on those that are left
    noise: float = 0.0  # its spread on symmetric weights, drawn anew for each image, mV ms
    bias: bool = False  # a constant in the apical potential
    learned: bool = False  # weights learn to invert the forward pass
    mirror: float = 0.0  # weights change as the forward ones between the same cells, times this
    spiking: bool = True  # apical dendrites are reached by spikes; False: by the rates above


class Model(NamedTuple):
    """A network as it is to be built; ``options`` says more of each choice."""

    layers: tuple  # inputs, hidden layers, outputs
    classes: int = 10  # outputs are a multiple of it, and a class owns consecutive units
    hidden: Cell = pyramidal.HIDDEN
    output: Cell = output.OUTPUT
    input: Cell = inputs.INPUT
    pixels: int = 0  # numbers of an image; 0: one for each input cell
    phases: Phases = Phases()
    rule: str = "plateau"  # a name in ``plasticity.RULES``
    output_error: str = "gradient"  # a name in ``plasticity.OUTPUT_ERRORS``
    feedback: Feedback = Feedback()
    spike_draw: str = "bernoulli"  # a name in ``spiking.DRAWS``
    memory: int = 0  # ms after which a spike leaves its traces; 0 for the full kernel
    clear: bool = False  # all traces and potentials to rest at each image's onset
    asynchronous: bool = False  # each hidden cell fires its plateaus at its own time
    init: float | tuple = 0.5  # half-width of initial weights in 3.465 W_sd, or one a layer
    centre: bool = False  # zero-mean initial weights, feedback weights and biases
    observe: bool = False  # hidden cells also hold ``e_bp``, as backpropagation would have it
    eta: tuple = ()  # learning rates, hidden layers first; one serves all; empty: the paper's
    eta_feedback: tuple = ()
    decay: float = 1.0  # factor on the learning rates after each epoch
    weight_decay: float = 0.0  # share of its weights that an image takes away, times eta

    # --- what the contract asks for ---------------------------------------------------------------

    @property
    def sizes(self):
        """Population -> number of cells."""
        return dict(zip(self.population_names(), self.layers, strict=True))

    @property
    def records(self):
        """Kind -> variables that ``--record`` may ask for."""
        return RECORDS

    @property
    def variables(self):
        """Name -> ``Variable``: of the cells, of the state, of what is measured."""
        per_image = {name for kind in PER_IMAGE for name in RECORDS[kind]}
        table = circuit.circuit(self, timing.training(self.phases, 1, self.asynchronous))
        found = variables_of(table, lambda name: "image" if name in per_image else "step")
        loss = units.NAMED["kHz^2"]
        for name, meaning in (("loss", "loss of the output, L_1"), ("L", "loss of each image")):
            found[name] = Variable(loss.text, loss.factor, meaning, "image")
        return found

    def start(self, seed):
        """Initial weights; see ``weights.initial``."""
        return weights.initial(self, seed)

    def program(
        self, images, learning=True, record=NOTHING, device="standalone", precision="double"
    ):
        """A program of forward and target phases, or of the forward phases of a test."""
        asked = {name for names in record.kinds.values() for name in names}
        averages = learning or "phi_bar" in asked
        if learning:
            schedule = timing.training(self.phases, images, self.asynchronous)
        else:
            schedule = timing.testing(self.phases, images)
        table = circuit.circuit(self, schedule, learning, averages)
        plan = program.Plan(table, schedule, self._read, self.rates, record)
        return program.build(plan, device, precision)

    def text(self):
        """The model as it is simulated, as plain text."""
        return printing.text(self.model())

    def model(self):
        """The model as it is simulated, as data."""
        return circuit.described(self)

    def notes(self):
        """What a variant may replace, and what this one changes, as text."""
        return describe.notes(self)

    def trial(self):
        """Try the equations on one image; raises ValueError if something cannot be right."""
        trial.trial(self)

    def rest(self):
        """(population, potential) -> where it rests, as far as a cell's own text determines it."""
        return {
            (name, potential): value
            for name in self.population_names()[1:]
            for potential, value in resting(self.cell(name, learning=False), POTENTIALS).items()
        }

    @property
    def shown(self):
        """For how long a spike train is shown, at least: see ``models.theory``."""
        found = []
        for schedule in (timing.training(self.phases, 100), timing.testing(self.phases, 1)):
            found.append(min(end - start for start, end, _ in schedule.rows()))
        training, test = found
        options = "--forward-ms and --target-ms", "--test-ms"
        return {"train": (training, options[0]), "test": (test, options[1])}

    def _read(self, outcome, inputs, records):
        """Answers, measures and losses of what a program gave back."""
        V_bar = outcome["V_bar"]
        answers = V_bar.reshape(len(V_bar), self.classes, -1).mean(axis=2)
        measures = {}
        if "phi_star" in outcome:
            loss = losses.output_loss(outcome["phi_star"], V_bar, self.phi_max["output"])
            measures["loss"] = loss
        return answers, measures, losses.recorded(records, self.sizes, self.phi_max)

    # --- what follows from it ---------------------------------------------------------------------

    @property
    def depth(self):
        """Number of hidden layers."""
        return len(self.layers) - 2

    @property
    def per_class(self):
        """Output units for each class."""
        return self.layers[-1] // self.classes

    @property
    def memory_steps(self):
        """``memory`` in time steps."""
        age, _ = units.number(self.phases.dt, "ms")
        return round(self.memory / age)

    @property
    def phi_max(self):
        """Highest rates of hidden and output cells, Hz."""
        cells = {"hidden": self.hidden, "output": self.output}
        return {kind: units.number(cell.params.phi_max)[0] for kind, cell in cells.items()}

    def rates(self, epoch=0):
        """Learning rates in an epoch (from 0): ``eta_m`` and, if learned, ``eta_Y_m``."""
        eta = self.eta or PAPER_RATES.get(self.depth + 1, (0.21,))
        etas = eta * (self.depth + 1) if len(eta) == 1 else eta
        rates = {f"eta_{m}": value for m, value in enumerate(etas)}
        if self.feedback.learned:
            learned = self.eta_feedback
            learned = learned * self.depth if len(learned) == 1 else learned
            rates |= {f"eta_Y_{m}": value for m, value in enumerate(learned)}
        return {name: value * self.decay**epoch for name, value in rates.items()}

    @property
    def segregated(self):
        """Whether apical potentials surely leave the soma alone: else a test has feedback, too.

        So they do if g_a is 0, and nothing that moves the soma or fires differs from the paper's
        cell.
        """
        cell, paper = self.hidden, pyramidal.HIDDEN
        same = all(cell.parts.get(part) == paper.parts[part] for part in pyramidal.SOMATIC)
        own = cell.threshold or cell.reset or cell.synapses
        somatic = Equations("\n".join(paper.parts[part] for part in pyramidal.SOMATIC)).names
        touched = set(refusals.ASSIGNED.findall("\n".join(cell.moments.values()))) & set(somatic)
        return same and not own and not touched and not float(cell.params.g_a)

    def population_names(self):
        """Names of the populations, from input to output."""
        return ["input", *(f"hidden_{m}" for m in range(self.depth)), "output"]

    @property
    def own_equations(self):
        """Whether a cell has other equations or statements than the paper's."""
        usual = type(self)(self.layers)
        return any(
            getattr(self, kind)._replace(params=None, integrator="")
            != getattr(usual, kind)._replace(params=None, integrator="")
            for kind in ("hidden", "output", *["input"] * (not self.pixels))
        )

    @property
    def transport(self):
        """What synapses hand down of the error above, by the kind of cell above; may be empty."""
        return plasticity.BACKWARD["transport"] if self.observe else self.learning_rule.transport

    @property
    def learning_rule(self):
        """The rule that is named."""
        return plasticity.RULES[self.rule]

    def cell(self, name, learning=True):
        """The cell of a population, with all that the learning rule and the options add to it."""
        cell = {"input": self.input, "output": self.output}.get(name, self.hidden)
        if name.startswith("hidden") and not self.feedback.spiking:
            cell = cell.vary(parts=pyramidal.RATE_FEEDBACK)
        if not learning or name == "input":
            return cell
        if self.weight_decay:
            known = {"weight_decay": self.weight_decay}
            learns = self._learning(name, cell).vary(constants=known)
            return learns.then(plasticity.DECAY_PARTS, plasticity.DECAY_MOMENTS)
        return self._learning(name, cell)

    def _learning(self, name, cell):
        """A cell above the input with what it learns from."""
        if name == "output":
            if self.output_error == "mean-rates":
                cell = cell.then(plasticity.MEAN_PARTS, plasticity.MEAN_MOMENTS)
            return cell.then(plasticity.OUTPUT_PARTS, plasticity.OUTPUT_MOMENTS[self.output_error])
        if self.asynchronous:
            late = dict(pyramidal.ASYNCHRONOUS["moments"])
            cell = cell.then(pyramidal.ASYNCHRONOUS["parts"], {"onset": late.pop("onset")})
            cell = cell.vary(moments=late)
        rule = self.learning_rule
        learned = "\n".join((rule.learning | cell.learning).values())
        cell = cell.then(rule.parts, {**rule.moments, "target_plateau": learned})
        if self.observe and self.rule != "backprop":
            cell = cell.then(plasticity.BACKWARD["parts"], plasticity.BACKWARD["moments"])
        if self.feedback.learned:
            cell = cell.then(plasticity.FEEDBACK_PARTS, plasticity.FEEDBACK_MOMENTS)
            if self.feedback.bias:
                cell = cell.then({}, {"target_plateau": plasticity.FEEDBACK_BIAS_LEARN})
        return cell

    def check(self):
        """Itself; raises ValueError, in one sentence, if the parts do not go together."""
        refusals.refuse(self)
        return self
