"""The format of ``records.h5``: what cells did on a few images, with units. Imports no Brian2.

``<kind>/<population>/<variable>`` holds a variable: one value a spike, a row a step or a row an
image; its attributes say the unit and what it is. Kinds of times, such as ``spikes``, have a cell
``i`` and a time ``t`` for each; ``spikes`` also has, for each other such kind whose times are all
spikes, which of them these are. ``phases`` says when each phase began and ended,
``labels``, ``images`` and ``answers`` what was shown and answered (files of earlier versions have
labels alone). Names are those of variables. Nothing else is in such a file: one that holds more is
not opened.
"""

import math
import re
from pathlib import Path
from types import MappingProxyType

import h5py
import numpy as np
from h5py import h5d, h5t, h5z

from experiments.run import files, hdf5, marks
from experiments.run.files import RunError
from experiments.run.marks import SPIKES, single

NAME = "records.h5"
OF_EPOCH = "records_{:03d}.h5"
ONE_EACH = ("labels", "images", "answers")  # a row for each image
ABOUT = (*ONE_EACH, "phases")  # what is no kind of records
TIMES = {"t": ("ms", "time since the first image's onset"), "i": ("1", "neuron")}
NONE = MappingProxyType({})
# What h5py raises at a damaged file depends on the damage.
DAMAGE = (OSError, RuntimeError, ValueError, KeyError, TypeError)

# What a run may write, so that whoever reads it can rely on that.
MOST = 1 << 32  # bytes of all records
MANY = 100  # names in a group, and phases of an image
PHASES = 100_000  # of all images
CELLS = 100_000  # of a population
PIXELS = 1 << 20  # of an image
CLASSES = 1000
LETTERS = 1000  # of a description; a tenth of a name
PACKED = 1100  # to one: deflate packs no tighter, but for a few bytes
CHUNK = 1 << 22  # bytes of one; h5py makes them four times as small

WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)
# Units as ``models.units`` writes them: "1", "mV", "1/ms", "mV ms", "kHz^2", "(mol/(m^3))/s".
_ONE = (
    r"(?:da|[yzafpnumcdhkMGTPEZY])?"
    r"(?:m|g|s|A|K|mol|cd|rad|sr|Hz|N|Pa|J|W|C|V|F|ohm|S|Wb|T|H|lm|lx|Bq|Gy|Sv|kat|M|l)"
    r"(?:\^-?\d(?:\.\d+)?)?"
)
_INNER = rf"(?:{_ONE}|\({_ONE}\))"
_OUTER = rf"(?:{_ONE}|\({_INNER}(?:[ /]{_INNER})*\))"
UNIT = re.compile(rf"1|(?:1/)?{_OUTER}(?:[ /]{_OUTER})*", re.ASCII)


def is_name(text):
    """Whether a text can be the name of a kind, a population or a variable."""
    return isinstance(text, str) and len(text) <= LETTERS // 10 and bool(WORD.fullmatch(text))


def is_unit(text):
    """Whether a text is a unit as this project writes it."""
    return isinstance(text, str) and len(text) <= LETTERS // 10 and bool(UNIT.fullmatch(text))


def is_phase(text):
    """Whether a text can be the name of a phase: no formula, if a spreadsheet reads it."""
    return 0 < len(text) <= LETTERS // 10 and text.isprintable() and text[0].isalnum()


# --- writing --------------------------------------------------------------------------------------


