"""Builds: used only if they are whole and ours, healed if not, and shared by many runs at once."""

import errno
import multiprocessing
import os
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from models.engine import compiler, device, kept, program
from models.engine.compiler import DeviceError
from models.theory import Inputs
from tests.engine import toy

FORK = multiprocessing.get_context("fork")
STATE = {"W": np.full((3, 2), 0.5), "b": np.zeros(2)}
INPUTS = Inputs(np.ones((2, 3)), np.zeros(2, dtype=int), STATE, 1)
SOURCES = {
    "objects.h": "extern float V[8];",
    "generated.h": "#include <cmath>",
    "main.cpp": '#include "objects.h"\nvoid hot();\nint main() { hot(); return V[0] != 2; }',
    "objects.cpp": '#include "objects.h"\nfloat V[8];',
    "hot.cpp": '#include "generated.h"\nextern float V[8];\nvoid hot() { V[0] = sqrt(4); }',
}


def fill(folder):
    (folder / "main").write_text("a program")
    (folder / "static_arrays").mkdir()
    (folder / "static_arrays" / "times").write_text("0 1 2")


def remove(folder):
    (folder / "main").unlink()


def cut_short(folder):
    (folder / "main").write_text("a prog")


def replace(folder):
    (folder / "main").write_text("b program")


def replace_an_array(folder):
    (folder / "static_arrays" / "times").write_text("0 1 3")


def remove_arrays(folder):
    shutil.rmtree(folder / "static_arrays")


def remove_the_list(folder):
    (folder / kept.LIST).unlink()


def write_no_text(folder):
    (folder / kept.LIST).write_bytes(b"\xff\xfe")


def let_others_write(folder):
    (folder / "main").chmod(0o777)


def let_others_replace(folder):
    folder.chmod(0o777)


def lead_elsewhere(folder):
    (folder / "main").rename(folder.parent / "main")
    (folder / "main").symlink_to(folder.parent / "main")


def move_it_elsewhere(folder):
    folder.rename(folder.parent / "real")
    folder.symlink_to(folder.parent / "real")


def put_a_file_in_its_place(folder):
    shutil.rmtree(folder)
    folder.write_text("no folder")


DAMAGES = [remove, cut_short, replace, replace_an_array, remove_arrays, remove_the_list]
DAMAGES += [write_no_text, let_others_write, let_others_replace, lead_elsewhere]
DAMAGES += [move_it_elsewhere, put_a_file_in_its_place]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_is_not_whole_or_not_ours_alone_is_not_found_and_is_replaced(damage, tmp_path):
    folder = tmp_path / "cache" / "build"
    kept.make(folder, fill)
    assert kept.find(folder)
    damage(folder)
    assert kept.find(folder) is None
    assert kept.make(folder, fill).folder == folder
    assert kept.find(folder) and (folder / "main").read_text() == "a program"
    assert not [p.name for p in folder.parent.iterdir() if p.name.startswith("part-")]


def test_what_another_user_has_put_there_is_not_found(tmp_path, monkeypatch):
    kept.make(tmp_path / "build", fill)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert kept.find(tmp_path / "build") is None


def test_nobody_else_may_write_to_what_we_keep_whatever_new_files_are_usually(tmp_path):
    usual = os.umask(0)
    try:
        (tmp_path / "cache").mkdir()
        kept.make(tmp_path / "cache" / "build", fill)
    finally:
        os.umask(usual)
    for path in (tmp_path / "cache", *(tmp_path / "cache").rglob("*")):
        assert not path.stat().st_mode & 0o022, path


def test_of_two_that_make_the_same_at_once_both_have_it(tmp_path):
    folder, others = tmp_path / "build", []

    def fill_later(path):
        others.append(kept.make(folder, fill))
        others.append(folder.stat())
        fill(path)

    found = kept.make(folder, fill_later)
    assert found.folder == others[0].folder and os.path.samestat(folder.stat(), others[1])


def test_what_is_in_use_is_not_removed_though_the_clock_jumps_ahead(tmp_path, monkeypatch):
    used, unused, begun = (tmp_path / name for name in ("used", "unused", "begun"))
    in_use = kept.make(used, fill)
    kept.make(unused, fill)
    (tmp_path / "of_old.o").write_text("a file, as an earlier version kept")
    later = time.time() + 86400 * (kept.KEPT_DAYS + 1)
    monkeypatch.setattr(time, "time", lambda: later)

    def fill_meanwhile(path):
        fill(path)
        kept.clean(tmp_path)
        assert path.exists() and used.exists()

    kept.make(begun, fill_meanwhile)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["begun", "used"]
    assert in_use.is_there
    del in_use
    kept.clean(tmp_path)
    assert not used.exists()


