"""Draw what is kept in ``results``, and what a run folder holds.

    python -m analysis NAME [--results DIR] [--out FILE]     the figure of a page
    python -m analysis figures [--results DIR]               those of all pages with results
    python -m analysis.learning_curve RUN                    a figure of a run, and so on
    python -m analysis.study FOLDER [FOLDER ...]             figures of searches of settings

Without a name, says what can be drawn.
"""

import ast
import difflib
import importlib
import sys
from pathlib import Path
from typing import NamedTuple

from analysis.drawing import figure
from experiments.run.command import guarded, parser
from experiments.study.results import ROOT, Results

RUN = ("learning_curve", "raster", "voltages", "weights", "report", "export")
SEARCH = ("study",)
ALL = "figures"
KEPT = ("page.json", "headline.csv")  # a folder with one of them holds results of a page


class Page(NamedTuple):
    """A page that can be drawn."""

    theory: str
    name: str

    def about(self, root):
        """What its figure shows, in a line."""
        own = figure.file(self.theory, self.name)
        if own.exists():
            return _first_line(own)
        return Results(self.theory, self.name, root).page()["text"].strip().splitlines()[0]


def pages(root):
    """All pages with results in a folder that a module of their own, or ``conditions``, draws."""
    files = [path for name in KEPT for path in Path(root).glob(f"*/*/{name}")]
    found = [Page(*file.parts[-3:-1]) for file in sorted(files)]
    return {page.name: page for page in found if figure.drawable(Results(*page, root))}


def listing(root):
    """What can be drawn, a line each."""
    there = pages(root)
    lines = [f"pages with results in {root}: python -m analysis NAME, or {ALL} for all"]
    lines += [f"  {name:<18} {page.about(root)}" for name, page in there.items()]
    lines += ["of a run: python -m analysis.NAME RUN"]
    lines += [f"  {name:<18} {_first_line(figure.ROOM / f'{name}.py')}" for name in RUN]
    lines += ["of searches: python -m analysis.NAME FOLDER [FOLDER ...]"]
    lines += [f"  {name:<18} {_first_line(figure.ROOM / f'{name}.py')}" for name in SEARCH]
    return "\n".join(lines)


def _first_line(path):
    return ast.get_docstring(ast.parse(path.read_text())).splitlines()[0]


def draw_all(root):
    """Draw every page that has results; returns the highest exit status."""
    status = 0
    for theory, name in pages(root).values():
        status = max(status, figure.figure(Results(theory, name, root)))
        if status >= 128:  # by a signal
            break
    return status


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return guarded("analysis", _main, sys.argv[1:] if arguments is None else list(arguments))


def _main(words):
    if words and words[0] in (*RUN, *SEARCH):
        return importlib.import_module(f"analysis.{words[0]}").main(words[1:])
    told = parser("analysis", __doc__)
    told.add_argument("name", nargs="?", metavar="NAME", help="what to draw")
    told.add_argument("--results", default=ROOT, metavar="DIR", help=f"default: {ROOT}")
    told.add_argument("--out", metavar="FILE", help="default: DIR/<theory>/NAME/NAME.png")
    given = told.parse_args(words)
    there = pages(given.results)
    if given.name is None:
        print(listing(given.results))
        return 0
    if given.name == ALL:
        return draw_all(given.results)
    if given.name not in there:
        near = difflib.get_close_matches(given.name, (*there, *RUN, *SEARCH, ALL), 1)
        meant = f"; did you mean {near[0]}?" if near else ""
        print(f"analysis: no page {given.name} to draw in {given.results}{meant}", file=sys.stderr)
        return 2
    return figure.figure(Results(*there[given.name], given.results), given.out)


if __name__ == "__main__":
    sys.exit(main())
