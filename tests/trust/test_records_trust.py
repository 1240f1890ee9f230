"""Records of a stranger are opened if they are what a run writes, and nothing else is read."""

import h5py
import numpy as np
import pytest

from experiments.run import hdf5, records
from experiments.run.files import RunError
from models.theory import Variable

SECRET = b"the secret of another file, byte by byte"
ALPHA = "plateaus/hidden_0/alpha_f"
V = "voltages/hidden_0/V"
SIDES = "rows", "columns"


def write(folder, count=2, **changes):
    """Records of a tiny network: one hidden population of three cells."""
    folder.mkdir(exist_ok=True)
    t = np.arange(100.0 * count)
    found = {
        ("spikes", "hidden_0", "i"): np.array([0, 2]),
        ("spikes", "hidden_0", "t"): np.array([1.0, 55.0]),
        ("voltages", "hidden_0", "t"): t,
        ("voltages", "hidden_0", "V"): np.stack([np.sin(t / 9)] * 2, axis=1),
        ("plateaus", "hidden_0", "alpha_f"): np.full((count, 3), 0.5),
    }
    phases = [(100 * k + 50 * j, 100 * k + 50 * j + 50, name) for k in range(count)
              for j, name in enumerate(("forward", "target"))]  # fmt: skip
    mV = Variable("mV", 1e3, "somatic potential", "step")
    about = {
        "sizes": {"hidden_0": 3},
        "variables": {"V": mV, "alpha_f": mV._replace(unit="1")},
        "labels": [k % 2 for k in range(count)],
        "classes": 2,
        "phases": phases,
        "neurons": (0, 2),
        "per_image": ("plateaus",),
        "rest": {("hidden_0", "V"): 0.0},
        "images": np.linspace(0, 1, 4 * count).reshape(count, 4),
        "answers": np.full((count, 2), 0.5),
    }
    records.write(folder / records.NAME, found, **about | changes)
    return folder


@pytest.fixture
def root(tmp_path):
    """A run folder with good records, and a secret beside it."""
    (tmp_path / "secret.txt").write_bytes(SECRET)
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = np.frombuffer(SECRET, dtype="u1")
        file["group/x"] = file["x"][()]
    return write(tmp_path / "run")


def put(name, **how):
    """A dataset in the place of another, with its attributes."""

    def change(file):
        kept = dict(file[name].attrs) if name in file else {"units": "1", "description": "x"}
        file.pop(name, None)
        made = file.create_dataset(name, **how)
        for key, value in kept.items():
            made.attrs[key] = value

    return change


def link(name, to):
    def change(file):
        file.pop(name, None)
        file[name] = to

    return change


def attribute(where, name, value, **how):
    def change(file):
        file[where].attrs.create(name, value, **how)

    return change


def external(file):
    put(ALPHA, shape=(2, 3), dtype="u1", external=[("../secret.txt", 0, 6)])(file)


def virtual(file):
    layout = h5py.VirtualLayout((2, 3), "u1")
    layout[:] = h5py.VirtualSource("../other.h5", "x", (2, 3))
    file.pop(ALPHA)
    file.create_virtual_dataset(ALPHA, layout)


def committed(file):
    file["kind"] = np.dtype("f8")


def of_committed(file):
    file["spikes/kind"] = np.dtype("f8")
    put(ALPHA, data=np.zeros((2, 3)), dtype=file["spikes/kind"])(file)
    del file["spikes/kind"]


def soft_to_external(file):
    file["away"] = h5py.ExternalLink("../other.h5", "/group")
    file["spikes/away"] = h5py.SoftLink("/away")


def one_chunk_of_many(file):
    how = {"shape": (10**6,), "chunks": (1000,), "dtype": "f8", "compression": "gzip"}
    put("spikes/hidden_0/t", **how)(file)
    file["spikes/hidden_0/t"][:1000] = 1.0


def shared_text(file):
    """A long text, of which a thousand phases are said to have the name."""
    names = np.array(["x" * 100_000] + ["y"] * 3, dtype=h5py.string_dtype())
    file.pop("phases/name")
    file["phases/name"] = names


