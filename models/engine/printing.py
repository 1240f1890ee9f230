"""What is simulated, as data that a file can hold, and as text.

All of it is made from the strings that run. ``same`` compares two descriptions by what is
simulated, whatever words and comments go with it.
"""

import hashlib
import re
from textwrap import dedent

import numpy as np
from brian2.utils.stringtools import get_identifiers

from models import units
from models.engine.circuit import SPIKE
from models.engine.device import parsed

WORDS = ("title", "meaning", "source")  # keys of the data that change nothing in a simulation
RULE = "=" * 78


# --- data -----------------------------------------------------------------------------------------


def described(circuit, moments, settings):
    """A circuit as data: dicts, lists, text and numbers, as JSON has them.

    Parameters
    ----------
    circuit : Circuit
    moments : mapping of name -> Moment
        For what they mean.
    settings : dict
        Name -> text: what no equation says.

    Returns
    -------
    dict
        ``cells`` (each with blocks of code, or ``like`` another), ``synapses``, ``order`` (of a
        step), ``parameters`` and ``settings``; ``inputs`` (name: numbers of an image) where there
        are further ones.
    """
    order = [moment for sweep in circuit.order for moment in sweep.moments]
    meanings = {name: moment.meaning for name, moment in moments.items()}
    cells = []
    for name, population in circuit.populations.items():
        about = {"name": name, "size": population.size, "integrator": population.cell.integrator}
        blocks = _blocks(population, order, meanings)
        like = [cell["name"] for cell in cells if cell.get("blocks") == blocks]
        cells.append(about | ({"like": like[0]} if like else {"blocks": blocks}))
    more = {"inputs": dict(circuit.inputs)} if circuit.inputs else {}
    return more | {
        "cells": cells,
        "synapses": [_projection(name, p) for name, p in circuit.projections.items()],
        "order": [
            {"moments": list(sweep.moments), "along": sweep.along} for sweep in circuit.order
        ],
        "parameters": _parameters(circuit),
        "settings": settings,
    }


def _blocks(population, order, meanings):
    _, cell, events = population
    found = [_block(part, "equations", code) for part, code in cell.parts.items() if code.strip()]
    if cell.rest:
        rest = "\n".join(f"{name} = {value}" for name, value in cell.rest.items())
        found.append(_block("at rest", "statements", rest))
    for moment in order:
        if cell.moments.get(moment):
            code, meaning = cell.moments[moment], meanings.get(moment, "in each step")
            found.append(_block(f"at {moment}", "statements", code, meaning))
        if moment in events:
            where = "it fires where" if moment == SPIKE else "it sends where"
            where = "; ".join(filter(None, (events[moment].about, where)))
            found.append(_block(f"at {moment}", "condition", events[moment].condition, where))
            if events[moment].own:
                own = events[moment].own
                found.append(_block(f"at its own {moment}", "statements", own))
    return found


def _block(name, kind, code, meaning=""):
    return {"name": name, "kind": kind, "code": stripped(code), "meaning": meaning}


def _projection(name, projection):
    rows = [{"when": f"at {m}", "code": one_line(c)} for m, c in projection.statements.items()]
    for path in projection.pathways.values():
        end = projection.source if path.by == "pre" else projection.target
        when = f"{path.event} of {end}" + (f", at {path.at}" if path.at else "")
        when += f", {units.written(path.delay)} later" if path.delay else ""
        rows.append({"when": when, "code": one_line(path.code)})
    about = {
        "name": name,
        "from": projection.source,
        "to": projection.target,
        "equations": stripped(projection.equations),
        "rows": rows,
    }
    if projection.parsed.diff_eq_names:
        about["integrator"] = projection.integrator
    if projection.pairs is not None:
        pairs = np.array(projection.pairs, dtype="<i8")
        about |= {"pairs": pairs.shape[1], "drawn": hashlib.sha256(pairs.tobytes()).hexdigest()}
    return about


def _parameters(circuit):
    """Rows of the symbols that the text of a population, or of synapses onto it, names."""
    rows = {}
    for name, (_, cell, events) in circuit.populations.items():
        texts = [*cell.parts.values(), *cell.moments.values(), *cell.rest.values()]
        texts += [text for event in events.values() for text in event.code]
        onto, symbols = [p for p in circuit.projections.values() if p.target == name], {}
        for projection in onto:
            texts += [projection.equations, *(p.code for p in projection.pathways.values())]
            texts += projection.statements.values()
            symbols |= dict(projection.symbols)
        used = get_identifiers(re.sub("#.*", "", "\n".join(texts)))
        for row in parameters(cell, used, dict(circuit.symbols) | symbols):
            rows.setdefault(row, []).append(name)
    columns = ("symbol", "value", "unit", "source")
    return [
        dict(zip(columns, row, strict=True)) | {"cells": ", ".join(cells)}
        for row, cells in rows.items()
    ]


