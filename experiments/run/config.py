"""The frozen description of a run. The command line is made from its fields; unknown names fail."""

import argparse
import dataclasses
import math
from dataclasses import dataclass, field

from brian2 import ms

from models.engine.recording import Recording
from models.segregated import output as standard_output
from models.segregated import variants
from models.segregated.network import Feedback, Model
from models.segregated.output import LITERAL_TEACHING
from models.segregated.parameters import Phases

# The paper's cells and rule. When an image begins at rest, activity takes a while to climb to the
# apical dendrite, longer with each layer: here the forward plateau waits for it
# (experiments/settling.py).
BEST = {
    "layers": (500, 10),
    "epochs": 60,
    "eta": (0.2, 0.1),
    "feedback": (4.0,),
    "centre": True,
    "clear": True,
    "decay": 0.95,
    "forward_ms": 80.0,
    "window_ms": 20.0,
}

# Where the paper and the authors' code differ. `paper` is the default of every field.
PRESETS = {
    "paper": {},
    "demo": {  # the embedded digits in half a minute: what `make demo` runs
        "layers": (300, 10),
        "epochs": 30,
        "eta": (0.2, 0.1),
        "feedback": (16.0,),
        "centre": True,
        "clear": True,
        "decay": 0.9,
        "record": ("spikes", "voltages", "plateaus", "losses"),
    },
    "code": {
        "memory": 10,
        "integrator": "euler",
        "spike_draw": "poisson",
        "window_ms": 20.0,
        "rounding": "down",
        "init": (1.0,),
        "plateau_sd_ms": 3.0,
        "plateau_window_ms": 20.0,
    },
    "best": BEST,
    "best-deep": {
        **BEST,
        "layers": (500, 100, 10),
        "eta": (0.2, 0.1, 0.3),
        "feedback": (4.0, 1.0),
        "forward_ms": 95.0,
    },
}


FREE = ("epochs", "data_dir", "record", "record_images", "record_neurons", "record_variables")
RECORDS = ("spikes", "voltages", "plateaus", "losses")
CHOICES = {
    "rounding": ("nearest", "down"),
    "teaching": ("conductance", "literal"),
    "device": ("standalone", "runtime"),
}
AT_LEAST = dict.fromkeys(
    ("epochs", "chunk", "quick_every", "plateau_window_ms"), 1
) | dict.fromkeys(
    (
        "eta",
        "eta_feedback",
        "decay",
        "quick_examples",
        "validation",
        "seed",
        "phase_seed",
        "sparse_rescale",
        "settle_ms",
        "window_ms",
        "plateau_sd_ms",
        "record_images",
        "record_neurons",
    ),
    0,
)


def _option(default, text, **keywords):
    return field(default=default, metadata={"help": text, **keywords})


