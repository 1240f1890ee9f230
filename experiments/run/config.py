"""The frozen description of a run: its own fields and its theory's options, flat in a file.

The command line is made from the fields; unknown names fail.
"""

import dataclasses
import math
import reprlib
from dataclasses import dataclass
from pathlib import Path

from experiments.run import command, encodings, inherit, seeds
from experiments.run.data import OWN_FILE
from models import theory as theories
from models.theory import DEFAULT, flag, option, refuse, written

# What a run may be gone on with: more epochs, other records, data in another place.
RECORD = ("record", "record_images", "record_training", "record_epochs", "record_neurons")
RECORD += ("record_variables",)
FREE = ("epochs", "data_dir", *RECORD)


@dataclass(frozen=True)
class Config:
    """Everything that a run depends on; each field is an option of the command line."""

    theory: str = option(DEFAULT, "a folder of models, or a file.py (its code is run)")
    dataset: str = option(
        "digits",
        "digits, mnist, fashion, kmnist, cifar10, cifar10-jpeg, svhn, idx (your own IDX files), "
        "file.npz or file.h5",
    )
    data_dir: str | None = option(None, "folder with the files of the data set")
    encoding: str = option(
        encodings.USUAL,
        "of images in rates of input cells: pixels (as they are), rgb, grey, on-off or "
        "colour-opponent",
        choices=(encodings.USUAL, *encodings.ENCODINGS),
    )
    shift: int = option(
        0,
        "most pixels that a training image is shifted by along rows and columns, drawn anew each "
        "time",
        least=0,
        most=100,
    )
    epochs: int = option(10, "passes through the training images; 0: test only", least=0)
    weights: str | None = option(
        None,
        "begin with what another run had learned: RUN, or RUN@EPOCH; its options hold, but for "
        "those that are given",
    )
    lesion: tuple = option(
        (), "with --weights: what of them is set to 0, by name, such as Y_0", type=str
    )
    train_examples: int | None = option(None, "training images (default: all)", type=int)
    test_examples: int | None = option(None, "test images (default: all)", type=int)
    validation: int = option(
        0, "test on so many training images, held out, and leave the test set alone", least=0
    )
    quick_examples: int = option(
        1000, "test images of a quick test within an epoch; 0: none", least=0
    )
    quick_every: int = option(4, "chunks between quick tests", least=1)
    chunk: int = option(2500, "most images between two checkpoints", least=1)
    seed: int = option(
        1, "of initial weights, order of images and spikes", least=0, most=seeds.MOST
    )
    device: str = option(
        "standalone", "standalone (C++) or runtime", choices=("standalone", "runtime")
    )
    precision: str = option(
        "single", "single, or double (slower; for exact comparison)", choices=("single", "double")
    )
    record: tuple = option((), "records to write at the end: spikes, ...", type=str)
    record_images: tuple = option((0, 1), "test images to record", type=int, least=0)
    record_training: bool = option(False, "record training images in place of test images")
    record_epochs: tuple = option(
        (), "also record what was learned by these epochs", type=int, least=0
    )
    record_neurons: tuple = option(
        tuple(range(10)), "cells that are recorded in each step", type=int, least=0
    )
    record_variables: tuple = option(
        (), "further variables of the cells to record, such as a variant's own", type=str
    )
    options: object = None  # the theory's

    def __post_init__(self):
        found = theories.find(self.theory)
        if self.options is None:
            object.__setattr__(self, "options", found.options())
        refuse(self)
        refuse(self.options)
        if self.records and not self.record_images:
            raise ValueError("--record-images: give at least one")
        if self.lesion and not self.weights:
            raise ValueError("--lesion: what another run had learned is set to 0: give --weights")
        if max(self.record_epochs, default=0) > self.epochs:
            raise ValueError(
                f"--record-epochs: there is no epoch {max(self.record_epochs)} of {self.epochs}"
            )

    @classmethod
    def of(cls, values=(), **more):
        """From flat values: the run's and the theory's, lists for tuples; unknown names fail.

        Raises
        ------
        ValueError
            In one sentence.
        """
        if values != () and not isinstance(values, dict):
            raise ValueError("the configuration is not a set of named options")
        given = dict(values) | more
        values = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
        name = values.get("theory", DEFAULT)
        if not isinstance(name, str):
            raise ValueError(f"--theory: {reprlib.repr(name)} is not what it takes")
        found = theories.find(name)
        own = {field.name for field in dataclasses.fields(found.options)}
        mine = {field.name for field in fields()}
        unknown = set(values) - own - mine
        if unknown:
            raise ValueError(
                f"unknown option {reprlib.repr(sorted(unknown)[0])} in the configuration "
                f"of the theory {name}"
            )
        options = found.options(**{k: v for k, v in values.items() if k in own})
        return cls(**{k: v for k, v in values.items() if k in mine}, options=options)

    def flat(self):
        """All fields by name, the theory's options after the run's own."""
        values = {field.name: getattr(self, field.name) for field in fields()}
        return values | dataclasses.asdict(self.options)

    def network(self, inputs, classes):
        """The network that this configuration describes; ValueError, in one sentence, if none.

        ``inputs`` is the number of pixels, or ``models.theory.Trains``.
        """
        found = theories.find(self.theory)
        if isinstance(inputs, theories.Trains) and not found.takes_trains:
            taken = [name for name in theories.names() if theories.find(name).takes_trains]
            raise ValueError(
                f"--dataset: {self.theory} takes images, and these are spike trains, for which "
                f"there is {' and '.join(taken)}"
            )
        network = found.network(self.options, inputs, classes)
        self.refuse_records(network)
        return network

    def refuse_records(self, network):
        """Raise ValueError, in one sentence, for records that a network does not have."""
        if not self.records:
            return
        known = network.variables
        for kind in self.record:
            if kind not in network.records:
                choice = ", ".join(network.records) or "none"
                raise ValueError(f"--record: unknown {kind!r}; choose from {choice}")
        cells = [n for n, about in known.items() if about.when != "state" and "/" not in n]
        cells = sorted(set(cells) - {"loss", "L"})  # which are measured
        for name in self.record_variables:
            if name not in cells:
                choice = ", ".join(cells)
                raise ValueError(f"--record-variables: no cell has a {name!r}, but {choice}")
        asked = [name for kind in self.record for name in network.records[kind]]
        stepped = [name for name in asked if name in known and known[name].when == "step"]
        first = min(self.record_neurons, default=math.inf)
        _, *layers = network.sizes.values()
        if (stepped or self.record_variables) and first >= min(layers):
            raise ValueError("--record-neurons: give at least one that every layer has")

    @property
    def how(self):
        """How its networks are built: device and precision, by name."""
        return {"device": self.device, "precision": self.precision}

    @property
    def records(self):
        """Whether anything is recorded."""
        return bool(self.record or self.record_variables)

    def differences(self, values):
        """Options that keep it from going on with the run of a folder.

        Parameters
        ----------
        values : dict
            What the folder says of them, which is compared and not used: it may name files.

        Returns
        -------
        list of str
            Empty if it may: with more epochs, other records, or data in another place.
        """
        mine, theirs = self.flat(), {"theory": DEFAULT} | values
        if theirs["theory"] != self.theory:  # whose options are others
            mine, theirs = {"theory": self.theory}, {"theory": theirs["theory"]}
        else:  # what a run of an earlier version does not say
            theirs = Config(theory=self.theory).flat() | theirs
        theirs = {k: tuple(v) if isinstance(v, list) else v for k, v in theirs.items()}
        for one in (mine, theirs):  # the file may have moved; what is in it is compared elsewhere
            if str(one.get("dataset")).endswith(OWN_FILE):
                one["dataset"] = Path(one["dataset"]).name
        found = [
            f"{flag(name)} is {_short(theirs.get(name))}, not {_short(mine.get(name))}"
            for name in mine | theirs
            if name not in FREE and mine.get(name) != theirs.get(name)
        ]
        return found[:3] + [f"and {len(found) - 3} more"] * (len(found) > 3)


