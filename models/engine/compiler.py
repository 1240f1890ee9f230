"""Compile generated C++ once and keep it: compiler, flags, and the cache of builds.

A build is known by what goes into it, so it is found again by any run of the same model, and an
edited equation is another build.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pooch
from tqdm import tqdm

from models import PROJECT

FLAGS = ("-std=c++17", "-O3", "-march=native", "-ffast-math", "-w")
LINK_FLAGS = ("-ffast-math",)  # flushes denormal numbers to zero: decaying traces run into them
REAL = {"single": "float", "double": "double"}  # precision -> type
CACHE_VARIABLE = "SEGREGATED_DENDRITES_CACHE"
CPUINFO = Path("/proc/cpuinfo")
KEPT_DAYS = 30  # a build is removed when it has not run for so long
CLOCK_RESET = re.compile(rb"^\s*_array_\w+_(timestep|t)\[0\] = ")
COMMON = "generated.h"  # what each of our files includes, and nothing else of the network ...
WHOLE = '#include "objects.h"'  # ... but these: all arrays of the network; they run once
HOT = "network.cpp"  # but this one
# Headers that are another for each network; all others come with the project or with Brian2.
OF_NETWORK = ("code_objects", "objects.h", "network.h", "run.h", "synapses_classes.h")


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
            return shutil.which(name)
    raise DeviceError("no C++ compiler found: install g++ or clang++, or name one in $CXX")


def version(compiler):
    """First line of what the compiler says of itself."""
    return _call([compiler, "--version"]).stdout.splitlines()[0]


def cache_folder():
    """Where builds are kept: $SEGREGATED_DENDRITES_CACHE or the user's cache."""
    return Path(os.environ.get(CACHE_VARIABLE) or pooch.os_cache(PROJECT)) / "builds"


def compiled(sources, names, compiler, precision):
    """The folder with the program of these sources, compiled now or before.

    A build is known by what goes into it: every generated source and array, the compiler, the
    flags and (for -march=native) the processor. It is renamed into the cache when it is whole.

    Parameters
    ----------
    sources : Path
        Folder of the generated sources.
    names : sequence of str
        Files to compile.
    compiler : str
    precision : str
        "single" or "double".
    """
    tools = Tools(compiler, (*FLAGS, f"-DREAL={REAL[precision]}"))
    digest = tools.digest(*LINK_FLAGS)
    for path in sorted(p for p in sources.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if path.name == "main.cpp":  # Brian2 sets its clocks to 0 in any order
            lines = content.splitlines()
            clocks = [line for line in lines if CLOCK_RESET.search(line)]
            content = b"\n".join([n for n in lines if n not in clocks] + sorted(clocks))
        digest.update(str(path.relative_to(sources)).encode() + b"\0" + content)
    folder = cache_folder() / digest.hexdigest()[:24]
    if not (folder / "main").exists():
        _compile(sources, names, tools)
        _keep(sources, folder)
    os.utime(folder)
    return folder


class Tools(NamedTuple):
    """A compiler and its flags."""

    compiler: str
    flags: tuple

    def digest(self, *more):
        """A hash that knows compiler, flags, processor, and what else is given."""
        known = (self.compiler, version(self.compiler), *self.flags, _processor(), *more)
        return hashlib.sha256(b"\0".join(text.encode() for text in known))


def _compile(sources, names, tools):
    headers = {p.relative_to(sources): p.read_text() for p in sorted(sources.rglob("*.h"))}
    fixed = [text for path, text in headers.items() if path.parts[0] not in OF_NETWORK]
    common = _common(sources, tools, fixed)
    order = sorted(names, key=lambda name: (name != "objects.cpp", name))  # the slowest first
    bar = tqdm(total=len(order), unit="file", leave=False, disable=None, dynamic_ncols=True)

    def one(name):
        text = (sources / name).read_text()
        known = headers.values() if WHOLE in text or name == HOT else fixed
        flags = ("-O0",) if WHOLE in text and name != HOT else (f"-I{common}",)
        found = _kept(tools.digest(*flags[:1], *known, text), ".o")
        if not found.exists():
            bar.set_postfix_str(Path(name).stem.removesuffix("_codeobject"))
            with _whole(found) as part:
                command = [tools.compiler, *tools.flags, *flags, "-I.", "-c", name, "-o", part]
                _call(command, sources)
        os.utime(found)
        bar.update()
        return found

    with bar, ThreadPoolExecutor(os.cpu_count()) as pool:
        objects = list(pool.map(one, order))
    _call([tools.compiler, *objects, "-o", "main", *LINK_FLAGS], sources)
    if not (sources / "main").exists():
        raise DeviceError(f"{Path(tools.compiler).name} made no program: is it a C++ compiler?")


def _common(sources, tools, fixed):
    """A folder with the common header, compiled: reading it costs more than most files."""
    folder = _kept(tools.digest(*fixed), ".d")
    if not folder.exists():
        with _whole(folder) as part:
            part.mkdir()
            shutil.copytree(sources / "brianlib", part / "brianlib")
            for path in sources.glob("*.h"):
                if path.name not in OF_NETWORK:
                    shutil.copy(path, part)
            header = ["-x", "c++-header", COMMON, "-o", f"{COMMON}.gch"]
            _call([tools.compiler, *tools.flags, "-I.", *header], part)
    os.utime(folder)
    return folder


def _kept(digest, suffix):
    """Where a part of a build is kept, for any build that needs the same."""
    return cache_folder() / "parts" / f"{digest.hexdigest()[:24]}{suffix}"


@contextmanager
def _whole(path):
    """A path to write to, in place of ``path``, which is there only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=path.parent, prefix="part-"))
    try:
        yield part / path.name
        with suppress(OSError):  # another process has just made the same
            (part / path.name).rename(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _keep(sources, folder):
    with _whole(folder) as part:
        part.mkdir()
        shutil.copy(sources / "main", part)
        shutil.copytree(sources / "static_arrays", part / "static_arrays")
    for old in (*folder.parent.glob("*"), *folder.parent.glob("parts/*")):
        with suppress(FileNotFoundError):  # another process may have just moved it
            if old.name != "parts" and old.stat().st_mtime < time.time() - KEPT_DAYS * 86400:
                shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink()


def _processor():
    """What -march=native depends on: the processor's name and what it can do, as far as known."""
    try:
        lines = CPUINFO.read_text().splitlines()
    except OSError:  # not Linux
        lines = []
    told = [line for line in lines if line.startswith(("model name", "flags", "Features"))]
    return "\n".join(sorted(set(told))) or platform.processor() or platform.machine()


def _call(command, folder=None):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        first = next((line for line in lines if "error: " in line), lines[0])
        raise DeviceError(f"{Path(command[0]).name} failed: {first}")
    return done
