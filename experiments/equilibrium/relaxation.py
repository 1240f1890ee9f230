"""How does a network relax, and how long does it take (Scellier & Bengio 2017, section 2)?

    python -m experiments relaxation

Networks of ``relaxed_mnist``, trained. First one test image, in steps of a twentieth of a time
constant: the free phase, then a nudge with beta = .5: states of all layers, the energy E, the cost
C, and F = E + beta C, which falls in each phase. A nudge reaches the outputs first, and moves
hidden layers the later and the less the further they are. Then, in steps of half a time constant,
how many until no state of any cell moves by more than .001, for 200 images from 0, in networks with
one and two hidden layers, trained and as they begin, and with three that is not trained.

Expected: F falls always, C is lower in the end than before the nudge (Proposition 2). Trained, one
hidden layer takes 12 steps and two take 36; before learning it depends on the width of the initial
weights (82 at Glorot & Bengio's; half of it with two and three hidden layers, 20 and 30). The paper
takes 20, 100 and 500. A few minutes once the networks are trained.
"""

import dataclasses

import numpy as np

from experiments.equilibrium import relaxed_mnist
from experiments.run import loop
from experiments.run.record import recording
from experiments.study.page import Page
from experiments.study.statistics import quartiles
from models.equilibrium.options import PRESETS
from models.theory import Inputs

CONDITIONS = {name: relaxed_mnist.CONDITIONS[name] for name in ("one_hidden", "two_hidden")}
FINE = {"eps": 0.05, "free": 400, "nudged": 200, "beta": 0.5, "sign": "fixed", "particles": 0}
IMAGES, STEPS, STILL = 200, 500, 1e-3
PART = 20  # images of a program: records of all cells and steps are large
SHOWN = 12  # hidden cells whose states are kept: those that the nudge moves most


def varied(run, **values):
    """The network of a run with other options."""
    options = dataclasses.replace(run.config.options, **values)
    config = dataclasses.replace(run.config, options=options)
    return config.network(run.data.test_images.shape[1], run.data.classes)


def image(network):
    """A test image that the network takes for another class, if any: its nudge has work to do."""
    run = network.run
    net = varied(run, particles=0)
    images, labels = (a[:500] for a in (run.data.test_images, run.data.test_labels))
    program = net.program(len(labels), learning=False, **run.config.how)
    answers = program.run(Inputs(images, labels, weights(network.state), 1, learns=False)).answers
    return int(np.argmax(answers.argmax(axis=1) != labels))


def weights(state):
    """What is learned, without the states that are kept of images."""
    return {name: value for name, value in state.items() if name != "particles"}


def traces(setting, name, network):
    """Rows of energy and cost, and of the states of some cells, of one image by time."""
    run, which = network.run, image(network)
    steps = setting.size({}, {"free": 20, "nudged": 10})
    net = varied(run, **FINE | steps)
    asked = recording(net, ("states", "energy"))
    shown = run.data.test_images[which : which + 1], run.data.test_labels[which : which + 1]
    program = net.program(1, record=asked, **run.config.how)
    records = program.run(Inputs(*shown, weights(network.state), 1, learns=False)).records
    free = program.schedule.starts("nudged")[0]
    time = FINE["eps"] * (1 + np.arange(len(records["energy", "output", "F"])))
    energy, cells = [], []
    for k, t in enumerate(time):
        E, C, F = (records["energy", "output", symbol][k, 0] for symbol in "ECF")
        # energies are those of the states as the step began
        energy.append({"condition": name, "t": t - FINE["eps"], "E": E, "C": C, "F": F})
    for layer in (layer for layer in net.sizes if layer != "input"):
        s = records["states", layer, "s"]
        moved = np.abs(s[-1] - s[free - 1])
        for cell in np.sort(np.argsort(-moved, kind="stable")[:SHOWN]):
            for t, value in zip(time, s[:, cell], strict=True):
                row = {"condition": name, "layer": layer, "cell": cell, "t": t}
                cells.append(row | {"s": value})
    return energy, cells


def steps_until_still(net, state, images, labels, how):
    """Steps until all states of an image move by less than ``STILL``; shape (images,)."""
    program = net.program(len(labels), False, recording(net, ("states",)), **how)
    records = program.run(Inputs(images, labels, state, 1, learns=False)).records
    found = np.zeros(len(labels), dtype=int)
    for layer in (layer for layer in net.sizes if layer != "input"):
        s = records["states", layer, "s"].reshape(len(labels), -1, net.sizes[layer])
        start = np.zeros_like(s[:, :1])
        moves = np.abs(np.diff(np.concatenate([start, s], axis=1), axis=1)).max(axis=2) > STILL
        last = s.shape[1] - np.argmax(moves[:, ::-1], axis=1)
        found = np.maximum(found, np.where(moves.any(axis=1), last, 0))
    return found


def study(setting):
    """Traces of both networks, and how long each depth takes."""
    rows = []
    for name in setting.chosen(CONDITIONS):
        network = setting.network(name)
        energy, cells = traces(setting, name, network)
        setting.results.update("energy", energy, ("condition",))
        setting.results.update("states", cells, ("condition",))
        state = weights(network.state)
        rows.append({"condition": name, "when": "trained"} | duration(setting, network.run, state))
        rows.append({"condition": name, "when": "begun"} | duration(setting, network.run))
    untrained = loop.Run(setting.config(PRESETS["paper-3"], 1), None)
    rows.append({"condition": "three_hidden", "when": "begun"} | duration(setting, untrained))
    setting.results.update("steps", rows, ("condition", "when"))
    headlines = [
        {"condition": row["condition"], "measure": f"steps_until_still_{row['when']}"}
        | {"value": row["median"], "n": row["n"]}
        for row in rows
    ]
    setting.results.headline(headlines, setting.arguments)


def duration(setting, run, state=None):
    """Steps until nothing moves, by quartiles over images; without a state: as it begins."""
    images, steps, part = setting.size((IMAGES, STEPS, PART), (3, 10, 3))
    net, found = varied(run, particles=0, free=steps), []
    state = net.start(run.config.seed) if state is None else state
    for k in range(0, images, part):
        shown = slice(k, min(k + part, images))
        shown = run.data.test_images[shown], run.data.test_labels[shown]
        found.append(steps_until_still(net, state, *shown, run.config.how))
    low, middle, high = quartiles(np.concatenate(found))
    return {"median": middle, "lower": low, "upper": high, "n": images}


page = Page(
    __name__,
    __doc__,
    study,
    CONDITIONS,
    title="How a network relaxes, and is nudged",
    smoke=relaxed_mnist.small,
)