@dataclass(frozen=True)
class Config:
    """Everything that a run depends on; each field is an option of the command line."""

    dataset: str = _option("digits", "digits, mnist, fashion, or idx (your own IDX files)")
    data_dir: str | None = _option(None, "folder with the four IDX files")
    layers: tuple = _option((100, 10), "hidden layers, then the output", type=int)
    epochs: int = _option(10, "passes through the training images")
    train_examples: int | None = _option(None, "training images (default: all)", type=int)
    test_examples: int | None = _option(None, "test images (default: all)", type=int)
    validation: int = _option(
        0, "test on so many training images, held out, and leave the test set alone"
    )
    quick_examples: int = _option(1000, "test images of a quick test within an epoch; 0: none")
    quick_every: int = _option(10, "chunks between quick tests")
    chunk: int = _option(1000, "most images between two checkpoints")
    seed: int = _option(1, "of initial weights, order of images and spikes")
    variant: str = _option("paper", "cells: a name in models/variants, or a file (its code is run)")
    device: str = _option("standalone", "standalone (C++) or runtime")

    eta: tuple = _option(
        (),
        "learning rates, hidden layers first; one serves all "
        "(default: the paper's; it has none for more than two hidden layers: 0.21 each)",
        type=float,
    )
    decay: float = _option(1.0, "factor on the learning rates after each epoch")
    rule: str = _option("plateau", "plateau, or backprop as a reference")
    init: tuple = _option(
        (0.5,),
        "width of initial weights, one or one a layer: 0.5 matches the moments, 1 is twice that",
        type=float,
    )
    centre: bool = _option(False, "zero-mean initial weights, feedback weights, biases")

    feedback: tuple = _option(
        (1.0,), "factor on the feedback weights, one or one a hidden layer", type=float
    )
    feedback_kind: str = _option("random", "random or symmetric")
    feedback_path: str = _option("broadcast", "broadcast (from the output) or layerwise")
    sparsity: float = _option(0.0, "share of feedback weights set to 0")
    sparse_rescale: float = _option(5.0, "factor on the feedback weights that sparsity leaves")
    feedback_noise: float = _option(0.0, "spread of noise on symmetric feedback, mV ms")
    feedback_bias: bool = _option(False, "a constant in the apical potential")
    feedback_spikes: bool = _option(True, "feedback by spikes; without, by the rates above")
    eta_feedback: tuple = _option(
        (), "learning rates of feedback weights, one a hidden layer", type=float
    )
    g_a: float | None = _option(
        None, "apical conductance, 1/ms (default: the variant's)", type=float
    )

    memory: int = _option(0, "ms after which a spike leaves its traces (code: 10); 0: full kernel")
    clear: bool = _option(False, "all traces and potentials to rest at each image's onset")
    integrator: str | None = _option(None, "exact, euler, ... (default: the variant's)", type=str)
    spike_draw: str = _option("bernoulli", "spikes of a step: bernoulli or poisson (code)")
    teaching: str = _option("conductance", "teaching current: conductance, or as printed (literal)")

    forward_ms: float = _option(50.0, "shortest forward phase")
    target_ms: float = _option(50.0, "shortest target phase")
    settle_ms: float = _option(30.0, "start of a phase that averages leave out")
    window_ms: float = _option(
        0.0, "average the last ... of a training phase; 0: all after settling"
    )
    random_phases: bool = _option(True, "a Wald-distributed part in each phase")
    rounding: str = _option("nearest", "of random phases to steps: nearest, or down (code)")
    phase_seed: int = _option(0, "of the random phase lengths, which are part of a build")
    test_ms: float = _option(250.0, "forward phase of a test image")
    asynchronous: bool = _option(False, "each hidden cell has plateaus at its own times")
    plateau_sd_ms: float = _option(math.sqrt(3), "spread of asynchronous plateaus")
    plateau_window_ms: float = _option(30.0, "averaged before an asynchronous plateau")

    record: tuple = _option((), f"records to write at the end: {', '.join(RECORDS)}", type=str)
    record_images: tuple = _option((0, 1), "test images to record", type=int)
    record_neurons: tuple = _option(
        tuple(range(10)), "neurons whose voltages and variables are recorded", type=int
    )
    record_variables: tuple = _option(
        (), "further variables of the cells to record, such as a variant's own", type=str
    )

    def __post_init__(self):
        for refuse in (self._refuse_numbers, self._refuse_names, self._refuse_lists):
            problem = refuse()
            if problem:
                raise ValueError(problem)

    def _refuse_numbers(self):
        for f in dataclasses.fields(self):
            value = getattr(self, f.name)
            for number in value if isinstance(value, tuple) else (value,):
                if not _fits(number, f, isinstance(value, tuple)):
                    return f"{_flag(f.name)}: {value!r} is not what it takes"
                if isinstance(number, float) and not math.isfinite(number):
                    return f"{_flag(f.name)}: {number} is not a number"
                if f.name in AT_LEAST and number < AT_LEAST[f.name]:
                    return f"{_flag(f.name)}: {AT_LEAST[f.name]} or more, not {number}"
        for name in ("forward_ms", "target_ms", "test_ms"):
            if getattr(self, name) <= self.settle_ms:
                return f"{_flag(name)}: longer than --settle-ms {self.settle_ms:g}"
        return None

    def _refuse_names(self):
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                return f"{_flag(name)}: {' or '.join(choices)}, not {getattr(self, name)!r}"
        unknown = set(self.record) - set(RECORDS)
        if unknown:
            return f"--record: unknown {sorted(unknown)[0]!r}; choose from {', '.join(RECORDS)}"
        return None

    def _refuse_lists(self):
        layers = len(self.layers)
        if not layers:
            return "--layers: give at least the output layer"
        if len(self.eta) not in (0, 1, layers):
            return (
                f"--eta: one rate, or one for each layer above the input ({layers}), "
                f"not {_text(self.eta)} (a preset has rates for its own layers)"
            )
        for name in ("init", "feedback"):
            if not getattr(self, name):
                return f"{_flag(name)}: give at least one value"
        if len(self.eta_feedback) not in (0, 1, layers - 1):
            return f"--eta-feedback: 1 or {layers - 1} rates, not {len(self.eta_feedback)}"
        if self.records and not self.record_images:
            return "--record-images: give at least one"
        cells = min(self.record_neurons, default=math.inf)
        traced = "voltages" in self.record or self.record_variables
        if traced and cells >= min(self.layers):
            return "--record-neurons: give at least one that every layer has"
        return None

    def rates(self, epoch):
        """Learning rates in an epoch (from 0): ``eta_m`` and, if learned, ``eta_Y_m``."""
        eta, depth = self.eta or PAPER_RATES.get(len(self.layers), (0.21,)), len(self.layers) - 1
        etas = eta * (depth + 1) if len(eta) == 1 else eta
        rates = {f"eta_{m}": value for m, value in enumerate(etas)}
        learned = self.eta_feedback * depth if len(self.eta_feedback) == 1 else self.eta_feedback
        rates |= {f"eta_Y_{m}": value for m, value in enumerate(learned)}
        return {name: value * self.decay**epoch for name, value in rates.items()}

    def model(self, inputs, classes):
        """The network that this configuration describes.

        Raises
        ------
        ValueError
            If the options do not go together, or the variant cannot be loaded.
        """
        variant = variants.read(self.variant)
        hidden, output = variant.hidden, variant.output
        asked = [_flag(n) for n, usual in _defaults(LENGTHS).items() if getattr(self, n) != usual]
        if asked and "lengths" in variant.phases:
            raise ValueError(
                f"this variant has its own lengths of phases: leave out {' and '.join(asked)}"
            )
        if self.g_a is not None:
            if len(self.layers) == 1:
                raise ValueError("--g-a: without a hidden layer there is no apical dendrite")
            if self.g_a < 0:
                raise ValueError(f"--g-a: a conductance, 0 or more, not {self.g_a}")
            hidden = hidden.vary(params={"g_a": self.g_a / ms})
        if self.integrator is not None:
            hidden, output = (cell.vary(integrator=self.integrator) for cell in (hidden, output))
        if self.teaching == "literal":
            if output.parts.get("teaching") != standard_output.NEURON.parts["teaching"]:
                raise ValueError(
                    "--teaching literal is a current of the paper's output cell, and this variant "
                    "has one of its own"
                )
            output = output.vary(parts=LITERAL_TEACHING)
        feedback = Feedback(
            self.feedback_kind,
            self.feedback_path,
            _one_or_all(self.feedback),
            self.sparsity,
            self.sparse_rescale,
            self.feedback_noise,
            self.feedback_bias,
            bool(self.eta_feedback),
            self.feedback_spikes,
        )
        phases = Phases(
            forward=self.forward_ms * ms,
            target=self.target_ms * ms,
            test=self.test_ms * ms,
            settle=self.settle_ms * ms,
            window=self.window_ms * ms if self.window_ms else None,
            random=self.random_phases,
            rounding=self.rounding,
            seed=self.phase_seed,
            plateau_sd=self.plateau_sd_ms * ms,
            plateau_window=self.plateau_window_ms * ms,
        )
        model = Model(
            (inputs, *self.layers),
            classes,
            phases=phases,
            rule=self.rule,
            feedback=feedback,
            spike_draw=self.spike_draw,
            memory=self.memory,
            clear=self.clear,
            asynchronous=self.asynchronous,
            init=_one_or_all(self.init),
            centre=self.centre,
        )
        return variant._replace(hidden=hidden, output=output).applied(model).check()

    @property
    def records(self):
        """Whether anything is recorded."""
        return bool(self.record or self.record_variables)

    def recording(self):
        """What to record."""
        return Recording(self.record, self.record_neurons, self.record_variables)

    def differences(self, other):
        """Options that keep another configuration from going on with this one's run.

        Returns
        -------
        list of str
            Empty if it may: with more epochs, other records, or data in another place.
        """
        pairs = [
            (_flag(f.name), getattr(self, f.name), getattr(other, f.name))
            for f in dataclasses.fields(self)
            if f.name not in FREE
        ]
        return [f"{flag} is {_text(a)}, not {_text(b)}" for flag, a, b in pairs if a != b]

    @classmethod
    def from_dict(cls, values):
        """From what ``dataclasses.asdict`` gave, lists for tuples; unknown names fail."""
        if not isinstance(values, dict):
            raise ValueError("the configuration is not a set of named options")
        unknown = set(values) - {f.name for f in dataclasses.fields(cls)}
        if unknown:
            raise ValueError(f"unknown option {sorted(unknown)[0]!r} in the configuration")
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


