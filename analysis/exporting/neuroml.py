"""The cells of a run for NeuroML: one LEMS file with a ComponentType for each population.

LEMS is the language in which NeuroML 2 defines what cells are (Cannon et al. 2014,
https://doi.org/10.3389/fninf.2014.00079); its tools are jNeuroML and PyLEMS (Vella et al. 2014,
https://doi.org/10.3389/fninf.2014.00023). The types are made from the equations of ``model.json``,
as they were run: differential equations, what these need, and what follows from them; a parameter
for each constant, and for each state that is set from outside, such as a bias; an event port for
each pathway. What happens at moments of an image (averages, plateaus, learning) and the chance by
which a cell fires has no place in LEMS: whoever uses a type makes events of the rate that it tells.
"""

import ast
import math
import re
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import SubElement

from analysis import reading
from experiments.run.folder import RunError
from experiments.run.records import is_name

CHANGES = re.compile(r"d(\w+)/dt")
ADDED = re.compile(r"(\w+)_post\s*\+=\s*w")
BASE = "mltik"  # mass, length, time, current, temperature: the dimensions of LEMS, in SI units
UNITS = {  # of equations and of parameters -> factor to SI, exponents of ``BASE``
    "1": (1.0, (0, 0, 0, 0, 0)),
    "second": (1.0, (0, 0, 1, 0, 0)),
    "s": (1.0, (0, 0, 1, 0, 0)),
    "Hz": (1.0, (0, 0, -1, 0, 0)),
    "volt": (1.0, (1, 2, -3, -1, 0)),
    "V": (1.0, (1, 2, -3, -1, 0)),
    "amp": (1.0, (0, 0, 0, 1, 0)),
    "A": (1.0, (0, 0, 0, 1, 0)),
    "siemens": (1.0, (-1, -2, 3, 2, 0)),
    "S": (1.0, (-1, -2, 3, 2, 0)),
    "farad": (1.0, (-1, -2, 4, 2, 0)),
    "F": (1.0, (-1, -2, 4, 2, 0)),
    "m": (1.0, (0, 1, 0, 0, 0)),
    "g": (1e-3, (1, 0, 0, 0, 0)),
    "K": (1.0, (0, 0, 0, 0, 1)),
}
PREFIXES = {"k": 1e3, "c": 1e-2, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12}
# What Python says of a text that is no formula, or too deep.
NO_FORMULA = (SyntaxError, ValueError, TypeError, RecursionError, MemoryError)
FUNCTIONS = ("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "abs", "ceil")
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}


class Line(NamedTuple):
    """A line of equations: its variable, its right side (None: set from outside), its unit."""

    name: str
    code: str | None
    unit: str
    differential: bool


class Cells(NamedTuple):
    """What is written: population -> its lines; parameters and pathways of each; a title."""

    title: str
    lines: dict
    values: dict  # population -> symbol -> (value in SI, exponents)
    ports: dict  # population -> name of a pathway -> the variable to which it adds its weight

    def left_out(self):
        """A sentence on what is not there."""
        return (
            "LEMS has no moments of an image and no chance in each step: averages, plateaus, "
            "learning and firing are left out."
        )


def load(run):
    """The cells of a run that have differential equations, as ``Cells``.

    Raises
    ------
    RunError
        If it is no run folder, has no such cell, or an equation has no words in LEMS.
    """
    title, model = reading.headline(run), reading.model(run)
    told = {cell["name"]: cell for cell in model.get("cells", ())}
    lines = {}
    for name, cell in told.items():
        blocks = told.get(cell.get("like"), cell).get("blocks", ())
        found = [
            line
            for block in blocks
            if block["kind"] == "equations"
            for line in _lines(block["code"], name)
        ]
        wanted = _wanted({line.name: line for line in found})
        if any(line.differential for line in wanted):
            lines[name] = wanted
    if not lines:
        raise RunError(f"--to neuroml: no cell of {run.path} has differential equations")
    values = {name: {} for name in lines}
    for about in model.get("parameters", ()):
        for name in (one for one in lines if one in about["cells"].split(", ")):
            symbol = reading.line(about["symbol"])
            factor, exponents = _unit(about["unit"], f", of {symbol} in {name},")
            values[name][symbol] = _number(symbol, about["value"]) * factor, exponents
    ports = {name: _ports(model, name, lines[name]) for name in lines}
    return Cells(title, lines, values, ports)


