"""How equations are stepped: traces exactly, then the potentials that they drive.

The order within a step is that of the authors' code: the dendrites take their new
value first and the soma follows. Brian2 generates every formula; this file only says which
equations go first.
"""

import reprlib

import sympy
from brian2 import Equations
from brian2.core.variables import Variable
from brian2.equations.equations import DIFFERENTIAL_EQUATION, PARAMETER, SingleEquation
from brian2.parsing.sympytools import str_to_sympy
from brian2.stateupdaters.base import StateUpdateMethod, UnsupportedEquationsException
from brian2.utils.stringtools import get_identifiers


def integrate(integrator):
    """A Brian2 state updater: filtered trains exactly, then potentials by ``integrator``.

    Parameters
    ----------
    integrator : str
        "exact" steps each potential exponentially towards where its dendrites, at their new
        values, pull it; "euler" is the authors' code; any other name is Brian2's own.

    Raises
    ------
    ValueError
        For a name that Brian2 does not know.
    UnsupportedEquationsException
        When generating code, if the equations do not suit the integrator.
    """
    registered = StateUpdateMethod.stateupdaters
    name = {"exact": "exponential_euler"}.get(integrator, integrator)
    if name not in registered:
        known = ", ".join(sorted(registered))
        raise ValueError(f"unknown integrator {reprlib.repr(integrator)}: choose from {known}")

    def update(equations, variables=None, method_options=None):
        code = []
        traces, potentials = _split(equations)
        code += [_formula("exact", group, variables) for group in traces]
        if potentials:
            try:
                code.append(_formula(name, potentials, variables))
            except UnsupportedEquationsException as error:
                other = "euler" if potentials.is_stochastic else "rk4"
                raise UnsupportedEquationsException(
                    f"the integrator {reprlib.repr(integrator)} cannot step these equations; "
                    f"try integrator={other!r} ({error})"
                ) from error
        return "\n".join(code)

    return update


def stepped(equations, integrator):
    """Equations without their flows, and one step of these as statements.

    Parameters
    ----------
    equations : Equations
    integrator : str
        An explicit one of Brian2's, such as "euler".

    Returns
    -------
    equations : Equations
        With parameters in the place of differential equations.
    step : str
    """
    step = StateUpdateMethod.stateupdaters[integrator](equations)
    held = [
        SingleEquation(PARAMETER, e.varname, e.dim, e.var_type)
        if e.type == DIFFERENTIAL_EQUATION
        else e
        for e in equations.values()
    ]
    return Equations(held), f"{step}\n"


_solved = {}  # formulas: a second of symbolic work each, and the same whenever a cell is built


def _formula(name, equations, variables):
    """Brian2's formula of one step, worked out once for the same equations."""
    expressions = [(n, str(e)) for n, e in equations.get_substituted_expressions()]
    used = set().union(*(get_identifiers(text) for _, text in expressions))
    found = ((n, v) for n, v in (variables or {}).items() if n in used)
    kinds = [(n, v.constant, v.scalar, str(v.dtype)) for n, v in found if isinstance(v, Variable)]
    key = (name, tuple(sorted(expressions)), tuple(sorted(kinds)))
    if key not in _solved:
        lines = StateUpdateMethod.stateupdaters[name](equations, variables).split("\n")
        # Brian2 keeps noise in a set: without an order, each process would draw in its own.
        drawn = sorted(line for line in lines if line.startswith("xi"))
        _solved[key] = "\n".join(drawn + [line for line in lines if not line.startswith("xi")])
    return _solved[key]


def _split(equations):
    """Traces (a variable that only decays, with those that it drives) one by one, and the rest.

    One by one, as Brian2 would take the matrix exponential of all at once, which takes seconds.
    """
    flows = {
        name: expression.code
        for name, expression in equations.get_substituted_expressions()
        if name in equations.diff_eq_names
    }
    known = equations.diff_eq_names | equations.parameter_names
    uses = {name: get_identifiers(code) & known for name, code in flows.items()}
    linear = {name for name, code in flows.items() if _linear(code, uses[name])}
    traces = {
        name: {name} | {n for n in linear if uses[n] == {n, name}}
        for name in flows
        if name in linear and uses[name] == {name}
    }
    rest = set(uses).difference(*traces.values())
    return [_only(equations, group) for group in traces.values()], _only(equations, rest)


def _linear(code, names):
    """Whether a flow is linear in some variables, and without noise."""
    if any(name.startswith("xi") for name in get_identifiers(code)):
        return False
    flow, symbols = str_to_sympy(code), [sympy.Symbol(name, real=True) for name in names]
    try:
        return bool(sympy.Poly(flow, *symbols).total_degree() <= 1)
    except sympy.PolynomialError:
        return False


def _only(equations, names):
    """The equations with just the named differential equations (and all that is not one)."""
    if not names:
        return None
    return Equations(
        [
            equation
            for name, equation in equations.items()
            if equation.type != DIFFERENTIAL_EQUATION or name in names
        ]
    )
