"""The run folder: its format, read and checked, and written, in one place. Imports no Brian2.

A killed run leaves whole files, and so does a power cut; see ``files``.
"""

import csv
import io
import math
import traceback
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from experiments.run import confusion, files, named
from experiments.run import records as recorded
from experiments.run.files import RunError

COLUMNS = (
    "images_seen",
    "epoch",
    "training_error",  # per cent, over the chunk
    "output_loss",  # mean over the chunk of the theory's loss, in its unit
    "test_error",  # per cent
    "test_examples",
    "cpu_seconds",
    "wall_seconds",
)
COUNTS = ("images_seen", "test_examples")
START = {"images_seen?": (int, None), "packages?": {...: str}}  # at least
CHECKPOINT = "checkpoint.npz"
EPOCH = 9  # digits of one


class Checkpoint(NamedTuple):
    """Where a run stands: images seen so far, and all that was learned by then."""

    images_seen: int
    state: dict


def of_epoch(epochs):
    """The file in ``weights/`` of what is learned after so many epochs."""
    return f"epoch_{epochs:03d}.npz"


class RunFolder:
    """One run on disk; hold it with ``locked`` while writing.

    ``epoch``: state and records are those after so many epochs; None: the last ones.
    """

    def __init__(self, path, epoch=None):
        self.path, self.epoch = Path(path), epoch
        self._hold = None  # while it is ours
        self._columns = None  # of the metrics, once they are written

    # --- reading -----------------------------------------------------------------------------

    def config(self):
        """The configuration as a dict."""
        try:
            found = self._named("config.json")
        except FileNotFoundError as error:
            raise RunError(f"{self.path} is not a run folder: it has no config.json") from error
        return {"precision": "double"} | found  # earlier versions had no other

    def text(self, name):
        """A text file, or None; RunError if it is no text."""
        try:
            return files.text(self.path, name)
        except FileNotFoundError:
            return None

    def metrics(self):
        """Rows of ``metrics.csv``, by images seen, as dicts of numbers (None where empty)."""
        whole, _, _ = (self.text("metrics.csv") or "").rpartition("\n")  # a line without end: cut
        try:
            names, *lines = csv.reader(io.StringIO(whole), strict=True) if whole else [COLUMNS]
            strange = not all(recorded.is_name(name) for name in names)
            if strange or set(COLUMNS) - set(names) or len(set(names)) < len(names):
                raise ValueError("its columns are not those of a run")
            rows = [_numbers(dict(zip(names, line, strict=True))) for line in lines]
        except (ValueError, csv.Error) as error:
            raise RunError(f"{self.path / 'metrics.csv'} is damaged: {error}") from error
        return sorted(rows, key=lambda row: row["images_seen"])

    def state(self, name=None):
        """A ``Checkpoint`` from ``weights/``; RunError if it is missing or damaged."""
        name = name or (CHECKPOINT if self.epoch is None else of_epoch(self.epoch))
        path = self.path / "weights" / name
        try:
            data = files.read(self.path, f"weights/{name}", most=1 << 34)
        except FileNotFoundError as error:
            raise RunError(f"no weights {path}{self._epochs()}") from error
        try:
            return _checkpoint(data)
        except Exception as error:  # damage raises whatever numpy stumbles upon
            others = self.states("epoch_*.npz") if name == CHECKPOINT else ()
            copy = f"; weights/{others[-1]} is the copy of an epoch's end" if others else ""
            raise RunError(
                f"the checkpoint {path} is damaged ({files.said(error)}){copy}"
            ) from error

    def _epochs(self):
        """Which epochs there are, as the end of a sentence."""
        found = [int(name[6:-4]) for name in self.states("epoch_[0-9]*[0-9].npz")]
        return f": there are those of epochs {min(found)} to {max(found)}" if found else ""

    def after(self, epochs):
        """What is learned after so many epochs, a dict of arrays; RunError as ``state``."""
        return self.state(of_epoch(epochs)).state

    def states(self, pattern):
        """Names of the files in ``weights/`` that a pattern fits, in order."""
        return sorted(path.name for path in (self.path / "weights").glob(pattern))

    def has_checkpoint(self):
        """Whether a checkpoint is there (whole or not)."""
        return (self.path / "weights" / CHECKPOINT).exists()

    def result(self):
        """``result.json`` as a dict; RunError if the run is not finished, or the file damaged."""
        try:
            found = self._named("result.json")
        except FileNotFoundError as error:
            raise RunError(f"{self.path} has no result.json: the run is not finished") from error
        if not named.fits(found, {...: float}):
            raise RunError(f"{self.path / 'result.json'} is damaged: not all of it are numbers")
        return found

    def model(self):
        """What was simulated, as data; None in a run of an earlier version, RunError if damaged."""
        try:
            return self._named("model.json")
        except FileNotFoundError:
            return None

    def starts(self):
        """What the run was made with: versions, commit, ..., a dict for each start in turn.

        ``images_seen`` is where a start begins. A file of an earlier version knows one start only,
        the last, and not where it began. Empty without a file; RunError if it is damaged.
        """
        try:
            found = self._named("provenance.json")
        except FileNotFoundError:
            return []
        starts = found.get("starts", [found])
        if not named.fits(starts, [START]):
            raise RunError(f"{self.path / 'provenance.json'} is damaged: it tells of no starts")
        return starts

    def confusion(self):
        """Which class was answered for which, in the last test of all test images.

        A ``Confusion``; RunError if there is none, as in a run of an earlier version, or the file
        is damaged.
        """
        text = self.text(confusion.NAME)
        if text is None:
            raise RunError(
                f"{self.path} has no {confusion.NAME}: no test of all images has ended, or the run "
                "is of an earlier version"
            )
        try:
            return confusion.read(text)
        except ValueError as error:
            raise RunError(f"{self.path / confusion.NAME} is damaged: {error}") from error

    @contextmanager
    def records(self):
        """The HDF5 file of records, open for reading; RunError if there is none, or damaged.

        Also where the library finds that out later, while the file is open.
        """
        name = recorded.name(self.epoch)
        with recorded.opened(self.path, name) as file:
            try:
                yield file
            except recorded.DAMAGE as error:
                last = traceback.extract_tb(error.__traceback__)[-1]
                if "h5py" not in Path(last.filename).parts:
                    raise
                raise RunError(f"{self.path / name} is damaged ({files.said(error)})") from error

    def _named(self, name):
        """A JSON file of named values, as a dict; RunError if it is not one."""
        try:
            found = named.loads(files.text(self.path, name))
        except RunError:
            raise
        except ValueError as error:
            raise RunError(f"{self.path / name} is damaged: {error}") from error
        if not isinstance(found, dict):
            raise RunError(f"{self.path / name} is damaged: it holds no named values")
        return found

    # --- writing -----------------------------------------------------------------------------

    @contextmanager
    def locked(self):
        """Hold the folder; RunError if a live run holds it. A killed run lets go by itself."""
        with files.held(self.path) as self._hold:
            files.tidy(self.path)
            try:
                yield self
            finally:
                self._hold = None

    def write_text(self, name, text):
        """A text file, whole or not at all."""
        self._write(name, text.encode())

    def write_json(self, name, value):
        """A JSON file, whole or not at all; ValueError for what is no number."""
        self.write_text(name, named.dumps(value, indent=2) + "\n")

    def write_metrics(self, rows):
        """All rows of the metrics."""
        names = dict.fromkeys(COLUMNS)
        for row in rows:
            names |= row
        self.write_text("metrics.csv", _lines(names, rows, head=True))
        self._columns = list(names)

    def add_row(self, row):
        """Add a row to the metrics; it is read in its place."""
        columns, self._columns = self._columns, None  # if it fails, a part of a row may be there
        if columns is None or row.keys() - set(columns):
            self.write_metrics([*self.metrics(), row])
            return
        self._check()
        files.append(self.path, "metrics.csv", _lines(columns, [row]).encode())
        self._columns = columns

    def write_confusion(self, found):
        """Which class was answered for which, a ``Confusion``."""
        self.write_text(confusion.NAME, confusion.written(found))

    def write_state(self, checkpoint, name=CHECKPOINT):
        """A checkpoint."""
        data = io.BytesIO()
        np.savez(data, images_seen=checkpoint.images_seen, **checkpoint.state)
        self._write(f"weights/{name}", data.getvalue())

    def remove_state(self, name):
        """Remove a checkpoint that is of no more use."""
        self._check()
        files.remove(self.path, f"weights/{name}")

    def write_records(self, records, epoch=None, **about):
        """Records of some images, as HDF5; parameters as ``records.write``."""
        file = io.BytesIO()  # HDF5 itself is at a loss for words where a disk fails
        recorded.write(file, records, **about)
        self._write(recorded.name(epoch), file.getbuffer())

    def _write(self, name, data):
        self._check()
        files.write(self.path, name, data)

    def _check(self):
        """RunError if the folder was ours, and is not any more."""
        if self._hold:
            self._hold.check()