def _number(symbol, text):
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise RunError(f"--to neuroml: {symbol} is no number")
    return value


def _lines(code, name):
    for line in code.splitlines():
        text = line.partition("#")[0].strip()
        if not text:
            continue
        left, _, unit = text.partition(":")
        variable, _, code = (part.strip() for part in left.partition("="))
        state = CHANGES.fullmatch(variable)
        line = Line(
            state[1] if state else variable,
            code or None,
            unit.partition("(")[0].strip(),
            bool(state),
        )
        if not line.name.isidentifier() or (state and not code):
            raise RunError(f"--to neuroml: {reading.line(text)!r} of {name} is no equation")
        yield line


def _wanted(lines):
    """The differential equations, what they need, and what follows from these alone."""
    found = [line.name for line in lines.values() if line.differential]
    for name in found:  # which grows
        found += [n for n in _names(lines[name].code) if n in lines and n not in found]
    follows = True
    while follows:
        follows = [
            line.name
            for line in lines.values()
            if line.code and line.name not in found
            if all(n in found or n not in lines for n in _names(line.code))
            if not {"dt", "i", "t"} & set(_names(line.code))
        ]
        found += follows
    needs = {line.name: _needs(line, lines) for line in lines.values() if line.name in found}
    try:  # tools of LEMS want what a derived variable needs before it
        return [lines[name] for name in TopologicalSorter(needs).static_order()]
    except CycleError as error:
        raise RunError(f"--to neuroml: {error.args[1][0]} needs itself") from error


def _needs(line, lines):
    """What has to be known before a line; what changes by itself is known at any time."""
    return [] if line.differential else [n for n in _names(line.code) if n in lines]


def _names(code):
    return re.findall(r"[A-Za-z_]\w*", code or "")


def _ports(model, name, lines):
    """Pathways into a cell whose spikes add their weight to one of its states."""
    found, states = {}, {line.name for line in lines if line.differential}
    for synapses in model.get("synapses", ()):
        rows = [r["code"] for r in synapses["rows"] if r["when"] == f"spike of {synapses['from']}"]
        added = ADDED.fullmatch(rows[0].strip()) if len(rows) == 1 else None
        if synapses["to"] == name and added and added[1] in states and is_name(synapses["name"]):
            found[synapses["name"]] = added[1]
    return found


def _unit(text, where=""):
    """Factor to SI and exponents of a unit, as equations ("volt*second") and tables write it.

    ``where`` says in the sentence of a RunError what has it.
    """
    try:
        tree = ast.parse(re.sub(r"\s+(?=\w)", "*", text.strip()).replace("^", "**"), mode="eval")
        return _product(tree.body)
    except (ArithmeticError, AttributeError, KeyError, *NO_FORMULA) as error:
        raise RunError(f"--to neuroml: {reading.line(text)!r}{where} is no unit of LEMS") from error


def _product(node):
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        sign = 1 if isinstance(node.op, ast.Mult) else -1
        (one, first), (two, second) = _product(node.left), _product(node.right)
        return one * two**sign, tuple(a + sign * b for a, b in zip(first, second, strict=True))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        (one, first), power = _product(node.left), ast.literal_eval(node.right)
        if not isinstance(power, int):
            raise TypeError("dimensions of LEMS are whole")
        return one**power, tuple(power * a for a in first)
    name = node.id if isinstance(node, ast.Name) else str(node.value)
    if name in UNITS:
        return UNITS[name]
    factor, exponents = UNITS[name[1:]]
    return PREFIXES[name[0]] * factor, exponents


