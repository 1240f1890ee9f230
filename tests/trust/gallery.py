"""A strangers' gallery: run folders that want to be read, written or run beyond themselves.

Each is a good run folder with one thing changed. ``visit`` goes through a folder with every command
and says what went wrong: a file outside that was read, written or run, a traceback, a long wait.
"""

import contextlib
import importlib
import io
import json
import os
import shutil
import signal
import traceback
import zipfile
from pathlib import Path

import h5py
import numpy as np

from experiments import train
from experiments.run import loop
from experiments.run.config import Config

SECRET = "correct-horse-battery-staple"
SECONDS = 100  # that a command may take
COMMANDS = {
    **{name: (f"analysis.{name}", []) for name in ("learning_curve", "raster", "voltages")},
    **{name: (f"analysis.{name}", []) for name in ("weights", "report")},
    **{f"export {to}": ("analysis.export", ["--to", to]) for to in ("csv", "nwb", "neo")},
}
WORDS = "--train-examples 60 --test-examples 20 --chunk 30 --epochs 2 --quick-every 1"
WORDS += " --quick-examples 10 --layers 8 10 --record-images 0"
KINDS = ("spikes", "voltages", "plateaus", "losses")


def good(path):
    """A run folder with all records; needs a compiler."""
    about = {"train_examples": 60, "test_examples": 20, "chunk": 30, "epochs": 2}
    about |= {"quick_every": 1, "quick_examples": 10, "record_images": (0,)}
    loop.run(Config.of(about, layers=(8, 10), record=KINDS), path)
    for name in ("raster", "voltages", "report"):
        with contextlib.redirect_stdout(io.StringIO()):
            importlib.import_module(f"analysis.{name}").main([str(path)])


# --- what strangers do ----------------------------------------------------------------------------


def _link(run, outside, name, to="secret"):
    path = run / name
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(outside / to)


def _pipe(run, name):
    (run / name).unlink()
    os.mkfifo(run / name)


def _text(run, name, text):
    (run / name).write_text(text)


def _json(run, name, **values):
    found = json.loads((run / name).read_text())
    (run / name).write_text(json.dumps(found | values))


def _records(run, change):
    with h5py.File(run / "records.h5", "a") as file:
        change(file)


def _raw(file, outside):
    del file["plateaus/hidden_0/alpha_f"]
    size = (1, 8)
    place = [(str(outside / "secret"), 0, h5py.h5f.UNLIMITED)]
    made = file["plateaus/hidden_0"].create_dataset("alpha_f", size, "u1", external=place)
    made.attrs["units"], made.attrs["description"] = "1", "plateau"


def _moved(file, old, new):
    file.move(old, new)


def _elsewhere(file, outside):
    del file["labels"]
    file["labels"] = h5py.ExternalLink(str(outside / "other.h5"), "labels")


def _virtual(file, outside):
    layout = h5py.VirtualLayout((1,), "i8")
    layout[:] = h5py.VirtualSource(str(outside / "other.h5"), "labels", (1,))
    del file["labels"]
    file.create_virtual_dataset("labels", layout).attrs.update(units="1", description="class")


def _large(file, _):
    del file["spikes/input/t"]
    made = file.create_dataset("spikes/input/t", (10**12,), "f8", chunks=(10**6,))
    made.attrs["units"], made.attrs["description"] = "ms", "time"


def _set(path, **values):
    return lambda file, _: file[path].attrs.update(values)


def _checkpoint(run, **arrays):
    np.savez(run / "weights" / "checkpoint.npz", **arrays)


def _bomb(run):
    with zipfile.ZipFile(run / "weights/checkpoint.npz", "w", zipfile.ZIP_DEFLATED) as file:
        with file.open("W_0.npy", "w", force_zip64=True) as member:
            head = "{'descr': '<f8', 'fortran_order': False, 'shape': (500000000,)}".ljust(117)
            member.write(b"\x93NUMPY\x01\x00\x76\x00" + head.encode() + b"\n")
            for _ in range(400):
                member.write(bytes(10**6))


class _Trap:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def _pickle(run, outside):
    trap = np.array([_Trap(outside / "trap")], dtype=object)
    np.savez(run / "weights/checkpoint.npz", images_seen=60, W_0=trap)


def _code(run, outside, name):
    code = outside / "theirs.py"
    code.write_text(f"open({str(outside / 'trap')!r}, 'w')\n")
    _json(run, "config.json", **{name: str(code)})


def _deep(run):
    _text(run, "model.json", '{"cells": ' + "[" * 10**5 + "]" * 10**5 + "}")


def _names(run, name):
    model = json.loads((run / "model.json").read_text())
    for cell in model["cells"]:
        cell["name"] = name
    _text(run, "model.json", json.dumps(model))


