"""Every reader of files and of equations, as a target of inputs that nobody wrote.

A target has good inputs to begin with and reads one that was changed. It is refused in a sentence
of ours, or read right: ``wrong`` says what else became of it. Bytes are changed in two ways: as
they are in a file, and within a container (zip, gzip, HDF5, JSON), which a change of its bytes
would only break at the door: there the bytes are a list of what is to be changed.
"""

import csv
import gzip
import io
import json
import math
import os
import random
import resource
import shutil
import struct
import time
import traceback
import warnings
import zipfile
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from analysis import reading
from analysis.drawing import equations, mathml
from analysis.exporting import recorded, tables
from experiments.run import idx, loop, npz, trains
from experiments.run import records as recorded_files
from experiments.run.config import Config, chosen
from experiments.run.dataset import ARRAYS
from experiments.run.folder import RunFolder
from experiments.study.results import FORMULA, Results
from models import describe, theory
from models.engine import circuit, latex, printing, problems
from models.engine.cell import Cell
from models.segregated import checks, pyramidal, refusals, variants
from models.segregated.model import Model

ROOT = Path(__file__).resolve().parents[2]
SECONDS, BYTES, LETTERS = 5, 1 << 30, 400  # that an input may take; of a sentence
NEXT = b"\n--next--\n"  # between the members of a zip file, and between texts


class Target(NamedTuple):
    """``seeds(run)``: good inputs, of a good run folder; ``read(folder, data)``: one is read."""

    seeds: object
    read: object


# --- what may become of an input ------------------------------------------------------------------


def wrong(target, folder, given):
    """What is wrong with how an input is read, a sentence; None if nothing is."""
    begun, before, found = time.process_time(), _peak(), None
    try:
        target.read(folder, given)
    except Exception as error:
        found = _not_refused(error)
    took, more = time.process_time() - begun, _peak() - before
    if took > SECONDS:
        return f"it takes more than {SECONDS} s"
    if found is None and more > BYTES:
        return "it takes more than 1 GB"
    return found


def _peak():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes, the most so far


def _not_refused(error):
    """What is wrong with an error; None if it is a refusal, in one sentence of ours."""
    chain, last = [error], traceback.extract_tb(error.__traceback__)[-1]
    while chain[-1].__cause__ or chain[-1].__context__:
        chain.append(chain[-1].__cause__ or chain[-1].__context__)
    where = f"{Path(last.filename).name}:{last.lineno}"
    said = f"{type(error).__name__} at {where}: {str(error)[:300]!r}"
    if any(isinstance(e, MemoryError) and not _of_parser(e) for e in chain):
        return f"it asks for too much memory: {said}"
    ours = Path(last.filename).is_relative_to(ROOT) and "site-packages" not in last.filename
    if not isinstance(error, ValueError) or not ours:
        return said
    text = str(error)
    if not text or len(text) > LETTERS or not text.isprintable():
        return f"no sentence of {len(text)} letters: {said}"
    return None


def _of_parser(error):
    """Python's own parser says so where an expression is nested too deeply."""
    return traceback.extract_tb(error.__traceback__)[-1].filename.endswith("ast.py")


def _need(good, why):
    if not good:
        raise AssertionError(why)


