"""Results that are kept: what an experiment found, small enough for git. Imports no Brian2.

``results/<theory>/<experiment>/`` holds tables (CSV), the configurations (``config.json``), the
command, the experiment's headline numbers, and what its page says of its conditions
(``page.json``); ``results/summary.csv`` gathers the headlines of all.
"""

import csv
import io
import os
import shlex
from contextlib import contextmanager
from pathlib import Path

import numpy as np

import experiments
from experiments.run import files, named
from experiments.run.folder import RunError

COLUMNS = ("theory", "experiment", "condition", "measure", "value", "spread", "n", "epochs")
COLUMNS += ("paper", "command")
ROOT = experiments.ROOT / "results"
LETTERS = 100  # of a column's name
FORMULA = "=+-@\t\r"  # what a cell begins with that a spreadsheet takes for a formula
ESTIMATE, LINE = (float, str, None), (str, [(float, [float])])
CONDITION = {"label?": str, "paper?": (float, None), "estimate?": (None, [ESTIMATE])}
CONDITION |= {"look?": (None, [LINE]), "epochs?": int}
PAGE = dict.fromkeys(("theory?", "page?", "title?", "text?", "paper?", "counts?"), str)
PAGE |= {"pairs?": [[str]], "conditions?": {...: CONDITION}}


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
        rows = self._rows(name)
        if not rows:
            raise self._missing(path)
        return _Table(
            path, {key: _column(path, key, [row[key] for row in rows]) for key in rows[0]}
        )

    def _rows(self, name):
        return read_rows(self.path / f"{name}.csv", self.root)

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
        _write(self.path / f"{name}.csv", list(table[0]), table, self.root)

    def update(self, name, rows, key):
        """Put rows (dicts) into a table, in the place of those with the same values of ``key``."""
        path = self.path / f"{name}.csv"
        new = [{k: _text(v) for k, v in row.items()} for row in rows]
        ours = {tuple(row[k] for k in key) for row in new}
        with _alone(self.path, self.root):
            there = self._rows(name)
            if there and not set(key) <= there[0].keys():
                raise RunError(f"{path} is damaged: it has no column {' or '.join(key)}")
            kept = [row for row in there if tuple(row[k] for k in key) not in ours]
            _write(path, list(new[0]), kept + new, self.root)

    def drop(self, name, stale):
        """Take rows out of a table: those, dicts of str, of which ``stale(row)`` is true."""
        with _alone(self.path, self.root):
            rows = self._rows(name)
            kept = [row for row in rows if not stale(row)]
            if len(kept) < len(rows):
                _write(self.path / f"{name}.csv", list(rows[0]), kept, self.root)

    def configure(self, condition, config):
        """Keep a configuration (a dict) under the name of its condition."""
        with _alone(self.path, self.root):
            known = self._json("config.json", {...: dict}) or {}
            self._keep("config.json", known | {condition: config})

    def describe(self, page):
        """Keep what a page says of itself (a dict)."""
        with _alone(self.path, self.root):
            self._keep("page.json", page)

    def _keep(self, name, values):
        text = named.dumps(values, indent=1) + "\n"
        files.write(self.root, f"{self.theory}/{self.experiment}/{name}", text.encode())

    def _json(self, name, shape):
        """Named values of a shape, None if there is no file; RunError if it is damaged."""
        path = self.path / name
        try:
            found = named.loads(files.text(self.root, path.relative_to(self.root)))
        except FileNotFoundError:
            return None
        except RunError:
            raise
        except ValueError as error:
            raise RunError(f"{path} is damaged: {error}") from error
        if not named.fits(found, shape):
            raise RunError(f"{path} is damaged: it is not what a page writes")
        return found

    def page(self):
        """What the page says of itself, as a dict; RunError if it is missing or damaged.

        ``theory``, ``page``, ``title``, ``text`` (its docstring), ``pairs`` (lists of two names)
        and ``conditions``: name -> ``label``, ``paper``, ``estimate``, ``look`` and ``epochs``, as
        in ``experiments.study.conditions``.
        """
        found = self._json("page.json", PAGE)
        if found is None:
            raise self._missing(self.path / "page.json")
        usual = dict.fromkeys(("title", "text"), self.experiment) | {"pairs": []}
        unsaid = {"paper": None, "estimate": None, "look": None, "epochs": 0}
        conditions = found.get("conditions", {}).items()
        conditions = {name: {"label": name} | unsaid | about for name, about in conditions}
        good = all(
            len(about["look"] or "123") == len(about["estimate"] or "123") == 3
            for about in conditions.values()
        )
        if not good or not all(found.get(key, "?").strip() for key in usual if key != "pairs"):
            raise RunError(f"{self.path / 'page.json'} is damaged: it is not what a page writes")
        return usual | found | {"conditions": conditions}

    def headline(self, rows, arguments=(), key=("condition", "measure", "epochs")):
        """Put headline numbers into the summary.

        Rows have ``condition``, ``measure``, ``value``, and where they apply ``spread`` (a standard
        deviation), ``n``, ``epochs`` and ``paper`` (the paper's value); ``arguments`` are those of
        the command that found them; they take the place of rows with the same values of ``key``.
        """
        line = shlex.join(("python", "-m", "experiments", self.experiment, *arguments))
        about = {"theory": self.theory, "experiment": self.experiment, "command": line}
        full = [dict.fromkeys(COLUMNS, "") | row | about for row in rows]
        self.update("headline", full, key)
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
    with _alone(Path(root), root):
        rows = [
            row
            for path in sorted(Path(root).glob("*/*/headline.csv"))
            for row in read_rows(path, root)
        ]
        _write(Path(root) / "summary.csv", list(COLUMNS), rows, root)
    return rows


