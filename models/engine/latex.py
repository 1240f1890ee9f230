"""A cell's equations as LaTeX, with the paper's symbols, and with units."""

import re

import sympy
from brian2 import Quantity
from brian2.equations.equations import DIFFERENTIAL_EQUATION, PARAMETER
from brian2.parsing.sympytools import str_to_sympy

from models import units
from models.engine.device import readable, shown

SMALL = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "phi chi psi omega"
)
GREEK = {*SMALL.split(), *"Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split()}
STATEMENT = re.compile(r"(\w+)\s*([-+*/]?)=\s*(.*)")
OPERATORS = {"+": "+", "-": "-", "*": r"\cdot", "/": "/"}


def symbol(name):
    """A name as in the paper: ``V_a_bar`` with a bar and a subscript, ``phi_star`` with a star."""
    if name in ("mV", "ms", "Hz"):
        return rf"\mathrm{{{name}}}"
    base, *marks = name.split("_")
    if base in GREEK and len(base) > 1:
        shown = rf"\{base}"
    else:
        shown = base if len(base) == 1 else rf"\mathrm{{{base}}}"
    if "bar" in marks:
        shown = rf"\bar{{{shown}}}"
    below = [mark for mark in marks if mark not in ("bar", "star")]
    text = ",".join(mark if len(mark) == 1 else rf"\mathrm{{{mark}}}" for mark in below)
    return shown + (f"_{{{text}}}" if text else "") + ("^{*}" if "star" in marks else "")


def aligned(equations):
    """What has an equation, as an ``aligned`` environment: a line each, with the variable's unit.

    Parameters
    ----------
    equations : brian2.Equations
        In the order of the cell's parts.
    """
    lines = []
    for equation in equations.values():
        if equation.type != PARAMETER:
            name, unit = symbol(equation.varname), _unit(equation.dim)
            rate = equation.type == DIFFERENTIAL_EQUATION
            left = rf"\frac{{\mathrm{{d}}{name}}}{{\mathrm{{d}}t}}" if rate else name
            right = expression(equation.expr.code)
            lines.append(rf"{left} &= {right} && {_measured(name, unit) if unit else ''}".strip())
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def held(equations):
    """What has no equation, as symbols with units: moments and synapses set it."""
    return ", ".join(
        f"${_measured(symbol(equation.varname), _unit(equation.dim))}$"
        for equation in equations.values()
        if equation.type == PARAMETER
    )


def expression(code):
    """The right-hand side of an equation."""
    with readable():
        parsed = sympy.sympify(str_to_sympy(code))  # "False" is Python's own there
    names = {s: symbol(s.name) for s in parsed.free_symbols}
    return sympy.latex(parsed, symbol_names=names).replace("_{}", "")  # Brian2's int is ``int_``


def _measured(name, unit):
    return rf"{name}\ {unit}" if unit else name


def _unit(dim):
    unit = units.of(Quantity(1.0, dim=dim)).latex
    return rf"[\mathrm{{{unit}}}]" if unit else ""


def statements(code):
    """Statements as lines of ``align*``: what each of them makes of a variable."""
    lines = []
    bare = (line.partition("#")[0].strip() for line in code.splitlines())
    for line in filter(None, bare):
        found = STATEMENT.fullmatch(line)
        if not found:
            raise ValueError(f"not a statement of one line: {shown(line)}")
        left, change, right = found.groups()
        name, made = symbol(left), expression(right)
        if change:
            several = change != "+" and str_to_sympy(right).is_Add
            made = f"{name} {OPERATORS[change]} " + (rf"\left({made}\right)" if several else made)
        lines.append(rf"{name} &\leftarrow {made}")
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"
