"""Every option of the theory, and the model that options describe."""

import dataclasses
import math
from dataclasses import dataclass

from brian2 import Quantity, ms, mV

from models import units
from models.segregated import output, plasticity, pyramidal, variants
from models.segregated.inputs import INPUT, given
from models.segregated.model import Feedback, Model
from models.segregated.parameters import Biophysics, Phases
from models.segregated.spiking import DRAWS
from models.theory import Trains, flag, option, refuse

# Options -> fields of ``Phases``, as a variant's PHASES name them.
PHASES = {
    "forward_ms": "forward",
    "target_ms": "target",
    "test_ms": "test",
    "settle_ms": "settle",
    "window_ms": "window",
    "random_phases": "random",
    "rounding": "rounding",
    "phase_seed": "seed",
    "plateau_sd_ms": "plateau_sd",
    "plateau_window_ms": "plateau_window",
}
LENGTHS = ("forward_ms", "target_ms", "random_phases")  # what a variant's `lengths` stand for

PAPER, USUAL = Feedback(), Phases()  # whose values are the defaults
TIMES = {
    name: units.number(getattr(USUAL, name), "ms")[0]
    for name in ("forward", "target", "settle", "test", "plateau_window")
}
RATES = {"type": float, "least": 0}
MOST_MS = 1e6  # steps of a phase are counted for each image of a chunk
# Parameters of the cells that a search moves, and where it looks, in the units they are told in.
PARAMETERS = {
    "tau_s": (1.0, 6.0),
    "tau_L": (5.0, 20.0),
    "g_l": (0.05, 0.2),
    "g_b": (0.3, 1.2),
    "g_d": (0.3, 1.2),
    "phi_max": (100.0, 400.0),
    "E_E": (4.0, 16.0),
    "E_I": (-16.0, -4.0),
    "g_teach": (0.5, 2.0),
}
TEACHING, ROUNDING = ("conductance", "literal"), ("nearest", "down")


