"""Does each layer learn in the direction of the gradient, through all of learning (page Q13)?

    python -m experiments nudge_angle

In the networks of ``relaxed_mnist``, after each epoch: the angle between what one test image would
teach the weights of a layer (eq 10) and backpropagation through the same network at its free fixed
point (recurrent backpropagation, ``experiments.equilibrium.exact``). Phases are those of training
(``as_trained``), or nearly lead to their ends, with a small nudge (``long``). Of 2,000 images those
are taken, 100 at most, that have a gradient: where each output is held at 0 or 1 by the hard
sigmoid, as it soon is for nearly all training images, nothing small moves it.

Expected: before learning 65 degrees, after the first epoch 12 to 30; with long phases within 8.
Five minutes once the networks are there.
"""

import numpy as np

from experiments.equilibrium import exact, relaxed_mnist
from experiments.equilibrium.relaxation import CONDITIONS, varied, weights
from experiments.measures import angle
from experiments.run.record import recording
from experiments.study.page import Page
from experiments.study.statistics import angle_headlines, mean_and_middle
from models.theory import Inputs

LOOKED, IMAGES, LONG = 2_000, 100, 500  # images; those taken at most; steps to a fixed point
PHASES = {"as_trained": {}, "long": {"beta": 0.05, "free": 400, "nudged": 200}}
PART = 10  # images of a program: records of all cells and steps are large


def fixed_points(run, state, images, labels, steps):
    """The free state of each image after many steps: a layer each, (images, cells)."""
    net = varied(run, particles=len(labels), free=steps)
    cells = sum(run.config.options.layers)
    state = state | {"particles": np.zeros((len(labels), cells))}
    program = net.program(len(labels), learning=False, **run.config.how)
    places = np.arange(len(labels))
    out = program.run(Inputs(images, labels, state, 1, learns=False, places=places))
    ends = np.cumsum(run.config.options.layers)[:-1]
    return np.split(out.state["particles"], ends, axis=1)


def gradients(run, state, images, labels, fixed):
    """Place -> gradient of the cost at the fixed point, of the first images that have one."""
    found, options = {}, run.config.options
    for k, (x, d) in enumerate(zip(images, np.eye(options.layers[-1])[labels], strict=True)):
        s = [layer[k] for layer in fixed]
        moves = (s[-1] > 0) & (s[-1] < 1) & (s[-1] != d)
        gradient = exact.gradient(options, state, x, d, s) if moves.any() else {}
        if gradient and gradient["b_0"].any():
            found[k] = gradient
        if len(found) == IMAGES:
            break
    return found


def taught(run, state, images, labels, phases):
    """Free and nudged states, a layer each, (images, cells), and the nudge of each image."""
    net = varied(run, particles=0, batch=1, **phases)
    free, parts, betas = net.phases["free"], [], []
    program = net.program(PART, record=recording(net, ("states",)), **run.config.how)
    steps = free + net.phases["nudged"]
    for k in range(0, len(labels), PART):
        shown = slice(k, k + PART)
        given = Inputs(images[shown], labels[shown], state, k, learns=False)
        records, betas = program.run(given).records, [*betas, *net.given(given)["nudge"]]
        layers = [name for name in net.sizes if name != "input"]
        found = [records["states", n, "s"].reshape(-1, steps, net.sizes[n]) for n in layers]
        parts.append([(s[:, free - 1], s[:, -1]) for s in found])
    ends = [[np.concatenate([p[m][e] for p in parts]) for m in range(len(layers))] for e in (0, 1)]
    return *ends, betas


def angles(run, state, images, labels, phases, true):
    """Angle to the gradient of what each image teaches each layer, degrees, (layers, images).

    ``true`` are the gradients of these images; nan where one, or what is taught, is 0.
    """
    options, found = run.config.options, []
    free, nudged, betas = taught(run, state, images, labels, phases)
    for k, (x, gradient, beta) in enumerate(zip(images, true, betas, strict=True)):
        ends = ([s[k] for s in part] for part in (free, nudged))
        mine = exact.contrast(options, x, *ends, beta)
        names = [f"W_{m}" for m in range(len(free))]
        found.append([float(angle(mine[n].ravel(), gradient[n].ravel())) for n in names])
    return np.transpose(found)


def study(setting):
    """The angles of both networks after each epoch."""
    looked = setting.size(LOOKED, 6)
    for name in setting.chosen(CONDITIONS):
        network, rows, last = setting.network(name), [], {}
        run, phases = network.run, setting.size(PHASES, {"as_trained": {}})
        x, labels = run.data.test_images[:looked], run.data.test_labels[:looked]
        for epoch in epochs(network.epochs):
            state = weights(run.folder.after(epoch))
            fixed = fixed_points(run, state, x, labels, setting.size(LONG, 50))
            there = gradients(run, state, x, labels, fixed)
            if not there:
                continue
            shown = x[list(there)], labels[list(there)]
            for phase, values in phases.items():
                for m, found in enumerate(angles(run, state, *shown, values, there.values())):
                    found = found[np.isfinite(found)]
                    about = {"condition": name, "phases": phase, "layer": m, "epoch": epoch}
                    rows.append(about | mean_and_middle(found) | {"n": len(found)})
                    last[phase, m] = found
        if rows:  # there may be none, of a few images
            setting.results.update("angles", rows, ("condition",))
        about = {"condition": name, "epochs": network.epochs}
        headlines = angle_headlines(about, last)
        headlines.append(about | {"measure": "images_with_gradient", "value": len(there)})
        setting.results.headline(headlines, setting.arguments or ("--only", name))


def epochs(last):
    """Epochs that are looked at: the first ten, then every fifth."""
    return [e for e in range(last + 1) if e <= 10 or e % 5 == 0 or e == last]


page = Page(
    __name__,
    __doc__,
    study,
    CONDITIONS,
    title="What images teach, beside the gradient of the cost",
    smoke=relaxed_mnist.small,
)
