"""What cannot be right in a variant file, each in a sentence."""

import ast
from collections.abc import Mapping
from numbers import Real
from textwrap import dedent

from brian2 import Quantity, have_same_dimensions, ms

from models.engine.cell import Cell
from models.engine.device import ModelError, parsed, shown
from models.segregated import inputs, output, pyramidal
from models.segregated.model import Model
from models.segregated.parameters import Phases

NEEDED = {  # variables of each cell that the network sets or sends
    "HIDDEN": ("V", "V_a", "V_bar", "s", "x", "s_bar", "phi", "b", "c"),
    "OUTPUT": ("V", "V_bar", "s", "x", "phi", "b"),
    "INPUT": ("s", "x", "s_bar", "phi"),
}


STANDARD = {"HIDDEN": pyramidal.HIDDEN, "OUTPUT": output.OUTPUT, "INPUT": inputs.INPUT}
NOT_OPTIONS = (  # fields of ``Model`` that a variant says otherwise, or that are for the user
    *("hidden", "output", "input", "phases", "layers", "classes", "pixels"),
    *("eta", "eta_feedback", "decay"),
)


def problems(variant):
    """What cannot be right, in one sentence each."""
    for kind, cell in (("OUTPUT", variant.output), ("INPUT", variant.input)):
        if not isinstance(cell, Cell):
            yield f"{kind} is not a cell"
            return
    options = {n: v for n, v in Model._field_defaults.items() if n not in NOT_OPTIONS}
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
                yield f"{kind}: {field}, {name!r} cannot be read: {shown(error.msg)}"
            except (RecursionError, MemoryError):
                yield f"{kind}: {field}, {name!r} cannot be read: it is nested too deeply"
    for part, code in cell.parts.items():
        try:
            parsed(code)
        except ModelError as error:
            why = error.__cause__
            if isinstance(why, SyntaxError):  # else Brian2 says it when the network is built
                where = f" in {shown(why.text)}" if why.text else ""
                yield f"{kind}: part {part!r} cannot be read: {shown(why.msg)}{where}"


def _taken(kind, cell):
    """Constants with the name of something else."""
    parameters = set(cell._replace(constants={}).namespace)
    try:
        variables = cell.equations.names
    except ModelError:
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
    except ModelError:
        return  # Brian2 says what is wrong when the network is built
    for name in needed:
        if name == "x" and "train" not in cell.parts:  # which spikes would set
            continue
        if name not in known:
            yield f"{kind} has no variable {name!r}, which the network needs{_from(kind, name)}"
    for name in sorted(set(cell.rest) - set(known)):
        yield f"{kind}: rest is given for {name!r}, which is no variable of it"


def _from(kind, name):
    """Where the paper's cell has a variable."""
    for part, code in STANDARD[kind].parts.items():
        if name in parsed(code).names:
            return f" and which part {part!r} of the paper's cell defines"
    return ""


def _doubles(cell):
    """Parts that say again what another part says: often a misspelt name of a part."""
    owner = {}
    for part, code in cell.parts.items():
        try:
            defined = parsed(code).names
        except ModelError:
            return  # Brian2 says what is wrong when the network is built
        for name in sorted(defined):
            if name in owner:
                yield (
                    f"parts {owner[name]!r} and {part!r} both define {name}: "
                    "a part replaces another only under the same name"
                )
            owner[name] = part
