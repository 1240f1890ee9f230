"""The data sheet of a cell: what was measured, beside its closed forms, as rows of tables."""

import numpy as np

from experiments.segregated import cell_formulae


class Sheet:
    """The data sheet of a cell: points of curves, single measures, and words, as rows of tables."""

    def __init__(self, name, cell):
        self.name, self.own = name, cell_formulae.of(cell)
        self.curves, self.measures, self.words = [], [], []

    def curve(self, name, x, y, closed=None):
        """Points x, with y (points,) or (points, copies); ``closed`` gives y of a ``Closed``."""
        y, n = np.asarray(y, dtype=float), 1
        spread = [""] * len(x)
        if y.ndim == 2:
            n, spread = y.shape[1], y.std(axis=1, ddof=1)
            y = y.mean(axis=1)
        expected = [
            np.broadcast_to(values, len(x)) if values is not None else [""] * len(x)
            for values in self._expected(closed)
        ]
        columns = ("x", "value", "spread", "n", "theory", "paper")
        for row in zip(x, y, spread, [n] * len(x), *expected, strict=True):
            entry = dict(zip(columns, row, strict=True))
            self.curves.append({"condition": self.name, "curve": name} | entry)
        return y

    def measure(self, name, value, closed=None, spread="", n=""):
        """One number; one that cannot be measured on this cell is left out."""
        if not np.isfinite(value):
            return
        own, paper = (v if v is not None and np.isfinite(v) else "" for v in self._expected(closed))
        numbers = {"value": value, "spread": spread, "n": n, "theory": own, "paper": paper}
        self.measures.append({"condition": self.name, "measure": name} | numbers)

    def note(self, place, text):
        """Why something cannot be measured on this cell, in a few words."""
        self._say("note", place, text)

    def variable(self, name, unit, meaning):
        """A variable of this cell's own, of which there are curves ``own_<name>_...``."""
        self._say("variable", name, f"{name} ({unit}): {meaning or name}")

    def about(self, text):
        """What the cell is, in a sentence."""
        self._say("about", "cell", f"{self.name}: {text}")

    def _say(self, kind, place, text):
        row = {"condition": self.name, "kind": kind, "place": place, "text": text}
        self.words.append(row)

    def values(self):
        """Measures by name: (value, theory)."""
        return {row["measure"]: (row["value"], row["theory"]) for row in self.measures}

    def _expected(self, closed):
        cells = (self.own, cell_formulae.PAPER)
        return [None if closed is None or cell is None else closed(cell) for cell in cells]