class _Tags(HTMLParser):
    """Whether each element that begins also ends, and none is one that runs."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        _need(tag not in ("script", "iframe", "img", "object"), f"the page has a {tag}")
        self.open += [tag] if tag != "br" else []

    def handle_endtag(self, tag):
        _need(self.open and self.open.pop() == tag, f"</{tag}> ends nothing")


def _page(text):
    tags = _Tags()
    tags.feed(text)
    tags.close()
    _need(not tags.open, "an element has no end")


# --- changing what is in a container --------------------------------------------------------------


class Choices:
    """Bytes as a list of choices; when they end, each is the first."""

    def __init__(self, given):
        self.given, self.place = given, 0

    def take(self, count):
        """So many bytes, or what is left."""
        found = self.given[self.place : self.place + count]
        self.place += count
        return found

    def below(self, count):
        """A number from 0."""
        return int.from_bytes(self.take(1 if count <= 256 else 2)) % count

    def of(self, values):
        """One of some values."""
        return values[self.below(len(values))]

    @property
    def left(self):
        """Whether there are more."""
        return self.place < len(self.given)


ODD = (
    0,
    1,
    -1,
    2**31,
    2**63,
    10**30,
    10**400,
    0.5,
    -0.0,
    1e308,
    5e-324,
    None,
    True,
    "",
    "x",
    "a\n",
)
ODD += ("=1+1", "../x", "x" * 5000, "\ud800", "\x00", "é", [], {}, [[]], {"": None}, "mV", "1")


def change_json(given, choices):
    """JSON text with some of its values changed."""
    found = json.loads(given)
    for _ in range(8):
        if choices.left:
            found = _change_value(found, choices)
    return json.dumps(found).encode()


def _change_value(value, choices):
    """Walk down into a value, and change what is there."""
    inner = list(value.items() if isinstance(value, dict) else enumerate(value)) if (
        isinstance(value, dict | list)
    ) else []  # fmt: skip
    way = choices.below(8)
    if inner and way < 6:
        key, item = choices.of(inner)
        value = value.copy()
        value[key] = _change_value(item, choices)
        return value
    if inner and way == 6:
        key, item = choices.of(inner)
        value = value.copy()
        del value[key]
        if isinstance(value, dict) and choices.below(2):
            value[_text(choices)] = item
        elif isinstance(value, list):
            value += [item] * choices.below(4)
        return value
    if way == 7 or not choices.below(4):
        return choices.take(choices.below(20)).decode("latin-1")
    return choices.of(ODD)


def _text(choices):
    return choices.take(choices.below(12)).decode("utf-8", "replace")


def zipped(given):
    """A file as ``np.savez`` writes it; of members that begin with their name and a new line."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for member in given.split(NEXT)[:50]:
            name, _, content = member.partition(b"\n")
            with suppress(ValueError), warnings.catch_warnings(action="ignore"):  # of odd names
                made.writestr(zipfile.ZipInfo(name.decode("latin-1") or "x"), content)
    return file.getvalue()


def members(given):
    """The other way round."""
    with zipfile.ZipFile(io.BytesIO(given)) as file:
        return NEXT.join(f"{name}\n".encode() + file.read(name) for name in file.namelist())


TYPES = ("f8", "f4", "i8", "u1", "i4", "u8", ">f8", ">i2", "c16", "S5", "?", "f2", "S", "O", "V3")
VALUES = (0, 1, -1, 2**31, 2**62, 1e300, math.inf, math.nan, 1e-320, 0.1, 255)
ATTRIBUTES = ("units", "description", "size", "neurons", "rest", "classes", "rows", "columns")
ATTRIBUTES += ("channels",)
NAMES = ("i", "t", "V", "alpha_f", "labels", "phases", "spikes", "losses", "name", "start", "a b")
NAMES += ("images", "answers")


def change_records(given, choices):
    """A file of records with some of its objects changed."""
    with h5py.File(io.BytesIO(given), "r") as old:
        image = old.id.get_file_image()
    access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
    access.set_fapl_core(1 << 16, False)
    access.set_file_image(image)
    file = h5py.File(h5py.h5f.open(b"changed", h5py.h5f.ACC_RDWR, access))
    for _ in range(6):
        if choices.left:
            paths = ["/"]
            file.visit(paths.append)
            with (
                suppress(*recorded_files.DAMAGE, OverflowError, AttributeError),
                np.errstate(all="ignore"),
            ):
                choices.of(_CHANGES)(file, choices.of(paths), choices)
    file.flush()
    made = file.id.get_file_image()
    file.close()
    return made


def _remove(file, path, _):
    del file[path]


def _rename(file, path, choices):
    file.move(path, f"{path.rpartition('/')[0]}/{choices.of(NAMES)}")


def _link(file, path, choices):
    to = h5py.SoftLink(path), h5py.ExternalLink("other.h5", path), file[path], h5py.SoftLink("/")
    file[f"{choices.of(list(file))}/{choices.of(NAMES)}"] = choices.of(to)


def _replace(file, path, choices):
    kept = dict(file[path].attrs) if path in file else {}
    kind = choices.of(TYPES)
    shape = tuple(choices.of((1, 2, 3, 0, 8, 100)) for _ in range(choices.below(4)))
    how = choices.of(
        ({}, {"chunks": True}, {"chunks": True, "compression": "gzip"}, {"fillvalue": 1})
    )
    more = choices.of(({}, {}, {"maxshape": (None,) * len(shape)}, {"fletcher32": True}))
    name = choices.of((path, path, f"{path}/x"))
    if kind == "O":
        kind = h5py.string_dtype()
    file.pop(name, None)
    made = file.create_dataset(name, shape, kind, **(how | more if shape else {}))
    if choices.below(2):
        made[...] = _text(choices) if kind == h5py.string_dtype() else choices.of(VALUES)
    made.attrs.update(kept)


