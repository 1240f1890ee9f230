"""Populations, synapses and schedule: wiring only.

One step of the network, from input to output, is: what is forgotten leaves the traces; potentials
and traces move; rates follow; spikes are drawn; they reach the layer above in the same step and
the apical dendrites below in the next. ``ORDER`` is that sentence; a test holds it.
"""

from typing import NamedTuple

import numpy as np
from brian2 import EventClock, Network, NeuronGroup, StateMonitor, TimedArray, defaultclock, ms

from models.engine.codegen import DenseSynapses
from models.engine.integration import integrate
from models.engine.schedule import MOMENTS
from models.segregated import plasticity
from models.segregated.spiking import DRAWS, MEMORY

# Within a layer; a layer comes after the one below it.
ORDER = {
    name: place
    for place, name in enumerate(
        ("forget", "forget_own", "forget_sent", "move", "rate", "draw", "own", "send")
    )
}
# At the end of a step, after the moments of the schedule.
LEARN_ORDER, OUTCOME_ORDER, FORGET_ORDER = 10_000, 20_000, 30_000  # after any number of layers

CLOCKWORK = """
    example                                                   : integer (shared)  # image, from 0
    n                                                         : integer (shared)  # steps averaged
    n_a                                                       : integer (shared)  # apical steps
    ahead = (apical_steps - n_a)*dt                           : second  # left to the phase's end
"""
# Counters: what they count, and the moments that begin a count.
COUNTERS = {
    "n": {"onset": "forward_window", "teach": "target_window"},
    "n_a": {"onset": "forward_apical", "teach": "target_apical"},
}


def counting(moment, moments):
    """Statements that keep the counters a cell needs; they come before the cell's own."""
    lines = ["example += 1"] if moment == "onset" else []
    for counter, begins in COUNTERS.items():
        if begins.get(moment) in moments:
            lines.append(f"{counter} = 0")
        elif moment in begins.values() and moment in moments:
            lines.append(f"{counter} += 1")
    return "\n".join(lines)


class Wired(NamedTuple):
    """A network ready to be built.

    Attributes
    ----------
    network : brian2.Network
        All objects.
    images : TimedArray
        Pixels in [0, 1], shape (images, inputs).
    labels, plastic : TimedArray
        Class of each image, and 1 where it is learned from (0 for padding), shape (images,).
    weights : dict of VariableView
        By the names of ``models.weights.initial``; flat, mV ms and mV in SI units.
    rates : dict of VariableView
        Learning rates: ``eta_m`` for each layer, ``eta_Y_m`` for learned feedback.
    populations : dict of NeuronGroup
        "input", "hidden_0", ..., "output".
    outcome : StateMonitor
        ``V_bar`` (and ``phi_star`` when learning) of the output cells, once for each image.
    learning : bool
        Whether the network has target phases and plasticity.
    """

    network: Network
    images: TimedArray
    labels: TimedArray
    plastic: TimedArray
    weights: dict
    rates: dict
    populations: dict
    outcome: StateMonitor
    learning: bool


def wire(model, schedule, learning=True, averages=False):
    """Wire a model to a schedule.

    Parameters
    ----------
    model : Model
        What is simulated.
    schedule : Schedule
        When.
    learning : bool
        With feedback, target phases and plasticity; without, the network only answers.
    averages : bool
        Keep the averages of hidden cells even if nothing learns from them.

    Returns
    -------
    Wired
    """
    defaultclock.dt = schedule.dt
    builder = _Builder(model.check(), schedule, learning, averages or learning)
    return builder.wire()