@contextmanager
def _alone(folder, root):
    """Wait for any other page that writes there: two may run at once, and share a table."""
    files.inside(root, folder.relative_to(root)).mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        files.lock(handle, wait=True)
        yield
    finally:
        os.close(handle)  # which lets go


def read_rows(path, root=None):
    """Rows of a CSV file as dicts of str; none if there is no file.

    RunError if it is damaged, or leads out of ``root`` (default: the folder that it is in).
    """
    path = Path(path)
    root = path.parent if root is None else root
    try:
        text = files.text(root, path.relative_to(root))
        names, *rows = list(csv.reader(io.StringIO(text, newline=""), strict=True)) or [()]
    except FileNotFoundError:
        return []
    except csv.Error as error:
        raise RunError(f"{path} is damaged: {error}") from error
    if len(set(names)) < len(names) or any(len(row) != len(names) for row in rows if row):
        raise RunError(f"{path} is damaged: not every row has a cell for each column")
    if not all(name.isprintable() and len(name) <= LETTERS for name in names):
        raise RunError(f"{path} is damaged: a column has no name that a page gives")
    if not all(cell.isprintable() for row in rows for cell in row):
        raise RunError(f"{path} is damaged: it has a cell that is no line of text")
    if any(_is_formula(cell) for row in (names, *rows) for cell in row):
        raise RunError(f"{path} is damaged: it has a cell that a spreadsheet takes for a formula")
    return [dict(zip(names, row, strict=True)) for row in rows if row]


def _column(path, name, cells):
    """Numbers, or words: of numbers among words, all must be rows of numbers ("16.0 8.0")."""
    alone = [_are_numbers([cell]) for cell in cells if cell]
    if all(alone):
        return np.array([float(cell) if cell else np.nan for cell in cells])
    if any(alone) and not all(_are_numbers(cell.split()) for cell in cells):
        raise RunError(f"{path} is damaged: {name} has words among its numbers")
    return np.array(cells)


def _are_numbers(words):
    try:
        list(map(float, words))
    except ValueError:
        return False
    return True


def _is_formula(cell):
    return cell.startswith(tuple(FORMULA)) and not _are_numbers([cell])


def _text(value):
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)


def _write(path, columns, rows, root):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    cells = [{key: _text(row.get(key)) for key in columns} for row in rows]
    for cell in (*columns, *(cell for row in cells for cell in row.values())):
        if _is_formula(cell):
            raise RunError(f"{path}: a spreadsheet would take {cell!r} for a formula: rename it")
    writer.writeheader()
    writer.writerows(cells)
    files.write(root, path.relative_to(root), text.getvalue().encode())
