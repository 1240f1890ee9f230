"""One file, one variant of the circuit's cells: what differs from the paper's, and nothing else.

A variant is a Python module with one or more of the functions

    hidden(cell), inter(cell), output(cell)

Each takes a ``Cell`` as the options make it (``models.engine.cell``; ``models.microcircuit.cells``
has its parts) and gives back a changed one: ``cell.vary(parts=..., moments=..., constants=...)``,
``cell.then(...)``. They are asked for each layer, of the network that learns and of the one that is
tested, in which a part such as "target" is not there. What has an equation begins at 0, and goes on
from image to image.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from brian2.equations.equations import SUBEXPRESSION

from models.engine import variants
from models.engine.cell import NONE, Cell

HERE = Path(__file__).parent
PAPER = variants.PAPER
KINDS = ("hidden", "inter", "output")


class Variant(NamedTuple):
    """What a variant file says: its name, its docstring, and its functions by kind of cell."""

    name: str = PAPER
    about: str = ""
    functions: Mapping = NONE

    def of(self, kind, cell):
        """The cell of a kind that this variant makes of the paper's.

        Raises
        ------
        ValueError
            In one sentence, if its function fails, or what it gives back is no cell of the circuit.
        """
        if kind not in self.functions:
            return cell
        made = variants.made(self.functions[kind], cell, f"variant {self.name}: {kind}")
        for problem in _problems(cell, made):
            raise ValueError(f"variant {self.name}: {kind} {problem}")
        return made


def _problems(usual, made):
    """What the circuit needs of a cell and no longer finds, in one sentence each."""
    known = made.equations
    for name, equation in usual.equations.items():
        where = _part(usual, name)
        follows = equation.type == SUBEXPRESSION
        if name not in known and (not follows or name == "v_A"):
            yield f"has no variable {name!r}, which the circuit needs and part {where!r} defines"
        elif name in known and known[name].type == SUBEXPRESSION and not follows:
            yield f"makes {name!r} follow from others, and the circuit sets it (part {where!r})"


def _part(cell, name):
    """The part that defines a variable."""
    return next(p for p, code in cell.parts.items() if name in Cell.of({p: code}).equations.names)


def names():
    """Variants that come with the project."""
    return variants.names(HERE)


def read(name):
    """A variant.

    Parameters
    ----------
    name : str
        Of a file in ``models/microcircuit/variants``, or the path of a Python file. Its code is
        run: load only files that you trust.

    Returns
    -------
    Variant

    Raises
    ------
    ValueError
        If there is no such variant, or the file is not one.
    """
    module = variants.module(name, HERE)
    functions = {kind: getattr(module, kind) for kind in KINDS if hasattr(module, kind)}
    if not functions or not all(map(callable, functions.values())):
        wanted = " or ".join(f"{kind}(cell)" for kind in KINDS)
        raise ValueError(f"{name} is not a variant: it needs a function {wanted}")
    return Variant(name, module.__doc__ or "", functions)
