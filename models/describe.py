"""Print a model: equations, what happens at each moment, LaTeX, and a table of parameters.

    python -m models.describe [--variant NAME|FILE.py] [--format text|latex|markdown] [--try]

Everything printed is made from the strings that are simulated. After the model come what a variant
may replace of its learning rule, its soma in the form that P's reviewers asked for, and what the
variant changes.
"""

import argparse
import re
import sys
from collections.abc import Mapping
from textwrap import dedent

import sympy
from brian2.equations.equations import EquationError
from brian2.parsing.sympytools import str_to_sympy
from brian2.utils.stringtools import get_identifiers

from models.engine import latex as latex_of
from models.engine.schedule import MOMENTS
from models.segregated import plasticity, trial, variants
from models.segregated.network import Model
from models.segregated.parameters import SOURCES, Biophysics, in_unit, with_unit
from models.segregated.spiking import DRAWS, MEMORY

LAYERS = (784, 500, 10)
HELD = "Held, and set at moments or by synapses"
TAKEN = """The rule takes phi for phi_max/(1 + exp(-V/mV)), and the gain from V_b to V for k_b:
a cell with another rate or soma has another slope, which an "error" of its own can give."""


def text(model):
    """The model as plain text: what is written into a run folder as ``equations.txt``."""
    return "\n".join(_sections(model, _text_cell))


def latex(model):
    """Equations as LaTeX, one block a cell."""
    return "\n".join(_sections(model, _latex_cell, tables=False))


def markdown(model):
    """Equations (LaTeX), moments and parameter tables as Markdown."""
    return "\n".join(_sections(model, _markdown_cell, code=_fenced))


def whole(model, style="text"):
    """All that the command shows of a model: "text" or "markdown" with what follows, or "latex"."""
    shown = {"text": text, "latex": latex, "markdown": markdown}[style](model)
    if style == "latex":
        return shown
    more = f"{rule(model)}\n{form(model)}\n{changes(model)}"
    return f"{shown}\n{_fenced(more) if style == 'markdown' else more}"


def parameters(cell):
    """Rows (symbol, value, unit, source) of the parameters and constants that a cell's text names.

    Parameters
    ----------
    cell : Neuron
        With what learning adds to it, as from ``Model.cell``.
    """
    groups = (cell.parts, cell.moments, cell.rest, cell.learning, cell.synapses)
    texts = [text for group in groups for text in group.values()]
    code = re.sub("#.*", "", "\n".join([*texts, cell.threshold, cell.reset]))
    used, usual, rows = get_identifiers(code), Biophysics().namespace(), []
    for name, value in cell.namespace.items():
        if name not in used:
            continue
        source = SOURCES.get(name, "a constant of this variant")
        number, unit = in_unit(name, value)
        if name in usual and value != usual[name]:
            source = f"this variant; usually {in_unit(name, usual[name])[0]:g} ({source})"
        rows.append((name, f"{number:g}", unit, source))
    return rows


def _sections(model, render, tables=True, code=str):
    seen = {}
    for name, size in zip(model.population_names(), model.layers, strict=True):
        kind = name.split("_")[0]
        if kind in seen:
            yield f"{name}: {size} cells, as {seen[kind]}\n"
            continue
        seen[kind] = name
        yield render(name, size, model.cell(name))
    if tables:
        yield code(_synapses(model))
        yield _table(model)


def _fenced(text):
    return f"```\n{text.rstrip()}\n```\n"


def _strip(code):
    return dedent(code).strip("\n")


def _text_cell(name, size, cell):
    lines = [f"{name}: {size} cells, integrator {cell.integrator}", "=" * 78]
    for part, code in cell.parts.items():
        lines += [f"# {part}", _strip(code), ""]
    for what, code in _own(cell):
        lines += [f"# {what}", _strip(code), ""]
    for moment, (_, meaning) in MOMENTS.items():
        if cell.moments.get(moment):
            lines += [f"# at {moment}: {meaning}", _strip(cell.moments[moment]), ""]
    return "\n".join(lines)


