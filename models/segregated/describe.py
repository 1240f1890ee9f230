"""What is said of a model beside its equations: what a variant may replace, and what it changes.

The soma is also shown in the form that P's reviewers asked for.
"""

import sympy
from brian2.parsing.sympytools import str_to_sympy
from brian2.utils.stringtools import get_identifiers

from models import units
from models.engine import variants
from models.engine.printing import RULE, one_line
from models.segregated import plasticity
from models.segregated.spiking import DRAWS

TAKEN = """The rule takes phi for phi_max/(1 + exp(-V/mV)), and the gain from V_b to V for k_b:
a cell with another rate or soma has another slope, which an "error" of its own can give."""
NOT_SHOWN = ("layers", "classes", "hidden", "output", "input")


def notes(model):
    """All of it as text."""
    return f"{rule(model)}\n{form(model)}\n{changes(model)}"


def rule(model):
    """What a hidden cell may replace in the learning rule (``Cell``), and what that assumes."""
    draw, hidden = DRAWS[model.spike_draw], model.hidden
    onto = {"basal": draw.basal, "apical": draw.apical, "learn": plasticity.ON_LEARN}
    lines = ["what a variant may replace of the learning rule", RULE]
    for field, usual in (("learning", plasticity.RULES[model.rule].learning), ("synapses", onto)):
        for name, code in (usual | dict(getattr(hidden, field))).items():
            lines.append(f"{field}, {name + ':':<7} {one_line(code)}")
    lines += ["", TAKEN]
    return "\n".join(lines) + "\n"


FORM = "dV/dt = sum over n of g_n (V_n - V) + g_E (E_E - V) + g_I (E_I - V)"


def form(model):
    """Each cell's soma as conductances that pull V somewhere (the form P's reviewers asked for).

    It is worked out from the equations: what multiplies V, and where V would then settle.
    """
    lines = ["the reviewers' form", RULE, FORM, ""]
    for kind, cell in (("hidden", model.hidden), ("output", model.output)):
        lines += [f"{kind}:", *(f"    {line}" for line in _soma(cell)), ""]
    return "\n".join(lines)


def _soma(cell):
    """Lines: a conductance, its value, and the potential that it pulls V towards."""
    equations, V = cell.equations, sympy.Symbol("V", real=True)
    if "V" not in equations.diff_eq_names:
        yield f"at once at its steady state: V = {one_line(equations['V'].expr.code)}"
        return
    flow = _flow(equations, V)
    total = sympy.expand(-sympy.diff(flow, V))
    if total.has(V):
        yield f"not of this form: dV/dt = {flow}"
        return
    drive, named = sympy.expand(flow.subs(V, 0)), []
    for g in sympy.Add.make_args(total):
        end = sum(term / g for term in sympy.Add.make_args(drive) if _carries(term, g))
        drive = sympy.expand(drive - g * end)
        named += sorted(get_identifiers(f"{g} {end}") & equations.subexpr_names)
        yield f"g = {g!s:<9} {_value(g, cell):<12} pulls V towards {end}"
    if drive != 0:
        yield f"and beside them  {drive}"
    for name in dict.fromkeys(named):
        yield f"{name} = {' '.join(equations[name].expr.code.split())}"
    if cell.threshold:
        yield f"it fires where: {one_line(cell.threshold)}"
    if cell.reset:
        yield f"at its own spike: {one_line(cell.reset)}"
    for name, value in cell.rest.items():
        yield f"at rest: {name} = {value}"
    for name, code in cell.synapses.items():
        yield f"at its synapses, {name}: {one_line(code)}"


def _flow(equations, V):
    """The right-hand side of dV/dt with all currents (what depends on V) written out."""

    def depends(name):
        used = get_identifiers(equations[name].expr.code)
        return "V" in used or any(map(depends, used & equations.subexpr_names))

    flow = str_to_sympy(equations["V"].expr.code)
    while True:
        used = {s.name: s for s in flow.free_symbols if s.name in equations.subexpr_names}
        currents = {s: str_to_sympy(equations[n].expr.code) for n, s in used.items() if depends(n)}
        if not currents:
            return sympy.expand(flow)
        flow = flow.subs(currents)


def _carries(term, g):
    """Whether a term is a conductance times something."""
    return not sympy.fraction(sympy.cancel(term / g))[1].free_symbols


def _value(g, cell):
    """A conductance that only parameters make, with its unit; else nothing."""
    symbols = cell.namespace
    if not get_identifiers(str(g)) <= set(symbols):
        return ""
    product = 1
    for factor in sympy.Mul.make_args(g):
        base, power = factor.as_base_exp()
        product = product * (symbols[str(base)] if base.is_Symbol else float(base)) ** int(power)
    if units.of(product).dim != units.NAMED["1/ms"].dim:
        return units.written(product)
    return units.written(product, "1/ms")


def changes(model):
    """What differs from the paper's cells, phases and options: one block of text."""
    lines = ["changes from the paper's cells", RULE]
    usual = type(model)(model.layers)
    lines += variants.changes(cells_of(model), cells_of(usual))
    for field in usual._fields:
        now, then = getattr(model, field), getattr(usual, field)
        if field not in NOT_SHOWN and now != then:
            lines.append(f"{field}: {fields(now) if hasattr(now, '_asdict') else now}")
    if len(lines) == 2:
        lines.append("none")
    return "\n".join(lines) + "\n"


def cells_of(model):
    """The kinds of cells, without what a rule adds to them."""
    return {"hidden": model.hidden, "output": model.output, "input": model.input}


def fields(options):
    """The fields of a named tuple in a line."""
    shown = options._asdict()
    lengths = shown.pop("lengths", None)  # a function of a variant
    if lengths:
        words = " ".join((lengths.__doc__ or "").split())
        shown["lengths"] = f"{lengths.__name__} ({words})"
    return ", ".join(f"{name} {value}" for name, value in shown.items())
