"""One file, one biophysical variant of the hidden cell: a module with a ``NEURON``."""

import importlib.util
from pathlib import Path

from models.neuron import Neuron

HERE = Path(__file__).parent


def names():
    """Variants that come with the project."""
    return sorted(p.stem for p in HERE.glob("*.py") if not p.stem.startswith("_"))


def load(name):
    """The hidden cell of a variant.

    Parameters
    ----------
    name : str
        The name of a file in ``models/variants``, or the path of a Python file. Its code is run:
        load only files that you trust.

    Raises
    ------
    ValueError
        If there is no such variant, or the file has no ``NEURON``.
    """
    is_file = name.endswith(".py")
    path = Path(name) if is_file else HERE / f"{name}.py"
    if not is_file and name not in names():
        raise ValueError(
            f"unknown variant {name!r}: choose from {', '.join(names())}, or give a file.py"
        )
    if not path.is_file():
        raise ValueError(f"no variant file {name}")
    spec = importlib.util.spec_from_file_location(f"variant_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # it is the user's code: anything may happen
        raise ValueError(f"variant {name}: {type(error).__name__}: {error}") from error
    neuron = getattr(module, "NEURON", None)
    if not isinstance(neuron, Neuron):
        raise ValueError(f"{name} is not a variant: it needs NEURON = ...vary(...)")
    return neuron