@dataclass(frozen=True)
class Options:
    """Cells, rule, feedback, spikes and phases; each field is an option of the command line."""

    layers: tuple = option((100, 10), "hidden layers, then the output", type=int)
    variant: str = option("paper", "cells: a name of a variant, or a file (its code is run)")
    eta: tuple = option(
        (),
        "learning rates, hidden layers first; one serves all "
        "(default: the paper's; it has none for more than two hidden layers: 0.21 each)",
        **{"type": float, "least": 0, "search": (0.01, 1.0)},
    )
    decay: float = option(1.0, "factor on the learning rates after each epoch", least=0)
    weight_decay: float = option(
        0.0,
        "share that an image takes off the weights of active synapses, times eta",
        least=0,
        most=1,
        search=(1e-8, 1e-4),
    )
    rule: str = option("plateau", "or backprop as a reference", choices=tuple(plasticity.RULES))
    output_error: str = option(
        "gradient",
        "error of the output: the gradient of L_1, rates: their difference alone, or mean-rates: "
        "that of two means",
        choices=tuple(plasticity.OUTPUT_ERRORS),
    )
    init: tuple = option(
        (0.5,),
        "width of initial weights, one or one a layer: 0.5 matches the moments, 1 is twice that",
        **{"type": float, "search": (0.1, 2.0)},
    )
    centre: bool = option(False, "zero-mean initial weights, feedback weights, biases")

    feedback: tuple = option(
        (1.0,),
        "factor on the feedback weights, one or one a hidden layer",
        **{"type": float, "search": (0.5, 64.0)},
    )
    feedback_kind: str = option(PAPER.kind, "random or symmetric")
    feedback_path: str = option(PAPER.path, "broadcast (from the output) or layerwise")
    sparsity: float = option(PAPER.sparsity, "share of feedback weights set to 0")
    sparse_rescale: float = option(PAPER.rescale, "factor on those that sparsity leaves", least=0)
    feedback_noise: float = option(PAPER.noise, "spread of noise on symmetric feedback, mV ms")
    feedback_bias: bool = option(PAPER.bias, "a constant in the apical potential")
    feedback_spikes: bool = option(PAPER.spiking, "feedback by spikes; without, by the rates above")
    feedback_mirror: float = option(
        PAPER.mirror,
        "feedback weights change as forward ones of the same cells do, times this; 0: not at all",
        least=0,
        most=1e3,
    )
    eta_feedback: tuple = option((), "rates of feedback weights, one a hidden layer", **RATES)
    g_a: float | None = option(
        None, "apical conductance, 1/ms (default: variant's)", type=float, most=1e6
    )
    light_early: float = option(
        0.0, "what light adds to apical dendrites before a teacher comes", unit="mV"
    )
    light_late: float = option(0.0, "the same with the teacher", unit="mV")
    cell: tuple = option(
        (),
        "parameters of the cells, each as tau_L=12, in ms, 1/ms, mV or Hz (default: variant's)",
        **{"type": str, "search": PARAMETERS},
    )
    memory: int = option(0, "ms after which a spike leaves its traces (code: 10); 0: full kernel")
    clear: bool = option(False, "all traces and potentials to rest at each image's onset")
    integrator: str | None = option(None, "exact, euler, ... (default: the variant's)", type=str)
    spike_draw: str = option("bernoulli", f"spikes of a step: {' or '.join(DRAWS)} (code)")
    teaching: str = option(
        "conductance", "teaching current, or as printed (literal)", choices=TEACHING
    )

    forward_ms: float = option(
        TIMES["forward"], "shortest forward phase", most=MOST_MS, search=(40.0, 200.0)
    )
    target_ms: float = option(
        TIMES["target"], "shortest target phase", most=MOST_MS, search=(40.0, 200.0)
    )
    settle_ms: float = option(
        TIMES["settle"], "start of a phase that averages leave out", least=0, most=MOST_MS
    )
    window_ms: float = option(
        0.0,
        "average the last ... of a training phase; 0: all",
        **{"least": 0, "most": MOST_MS, "search": (5.0, 40.0)},
    )
    random_phases: bool = option(USUAL.random, "a Wald-distributed part in each phase")
    rounding: str = option(USUAL.rounding, "of these to steps (code: down)", choices=ROUNDING)
    phase_seed: int = option(USUAL.seed, "of these, which are part of a build", least=0)
    test_ms: float = option(TIMES["test"], "forward phase of a test image", most=MOST_MS)
    asynchronous: bool = option(False, "each hidden cell has plateaus at its own times")
    plateau_sd_ms: float = option(
        math.sqrt(3), "spread of asynchronous plateaus", least=0, most=MOST_MS
    )
    plateau_window_ms: float = option(
        TIMES["plateau_window"], "averaged before these", least=1, most=MOST_MS
    )

    def __post_init__(self):
        refuse(self)
        for name in ("forward_ms", "target_ms", "test_ms"):
            if getattr(self, name) <= self.settle_ms:
                raise ValueError(f"{flag(name)}: longer than --settle-ms {self.settle_ms:g}")
        self._refuse_lists()

    @property
    def about(self):
        """What the variant says of itself."""
        return variants.read(self.variant).about

    def usual(self, name):
        """What the variant has of the parameters of an option, in the units they are told in.

        Parameters
        ----------
        name : str
            "cell", the one option of this kind.

        Returns
        -------
        dict
        """
        variant, found = variants.read(self.variant), {}
        for cell in (variant.hidden, variant.output):
            for symbol in PARAMETERS:
                value = getattr(cell.params, symbol)
                found[symbol], _ = units.number(value, cell.unit(symbol))
        return found

    def check_given(self, given):
        """Raise ValueError if a field that was asked for is at its default and cannot count.

        Where the variant has another value, that one would count, whatever the option says.

        Parameters
        ----------
        given : collection of str
            Fields.
        """
        usual = {field.name: field.default for field in dataclasses.fields(self)}
        at_default = [name for name in given if getattr(self, name) == usual[name]]
        if not at_default:
            return
        variant = variants.read(self.variant)
        own = {**variant.phases, **variant.options}
        for name in at_default:
            if PHASES.get(name, name) in own or (name in LENGTHS and "lengths" in own):
                off = getattr(self, name) is False
                raise ValueError(
                    f"{flag(f'no_{name}' if off else name)}: the variant {self.variant} has a "
                    "value of its own for this: leave the option out, or change the variant"
                )

    def _refuse_lists(self):
        layers = len(self.layers)
        if not layers:
            raise ValueError("--layers: give at least the output layer")
        if len(self.eta) not in (0, 1, layers):
            rates = " ".join(map(str, self.eta))
            raise ValueError(
                f"--eta: one rate, or one for each layer above the input ({layers}), "
                f"not {rates} (a preset has rates for its own layers)"
            )
        for name in ("init", "feedback"):
            if not getattr(self, name):
                raise ValueError(f"{flag(name)}: give at least one value")
        if len(self.eta_feedback) not in (0, 1, layers - 1):
            given = len(self.eta_feedback)
            raise ValueError(f"--eta-feedback: 1 or {layers - 1} rates, not {given}")