def _short(value):
    text = written(value)
    return text if len(text) < 80 else f"{text[:80]} ..."


def fields():
    """Fields of a run, without its theory's."""
    return [field for field in dataclasses.fields(Config) if field.name != "options"]


# --- the command line -----------------------------------------------------------------------------


def named_theory(words):
    """The theory that a command line names: its options are those of the command."""
    first = command.Parser(add_help=False, allow_abbrev=False)
    first.add_argument("--theory")
    first.add_argument("--weights")
    given = first.parse_known_args(words)[0]
    return _theory({name: value for name, value in vars(given).items() if value})


def add_options(parser, found):
    """Add an option for each field of a run and of a theory, and ``--preset``."""
    parser.add_argument(
        "--preset", choices=sorted(found.presets), help="values that options then change"
    )
    for field in (*fields(), *dataclasses.fields(found.options)):
        theories.add_option(parser, field)


def _own(name):
    """Options of a theory."""
    return {field.name for field in dataclasses.fields(theories.find(name).options)}


def parse(parser, words, name):
    """Parse a command line; an option of another theory is refused by that theory's name."""
    given, rest = parser.parse_known_args(words)
    for word in rest:
        field = word.partition("=")[0].removeprefix("--").removeprefix("no-").replace("-", "_")
        others = [n for n in theories.names() if word.startswith("--") and field in _own(n)]
        if others:
            whose = f"{'theories' if len(others) > 1 else 'theory'} {' and '.join(others)}"
            parser.error(f"{word}: an option of the {whose}, which {name} does not have")
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return given


def from_arguments(given):
    """A ``Config`` from parsed options; see ``chosen``."""
    known = {field.name for field in fields()}
    values = {k: v for k, v in vars(given).items() if k != "preset"}
    own = _own(_theory(values))
    return chosen({k: v for k, v in values.items() if k in known | own}, given.preset)


def chosen(values, preset=None):
    """A ``Config`` from options by name: another run's (``weights``), a preset's, those given.

    Raises
    ------
    ValueError
        For values that no network has, and for what the theory refuses of those given.
    """
    run = inherit.options(values["weights"], values) if values.get("weights") else {}
    found = theories.find(_theory(values))
    if preset is not None and preset not in found.presets:
        raise ValueError(f"--preset: {' or '.join(found.presets)}, not {reprlib.repr(preset)}")
    about = found.presets[preset] if preset else {}
    config = Config.of({**run, **about, **values})
    if hasattr(config.options, "check_given"):
        own = {field.name for field in dataclasses.fields(found.options)}
        config.options.check_given([name for name in values if name in own])
    return config


def _theory(values):
    """The theory that options are of: named, or that of the run whose weights they begin with."""
    if values.get("weights") and "theory" not in values:
        return inherit.theory(values["weights"])
    return values.get("theory", DEFAULT)
