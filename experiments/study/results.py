"""Results that are kept: what an experiment found, small enough for git. Imports no Brian2.

``results/<theory>/<experiment>/`` holds tables (CSV), the configurations (``config.json``), the
command, the experiment's headline numbers, and what its page says of its conditions
(``page.json``); ``results/summary.csv`` gathers the headlines of all.
"""

import csv
import fcntl
import io
import json
import os
import shlex
from contextlib import contextmanager
from pathlib import Path

import numpy as np

import experiments
from experiments.run.folder import RunError

COLUMNS = ("theory", "experiment", "condition", "measure", "value", "spread", "n", "epochs")
COLUMNS += ("paper", "command")
ROOT = experiments.ROOT / "results"


class Results:
    """The kept results of one experiment: of a page of a theory, in a folder of all results."""

    def __init__(self, theory, experiment, root=ROOT):
        self.theory, self.experiment, self.root = theory, experiment, Path(root)
        self.path = self.root / theory / experiment

    def table(self, name):
        """A table as a dict of columns: ndarray of float, or of str where a cell is no number.

        RunError if there is none, and for a column that it does not have.
        """
        path = self.path / f"{name}.csv"
        rows = read_rows(path)
        if not rows:
            raise self._missing(path)
        return _Table(path, {key: _column([row[key] for row in rows]) for key in rows[0]})

    def _missing(self, path):
        return RunError(
            f"no results in {path}: make them with python -m experiments {self.experiment}"
        )

    def has(self, name):
        """Whether a table is there."""
        return (self.path / f"{name}.csv").exists()

    def write(self, name, table):
        """Write a table: rows (a list of dicts), or a dict of columns, all of one length."""
        if isinstance(table, dict):
            cells = zip(*(np.asarray(column).tolist() for column in table.values()), strict=True)
            table = [dict(zip(table, row, strict=True)) for row in cells]
        _write(self.path / f"{name}.csv", list(table[0]), table)

    def update(self, name, rows, key):
        """Put rows (dicts) into a table, in the place of those with the same values of ``key``."""
        path = self.path / f"{name}.csv"
        new = [{k: _text(v) for k, v in row.items()} for row in rows]
        ours = {tuple(row[k] for k in key) for row in new}
        with _alone(self.path):
            kept = [row for row in read_rows(path) if tuple(row[k] for k in key) not in ours]
            _write(path, list(new[0]), kept + new)

    def configure(self, condition, config):
        """Keep a configuration (a dict) under the name of its condition."""
        path = self.path / "config.json"
        with _alone(self.path):
            known = json.loads(path.read_text()) if path.exists() else {}
            _replace(path, json.dumps(known | {condition: config}, indent=1) + "\n")

    def describe(self, page):
        """Keep what a page says of itself (a dict)."""
        with _alone(self.path):
            _replace(self.path / "page.json", json.dumps(page, indent=1) + "\n")

    def page(self):
        """What the page says of itself, as a dict; RunError if it is missing or damaged.

        ``theory``, ``page``, ``title``, ``text`` (its docstring), ``pairs`` (lists of two names)
        and ``conditions``: name -> ``label``, ``paper``, ``estimate``, ``look`` and ``epochs``, as
        in ``experiments.study.conditions``.
        """
        path = self.path / "page.json"
        try:
            return json.loads(path.read_text())
        except FileNotFoundError as error:
            raise self._missing(path) from error
        except ValueError as error:
            raise RunError(f"{path} is damaged: {error}") from error

    def headline(self, rows, arguments=()):
        """Put headline numbers into the summary.

        Rows have ``condition``, ``measure``, ``value``, and where they apply ``spread`` (a standard
        deviation), ``n``, ``epochs`` and ``paper`` (the paper's value); ``arguments`` are those of
        the command that found them.
        """
        line = shlex.join(("python", "-m", "experiments", self.experiment, *arguments))
        about = {"theory": self.theory, "experiment": self.experiment, "command": line}
        full = [dict.fromkeys(COLUMNS, "") | row | about for row in rows]
        self.update("headline", full, ("condition", "measure", "epochs"))
        gather(self.root)


class _Table(dict):
    """Columns by name."""

    def where(self, **values):
        """The rows that have these values in these columns, as a table."""
        mine = np.all([self[name] == value for name, value in values.items()], axis=0)
        return _Table(self.path, {name: column[mine] for name, column in self.items()})

    def __init__(self, path, columns):
        super().__init__(columns)
        self.path = path

    def __missing__(self, name):
        raise RunError(f"{self.path} has no column {name}: it was made by another version")


def joined(tables):
    """Tables of the same columns as one, one below the other."""
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def gather(root=ROOT):
    """Write ``summary.csv`` anew from the headlines of all experiments; returns its rows."""
    with _alone(Path(root)):
        rows = [
            row for path in sorted(Path(root).glob("*/*/headline.csv")) for row in read_rows(path)
        ]
        _write(Path(root) / "summary.csv", list(COLUMNS), rows)
    return rows


@contextmanager
def _alone(folder):
    """Wait for any other page that writes there: two may run at once, and share a table."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)  # which lets go


def read_rows(path):
    """Rows of a CSV file as dicts of str; none if there is no file."""
    try:
        with path.open(newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        return []


def _column(cells):
    try:
        return np.array([float(cell) if cell else np.nan for cell in cells])
    except ValueError:
        return np.array(cells)


def _text(value):
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)


def _write(path, columns, rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _text(row.get(key)) for key in columns} for row in rows)
    _replace(path, text.getvalue())


def _replace(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text)
    os.replace(part, path)
