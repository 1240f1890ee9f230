"""The wiring table: which cells, which synapses, and in which order a step happens.

One step, from input to output, is: what is forgotten leaves the traces; potentials and traces move;
rates follow; spikes are drawn; they reach the layer above in the same step and the apical dendrites
below in the next. ``ORDER`` is that sentence; a test holds it.
"""

import numpy as np
from brian2.utils.stringtools import get_identifiers

from models.engine import printing
from models.engine.cell import NONE
from models.engine.circuit import Circuit, Event, Pathway, Population, Projection, Sweep
from models.segregated import inputs, plasticity, refusals, timing
from models.segregated.describe import fields
from models.segregated.spiking import DRAWS, MEMORY

ORDER = (
    Sweep(("onset", "lit", "teach")),
    Sweep(("rates",)),  # feedback by the rates of the step before
    Sweep(("forget", "move", "rate", "spike"), "up"),
    Sweep(("forward_window", "forward_apical", "forward_plateau")),
    Sweep(("target_window", "target_apical")),
    Sweep(("target_plateau", "hand_down"), "down"),
    Sweep(("learn",)),
    Sweep(("forget_feedback",), slot="end"),  # it came a step later, and is forgotten a step later
    Sweep(("shift",), slot="end"),
)
W = "w : volt*second  # weight"
# Silent cells have nothing to learn from: a trace dies away, but is 0 only long after.
ACTIVE = "s_bar > 0.001*Hz"
LIT = "phi > 0*Hz"  # dark pixels never fire

CLOCKWORK = """
    n                                                         : integer (shared)  # steps averaged
    n_a                                                       : integer (shared)  # apical steps
    ahead = (apical_steps - n_a)*dt                           : second  # left to the phase's end
"""
# Counters: the moments that begin a count, and what each of them counts.
COUNTERS = {
    "n": {"onset": "forward_window", "teach": "target_window"},
    "n_a": {"onset": "forward_apical", "teach": "target_apical"},
}


def counted(cell):
    """A cell with the counters that its averages need; they come before its own statements."""
    moments, own = {}, cell.moments
    for moment in timing.OF_CELLS:
        lines = []
        for counter, begins in COUNTERS.items():
            if begins.get(moment) in own:
                lines.append(f"{counter} = 0")
            elif moment in begins.values() and moment in own:
                lines.append(f"{counter} += 1")
        if lines:
            moments[moment] = "\n".join(lines)
    first = cell._replace(moments=moments).vary(parts={"clockwork": CLOCKWORK})
    return first.then({}, own)


def circuit(model, schedule, learning=True, averages=True):
    """The circuit of a model.

    Parameters
    ----------
    model : Model
        What is simulated.
    schedule : Schedule
        When.
    learning : bool
        With feedback and plasticity; without, the network only answers.
    averages : bool
        Keep the averages of hidden cells even if nothing learns from them.
    """
    table = _Table(model.check(), learning, averages)
    names, projections = model.population_names(), {}
    for m, (below, above) in enumerate(zip(names[:-1], names[1:], strict=True)):
        projections[f"W_{m}"] = table.feedforward(m, below, above)
    for m in range(model.depth if table.apical else 0):
        projections |= table.feedback(m)
    hidden = names[1:-1] if table.apical else ()
    state = {f"W_{m}": (f"W_{m}", "w") for m in range(len(names) - 1)}
    state |= {f"b_{m}": (name, "b") for m, name in enumerate(names[1:])}
    state |= {f"c_{m}": (name, "c") for m, name in enumerate(hidden)}
    state |= {name: (name, "w") for name in projections if name.startswith("Y")}
    settings = {}
    if learning:
        settings = {f"eta_{m}": (name, "eta") for m, name in enumerate(names[1:])}
        if model.feedback.learned:
            settings |= {f"eta_Y_{m}": (name, "eta_Y") for m, name in enumerate(hidden)}
    phases, window = model.phases, schedule.moments["forward_apical"].window
    return Circuit(
        {name: table.population(name, size) for name, size in model.sizes.items()},
        projections,
        ORDER,
        state,
        outcome=("V_bar", "phi_star") if learning else ("V_bar",),
        outcome_at="target_plateau" if learning else "forward_plateau",
        settings=settings,
        pixels=model.pixels,
        symbols={
            "per_class": model.per_class,
            "apical_steps": window if model.asynchronous and learning else 0,
            "plateau_sd": phases.plateau_sd,
            "plateau_max": phases.plateau_max,
            "plateau_window": phases.plateau_window,
        },
    )