def network(options, inputs, classes):
    """The ``Model`` that options describe.

    Raises
    ------
    ValueError
        If the options do not go together, or the variant cannot be loaded.
    """
    variant = variants.read(options.variant)
    if isinstance(inputs, Trains):
        if variant.input != INPUT:
            raise ValueError("--dataset: spikes are given, and this variant has an input cell")
        variant = variant._replace(input=given(inputs.cells))
        cells, numbers = inputs.cells, inputs.cells * inputs.columns
    else:
        cells, numbers = inputs, 0
    usual = type(options)()
    asked = [flag(n) for n in LENGTHS if getattr(options, n) != getattr(usual, n)]
    if asked and "lengths" in variant.phases:
        raise ValueError(
            f"this variant has its own lengths of phases: leave out {' and '.join(asked)}"
        )
    model = Model(
        (cells, *options.layers),
        classes,
        pixels=numbers,
        phases=Phases(**{field: _value(options, name) for name, field in PHASES.items()}),
        rule=options.rule,
        output_error=options.output_error,
        feedback=Feedback(
            options.feedback_kind,
            options.feedback_path,
            _one_or_all(options.feedback),
            options.sparsity,
            options.sparse_rescale,
            options.feedback_noise,
            options.feedback_bias,
            bool(options.eta_feedback),
            options.feedback_mirror,
            options.feedback_spikes,
        ),
        spike_draw=options.spike_draw,
        memory=options.memory,
        clear=options.clear,
        asynchronous=options.asynchronous,
        init=_one_or_all(options.init),
        centre=options.centre,
        eta=options.eta,
        eta_feedback=options.eta_feedback,
        decay=options.decay,
        weight_decay=options.weight_decay,
    )
    return _cells(variant, options).applied(model).check()


def _cells(variant, options):
    """A variant with what options change in its cells."""
    hidden, readout = variant.hidden, variant.output
    if options.g_a is not None:
        if len(options.layers) == 1:
            raise ValueError("--g-a: without a hidden layer there is no apical dendrite")
        if options.g_a < 0:
            raise ValueError(f"--g-a: a conductance, 0 or more, not {options.g_a}")
        hidden = hidden.vary(params={"g_a": options.g_a / ms})
    if options.light_early or options.light_late:
        hidden = _lit(hidden, options)
    given = _parameters(options)
    cells = {"input": variant.input, "hidden": hidden, "output": readout}
    for name, cell in cells.items():
        own = getattr(cell.params, "_fields", ())
        cells[name] = cell.vary(params={k: v for k, v in given.items() if k in own})
    variant = variant._replace(input=cells["input"])
    hidden, readout = cells["hidden"], cells["output"]
    if options.integrator is not None:
        hidden, readout = (cell.vary(integrator=options.integrator) for cell in (hidden, readout))
    if options.teaching == "literal":
        if readout.parts.get("teaching") != output.PARTS["teaching"]:
            raise ValueError(
                "--teaching literal is a current of the paper's output cell, and this variant "
                "has one of its own"
            )
        readout = readout.vary(parts=output.LITERAL_TEACHING)
    return variant._replace(hidden=hidden, output=readout)


def _lit(hidden, options):
    """A hidden cell with light on its apical dendrite."""
    if options.rule == "backprop" or len(options.layers) == 1:
        raise ValueError("--light-early, --light-late: no plateau teaches in this network")
    if hidden.parts.get("apical") != pyramidal.PARTS["apical"] or not options.feedback_spikes:
        raise ValueError(
            "--light-early, --light-late: light falls on the paper's apical dendrite, and these "
            "cells have another"
        )
    light = {name: getattr(options, name) * mV for name in ("light_early", "light_late")}
    return hidden.vary(parts=pyramidal.LIT["parts"], constants=light).then(
        {}, pyramidal.LIT["moments"]
    )


def _parameters(options):
    """Name -> quantity of what ``--cell`` gives."""
    usual, found = Biophysics(), {}
    for text in options.cell:
        name, equals, number = text.partition("=")
        if name not in usual._fields or not equals:
            names = ", ".join(usual._fields)
            raise ValueError(f"--cell {text}: give NAME=NUMBER, of {names}")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise ValueError(f"--cell {text}: {number!r} is no number")
        _, unit = units.number(getattr(usual, name), usual.about[name][0])
        if value == 0 or (value < 0) != (name == "E_I"):
            raise ValueError(
                f"--cell {text}: it has to be {'below' if name == 'E_I' else 'above'} 0"
            )
        found[name] = Quantity(value * units.NAMED[unit].size, dim=getattr(usual, name).dim)
    return found


def _value(options, name):
    value = getattr(options, name)
    if name == "window_ms" and not value:
        return None
    return value * ms if name.endswith("_ms") else value


def _one_or_all(values):
    return values[0] if len(values) == 1 else values
