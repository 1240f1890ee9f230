"""One file, one biophysical variant: what differs from the paper's network, and nothing else.

A variant is a Python module with

    NEURON    the hidden cell: ``PAPER.vary(...)``, see ``models.neuron.Neuron``

and, where it needs them,

    OUTPUT, INPUTS   the other kinds of cells
    PHASES           a dict of fields of ``models.parameters.Phases``
    OPTIONS          a dict of further fields of ``models.model.Model``, such as "asynchronous"

An option of the command line that is not left at its default comes before PHASES and OPTIONS.
"""

import ast
import difflib
import importlib.util
from collections.abc import Mapping
from numbers import Real
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

from brian2 import Equations, Quantity, have_same_dimensions, ms
from brian2.equations.equations import EquationError

from models.engine.cell import NONE, Neuron
from models.segregated import inputs, output, pyramidal
from models.segregated.network import Model
from models.segregated.parameters import Phases

HERE = Path(__file__).parent
NEEDED = {  # variables of each cell that the network sets or sends
    "NEURON": ("V", "V_a", "V_bar", "s", "x", "s_bar", "phi", "b", "c"),
    "OUTPUT": ("V", "V_bar", "s", "x", "phi", "b"),
    "INPUTS": ("s", "x", "s_bar", "phi"),
}


STANDARD = {"NEURON": pyramidal.NEURON, "OUTPUT": output.NEURON, "INPUTS": inputs.NEURON}


class Variant(NamedTuple):
    """What a variant file says."""

    hidden: Neuron
    output: Neuron = output.NEURON
    inputs: Neuron = inputs.NEURON
    phases: Mapping = NONE
    options: Mapping = NONE
    about: str = ""  # the file's docstring

    def applied(self, model):
        """A model with this variant in place of all that the model leaves at its default."""
        phases = _unless_chosen(model.phases, self.phases)
        cells = {"hidden": self.hidden, "output": self.output, "inputs": self.inputs}
        return _unless_chosen(model, {**cells, **self.options})._replace(phases=phases)


def _unless_chosen(chosen, changes):
    return chosen._replace(**{n: v for n, v in changes.items() if _usual(chosen, n)})


def _usual(chosen, name):
    """Whether a field is left at its default."""
    one, other = getattr(chosen, name), chosen._field_defaults[name]
    return one is other if one is None or other is None else bool(one == other)


