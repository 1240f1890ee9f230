"""One file, one variant of the pyramidal cell: what differs from the paper's, and nothing else.

A variant is a Python module with a function ``pyramidal(cell)``. It takes the paper's ``Cell``
(``models.bursts.cells`` has its parts) and gives back a changed one: ``cell.vary(parts=...,
params=..., reset=..., constants=...)`` or ``cell.then(...)``. ``reset`` is what a spike does to it
beside what it does to each pyramidal cell.
"""

from pathlib import Path
from typing import NamedTuple

from models.bursts import cells
from models.engine import variants
from models.engine.cell import Cell

HERE = Path(__file__).parent
PAPER = variants.PAPER
NEEDED = ("V_s", "theta", "w_s", "age", "in_burst", "x_s", "x_d")  # by events and by ensembles


class Variant(NamedTuple):
    """What a variant file says: its name, its docstring, and the cell that it makes."""

    name: str
    about: str
    cell: Cell


def names():
    """Variants that come with the project."""
    return variants.names(HERE)


def read(name):
    """A variant.

    Parameters
    ----------
    name : str
        Of a file in ``models/bursts/variants``, or the path of a Python file. Its code is run: load
        only files that you trust.

    Returns
    -------
    Variant

    Raises
    ------
    ValueError
        In one sentence, if there is no such variant, its function fails, or what it gives back is
        no pyramidal cell.
    """
    module = variants.module(name, HERE)
    if not callable(getattr(module, "pyramidal", None)):
        raise ValueError(f"{name} is not a variant: it needs a function pyramidal(cell)")
    try:
        cell = module.pyramidal(cells.pyramidal())
    except Exception as error:  # it is the user's code: anything may happen
        raise ValueError(f"variant {name}: {type(error).__name__}: {error}") from error
    if not isinstance(cell, Cell):
        raise ValueError(f"variant {name}: pyramidal gives back {cell!r}, which is no cell")
    missing = [one for one in NEEDED if one not in cell.equations]
    if missing:
        raise ValueError(f"variant {name}: it has no variable {missing[0]!r}, which events need")
    return Variant(Path(name).stem, module.__doc__ or "", cell)
