"""Which class was answered for which: the table of a test, and its file, which a spreadsheet reads.

A line of ``confusion.csv`` is a class that was shown, a column one that was answered. No name is
taken for a formula: a word stands before it.
"""

import csv
import io
from typing import NamedTuple

import numpy as np

from experiments.run.records import CLASSES, LETTERS

NAME = "confusion.csv"
HEAD, SHOWN, ANSWERED = "images", "shown ", "answered "
DIGITS = 12  # of a count


class Confusion(NamedTuple):
    """How many images of each class were given which answer.

    Attributes
    ----------
    names : tuple of str
        Of the classes.
    counts : ndarray of int, shape (classes, classes)
        A row for each class that was shown, a column for each answer.
    """

    names: tuple
    counts: np.ndarray


def count(answers, labels, names):
    """A ``Confusion`` of answers, shape (images, classes), to images of classes ``labels``."""
    counts = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(counts, (labels, answers.argmax(axis=1)), 1)
    return Confusion(tuple(names), counts)


def written(confusion):
    """The text of the file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([HEAD, *(ANSWERED + name for name in confusion.names)])
    for name, row in zip(confusion.names, confusion.counts.tolist(), strict=True):
        writer.writerow([SHOWN + name, *row])
    return text.getvalue()


def read(text):
    """A ``Confusion`` from the text of a file; ValueError if no run writes such."""
    try:
        (head, *columns), *rows = csv.reader(io.StringIO(text), strict=True)
    except (ValueError, csv.Error) as error:
        raise ValueError("it is no table") from error
    if head != HEAD or not 0 < len(columns) == len(rows) <= CLASSES:
        raise ValueError("it is no table of classes")
    if any(len(row) != 1 + len(columns) for row in rows):
        raise ValueError("its rows are not as long as the first")
    names = tuple(name.removeprefix(ANSWERED) for name in columns)
    if columns != [ANSWERED + name for name in names] or len(set(names)) < len(names):
        raise ValueError("its columns are not classes")
    if [row[0] for row in rows] != [SHOWN + name for name in names]:
        raise ValueError("its rows are of other classes than its columns")
    if not all(0 < len(name) <= LETTERS and name.isprintable() for name in names):
        raise ValueError("a class has no name that a run gives")
    counts = np.array([[_count(cell) for cell in cells] for _, *cells in rows])
    if not counts.any():
        raise ValueError("it counts no image")
    return Confusion(names, counts)


def _count(text):
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
        raise ValueError(f"{text[:20]!r} is no number of images")
    return int(text)