# The paper's learning rates by number of layers.
PAPER_RATES = {1: (0.19,), 2: (0.21, 0.21), 3: (0.23, 0.23, 0.12)}


def _one_or_all(values):
    return values[0] if len(values) == 1 else values


def _defaults(names):
    return {f.name: f.default for f in dataclasses.fields(Config) if f.name in names}


def _fits(item, option, listed):
    """Whether a value (or one of a list) is of an option's type."""
    kind = option.metadata.get("type", type(option.default))
    if isinstance(option.default, tuple) != listed:
        return False
    if item is None:
        return option.default is None
    kinds = {float: (int, float), type(None): str}
    return isinstance(item, kinds.get(kind, kind)) and (kind is bool) == isinstance(item, bool)


def _flag(name):
    return "--" + name.replace("_", "-")


def add_options(parser):
    """Add an option for each field of ``Config``, and ``--preset``."""
    parser.add_argument(
        "--preset", choices=sorted(PRESETS), default="paper", help="values that options then change"
    )
    for f in dataclasses.fields(Config):
        meta = dict(f.metadata)
        text, kind = meta.pop("help"), meta.pop("type", type(f.default))
        shown = "" if f.default in (None, ()) else f" (default: {_text(f.default)})"
        keywords = {"help": text.replace("%", "%%") + shown, "default": argparse.SUPPRESS, **meta}
        if isinstance(f.default, bool):
            keywords["action"] = argparse.BooleanOptionalAction
        elif isinstance(f.default, tuple):
            keywords |= {"type": kind, "nargs": "*" if f.name.startswith("record") else "+"}
        else:
            keywords["type"] = str if f.default is None and kind is type(None) else kind
        parser.add_argument(_flag(f.name), **keywords)