def _formula(code, name):
    """An expression in the words of LEMS."""

    def said(node):
        if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
            return f"({said(node.left)} {SIGNS[type(node.op)]} {said(node.right)})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"(-1 * {said(node.operand)})"
        if isinstance(node, ast.Name):
            return node.id
        if _is_number(node):
            return str(node.value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FUNCTIONS:
            if len(node.args) == 1 and not node.keywords:
                return f"{node.func.id}({said(node.args[0])})"
        raise RunError(f"--to neuroml: {reading.line(code)!r} of {name} has no words in LEMS")

    try:
        return said(ast.parse(code, mode="eval").body)
    except RunError:
        raise
    except NO_FORMULA as error:
        raise RunError(f"--to neuroml: {reading.line(code)!r} of {name} is no formula") from error


def _is_number(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


# --- writing --------------------------------------------------------------------------------------


def write(cells, path):
    """Write a LEMS file at a path where there is nothing yet."""
    root = ElementTree.Element("Lems")
    dimensions = {}

    def dimension(exponents):
        if not any(exponents):
            return "none"
        return dimensions.setdefault(exponents, _called(exponents))

    made = []
    for name, lines in cells.lines.items():
        made += _type(name, lines, cells.values[name], cells.ports[name], dimension)
    for exponents, called in dimensions.items():
        powers = {b: str(e) for b, e in zip(BASE, exponents, strict=True) if e}
        SubElement(root, "Dimension", {"name": called} | powers)
        SubElement(root, "Unit", {"symbol": f"SI_{called}", "dimension": called, "power": "0"})
    root.extend(made)
    root.insert(0, ElementTree.Comment(re.sub("-+", "-", f" {cells.title} ")))
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _called(exponents):
    """The name of a dimension: "t_1" of time, "m1_l2_t_3_i_1" of voltage (_ is minus)."""
    powers = [f"{b}{e}".replace("-", "_") for b, e in zip(BASE, exponents, strict=True) if e]
    return "dim_" + "_".join(powers)


def _type(name, lines, values, ports, dimension):
    """A ComponentType, and a Component of it with the values of the run."""
    kind = ElementTree.Element("ComponentType", {"name": f"{name}_cell"})
    one = ElementTree.Element("Component", {"id": name, "type": f"{name}_cell"})
    own = {line.name: _unit(line.unit)[1] for line in lines}

    def parameter(symbol, exponents, value=0.0):
        SubElement(kind, "Parameter", {"name": symbol, "dimension": dimension(exponents)})
        one.set(symbol, _quantity(value, dimension(exponents)))

    used = {n for line in lines for n in _names(line.code)}
    for symbol in sorted(used - own.keys() - set(FUNCTIONS)):
        if symbol in values:
            value, exponents = values[symbol]
            parameter(symbol, exponents, value)
        else:  # a unit
            value, exponents = _unit(symbol)
            about = {"name": symbol, "dimension": dimension(exponents)}
            SubElement(kind, "Constant", about | {"value": _quantity(value, about["dimension"])})
    for line in lines:
        if line.code is None:  # it is set from outside
            parameter(line.name, own[line.name])
        elif line.differential:  # where it begins
            parameter(f"{line.name}_0", own[line.name])
    for port, variable in ports.items():
        parameter(f"w_{port}", own[variable])
        SubElement(kind, "EventPort", {"name": port, "direction": "in"})
    told = [line for line in lines if line.code is not None]
    for line in told:
        about = {"name": line.name, "dimension": dimension(own[line.name])}
        SubElement(kind, "Exposure", about)
    kind.append(
        _dynamics(name, told, ports, {line.name: dimension(own[line.name]) for line in told})
    )
    return [kind, one]


def _quantity(value, dimension):
    return repr(value) if dimension == "none" else f"{value!r} SI_{dimension}"


def _dynamics(name, lines, ports, dimensions):
    """What happens to the variables, which are lines with a right side."""
    made, changes = ElementTree.Element("Dynamics"), [line for line in lines if line.differential]
    for line in lines:
        about = {"name": line.name, "dimension": dimensions[line.name], "exposure": line.name}
        if line.differential:
            SubElement(made, "StateVariable", about)
        else:
            SubElement(made, "DerivedVariable", about | {"value": _formula(line.code, name)})
    for line in changes:
        about = {"variable": line.name, "value": _formula(line.code, name)}
        SubElement(made, "TimeDerivative", about)
    start = SubElement(made, "OnStart")
    for line in changes:
        about = {"variable": line.name, "value": f"{line.name}_0"}
        SubElement(start, "StateAssignment", about)
    for port, variable in ports.items():
        event = SubElement(made, "OnEvent", {"port": port})
        about = {"variable": variable, "value": f"{variable} + w_{port}"}
        SubElement(event, "StateAssignment", about)
    return made
