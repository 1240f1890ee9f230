"""Records as plain tables: a folder of CSV files, and a README that says what is in them."""

import csv
from itertools import product
from typing import NamedTuple

import numpy as np

from analysis.exporting.recorded import meaning, unit

COLUMNS = {  # what all tables share
    "image": "image, counted from 0 in the order shown",
    "population": "input, hidden_0 ... (from the input upwards), output",
    "cell": "cell of the population, counted from 0",
    "time_ms": "time since the first image's onset",
}


class Table(NamedTuple):
    """A table: what it is, column -> its meaning, and its rows."""

    text: str
    columns: dict
    rows: object


def write(recorded, path):
    """Write a folder of tables.

    Parameters
    ----------
    recorded : Recorded
    path : Path
        A folder that does not exist.
    """
    path.mkdir()
    found = {name: table for name, table in tables(recorded).items() if table.columns}
    for name, table in found.items():
        with (path / f"{name}.csv").open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.columns)
            writer.writerows(table.rows)
    (path / "README.txt").write_text(_readme(recorded, found), encoding="utf-8")


def tables(recorded):
    """All tables by name; those of what was not recorded have no columns."""
    phases = recorded.phases
    columns = ("image", "phase", "start_ms", "end_ms")
    values = (phases.image, phases.name, phases.start, phases.end)
    rows = zip(*(x.tolist() for x in values), strict=True)
    said = ("", "forward, or target (with teaching current)", "its start", "its end")
    return {
        "images": _images(recorded),
        "phases": Table("phases", _columns(columns, said), rows),
        "spikes": _spikes(recorded.spikes),
        "voltages": _voltages(recorded.voltages),
        "variables": _variables(recorded.variables),
        "plateaus": _per_cell("plateau potentials", recorded.plateaus),
        "means": _per_cell("what the losses are made from, cell by cell", recorded.losses),
        "losses": _losses(recorded.losses),
    }


def _images(recorded):
    starts, ends = recorded.span()
    columns = {"image": np.arange(len(starts)), "start_ms": starts, "end_ms": ends}
    said = ["", "its onset", "its end, where the next one begins"]
    columns |= recorded.images
    said += ["its class", "its place among the images that the run was tested on, from 0"]
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    return Table("images", _columns(columns, said), rows)


def _spikes(spikes):
    if not spikes:
        return Table("", {}, ())
    rows = (
        (time, name, cell)
        for name, (i, t, _) in spikes.items()
        for time, cell in zip(t.tolist(), i.tolist(), strict=True)
    )
    sizes = ", ".join(f"{name} {size}" for name, (_, _, size) in spikes.items())
    text = f"spikes; cells of each population, silent ones included: {sizes}"
    return Table(text, _columns(("time_ms", "population", "cell")), rows)


def _voltages(voltages):
    names = _names(voltages, lambda found: found[2])
    if not names:
        return Table("", {}, ())
    columns = ("time_ms", "population", "cell", *map(unit, names))
    said = ("", "", "", *map(meaning, names))
    text = "potentials at the end of each step, of the cells chosen; the output cell has no V_a"
    return Table(text, _columns(columns, said), _traces(voltages, names))


def _variables(variables):
    units = {k: trace.unit for _, _, found in variables.values() for k, trace in found.items()}
    if not units:
        return Table("", {}, ())
    values = {
        population: (t, cells, {name: trace.values for name, trace in found.items()})
        for population, (t, cells, found) in variables.items()
    }
    columns = ("time_ms", "population", "cell", *units)
    said = [f"variable of the cell; unit: {text}" for text in units.values()]
    text = "further variables of the cells chosen, at the end of each step"
    return Table(text, _columns(columns, ("", "", "", *said)), _traces(values, list(units)))


def _traces(found, names):
    """A row for each step and cell."""
    for population, (t, cells, values) in found.items():
        traces = [values.get(name) for name in names]
        for step, column in product(range(len(t)), range(len(cells))):
            row = (_cell(trace, step, column) for trace in traces)
            yield t[step].item(), population, cells[column].item(), *row


def _per_cell(text, found):
    names = [name for name in _names(found, lambda values: values) if name != "L"]
    if not names:
        return Table("", {}, ())

    def rows():
        for population, values in found.items():
            arrays = [values.get(name) for name in names]
            images, size = next(a.shape for a in arrays if a is not None)
            for image, cell in product(range(images), range(size)):
                yield image, population, cell, *(_cell(a, image, cell) for a in arrays)

    columns = ("image", "population", "cell", *map(unit, names))
    return Table(text, _columns(columns, ("", "", "", *map(meaning, names))), rows())


def _losses(losses):
    found = {population: values["L"] for population, values in losses.items() if "L" in values}
    if not found:
        return Table("", {}, ())
    rows = ((k, name, L) for name, values in found.items() for k, L in enumerate(values.tolist()))
    columns = _columns(("image", "population", unit("L")), ("", "", meaning("L")))
    return Table("losses of the layers", columns, rows)


def _names(found, values):
    """Names of quantities that any population has, in order."""
    return list(dict.fromkeys(name for part in found.values() for name in values(part)))


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