# Options -> fields of ``Phases``, as a variant's PHASES name them.
PHASES = {
    "forward_ms": "forward",
    "target_ms": "target",
    "test_ms": "test",
    "settle_ms": "settle",
    "window_ms": "window",
    "random_phases": "random",
    "phase_seed": "seed",
    "plateau_sd_ms": "plateau_sd",
    "plateau_window_ms": "plateau_window",
}
LENGTHS = ("forward_ms", "target_ms", "random_phases")  # what a variant's `lengths` stand for


def from_arguments(arguments):
    """A ``Config`` from parsed options: the preset's values, then those given.

    Raises
    ------
    ValueError
        For values that no network has, and for an option at its default where the variant has
        another value: the variant's would count, whatever the option says.
    """
    usual = {f.name: f.default for f in dataclasses.fields(Config)}
    given = {k: v for k, v in vars(arguments).items() if k in usual}
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    config = Config(**{**PRESETS[arguments.preset], **given})
    at_default = [name for name, value in given.items() if value == usual[name]]
    own = {}
    if at_default:
        variant = variants.read(config.variant)
        own = {**variant.phases, **variant.options}
    for name in at_default:
        if PHASES.get(name, name) in own or (name in LENGTHS and "lengths" in own):
            flag = _flag(f"no_{name}") if given[name] is False else _flag(name)
            raise ValueError(
                f"{flag}: the variant {config.variant} has a value of its own for this: "
                "leave the option out, or change the variant"
            )
    return config


def _text(value):
    if value is None:
        return "left out"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return f"{value:.3g}" if isinstance(value, float) else str(value)
