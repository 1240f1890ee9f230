"""The tables of headline numbers, the papers' beside ours.

    python -m analysis.summary [--results DIR] [--readme FILE]

They are made from ``results/summary.csv``: the test errors of trained conditions, the key measures
and all numbers stand in ``results/README.md``, a few of them between two marks in the README.
"""

import math
import sys
from itertools import groupby
from pathlib import Path

from analysis.measures import MEASURES
from experiments import ROOT
from experiments.run import files
from experiments.run.command import guarded, parser
from experiments.run.folder import RunError
from experiments.study.results import COLUMNS as COLUMNS_OF_ALL
from experiments.study.results import ROOT as RESULTS
from experiments.study.results import Results, read_rows

NAME = "analysis.summary"
MARKS = "<!-- results -->\n", "<!-- end of results -->\n"
HEADLINES = (  # theory, page, condition: the rows of the README
    ("segregated", "depth", "printed_one_hidden"),
    ("segregated", "depth", "best_one_hidden"),
    ("segregated", "depth", "best_two_hidden"),
    ("segregated", "frontier", "frontier_poisson"),
    ("segregated", "frontier", "backprop_poisson"),
    ("segregated", "frontier", "frontier_regular"),
    ("segregated", "frontier", "backprop_regular"),
    ("segregated", "frontier", "frontier_shifted"),
    ("segregated", "frontier", "backprop_shifted"),
    ("backprop", "full_mnist", "bp_784_1000"),
    ("backprop", "full_mnist", "fa_784_1000"),
)
SEEDS, NETWORKS = "test_error_of_seeds", "networks"
SPREADS = {  # columns of the table of errors: measure of the summary -> head
    "test_error": "ours, tests of one network",
    "test_error_last_epochs": "last ten epochs",
    SEEDS: "seeds (networks, epochs)",
}
NUMBERS = {"value": float, "spread": float, "paper": float, "n": int, "epochs": int}
PLACE = ("theory", "page", "condition")
ERRORS = (*PLACE, "paper", *SPREADS.values(), "epochs", "CPU hours", "command")
FEW = ("page: network", "paper", "ours", "spread of", "epochs")
COLUMNS = ("condition", "measure", "paper", "ours", "over", "epochs", "command")


def rows(path):
    """Rows of the summary as dicts of str; RunError if there is none."""
    found = read_rows(Path(path))
    if not found:
        raise RunError(f"no results in {path}: run a page of experiments first")
    for row in found:
        whole = set(COLUMNS_OF_ALL) <= row.keys() and row["value"]
        if not whole or not all(_is(kind, row[name]) for name, kind in NUMBERS.items()):
            raise RunError(f"{path} is damaged: it is not what a page writes")
    return found


def labels(rows, root):
    """(theory, page) -> condition -> its label, of pages with a ``page.json``, in their order.

    Rows of a page whose errors are of several networks get ``counts``.
    """
    found = {}
    for place in dict.fromkeys(map(_place, rows)):
        results = Results(*place, root)
        if (results.path / "page.json").exists():
            page = results.page()
            found[place] = {name: about["label"] for name, about in page["conditions"].items()}
            for row in rows:  # a page may count networks where others count tests of one
                if _place(row) == place and page.get("counts") == NETWORKS:
                    row["counts"] = NETWORKS
    return found


def errors(rows, labels):
    """Table of the test errors of trained conditions, with their spreads, in Markdown.

    Rows of ``results/summary.csv``; a network that was tested after several numbers of epochs
    stands there with the most. ``labels`` as the function of this name gives them.
    """
    lines = _head(ERRORS)
    for place, conditions in labels.items():
        for name, label in conditions.items():
            found = _found(rows, place, name)
            if found:
                lines.append(_row((*place, label, *_cells(found))))
    return _text(lines)


def told(rows, place, name):
    """A trained condition's row of test errors, with the paper's, and what it is of.

    Of "networks" of several seeds, if they learned as long as the one that was tested most, else of
    "tests" of that one; None where there are no results. ``rows`` are those that ``labels`` saw.
    """
    found = _found(rows, place, name)
    one, several = found.get("test_error"), found.get(SEEDS)
    if several and (not one or int(several["epochs"]) >= int(one["epochs"])):
        return several | {"paper": (one or several)["paper"]}, NETWORKS
    return one, "tests"


def few(rows, labels):
    """The headline results, as a table in Markdown; those that are not there are left out."""
    lines = _head(FEW)
    for theory, page, name in HEADLINES:
        row, of = told(rows, (theory, page), name)
        if not row:
            continue
        label = labels.get((theory, page), {}).get(name, name)
        cells = (_paper(row), _spread(row), f"{row['n']} {of}", row["epochs"])
        lines.append(_row((f"{page}: {label}", *cells)))
    return _text(lines)