class _Table:
    """What the rows of the table share."""

    def __init__(self, model, learning, averages):
        self.model, self.learning, self.averages = model, learning, averages
        self.apical = learning or not model.segregated  # else nobody feels the feedback
        self.draw = DRAWS[model.spike_draw]
        self.by_rates = self.apical and not model.feedback.spiking

    # --- populations ------------------------------------------------------------------------------

    def population(self, name, size):
        """Cells of one layer, with their draws, memory and counters."""
        model = self.model
        cell = model.cell(name, self.learning)
        if not self.averages and name != "output" and model.segregated:  # nobody asks for them
            onset = {k: code for k, code in cell.moments.items() if k == "onset"}
            cell = cell._replace(moments=onset)
        if name == "input" and self._only_fires():
            cell = cell._replace(parts={k: v for k, v in cell.parts.items() if k != "train"})
        if model.clear or not self.learning:
            cell = cell.vary(moments={"onset": self._cleared(cell)})
        if self.by_rates and name.startswith("hidden"):
            cell = cell.vary(moments={"rates": "psp_a = 0*volt"})
        if model.memory_steps:
            cell = cell.vary(
                parts={"memory": MEMORY["part"]},
                moments={"shift": MEMORY["shift"]},
                constants=self._memory(cell.params),
                double=("history",),
            )
        own = {k: cell.moments[k] for k in ("rates", "shift") if k in cell.moments}
        cell = counted(cell).vary(parts={"draw": self.draw.part}, moments=own)
        return Population(size, cell, self._events(name, cell))

    def _cleared(self, cell):
        history = "history = 0" if self.model.memory_steps else ""
        return "\n".join(filter(None, (cell.clear, history, cell.moments.get("onset"))))

    def _memory(self, params):
        age, base = self.model.memory_steps * self.model.phases.dt, self.draw.base
        left_x = np.exp(-age / params.tau_s)
        return {
            "base": base,
            "oldest": float(base**self.model.memory_steps),
            "left_x": float(left_x),
            "left_s": (np.exp(-age / params.tau_L) - left_x) / (params.tau_L - params.tau_s),
        }

    def _events(self, name, cell):
        drawn = self.draw.lit if name == "input" else self.draw.threshold
        does = [self.draw.on_spike if "train" in cell.parts else "", cell.reset]
        if self.model.memory_steps:
            does.append(self.draw.remember)
        own = "\n".join(printing.stripped(code) for code in does if code)
        events = {"spike": Event(cell.threshold or drawn, own)}
        if name == "input" and not cell.threshold and not self._flickers(cell):
            events = {"lit": Event(LIT), "spike": events["spike"]._replace(among="lit")}
        if self.model.memory_steps:
            events["forget"] = Event(MEMORY["event"], MEMORY["own"])
        if self._teaches(name):
            events["learn"] = Event(ACTIVE)
        if self._hands_down(name):
            events["hand_down"] = Event("True")
        if self._sends_rates(name):
            events["rates"] = Event("True")
        return events

    def _only_fires(self):
        """Whether nothing asks for the trains of the paper's pixels: in a test, they only fire."""
        model, above = self.model, self.model.population_names()[1]
        words = get_identifiers("\n".join(model.cell(above, self.learning).synapses.values()))
        asked = self.averages or not model.segregated or {"s_pre", "x_pre"} & words
        return model.input == inputs.INPUT and not asked and not model.memory_steps

    def _flickers(self, cell):
        """Whether an input's rate changes within an image."""
        within = (code for moment, code in cell.moments.items() if moment != "onset")
        parameter = "phi" in cell.equations.parameter_names
        return not parameter or "phi" in refusals.ASSIGNED.findall("\n".join((*within, cell.reset)))

    def _teaches(self, name):
        """Whether synapses from this population learn."""
        return self.learning and (name != "output" or self.model.feedback.learned)

    def _hands_down(self, name):
        """Whether synapses onto this population hand its error down to hidden cells."""
        return self.learning and bool(self.model.transport) and name not in ("input", "hidden_0")

    def _sends_rates(self, name):
        """Whether this population sends its rates to apical dendrites."""
        names = self.model.population_names()
        layerwise = self.model.feedback.path == "layerwise"
        return self.by_rates and name in (names[2:] if layerwise else names[-1:])

    # --- synapses ---------------------------------------------------------------------------------

    def feedforward(self, m, below, above):
        """Synapses from a layer to the one above; with symmetric feedback they work both ways."""
        model, own = self.model, self.model.cell(above).synapses
        paths = {"spike": Pathway(own.get("basal", self.draw.basal), "spike")}
        if model.memory_steps:
            paths["forget"] = Pathway(MEMORY["basal"], "forget")
        if self.learning:
            learn = own.get("learn", plasticity.ON_LEARN)
            if model.weight_decay:
                learn = f"{plasticity.ON_DECAY}\n{printing.stripped(learn)}"
            paths["learn"] = Pathway(learn, "learn")
        symbols = NONE
        if self.apical and m > 0 and model.feedback.kind == "symmetric":
            paths["back"] = Pathway(self.draw.backwards, "spike", by="post")
            if model.memory_steps:
                back = MEMORY["backwards"]
                paths["back_forget"] = Pathway(back, "forget", "post", at="forget_feedback")
            symbols = self._symmetric(m - 1)
        if self._hands_down(above):
            code = model.transport[above.split("_")[0]]
            paths["hand_down"] = Pathway(code, "hand_down", by="post")
        return Projection(below, above, W, paths, symbols=symbols)

    def feedback(self, m):
        """Synapses from the output, or the layer above, to the apical dendrites of layer m."""
        feedback, names = self.model.feedback, self.model.population_names()
        source = "output" if feedback.path == "broadcast" else names[m + 2]
        ends = source, f"hidden_{m}", W
        if not feedback.spiking:
            return {f"Y_{m}": Projection(*ends, {"rates": Pathway(plasticity.ON_RATE, "rates")})}
        own = self.model.hidden.synapses
        paths = {"spike": Pathway(own.get("apical", self.draw.apical), "spike")}
        if self.model.memory_steps:
            paths["forget"] = Pathway(MEMORY["apical"], "forget", at="forget_feedback")
        if feedback.kind == "symmetric":
            if not feedback.noise:
                return {}
            drawn = {"onset": plasticity.ON_NOISE}
            return {f"noise_{m}": Projection(*ends, paths, drawn, self._symmetric(m))}
        if self.learning and feedback.learned:
            paths["learn"] = Pathway(plasticity.ON_FEEDBACK_LEARN, "learn")
        if self.learning and feedback.mirror:
            paths["learn"] = Pathway(plasticity.ON_MIRROR, "learn", by="post")
            return {f"Y_{m}": Projection(*ends, paths, symbols={"mirror": feedback.mirror})}
        return {f"Y_{m}": Projection(*ends, paths)}

    def _symmetric(self, m):
        """Symbols of synapses that carry the symmetric feedback of hidden layer m."""
        feedback = self.model.feedback
        scale = np.broadcast_to(feedback.scale, self.model.depth)[m]
        return {"noise": feedback.noise, "scale": float(scale)}


def described(model):
    """All that is simulated in training, as data."""
    schedule = timing.training(model.phases, 1, model.asynchronous)
    settings = {
        "rule": model.rule,
        "feedback": fields(model.feedback),
        "phases": fields(model.phases),
        "spikes": model.spike_draw,
        "start": f"initial width {model.init}, centred {model.centre}",
    }
    return printing.described(circuit(model, schedule), schedule.moments, settings)
