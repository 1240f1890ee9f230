"""How long does activity take to climb to the apical dendrites? Is the forward plateau too early?

    python -m experiments settling

Each image begins at rest (``--clear``). Input spikes drive the lower hidden layer, that the next,
that the output, and only output spikes drive the apical dendrites: every stage has synapses of
tau_s + tau_L = 13 ms. Measured is how far each potential has come, as a share of where it will
be, in a trained network that is shown images for 250 ms: the slope of the potential at a time
over its mean from 150 ms on, over cells and images. The mean is that of another presentation of
the same image, whose noise the potential does not share.

Why it matters: the forward plateau averages 30 to 50 ms. What the apical dendrite has not reached
by then becomes a difference between the plateaus that no error caused, in proportion to the
potential. It is learned from, more so in deeper networks, and where plateaus are not saturated
(weak feedback). The presets ``best`` wait longer. The paper has no such figure: there the last
image and its label fade in that time. Expected: a smaller share after each stage, and nearly 1 in
the best networks' own windows. Takes five minutes once the networks are trained.
"""

import dataclasses

import numpy as np

from experiments.run.record import recording
from experiments.run.seeds import Purpose
from experiments.segregated.settings import BEST, BEST_DEEP, EARLY, EARLY_ONE, EARLY_TWO, small
from experiments.study.conditions import Condition
from experiments.study.page import Page
from models.theory import Inputs

CONDITIONS = {
    "one_hidden": Condition(f"one hidden layer, {EARLY}", EARLY_ONE, 60),
    "two_hidden": Condition(f"two hidden layers, {EARLY}", EARLY_TWO, 60),
    "best_one_hidden": Condition("one hidden layer, best settings", BEST, 60),
    "best_two_hidden": Condition("two hidden layers, best settings", BEST_DEEP, 60),
}
SHOWN_MS, STEADY_MS = 250, 150
IMAGES, CELLS = 400, 50
WINDOWS = {"printed": (30, 50), "best": (60, 80), "best_deep": (75, 95)}  # forward plateaus, ms
ENOUGH = 0.95


def share(one, other, steady):
    """How far potentials have come at each time: their slope over their mean from ``steady`` on.

    ``one`` and ``other``, shape (images, times, cells), are mV from rest, in two presentations of
    the same images; the result has shape (times,).
    """
    ends = [V[:, steady:].mean(axis=1) for V in (one, other)]
    crossed = np.einsum("itc,ic->t", one, ends[1]) + np.einsum("itc,ic->t", other, ends[0])
    return crossed / (2 * np.sum(ends[0] * ends[1]))


def study(setting):
    """Follow the potentials of each network."""
    rows, numbers = [], []
    shown = setting.size(SHOWN_MS, 50)
    steady = setting.size(STEADY_MS, 40)
    for name in setting.chosen(CONDITIONS):
        network = setting.network(name)
        about = {"condition": name, "epochs": network.epochs}
        one, other = (_potentials(network, shown, setting, k) for k in (0, 1))
        for layer, symbol in one:
            course = share(one[layer, symbol], other[layer, symbol], steady)
            for t, value in enumerate(course, start=1):  # recorded at the end of a step of 1 ms
                rows.append(about | {"layer": layer, "symbol": symbol, "t": t, "share": value})
            if symbol == "V_a":
                numbers += _headline(about, layer, course)
    setting.results.update("course", rows, ("condition",))
    setting.results.headline(numbers, setting.arguments)


def _potentials(network, shown, setting, presentation):
    """(population, symbol) -> ndarray (images, times, cells), mV, from an image's onset."""
    run, images = network.run, network.run.data.test_images[: setting.size(IMAGES, 4)]
    phases = {"clear": True, "forward_ms": float(shown), "settle_ms": 30.0, "random_phases": False}
    options = dataclasses.replace(run.config.options, **phases)
    longer = dataclasses.replace(run.config, options=options)
    net = longer.network(images.shape[1], run.data.classes)
    cells = tuple(range(min(CELLS, max(net.layers[1:]))))
    record = recording(net, ("voltages",), cells)
    program = net.program(len(images), record=record, **run.config.how)
    seed = run.seed(Purpose.PRESENTATION, presentation)
    labels = run.data.test_labels[: len(images)]
    out = program.run(Inputs(images, labels, network.state, seed, learns=False))
    steps = program.schedule.starts("forward")[:, None] + np.arange(shown)
    *hidden, output = net.population_names()[1:]
    asked = [(name, symbol) for name in hidden for symbol in ("V", "V_a")] + [(output, "V")]
    return {(name, symbol): out.records["voltages", name, symbol][steps] for name, symbol in asked}


def _headline(about, layer, course):
    measured = {
        f"apical_share_{name}_{layer}": course[slice(*window)].mean()
        for name, window in WINDOWS.items()
        if window[1] <= len(course)
    }
    late = np.nonzero(course >= ENOUGH)[0]
    if len(late):
        measured[f"apical_ms_to_95_per_cent_{layer}"] = late[0] + 1
    return [about | {"measure": key, "value": float(value)} for key, value in measured.items()]


page = Page(__name__, __doc__, study, CONDITIONS, smoke=small)