def _attribute(file, path, choices):
    name, value = choices.of(ATTRIBUTES), choices.of((*VALUES, "mV", "1", "", None))
    if value is None:
        value = _text(choices)
    many = choices.below(4)
    if many == 1:
        value = [value] * choices.below(9)
    how = {"dtype": choices.of(TYPES)} if many == 2 else {}
    file[path].attrs.create(name, h5py.Empty("f4") if many == 3 else value, **how)


def _unsay(file, path, choices):
    del file[path].attrs[choices.of(ATTRIBUTES)]


def _values(file, path, choices):
    values = file[path][...]
    place = choices.below(max(1, values.size))
    values.flat[place:] = choices.of(VALUES) if values.dtype != object else _text(choices)
    file[path][...] = values


_CHANGES = (_values, _attribute, _replace, _remove, _rename, _link, _unsay)


# --- data and checkpoints -------------------------------------------------------------------------


def _put(folder, name, given):
    path = folder / name
    path.write_bytes(given)
    return path


def _idx(kind, packed=False):
    """IDX files of a kind; ``packed``: the input is what is in a gzipped file."""

    def seeds(_):
        head = (0x803, 2, 3, 2) if kind == "images" else (0x801, 6)
        plain = struct.pack(f">{len(head)}I", *head) + bytes(range(0, 12 if head[1] == 2 else 6))
        return [plain] if packed else [plain, gzip.compress(plain, mtime=0)]

    def read(folder, given):
        path = _put(folder, "idx", gzip.compress(given, 1, mtime=0) if packed else given)
        found = idx.read_idx(path, kind)
        plain = gzip.decompress(path.read_bytes()) if path.read_bytes()[:2] == idx.GZIP else given
        body = np.frombuffer(plain[16 if kind == "images" else 8 :], np.uint8)
        right = body / np.float32(255) if kind == "images" else body
        _need(np.array_equal(found.ravel(), right), "these are other values")

    return Target(seeds, read)


def _npz(unpacked=False):
    """A user's arrays; ``unpacked``: the input is an array, which is in a whole zip file."""

    def held():
        images = np.arange(12).reshape(4, 3) / np.float32(12)
        return {name: images if "images" in name else np.array(list("abab")) for name in ARRAYS}

    def seeds(_):
        if unpacked:
            return [_bytes(np.save, array) for array in held().values()]
        return [_bytes(save, **held()) for save in (np.savez, np.savez_compressed)]

    def read(folder, given):
        path = folder / "mine.npz"
        if unpacked:
            with zipfile.ZipFile(path, "w") as file:
                for k, (name, array) in enumerate(held().items()):
                    mine = len(given) % 4 == k
                    file.writestr(f"{name}.npy", given if mine else _bytes(np.save, array))
        else:
            path.write_bytes(given)
        found = npz.read(path)
        for images in (found.train_images, found.test_images):
            _need(images.min() >= 0 and images.max() <= 1, "these are no pixels")
        _need(set(found.train_labels) == set(range(found.classes)), "classes are not counted")

    return Target(seeds, read)


def _trains():
    """Spike trains in HDF5."""
    listed = {"times": [1.0, 2.5, 7.0], "cells": [0, 1, 1], "examples": [0, 0, 1], "labels": [0, 1]}

    def save(file):
        with h5py.File(file, "w", libver="earliest") as made:
            for part in ("train", "test"):
                for name, values in listed.items():
                    made[f"{part}/{name}"] = np.array(values)

    def read(folder, given):
        path = folder / "mine.h5"
        path.write_bytes(given)
        found = trains.read(path)
        for images in (found.train_images, found.test_images):
            _need(images.min() >= 0 and images.max() <= theory.NEVER, "these are no times")
            _need(images.shape[1] == math.prod(found.trains), "rows have another length")

    return Target(lambda _: [_bytes(save)], read)


def _bytes(save, *what, **more):
    file = io.BytesIO()
    save(file, *what, **more)
    return file.getvalue()


