"""Draw every figure of the paper anew from the kept results: what `make figures` runs.

python -m analysis.figures [--results DIR]
"""

import importlib
import sys

from analysis.drawing.figure import ROOT, Parser
from experiments.run.command import STOPPED
from experiments.study.results import Results

NAMES = (
    "choice",
    "single_cell",
    "phases",
    "losses",
    "alignment",
    "theorems",
    "depth",
    "floor",
    "readings",
    "feedback",
    "attenuation",
    "asynchronous",
    "angle",
    "receptive_fields",
    "representations",
    "prediction",
    "settling",
    "cell_bench",
    "compare_variants",
)


def main(arguments=None):
    """Run from the command line; returns the exit status: the highest of all figures."""
    parser = Parser(prog="analysis.figures", description=__doc__.splitlines()[0])
    parser.add_argument("--results", default=ROOT, metavar="DIR", help=f"default: {ROOT}")
    given = parser.parse_args(arguments)
    status = 0
    for name in NAMES:
        if not Results(name, given.results).path.exists():
            print(f"{name}: no results yet; python -m experiments.{name} makes them")
            continue
        module = importlib.import_module(f"analysis.{name}")
        status = max(status, module.main(["--results", str(given.results)]))
        if status == STOPPED:
            break
    return status


if __name__ == "__main__":
    sys.exit(main())
