"""Generate and compile: the only file that knows Brian2's devices.

A network is generated and compiled once. Its program reads a seed and all inputs from standard
input, and writes what is asked of it to standard output.
"""

import ast
import re
import shutil
import tempfile
import warnings
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import brian2
import numpy as np
from brian2 import DimensionMismatchError
from brian2.core.base import BrianObjectException
from brian2.core.variables import DynamicArrayVariable
from brian2.equations.equations import EquationError

from models import units
from models.engine import codegen
from models.engine.compiler import DeviceError, compiled, find_compiler

HEADERS = ("arithmetic.h", "draws.h", "generated.h", "exchange.h")
HEADERS_IN_ALL = ('"generated.h"', '"exchange.h"')
BEGIN = "const uint64_t* const about = exchange::begin(); // seed, number of steps"
USER = ("logging.", "codegen.target", "codegen.runtime.cython.", "codegen.max_cache")
LONGEST = 300  # letters of what Brian2 says: it may repeat all that it was given
TYPES = {"single": np.float32, "double": np.float64}
# Brian2 writes a dimension in base units; a person would not.
PLAIN = {
    str(unit.dim): text
    for unit, text in (
        (units.NAMED["mV"], "volt"),
        (units.NAMED["mV ms"], "volt*second"),
        (units.NAMED["mV/ms"], "volt/second"),
    )
}


class ModelError(ValueError):
    """Equations that cannot be simulated; the message says which and why."""


@contextmanager
def one_sentence():
    """Turn what Brian2 says of wrong equations into a ``ModelError``."""
    try:
        yield
    except (BrianObjectException, DimensionMismatchError, EquationError, SyntaxError) as error:
        where = re.search(r"object named '(\w+)'", str(error))
        cause = error.__cause__ or error
        text = str(cause).replace("\\n", " ")
        if isinstance(cause, KeyError) and hasattr(ast, str(cause.args[0])):  # V^2
            text = f"there is no operator {cause.args[0]}"
        for unit, plain in PLAIN.items():
            text = text.replace(unit, plain)
        text = shown(text) or type(cause).__name__
        name = f"{where[1]}: " if where else ""
        raise ModelError(f"the equations cannot be simulated: {name}{text}") from error


@contextmanager
def readable():
    """The same for a text that is only read: there Brian2 and Python stumble in more ways."""
    with one_sentence():
        try:
            yield
        except KeyError as error:
            raise SyntaxError(f"there is no operator {error.args[0]}") from None
        except (RecursionError, MemoryError):
            raise SyntaxError("it is too long, or nested too deeply") from None
        except ValueError as error:  # of subexpressions that need each other
            raise error if isinstance(error, ModelError) else SyntaxError(str(error)) from None


def parsed(text):
    """Brian2's ``Equations``; ModelError for a text that cannot be read."""
    with readable():
        return brian2.Equations(text)


def shown(text):
    """What another package says, or a piece of a user's code, as a part of one sentence."""
    text = " ".join(text.split())
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


@contextmanager
def precise(precision, headers=()):
    """Wire, generate code and simulate in "single" or "double" precision.

    Times stay in double precision, and so does what is given as one number an image. Brian2 reads
    preferences from files of the current folder and of the user: meanwhile all are as our code has
    them, but for those that change no result (``USER``).
    """
    prefs = brian2.prefs
    usual = {name: value for name, value in prefs.items() if not name.startswith(USER)}
    ours = {
        "core.default_float_dtype": TYPES[precision],
        "core.stop_on_keyboard_interrupt": False,  # it would end a run as if all were well
        "codegen.cpp.headers": list(headers),
    }
    try:
        for name in usual:
            prefs[name] = ours[name] if name in ours else _default(name)
        yield
    finally:
        for name, value in usual.items():
            prefs[name] = value


def _default(name):
    """What a preference is if no one sets it."""
    category, _, last = name.rpartition(".")
    known, _ = brian2.prefs.pref_register[category]
    return known[last].default


def refuse_a_part(reached, steps, dt):
    """Raise DeviceError if a network has not reached the end of so many steps.

    What it holds then looks like any other result.
    """
    done = np.rint(reached / float(dt))
    if not done >= steps:
        raise DeviceError(
            f"the network stopped after {done:.0f} of {steps} steps: nothing of this chunk is kept"
        )


# --- in Python ------------------------------------------------------------------------------------


def interpret():
    """From here on, run ``device="runtime"`` without a compiler: nothing to wait for at first."""
    brian2.prefs.codegen.target = "numpy"


