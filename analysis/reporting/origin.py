"""What was run: its equations, configuration and provenance.

Each part takes a run folder and gives a part of the page; RunError says why there is none.
"""

from analysis.drawing import equations
from analysis.drawing.html import Html, element, folded, table
from analysis.reading import model as simulated
from experiments.run.folder import RunError

DEEPEST = 5  # values within values that are shown


def model(run):
    """The equations, set and as they were run."""
    text, found = run.text("equations.txt"), simulated(run)
    if not text:
        raise RunError("the run folder has no equations.txt")
    if not found:  # a run of an earlier version
        return folded("the equations as they were run, as text", element("pre", text))
    said = "x ← … is what a statement makes of x; all else holds at all times."
    cells = ", ".join(f"{cell['size']:,} of {cell['name']}" for cell in found.get("cells", ()))
    what = f"all equations as they were run (cells: {cells})" if cells else "all equations"
    parts = element("p", said), equations.show(found)
    return Html(folded(what, *parts) + folded("the same as text", element("pre", text)))


def configuration(run):
    """All options of the run, in two tables."""
    rows = [(name, text(value)) for name, value in run.config().items()]
    half = -(-len(rows) // 2)
    tables = [table((), [("", part)], "options") for part in (rows[:half], rows[half:])]
    return element("div", *tables, kind="beside")


def provenance(run):
    """Versions, commit, compiler and flags: a table for each start of the run."""
    starts = run.starts()
    if not starts:
        raise RunError("the run folder has no provenance.json")
    tables = []
    for start in starts:
        rows = [row for name, value in start.items() for row in _facts(name, value)]
        tables.append(table((), [("", rows)], "options"))
    said = "What made the run, from an image on until the next start." if len(starts) > 1 else ""
    return Html((element("p", said) if said else "") + "".join(tables))


def _facts(name, value):
    """Rows of the provenance, as a reader would write them."""
    if name == "images_seen":
        yield "start", f"after {value:,} images" if value else "at the beginning"
    elif name == "weights" and isinstance(value, dict):  # of another run, with which this began
        for part, one in value.items():
            if one not in ([], {}):
                yield f"weights: {part.replace('_', ' ')}", text(one)
    else:
        yield name.replace("_", " "), text(value)


def text(value, depth=DEEPEST):
    """A value of a JSON file, as a reader would write it."""
    if value is None or value == []:
        return "–"
    if not depth:
        return "…"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name} {text(part, depth - 1)}" for name, part in value.items())
    if isinstance(value, list):
        return " ".join(text(part, depth - 1) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