def test_what_was_used_of_late_is_not_removed(tmp_path):
    for name in ("old", "found"):
        kept.make(tmp_path / name, fill)
        os.utime(tmp_path / name, (0, 0))
    kept.find(tmp_path / "found")
    kept.clean(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["found"]


# --- compiled sources ----------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A cache of this test's own; its folder of builds."""
    monkeypatch.setenv(compiler.CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "builds"


def build(folder, by=None, **more):
    """Compile sources in a new folder, and run the program; returns ``Kept``."""
    folder.mkdir()
    sources = SOURCES | more
    for name, text in sources.items():
        (folder / name).write_text(text)
    (folder / "static_arrays").mkdir()
    (folder / "brianlib").mkdir()
    names = [name for name in sources if name.endswith(".cpp")]
    found = compiler.compiled(folder, names, by or compiler.find_compiler(), "single")
    assert subprocess.run([found.folder / "main"]).returncode == 0
    return found


def test_parts_of_builds_that_are_damaged_are_made_anew(tmp_path, own):
    first = build(tmp_path / "a").folder
    parts = [p for p in (own / "parts").glob("*/*") if p.name in ("code.o", "generated.h.gch")]
    assert len(parts) == 3
    for path in parts:
        path.write_bytes(path.read_bytes()[:100])
    (first / "main").unlink()
    assert build(tmp_path / "b").folder == first
    for path in parts:
        assert kept.find(path.parent) and path.stat().st_size > 100


def test_the_parts_of_builds_are_not_cleaned_away_with_old_builds(tmp_path, own):
    first = build(tmp_path / "a").folder
    os.utime(own / "parts", (0, 0))
    (first / "main").unlink()
    build(tmp_path / "b")
    assert len(list((own / "parts").iterdir())) == 3


def test_a_cache_that_is_named_from_here_is_the_same_from_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(compiler.CACHE_VARIABLE, "near")
    assert build(Path("a")).folder.is_relative_to(tmp_path / "near")


def test_a_compiler_that_is_named_from_here_is_found_elsewhere(tmp_path, own, monkeypatch):
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "mine").symlink_to(compiler.find_compiler())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXX", "tools/mine")
    assert compiler.find_compiler() == str(tmp_path / "tools" / "mine")
    build(tmp_path / "a")
    monkeypatch.setenv("CXX", "mine")
    monkeypatch.setenv("PATH", f"tools:{os.environ['PATH']}")
    assert compiler.find_compiler() == str(tmp_path / "tools" / "mine")


def test_an_error_in_one_of_many_files_ends_all_at_once(tmp_path, own):
    more = {f"file_{k}.cpp": f"// {k}\nno such thing" for k in range(20)}
    with pytest.raises(DeviceError, match=r"failed: file_\d+\.cpp.* error: "):
        build(tmp_path / "a", **more)


def test_a_compiler_that_finds_no_room_is_not_blamed(tmp_path, own):
    full = tmp_path / "full"
    full.write_text('#!/bin/sh\necho "cannot write: No space left on device" >&2\nexit 1\n')
    full.chmod(0o755)
    (tmp_path / "sources").mkdir()
    with pytest.raises(OSError) as caught:
        compiler._call([str(full), "-c"], tmp_path, tmp_path / "code.o")
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize(
    "number, words", [(errno.ENOSPC, "No space left"), (errno.EROFS, "Read-only file system")]
)
def test_a_cache_that_cannot_be_written_is_named_in_one_sentence(
    tmp_path, own, monkeypatch, number, words
):
    def fail(**where):
        raise OSError(number, os.strerror(number), str(where["dir"]))

    monkeypatch.setattr(kept.tempfile, "mkdtemp", fail)
    with pytest.raises(DeviceError, match=f"compiled into {own} .{words}.*: .*another folder$"):
        build(tmp_path / "a")


def test_a_cache_in_a_place_that_is_no_folder_is_one_sentence_and_status_2(command, tmp_path):
    (tmp_path / "file").write_text("a letter")

    def name():
        os.environ[compiler.CACHE_VARIABLE] = str(tmp_path / "file")

    words = "--theory", "backprop", "--layers", 5, 10, "--out", tmp_path / "run"
    ended = command(*words, before=name)
    assert ended.status == 2 and len(ended.reasons) == 1, ended.err
    assert f"compiled into {tmp_path}/file/builds" in ended.lines[-1]


# --- whole networks ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A small network in a cache of these tests' own: its folder there, and what it answers."""
    device.interpret()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(compiler.CACHE_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        built = program.build(toy.plan())
        yield built.folder, built.run(INPUTS).answers


def test_a_build_that_is_damaged_is_compiled_anew(network):
    folder, answers = network
    main = (folder / "main").read_bytes()

    def put_another(folder):
        (folder / "main").write_text("#!/bin/sh\nexit 0\n")

    for damage in (remove, put_another, remove_arrays):
        damage(folder)
        np.testing.assert_array_equal(program.build(toy.plan()).run(INPUTS).answers, answers)
        assert len((folder / "main").read_bytes()) == len(main)


def test_a_cache_that_may_only_be_read_is_enough_for_what_is_in_it(network, monkeypatch):
    _, answers = network

    def refuse(path, *more, usual=os.utime, **how):
        if "builds" in str(path):
            raise OSError(errno.EROFS, "Read-only file system")
        usual(path, *more, **how)

    monkeypatch.setattr(os, "utime", refuse)
    monkeypatch.setattr(kept, "make", refuse)
    np.testing.assert_array_equal(program.build(toy.plan()).run(INPUTS).answers, answers)


def test_four_runs_at_once_fill_one_empty_cache(tmp_path, own):
    """None has anything to find at first; all find the same at the end."""
    device.interpret()

    def run(k):
        answers = program.build(toy.plan()).run(INPUTS).answers
        np.save(tmp_path / f"{k}.npy", answers)
        os._exit(0)

    processes = [FORK.Process(target=run, args=(k,)) for k in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * 4
    answers = [np.load(tmp_path / f"{k}.npy") for k in range(4)]
    assert all((one == answers[0]).all() for one in answers)
    assert len(list(own.glob("*/main"))) == 1 and not list(own.rglob("part-*"))