def write(
    path,
    records,
    *,
    sizes,
    variables,
    labels,
    classes,
    phases,
    neurons,
    per_image,
    rest,
    images=None,
    channels=1,
    answers=None,
    events=NONE,
):
    """Write records.

    Parameters
    ----------
    path : path, or an open file
    records : dict
        (kind, population, variable) -> ndarray, in the units of ``variables``.
    sizes : dict
        Population -> number of cells.
    variables : dict
        Name, or ``population/name``, -> what it is, an object with ``unit`` and ``meaning``.
    labels : ndarray
        Class of each image.
    classes : int
        Number of classes.
    phases : list of tuple
        (start ms, end ms, name) of each phase; all images have the same.
    neurons : sequence of int
        Cells that were recorded in each step, in the populations that have them.
    per_image : collection of str
        Kinds with a row an image.
    rest : dict
        (population, variable) -> its value at rest: the attribute ``rest``.
    images : ndarray, shape (images, pixels), optional
        What was shown, in [0, 1]; ``rows``, ``columns``, ``channels`` are told if they are squares.
    channels : int
        As of ``dataset.Dataset``.
    answers : ndarray, shape (images, classes), optional
        What the network answered: the largest is the class that it chose.
    events : mapping, optional
        ``population/kind`` of a kind of times -> what each of them is.

    Raises
    ------
    RunError
        If that is more, or other, than can be read again.
    """
    names = list(dict.fromkeys(name for *_, name in phases))
    with h5py.File(path, "w", libver="earliest") as file:  # see ``hdf5``
        file.attrs["classes"] = classes
        for (kind, population, variable), values in records.items():
            group, size = file.require_group(f"{kind}/{population}"), sizes[population]
            group.attrs["size"] = size
            stepped = kind not in per_image and (kind, population, "i") not in records
            if stepped and variable != "t":
                group.attrs["neurons"] = [i for i in range(size) if i in neurons]
            name = f"{kind}/{population}/{variable}"
            if variable in TIMES:
                unit, text = TIMES[variable]
                told = events.get(f"{population}/{kind}") if variable == "t" else ""
                _dataset(file, name, values, unit, f"{text}: {told}" if told else text)
            else:
                about = variables.get(f"{population}/{variable}", variables[variable])
                _dataset(file, name, values, about.unit, about.meaning)
            if stepped and (population, variable) in rest:
                file[name].attrs["rest"] = rest[population, variable]
        for (population, kind), values in marks.of(records).items():
            told = events.get(f"{population}/{kind}", f"one of {kind}")
            text = f"1: {told}; 0: any other spike"
            _dataset(file, f"{SPIKES}/{population}/{single(kind)}", values, "1", text)
        _dataset(file, "labels", np.asarray(labels), "1", "class of each image")
        if images is not None:
            _dataset(file, "images", np.asarray(images), "1", "pixels of each image, row by row")
            side = math.isqrt(len(images[0]) // channels)
            if channels * side**2 == len(images[0]):
                file["images"].attrs.update(rows=side, columns=side, channels=channels)
        if answers is not None:
            text = "answer of each class to each image: the largest is chosen"
            _dataset(file, "answers", np.asarray(answers), None, text)
        for column, name in enumerate(("start", "end")):
            times = np.array([row[column] for row in phases])
            _dataset(file, f"phases/{name}", times, "ms", f"{name} of each phase")
        told = np.array([row[2] for row in phases], dtype=h5py.string_dtype())
        _dataset(file, "phases/name", told, "1", " or ".join(names))
        image = np.arange(len(phases)) // max(1, len(names))
        _dataset(file, "phases/image", image, "1", "image of each phase")
    with h5py.File(path, "r") as file:
        try:
            _check(file)
        except RunError as error:
            why = str(error).partition(" is damaged at ")[2]
            raise RunError(f"these records cannot be kept: {why}") from error


def _dataset(file, name, values, unit, text):
    options = {"compression": "gzip"} if getattr(values, "size", 0) > 1000 else {}
    dataset = file.create_dataset(name, data=values, **options)
    dataset.attrs["description"] = " ".join(text.split())[:LETTERS]
    if unit is not None:
        dataset.attrs["units"] = unit


# --- reading --------------------------------------------------------------------------------------


def name(epoch=None):
    """The file of records at a run's end, or after an epoch."""
    return NAME if epoch is None else OF_EPOCH.format(epoch)


def opened(root, held=NAME):
    """The records of a run folder, open for reading and checked.

    The file may come from a stranger, and HDF5 can lead into other files, run in circles (see
    ``experiments.run.hdf5``) and promise more than it holds: of all that, nothing is read.

    Parameters
    ----------
    root : path
        The run folder.
    held : str
        Which file, as ``name`` gives it.

    Returns
    -------
    h5py.File

    Raises
    ------
    RunError
        If there are no records, or the file holds what no run writes.
    """
    path = Path(root) / held
    try:
        with files.opened(root, held) as plain:
            hdf5.check(plain)
        file = h5py.File(path, "r")
    except RunError:
        raise
    except FileNotFoundError as error:
        raise RunError(
            f"{path} is missing: nothing was recorded then; the run's command once more, with "
            "--resume --record (of an epoch: --record-epochs), records it"
        ) from error
    except OSError as error:
        raise RunError(f"{path} is damaged ({files.said(error)})") from error
    except ValueError as error:
        raise RunError(f"{path} is damaged: {error}") from error
    try:
        _check(file)
    except BaseException as error:
        file.close()
        if isinstance(error, DAMAGE) and not isinstance(error, RunError):
            raise RunError(f"{path} is damaged ({files.said(error)})") from error
        raise
    return file


def _check(file):
    """Refuse what no run writes, without reading any values but the names of phases."""
    size, stored, claimed, sizes = file.id.get_filesize(), 0, 0, {}
    classes = _number(file, "classes", whole=True)
    _need(classes is None or 0 < classes <= CLASSES, file, "classes")
    for name, item in _items(file):
        if isinstance(item, h5py.Dataset):
            held, whole = _held(file, name, item)
            stored, claimed = stored + held, claimed + whole
            _need(stored <= size, file, name, "it claims more than the file holds")
            _need(claimed <= MOST, file, name, f"records have {MOST >> 30} GB at most")
            _check_attributes(file, name, item)
        elif name.count("/") == 1:
            population = name.split("/")[1]
            cells = _check_cells(file, name, item)
            same = cells is None or sizes.setdefault(population, cells) == cells
            _need(same, file, name, "its size is not that of the population elsewhere")
    _check_phases(file)
    _check_shown(file, classes)


def _items(file):
    """Name and object of all that is in a file."""
    groups = [("", file)]
    while groups:
        above, group = groups.pop()
        _need(len(group) <= MANY, file, above or "/", f"a group has {MANY} names at most")
        for name in group:
            path = f"{above}/{name}".lstrip("/")
            _need(is_name(name), file, path, "it has no name that a run gives")
            item = group[name]
            first = path.split("/")[0]
            values = 0 if first in ONE_EACH else 1 if first == "phases" else 2  # groups above them
            kind = h5py.Dataset if path.count("/") == values else h5py.Group
            _need(isinstance(item, kind), file, path)
            yield path, item
            if kind is h5py.Group:
                groups.append((path, item))


def _held(file, name, item):
    """Bytes of a dataset as they are stored, and as they are read."""
    about, kind = item.id.get_create_plist(), item.id.get_type()
    _need(is_packed_plainly(item), file, name, "it is packed as no run does it")
    fits = _is_text(kind) if name == "phases/name" else _is_number(kind)
    _need(fits and item.shape is not None, file, name, "it is of a type that no run writes")
    each = 16 if kind.get_class() == h5t.STRING and kind.is_variable_str() else kind.get_size()
    whole, held = each * math.prod(item.shape), item.id.get_storage_size()
    if about.get_layout() != h5d.CHUNKED:
        _need(held == whole, file, name, "it claims more than it holds")
        return held, whole
    chunk, found = each * math.prod(item.chunks), []
    item.id.chunk_iter(found.append)
    count = math.prod(-(-n // m) for n, m in zip(item.shape, item.chunks, strict=True))
    all_there = len(found) == count == len({one.chunk_offset for one in found})
    # a damaged one could be unpacked to any size
    good = all(one.size <= 1.01 * chunk + 64 and chunk <= PACKED * one.size for one in found)
    raw = all(one.filter_mask == 0 or one.size == chunk for one in found)
    fits = all_there and good and raw and chunk <= CHUNK
    _need(fits, file, name, "it claims more than it holds")
    return sum(one.size for one in found), whole


def is_packed_plainly(item):
    """Whether a dataset is as it is, or packed by gzip, with or without its bytes shuffled."""
    about = item.id.get_create_plist()
    filters = {about.get_filter(k)[0] for k in range(about.get_nfilters())}
    return filters <= {h5z.FILTER_DEFLATE, h5z.FILTER_SHUFFLE}


def _is_number(kind):
    number = kind.get_class() in (h5t.INTEGER, h5t.FLOAT) and kind.get_size() <= 8
    return number and not kind.committed() and kind.dtype.kind in "iuf"


def _is_text(kind):
    text = kind.get_class() == h5t.STRING and not kind.committed()
    return text and (kind.is_variable_str() or kind.get_size() <= LETTERS)


def _check_attributes(file, name, item):
    """What a dataset says of itself; that of a cell's variable says its unit and what it is."""
    unit, text = (_text(file, name, item, key) for key in ("units", "description"))
    variable = name.count("/") == 2 and name.rpartition("/")[2] not in TIMES
    _need(is_unit(unit) or (unit is None and not variable), file, name, "it has no unit")
    _need(text is not None or not variable, file, name, "it does not say what it is")
    rest = _number(item, "rest")
    _need(rest is None or math.isfinite(rest), file, name, "it rests nowhere")


def _check_cells(file, name, item):
    """The size of a population, or None; those of its cells that were recorded are within it."""
    size = _number(item, "size", whole=True)
    _need(size is None or 0 < size <= CELLS, file, name, "it has no size")
    told = size is not None or ("i" not in item and not name.startswith(SPIKES))
    _need(told, file, name, "it has no size")
    if "neurons" in item.attrs:
        about = item.attrs.get_id("neurons")
        row = _is_number(about.get_type()) and about.shape is not None and len(about.shape) == 1
        _need(row and about.shape[0] <= CELLS, file, name, "its cells are not listed")
        cells = item.attrs["neurons"]
        listed = cells.dtype.kind in "iu" or not len(cells)  # HDF5 has no type for an empty list
        rising = listed and (cells[1:] > cells[:-1]).all()
        inside = not len(cells) or (cells[0] >= 0 and cells[-1] < (size or CELLS))
        _need(rising and inside, file, name, "its cells are not those of the population")
    return size


def _check_phases(file):
    """Names of phases: one by one, as many may stand for the same long text."""
    if "phases/name" not in file:
        return
    names = file["phases/name"]
    _need(len(names.shape) == 1 and len(names) <= PHASES, file, "phases/name")
    for k in range(len(names)):
        text = names[k].decode()
        _need(is_phase(text), file, "phases/name", "a phase has no name that a run gives")


def _check_shown(file, classes):
    """Images and answers: a row for each label, of pixels or of classes."""
    for name in ("images", "answers"):
        if name in file:
            shape, labels = file[name].shape, file["labels"].shape if "labels" in file else ()
            good = len(shape) == 2 and labels == shape[:1] and 0 < shape[1] <= PIXELS
            _need(good and (name == "images" or shape[1] == classes), file, name)
    if "images" in file:
        sides = [_number(file["images"], side, whole=True) for side in ("rows", "columns")]
        channels = _number(file["images"], "channels", whole=True)
        whole = None not in sides and min(sides) > 0 and (channels is None or channels > 0)
        fits = whole and math.prod(sides) * (channels or 1) == file["images"].shape[1]
        _need(fits or sides == [None, None], file, "images", "they have other rows and columns")


def _number(item, name, whole=False):
    """A number that an object says of itself, or None."""
    if name not in item.attrs:
        return None
    about = item.attrs.get_id(name)
    kinds = "iu" if whole else "iuf"
    fits = _is_number(about.get_type()) and about.shape == () and about.dtype.kind in kinds
    _need(fits, item.file, f"{item.name}: {name}", "it is no number")
    return item.attrs[name].item()


def _text(file, where, item, name):
    """A text that an object says of itself, or None."""
    if name not in item.attrs:
        return None
    about = item.attrs.get_id(name)
    fits = _is_text(about.get_type()) and about.shape == ()
    found = item.attrs[name] if fits else None
    fits = isinstance(found, str) and len(found) <= LETTERS and found.isprintable()
    _need(fits, file, where, f"its {name} are no text")
    return found


def _need(good, file, name, why="it is not what a run writes"):
    if not good:
        shown = "".join(c if c.isprintable() else "?" for c in name[:LETTERS])
        raise RunError(f"{file.filename} is damaged at {shown}: {why}")
