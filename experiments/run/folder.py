"""The run folder: its format, read and written in one place. Imports no Brian2.

Every file is written beside its place and renamed, so a killed run leaves whole files.
"""

import csv
import fcntl
import io
import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from experiments.run import records as recorded

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
CHECKPOINT = "checkpoint.npz"


class RunError(ValueError):
    """A run folder cannot be used; the message is one sentence for the user."""


class Checkpoint(NamedTuple):
    """Where a run stands: images seen so far, and all that was learned by then."""

    images_seen: int
    state: dict


class RunFolder:
    """One run on disk. Use ``create`` or ``open``; hold it with ``locked`` while writing."""

    def __init__(self, path):
        self.path = Path(path)

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
            return (self.path / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise RunError(f"{self.path / name} is damaged: it is no text") from error

    def metrics(self):
        """Rows of ``metrics.csv`` as dicts of numbers (None where empty)."""
        path = self.path / "metrics.csv"
        if not path.exists():
            return []
        try:
            with path.open(newline="") as file:
                return [_numbers(row) for row in csv.DictReader(file)]
        except (ValueError, TypeError, KeyError, OSError) as error:
            raise RunError(f"{path} is damaged: {error}") from error

    def state(self, name=CHECKPOINT):
        """A ``Checkpoint`` from ``weights/``; RunError if it is missing or damaged."""
        path = self.path / "weights" / name
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {key: file[key] for key in file.files}
            return Checkpoint(int(arrays.pop("images_seen")), arrays)
        except FileNotFoundError as error:
            raise RunError(f"no weights {path}") from error
        except Exception as error:  # a damaged file raises whatever numpy stumbles upon
            raise RunError(
                f"the checkpoint {path} is damaged ({type(error).__name__}): "
                "remove it to start again"
            ) from error

    def states(self, pattern):
        """Names of the files in ``weights/`` that a pattern fits, in order."""
        return sorted(path.name for path in (self.path / "weights").glob(pattern))

    def has_checkpoint(self):
        """Whether a checkpoint is there (whole or not)."""
        return (self.path / "weights" / CHECKPOINT).exists()

    def result(self):
        """``result.json`` as a dict; RunError if the run is not finished, or the file damaged."""
        try:
            return self._named("result.json")
        except FileNotFoundError as error:
            raise RunError(f"{self.path} has no result.json: the run is not finished") from error

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
        if not isinstance(starts, list) or not all(isinstance(start, dict) for start in starts):
            raise RunError(f"{self.path / 'provenance.json'} is damaged: starts are named values")
        return starts

    def records(self):
        """The HDF5 file of records, open for reading."""
        path = self.path / "records.h5"
        try:
            return h5py.File(path, "r")
        except OSError as error:
            raise RunError(f"{path} is missing or damaged: run with --record") from error

    def _named(self, name):
        """A JSON file of named values, as a dict; RunError if it is not one."""
        path = self.path / name
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise
        except (ValueError, OSError) as error:
            raise RunError(f"{path} cannot be read: {error}") from error
        if not isinstance(found, dict):
            raise RunError(f"{path} is damaged: it holds no named values")
        return found

    # --- writing -----------------------------------------------------------------------------

    @contextmanager
    def locked(self):
        """Hold the folder; RunError if a live run holds it. A killed run lets go by itself."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "run.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RunError(f"{self.path} is held by a run that is still going") from error
            yield self

    def write_text(self, name, text):
        """A text file, whole or not at all."""
        self._write(name, text.encode())

    def write_json(self, name, value):
        """A JSON file, whole or not at all."""
        self.write_text(name, json.dumps(value, indent=2) + "\n")

    def write_metrics(self, rows):
        """All rows of the metrics."""
        text, names = io.StringIO(), dict.fromkeys(COLUMNS)
        for row in rows:
            names |= row
        writer = csv.DictWriter(text, list(names), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({k: _plain(row.get(k)) for k in names})
        self.write_text("metrics.csv", text.getvalue())

    def write_state(self, checkpoint, name=CHECKPOINT):
        """A checkpoint."""
        data = io.BytesIO()
        np.savez(data, images_seen=checkpoint.images_seen, **checkpoint.state)
        self._write(f"weights/{name}", data.getvalue())

    def remove_state(self, name):
        """Remove a checkpoint that is of no more use."""
        (self.path / "weights" / name).unlink(missing_ok=True)

    def write_records(self, records, **about):
        """Records of some images, as HDF5; parameters as ``records.write``."""
        with self.replaced("records.h5") as part:
            recorded.write(part, records, **about)

    @contextmanager
    def replaced(self, name):
        """A path beside the file; it becomes the file if all goes well, and goes away if not."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        try:
            yield part
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)

    def _write(self, name, data):
        with self.replaced(name) as part:
            part.write_bytes(data)


def create(path):
    """A new run folder; one that already holds a run is refused."""
    folder = RunFolder(path)
    if (folder.path / "config.json").exists() or folder.has_checkpoint():
        raise RunError(f"{path} already holds a run: add --resume, or choose another --out")
    if folder.path.is_file():
        raise RunError(f"{path} is a file, not a folder")
    return folder


def _numbers(row):
    """A row of the metrics: the columns that each run has, then those of its theory."""
    names = dict.fromkeys(COLUMNS) | row
    return {name: _number(name, row[name]) for name in names}


def _number(column, text):
    """A cell of the metrics; counts are whole numbers, however large."""
    if not text:
        return None
    return int(text) if column in ("images_seen", "test_examples") else float(text)


def _plain(value):
    if value is None:
        return ""
    return int(value) if float(value).is_integer() else f"{value:.6g}"
