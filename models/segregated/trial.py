"""Try cells of one's own on one image before they are compiled: a few seconds, no compiler."""

import brian2
import numpy as np
from brian2 import Hz, volt

from models import units
from models.engine import device
from models.engine.recording import Recording
from models.segregated.inputs import INPUT
from models.theory import Inputs

INPUTS, HIDDEN, ETA = 20, 8, 0.1
# Beyond all that a cell may do, from wherever it counts its potentials.
POTENTIAL = 1e6  # mV
RATE = 100  # times the cell's phi_max
WEIGHT = 1e6  # mV ms, mV
KINDS = ("voltages", "plateaus", "losses")


def trial(model, seed=1):
    """Train a small copy of a model on one bright image, and refuse what cannot be right.

    Parameters
    ----------
    model : Model
        Its layers become small; all else stays.
    seed : int
        Of weights and spikes.

    Raises
    ------
    ModelError
        If the equations cannot be simulated, if a potential or a weight is no number or grows
        beyond all bounds, or if a plateau is not between 0 and 1.
    """
    layers = INPUTS, *[HIDDEN] * model.depth, model.classes
    learned = (ETA,) if model.feedback.learned else ()
    small = model._replace(layers=layers, eta=(ETA,), eta_feedback=learned)
    if small.pixels:  # spikes are given, and not tried here
        small = small._replace(input=INPUT, pixels=0)
    kinds = {kind: model.records[kind] for kind in KINDS}
    record = Recording(kinds, KINDS[1:])
    brian2.BrianLogger.suppress_name("invalid_values")  # we say it in one sentence
    with device.interpreted(seed), np.errstate(all="ignore"):
        program = small.program(1, record=record, device="runtime")
        image = np.ones((1, INPUTS)), np.zeros(1, dtype=int)
        out = program.run(Inputs(*image, small.start(seed), seed))
    bounds = {name: _bounds(small.cell(name)) for name in small.population_names()}
    for (_, population, name), values in out.records.items():
        _refuse(population, name, values, bounds[population].get(name, np.inf))
    for name, values in out.state.items():
        _refuse("in learning", name, values, WEIGHT)


def _bounds(cell):
    """The largest size of each potential and rate of a cell: name -> mV or Hz."""
    highest = RATE * units.number(cell.params.phi_max)[0]
    largest = {volt.dim: POTENTIAL, Hz.dim: highest}
    return {name: largest.get(equation.dim, np.inf) for name, equation in cell.equations.items()}


def _refuse(where, name, values, largest):
    """ModelError if values cannot be right."""
    if not np.isfinite(values).all():
        raise device.ModelError(f"{where}: {name} is not a number on the first image")
    if np.abs(values).max(initial=0) > largest:
        raise device.ModelError(f"{where}: {name} grows beyond all bounds on the first image")
    if name in ("alpha_f", "alpha_t") and (values.min() < 0 or values.max() > 1):
        wrong = values.min() if values.min() < 0 else values.max()
        raise device.ModelError(
            f"{where}: a plateau lies between 0 and 1, and {name} is {wrong:.3g} on the first image"
        )