def _own(cell):
    """What a cell has of its own in place of the standard."""
    if cell.threshold:
        yield "at threshold: it fires where", cell.threshold
    if cell.reset:
        yield "at its own spike", cell.reset
    if cell.rest:
        yield "at rest", "\n".join(f"{name} = {value}" for name, value in cell.rest.items())
    for name, code in cell.synapses.items():
        yield f"at its synapses: {name}", code


def _latex_cell(name, size, cell):
    shown = latex_of.aligned(cell.equations).replace("aligned", "align*")
    return f"% {name}: {size} cells\n{shown}\n{HELD}: {latex_of.held(cell.equations)}\n"


def _markdown_cell(name, size, cell):
    lines = [f"## {name} ({size} cells)", "", f"$$\n{latex_of.aligned(cell.equations)}\n$$", ""]
    lines += [f"{HELD}: {latex_of.held(cell.equations)}", ""]
    return "\n".join([*lines, _fenced(_text_cell(name, size, cell))])


def _synapses(model):
    draw, rule = DRAWS[model.spike_draw], plasticity.RULES[model.rule]
    lines = ["synapses", "=" * 78, f"a spike is drawn where   {draw.threshold}"]
    cells = {kind: cell for kind, cell in _cells(model).items() if kind != "hidden" or model.depth}
    own = {kind: cell.threshold for kind, cell in cells.items() if cell.threshold}
    lines += _instead("in", own)
    lines.append(f"its own trace            {_one_line(draw.on_spike)}")
    lines.append(f"feedforward, on a spike  {draw.basal}")
    lines += _instead("onto", _own_synapses(cells, "basal"))
    if model.depth:
        back, forget = draw.apical, MEMORY["apical"]
        if model.feedback.kind == "symmetric":
            back, forget = draw.backwards, MEMORY["backwards"]
        if model.feedback.spiking:
            lines.append(f"feedback, on a spike     {back}")
            lines += _instead("onto", _own_synapses(cells, "apical"))
        else:
            lines.append(f"feedback, each step      {plasticity.ON_RATE}")
        if model.feedback.noise:
            lines.append(f"feedback noise, onset    {plasticity.ON_NOISE}")
    if model.memory_steps:
        when = f"after {model.memory} ms"
        lines.append(f"{when:<24} {_one_line(MEMORY['own'])}; {_one_line(MEMORY['basal'])}")
        if model.depth:
            lines.append(f"and its feedback         {_one_line(forget)}")
    lines.append(f"learning                 {plasticity.ON_LEARN}")
    lines += _instead("onto", _own_synapses(cells, "learn"))
    if model.feedback.learned:
        lines.append(f"feedback learning        {plasticity.ON_FEEDBACK_LEARN}")
    for kind, code in model.transport.items():
        lines.append(f"error, from {kind:<12} {code}")
    lines.append(f"rule                     {model.rule}: {rule.source}")
    lines.append(f"feedback                 {_fields(model.feedback)}")
    lines.append(f"phases                   {_fields(model.phases)}")
    lines.append(
        f"clear {model.clear}, asynchronous plateaus {model.asynchronous}, "
        f"initial width {model.init}, centred {model.centre}"
    )
    return "\n".join(lines) + "\n"


def _own_synapses(cells, path):
    return {kind: cell.synapses[path] for kind, cell in cells.items() if path in cell.synapses}


def _instead(word, own):
    """Lines for the kinds of cells that have something of their own there."""
    for kind, code in own.items():
        yield f"{f'but {word} {kind} cells':<24} {_one_line(code)}"


def _one_line(code):
    return "; ".join(line.strip() for line in code.strip().splitlines())


def _fields(options):
    shown = options._asdict()
    lengths = shown.pop("lengths", None)  # a function of a variant
    if lengths:
        shown["lengths"] = f"{lengths.__name__} ({_one_line(lengths.__doc__ or '')})"
    return ", ".join(f"{k} {v}" for k, v in shown.items())


def _table(model):
    lines = ["| symbol | value | unit | cells | source |", "|---|---|---|---|---|"]
    rows = {}
    first = {name.split("_")[0]: name for name in reversed(model.population_names())}
    for kind in _cells(model):
        for row in parameters(model.cell(first[kind])) if kind in first else ():
            rows.setdefault(row, []).append(kind)
    for (*shown, source), kinds in rows.items():
        lines.append(f"| {' | '.join([*shown, ', '.join(kinds), source])} |")
    return "\n".join(lines) + "\n"