def parameters(cell, used, more=None):
    """Rows (symbol, value, unit, source) of a cell's parameters and constants, as far as used.

    Parameters
    ----------
    cell : Cell
    used : collection of str
        Symbols.
    more : dict, optional
        Symbols of the network, beside those of the cell.
    """
    about = getattr(cell.params, "about", {})
    usual, kind = cell.namespace, type(cell.params)
    if len(kind._field_defaults) == len(kind._fields):  # else it is one of several kinds
        usual = cell._replace(params=kind()).namespace
    rows = []
    for name, value in ((more or {}) | cell.namespace).items():
        if name not in used:
            continue
        unit, source = about.get(name, (None, "a constant of these cells"))
        if name not in cell.namespace:
            source = "of the network"
        number, unit = units.number(value, unit)
        if name in about and value != usual[name]:
            source = f"this variant; usually {units.number(usual[name], unit)[0]:g} ({source})"
        rows.append((name, f"{number:g}", unit, source))
    return rows


def meanings(parts):
    """Variable -> the comment beside its equation, where there is one; ``parts`` are strings."""
    found = {}
    for code in parts:
        equation = ""
        for line in code.splitlines():
            more, _, comment = (part.strip() for part in line.partition("#"))
            equation = f"{equation} {more}".strip()  # one may go over several lines
            if ":" in equation:
                if comment:
                    found |= dict.fromkeys(parsed(equation).names, comment)
                equation = ""
    return found


# --- text -----------------------------------------------------------------------------------------


def text(model):
    """A description as plain text: what is written into a run folder as ``equations.txt``."""
    parts = []
    for cell in model["cells"]:
        head = f"{cell['name']}: {cell['size']} cells"
        if "like" in cell:
            parts.append(f"{head}, as {cell['like']}\n")
            continue
        how = f", integrator {cell['integrator']}" if cell["integrator"] else ""
        parts.append(f"{head}{how}\n{RULE}")
        parts += [block_text(block) for block in cell["blocks"]]
    rest = (
        ("inputs", inputs_text),
        ("synapses", synapses_text),
        ("order", order_text),
        ("parameters", table),
        ("settings", settings_text),
    )
    return "\n".join([*parts, *(show(model[key]) for key, show in rest if model.get(key))])


def block_text(block):
    """A block of code under its name."""
    meaning = f": {block['meaning']}" if block["meaning"] else ""
    return f"# {block['name']}{meaning}\n{block['code']}\n"


def inputs_text(inputs):
    """What is given of each image beside its pixels and its label."""
    lines = [f"{name:<12} {columns or 1} of each image" for name, columns in inputs.items()]
    return "\n".join(["inputs", RULE, *lines, ""])


def synapses_text(synapses):
    """All projections: their equations, and a line for each thing that they do."""
    lines = ["synapses", RULE]
    for projection in synapses:
        head = f"{projection['name']}, {projection['from']} to {projection['to']}"
        if "pairs" in projection:
            head += f", {projection['pairs']} synapses"
        if "integrator" in projection:
            head += f", integrator {projection['integrator']}"
        equations = projection["equations"].splitlines()
        if len(equations) < 2:
            lines.append(f"{head}: {projection['equations']}")
        else:
            lines += [f"{head}:", *(f"    {equation}" for equation in equations)]
        lines += [f"    {row['when']:<32} {row['code']}" for row in projection["rows"]]
    return "\n".join([*lines, ""])


def order_text(order):
    """The moments of a step in their order."""
    along = {"up": "from the input up", "down": "from the output down", "": "everywhere"}
    lines = [f"{', '.join(sweep['moments']):<60} {along[sweep['along']]}" for sweep in order]
    return "\n".join(["order within a step", RULE, *lines, ""])


def table(parameters):
    """Rows of parameters as a table of Markdown."""
    lines = ["| symbol | value | unit | cells | source |", "|---|---|---|---|---|"]
    for row in parameters:
        cells = (row[key] for key in ("symbol", "value", "unit", "cells", "source"))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def settings_text(settings):
    """What no equation says, a line each."""
    return "\n".join([*(f"{name:<12} {value}" for name, value in settings.items()), ""])


def stripped(code):
    """Code without the indentation that it has in its file."""
    return dedent(code).strip("\n").rstrip()


def one_line(code):
    """Code in one line."""
    return "; ".join(line.strip() for line in code.strip().splitlines())


# --- comparing ------------------------------------------------------------------------------------


def same(one, other):
    """Whether two descriptions are of the same simulation; JSON may have been in between."""
    return _plain(one) == _plain(other)


def _plain(value):
    """Data without words, comments and spaces."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k not in WORDS}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return re.sub(r"#[^;\n]*|[;\s]+", "", value)  # equations of older files stand in one line
    return value
