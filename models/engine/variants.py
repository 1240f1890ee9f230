"""Variants of a theory's cells: Python files that say what differs, found by name or by path."""

import difflib
from collections.abc import Mapping
from pathlib import Path

from models import units
from models.engine.cell import Cell
from models.engine.printing import stripped
from models.theory import load

PAPER = "paper"  # the name of the cells as they are


def names(folder):
    """Variants that come with a theory: files of a folder."""
    return sorted(p.stem for p in folder.glob("*.py") if not p.stem.startswith("_"))


def module(name, folder):
    """The module of a variant.

    Parameters
    ----------
    name : str
        Of a file in ``folder``, or the path of a Python file. Its code is run: load only files that
        you trust.
    folder : Path

    Raises
    ------
    ValueError
        If there is no such variant, or its code fails.
    """
    if name.endswith(".py"):
        return load(Path(name), "variant")
    if name not in names(folder):
        near = dict.fromkeys([*difflib.get_close_matches(name, names(folder), 3), PAPER])
        where = "/".join(folder.parts[-3:])
        raise ValueError(
            f"unknown variant {name!r}: give a file.py, or a name in {where} "
            f"such as {' or '.join(near)}"
        )
    return load(folder / f"{name}.py", "variant")


def made(function, cell, what):
    """The cell that a user's function makes of another one; ``what`` is what errors call it.

    Raises
    ------
    ValueError
        In one sentence, if the function fails, or what it gives back is no cell.
    """
    try:
        found = function(cell)
    except Exception as error:  # it is the user's code: anything may happen
        raise ValueError(f"{what}: {type(error).__name__}: {error}") from error
    if not isinstance(found, Cell):
        raise ValueError(f"{what} gives back {found!r}, which is no cell")
    return found


def changes(cells, usual):
    """Lines: what differs in each cell from the usual one of the same kind.

    Parameters
    ----------
    cells, usual : mapping of kind -> Cell
    """
    for kind, cell in cells.items():
        for field in cell._fields:
            now, then = getattr(cell, field), getattr(usual[kind], field)
            if field == "params":
                now, then = now._asdict(), then._asdict()
            if isinstance(now, Mapping):
                new = {name: value for name, value in now.items() if then.get(name) != value}
                for name, value in new.items():
                    yield f"{kind}, {field}, {name}: {_brief(value, cell.unit(name))}"
            elif now != then:
                yield f"{kind}, {field}: {_brief(now)}"


def _brief(value, unit=None):
    if not isinstance(value, str):
        return units.written(value, unit)
    if not value.strip():
        return "nothing"
    return "".join(f"\n    {line}" for line in stripped(value).splitlines())