def at(text):
    """The run ``RUN``, or what it was after an epoch: ``RUN@EPOCH``."""
    path, mark, epoch = str(text).rpartition("@")
    if not mark or Path(text).exists():
        return RunFolder(text)
    if not epoch.isdecimal() or len(epoch) > EPOCH:
        raise RunError(f"{text}: after @ comes the number of an epoch")
    return RunFolder(path, int(epoch))


def create(path):
    """A new run folder; one that holds a run, of which a chunk was learned, is refused."""
    folder = RunFolder(path)
    if folder.path.is_file():
        raise RunError(f"{path} is a file, not a folder")
    if folder.has_checkpoint() or folder.metrics():
        raise RunError(f"{path} already holds a run: add --resume, or choose another --out")
    return folder


def _numbers(row):
    """A row of the metrics: the columns that each run has, then those of its theory."""
    found = {name: _number(name, row[name]) for name in dict.fromkeys(COLUMNS) | row}
    if found["images_seen"] is None:
        raise ValueError("a row does not say after how many images")
    return found


def _number(column, text):
    """A cell of the metrics; counts are whole numbers, however large."""
    if not text:
        return None
    try:
        value = int(text) if column in COUNTS else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (column in COUNTS and value < 0):
        raise ValueError(f"{text[:20]!r} for {column}")
    return value


def _lines(names, rows, head=False):
    """Rows as lines of CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if head:
        writer.writerow(names)
    writer.writerows([_plain(row.get(name)) for name in names] for row in rows)
    return text.getvalue()


def _plain(value):
    if value is None:
        return ""
    return int(value) if float(value).is_integer() else f"{value:.6g}"


def _checkpoint(data):
    """From the bytes of ``np.savez``: it holds each array as it is, so none is larger."""
    file = io.BytesIO(data)
    held = zipfile.ZipFile(file).infolist()
    if any(i.compress_type for i in held) or sum(i.file_size for i in held) > len(data):
        raise ValueError("its arrays are not those of a run")
    file.seek(0)
    with np.load(file, allow_pickle=False) as found:
        arrays = {key: found[key] for key in found.files}
    if not all(isinstance(array, np.ndarray) for array in arrays.values()):
        raise ValueError("it holds more than arrays")  # which numpy gives as bytes
    seen = arrays.pop("images_seen")
    if seen.shape or seen.dtype.kind not in "iu" or seen < 0:
        raise ValueError("it does not say after how many images")
    return Checkpoint(int(seen), arrays)
