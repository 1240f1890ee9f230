"""The wiring table: spikes go up, errors come down, and synapses learn on their own."""

import numpy as np
from brian2 import ms

from models import units
from models.engine.circuit import Circuit, Population, Sweep
from models.engine.network import Network
from models.engine.recording import NOTHING
from models.engine.schedule import Moment
from models.superspike import cells, synapses
from models.superspike.options import BOUND, REST
from models.theory import NEVER, Trains, Variable, refuse_other_outputs

EXAMPLE = "example"
# Errors are those of the step before; spikes of this step are felt in the next.
ORDER = (
    Sweep(("onset",)),
    Sweep(("forget_error",)),
    Sweep(("feedback",), "down"),
    Sweep(("live",)),
    Sweep(("move", "rate", "count", "spike", "arrive", "missing")),
    Sweep(("measure",)),
    Sweep(("update",)),
    Sweep(("over",)),
)
RECORDS = {
    "spikes": (),
    "voltages": ("U", "I"),
    "errors": ("err", "a"),
    "traces": ("z", "zt", "sig"),
}
# What goes on from one example to the next, where nothing is cleared.
OF_CELLS = ("wait", "sig")  # and all that has a differential equation
OF_SYNAPSES = ("el", "lam")
LEARNED = ("v", *OF_SYNAPSES)


class Firing(Network):
    """A network of spiking cells; where nothing is learned, its synapses only send."""

    __slots__ = ()

    @property
    def variables(self):
        """Name -> ``Variable``, with those that are measured."""
        about = {
            f"rate_{name}": Variable("Hz", 1.0, f"mean firing rate, {name}", "image")
            for name in self.circuit.populations
            if name != "input"
        }
        if "responses" in self.circuit.outcome:
            about["right"] = Variable("1", 1.0, "1: only the class's cell responded", "image")
        return Network.variables.fget(self) | about

    @property
    def shown(self):
        """For how long a spike train is shown: see ``models.theory``."""
        lasts = self.phases[EXAMPLE] * units.number(self.dt, "ms")[0]
        return dict.fromkeys(("train", "test"), (lasts, "--lasts"))

    def program(self, images, learning=True, record=NOTHING, *where, **how):
        """A program for so many examples."""
        network = self if learning else self._replace(circuit=answering(self.circuit))
        if not learning:
            held = network.circuit.state

            def start(seed):
                return {name: value for name, value in self.start(seed).items() if name in held}

            network = network._replace(start=start)
        return Network.program(network, images, learning, record, *where, **how)


def network(options, inputs, classes, targets=None):
    """The network that options describe.

    Parameters
    ----------
    options : Options
    inputs : int or Trains
        Pixels, or spike trains.
    classes : int
        Output cells.
    targets : int, optional
        Most target spikes of a cell in an example; without, those of ``options.target``.

    Raises
    ------
    ValueError
        If the last layer is not one cell a class, or pixels fire after the example's end.

    Notes
    -----
    Targets follow from the labels, unless ``Inputs.more`` has them: ``target``, of shape (examples,
    classes*(targets + 1)), the times in ms of all first spikes, then of all second ones, ..., and
    ``NEVER`` where there are no more; with ``error="response"`` it is ``opens``, of shape
    (examples,), when the response window opens, in ms. A program refuses times, of these and of
    spike trains, that are not within an example, which would never come.
    """
    refuse_other_outputs(options.layers, classes)
    trains = isinstance(inputs, Trains)
    if not trains and options.latest >= options.lasts:
        raise ValueError(
            f"--latest: pixels fire before the example ends (--lasts {options.lasts:g}), "
            f"not {options.latest:g} ms after it began"
        )
    columns = 1 + (len(options.target) if targets is None else int(targets))
    wired = circuit(options, inputs, columns)
    seconds = options.lasts / 1000

    def read(outcome, inputs):
        rates = {"rate_output": outcome["n_spikes"]}
        rates |= {n.replace("n_", "rate_", 1): v for n, v in outcome.items() if n[:8] == "n_hidden"}
        measures = {name: spikes.mean(axis=1) / seconds for name, spikes in rates.items()}
        if "responses" in outcome:
            asked = np.arange(classes) == np.asarray(inputs.labels)[:, None]
            measures["right"] = ((outcome["responses"] > 0.5) == asked).all(axis=1).astype(float)
        return outcome["decision"], {"loss": outcome["cost"].sum(axis=1)} | measures

    def given(inputs):
        if trains:
            _refuse_outside("a spike", inputs.images, options.lasts)
        _refuse_outside("a target", inputs.more.get("target", ()), options.lasts)
        opens = inputs.more.get("opens", ())
        _refuse_outside("a response window", opens, options.lasts, options.window)
        if inputs.more:
            return {}
        if options.error == "response":
            return {"opens": np.zeros(len(inputs.labels))}
        return {"target": targets_of(inputs.labels, classes, options.target)}

    return Firing(
        wired,
        start=lambda seed: start(options, wired, seed),
        read=read,
        settings=lambda epoch: {
            f"r_0_{m}": options.r_0 * options.decay**epoch for m in range(len(options.layers))
        },
        learns=("update",),
        phases={EXAMPLE: options.steps},
        moments={
            "onset": Moment(EXAMPLE, "first", "start", "an example begins"),
            "update": Moment(EXAMPLE, "last", "end", "weights follow", every=options.batch),
            "over": Moment(EXAMPLE, "last", "end", "it is over"),
        },
        dt=options.dt * ms,
        records=RECORDS,
        given=given,
    )