def key(rows):
    """The key measures: a table in Markdown, with theory and page.

    Of a measure that was taken after several numbers of epochs, the first for which the paper has
    a value, or the last.
    """
    lines, found = _head((*PLACE[:2], *COLUMNS)), {}
    for row in rows:
        if row["measure"] in MEASURES and MEASURES[row["measure"]].key:
            found.setdefault((*_place(row), row["condition"], row["measure"]), []).append(row)
    for (theory, page, *_), same in found.items():
        compared = [row for row in same if row["paper"]]
        lines.append(_row((theory, page, *_measure(compared[0] if compared else same[-1]))))
    return _text(lines)


def book(rows, labels):
    """All of it: test errors, key measures, and a table for each page of each theory."""
    parts = ["# All results\n\nMade by `python -m analysis.summary`; see ../README.md.\n"]
    parts += ["## Test errors\n", errors(rows, labels), "## Key measures\n", key(rows)]
    parts += ["## All numbers\n"]
    shown = [row for row in rows if row["measure"] in MEASURES]
    for theory, own in groupby(shown, lambda row: row["theory"]):
        parts.append(f"### {theory}\n")
        for page, mine in groupby(own, lambda row: row["experiment"]):
            parts += [f"#### {page}\n", _text(_head(COLUMNS) + [_row(_measure(r)) for r in mine])]
    return "\n".join(parts)


def insert(text, body):
    """Text with what stands between the marks replaced; RunError if it has no marks."""
    try:
        before, rest = text.split(MARKS[0])
        _, after = rest.split(MARKS[1])
    except ValueError as error:
        raise RunError("the README has no place for the results: it lost its marks") from error
    return before + MARKS[0] + body + MARKS[1] + after


def _is(kind, cell):
    """Whether a cell is empty, or a number of a kind."""
    try:
        return not cell or math.isfinite(kind(cell))
    except ValueError:
        return False


def _place(row):
    return row["theory"], row["experiment"]


def _found(rows, place, name):
    """Measure -> row of a trained condition, after the most epochs that it was tested after."""
    mine = [row for row in rows if _place(row) == place and row["condition"] == name]
    tested = [row["epochs"] for row in mine if row["measure"] == "test_error"]
    most = max(tested, key=lambda epochs: int(epochs or 0), default=None)
    found = {row["measure"]: row for row in mine if row["epochs"] == most}
    for row in mine:
        if row["measure"] == SEEDS and int(row["epochs"]) >= int(found.get(SEEDS, row)["epochs"]):
            found[SEEDS] = row
    if "counts" in found.get("test_error", ()):
        found[SEEDS] = found.pop("test_error")
    return found


def _cells(found):
    """Cells of a trained condition, from the paper's error on."""
    first = found.get("test_error", found.get(SEEDS))
    hours, spreads = found.get("cpu_hours"), []
    for measure in SPREADS:
        row = found.get(measure)
        over = f" ({row['n']}, {row['epochs']})" if row and measure == SEEDS else ""
        spreads.append(_spread(row) + over if row else "")
    hours = f"{float(hours['value']):.2f}" if hours else ""
    return _paper(first), *spreads, first["epochs"], hours, _command(first)


def _measure(row):
    """Cells of a measure, from the condition on."""
    text, counted, *_ = MEASURES[row["measure"]]
    over = f"{row['n']} {row.get('counts', counted)}" if row["n"] and counted else ""
    name = row["condition"].replace("_", " ")
    return name, text, _paper(row), _spread(row), over, row["epochs"], _command(row)


def _paper(row):
    below = "< " if MEASURES[row["measure"]].below else ""
    return row["paper"] and below + _number(row["paper"])


def _spread(row):
    return _number(row["value"]) + (f" ± {float(row['spread']):.2g}" if row["spread"] else "")


def _command(row):
    return row["command"] and f"`{row['command'].removeprefix('python -m ')}`"


def _number(text):
    value = float(text)
    return f"{value:#.3g}".rstrip(".") if abs(value) < 100 else f"{value:.0f}"


def _head(columns):
    return [_row(columns), "|" + "---|" * len(columns)]


def _row(cells):
    return "| " + " | ".join(cells) + " |"


def _text(lines):
    return "\n".join(lines) + "\n"


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return guarded(NAME, _main, arguments)


def _main(arguments):
    told = parser(NAME, __doc__)
    told.add_argument("--results", default=RESULTS, metavar="DIR", help=f"default: {RESULTS}")
    told.add_argument("--readme", default=ROOT / "README.md", metavar="FILE")
    given = told.parse_args(arguments)
    root, readme = Path(given.results), Path(given.readme)
    found = rows(root / "summary.csv")
    called = labels(found, root)
    text = files.text(readme.parent, readme.name)
    files.write(readme.parent, readme.name, insert(text, few(found, called)).encode())
    files.write(root, "README.md", book(found, called).encode())
    print(root / "README.md", readme, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