def simulate(network, steps):
    """Run a new network in Python; DeviceError if it stops before its end."""
    dt = brian2.defaultclock.dt
    with warnings.catch_warnings():
        # Brian2 looks for values beyond 1e50, which single precision does not hold
        warnings.filterwarnings("ignore", "overflow encountered in cast", RuntimeWarning)
        network.run(steps * dt, namespace={})
    refuse_a_part(network.t_, steps, dt)


@contextmanager
def interpreted(seed):
    """Brian2 in Python for a while, without a compiler; all that is global is put back.

    Parameters
    ----------
    seed : int
        Of what is drawn meanwhile.
    """
    brian2.BrianLogger.suppress_name("unused_brian_object")
    target = brian2.prefs.codegen.target
    brian2.set_device("runtime")
    interpret()
    draws, dt = brian2.get_device().get_random_state(), brian2.defaultclock.dt
    brian2.seed(seed % 2**32)
    try:
        with precise("double"):
            yield
    finally:
        brian2.defaultclock.dt = dt
        brian2.get_device().set_random_state(draws)
        brian2.prefs.codegen.target = target
        brian2.devices.reset_device()


# --- as C++ ---------------------------------------------------------------------------------------


@cache
def install():
    """Make Brian2 know our device, once."""
    codegen.install()


def compile_network(make, duration, precision):
    """Compile a network, or find it compiled.

    Parameters
    ----------
    make : callable
        Wires it; returns ``Wired``.
    duration : Quantity
    precision : str
        "single" or "double".

    Returns
    -------
    build : models.engine.kept.Kept
        Its folder has the program ``main``.
    wired : Wired

    Raises
    ------
    DeviceError
        If there is no compiler, it fails, or the build cannot be kept.
    """
    compiler = find_compiler()
    install()
    brian2.set_device(codegen.NAME, build_on_run=False)
    standalone = brian2.get_device()
    standalone.reinit()
    standalone.activate(build_on_run=False)
    with precise(precision, HEADERS_IN_ALL), tempfile.TemporaryDirectory() as sources:
        wired = make()
        name = standalone.get_array_name
        standalone.insert_code("before_start", BEGIN)
        standalone.insert_code("before_network_run", _reading(wired.given(), wired.sizes(), name))
        with one_sentence():
            wired.network.run(duration, namespace={})
        standalone.insert_code("before_end", _writing(wired.wanted(), name))
        standalone.build(directory=sources, compile=False, run=False)
        for header in HEADERS:
            shutil.copy(Path(codegen.HERE) / header, sources)
        for timed in wired.timed.values():  # always given: nothing to load at each start
            (Path(sources) / "static_arrays" / f"{timed.name}_values").write_bytes(b"")
        names = sorted(standalone.writer.source_files)
        build = compiled(Path(sources), names, compiler, precision)
    standalone.reinit()
    return build, wired


def _reading(given, accepts, name):
    """C++ that takes the seed and all inputs from standard input, in the order of ``accepts``."""
    lines = [
        "draws.seed(about[0]);",
        "_random_generators[0].seed(about[0]);",
        f"Network::_before = (about[1] - 0.5)*{float(brian2.defaultclock.dt)!r};",
    ]
    for key, size in accepts.items():
        variable = given[key]
        if isinstance(variable, brian2.TimedArray):
            call, array = "lend", f"{variable.name}_values"
        elif isinstance(variable, DynamicArrayVariable):
            call, array = "read", f"{name(variable, access_data=False)}.data()"
        else:
            call, array = "read", name(variable)
        lines.append(f"exchange::{call}({array}, {_shape(variable) or size});")
    return "\n".join(lines)


def _shape(variable):
    """Rows, columns and stride of a value of dense synapses, as C++; None of any other."""
    synapses = getattr(variable, "owner", None)
    if isinstance(synapses, codegen.DenseSynapses) and not variable.scalar:
        return f"{len(synapses.source)}, {len(synapses.target)}, {synapses.stride}"
    return None


def _writing(wanted, name):
    """C++ that puts all outputs on standard output, in the order of ``wanted``, and ends."""
    lines = ["using namespace brian;"]
    for variable in wanted.values():
        array = name(variable, access_data=False)
        if not isinstance(variable, DynamicArrayVariable):
            lines.append(f"exchange::write({array}, {variable.size});")
        elif _shape(variable):
            lines.append(f"exchange::write({array}.data(), {_shape(variable)});")
        elif variable.ndim == 2:
            lines.append(f"exchange::write_rows({array});")
        else:
            lines.append(f"exchange::write({array});")
    return "\n".join([*lines, "exchange::end(Network::_last_run_time, Network::_reached);"])