def _checkpoint(unpacked=False):
    """A checkpoint; ``unpacked``: the input is its arrays, which are in a whole zip file."""

    def seeds(run):
        good = (run / "weights" / "checkpoint.npz").read_bytes()
        small = io.BytesIO()
        np.savez(small, images_seen=60, W_0=np.arange(6.0).reshape(2, 3), V=np.float32(0.5))
        found = [good, small.getvalue()]
        return list(map(members, found)) if unpacked else found

    def read(folder, given):
        _put(folder, "run/weights/checkpoint.npz", zipped(given) if unpacked else given)
        run = RunFolder(folder / "run")
        found = run.state()
        _need(found.images_seen >= 0, "less than no images seen")
        _need(not any(a.dtype.hasobject for a in found.state.values()), "objects")
        run.write_state(found, "again.npz")
        again = run.state("again.npz")
        _need(again.images_seen == found.images_seen, "another number of images")
        _need(again.state.keys() == found.state.keys(), "other names")
        for name, array in found.state.items():
            _need(array.tobytes() == again.state[name].tobytes(), f"other values of {name}")

    return Target(seeds, read)


# --- files of a run folder ------------------------------------------------------------------------


def _file(name, read, changed=None):
    """A file of a run folder; ``changed``: how an input changes a good one."""

    def seeds(run):
        good = (run / name).read_bytes()
        return [good] if changed is None else [good + NEXT + way for way in _WAYS]

    def once(folder, given):
        if changed is not None:
            good = (folder / "good" / name).read_bytes()
            given = changed(good, Choices(given.rpartition(NEXT)[2]))
        _put(folder, f"run/{name}", given)
        read(RunFolder(folder / "run"))

    return Target(seeds if changed is None else lambda _: list(_WAYS), once)


_WAYS = tuple(bytes((k, j, 3 * k + j, 5, j, k)) for k in range(8) for j in (0, 3, 7))


def _config(run):
    found = run.config()
    own = str(found.get("theory", "")), str(found.get("variant", ""))
    Config().differences(found)
    if any(name.endswith(".py") for name in own):
        return  # whose code would be run
    config = Config.of(found)
    chosen({"weights": str(run.path)})
    again = Config.of(json.loads(json.dumps(config.flat())))
    _need(again == config and not config.differences(config.flat()), "it is another")
    for name in ("headline", "layers"):
        getattr(reading, name)(run)


def _metrics(run):
    rows = run.metrics()
    seen = [row["images_seen"] for row in rows]
    _need(seen == sorted(seen), "rows are in no order")
    cells = [cell for row in rows for cell in row.values() if cell is not None]
    _need(all(math.isfinite(cell) for cell in cells if isinstance(cell, float)), "no number")


def _confusion(run):
    found = run.confusion()
    classes = len(found.names)
    _need(found.counts.shape == (classes, classes), "it is no square")
    _need(found.counts.min() >= 0 and found.counts.any(), "it counts no images")
    run.write_confusion(found)
    again = run.confusion()
    same = again.names == found.names and (again.counts == found.counts).all()
    _need(same, "it comes back as another")


def _provenance(run):
    _need(all(isinstance(start, dict) for start in run.starts()), "a start is no dict")


def _model(run):
    found = reading.model(run)
    sizes = reading.sizes(run)
    _need(all(isinstance(size, int) and size > 0 for size in sizes.values()), "no sizes")
    reading.variables(run), reading.output(run), reading.in_order(run, ["input", "x", *sizes])
    _page(equations.show(found))
    _need(printing.same(found, json.loads(json.dumps(found))), "it is not the same as itself")


def _result(run):
    found = run.result()
    _need(all(isinstance(v, int) or math.isfinite(v) for v in found.values()), "no number")


def _records(run):
    found = recorded.load(run)
    images = len(found.images["label"])
    _need(len(found.span()[0]) == images, "not a span for each image")
    for kind, populations in found.values.items():
        for population, values in populations.items():
            for name, array in values.items():
                if array.ndim == 2:
                    _need(found.moments(kind, population, name).shape == array.shape, "no moments")
    for i, t, size in found.spikes.values():
        _need(sum(map(len, recorded.split(i, t, size))) == len(i), "spikes are lost")
    out = run.path.parent / "tables"
    shutil.rmtree(out, ignore_errors=True)
    tables.write(found, out)
    for path in out.glob("*.csv"):
        with path.open(newline="") as file:
            names, *rows = csv.reader(file, strict=True)
        _need(all(len(row) == len(names) for row in rows), f"{path.name} has gaps")
        words = {cell for row in (names, *rows) for cell in row if cell.startswith(tuple(FORMULA))}
        for word in words:
            float(word)  # or it is a formula
    spikes = sum(len(i) for i, _, _ in found.spikes.values())
    if spikes:
        lines = (out / "spikes.csv").read_text().count("\n")
        _need(lines == spikes + 1, "the table has other spikes")