class _Builder:
    """Holds what the steps of wiring share."""

    def __init__(self, model, schedule, learning, averages):
        self.model, self.schedule, self.learning = model, schedule, learning
        self.averages = averages
        self.apical = learning or not model.segregated  # else nobody feels the feedback
        self.draw = DRAWS[model.spike_draw]
        size, dt = schedule.images, schedule.dt
        self.images = TimedArray(np.zeros((size, model.layers[0])), dt=dt, name="images")
        self.labels = TimedArray(np.zeros(size), dt=dt, name="labels")
        self.plastic = TimedArray(np.zeros(size), dt=dt, name="plastic")
        self.clocks = {}
        self.objects = []
        self.groups = {}

    def wire(self):
        model = self.model
        names = model.population_names()
        for layer, (name, size) in enumerate(zip(names, model.layers, strict=True)):
            self.groups[name] = self._population(layer, name, size)
        weights, rates = {}, {}
        for m in range(len(names) - 1):
            S = self._feedforward(m, names[m], names[m + 1])
            weights[f"W_{m}"] = S.w
            weights[f"b_{m}"] = self.groups[names[m + 1]].b
            if self.learning:
                rates[f"eta_{m}"] = self.groups[names[m + 1]].eta
        for m in range(model.depth if self.apical else 0):
            weights[f"c_{m}"] = self.groups[f"hidden_{m}"].c
            Y = self._feedback(m, names)
            if Y is not None:
                weights[f"Y_{m}"] = Y.w
            if self.learning and model.feedback.learned:
                rates[f"eta_Y_{m}"] = self.groups[f"hidden_{m}"].eta_Y
        outcome = self._outcome()
        network = Network(*self.groups.values(), *self.objects, outcome)
        return Wired(
            network,
            self.images,
            self.labels,
            self.plastic,
            weights,
            rates,
            self.groups,
            outcome,
            self.learning,
        )

    # --- populations -------------------------------------------------------------------------

    def _population(self, layer, name, size):
        model = self.model
        cell = model.cell(name, self.learning)
        parts, moments = [CLOCKWORK, *cell.parts.values(), self.draw.part], dict(cell.moments)
        threshold = cell.threshold or self.draw.threshold
        on_spike = "\n".join(filter(None, (self.draw.on_spike, cell.reset)))
        if name == "input":  # the dark pixels of an image draw no random number
            threshold = f"phi > 0*Hz and {threshold}"
        events = {}
        if model.memory_steps:
            parts.append(MEMORY["part"])
            on_spike += "\n" + self.draw.remember
            events["forget"] = MEMORY["event"]
        if self._teaches(name):
            events["learn"] = "s_bar > 0*Hz"  # silent cells have nothing to learn from
        if self._hands_down(name):
            events["hand_down"] = "True"
        if self._feeds_back(name):
            events["rate"] = "True"
        if model.clear or not self.learning:
            history = "history = 0" if model.memory_steps else ""
            moments["onset"] = "\n".join((cell.clear, history, moments.get("onset", "")))
        group = NeuronGroup(
            size,
            "\n".join(parts),
            threshold=threshold,
            reset=on_spike,
            events=events,
            method=integrate(cell.integrator),
            namespace=self._namespace(cell),
            name=name,
        )
        group.example = -1
        for variable, value in cell.rest.items():
            setattr(group, variable, value)
        self._order_step(group, layer)
        self._moments(group, layer, moments)
        return group

    def _namespace(self, cell):
        """Every symbol of a population that is not one of its variables."""
        model, phases = self.model, self.model.phases
        symbols = {
            "images": self.images,
            "labels": self.labels,
            "plastic": self.plastic,
            "per_class": model.per_class,
            "apical_steps": self.schedule.apical_window or 0,
            "plateau_sd": phases.plateau_sd,
            "plateau_max": phases.plateau_max,
            "plateau_window": phases.plateau_window,
        }
        if model.memory_steps:
            p, age = cell.params, model.memory * ms
            left_x = np.exp(-age / p.tau_s)
            symbols |= {
                "base": self.draw.base,
                "oldest": float(self.draw.base**model.memory_steps),
                "left_x": float(left_x),
                "left_s": (np.exp(-age / p.tau_L) - left_x) / (p.tau_L - p.tau_s),
            }
        return cell.namespace | symbols

    def _in_step(self, obj, layer, name):
        """Put an object at its place within the step."""
        obj.when, obj.order = "groups", ORDER[name] + len(ORDER) * layer

    def _at_end(self, obj, order, moment=None):
        """Put an object at the end of the step: of every step, or of those of a moment."""
        obj.when, obj.order = "end", order
        if moment is not None:  # Brian2 offers no other way to check an event only now and then
            obj._clock = self._clock(moment)

    def _order_step(self, group, layer):
        self._in_step(group.state_updater, layer, "move")
        if group.subexpression_updater is not None:
            self._in_step(group.subexpression_updater, layer, "rate")
        self._in_step(group.thresholder["spike"], layer, "draw")
        self._in_step(group.resetter["spike"], layer, "own")
        if self.model.memory_steps:
            self._in_step(group.thresholder["forget"], layer, "forget")
            group.run_on_event("forget", MEMORY["own"])
            self._in_step(group.resetter["forget"], layer, "forget_own")
            shift = group.run_regularly(MEMORY["shift"], name=f"{group.name}_shift")
            self._at_end(shift, FORGET_ORDER + 1)
        if "rate" in group.thresholder:  # first of all: rates of the step before
            self._in_step(group.thresholder["rate"], 0, "forget_own")
        if self._by_rates and group.name.startswith("hidden"):
            forget = group.run_regularly("psp_a = 0*volt", name=f"{group.name}_forget_rates")
            self._in_step(forget, 0, "forget")
        for event, order in (("learn", LEARN_ORDER), ("hand_down", self._descent(layer) + 1)):
            if event in group.thresholder:
                self._at_end(group.thresholder[event], order, "target_plateau")

    def _teaches(self, name):
        """Whether synapses from this population learn."""
        return self.learning and (name != "output" or self.model.feedback.learned)

    def _hands_down(self, name):
        """Whether synapses onto this population hand its error down to hidden cells."""
        return self.learning and bool(self.model.transport) and name not in ("input", "hidden_0")

    @property
    def _by_rates(self):
        return self.apical and not self.model.feedback.spiking

    def _feeds_back(self, name):
        """Whether this population sends its rates to apical dendrites."""
        sources = self.model.population_names()[-1:]
        if self.model.feedback.path == "layerwise":
            sources = self.model.population_names()[2:]
        return self._by_rates and name in sources

    def _descent(self, layer):
        """Order of a layer's error at the end of the target phase: from the output down."""
        return len(MOMENTS) + 4 * (len(self.model.layers) - layer)

    def _clock(self, moment):
        """One event clock for each moment, shared by all that happens then."""
        if moment not in self.clocks:
            self.clocks[moment] = EventClock(self.schedule.times(moment), name=f"at_{moment}")
        return self.clocks[moment]

    def _moments(self, group, layer, moments):
        """Run a cell's statements at their moments; errors go from the output down."""
        for place, (moment, (when, _)) in enumerate(MOMENTS.items()):
            code = "\n".join((counting(moment, moments), moments.get(moment, "")))
            if not code.strip() or not len(self.schedule.steps(moment)):
                continue
            if not self.averages and group.name != "output" and moment != "onset":
                continue  # nobody asks for the averages of other layers
            order = self._descent(layer) if moment == "target_plateau" else place
            name = f"{group.name}_{moment}"
            group.run_on_clock(code, self._clock(moment), when=when, order=order, name=name)

    # --- synapses ----------------------------------------------------------------------------

    def _feedforward(self, m, source, target):
        """Synapses from a layer to the one above; with symmetric feedback they work both ways."""
        feedback = self.model.feedback
        own = self.model.cell(target).synapses
        down, up = {"spike": own.get("basal", self.draw.basal)}, {}
        if self.model.memory_steps:
            down["forget"] = MEMORY["basal"]
        if self.learning:
            down["learn"] = own.get("learn", plasticity.ON_LEARN)
        if self.apical and source != "input" and feedback.kind == "symmetric":
            up["back"] = self.draw.backwards
            if self.model.memory_steps:
                up["back_forget"] = MEMORY["backwards"]
        if self._hands_down(target):
            up["hand_down"] = self.model.transport[target.split("_")[0]]
        return self._project(f"W_{m}", source, target, down, up, layer=m - 1)

    def _feedback(self, m, names):
        """Synapses from the output, or the layer above, to the apical dendrites of layer m."""
        feedback = self.model.feedback
        source = "output" if feedback.path == "broadcast" else names[m + 2]
        if not feedback.spiking:
            return self._project(f"Y_{m}", source, f"hidden_{m}", {"rate": plasticity.ON_RATE})
        apical = {"spike": self.model.hidden.synapses.get("apical", self.draw.apical)}
        if self.model.memory_steps:
            apical["forget"] = MEMORY["apical"]
        if feedback.kind == "symmetric":
            if feedback.noise:
                N = self._project(f"noise_{m}", source, f"hidden_{m}", apical, layer=m)
                name = f"noise_{m}_draw"
                N.run_on_clock(plasticity.ON_NOISE, self._clock("onset"), name=name)
            return None
        if self.learning and feedback.learned:
            apical["learn"] = plasticity.ON_FEEDBACK_LEARN
        return self._project(f"Y_{m}", source, f"hidden_{m}", apical)

    def _project(self, name, source, target, on_pre, on_post=None, layer=None):
        """All-to-all synapses whose pathways are named for what sets them off.

        ``layer`` is the hidden layer whose feedback they carry, if they do.
        """
        feedback, symbols = self.model.feedback, {}
        if layer is not None and layer >= 0 and feedback.kind == "symmetric":
            scale = np.broadcast_to(feedback.scale, self.model.depth)[layer]
            symbols = {"noise": feedback.noise, "scale": float(scale)}
        event = {"back": "spike", "back_forget": "forget"}
        pathways = {**on_pre, **(on_post or {})}
        S = DenseSynapses(
            self.groups[source],
            self.groups[target],
            "w : volt*second",
            on_pre=on_pre,
            on_post=on_post or None,
            on_event={path: event.get(path, path) for path in pathways},
            delay={path: 0 * ms for path in pathways},
            namespace=self.groups[target].namespace | symbols,
            name=name,
        )
        layers = list(self.groups)
        for path in pathways:
            pathway = getattr(S, path)
            layer = layers.index(source if path in on_pre else target)
            if path == "learn":
                self._at_end(pathway, LEARN_ORDER + 1, "target_plateau")
            elif path == "hand_down":
                self._at_end(pathway, self._descent(layer) + 2, "target_plateau")
            elif path == "rate":
                self._in_step(pathway, 0, "forget_sent")
            elif path == "forget" and layer < layers.index(target):
                self._in_step(pathway, layer, "forget_sent")
            elif "forget" in path:  # feedback came a step later, and is forgotten a step later
                self._at_end(pathway, FORGET_ORDER)
            else:
                self._in_step(pathway, layer, "send")
        self.objects.append(S)
        return S

    def _outcome(self):
        moment = "target_plateau" if self.learning else "forward_plateau"
        return StateMonitor(
            self.groups["output"],
            ["V_bar", "phi_star"] if self.learning else ["V_bar"],
            record=True,
            clock=self._clock(moment),
            when="end",
            order=OUTCOME_ORDER,
            name="outcome",
        )