def names():
    """Variants that come with the project."""
    return sorted(p.stem for p in HERE.glob("*.py") if not p.stem.startswith("_"))


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
    is_file = name.endswith(".py")
    path = Path(name) if is_file else HERE / f"{name}.py"
    if not is_file and name not in names():
        near = dict.fromkeys([*difflib.get_close_matches(name, names(), 3), "paper"])
        raise ValueError(
            f"unknown variant {name!r}: give a file.py, or a name in models/variants "
            f"such as {' or '.join(near)}"
        )
    if not path.is_file():
        raise ValueError(f"no variant file {name}")
    spec = importlib.util.spec_from_file_location(f"variant_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # it is the user's code: anything may happen
        raise ValueError(f"variant {name}: {type(error).__name__}: {error}") from error
    if not isinstance(getattr(module, "NEURON", None), Neuron):
        raise ValueError(f"{name} is not a variant: it needs NEURON = ...vary(...)")
    found = Variant(
        module.NEURON,
        getattr(module, "OUTPUT", output.NEURON),
        getattr(module, "INPUTS", inputs.NEURON),
        getattr(module, "PHASES", NONE),
        getattr(module, "OPTIONS", NONE),
        module.__doc__ or "",
    )
    for problem in _problems(found):
        raise ValueError(f"variant {name}: {problem}")
    return found


def _problems(variant):
    """What cannot be right, in one sentence each."""
    for kind, cell in (("OUTPUT", variant.output), ("INPUTS", variant.inputs)):
        if not isinstance(cell, Neuron):
            yield f"{kind} is not a cell"
            return
    cells = ("hidden", "output", "inputs", "phases", "layers", "classes")
    options = {n: v for n, v in Model._field_defaults.items() if n not in cells}
    for kind, given, known in (
        ("PHASES", variant.phases, Phases._field_defaults),
        ("OPTIONS", variant.options, options),
    ):
        if not isinstance(given, Mapping):
            yield f"{kind} is a dict of names and values"
            return
        for field in sorted(set(given) - set(known)):
            yield f"{kind} has no {field!r}: choose from {', '.join(known)}"
        for field, value in given.items():
            usual = known[field]
            if isinstance(usual, Quantity) and Quantity(value).dim != usual.dim:
                yield f"{kind}: {field!r} is a quantity such as {usual}, not {value}"
            elif not _like(value, usual, field):
                yield f"{kind}: {field!r} is something like {usual!r}, not {value!r}"
    for (kind, needed), cell in zip(NEEDED.items(), variant[:3], strict=True):
        yield from _unreadable(kind, cell)
        yield from _doubles(cell)
        yield from _taken(kind, cell)
        yield from _lacks(kind, cell, needed)


def _like(value, usual, field):
    """Whether a value can stand for the usual one."""
    if usual is None:
        if field == "lengths":
            return value is None or callable(value)
        return value is None or (isinstance(value, Quantity) and have_same_dimensions(value, ms))
    if isinstance(usual, bool | str) or isinstance(value, bool | str):
        return type(value) is type(usual)
    if isinstance(usual, int | float):
        several = value if isinstance(value, tuple | list) and field == "init" else (value,)
        return all(isinstance(item, Real) for item in several)
    return isinstance(value, type(usual))


def _unreadable(kind, cell):
    """Text that is no expression or statement at all."""
    for field in ("moments", "learning", "synapses"):
        for name, code in getattr(cell, field).items():
            try:
                ast.parse(dedent(code))
            except SyntaxError as error:
                yield f"{kind}: {field}, {name!r} cannot be read: {error.msg}"
    for part, code in cell.parts.items():
        try:
            Equations(code)
        except SyntaxError as error:
            yield f"{kind}: part {part!r} cannot be read: {error.msg} in {error.text.strip()}"
        except (EquationError, ValueError):
            pass  # Brian2 says what is wrong when the network is built


def _taken(kind, cell):
    """Constants with the name of something else."""
    parameters = set(cell.params.namespace())
    try:
        variables = cell.equations.names
    except (EquationError, ValueError):
        return  # Brian2 says what is wrong when the network is built
    for name in cell.constants:
        if name in parameters:
            yield f"{kind}: the constant {name!r} is a parameter of the cell: give it as params"
        if name in variables:
            yield f"{kind}: the constant {name!r} is a variable of the cell, too: rename one"


def _lacks(kind, cell, needed):
    """Variables that the network sets or a rest is given for, and that the cell does not have."""
    for name, value in cell.constants.items():
        if not isinstance(value, Quantity | Real):
            yield f"{kind}: constant {name!r} is a number with a unit, not {value!r}"
    try:
        known = cell.equations.names
    except (EquationError, ValueError):
        return  # Brian2 says what is wrong when the network is built
    for name in needed:
        if name not in known:
            yield f"{kind} has no variable {name!r}, which the network needs{_from(kind, name)}"
    for name in sorted(set(cell.rest) - set(known)):
        yield f"{kind}: rest is given for {name!r}, which is no variable of it"


def _from(kind, name):
    """Where the paper's cell has a variable."""
    for part, code in STANDARD[kind].parts.items():
        if name in Equations(code).names:
            return f" and which part {part!r} of the paper's cell defines"
    return ""


def _doubles(cell):
    """Parts that say again what another part says: often a misspelt name of a part."""
    owner = {}
    for part, code in cell.parts.items():
        try:
            defined = Equations(code).names
        except (EquationError, ValueError):
            return  # Brian2 says what is wrong when the network is built
        for name in sorted(defined):
            if name in owner:
                yield (
                    f"parts {owner[name]!r} and {part!r} both define {name}: "
                    "a part replaces another only under the same name"
                )
            owner[name] = part
