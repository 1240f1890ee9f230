"""What is simulated: cells, layers and options. Refuses what makes no sense."""

import re
from typing import NamedTuple

import numpy as np
from brian2 import Equations, Quantity, ms
from brian2.equations.equations import FLOAT
from brian2.utils.stringtools import get_identifiers

from models.engine.cell import Neuron
from models.engine.integration import integrate
from models.engine.schedule import MOMENTS
from models.segregated import inputs, output, plasticity, pyramidal
from models.segregated.parameters import Phases, in_unit
from models.segregated.spiking import DRAWS

ASSIGNED = re.compile(r"^\s*(\w+)\s*([-+*/]?)=(?!=)(.*)", re.MULTILINE)  # a statement: name, value


class Feedback(NamedTuple):
    """How output spikes reach the apical dendrites (P Figs 8 and 8-S1, and options).

    Attributes
    ----------
    kind : str
        "random": weights of its own; "symmetric": the feedforward synapses, used backwards.
    path : str
        "broadcast": from the output to every hidden layer; "layerwise": from the layer above.
    scale : float, or tuple of one for each hidden layer
        Factor on the feedback weights, random or symmetric.
    sparsity, rescale : float
        Share of the random weights set to 0, and factor on those that are left (P Fig 8: 0.8, 5).
    noise : float
        Standard deviation, in mV ms, of noise on symmetric weights, drawn anew for each image.
    bias : bool
        A constant in the apical potential.
    learned : bool
        Feedback weights learn to invert the forward pass.
    spiking : bool
        Apical dendrites are reached by spikes; False: by the rates of the cells above.
    """

    kind: str = "random"
    path: str = "broadcast"
    scale: float | tuple = 1.0
    sparsity: float = 0.0
    rescale: float = 5.0
    noise: float = 0.0
    bias: bool = False
    learned: bool = False
    spiking: bool = True