SCRIPT = "<script>alert(1)</script>"
LINKS = ("metrics.csv", "config.json", "model.json", "provenance.json", "result.json")
LINKS += ("equations.txt", "records.h5", "weights/checkpoint.npz", "run.lock", "report.html")
LINKS += ("weights", "figures", "export")
STRANGERS = {
    "nobody": lambda r, o: None,
    **{f"{n} is a link out": (lambda r, o, n=n: _link(r, o, n)) for n in LINKS[:10]},
    **{
        f"{n} is a folder outside": (lambda r, o, n=n: _link(r, o, n, "folder")) for n in LINKS[10:]
    },
    "the lock is a link to a new file": lambda r, o: _link(r, o, "run.lock", "new"),
    "a part of a checkpoint is there": lambda r, o: _link(r, o, "weights/checkpoint.npz.part"),
    "a part of a report is there": lambda r, o: _link(r, o, "report.html.part"),
    "a part of a figure is there": lambda r, o: _link(r, o, "figures/raster.png.part"),
    **{
        f"{name} is a pipe": (lambda r, o, n=name: _pipe(r, n))
        for name in ("metrics.csv", "config.json", "records.h5", "weights/checkpoint.npz")
    },
    "metrics never end": lambda r, o: (
        (r / "metrics.csv").unlink(),
        (r / "metrics.csv").symlink_to("/dev/zero"),
    ),
    "raw data outside": lambda r, o: _records(r, lambda f: _raw(f, o)),
    "records of another file": lambda r, o: _records(r, lambda f: _elsewhere(f, o)),
    "a virtual dataset": lambda r, o: _records(r, lambda f: _virtual(f, o)),
    "a dataset without data": lambda r, o: _records(r, lambda f: _large(f, o)),
    "a large population": lambda r, o: _records(
        r, lambda f: _set("spikes/input", size=10**9)(f, o)
    ),
    "a population without end": lambda r, o: _records(
        r, lambda f: _set("spikes/input", size=np.inf)(f, o)
    ),
    "a unit that never ends": lambda r, o: _records(
        r, lambda f: _set("voltages/hidden_0/V_a", units="9**9**9**9")(f, o)
    ),
    "a unit by nought": lambda r, o: _records(
        r, lambda f: _set("voltages/hidden_0/V_a", units="1/0")(f, o)
    ),
    "a formula": lambda r, o: _records(
        r, lambda f: _moved(f, "voltages/hidden_0/V_a", "voltages/hidden_0/=HYPERLINK(1)")
    ),
    "a kind with a path": lambda r, o: _records(
        r, lambda f: _moved(f, "plateaus", "..\\..\\folder\\plateaus")
    ),
    "a link in a circle": lambda r, o: _records(
        r, lambda f: f["voltages"].__setitem__("round", f["voltages"])
    ),
    "a theory of theirs": lambda r, o: _code(r, o, "theory"),
    "a variant of theirs": lambda r, o: _code(r, o, "variant"),
    "a pickle": _pickle,
    "a checkpoint that unpacks to 400 MB": lambda r, o: _bomb(r),
    "a script in the equations": lambda r, o: _text(r, "equations.txt", SCRIPT),
    "a script in the configuration": lambda r, o: _json(r, "config.json", dataset=SCRIPT),
    "a script in the model": lambda r, o: _names(r, SCRIPT),
    "a path in the model": lambda r, o: _names(r, "../../folder/x"),
    "a deep model": lambda r, o: _deep(r),
    "infinite layers": lambda r, o: _text(r, "config.json", '{"layers": [Infinity, 10]}'),
    "layers as text": lambda r, o: _json(r, "config.json", layers="55"),
    "a long cell": lambda r, o: _text(r, "metrics.csv", "images_seen\n" + "x" * 200_000 + "\n"),
    "results that are no numbers": lambda r, o: _text(r, "result.json", '{"test_error": NaN}'),
    "versions without names": lambda r, o: _text(
        r, "provenance.json", '{"starts": [{"images_seen": "0", "packages": [1]}]}'
    ),
}


# --- what becomes of it ---------------------------------------------------------------------------


def invite(base, place, name):
    """The folder of a stranger, and one outside of it."""
    shutil.rmtree(place, ignore_errors=True)
    outside = Path(place) / "outside"
    (outside / "folder").mkdir(parents=True)
    (outside / "secret").write_text(SECRET)
    (outside / "folder" / "secret").write_text(SECRET)
    with h5py.File(outside / "other.h5", "w") as file:
        file["labels"] = np.array([7])
    run = shutil.copytree(base, Path(place) / "run", symlinks=True)
    STRANGERS[name](run, outside)
    return run, outside


def visit(run, outside, names=tuple(COMMANDS)):
    """Go through a folder with commands, and go on with it; what went wrong, a sentence each."""
    found, before = [], _seen(outside)
    for name in names:
        module, words = COMMANDS[name]
        found += _call(name, importlib.import_module(module).main, [str(run), *words])
    words = [*WORDS.split(), "--record", *KINDS, "--out", str(run), "--resume"]
    found += _call("train", train.main, words)
    if _seen(outside) != before:
        found.append(f"changed outside: {sorted(_seen(outside).items() ^ before.items())}")
    for path in run.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        data = path.read_bytes()
        if SECRET.encode() in data or SECRET[:8].encode().hex().encode() in data:
            found.append(f"{path.relative_to(run)} holds what is outside")
        if path.suffix == ".html" and SCRIPT.encode() in data:
            found.append(f"{path.relative_to(run)} runs what a stranger wrote")
    return found


def _seen(folder):
    return {
        str(p): (p.stat().st_mtime_ns, p.read_bytes() if p.is_file() else b"")
        for p in Path(folder).rglob("*")
    }


def _call(name, main, words):
    """Call a command; what is wrong with how it ends."""
    said = io.StringIO()
    old = signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SECONDS)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = main(words)
    except SystemExit as end:
        status = end.code
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return [
            f"{name}: {type(error).__name__}: {str(error)[:200]} ({where.filename}:{where.lineno})"
        ]
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, old)
    text = said.getvalue()
    if SECRET in text:
        return [f"{name} told what is outside: {text[-200:]}"]
    return [] if status in (0, 2) else [f"{name} ended with {status}: {text[-300:]}"]


class _TooLong(BaseException):
    pass


def _too_long(*_):
    raise _TooLong