# --- results --------------------------------------------------------------------------------------

TABLE = b'condition,seed,test_error,epochs,words\nbp,1,2.5,10,16.0 8.0\n"f,a",2,,10,7.5\n'
PAGE = {"theory": "segregated", "page": "x", "title": "T", "text": "is it?", "counts": "error"}
LOOK = ["C0", [0, [2.0, 1.5]], "o"]
ABOUT = {"label": "A", "paper": 2.1, "estimate": [2.0, "about", None], "epochs": 5, "look": LOOK}
PAGE |= {"pairs": [["a", "b"]], "paper": "P Fig 1", "conditions": {"a": ABOUT, "b": {}}}


def _table(folder, given):
    results = Results("segregated", "page", folder / "results")
    results.path.mkdir(parents=True, exist_ok=True)
    _put(results.path, "table.csv", given)
    found = results.table("table")
    columns = list(found.values())
    _need(len({len(column) for column in columns}) <= 1, "columns of several lengths")
    _need(all(column.dtype.kind in "fU" for column in columns), "neither numbers nor words")
    rows = results._rows("table")
    results.write("again", rows)
    again = results._rows("again")
    _need(again == rows, "written again it is another")


def _page_json(folder, given):
    results = Results("segregated", "page", folder / "results")
    results.path.mkdir(parents=True, exist_ok=True)
    _put(results.path, "page.json", given)
    found = results.page()
    for about in found["conditions"].values():
        _need({"label", "paper", "estimate", "look", "epochs"} <= about.keys(), "not all is said")


def _configurations(folder, given):
    results = Results("segregated", "page", folder / "results")
    results.path.mkdir(parents=True, exist_ok=True)
    _put(results.path, "config.json", given)
    results.configure("x", {})


def _page_changed(folder, given):
    _page_json(folder, change_json(json.dumps(PAGE), Choices(given)))


# --- equations ------------------------------------------------------------------------------------


def _texts(given, count):
    found = given.decode("utf-8", "replace").split(NEXT.decode())
    return (found + [""] * count)[:count]


def _formula(_, given):
    text = given.decode("utf-8", "replace")
    for read in (mathml.equation, mathml.statement):
        _page(equations.formula(text, read))
        with suppress(ValueError):
            shown = read(text)
            _page(shown if isinstance(shown, str) else "".join(shown))
    for kind in ("equations", "statements", "condition", "code"):
        block = {"name": "x", "kind": kind, "code": text, "meaning": text}
        cell = {"name": "a", "size": 3, "blocks": [block]}
        _page(equations.show({"cells": [cell]}))


_LINES = [line.strip() for text in pyramidal.PARTS.values() for line in text.splitlines()]
_LINES = [line.encode() for line in _LINES if line]


def _formula_seeds(_):
    code = b"x += w*(V_bar - V)\ny = 2**3 // a % b; z -= exp(-V/mV) and not q < 1 <= r"
    return [*(line.partition(b":")[0] for line in _LINES), *_LINES[:3], b"V > 1*mV or s", code]


_HELD = pyramidal.HIDDEN


def _variant(_, given):
    """As ``models.segregated.variants.read`` and ``models.describe`` do it, but for Python code."""
    soma, own, moment, onto, rest, integrator, value = _texts(given, 7)
    names = list(_HELD.moments)
    cell = _HELD.vary(
        parts={"soma": soma, "own": own},
        moments={names[0]: moment} if moment and names else {},
        synapses={"basal": onto} if onto else {},
        rest={"V": rest} if rest else {},
        constants={value: 1.0} if value else {},
        integrator=integrator or None,
    )
    variant = variants.Variant(cell)
    for problem in checks.problems(variant):
        raise ValueError(problem)
    model = variant.applied(Model((4, 3, 2), classes=2))
    refusals.refuse(model)
    found = model.model()
    _need(printing.same(found, json.loads(json.dumps(found))), "it is not the same as itself")
    model.text(), model.variables, describe.latex_of(model)
    printing.meanings(cell.parts.values())
    _page(equations.show(found))


