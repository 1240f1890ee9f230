"""Try a circuit of one's own on one image before it is compiled: a few seconds, no compiler."""

import brian2
import numpy as np

from models.engine import device
from models.engine.recording import Recording
from models.theory import Inputs

INPUTS, CELLS, STEPS = 20, 8, 200
LARGEST = 1e6  # beyond all potentials, rates and weights of a circuit that works


def trial(network, seed=1):
    """Train a small network in time on one bright image, and refuse what cannot be right.

    Parameters
    ----------
    network : Continuous
        Of ``INPUTS`` pixels.
    seed : int
        Of weights and noise.

    Raises
    ------
    ValueError
        If the equations cannot be simulated, or if a variable is no number or grows beyond all
        bounds.
    """
    stepped = [name for name, about in network.variables.items() if about.when == "step"]
    names = dict.fromkeys(name.rpartition("/")[2] for name in stepped)
    record = Recording({"all": tuple(names)})
    brian2.BrianLogger.suppress_name("invalid_values")  # we say it in one sentence
    with device.interpreted(seed), np.errstate(all="ignore"):
        for learning in (True, False):
            program = network.program(1, learning, record, device="runtime")
            image = np.ones((1, INPUTS)), np.zeros(1, dtype=int)
            out = program.run(Inputs(*image, network.start(seed), seed, learns=learning))
            for (_, population, name), values in out.records.items():
                _refuse(population, name, values)
            for name, values in out.state.items():
                _refuse("in learning", name, values)


def _refuse(where, name, values):
    """ModelError if values cannot be right."""
    wrong = "is not a number" if not np.isfinite(values).all() else ""
    if not wrong and np.abs(values).max(initial=0) > LARGEST:
        wrong = "grows beyond all bounds"
    if wrong:
        raise device.ModelError(f"{where}: {name} {wrong} on the first image")
