"""How equations are stepped: traces exactly, then the potentials that they drive.

The order within a step is that of the authors' code: the dendrites take their new
value first and the soma follows. Brian2 generates every formula; this file only says which
equations go first.
"""

from brian2 import Equations
from brian2.equations.equations import DIFFERENTIAL_EQUATION
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
        raise ValueError(
            f"unknown integrator {integrator!r}: choose from {', '.join(sorted(registered))}"
        )

    def update(equations, variables=None, method_options=None):
        code = []
        traces, potentials = _split(equations)
        if traces:
            code.append(_exactly(traces, variables))
        if potentials:
            try:
                code.append(registered[name](potentials, variables))
            except UnsupportedEquationsException as error:
                raise UnsupportedEquationsException(
                    f"the integrator {integrator!r} cannot step these equations; "
                    f"try integrator='rk4' ({error})"
                ) from error
        return "\n".join(code)

    return update


_solved = {}  # the formulas of traces: a second of symbolic work each, and the same in most cells


def _exactly(traces, variables):
    """Brian2's formula of the exact solution, worked out once for the same equations."""
    expressions = [(name, str(e)) for name, e in traces.get_substituted_expressions()]
    used = set().union(*(get_identifiers(text) for _, text in expressions))
    kinds = [(n, v.constant, v.scalar) for n, v in (variables or {}).items() if n in used]
    key = (tuple(sorted(expressions)), tuple(sorted(kinds)))
    if key not in _solved:
        _solved[key] = StateUpdateMethod.stateupdaters["exact"](traces, variables)
    return _solved[key]


def _split(equations):
    """Traces (a variable that only decays, or one that such a variable drives) and the rest."""
    uses = {
        name: get_identifiers(expression.code)
        & (equations.diff_eq_names | equations.parameter_names)
        for name, expression in equations.get_substituted_expressions()
        if name in equations.diff_eq_names
    }
    decaying = {name for name in uses if uses[name] == {name}}
    traces = decaying | {n for n in uses if any(uses[n] == {n, x} for x in decaying)}
    return _only(equations, traces), _only(equations, set(uses) - traces)


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
