"""Which compiler is taken, and what a build is known by."""

import os
import subprocess
from pathlib import Path

import pytest

from experiments.run import provenance
from experiments.run.config import Config
from models.engine import compiler
from models.engine.compiler import DeviceError

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("chosen", ["ccache g++", "c++-of-tomorrow", "/nowhere/g++"])
def test_a_compiler_that_is_asked_for_and_not_there_is_named(chosen, monkeypatch):
    monkeypatch.setenv("CXX", chosen)
    with pytest.raises(DeviceError, match=r"\$CXX is") as caught:
        compiler.find_compiler()
    assert chosen in str(caught.value)
    found = subprocess.run([ROOT / "scripts" / "find_compiler"], capture_output=True, text=True)
    assert found.returncode == 2 and not found.stdout and chosen in found.stderr


def test_a_compiler_that_is_asked_for_is_taken_and_none_is_asked_for_by_nothing(
    tmp_path, monkeypatch
):
    for name in ("mine", "g++"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    for chosen, name in (("mine", "mine"), ("", "g++")):
        monkeypatch.setenv("CXX", chosen)
        expected = str(tmp_path / name)
        assert compiler.find_compiler() == expected
        words = [ROOT / "scripts" / "find_compiler"]
        assert subprocess.run(words, capture_output=True, text=True).stdout.strip() == expected


@pytest.mark.parametrize(
    "told, other",
    [
        ("model name : A\nflags : sse avx\n", "model name : A\nflags : sse\n"),
        ("model name : A\nflags : sse\n", "model name : B\nflags : sse\n"),
        ("Features : fp asimd\n", "Features : fp\n"),
    ],
)
def test_a_build_is_known_by_all_that_the_processor_can_do(told, other, tmp_path, monkeypatch):
    monkeypatch.setattr(compiler, "CPUINFO", tmp_path / "cpuinfo")
    found = []
    for text in (told, told + "cpu MHz : 2596\n" + told, other):
        compiler.CPUINFO.write_text(text)
        found.append(compiler._processor())
    assert found[0] == found[1] != found[2]
    compiler.CPUINFO.unlink()
    assert compiler._processor()


def test_a_build_is_found_again_and_an_edited_source_is_another(tmp_path, monkeypatch):
    monkeypatch.setenv(compiler.CACHE_VARIABLE, str(tmp_path / "cache"))
    compiled = []

    def compile(sources, names, tools):
        compiled.append(names)
        (sources / "main").touch()

    monkeypatch.setattr(compiler, "_compile", compile)
    monkeypatch.setattr(compiler, "version", lambda name: "g++ 1")

    def build(
        text,
        clocks="_array_a_t[0] = 0;\n_array_b_t[0] = 0;\n",
        by="g++",
        precision="single",
    ):
        sources = tmp_path / f"sources{len(list(tmp_path.iterdir()))}"
        (sources / "static_arrays").mkdir(parents=True)
        (sources / "code.cpp").write_text(text)
        (sources / "main.cpp").write_text(clocks)
        return compiler.compiled(sources, ["code.cpp"], by, precision).folder

    first = build("x = 1;")
    assert build("x = 1;") == first and len(compiled) == 1
    assert build("x = 1;", "_array_b_t[0] = 0;\n_array_a_t[0] = 0;\n") == first
    others = {
        build("x = 2;"),
        build("x = 1;", by="clang++"),
        build("x = 1;", precision="double"),
        build("x = 1;", "_array_a_t[0] = 1;\n"),
    }
    assert len(others | {first}) == 5
    assert not list(first.parent.glob("part-*"))


SOURCES = {
    "objects.h": "extern float V[8];",
    "generated.h": "#include <cmath>",
    "main.cpp": '#include "objects.h"\nvoid hot();\nint main() { hot(); return V[0] != 2; }',
    "objects.cpp": '#include "objects.h"\nfloat V[8];',
    "hot.cpp": '#include "generated.h"\nextern float V[8];\nvoid hot() { V[0] = 2; }',
}


@pytest.fixture
def files(tmp_path, monkeypatch):
    """An empty cache, and a list of the files that are compiled."""
    monkeypatch.setenv(compiler.CACHE_VARIABLE, str(tmp_path / "cache"))
    called, call = [], compiler._call

    def count(command, *more):
        called.extend(word for word in command if str(word).endswith((".cpp", "generated.h")))
        return call(command, *more)

    monkeypatch.setattr(compiler, "_call", count)
    return called


def build(folder, **changes):
    """Compile sources; returns the program."""
    for name, text in (SOURCES | changes).items():
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    (folder / "static_arrays").mkdir()
    (folder / "brianlib").mkdir()
    names = [name for name in SOURCES if name.endswith(".cpp")]
    found = compiler.compiled(folder, names, compiler.find_compiler(), "single").folder / "main"
    assert subprocess.run([found]).returncode == 0
    return found


def test_only_what_was_edited_is_compiled_again(tmp_path, files):
    """A file that knows only its own arrays is kept whatever happens to the others."""
    first = build(tmp_path / "a")
    assert sorted(files) == ["generated.h", "hot.cpp", "once.cpp"]
    files.clear()
    assert build(tmp_path / "b") == first and not files
    hot = SOURCES["hot.cpp"].replace("V[0] = 2", "V[0] = sqrt(4)")
    assert build(tmp_path / "c", **{"hot.cpp": hot}) != first and files == ["hot.cpp"]
    files.clear()
    build(tmp_path / "d", **{"objects.h": "extern float V[8]; extern float W[8];"})
    assert files == ["once.cpp"]


def test_a_header_that_all_include_is_another_build(tmp_path, files):
    build(tmp_path / "a")
    files.clear()
    build(tmp_path / "b", **{"generated.h": "#include <cmath>\n// edited"})
    assert sorted(files) == ["generated.h", "hot.cpp", "once.cpp"]


def test_what_the_compiler_calls_an_error_is_said(tmp_path, files):
    with pytest.raises(DeviceError, match=r"failed: hot\.cpp:.* error: "):
        build(tmp_path / "a", **{"hot.cpp": '#include "generated.h"\nvoid hot() { V[0] = 2; }'})


REFUSES = """#!/bin/sh
case " $* " in *" -march=native "*)
    echo "error: the clang compiler does not support '-march=native'" >&2
    exit 1;;
esac
exec {real} "$@"
"""


def test_a_compiler_that_refuses_the_processors_own_instructions_compiles_without_them(
    tmp_path, files, monkeypatch
):
    real, mine = compiler.find_compiler(), tmp_path / "clang++"
    mine.write_text(REFUSES.format(real=real))
    mine.chmod(0o755)
    monkeypatch.setenv("CXX", str(mine))
    build(tmp_path / "a")
    flags = provenance.origin(Config())["flags"]
    assert flags == [f for f in (*compiler.FLAGS, *compiler.LINK_FLAGS) if f != compiler.NATIVE]


def test_a_compiler_that_fails_for_another_reason_is_not_taken_for_one_that_refuses(tmp_path):
    mine = tmp_path / "g++"
    mine.write_text("#!/bin/sh\necho 'error: no memory' >&2\nexit 1\n")
    mine.chmod(0o755)
    assert compiler.accepted(compiler.FLAGS, str(mine)) == compiler.FLAGS