def bomb(file):
    """A chunk that unpacks to far more than it says."""
    import zlib

    how = {"shape": (4,), "chunks": (4,), "dtype": "f8", "compression": "gzip"}
    put("phases/start", **how)(file)
    file["phases/start"].id.write_direct_chunk((0,), zlib.compress(bytes(10**8), 9))


def raw(file):
    """A chunk that is said to be stored as it is, and is not."""
    how = {"shape": (4,), "chunks": (4,), "dtype": "f8", "compression": "gzip"}
    put("phases/start", **how)(file)
    file["phases/start"].id.write_direct_chunk((0,), bytes(20), filter_mask=1)


HOSTILE = {
    "external storage": external,
    "external link": link(ALPHA, h5py.ExternalLink("../other.h5", "x")),
    "external link to a group": link("losses", h5py.ExternalLink("../other.h5", "group")),
    "soft link": link("spikes/input", h5py.SoftLink("/spikes/hidden_0")),
    "soft link to nothing": link("spikes/input", h5py.SoftLink("/nowhere")),
    "soft link to an external one": soft_to_external,
    "cycle": lambda file: file.__setitem__("spikes/spikes", file["spikes"]),
    "root again": lambda file: file.__setitem__("more", file["/"]),
    "two names": lambda file: file.__setitem__("plateaus/hidden_0/b", file[ALPHA]),
    "virtual": virtual,
    "committed type": committed,
    "of a committed type": of_committed,
    "references": put(ALPHA, shape=(2, 3), dtype=h5py.ref_dtype),
    "region references": put(ALPHA, shape=(2, 3), dtype=h5py.regionref_dtype),
    "compound": put(ALPHA, data=np.zeros((2, 3), dtype=[("a", "f8")])),
    "vlen": put(ALPHA, shape=(2, 3), dtype=h5py.vlen_dtype("f8")),
    "strings": put(ALPHA, data=np.array([["a"] * 3] * 2, dtype=h5py.string_dtype())),
    "enum": put(ALPHA, data=np.zeros((2, 3), dtype=bool)),
    "opaque": put(ALPHA, data=np.zeros((2, 3), dtype="V8")),
    "complex": put(ALPHA, data=np.zeros((2, 3), dtype=complex)),
    "empty": put(ALPHA, data=h5py.Empty("f8")),
    "other filter": put(ALPHA, data=np.zeros((2, 3)), compression="lzf"),
    "checked filter": put(ALPHA, data=np.zeros((2, 3)), fletcher32=True),
    "not there": put(ALPHA, shape=(2, 3), dtype="f8"),
    "petabytes": put("spikes/hidden_0/t", shape=(10**14,), dtype="f8"),
    "petabytes in chunks": put(
        "spikes/hidden_0/t", shape=(10**14,), dtype="f8", chunks=(10**5,), compression="gzip"
    ),
    "large chunks": put(ALPHA, data=np.zeros((2, 10**6)), chunks=(2, 10**6), compression="gzip"),
    "a chunk of many": one_chunk_of_many,
    "a bomb": bomb,
    "a raw chunk": raw,
    "an odd description": attribute(V, "description", "\x1b[2J"),
    "infinite size": attribute("plateaus/hidden_0", "size", np.inf),
    "huge size": attribute("plateaus/hidden_0", "size", 10**9),
    "no size": lambda file: file["spikes/hidden_0"].attrs.pop("size"),
    "negative size": attribute("plateaus/hidden_0", "size", -1),
    "sizes": attribute("plateaus/hidden_0", "size", [3, 3]),
    "another size": attribute("plateaus/hidden_0", "size", 4),
    "a word for a size": attribute("plateaus/hidden_0", "size", "three"),
    "classes": attribute("/", "classes", 10**9),
    "cells beyond": attribute("voltages/hidden_0", "neurons", [0, 3]),
    "cells before": attribute("voltages/hidden_0", "neurons", [-1, 0]),
    "cells twice": attribute("voltages/hidden_0", "neurons", [1, 1]),
    "broken cells": attribute("voltages/hidden_0", "neurons", [0.5, 1]),
    "infinite rest": attribute(V, "rest", np.inf),
    "a word for rest": attribute(V, "rest", "down"),
    "no unit": lambda file: file[V].attrs.pop("units"),
    "no description": lambda file: file[V].attrs.pop("description"),
    "long description": attribute(V, "description", "x" * 60_000),
    "many descriptions": attribute(V, "description", ["x", "y"]),
    "a number for a unit": attribute(V, "units", 1.0),
    "a long phase": shared_text,
    "a formula of a phase": put(
        "phases/name", data=np.array(["=1+1", "b"] * 2, dtype=h5py.string_dtype())
    ),
    "a number of phases": put("phases/name", data=np.zeros(4)),
    "a formula": put("plateaus/hidden_0/=HYPERLINK('x')", data=np.zeros((2, 3))),
    "a population with a dot": put("plateaus/a.b/x", data=np.zeros((2, 3))),
    "a kind with a space": put("my kind/a/x", data=np.zeros((2, 3))),
    "a long name": put(f"plateaus/hidden_0/{'x' * 200}", data=np.zeros((2, 3))),
    "deep": put("plateaus/hidden_0/a/b", data=np.zeros((2, 3))),
    "shallow": put("plateaus/x", data=np.zeros((2, 3))),
    "many": lambda file: [file.create_group(f"spikes/p{k}") for k in range(200)],
    "images without labels": lambda file: file.pop("labels"),
    "fewer images": put("images", data=np.zeros((1, 4))),
    "images of no pixels": put("images", data=np.zeros((2, 0))),
    "one image": put("images", data=np.zeros(2)),
    "other rows": attribute("images", "rows", 3),
    "no rows": lambda file: file["images"].attrs.pop("rows"),
    "negative rows": lambda file: [file["images"].attrs.create(n, -2) for n in SIDES],
    "rows of a half": attribute("images", "rows", 2.0),
    "other channels": attribute("images", "channels", 3),
    "no channels": attribute("images", "channels", 0),
    "channels of a half": attribute("images", "channels", 1.0),
    "words for images": put("images", data=np.array([["a"] * 4] * 2, dtype=h5py.string_dtype())),
    "a group for images": lambda file: (file.pop("images"), file.create_group("images")),
    "more answers": put("answers", data=np.zeros((3, 2))),
    "answers of other classes": put("answers", data=np.zeros((2, 3))),
    "answers without classes": lambda file: file.attrs.pop("classes"),
    "an answer": put("answers", data=0.5),
    "something in answers": lambda file: (file.pop("answers"), file.create_group("answers/x")),
    "a group for labels": lambda file: (file.pop("labels"), file.create_group("labels")),
}


