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
from contextlib import suppress
from pathlib import Path

import pooch

from models import PROJECT

FLAGS = ("-std=c++17", "-O3", "-march=native", "-ffast-math", "-w")
LINK_FLAGS = ("-ffast-math",)  # flushes denormal numbers to zero: decaying traces run into them
COLD = ("objects.cpp", "main.cpp", "run.cpp")  # they run once, and are slow to optimise
CACHE_VARIABLE = "SEGREGATED_DENDRITES_CACHE"
CPUINFO = Path("/proc/cpuinfo")
KEPT_DAYS = 30  # a build is removed when it has not run for so long
CLOCK_RESET = re.compile(rb"^\s*_array_\w+_(timestep|t)\[0\] = ")
# What every generated file includes first; compiled once.
COMMON_HEADER = """#include "objects.h"
#include "brianlib/common_math.h"
#include "brianlib/stdint_compat.h"
#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
"""


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


def compiled(sources, names, compiler):
    """The folder with the program of these sources, compiled now or before.

    A build is known by what goes into it: every generated source and array, the compiler, the
    flags and (for -march=native) the processor. It is renamed into the cache when it is whole.
    """
    (sources / "common.h").write_text(COMMON_HEADER)
    digest = hashlib.sha256()
    for line in (compiler, version(compiler), *FLAGS, *LINK_FLAGS, _processor()):
        digest.update(line.encode() + b"\0")
    for path in sorted(p for p in sources.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if path.name == "main.cpp":  # Brian2 sets its clocks to 0 in any order
            lines = content.splitlines()
            clocks = [line for line in lines if CLOCK_RESET.search(line)]
            content = b"\n".join([n for n in lines if n not in clocks] + sorted(clocks))
        digest.update(str(path.relative_to(sources)).encode() + b"\0" + content)
    folder = cache_folder() / digest.hexdigest()[:24]
    if not (folder / "main").exists():
        _compile(sources, names, compiler)
        _keep(sources, folder)
    os.utime(folder)
    return folder


def _compile(sources, names, compiler):
    # The headers are the same for all files and cost most of the time: read them once.
    _call([compiler, *FLAGS, "-I.", "-x", "c++-header", "common.h", "-o", "common.h.gch"], sources)

    def one(name):
        target = f"{name}.o"
        speed = ["-O0"] if name in COLD else ["-include", "common.h"]
        _call([compiler, *FLAGS, *speed, "-I.", "-c", name, "-o", target], sources)
        return target

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        objects = list(pool.map(one, sorted(names, key=lambda n: n != "objects.cpp")))
    _call([compiler, *objects, "-o", "main", *LINK_FLAGS], sources)
    if not (sources / "main").exists():
        raise DeviceError(f"{Path(compiler).name} made no program: is it a C++ compiler?")


def _keep(sources, folder):
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix="part-"))
    shutil.copy(sources / "main", part)
    shutil.copytree(sources / "static_arrays", part / "static_arrays")
    try:
        part.rename(folder)
    except OSError:  # another process has just built the same
        shutil.rmtree(part)
    for build in folder.parent.iterdir():
        with suppress(FileNotFoundError):  # another process may have just moved it
            if build.stat().st_mtime < time.time() - KEPT_DAYS * 86400:
                shutil.rmtree(build, ignore_errors=True)


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
        first = (done.stderr.strip().splitlines() or ["no message"])[0]
        raise DeviceError(f"{Path(command[0]).name} failed: {first}")
    return done
