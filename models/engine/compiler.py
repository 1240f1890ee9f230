"""Compile generated C++ once and keep it: compiler, flags, and the cache of builds.

A build is known by what goes into it, so it is found again by any run of the same model, and an
edited equation is another build.
"""

import errno
import hashlib
import os
import platform
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pooch

from models import PROJECT, progress
from models.engine import kept
from models.engine.children import Children

NATIVE = "-march=native"  # all that this processor can do; older clang on ARM refuses it
FLAGS = ("-std=c++17", "-O3", NATIVE, "-ffast-math", "-w")
LINK_FLAGS = ("-ffast-math",)  # flushes denormal numbers to zero: decaying traces run into them
STATIC = ("-static-libgcc", "-static-libstdc++")  # a program starts in half the time
REAL = {"single": "float", "double": "double"}  # precision -> type
CACHE_VARIABLE = "SEGREGATED_DENDRITES_CACHE"
CPUINFO = Path("/proc/cpuinfo")
CLOCK_RESET = re.compile(rb"^\s*_array_\w+_(timestep|t)\[0\] = ")
COMMON = "generated.h"  # what each of our files includes, and nothing else of the network ...
WHOLE = '#include "objects.h"'  # ... but those that know all its arrays; they run once
ONCE = ("objects.cpp", "run.cpp", "main.cpp")  # which read the same headers: one file of all three
PARTS, OBJECT = "parts", "code.o"
FULL = "No space left on device"
# Headers that are another for each network; all others come with the project or with Brian2.
OF_NETWORK = ("code_objects", "objects.h", "run.h", "synapses_classes.h")


class DeviceError(RuntimeError):
    """The network could not be compiled or run; the message is one sentence for the user."""


def find_compiler():
    """The C++ compiler: $CXX if it is set, or g++, clang++, c++; DeviceError if there is none."""
    chosen = os.environ.get("CXX")
    if chosen and not shutil.which(chosen):
        raise DeviceError(
            f"$CXX is {chosen!r}, which is no program: name one compiler, or unset it"
        )
    for name in (chosen, "g++", "clang++", "c++"):
        if name and shutil.which(name):
            return os.path.abspath(shutil.which(name))  # it is called in another folder
    raise DeviceError("no C++ compiler found: install g++ or clang++, or name one in $CXX")


def version(compiler):
    """First line of what the compiler says of itself."""
    return _call([compiler, "--version"]).partition("\n")[0]


def accepted(flags, compiler):
    """These flags, without ``-march=native`` if the compiler refuses it."""
    return tuple(flag for flag in flags if flag != NATIVE or _takes_native(compiler))


@cache
def _takes_native(compiler):
    try:
        _call([compiler, NATIVE, "-x", "c++", "-fsyntax-only", os.devnull])
    except DeviceError as error:  # of another kind: to be said of what is really compiled
        return "march" not in str(error)
    return True


def cache_folder():
    """Where builds are kept: $SEGREGATED_DENDRITES_CACHE or the user's cache."""
    return Path(os.environ.get(CACHE_VARIABLE) or pooch.os_cache(PROJECT)).absolute() / "builds"


def compiled(sources, names, compiler, precision):
    """The folder with the program of these sources, compiled now or before.

    A build is known by what goes into it: every generated source and array, the compiler, the
    flags and (for -march=native) the processor.

    Parameters
    ----------
    sources : Path
        Folder of the generated sources.
    names : sequence of str
        Files to compile.
    compiler : str
    precision : str
        "single" or "double".

    Returns
    -------
    models.engine.kept.Kept

    Raises
    ------
    DeviceError
        If the compiler fails, or the build cannot be kept.
    """
    flags = (*accepted(FLAGS, compiler), f"-DREAL={REAL[precision]}")
    tools = Tools(compiler, flags, (version(compiler), _processor()))
    main = sources / "main.cpp"
    main.write_bytes(_in_order(main.read_bytes()))
    digest = tools.digest(*LINK_FLAGS, *STATIC)
    for path in sorted(p for p in sources.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(sources)).encode() + b"\0" + path.read_bytes())
    folder = cache_folder() / _name(digest)
    try:
        return kept.find(folder) or _built(sources, names, tools, folder)
    except OSError as error:
        raise DeviceError(
            f"the network cannot be compiled into {cache_folder()} "
            f"({error.strerror or error}: {error.filename or 'while writing'}); "
            f"${CACHE_VARIABLE} names another folder"
        ) from error


def _in_order(code):
    """Main program in which clocks are set to 0 in a fixed order: Brian2 sets them in any."""
    lines = code.splitlines()
    places = [k for k, line in enumerate(lines) if CLOCK_RESET.search(line)]
    for k, line in zip(places, sorted(lines[k] for k in places), strict=True):
        lines[k] = line
    return b"\n".join(lines)


