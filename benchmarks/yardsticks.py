"""Other ways to run the same network, for scale. Each measures CPU seconds a training image."""

import time

import brian2
import numpy as np
from brian2 import Hz, NeuronGroup, Synapses, ms, mV

from models.engine.integration import integrate
from models.segregated import weights
from models.segregated.inputs import INPUT
from models.segregated.model import Model
from models.segregated.output import OUTPUT
from models.segregated.pyramidal import HIDDEN
from models.theory import Inputs
from tests.segregated.reference import Reference, sigma

SIZES, ETA = (784, 500, 10), 0.21


def others(data, plain=True):
    """Name -> function that measures, in the order of their cost."""
    found = {"NumPy reference (one core)": lambda: numpy_reference(data)}
    if plain:
        found["our network in Brian2's runtime mode (Cython)"] = lambda: runtime(data)
        found["plain Brian2: a Python loop over phases (Cython)"] = lambda: python_loop(data)
    return found


def numpy_reference(data, images=5):
    """The reference of the tests, drawing its own spikes: written to be read, not to be fast."""
    model = Model(SIZES)
    network = Reference(weights.initial(model, 1), (ETA, ETA), rng=np.random.default_rng(1))
    start = time.process_time()
    for k in range(images):
        network.image(data.train_images[k], int(data.train_labels[k]), 52, 52)
    return (time.process_time() - start) / images


def runtime(data, images=100):
    """Our own network, schedule and moments, stepped from Python; by difference of two lengths."""
    brian2.prefs.codegen.target = "auto"
    model = Model(SIZES, eta=(ETA,))
    start = model.start(1)

    def seconds(count):
        program = model.program(count, device="runtime")
        inputs = Inputs(data.train_images[:count], data.train_labels[:count], start, 1)
        program.run(inputs)  # compiles
        return program.run(inputs).seconds.cpu

    return (seconds(images) - seconds(1)) / (images - 1)


def python_loop(data, images=20):
    """What a Brian2 user would write first: run() for each part of a phase, NumPy in between."""
    brian2.set_device("runtime")
    brian2.prefs.codegen.target = "auto"
    brian2.defaultclock.dt = 1 * ms
    groups = [_population(k, cell) for k, cell in enumerate((INPUT, HIDDEN, OUTPUT))]
    x, h, y = groups
    W_0, W_1, Y = _synapses(x, h, "x_b"), _synapses(h, y, "x_b"), _synapses(y, h, "x_a")
    start = weights.initial(Model(SIZES), 1)
    for S, key in ((W_0, "W_0"), (W_1, "W_1"), (Y, "Y_0")):
        S.w = start[key].ravel() * mV * ms
    h.b, y.b = start["b_0"] * mV, start["b_1"] * mV
    network = brian2.Network(*groups, W_0, W_1, Y)
    network.run(1 * ms, namespace={})  # compiles
    began = time.process_time()
    for k in range(images):
        _one_image(network, (x, h, y), (W_0, W_1), data.train_images[k], int(data.train_labels[k]))
    return (time.process_time() - began) / images


def _population(layer, cell):
    condition = "phi > 0*Hz and rand() < phi*dt" if layer == 0 else "rand() < phi*dt"
    count = "sum_V : volt\nsum_s : Hz\nsum_phi : Hz\nsum_V_a : volt\ngate : 1 (shared)"
    group = NeuronGroup(
        SIZES[layer],
        "\n".join([*cell.parts.values(), count]),
        threshold=condition,
        reset="x += 1",
        method=integrate("exact"),
        namespace=cell.namespace,
    )
    sums = "sum_s += gate*s"
    if layer:
        sums += "\nsum_V += gate*V\nsum_phi += gate*phi"
    if layer == 1:
        sums += "\nsum_V_a += gate*V_a"
    group.run_regularly(sums, when="end")
    return group


def _synapses(source, target, trace):
    S = Synapses(source, target, "w : volt*second", on_pre=f"{trace}_post += w")
    S.connect()
    return S


def _phase(network, groups):
    """Settle for 30 ms, then average for 20 ms."""
    for gate, length in ((0, 30 * ms), (1, 20 * ms)):
        for group in groups:
            group.gate = gate
        network.run(length, namespace={})
    x, h, y = groups
    means = (x.sum_s_ / 20e3, h.sum_s_ / 20e3, h.sum_V_ / 0.02, h.sum_V_a_ / 0.02, y.sum_V_ / 0.02)
    means = (*means, y.sum_phi_ / 20e3)
    for group in groups:
        group.sum_s, group.sum_V, group.sum_phi, group.sum_V_a = 0 * Hz, 0 * mV, 0 * Hz, 0 * mV
    return means


def _one_image(network, groups, synapses, pixels, label):
    x, h, y = groups
    x.phi, y.g_E, y.g_I = 200 * pixels * Hz, 0 * Hz, 0 * Hz
    s_x, s_h, V_h, V_a, V_y, _ = _phase(network, groups)
    taught = np.arange(10) == label
    y.g_E, y.g_I = taught / ms, ~taught / ms
    *_, V_a_t, _, phi_star = _phase(network, groups)
    e_y = -0.857 * 0.2 * (phi_star - 0.2 * sigma(V_y)) * sigma(V_y) * (1 - sigma(V_y))
    e_h = -0.857 * 0.2 * (sigma(V_a_t) - sigma(V_a)) * sigma(V_h) * (1 - sigma(V_h))
    for S, s, e, scale in ((synapses[0], s_x, e_h, 100), (synapses[1], s_h, e_y, 500)):
        S.w_ = np.asarray(S.w_) - 1e-6 * (ETA * scale * np.outer(s, e)).ravel()
    h.b_ = np.asarray(h.b_) - 1e-3 * ETA * 100 * e_h
    y.b_ = np.asarray(y.b_) - 1e-3 * ETA * 500 * e_y