def _variant_seeds(_):
    soma, own = pyramidal.PARTS["soma"], "W_x = V**2/volt : volt # more\nq : 1 (shared)"
    moment = next(iter(_HELD.moments.values()), "")
    texts = (soma, own, moment, "x_b_post += w", "-60*mV", "exact", "kappa")
    return [NEXT.join(map(str.encode, texts)), NEXT.join((soma.encode(), b"", b"", b"", b""))]


def _circuit(_, given):
    """A circuit whose equations, statements and conditions are an input."""
    parts, at, synapse, effect, condition, name = _texts(given, 6)
    cell = Cell.of({"a": parts}, {"learn": at} if at else {})
    events = {"spike": circuit.Event(condition or "True", own=at)}
    name = reading.line(name) or "w"  # as Python code would name it
    path = circuit.Pathway(effect, "spike")
    table = circuit.Circuit(
        {"input": circuit.Population(2, cell, events), "output": circuit.Population(1, cell)},
        {"up": circuit.Projection("input", "output", synapse, {"on": path}, {"learn": effect})},
        (circuit.Sweep(("move", "rate", "spike", "learn"), "up"),),
        {name: ("up", name)},
        (name,),
        "learn",
        inputs={name: 1},
    )
    list(map(_sentence, problems.problems(table)))
    found = printing.described(table, {}, {"step": "1 ms"})
    printing.text(found)
    for projection in table.projections.values():
        latex.aligned(projection.parsed), latex.held(projection.parsed)
    latex.aligned(cell.equations), latex.statements(at), latex.statements(effect)


def _sentence(text):
    _need(text.isprintable() and len(text) <= LETTERS, f"no sentence: {text[:300]!r}")


def _circuit_seeds(_):
    texts = (
        "dv/dt = -v/(10*ms) : 1\nk : 1 (shared)",
        "v = 0",
        "w : 1",
        "v_post += w",
        "v > 1",
        "w",
    )
    return [NEXT.join(map(str.encode, texts))]


def _option(_, given):
    """What a text as the value of options makes of a configuration."""
    names = [field.name for field in theory.dataclasses.fields(Config) if field.name != "options"]
    choices = Choices(given)
    name = choices.of(names)
    text = given[1:].decode("utf-8", "replace")
    if not text.endswith(".py"):
        Config.of({name: text})


def _option_seeds(_):
    return [bytes((k,)) + b"digits" for k in range(8)]


TARGETS = {
    "images": _idx("images"),
    "images in gzip": _idx("images", packed=True),
    "labels": _idx("labels"),
    "labels in gzip": _idx("labels", packed=True),
    "npz": _npz(),
    "npz values": _npz(unpacked=True),
    "trains": _trains(),
    "checkpoint": _checkpoint(),
    "checkpoint arrays": _checkpoint(unpacked=True),
    "config": _file("config.json", _config),
    "config values": _file("config.json", _config, change_json),
    "metrics": _file("metrics.csv", _metrics),
    "confusion": _file("confusion.csv", _confusion),
    "provenance": _file("provenance.json", _provenance),
    "provenance values": _file("provenance.json", _provenance, change_json),
    "model": _file("model.json", _model),
    "model values": _file("model.json", _model, change_json),
    "result": _file("result.json", _result),
    "result values": _file("result.json", _result, change_json),
    "records": _file("records.h5", _records),
    "records objects": _file("records.h5", _records, change_records),
    "table": Target(lambda _: [TABLE], _table),
    "page": Target(lambda _: [json.dumps(PAGE).encode()], _page_json),
    "configurations": Target(lambda _: [b'{"a": {"epochs": 5}, "x": {}}'], _configurations),
    "page values": Target(lambda _: list(_WAYS), _page_changed),
    "formulas": Target(_formula_seeds, _formula),
    "variant": Target(_variant_seeds, _variant),
    "circuit": Target(_circuit_seeds, _circuit),
    "options": Target(_option_seeds, _option),
}

