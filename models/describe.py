"""Print a model: equations, what happens at each moment, LaTeX, and a table of parameters.

    python -m models.describe [--variant NAME|FILE.py] [--format text|latex|markdown]

Everything printed is made from the strings that are simulated.
"""

import argparse
import sys
from textwrap import dedent

from brian2 import Hz, Quantity, have_same_dimensions, ms, mV

from models import inputs, output, plasticity, variants
from models.model import Model
from models.parameters import SOURCES
from models.schedule import MOMENTS
from models.spiking import DRAWS, MEMORY

UNITS = ((mV, "mV"), (ms, "ms"), (Hz, "Hz"), (1 / ms, "1/ms"), (ms**2, "ms^2"))


def text(model):
    """The model as plain text: what is written into a run folder as ``equations.txt``."""
    return "\n".join(_sections(model, _text_cell))


def latex(model):
    """Equations as LaTeX, one block a cell."""
    return "\n".join(_sections(model, _latex_cell, tables=False))


def markdown(model):
    """Equations (LaTeX), moments and parameter tables as Markdown."""
    return "\n".join(_sections(model, _markdown_cell))


def parameters(cell):
    """Rows (symbol, value, unit, source) of a cell's parameters and constants that it uses."""
    rows = []
    derived = {name: getattr(cell.params, name) for name in ("k_b", "k_d", "P_0", "P_1")}
    for name, value in (cell.params._asdict() | derived | dict(cell.constants)).items():
        number, unit = in_unit(name, value)
        rows.append((name, f"{number:g}", unit, SOURCES.get(name, "a constant of this variant")))
    return rows


def in_unit(name, value):
    """A quantity as (number, unit) in the units of the model; conductances are in 1/ms."""
    value = Quantity(value)
    if value.is_dimensionless:
        return float(value), "1"
    for unit, text in UNITS:
        if have_same_dimensions(value, unit) and not (text == "Hz" and name.startswith("g_")):
            return float(value / unit), text
    return float(value), str(value.get_best_unit())


def _sections(model, render, tables=True):
    seen = {}
    for name, size in zip(model.population_names(), model.layers, strict=True):
        kind = name.split("_")[0]
        if kind in seen:
            yield f"{name}: {size} cells, as {seen[kind]}\n"
            continue
        seen[kind] = name
        yield render(name, size, model.cell(name))
    if tables:
        yield _synapses(model)
        yield _table(model)


def _strip(code):
    return dedent(code).strip("\n")


def _text_cell(name, size, cell):
    lines = [f"{name}: {size} cells, integrator {cell.integrator}", "=" * 78]
    for part, code in cell.parts.items():
        lines += [f"# {part}", _strip(code), ""]
    for moment, (_, meaning) in MOMENTS.items():
        if moment in cell.moments:
            lines += [f"# at {moment}: {meaning}", _strip(cell.moments[moment]), ""]
    return "\n".join(lines)


def _latex_cell(name, size, cell):
    return f"% {name}: {size} cells\n{_latex(cell)}\n"


def _latex(cell):
    return cell.equations._repr_latex_().strip("$")


def _markdown_cell(name, size, cell):
    lines = [f"## {name} ({size} cells)", "", f"$${_latex(cell)}$$", ""]
    lines += ["```", _text_cell(name, size, cell).rstrip(), "```", ""]
    return "\n".join(lines)


def _synapses(model):
    draw, rule = DRAWS[model.spike_draw], plasticity.RULES[model.rule]
    lines = ["synapses", "=" * 78, f"a spike is drawn where   {draw.threshold}"]
    lines += [
        f"its own trace            {_one_line(draw.on_spike)}",
        f"feedforward, on a spike  {draw.basal}",
    ]
    if model.depth:
        back = draw.backwards if model.feedback.kind == "symmetric" else draw.apical
        if model.feedback.spiking:
            lines.append(f"feedback, on a spike     {back}")
        else:
            lines.append(f"feedback, each step      {plasticity.ON_RATE}")
    if model.memory_steps:
        lines.append(f"after {model.memory} ms              {_one_line(MEMORY['basal'])}")
    lines.append(f"learning                 {plasticity.ON_LEARN}")
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


def _one_line(code):
    return "; ".join(line.strip() for line in code.strip().splitlines())


def _fields(options):
    return ", ".join(f"{k} {v}" for k, v in options._asdict().items())


def _table(model):
    lines = ["| symbol | value | unit | source |", "|---|---|---|---|"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in parameters(model.hidden)]) + "\n"


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="models.describe", description=__doc__.splitlines()[0])
    parser.add_argument("--variant", default="paper", help="a name in models/variants, or a file")
    parser.add_argument("--layers", type=int, nargs="+", default=(784, 500, 10), help="with inputs")
    parser.add_argument("--format", choices=("text", "latex", "markdown"), default="text")
    given = parser.parse_args(arguments)
    try:
        model = Model(
            tuple(given.layers),
            hidden=variants.load(given.variant),
            inputs=inputs.NEURON,
            output=output.NEURON,
        ).check()
    except ValueError as error:
        print(f"models.describe: {error}", file=sys.stderr)
        return 2
    print({"text": text, "latex": latex, "markdown": markdown}[given.format](model))
    return 0


if __name__ == "__main__":
    sys.exit(main())