def _refuse_outside(what, first, lasts, length=0.0):
    """Raise ValueError for times (ms) in no example: below 0, or not before its end."""
    first = np.asarray(first)
    inside = (first > -1e-6) & (first + length < lasts)
    wrong = first[~inside & (first != NEVER)]
    if wrong.size:
        long = f", {length:g} ms long" if length else ""
        raise ValueError(
            f"{what} at {wrong[0]:g} ms{long}: an example begins at 0 and ends after --lasts "
            f"{lasts:g} ms"
        )


def targets_of(labels, classes, times):
    """Target times for each class's cell, as ``network`` takes them; the others never fire."""
    found = np.full((len(labels), len(times) + 1, classes), NEVER)
    rows = np.arange(len(labels))
    for k, time in enumerate(times):
        found[rows, k, labels] = time
    return found.reshape(len(labels), -1)


def circuit(options, inputs, columns):
    """All cells and synapses."""
    trains = inputs if isinstance(inputs, Trains) else None
    hidden = [f"hidden_{m}" for m in range(len(options.layers) - 1)]
    names, size = ["input", *hidden, "output"], options.layers[-1]
    kinds = {"input": cells.source(trains, options), "output": cells.output(options, size)}
    sizes = (trains.cells if trains else inputs, *options.layers)
    populations = {
        name: Population(size, *(kinds.get(name) or cells.hidden(options)))
        for name, size in zip(names, sizes, strict=True)
    }
    projections = {
        f"W_{m}": synapses.feedforward(options, below, above)
        for m, (below, above) in enumerate(zip(names, names[1:], strict=False))
    }
    for m, name in enumerate(hidden if options.feedback in ("random", "uniform") else ()):
        projections[f"B_{m}"] = synapses.feedback(options, name)
    judged = ("responses",) if options.error == "response" else ()
    wired = Circuit(
        populations,
        projections,
        ORDER,
        {},
        outcome=("cost", "decision", "n_spikes", *judged),
        outcome_at="over",
        settings={f"r_0_{m}": (f"W_{m}", "r_0") for m in range(len(options.layers))},
        pixels=trains.cells * trains.columns if trains else 0,
        inputs={"opens": 0} if options.error == "response" else {"target": size * columns},
        outcomes={f"n_{name}": (name, "n_spikes") for name in hidden},
    )
    return wired._replace(state=dict(_state(wired, options)))


def _state(wired, options):
    """Name -> (population or projection, variable) of all that goes on."""
    for name in wired.projections:
        known = wired.equations(name).names
        held = (("w", ""), ("B", ""), ("v", "v"), *((s, s) for s in OF_SYNAPSES))
        for variable, prefix in held:
            if variable in known and not (options.clear and variable in OF_SYNAPSES):
                yield name.replace("W", prefix) if prefix else name, (name, variable)
    for name in () if options.clear else wired.populations:
        known = wired.equations(name)
        for variable in known:
            if variable in known.diff_eq_names or variable in OF_CELLS:
                yield f"{variable}_{name}", (name, variable)


def answering(wired):
    """The same circuit without anything that only learning needs."""
    projections = {
        name: one._replace(
            equations=synapses.W,
            pathways={"arrive": one.pathways["arrive"]},
            statements={},
            symbols={},
            among="",
        )
        for name, one in wired.projections.items()
        if name.startswith("W")
    }
    cells = {*wired.populations, *projections}
    state = {k: w for k, w in wired.state.items() if w[0] in cells and w[1] not in LEARNED}
    return wired._replace(projections=projections, state=state, settings={})


def start(options, wired, seed):
    """The state that learning begins with.

    Weights W_m of shape (below, above), in mV, are normal, w_0 over the root of the number of cells
    below wide (C); feedback weights B_m of shape (outputs, cells), if random, are normal and of
    size 1. All else is at rest.
    """
    rng, state = np.random.default_rng([seed, 0]), {}
    for name, (owner, variable) in wired.state.items():
        shape = wired.shape(owner, variable)
        state[name] = np.zeros(shape)
        if variable == "w":
            width = options.w_0 / np.sqrt(shape[0])
            state[name] = np.clip(rng.normal(0, width, shape), -BOUND, BOUND)
        elif variable == "B":
            state[name] = rng.normal(0, 1, shape)
        elif variable == "U":
            state[name] += REST
    return state