FORMAT, CIRCLE = "of another format", "in a circle"
REASONS = dict.fromkeys(("external link", "external link to a group", "virtual"), FORMAT)
REASONS |= dict.fromkeys(("external storage", "of a committed type"), FORMAT)
REASONS |= dict.fromkeys(("soft link", "soft link to nothing"), "leads elsewhere")
REASONS |= dict.fromkeys(("cycle", "root again", "two names"), CIRCLE)
REASONS |= {"empty": "type that no run", "many": "100 names"}
REASONS |= dict.fromkeys(("huge size", "negative size"), "has no size")
REASONS |= dict.fromkeys(("infinite size", "sizes", "a word for a size"), "size: it is no number")
REASONS |= {"a raw chunk": "more than it holds", "an odd description": "description are no text"}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_no_run_writes_is_refused_before_it_is_read(name, root):
    with h5py.File(root / records.NAME, "a") as file:
        HOSTILE[name](file)
    with pytest.raises(RunError, match="damaged") as refused:
        records.opened(root)
    refused.match(REASONS.get(name, ""))
    said = str(refused.value)
    assert "secret of" not in said and said.isprintable() and len(said) < 2000


@pytest.mark.parametrize("bound", ["MOST", "PHASES", "PIXELS"])
def test_records_are_bounded(bound, root, monkeypatch):
    monkeypatch.setattr(records, bound, 3)
    with pytest.raises(RunError, match="damaged"):
        records.opened(root)


