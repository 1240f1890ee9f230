"""The door: every page of every theory, and the other commands.

    python -m experiments                 what there is
    python -m experiments PAGE ...        a page; what it takes: PAGE --help
    python -m experiments train ...       the main job, and as below, the other commands

Where the project is installed, ``credit`` is the same: ``credit train``, ``credit depth``.
"""

import ast
import difflib
import importlib
import sys
from pathlib import Path
from typing import NamedTuple

from experiments.run import command

HERE = Path(__file__).parent
NAME = "experiments"


class Command(NamedTuple):
    """Something else that the door leads to: a module's ``main``, what it is, words before."""

    module: str
    about: str
    words: tuple = ()


COMMANDS = {
    "train": Command("experiments.train", "train a network on a data set and test it"),
    "study": Command("experiments.study.__main__", "search the settings of a theory"),
    "side_by_side": Command("experiments.side_by_side", "all theories on the same data"),
    "learning_rates": Command("experiments.learning_rates", "presets' rates on images held out"),
    "describe": Command("models.describe", "the equations of a theory, as text or formulae"),
    "draw": Command("analysis.__main__", "the figure of a page, or of a run"),
    "figures": Command("analysis.__main__", "all figures of the kept results", ("figures",)),
    "summary": Command("analysis.summary", "the tables of all kept results"),
}


class Found(NamedTuple):
    """A page that was found: its theory, its module, the first line of its docstring."""

    theory: str
    module: str
    about: str


def pages():
    """Page -> ``Found``: modules of ``experiments/<theory>/`` that have a ``page = ...``.

    Read and not imported, so that this takes no time and needs no simulator.
    """
    found = {}
    for path in sorted(HERE.glob("*/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(_names_page(node) for node in tree.body):
            theory, name = path.parent.name, path.stem
            about = (ast.get_docstring(tree) or "").partition("\n")[0]
            found[name] = Found(theory, f"{NAME}.{theory}.{name}", about)
    return found


def _names_page(node):
    targets = node.targets if isinstance(node, ast.Assign) else ()
    return any(isinstance(target, ast.Name) and target.id == "page" for target in targets)


def listing():
    """What there is, as text: the commands, then pages by theory."""
    known = pages()
    width = max(map(len, (*known, *COMMANDS))) + 2
    lines = ["commands", *(f"  {name:{width}}{one.about}" for name, one in COMMANDS.items())]
    for theory in dict.fromkeys(one.theory for one in known.values()):
        mine = {name: one for name, one in known.items() if one.theory == theory}
        lines += ["", theory, *(f"  {name:{width}}{one.about}" for name, one in mine.items())]
    return "\n".join(lines)


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, sys.argv[1:] if arguments is None else arguments)


def _main(words):
    name, *words = words or ("--help",)
    if name in ("-h", "--help"):
        print(f"{(__doc__ or '').strip()}\n\n{listing()}")
        return 0
    if name in COMMANDS:
        module, _, first = COMMANDS[name]
        return importlib.import_module(module).main([*first, *words])
    known = pages()
    if name in known:
        return importlib.import_module(known[name].module).page.main(words)  # Brian2 takes a second
    near = difflib.get_close_matches(name, (*known, *COMMANDS), 1)
    hint = f"did you mean {near[0]}?" if near else "without a name it lists what there is"
    print(f"{NAME}: there is no page or command {name!r}: {hint}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