def _cells(model):
    return {"hidden": model.hidden, "output": model.output, "input": model.inputs}


# --- beside the text of a run: the reviewers' form, and what a variant changes --------------------


def rule(model):
    """What a hidden cell may replace in the learning rule (``Neuron``), and what that assumes."""
    draw, hidden = DRAWS[model.spike_draw], model.hidden
    onto = {"basal": draw.basal, "apical": draw.apical, "learn": plasticity.ON_LEARN}
    lines = ["what a variant may replace of the learning rule", "=" * 78]
    for field, usual in (("learning", plasticity.RULES[model.rule].learning), ("synapses", onto)):
        for name, code in (usual | dict(getattr(hidden, field))).items():
            lines.append(f"{field}, {name + ':':<7} {_one_line(code)}")
    lines += ["", TAKEN]
    return "\n".join(lines) + "\n"


FORM = "dV/dt = sum over n of g_n (V_n - V) + g_E (E_E - V) + g_I (E_I - V)"


def form(model):
    """Each cell's soma as conductances that pull V somewhere (the form P's reviewers asked for).

    It is worked out from the equations: what multiplies V, and where V would then settle.
    """
    lines = ["the reviewers' form", "=" * 78, FORM, ""]
    for kind, cell in (("hidden", model.hidden), ("output", model.output)):
        lines += [f"{kind}:", *(f"    {line}" for line in _soma(cell)), ""]
    return "\n".join(lines)


def _soma(cell):
    """Lines: a conductance, its value, and the potential that it pulls V towards."""
    equations, V = cell.equations, sympy.Symbol("V", real=True)
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
    for what, code in _own(cell):
        yield f"{what}: {_one_line(code)}"


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
    return with_unit("g_", eval(str(g), {}, symbols))  # a product of our own symbols


def changes(model):
    """What differs from the paper's cells, phases and options: one block of text."""
    lines = ["changes from the paper's cells", "=" * 78]
    usual = Model(model.layers)
    for kind, cell in _cells(model).items():
        paper = _cells(usual)[kind]
        for field in cell._fields:
            now, then = getattr(cell, field), getattr(paper, field)
            if field == "params":
                now, then = now._asdict(), then._asdict()
            if isinstance(now, Mapping):
                new = {name: value for name, value in now.items() if then.get(name) != value}
                for name, value in new.items():
                    lines.append(f"{kind}, {field}, {name}: {_brief(name, value)}")
            elif now != then:
                lines.append(f"{kind}, {field}: {_brief(field, now)}")
    for field in usual._fields[5:]:
        now, then = getattr(model, field), getattr(usual, field)
        if now != then:
            shown = _fields(now) if hasattr(now, "_asdict") else now
            lines.append(f"{field}: {shown}")
    if len(lines) == 2:
        lines.append("none")
    return "\n".join(lines) + "\n"


def _brief(name, value):
    if not isinstance(value, str):
        return with_unit(name, value)
    if not value.strip():
        return "nothing"
    return "".join(f"\n    {line}" for line in _strip(value).splitlines())


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="models.describe", description=__doc__.splitlines()[0])
    parser.add_argument("--variant", default="paper", help="a name in models/variants, or a file")
    parser.add_argument("--layers", type=int, nargs="+", default=LAYERS, help="with inputs")
    parser.add_argument("--try", action="store_true", help="and try it on one image", dest="tried")
    parser.add_argument("--format", choices=("text", "latex", "markdown"), default="text")
    given = parser.parse_args(arguments)
    try:
        variant = variants.read(given.variant)
        model = variant.applied(Model(tuple(given.layers))).check()
        if given.tried:
            trial.trial(model)
        page = whole(model, given.format)
    except (ValueError, EquationError) as error:
        print(f"models.describe: {error}", file=sys.stderr)
        return 2
    print(page if given.format == "latex" else f"{variant.about.strip()}\n\n{page}")
    if given.tried:
        print("tried on one image: nothing is wrong with it", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