class Model(NamedTuple):
    """A network as it is to be built.

    Attributes
    ----------
    layers : tuple of int
        Inputs, hidden layers, outputs.
    classes : int
        Classes; outputs are a multiple of it, and a class owns consecutive units.
    hidden, output, inputs : Neuron
        The kinds of cells.
    phases : models.parameters.Phases
        Lengths and windows.
    rule : str
        A name in ``models.plasticity.RULES``.
    feedback : Feedback
        Apical input.
    spike_draw : str
        A name in ``models.spiking.DRAWS``.
    memory : int
        Milliseconds after which a spike leaves its traces; 0 for the full kernel.
    clear : bool
        Return all traces and potentials to rest at each image's onset.
    asynchronous : bool
        Each hidden cell fires its plateaus a little before the phase ends, at its own time.
    init : float, or tuple of one for each layer
        Half-width of the initial weights' uniform draw, in units of 3.465 W_sd: 0.5 matches the
        moments (P), 1 is twice that (the authors' last revision).
    centre : bool
        Zero-mean initial weights, feedback weights and feedforward biases.
    observe : bool
        Each hidden cell also holds ``e_bp``, the error that backpropagation would give it; it
        learns as before.
    """

    layers: tuple
    classes: int = 10
    hidden: Neuron = pyramidal.NEURON
    output: Neuron = output.NEURON
    inputs: Neuron = inputs.NEURON
    phases: Phases = Phases()
    rule: str = "plateau"
    feedback: Feedback = Feedback()
    spike_draw: str = "bernoulli"
    memory: int = 0
    clear: bool = False
    asynchronous: bool = False
    init: float | tuple = 0.5
    centre: bool = False
    observe: bool = False

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
        return round(float(self.memory * ms / self.phases.dt))

    @property
    def segregated(self):
        """Whether apical potentials leave the soma alone (g_a = 0 in the standard coupling)."""
        cell, apical = self.hidden, {"V_a_bar"}
        for part in ("apical", "plateau"):
            apical |= set(Equations(cell.parts.get(part, "")).names)
        reads = {name: set(equation.identifiers) for name, equation in cell.equations.items()}
        standard = cell.parts.get("coupling") == pyramidal.PARTS["coupling"]
        if standard and not float(cell.params.g_a):
            reads["I_a"] = set()
        for code in (cell.reset, *cell.moments.values()):
            for name, _, value in ASSIGNED.findall(code):
                reads.setdefault(name, set()).update(get_identifiers(value))
        for name, _, _ in ASSIGNED.findall(cell.synapses.get("apical", "")):
            apical.add(name.removesuffix("_post"))
        felt, found = set(), {"V", "phi", *get_identifiers(cell.threshold + "\n" + cell.reset)}
        while found:
            felt |= found
            found = set().union(*(reads.get(name, ()) for name in found)) - felt
        return not felt & apical

    def population_names(self):
        """Names of the populations, from input to output."""
        return ["input", *(f"hidden_{m}" for m in range(self.depth)), "output"]

    @property
    def variables(self):
        """Variable of a cell that learns -> its unit, and what an SI value is multiplied by."""
        found = {}
        for name in dict.fromkeys(["output", *self.population_names()[1:2]]):
            for variable, equation in self.cell(name).equations.items():
                if "shared" not in equation.flags and equation.var_type == FLOAT:
                    one = Quantity(1.0, dim=equation.dim)
                    found[variable] = in_unit(variable, one)[::-1]
        return found

    @property
    def own_equations(self):
        """Whether a cell has other equations or statements than the paper's."""
        usual = type(self)(self.layers)
        return any(
            getattr(self, kind)._replace(params=None, integrator="")
            != getattr(usual, kind)._replace(params=None, integrator="")
            for kind in ("hidden", "output", "inputs")
        )

    @property
    def transport(self):
        """What synapses hand down of the error above, by the kind of cell above; may be empty."""
        return plasticity.BACKWARD["transport"] if self.observe else self._rule.transport

    @property
    def _rule(self):
        return plasticity.RULES[self.rule]

    def cell(self, name, learning=True):
        """The cell of a population, with all that the learning rule and the options add to it."""
        cell = {"input": self.inputs, "output": self.output}.get(name, self.hidden)
        if name.startswith("hidden") and not self.feedback.spiking:
            cell = cell.vary(parts=pyramidal.RATE_FEEDBACK)
        if not learning or name == "input":
            return cell
        if name == "output":
            return cell.then(plasticity.OUTPUT_PARTS, plasticity.OUTPUT_MOMENTS)
        if self.asynchronous:
            late = dict(pyramidal.ASYNCHRONOUS["moments"])
            cell = cell.then(pyramidal.ASYNCHRONOUS["parts"], {"onset": late.pop("onset")})
            cell = cell.vary(moments=late)
        learning = "\n".join((self._rule.learning | cell.learning).values())
        cell = cell.then(self._rule.parts, {**self._rule.moments, "target_plateau": learning})
        if self.observe and self.rule != "backprop":
            cell = cell.then(plasticity.BACKWARD["parts"], plasticity.BACKWARD["moments"])
        if self.feedback.learned:
            cell = cell.then(plasticity.FEEDBACK_PARTS, plasticity.FEEDBACK_MOMENTS)
            if self.feedback.bias:
                cell = cell.then({}, {"target_plateau": plasticity.FEEDBACK_BIAS_LEARN})
        return cell

    def check(self):
        """Raise ValueError, in one sentence, if the parts do not go together."""
        for ok, why in self._rules():
            if not ok:
                raise ValueError(why)
        for cell in (self.hidden, self.output):
            integrate(cell.integrator)
        return self

    def _rules(self):
        f, n_out = self.feedback, self.layers[-1]
        yield len(self.layers) > 1, "--layers: inputs and at least one layer above them"
        yield (
            min(self.layers) > 0,
            f"--layers: every layer needs at least 1 cell, not {min(self.layers)}",
        )
        yield (
            n_out % self.classes == 0,
            f"--layers: {n_out} outputs for {self.classes} classes is not a multiple of them",
        )
        rounding = self.phases.rounding
        yield rounding in ("nearest", "down"), f"unknown rounding of phases {rounding!r}"
        rules = " or ".join(plasticity.RULES)
        yield self.rule in plasticity.RULES, f"unknown rule {self.rule!r}: {rules}"
        yield self.spike_draw in DRAWS, f"unknown spike_draw {self.spike_draw!r}"
        yield from self._cell_rules()
        yield f.kind in ("random", "symmetric"), f"unknown feedback kind {f.kind!r}"
        yield f.path in ("broadcast", "layerwise"), f"unknown feedback path {f.path!r}"
        yield 0 <= f.sparsity < 1, f"sparsity is a share from 0 to below 1, not {f.sparsity}"
        yield (
            f.sparsity > 0 or f.rescale == Feedback().rescale,
            "a factor on sparse feedback weights needs sparse feedback: give a sparsity as well",
        )
        yield f.noise >= 0, f"feedback noise is a standard deviation, not {f.noise}"
        yield (
            not f.noise or f.kind == "symmetric",
            "noisy feedback needs symmetric feedback: give both or neither",
        )
        yield (
            f.kind != "symmetric" or not f.sparsity,
            "symmetric feedback uses the feedforward synapses and cannot be sparse",
        )
        yield (
            f.kind != "symmetric" or not f.learned,
            "symmetric feedback follows the feedforward weights and cannot be learned as well",
        )
        yield (
            f.kind != "symmetric" or f.path == "layerwise" or self.depth <= 1,
            "symmetric feedback to more than one hidden layer goes layer by layer: "
            "add --feedback-path layerwise",
        )
        yield (
            self.rule != "backprop" or self.depth > 0,
            "the backprop rule trains hidden layers, and this network has none",
        )
        yield (
            self.rule != "backprop" or not (f.learned or self.asynchronous or f.noise),
            "the backprop rule uses no apical signal: learned feedback, asynchronous plateaus "
            "and feedback noise would do nothing",
        )
        yield (
            self.depth > 0 or (f == Feedback() and not self.asynchronous),
            "feedback and plateau options need a hidden layer, and this network has none",
        )
        yield (
            self.rule != "backprop"
            or not self.segregated
            or f._replace(kind="random", path="broadcast", bias=False) == Feedback(),
            "the backprop rule uses no apical signal, and neither does a segregated soma: "
            "feedback options would do nothing",
        )
        yield (
            f.spiking or not (f.kind == "symmetric" or f.learned or self.memory),
            "feedback by rates needs weights of its own that do not learn, and the full kernel: "
            "leave out symmetric and learned feedback and --memory",
        )
        yield (
            f.spiking or self.hidden.parts["apical"] == pyramidal.PARTS["apical"],
            "feedback by rates has an apical dendrite of its own, and so has this variant",
        )
        limit = 51 if self.spike_draw == "bernoulli" else 16  # what `history` can hold
        yield (
            0 <= self.memory_steps <= limit,
            f"memory is 0 to {limit} ms with spike_draw {self.spike_draw}, not {self.memory}",
        )
        yield np.min(self.init) >= 0, f"init is a width, 0 or more, not {self.init}"
        for name, values, layers in (
            ("--init", self.init, self.depth + 1),
            ("--feedback", f.scale, self.depth),
        ):
            yield (
                np.size(values) in (1, layers),
                f"{name}: 1 or {layers} values for this network, not {np.size(values)}",
            )

    def _cell_rules(self):
        """What a cell of one's own may be, and which options cannot do their work with it."""
        hidden, standard = self.hidden, pyramidal.NEURON
        learning = plasticity.RULES["plateau"].learning
        for name, cell, statements, synapses in (
            ("an input", self.inputs, (), ()),
            ("a hidden", hidden, learning, ("basal", "apical", "learn")),
            ("an output", self.output, (), ("basal", "learn")),
        ):
            for kind, given, known in (
                ("moment", cell.moments, MOMENTS),
                ("statement of learning", cell.learning, statements),
                ("synapse", cell.synapses, synapses),
            ):
                strange = sorted(set(given) - set(known))
                choice = f"choose from {', '.join(known)}" if known else "it can have none"
                yield not strange, f"{name} cell with an unknown {kind} {strange}: {choice}"
        for name, cell, parts in (
            ("a hidden", hidden, self._rule.parts),
            ("an output", self.output, plasticity.OUTPUT_PARTS),
        ):
            own = Equations("\n".join(parts.values())).names
            for moment, code in cell.moments.items():
                again = sorted(own & {name for name, _, _ in ASSIGNED.findall(code)})
                yield (
                    not again,
                    f"{name} cell sets {' and '.join(again)} at {moment}, which the learning rule "
                    "does after it: use learning=",
                )
        yield (
            self.rule == "plateau" or not hidden.learning,
            f"this variant learns in its own way ({', '.join(hidden.learning)}), "
            f"which --rule {self.rule} does not have",
        )
        own = [n for cell in (hidden, self.output) for n in (cell.threshold, *cell.synapses) if n]
        yield (
            self.spike_draw == "bernoulli" or not own,
            "this variant has its own threshold or synapses: it needs --spike-draw bernoulli",
        )
        yield (
            not self.memory or not (hidden.synapses or self.output.synapses),
            "this variant has its own synapses, which do not forget: leave out --memory",
        )
        yield (
            self.feedback.kind != "symmetric" or "apical" not in hidden.synapses,
            "symmetric feedback has synapses of its own, and so has this variant",
        )
        apical = [m for m in MOMENTS if m.endswith(("apical", "plateau"))]
        yield (
            not self.asynchronous
            or all(hidden.moments.get(m) == standard.moments[m] for m in apical),
            "asynchronous plateaus are the paper's at times of their own, and this variant has "
            "other plateaus",
        )
