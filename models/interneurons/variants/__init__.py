"""One file, one variant of the circuit's cells: what differs from the usual ones, and nothing else.

A variant is a Python module with one or more of the functions

    pyramidal(cell), pv(cell), sst(cell), vip(cell), output(cell)

Each takes a ``Cell`` as the options make it (``models.interneurons.pyramidal`` and ``cells`` have
its parts) and gives back a changed one: ``cell.vary(parts=..., params=..., constants=...)`` or
``cell.then(...)``. What has an equation goes on from image to image. ``cell.vary(synapses=...)``
says what a spike of a class does to the cell, by its name ("SST"), in place of what stands in
``circuit.PATHS``; and, as "SST learn", what all synapses from that class do when an image ends in
training.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from models.engine import variants
from models.engine.cell import NONE

HERE = Path(__file__).parent
PAPER = variants.PAPER
KINDS = {"pyramidal": "E", "pv": "PV", "sst": "SST", "vip": "VIP", "output": "output"}


class Variant(NamedTuple):
    """What a variant file says: its name, its docstring, and its functions by kind of cell."""

    name: str = PAPER
    about: str = ""
    functions: Mapping = NONE

    def of(self, kind, cell):
        """The cell of a kind that this variant makes of the usual one.

        Raises
        ------
        ValueError
            In one sentence, if its function fails, or what it gives back is no cell of the circuit.
        """
        if kind not in self.functions:
            return cell
        made = variants.made(self.functions[kind], cell, f"variant {self.name}: {kind}")
        missing = sorted(cell.equations.names - made.equations.names)
        if missing:
            where = f"variant {self.name}: {kind}"
            raise ValueError(f"{where} has no variable {missing[0]!r}, which the usual one has")
        return made


def names():
    """Variants that come with the project."""
    return variants.names(HERE)


def read(name):
    """A variant.

    Parameters
    ----------
    name : str
        Of a file in ``models/interneurons/variants``, or the path of a Python file. Its code is
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
    functions = {kind: getattr(module, f) for f, kind in KINDS.items() if hasattr(module, f)}
    if not functions or not all(map(callable, functions.values())):
        wanted = " or ".join(f"{function}(cell)" for function in KINDS)
        raise ValueError(f"{name} is not a variant: it needs a function {wanted}")
    return Variant(name, module.__doc__ or "", functions)
