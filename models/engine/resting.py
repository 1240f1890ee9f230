"""Where the potentials of a cell rest."""

from brian2 import NeuronGroup, mV
from brian2.core.base import BrianObjectException

from models.engine.device import interpreted
from models.engine.populations import CLOCKWORK
from models.engine.recording import POTENTIALS


def potentials(cell):
    """Each potential of a cell that nothing reaches, with biases of 0.

    Parameters
    ----------
    cell : Neuron

    Returns
    -------
    dict
        "V", "V_b", "V_a", as far as the cell has them -> mV. One that the cell's own text does not
        determine, because it depends on what only a network gives, is not there.
    """
    with interpreted(seed=1):
        parts = "\n".join((CLOCKWORK, *cell.parts.values()))
        group = NeuronGroup(1, parts, namespace=cell.namespace, name="resting*")
        for variable, value in cell.rest.items():
            setattr(group, variable, value)
        found = {name: _value(group, name) for name in POTENTIALS if name in group.variables}
    return {name: value for name, value in found.items() if value is not None}


def _value(group, name):
    try:
        return float(getattr(group, name)[0] / mV)
    except (BrianObjectException, KeyError):  # it names something of the network
        return None