def test_records_that_together_hold_more_than_the_file_are_refused(root, monkeypatch):
    """As where many lie on one another."""
    size = (root / records.NAME).stat().st_size
    monkeypatch.setattr(records, "_held", lambda file, name, item: (size // 5, 8))
    with pytest.raises(RunError, match="more than the file holds"):
        records.opened(root)


UNITS = ("1/0", "9**9**9**9", "__import__('os')", "mV\n", "(mV", "m^99", "", "$V$", "mV" * 100)


@pytest.mark.parametrize("unit", UNITS)
def test_units_are_those_that_models_write(unit, root):
    with h5py.File(root / records.NAME, "a") as file:
        file[V].attrs["units"] = unit
    with pytest.raises(RunError, match="unit"):
        records.opened(root)


def test_every_unit_that_models_write_can_be_read():
    from brian2 import amp, farad, metre, mM, mole, ms, mV, nS, pF, second, siemens, uS, volt

    from models import units

    assert all(records.is_unit(text) for text in units.NAMED)
    others = (amp, uS, mM, volt**2, mV**2 / ms, siemens / metre**2, nS / ms, 1 / mV, pF / metre**2)
    others += (volt * second**-0.5, mole / metre**3 / second, farad * volt**3, 1 / second**3)
    others += (1 / (mV * ms**2), mV**2 / ms, mV * amp**2 / second)
    for quantity in others:
        assert records.is_unit(units.of(quantity).text), units.of(quantity).text


def test_a_unit_is_told_at_once_however_long_it_seems():
    for text in ("(m (m) " * 14, "((m) " * 19, "m" * 99 + "!", "(m (m)/(m))/" * 8):
        assert not records.is_unit(text)


@pytest.mark.parametrize(
    "damage, words",
    [
        (b"", "it is empty"),
        (b"no HDF5", "it leads out of the file"),
        (bytes(5000), "it has no such head as h5py writes"),
        (hdf5.SIGNATURE, "it leads out of the file"),
    ],
)
def test_what_is_no_hdf5_is_refused(damage, words, root):
    (root / records.NAME).write_bytes(damage)
    with pytest.raises(RunError, match=f"{records.NAME} is damaged: {words}$"):
        records.opened(root)


def test_records_that_lie_elsewhere_are_refused(root, tmp_path):
    (root / records.NAME).rename(tmp_path / "away.h5")
    (root / records.NAME).symlink_to("../away.h5")
    with pytest.raises(RunError, match="leads out of"):
        records.opened(root)


def test_any_byte_of_records_may_be_wrong(root):
    """Each is refused, or opened: never another error."""
    path, rng = root / records.NAME, np.random.default_rng(1)
    whole = path.read_bytes()
    opened = 0
    for place in rng.integers(0, len(whole), 300):
        one = bytearray(whole)
        one[place] ^= 1 << rng.integers(8)
        path.write_bytes(one)
        try:
            with records.opened(root) as file:
                opened += bool(file)
        except RunError:
            pass
    assert 0 < opened < 300


def test_good_records_are_opened_as_they_were_written(root, tmp_path):
    with records.opened(root) as file:
        assert file[V].shape == (200, 2) and file.filename == str(root / records.NAME)
    with records.opened(write(tmp_path / "many", 600)) as file:  # so many that they are packed
        assert file["phases/name"].compression == file[V].compression == "gzip"


def test_records_of_an_earlier_version_have_no_images_and_can_be_read(tmp_path):
    for images in (None, np.zeros((2, 5))):  # or such as are no square
        write(tmp_path / "run", images=images, answers=None)
        with records.opened(tmp_path / "run") as file:
            assert "answers" not in file and ("images" in file) == (images is not None)
            assert images is None or not file["images"].attrs.keys() & set(SIDES)


def test_records_that_could_not_be_read_again_are_not_written(tmp_path):
    odd = {"V": Variable("furlong", 1, "x", "step"), "alpha_f": Variable("1", 1, "x", "image")}
    with pytest.raises(RunError, match="cannot be kept: voltages/hidden_0/V"):
        write(tmp_path / "odd", variables=odd)
