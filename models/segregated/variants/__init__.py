"""One file, one biophysical variant: what differs from the paper's network, and nothing else.

A variant is a Python module with

    HIDDEN    the hidden cell: ``PAPER.vary(...)``, see ``models.engine.cell.Cell``

and, where it needs them,

    OUTPUT, INPUT    the other kinds of cells
    PHASES           a dict of fields of ``parameters.Phases``
    OPTIONS          a dict of further fields of ``model.Model``, such as "asynchronous"

An option of the command line that is not left at its default comes before PHASES and OPTIONS.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from models.engine import variants
from models.engine.cell import NONE, Cell
from models.segregated import checks, inputs, output

HERE = Path(__file__).parent


class Variant(NamedTuple):
    """What a variant file says."""

    hidden: Cell
    output: Cell = output.OUTPUT
    input: Cell = inputs.INPUT
    phases: Mapping = NONE
    options: Mapping = NONE
    about: str = ""  # the file's docstring

    def applied(self, model):
        """A model with this variant in place of all that the model leaves at its default."""
        phases = _unless_chosen(model.phases, self.phases)
        cells = {"hidden": self.hidden, "output": self.output, "input": self.input}
        return _unless_chosen(model, {**cells, **self.options})._replace(phases=phases)


def _unless_chosen(chosen, changes):
    return chosen._replace(**{n: v for n, v in changes.items() if _usual(chosen, n)})


def _usual(chosen, name):
    """Whether a field is left at its default."""
    one, other = getattr(chosen, name), chosen._field_defaults[name]
    return one is other if one is None or other is None else bool(one == other)


def names():
    """Variants that come with the project."""
    return variants.names(HERE)


def load(name):
    """The hidden cell of a variant; parameters and errors as ``read``."""
    return read(name).hidden


def read(name):
    """A variant.

    Parameters
    ----------
    name : str
        The name of a file in ``models/variants``, or the path of a Python file. Its code is run:
        load only files that you trust.

    Returns
    -------
    Variant

    Raises
    ------
    ValueError
        If there is no such variant, or the file is not one.
    """
    module = variants.module(name, HERE)
    if not isinstance(getattr(module, "HIDDEN", None), Cell):
        raise ValueError(f"{name} is not a variant: it needs HIDDEN = ...vary(...)")
    found = Variant(
        module.HIDDEN,
        getattr(module, "OUTPUT", output.OUTPUT),
        getattr(module, "INPUT", inputs.INPUT),
        getattr(module, "PHASES", NONE),
        getattr(module, "OPTIONS", NONE),
        module.__doc__ or "",
    )
    for problem in checks.problems(found):
        raise ValueError(f"variant {name}: {problem}")
    return found
