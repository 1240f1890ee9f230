"""How does a network relax, and how long does it take (Scellier & Bengio 2017, section 2)?

    python -m experiments relaxation

Networks of ``relaxed_mnist``, trained. First one test image, in steps of a twentieth of a time
constant: the free phase, then a nudge with beta = .5: states of all layers, the energy E, the cost
C, and F = E + beta C, which falls in each phase. A nudge reaches the outputs first, and moves
hidden layers the later and the less the further they are. Then, in steps of half a time constant,
how many until no state of any cell moves by more than .001, for 200 images from 0, in networks with
one and two hidden layers, trained and as they begin, and with three that is not trained.

Expected: F falls always, C is lower in the end than before the nudge (Proposition 2); time grows
fast with depth: the paper takes 20, 100 and 500 steps. A minute once the networks are trained.
"""

import dataclasses

import numpy as np

from experiments.equilibrium import relaxed_mnist
from experiments.run.record import recording
from experiments.study.page import Page
from models.equilibrium.options import PRESETS
from models.theory import Inputs

CONDITIONS = {name: relaxed_mnist.CONDITIONS[name] for name in ("one_hidden", "two_hidden")}
FINE = {"eps": 0.05, "free": 400, "nudged": 200, "beta": 0.5, "sign": "fixed", "particles": 0}
IMAGES, STEPS, STILL = 200, 500, 1e-3
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
    answers = program.run(Inputs(images, labels, _weights(network.state), 1, learns=False)).answers
    return int(np.argmax(answers.argmax(axis=1) != labels))


def _weights(state):
    return {name: value for name, value in state.items() if name != "particles"}


def traces(setting, name, network):
    """Rows of energy and cost, and of the states of some cells, of one image by time."""
    run, which = network.run, image(network)
    steps = setting.size({}, {"free": 20, "nudged": 10})
    net = varied(run, **FINE | steps)
    asked = recording(net, ("states", "energy"))
    shown = run.data.test_images[which : which + 1], run.data.test_labels[which : which + 1]
    program = net.program(1, record=asked, **run.config.how)
    records = program.run(Inputs(*shown, _weights(network.state), 1, learns=False)).records
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
    images, steps = setting.size((IMAGES, STEPS), (3, 10))
    rows, part = [], setting.size(20, 3)  # images of a program: records are large
    for name in setting.chosen(CONDITIONS):
        network = setting.network(name)
        energy, cells = traces(setting, name, network)
        setting.results.update("energy", energy, ("condition",))
        setting.results.update("states", cells, ("condition",))
        run = network.run
        net = varied(run, particles=0, free=steps)
        for when, state in (("begun", net.start(1)), ("trained", network.state)):
            found = _parts(net, _weights(state), run, images, part)
            rows.append({"condition": name, "when": when} | quartiles(found))
        last = run
    if last and setting.chosen(CONDITIONS)[-1] == "two_hidden":
        options = {"layers": (500, 500, 500, 10), "alpha": (0.1,), "gain": PRESETS["paper-2"]["gain"]}
        small = {"layers": (8, 8, 8, 10)} if setting.smoke else {}
        net = varied(last, particles=0, free=steps, **options | small)
        found = _parts(net, net.start(1), last, images, part)
        rows.append({"condition": "three_hidden", "when": "begun"} | quartiles(found))
    setting.results.update("steps", rows, ("condition", "when"))
    headlines = [
        {"condition": r["condition"], "measure": f"steps_until_still_{r['when']}"}
        | {"value": r["median"], "n": images}
        for r in rows
    ]
    setting.results.headline(headlines, setting.arguments)


def _parts(net, state, run, images, part):
    found = [
        steps_until_still(
            net,
            state,
            run.data.test_images[k : k + part],
            run.data.test_labels[k : k + part],
            run.config.how,
        )
        for k in range(0, images, part)
    ]
    return np.concatenate(found)


def quartiles(values):
    """Median and quartiles, as columns."""
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75))
    return {"median": middle, "lower": low, "upper": high, "n": len(values)}


page = Page(
    __name__,
    __doc__,
    study,
    CONDITIONS,
    title="How a network relaxes, and is nudged",
    smoke=relaxed_mnist.small,
)
