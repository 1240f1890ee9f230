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
STATIC = ("-static-libgcc", "-static-libstdc++")  # a program starts in half the time
REAL = {"single": "float", "double": "double"}  # precision -> type
CACHE_VARIABLE = "SEGREGATED_DENDRITES_CACHE"
CPUINFO = Path("/proc/cpuinfo")
KEPT_DAYS = 30  # a build is removed when it has not run for so long
CLOCK_RESET = re.compile(rb"^\s*_array_\w+_(timestep|t)\[0\] = ")
COMMON = "generated.h"  # what each of our files includes, and nothing else of the network ...
WHOLE = '#include "objects.h"'  # ... but those that know all its arrays; they run once
ONCE = ("objects.cpp", "run.cpp", "main.cpp")  # which read the same headers: one file of all three
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
    flags = (*FLAGS, f"-DREAL={REAL[precision]}")
    tools = Tools(compiler, flags, (version(compiler), _processor()))
    main = sources / "main.cpp"
    main.write_bytes(_in_order(main.read_bytes()))
    digest = tools.digest(*LINK_FLAGS, *STATIC)
    for path in sorted(p for p in sources.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(sources)).encode() + b"\0" + path.read_bytes())
    folder = cache_folder() / digest.hexdigest()[:24]
    if not (folder / "main").exists():
        _compile(sources, names, tools)
        _keep(sources, folder)
    os.utime(folder)
    return folder


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


def _compile(sources, names, tools):
    headers = {p.relative_to(sources): p.read_text() for p in sorted(sources.rglob("*.h"))}
    fixed = [text for path, text in headers.items() if path.parts[0] not in OF_NETWORK]
    common = _common(sources, tools, fixed)
    once = [name for name in ONCE if name in names]
    (sources / "once.cpp").write_text("\n".join((sources / name).read_text() for name in once))
    order = ["once.cpp", *sorted(set(names) - set(once))]  # the slowest first
    bar = tqdm(total=len(order), unit="file", leave=False, disable=None, dynamic_ncols=True)

    def one(name):
        text = (sources / name).read_text()
        known, flag = (headers.values(), "-O0") if WHOLE in text else (fixed, f"-I{common}")
        found = _kept(tools.digest(flag, *known, text), ".o")
        if not found.exists():
            bar.set_postfix_str(Path(name).stem.removesuffix("_codeobject"))
            with _whole(found) as part:
                command = [tools.compiler, *tools.flags, flag, "-I.", "-c", name, "-o", part]
                _call(command, sources)
        os.utime(found)
        bar.update()
        return found

    with bar, ThreadPoolExecutor(os.cpu_count()) as pool:
        objects = list(pool.map(one, order))
    link = [tools.compiler, *objects, "-o", "main", *LINK_FLAGS]
    try:
        _call([*link, *STATIC], sources)
    except DeviceError:  # without them here
        _call(link, sources)
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
