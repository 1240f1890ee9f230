"""Records as plain tables: a folder of CSV files, and a README that says what is in them."""

import csv
from itertools import product
from typing import NamedTuple

import numpy as np

from experiments.run import files
from experiments.run.folder import RunError

CELLS = {"losses": "means"}  # kind -> table of its values for each cell, if not its own name
VARIABLES = "variables"  # the kind whose columns have no unit in their names
COLUMNS = {  # what all tables share
    "image": "image, counted from 0 in the order shown",
    "phase": "its phase",
    "population": "its name; from the input to the output",
    "cell": "cell of the population, counted from 0",
    "time_ms": "time since the first image's onset",
}
EVENT = ("time_ms", "image", "phase", "population", "cell")  # of a spike, or another event


class Table(NamedTuple):
    """A table: what it is, column -> its meaning, and its rows."""

    text: str
    columns: dict
    rows: object


def write(recorded, path):
    """Write a folder of tables at a path where there is nothing yet."""
    path.mkdir()
    found = {name: table for name, table in tables(recorded).items() if table.columns}
    for name, table in found.items():
        with files.replaced(path, f"{name}.csv") as part, part.open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.columns)
            writer.writerows(table.rows)
    files.write(path, "README.txt", _readme(recorded, found).encode())


def tables(recorded):
    """All tables by name; those of what was not recorded have no columns."""
    phases = recorded.phases
    columns = ("image", "phase", "start_ms", "end_ms")
    values = (phases.image, phases.name, phases.start, phases.end)
    rows = zip(*(x.tolist() for x in values), strict=True)
    said = ("", " or ".join(phases.names), "its start", "its end")
    found = {
        "images": _images(recorded),
        "phases": Table("phases", _columns(columns, said), rows),
        "spikes": _spikes(recorded),
        "cells": _counts(recorded),
    }
    for kind, populations in recorded.events.items():
        _add(found, kind, _events(recorded, kind, populations))
    for kind, populations in recorded.traces.items():
        columns = _quantities(recorded, kind, populations, lambda found: found[2])
        _add(found, kind, _traces(kind, populations, columns))
    for kind, populations in recorded.values.items():
        columns = _quantities(recorded, kind, populations, lambda found: found)
        alone = [n for n in columns if any(v[n].ndim == 1 for v in populations.values() if n in v)]
        apart = {name: column for name, column in columns.items() if name not in alone}
        _add(found, CELLS.get(kind, kind), _per_cell(kind, populations, apart))
        if alone:
            one = {name: columns[name] for name in alone}
            name = kind if kind in CELLS else f"{kind}_of_all"
            _add(found, name, _per_image(kind, populations, one))
    return found


def _add(found, name, table):
    if name.lower() in map(str.lower, found):  # which some systems take for one file
        raise RunError(f"--to csv: two tables would be called {name}")
    found[name] = table


def _images(recorded):
    starts, ends = recorded.span()
    columns = {"image": np.arange(len(starts)), "start_ms": starts, "end_ms": ends}
    said = ["", "its onset", "its end, where the next one begins"]
    columns |= recorded.images
    said += ["its class", recorded.places()]
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    return Table("images", _columns(columns, said), rows)


def _spikes(recorded):
    if not recorded.spikes:
        return Table("", {}, ())

    marks = recorded.named_marks()
    text = "spikes; for rates see cells.csv, where silent cells have rows, too"
    said = [*[""] * len(EVENT), *(recorded.told("spikes", mark) for mark in marks)]
    rows = _happened(recorded, recorded.spikes, marks)
    return Table(text, _columns((*EVENT, *marks), said), rows)


def _events(recorded, kind, populations):
    said = [recorded.told(kind)]
    return Table(f"{kind}: a row each", _columns(EVENT, said), _happened(recorded, populations))


def _happened(recorded, populations, marks=()):
    """A row for each spike, or other event, with its marks."""
    phases = recorded.phases
    for population, (i, t, _) in populations.items():
        place, own = recorded.phase_of(t), recorded.marks.get(population, {})
        where = phases.image[place].tolist(), phases.name[place].tolist()
        marked = (own[m].astype(int).tolist() if m in own else [""] * len(i) for m in marks)
        for time, image, phase, cell, *more in zip(
            t.tolist(), *where, i.tolist(), *marked, strict=True
        ):
            yield time, image, phase, population, cell, *more


