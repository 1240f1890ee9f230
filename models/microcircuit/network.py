"""The network of the contract: in time, or in the steady states of mini-batches."""

import numpy as np

from models.engine.batch import BatchNetwork
from models.microcircuit import equations, sweeps
from models.microcircuit.continuous import continuous
from models.microcircuit.measured import about, measures
from models.microcircuit.rates import RATES
from models.microcircuit.weights import goals, meanings, weights
from models.theory import refuse_other_outputs


def network(options, inputs, classes):
    """The network that options describe, for images of so many pixels and classes.

    Raises
    ------
    ValueError
        If the last layer is not one cell a class.
    """
    refuse_other_outputs(options.layers, classes)
    return {"continuous": continuous, "sweeps": sweeping}[options.dynamics](options, inputs)


def sweeping(options, inputs):
    """The network of steady states that options describe."""
    phi = RATES[options.phi]

    def forward(state, x):
        return dict(zip(options.names, sweeps.up(options, state, x)[1], strict=True))

    def learn(state, x, target, cells, rng, epoch):
        if options.pixel_noise:
            x = x + options.pixel_noise * rng.standard_normal(x.shape, dtype=x.dtype)
        return sweeps.updated(options, state, x, goals(options, target), epoch)

    def loss(answers, target):
        return np.sum((phi(goals(options, target)) - answers) ** 2, axis=1) / 2

    def observe(state, x, target):
        taught = sweeps.settle(options, state, x, goals(options, target))
        free = sweeps.settle(options, state, x)
        found = {"v_B": options.names, "v_A": options.names[:-1]}
        found = {
            name: dict(zip(of, getattr(taught, name), strict=True)) for name, of in found.items()
        }
        return found | {"v_A_free": dict(zip(options.names, free.v_A, strict=False))}

    sizes = {"input": inputs} | dict(zip(options.names, options.layers, strict=True))
    return BatchNetwork(
        sizes,
        start=lambda seed: weights(options, inputs, seed),
        forward=forward,
        learn=learn,
        batch=options.batch,
        loss=loss,
        records={"rates": ("h",), "voltages": ("v_B", "v_A", "v_A_free")},
        observe=observe,
        measure=lambda state, x, target: measures(options, state, x, goals(options, target)),
        about=about(options),
        meanings=meanings(options),
        equations=equations.equations(options),
        uses=(sweeps.up, sweeps.settle, sweeps.errors, sweeps.updated),
    )
