"""The network of the contract: phases, what is given with each image, weights and measures."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from brian2 import ms

from models import units
from models.engine.network import Network
from models.engine.recording import NOTHING
from models.engine.schedule import Moment
from models.interneurons import clock, making, notes, starting
from models.interneurons.circuit import Parts, circuit
from models.interneurons.options import Options
from models.interneurons.variants import PAPER
from models.segregated import losses, timing
from models.theory import NEVER, Variable, refuse_other_outputs

DT = 1 * ms
FORWARD, TARGET = timing.FORWARD, timing.TARGET
RECORDS = {
    "spikes": (),
    "voltages": ("V", "V_a", "V_b", "V_fb", "V_d"),
    "conductances": ("g_SST", "g_PV", "g_VIP", "g_E", "g_I"),
    "plateaus": (),
    "plateau_ends": (),
    "alphas": ("alpha_f", "alpha_t", "d_alpha", "learned"),
    "averages": ("V_bar", "phi_bar"),
    "errors": ("error", "e_bp"),
}
PER_IMAGE = ("alphas", "averages", "errors")


class Timed(NamedTuple):
    """A network whose plateaus a circuit times.

    Attributes
    ----------
    training, observing, testing : engine.network.Network
        With target phases; the same, whose hidden cells also hold ``e_bp``; with forward phases
        alone, without volleys.
    parts : Parts
        What they are made of.
    options : Options
    """

    training: Network
    observing: Network
    testing: Network
    parts: Parts
    options: Options

    @property
    def sizes(self):
        """Population -> number of cells."""
        return self.training.sizes

    @property
    def records(self):
        """Kind -> variables that ``--record`` may ask for."""
        return RECORDS

    @property
    def events(self):
        """``population/kind`` of times that may be recorded -> what the event is."""
        return self.training.events

    @property
    def variables(self):
        """Name -> ``Variable``."""
        found = dict(self.observing.variables)
        for name in {name for kind in PER_IMAGE for name in RECORDS[kind]} & set(found):
            found[name] = found[name]._replace(when="image")
        loss = units.NAMED["kHz^2"]
        return found | {
            "loss": Variable(loss.text, loss.factor, "loss of the output, L_1", "image"),
            "learning": Variable("1", 1.0, "share of cells with a plateau that teaches", "image"),
        }

    def start(self, seed):
        """The state that learning begins with; see ``starting``."""
        return self.training.start(seed)

    def program(self, images, learning=True, record=NOTHING, *where, **how):
        """A program for so many images."""
        asked = {name for names in record.kinds.values() for name in names}
        taught = self.observing if "e_bp" in asked else self.training
        return (taught if learning else self.testing).program(
            images, learning, record, *where, **how
        )

    def model(self):
        """What is simulated, as data."""
        return self.training.model()

    def text(self):
        """What is simulated, as plain text."""
        return self.training.text()

    def notes(self):
        """The circuit's own numbers with their sources, as plain text."""
        usual = making.parts(replace(self.options, variant=PAPER), self.parts.layers[0])
        return notes.notes(self.parts, usual)


def network(options, inputs, classes):
    """The network that options describe, for images of so many pixels and classes.

    Parameters
    ----------
    options : Options
    inputs, classes : int

    Returns
    -------
    Timed
        ``Inputs.more`` may give, for each image, ``M_from`` and ``ACh_from`` (when the volleys
        begin, ms after its onset), ``A_VIP`` (how strong they are, 1/ms) and ``lights``, of shape
        (images, 6): what light does to pyramidal, PV, SST and VIP cells (1/ms; > 0 excites, < 0
        inhibits), and when it goes on and off (ms). Without, they are as the options say.

    Raises
    ------
    ValueError
        If the last layer is not one cell a class, or the variant cannot be loaded.
    """
    refuse_other_outputs(options.layers, classes)
    parts = making.parts(options, inputs)
    steps = {
        name: round(getattr(options, f"{name}_ms")) for name in (FORWARD, TARGET, "test", "settle")
    }

    def of(learning, observe=False):
        table = circuit(parts, learning, observe)
        phases = (FORWARD, TARGET) if learning else ("test",)
        return Network(
            table,
            lambda seed: starting.start(options, parts, table, seed),
            _read,
            _settings(options) if learning else lambda epoch: {},
            phases=dict(zip((FORWARD, TARGET), (steps[name] for name in phases), strict=False)),
            moments=moments(steps["settle"]),
            dt=DT,
            records=RECORDS,
            given=_given(options, learning),
            keep=_keep,
        )

    return Timed(of(True), of(True, observe=True), of(False), parts, options)


def moments(settle):
    """Those of the segregated dendrites that are used, and those of learning from plateaus."""
    used = "onset", "lit", "teach", "forward_window", "forward_plateau", "target_window"
    used += "target_plateau", "hand_down", "learn"
    found = {name: moment for name, moment in timing.moments(settle).items() if name in used}
    return found | {"tell": Moment(TARGET, "last", "end", "plateaus are told to the output")}


def _settings(options):
    eta = options.eta * len(options.layers) if len(options.eta) == 1 else options.eta
    return lambda epoch: {f"eta_{m}": one * options.decay**epoch for m, one in enumerate(eta)}


def _given(options, volleys):
    """What is given with each image that does not bring it."""
    ends = options.forward_ms, options.forward_ms + options.target_ms
    begins = [end - options.volley_ms for end in ends]
    if options.ach_ms is not None:
        begins[1] = options.ach_ms
    lights = np.zeros(len(clock.KINDS) + 2)
    lights[-2:] = options.light_on_ms, options.light_off_ms
    if options.light != "none":
        lights[clock.KINDS.index(options.light)] = options.light_g

    def given(inputs):
        n = len(inputs.images)
        usual = {
            "M_from": np.full(n, begins[0] if volleys else NEVER),
            "ACh_from": np.full(n, begins[1] if volleys else NEVER),
            "A_VIP": np.full(n, options.drive),
            "lights": np.tile(lights, (n, 1)),
        }
        return {name: value for name, value in usual.items() if name not in inputs.more}

    return given


def _keep(state, outcome, inputs):
    """What goes on from one chunk to the next: images that teach nothing leave no trace."""
    return state if inputs.learns else dict(inputs.state)


def _read(outcome, inputs):
    measures = {}
    if "phi_star" in outcome:
        measures["loss"] = losses.output_loss(outcome["phi_star"], outcome["V_bar"])
        measures["learning"] = (outcome["learned"] > 0).mean(axis=1)
    return outcome["V_bar"], measures