def _counts(recorded):
    """Spikes and rate of every cell in each phase: a mean over these rows leaves out no cell."""
    spikes, phases = recorded.spikes, recorded.phases
    if not spikes:
        return Table("", {}, ())

    def rows():
        for population, (i, t, size) in spikes.items():
            counts = _counted(recorded, i, t, size)
            more = [
                _counted(recorded, *own[population])
                if population in own
                else np.full(counts.shape, "")
                for own in recorded.events.values()
            ]
            for k, (start, end, name, image, _) in enumerate(zip(*phases, strict=True)):
                duration = (end - start).item()
                each = (values[k].tolist() for values in (counts, *more))
                for cell, (count, *events) in enumerate(zip(*each, strict=True)):
                    where = image.item(), str(name), population, cell
                    yield *where, count, duration, 1e3 * count / duration, *events

    columns = ("image", "phase", "population", "cell", "spikes", "duration_ms", "rate_Hz")
    said = ("", "", "", "", "its spikes in the phase", "of the phase", "spikes/duration")
    columns += tuple(recorded.events)
    said += tuple(f"its {kind} in the phase" for kind in recorded.events)
    sizes = ", ".join(f"{name} {size}" for name, (_, _, size) in spikes.items())
    text = f"a row for each image, phase and cell, silent ones included: {sizes}"
    return Table(text, _columns(columns, said), rows())


def _counted(recorded, i, t, size):
    """How many of the times are in each phase, of each cell: (phases, cells)."""
    counts = np.zeros((len(recorded.phases.start), size), int)
    np.add.at(counts, (recorded.phase_of(t), i), 1)
    return counts


def _traces(kind, populations, columns):
    def rows():
        for population, (t, cells, values) in populations.items():
            traces = [values.get(name) for name in columns]
            for step, column in product(range(len(t)), range(len(cells))):
                row = (_cell(trace, step, column) for trace in traces)
                yield t[step].item(), population, cells[column].item(), *row

    text = f"{kind} at the end of each step, of the cells chosen"
    return _table(text, ("time_ms", "population", "cell"), columns, rows())


def _per_cell(kind, populations, columns):
    def rows():
        for population, values in populations.items():
            arrays = [values.get(name) for name in columns]
            shapes = [a.shape for a in arrays if a is not None]
            for image, cell in product(*map(range, shapes[0] if shapes else (0, 0))):
                yield image, population, cell, *(_cell(a, image, cell) for a in arrays)

    text = f"{kind}: a row for each image and cell"
    return _table(text, ("image", "population", "cell"), columns, rows())


def _per_image(kind, populations, columns):
    def rows():
        for population, values in populations.items():
            if any(name in values for name in columns):
                arrays = [values.get(name) for name in columns]
                for image in range(max(len(a) for a in arrays if a is not None)):
                    cells = ("" if a is None else a[image].item() for a in arrays)
                    yield image, population, *cells

    text = f"{kind}: a row for each image and population"
    return _table(text, ("image", "population"), columns, rows())


def _table(text, keys, columns, rows):
    """A table of quantities (name -> its column and its meaning); none without any."""
    if not columns:
        return Table("", {}, ())
    names, said = zip(*columns.values(), strict=True)
    return Table(text, _columns((*keys, *names), (*[""] * len(keys), *said)), rows)


def _quantities(recorded, kind, populations, values):
    """Name -> its column and its meaning, of what any population has."""
    found = {}
    for population, part in populations.items():
        for name in values(part):
            unit, text, _ = recorded.quantities[kind, population, name]
            if kind == VARIABLES:
                column = name, f"{text}; unit: {unit}"
            else:
                column = heading(name, unit), text if text == name else f"{text}, {name}"
            found.setdefault(name, column)
    return found


def heading(name, unit):
    """A quantity's name with its unit as the last word: "V_mV", "L_kHz2"."""
    text = unit.replace("^", "").replace("/", "_per_").replace(" ", "_")
    return name if unit == "1" else f"{name}_{text}"


def _cell(values, row, column):
    return "" if values is None else values[row, column].item()


def _columns(names, said=()):
    said = dict(zip(names, said, strict=False))
    return {name: said.get(name) or COLUMNS[name] for name in names}


def _readme(recorded, found):
    about = recorded.about
    lines = [
        f"Records of a simulated network: {about.title}.",
        f"Written on {about.start:%Y-%m-%d %H:%M:%S} UTC; SHA-256 {about.identifier}.",
        "Units are the last word of a column's name (mV, ms, Hz, kHz2: kHz squared); what has none",
        "is a pure number or a name. An empty cell: the population does not have this quantity.",
        recorded.left_out(),
    ]
    for name, table in found.items():
        lines += ["", f"{name}.csv: {table.text}"]
        lines += [f"    {column}: {text}" for column, text in table.columns.items()]
    return "\n".join(lines) + "\n"
