"""What figures share that are of every theory: results of several folders, and the command."""

import sys
from pathlib import Path

from analysis.drawing.writing import save, write
from experiments.run.command import guarded, parser
from experiments.run.folder import RunError
from experiments.study.results import ROOT, Results

KEPT = "what was drawn is kept"


def gathered(page, table, roots):
    """Theory -> its ``Results`` of a page, of all that have a table; of two the last folder's."""
    found = {}
    for root in roots or (ROOT,):
        paths = sorted(Path(root).glob(f"*/{page}/{table}.csv"))
        if not paths:
            raise RunError(f"no results in {root}: make them with python -m experiments {page}")
        found |= {path.parts[-3]: Results(path.parts[-3], page, root) for path in paths}
    return found


def main(page, about, draw, arguments=None):
    """The command of a page's figure, ``draw(roots)``; returns the exit status."""
    name = f"analysis.{page}"

    def action(words):
        told = parser(name, about)
        text = "folders of results, such as results and runs/results (default: results)"
        told.add_argument("--results", metavar="DIR", nargs="+", default=[ROOT], help=text)
        told.add_argument("--out", metavar="FILE", help=f"(default: DIR/{page}.png)")
        given = told.parse_args(words)
        root = Path(given.results[0])
        out = Path(given.out) if given.out else root / f"{page}.png"
        save(lambda: draw(given.results), out, write, None if given.out else root)

    return guarded(name, action, sys.argv[1:] if arguments is None else list(arguments), KEPT)
