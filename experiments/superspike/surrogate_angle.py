"""How near does the rule come to the gradient of its own loss, in each layer?

    python -m experiments surrogate_angle

Networks of 64-32-10 and 64-32-32-10 cells learn the digits, one spike a pixel and one target spike
for the class's cell. Before learning and after some epochs: the angle between what a mini-batch of
10 test images sums up in the synapses of a layer (m, before an update) and steepest descent of half
the squared error, by backpropagation through time in the surrogate network with the same spikes and
potentials (``experiments.superspike.surrogate``). Once potentials are differentiated as if resets
were not there, as the rule's traces have it, and once as the network steps them.

Expected: the output's weights follow the gradient, within 3 degrees if resets are ignored: what
remains is the step of .5 ms (traces are stepped exactly, potentials are not, and the surrogate
derivative is that of the step before). Hidden layers are told an error that lacks the surrogate
derivative, and the filter, of the cells above them: 30 to 70 degrees with symmetric feedback, more
the deeper the layer. With random feedback it is 90 before learning and falls (68 with one hidden
layer: weights align with feedback); uniform feedback stays at 90 or beyond, and teaches no classes.
After 10 epochs of these small networks errors are still many (39, 54 and 90 % with one hidden
layer). Two minutes of processor time, mostly compiling.
"""

import numpy as np

from experiments.measures import angle
from experiments.study.conditions import Condition
from experiments.study.page import Page
from experiments.study.statistics import angle_headlines, mean_and_middle
from experiments.superspike.surrogate import RESETS, gradient
from models.engine.recording import SPIKES, Recording
from models.engine.schedule import Moment
from models.theory import Inputs

BATCH, BATCHES, EPOCHS = 10, 30, 10
LOOKED = (0, 1, 2, 3, 5, 7, 10)  # epochs after which angles are taken
NEVER = Moment("none", "first", "groups", "weights stay")
RECORDED = Recording({SPIKES: (), "traces": ("sig",), "errors": ("err",)})


def _condition(label, hidden, feedback):
    options = {"dataset": "digits", "layers": (32,) * hidden + (10,), "batch": BATCH}
    return Condition(label, options | {"feedback": feedback}, EPOCHS)


CONDITIONS = {
    "one_symmetric": _condition("one hidden layer, symmetric", 1, "symmetric"),
    "one_random": _condition("one hidden layer, random", 1, "random"),
    "one_uniform": _condition("one hidden layer, uniform", 1, "uniform"),
    "two_symmetric": _condition("two hidden layers, symmetric", 2, "symmetric"),
    "two_random": _condition("two hidden layers, random", 2, "random"),
    "two_uniform": _condition("two hidden layers, uniform", 2, "uniform"),
}


def small(options):
    """What ``--smoke`` changes."""
    return {"layers": (4,) * (len(options["layers"]) - 1) + (10,), "dt": 1.0}


def summing(net):
    """The same network with weights that stay; what synapses sum up, ``m_0``, ... is its state."""
    layers = [name for name in net.circuit.projections if name.startswith("W_")]
    sums = {f"m_{name[2:]}": (name, "m") for name in layers}
    wired = net.circuit._replace(state={**net.circuit.state, **sums})
    zeros = {name: np.zeros(wired.shape(*where)) for name, where in sums.items()}
    return net._replace(
        circuit=wired,
        start=lambda seed: net.start(seed) | zeros,
        moments={**net.moments, "update": NEVER},
    )


def batch(net, program, images, labels, state):
    """What a mini-batch sums up in each layer, and what it did meanwhile.

    Returns
    -------
    sums : list of ndarray, shape (below, above)
    did : tuple
        Spikes, sig and err as ``surrogate.gradient`` takes them.
    """
    examples, sizes = len(labels), net.sizes
    out = program.run(Inputs(images, labels, net.start(0) | state, 0))

    def by_example(values):
        return np.swapaxes(values.reshape(examples, -1, values.shape[-1]), 0, 1)

    first, *layers = sizes
    sig = [by_example(out.records["traces", name, "sig"]) for name in layers]
    err = by_example(out.records["errors", layers[-1], "err"])
    steps, dt = len(err), 1000 * float(net.dt)
    spikes = []
    for name in (first, *layers):
        times, cells = (out.records[SPIKES, name, what] for what in ("t", "i"))
        fired = np.zeros((examples * steps, sizes[name]))
        fired[np.round(times / dt).astype(int), cells.astype(int)] = 1
        spikes.append(by_example(fired))
    return [out.state[f"m_{m}"] for m in range(len(layers))], (spikes, sig, err, dt)


def angles(net, program, images, labels, state):
    """Angle to steepest descent of what each mini-batch sums up, degrees.

    Returns
    -------
    dict of ndarray, shape (layers, batches)
        For each way that resets are seen; nan where a layer sums up nothing, or has no gradient.
    """
    found = {resets: [] for resets in RESETS}
    for k in range(0, len(labels), BATCH):
        part = slice(k, k + BATCH)
        sums, did = batch(net, program, images[part], labels[part], state)
        weights = [state[f"W_{m}"] for m in range(len(sums))]
        for resets, all_batches in found.items():
            descent = [-one.ravel() for one in gradient(weights, *did, resets)]
            pairs = zip(sums, descent, strict=True)
            all_batches.append([float(angle(mine.ravel(), true)) for mine, true in pairs])
    return {resets: np.transpose(values) for resets, values in found.items()}


def study(setting):
    """The angles of all networks, of one seed each."""
    seed = setting.one_seed("the angles are those of one network a condition")
    for name in setting.chosen(CONDITIONS):
        network, rows, last = setting.network(name, seed), [], {}
        run, size = network.run, BATCH * setting.size(BATCHES, 1)
        net = summing(run.network)
        how = run.config.how | {"precision": "double"}
        program = net.program(BATCH, record=RECORDED, **how)
        shown = run.data.test_images[:size], run.data.test_labels[:size]
        for epoch in (one for one in LOOKED if one <= network.epochs):
            state = run.folder.after(epoch)
            for resets, values in angles(net, program, *shown, state).items():
                for m, found in enumerate(values):
                    found = found[np.isfinite(found)]
                    about = {"condition": name, "resets": resets, "layer": m, "epoch": epoch}
                    rows.append(about | mean_and_middle(found) | {"n": len(found)})
                    last[resets, m] = found
        setting.results.update("angles", rows, ("condition",))
        about = {"condition": name, "epochs": network.epochs}
        headlines = angle_headlines(about, last)
        setting.results.headline(headlines, setting.arguments or ("--only", name))
        print(f"{CONDITIONS[name].label}: done", flush=True)


page = Page(
    __name__,
    __doc__,
    study,
    CONDITIONS,
    title="What is summed up for an update, beside the gradient",
    smoke=small,
)