READERS = {  # what reads -> its targets
    "IDX files": ("images", "images in gzip", "labels", "labels in gzip"),
    "npz files": ("npz", "npz values"),
    "spike trains": ("trains",),
    "checkpoints": ("checkpoint", "checkpoint arrays"),
    "config.json": ("config", "config values"),
    "metrics.csv": ("metrics",),
    "confusion.csv": ("confusion",),
    "provenance.json": ("provenance", "provenance values"),
    "model.json": ("model", "model values"),
    "result.json": ("result", "result values"),
    "records and exports": ("records", "records objects"),
    "kept results": ("table", "page", "configurations", "page values"),
    "equations": ("formulas", "variant", "circuit"),
    "options": ("options",),
}


# --- without a fuzzer -----------------------------------------------------------------------------


MORE = (  # of the records of a run, than a reader needs
    "losses/hidden_0",
    "losses/output/V_bar",
    "losses/output/phi_star",
    "plateaus/hidden_0/alpha_t",
    "spikes/input",
    "voltages/hidden_0/V_a",
    "voltages/hidden_0/V_b",
    "voltages/output",
)


def good(path):
    """A finished run folder with small records of an image; needs a compiler.

    It has little of what there is much of: an input is read in a fifth of the time.
    """
    about = {"train_examples": 20, "test_examples": 10, "chunk": 10, "epochs": 1}
    about |= {"forward_ms": 32.0, "target_ms": 32.0, "window_ms": 1.0, "random_phases": False}
    about |= {"record_images": (0,), "record_neurons": (0,)}
    kinds = ("spikes", "voltages", "plateaus", "losses")
    loop.run(Config.of(about, layers=(3, 10), record=kinds), path)
    folder = RunFolder(path)
    folder.write_json("model.json", _short(folder.model()))
    folder.write_text("equations.txt", folder.text("equations.txt")[:500])
    records, fewer = path / recorded_files.NAME, path / "fewer.h5"
    with h5py.File(records, "a") as file:
        for name in MORE:
            del file[name]
    with h5py.File(records) as file, h5py.File(fewer, "w", libver="earliest") as made:
        made.attrs.update(file.attrs)
        for name in file:
            file.copy(name, made)  # without the gaps
    fewer.replace(records)


def _short(value):
    if isinstance(value, dict):
        return {name: _short(part) for name, part in list(value.items())[:9]}
    return [_short(part) for part in value[:2]] if isinstance(value, list) else value


def settle(run, folder):
    """A folder in which inputs of all targets can be read; ``run`` is a good run folder."""
    for name in ("run", "good"):
        shutil.copytree(run, folder / name, ignore=shutil.ignore_patterns("figures", "*.html"))
    return folder


def changed(seeds, count, seed):
    """Inputs made of good ones by chance: no coverage guides it. Always the same."""
    draw = random.Random(seed)
    yield from seeds
    for _ in range(count - len(seeds)):
        made = bytearray(draw.choice(seeds))
        for _ in range(draw.choice((1, 1, 2, 4, 8))):
            draw.choice(_MUTATIONS)(made, draw, seeds)
        yield bytes(made)


def _place(made, draw):
    begin = draw.randrange(len(made) + 1)
    return begin, begin + draw.choice((1, 1, 2, 4, 8, 30))


def _flip(made, draw, _):
    if made:
        made[draw.randrange(len(made))] ^= 1 << draw.randrange(8)


def _cut(made, draw, _):
    begin, end = _place(made, draw)
    del made[begin:end]


def _insert(made, draw, _):
    begin, _ = _place(made, draw)
    made[begin:begin] = draw.choice(
        (draw.randbytes(4), b"\x00", b"\n", b"9" * 30, b'"', b",", b"-")
    )


def _double(made, draw, _):
    begin, end = _place(made, draw)
    made[begin:begin] = made[begin:end] * draw.choice((1, 1, 50))


def _splice(made, draw, seeds):
    other = draw.choice(seeds)
    begin, end = _place(other, draw)
    made[begin:] = other[begin:] if draw.random() < 0.5 else other[begin:end]


def _set(made, draw, _):
    begin, _ = _place(made, draw)
    made[begin : begin + 4] = draw.choice((b"\xff" * 4, b"\x00" * 4, b"\x80\x00\x00\x00", b"1e99"))


_MUTATIONS = (_flip, _flip, _cut, _insert, _double, _splice, _set)


def workplace():
    """Where inputs are best written: in memory, if there is such a place."""
    return "/dev/shm" if os.path.isdir("/dev/shm") else None