class Tools(NamedTuple):
    """A compiler, its flags, and what they depend on: its version, and the processor."""

    compiler: str
    flags: tuple
    told: tuple

    def digest(self, *more):
        """A hash that knows all of it, and what else is given."""
        known = (self.compiler, *self.told, *self.flags, *more)
        return hashlib.sha256(b"\0".join(text.encode() for text in known))


def _built(sources, names, tools, folder):
    """Compile a network and keep it; returns ``Kept``."""

    def fill(path):
        shutil.copy(sources / "main", path)
        shutil.copytree(sources / "static_arrays", path / "static_arrays")

    _compile(sources, names, tools)
    found = kept.make(folder, fill)
    kept.clean(cache_folder(), but=PARTS)
    kept.clean(cache_folder() / PARTS)
    return found


def _compile(sources, names, tools):
    headers = {p.relative_to(sources): p.read_text() for p in sorted(sources.rglob("*.h"))}
    fixed = [text for path, text in headers.items() if path.parts[0] not in OF_NETWORK]
    common = _common(sources, tools, fixed)
    once = [name for name in ONCE if name in names]
    (sources / "once.cpp").write_text("\n".join((sources / name).read_text() for name in once))
    order = ["once.cpp", *sorted(set(names) - set(once))]  # the slowest first
    bar = progress.bar(total=len(order), desc="compiling", unit="file", leave=False)
    running = Children()

    def one(name):
        text = (sources / name).read_text()
        known, flag = (fixed, f"-I{common.folder}")
        if WHOLE in text:
            known, flag = headers.values(), "-O0"

        def compile(path):
            bar.set_postfix_str(Path(name).stem.removesuffix("_codeobject"))
            command = [tools.compiler, *tools.flags, flag, "-I.", "-c", name, "-o", path / OBJECT]
            _call(command, sources, path / OBJECT, running)

        found = _part(tools.digest(flag, *known, text), compile)
        bar.update()
        return found

    with bar, ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = [pool.submit(one, name) for name in order]
        try:
            objects = [part.result() for part in parts]  # held until they are linked
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            while not all(part.done() for part in parts):  # ``wait`` does not count cancelled ones
                running.stop()
                wait(parts, timeout=0.05)
            raise
    link = [tools.compiler, *(part.folder / OBJECT for part in objects), "-o", "main", *LINK_FLAGS]
    try:
        _call([*link, *STATIC], sources, sources / "main")
    except DeviceError:  # without them here
        _call(link, sources, sources / "main")


def _common(sources, tools, fixed):
    """A folder with the common header, compiled: reading it costs more than most files."""

    def compile(path):
        shutil.copytree(sources / "brianlib", path / "brianlib")
        for header in sources.glob("*.h"):
            if header.name not in OF_NETWORK:
                shutil.copy(header, path)
        made = f"{COMMON}.gch"
        command = [tools.compiler, *tools.flags, "-I.", "-x", "c++-header", COMMON, "-o", made]
        _call(command, path, path / made)

    return _part(tools.digest(*fixed), compile)


def _part(digest, fill):
    """A part of a build, kept for any build that needs the same; made if it is not there."""
    folder = cache_folder() / PARTS / _name(digest)
    return kept.find(folder) or kept.make(folder, fill)


def _name(digest):
    return digest.hexdigest()[:24]


def _processor():
    """What -march=native depends on: the processor's name and what it can do, as far as known."""
    try:
        lines = CPUINFO.read_text().splitlines()
    except OSError:  # not Linux
        lines = []
    told = [line for line in lines if line.startswith(("model name", "flags", "Features"))]
    return "\n".join(sorted(set(told))) or platform.processor() or platform.machine()


def _call(command, folder=None, made=None, running=None):
    """What a compiler says; DeviceError if it fails, or has not ``made`` that file."""
    name, both = Path(command[0]).name, {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    try:
        status, said = (running or Children()).run(command, cwd=folder, env=_plain(), **both)
    except OSError as error:
        raise DeviceError(f"{name} cannot be started: {error.strerror}") from error
    if FULL in said and status:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(made))
    if status:
        lines = said.strip().splitlines() or ["no message"]
        first = next((line for line in lines if "error: " in line), lines[0])
        raise DeviceError(f"{name} failed: {first}")
    if made and not made.exists():
        raise DeviceError(f"{name} made no program: is it a C++ compiler?")
    return said


def _plain():
    """The environment, in which programs speak English."""
    return os.environ | {"LC_ALL": "C"}
