"""Print a theory: equations, order of a step, LaTeX, and tables of parameters, state and options.

    python -m models.describe [--theory NAME|FILE.py] [options of the theory]
                              [--format text|latex|markdown] [--try]

Everything printed is made from the strings that are simulated.
"""

import argparse
import dataclasses
import os
import sys

import numpy as np

if __name__ == "__main__":
    os.environ["MPLBACKEND"] = "agg"  # Brian2 imports matplotlib, which refuses what it has not
from brian2.equations.equations import EquationError

from models import theory as theories
from models.engine import latex, printing
from models.engine.device import interpreted, parsed
from models.theory import Inputs, flag, written

ABOUT = (__doc__ or "").partition("\n")[0]  # python -OO leaves docstrings out
INPUTS, CLASSES = 784, 10  # of the images, if nothing else is said
HELD = "Held, and set at moments or by synapses"


def text(network, found):
    """All that is simulated and may be said of it, as plain text."""
    parts = network.text(), learned(network), options_text(found), _notes(network)
    return "\n".join(filter(None, parts))


def latex_of(network):
    """Equations, and statements in their order, as LaTeX: one block a cell."""
    shown = []
    for cell, equations in _equations(network.model()):
        shown.append(f"% {_head(cell)}")
        if equations.diff_eq_names | equations.subexpr_names:
            shown.append(latex.aligned(equations).replace("aligned", "align*"))
        if equations:
            shown.append(f"{HELD}: {latex.held(equations)}\n")
        for block in cell["blocks"]:
            if block["kind"] == "statements":
                shown.append(f"% {block['name']}\n{latex.statements(block['code'])}\n")
    for projection in network.model()["synapses"]:
        if "integrator" in projection:
            moves = latex.aligned(parsed(projection["equations"])).replace("aligned", "align*")
            shown.append(f"% {projection['name']}\n{moves}\n")
        for row in projection["rows"]:
            head = f"% {projection['name']}, {row['when']}"
            shown.append(f"{head}\n{latex.statements(row['code'].replace('; ', chr(10)))}\n")
    return "\n".join(shown)


def markdown(network, found):
    """Equations (LaTeX), moments and tables as Markdown."""
    model, lines = network.model(), []
    for cell, equations in _equations(model):
        code = "\n".join(map(printing.block_text, cell["blocks"]))
        lines.append(f"## {_head(cell)}\n")
        if equations.diff_eq_names | equations.subexpr_names:
            lines.append(f"$$\n{latex.aligned(equations)}\n$$\n")
        if equations:
            lines.append(f"{HELD}: {latex.held(equations)}\n")
        lines.append(_fenced(code))
    lines += [f"{_head(cell)}, as {cell['like']}\n" for cell in model["cells"] if "like" in cell]
    code = f"{printing.synapses_text(model['synapses'])}\n{printing.order_text(model['order'])}"
    if model.get("inputs"):
        code = f"{printing.inputs_text(model['inputs'])}\n{code}"
    lines.append(_fenced(code))
    if model["parameters"]:
        lines.append(printing.table(model["parameters"]))
    rest = printing.settings_text(model["settings"]), learned(network), options_text(found)
    lines += [_fenced(text) for text in (*rest, _notes(network)) if text]
    return "\n".join(lines)


def options_text(found):
    """A theory's options: flag, help and default."""
    lines = ["options", printing.RULE]
    for field in dataclasses.fields(found.options):
        usual = "" if field.default in (None, ()) else f" (default: {written(field.default)})"
        lines.append(f"{flag(field.name):<22} {field.metadata['help']}{usual}")
    return "\n".join([*lines, ""])


def learned(network):
    """What is learned, and what may be recorded."""
    lines = ["what is learned, and what may be recorded", printing.RULE]
    for name, about in network.variables.items():
        if about.when == "state":
            lines.append(f"{name:<12} {about.unit:<8} {about.meaning}")
    for kind, names in network.records.items():
        lines.append(f"--record {kind:<12} {', '.join(names) or f'times of {kind}'}")
    return "\n".join([*lines, ""])


def _notes(network):
    """What a theory adds."""
    return network.notes() if hasattr(network, "notes") else ""


def _equations(model):
    """Cells with their ``Equations``, without those that are like another."""
    for cell in model["cells"]:
        if "like" not in cell:
            blocks = [block["code"] for block in cell["blocks"] if block["kind"] == "equations"]
            yield cell, parsed("\n".join(blocks))


def _try(network, inputs):
    """Learn from one bright image without compiling; the network's own trial, if it has one."""
    if hasattr(network, "trial"):
        network.trial()
        return
    with interpreted(seed=1):
        program = network.program(1, device="runtime")
        program.run(Inputs(np.ones((1, inputs)), np.zeros(1, dtype=int), network.start(1), 1))


def _head(cell):
    return f"{cell['name']} ({cell['size']} cells)"


def _fenced(code):
    return f"```\n{code.rstrip()}\n```\n"


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    words = sys.argv[1:] if arguments is None else [str(word) for word in arguments]
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first.add_argument("--theory", default=theories.DEFAULT)
    try:
        name = first.parse_known_args(words)[0].theory
        try:
            return _main(words, theories.find(name))
        finally:
            if sys.stdout:
                sys.stdout.flush()
    except (ValueError, EquationError) as error:
        why = str(error)
    except OSError as error:  # a full disk: else Python tries to print once more, and complains
        why = error.strerror
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    print(f"models.describe: {' '.join(why.split())}", file=sys.stderr)
    return 2


def _main(words, found):
    parser = argparse.ArgumentParser(prog="models.describe", description=ABOUT, allow_abbrev=False)
    parser.add_argument(
        "--theory", default=theories.DEFAULT, help="a folder of models, or a file.py"
    )
    parser.add_argument("--inputs", type=int, default=INPUTS, help="pixels of an image")
    parser.add_argument("--classes", type=int, default=CLASSES, help="of the images")
    parser.add_argument("--try", action="store_true", help="and try it on one image", dest="tried")
    parser.add_argument("--format", choices=("text", "latex", "markdown"), default="text")
    for field in dataclasses.fields(found.options):
        theories.add_option(parser, field)
    given = vars(parser.parse_args(words))
    chosen = {f.name: given[f.name] for f in dataclasses.fields(found.options) if f.name in given}
    chosen = {k: tuple(v) if isinstance(v, list) else v for k, v in chosen.items()}
    options = found.options(**chosen)
    network = found.network(options, given["inputs"], given["classes"])
    if given["tried"]:
        _try(network, given["inputs"])
    if given["format"] == "latex":
        page = latex_of(network)
    else:
        about = getattr(options, "about", found.about).strip()
        needs = "\n".join(f"- {need}: {how}" for need, how in found.needs.items())
        needs = f"asks of a cell:\n\n{needs}" if needs else "asks of a cell: nothing of these"
        shown = {"text": text, "markdown": markdown}[given["format"]](network, found)
        page = f"{about}\n\n{needs}\n\n{shown}"
    print(page)
    if given["tried"]:
        print("tried on one image: nothing is wrong with it", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
