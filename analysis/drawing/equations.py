"""The equations of a run as HTML, made from its ``model.json``.

First come the cells, each under its name with its parts (equations, their units and what they
mean) and what is done at which moment; then the synapses, the order of a step, what no equation
says, and a table of parameters. A line that cannot be read as an equation is shown as it is.
"""

from analysis.drawing import mathml
from analysis.drawing.html import Html, element, table

ALONG = {"up": "from the input up", "down": "from the output down", "": "everywhere"}
LONGEST, LONGEST_BLOCK = 2000, 20_000  # letters of what is set as a formula, and of a block
PARAMETERS = ("symbol", "value", "unit", "cells", "source")


def show(model):
    """All cells, synapses and parameters as ``Html``; ``model`` is what is in ``model.json``."""
    shown = []
    for cell in model.get("cells", ()):
        head = f"{cell['name']}: {cell['size']} cells"
        if "like" in cell:
            shown.append(element("p", f"{head}, as {cell['like']}"))
            continue
        how = f", integrator {cell['integrator']}" if cell.get("integrator") else ""
        shown.append(element("h3", head + how))
        groups = [(_title(block), _rows(block)) for block in cell.get("blocks", ())]
        if groups:
            shown.append(table(("equation", "unit", "meaning"), groups, "equations"))
    if model.get("inputs"):
        inputs = [
            (name, f"{columns or 1} of each image") for name, columns in model["inputs"].items()
        ]
        shown += [element("h3", "inputs"), table((), [("", inputs)], "synapses")]
    if model.get("synapses"):
        shown += [element("h3", "synapses"), _synapses(model["synapses"])]
    order = [
        (", ".join(sweep["moments"]), ALONG.get(sweep["along"], sweep["along"]))
        for sweep in model.get("order", ())
    ]
    if order:
        shown += [element("h3", "order within a step"), table((), [("", order)], "synapses")]
    if model.get("settings"):
        settings = table((), [("", model["settings"].items())], "synapses")
        shown += [element("h3", "settings"), settings]
    given = model.get("parameters", ())
    rows = [(formula(p["symbol"]), *(p[k] for k in PARAMETERS[1:])) for p in given]
    if rows:
        shown += [element("h3", "parameters"), table(PARAMETERS, [("", rows)], "parameters")]
    return Html("\n".join(shown))


def formula(code, read=mathml.equation):
    """A string of code as MathML, or as it is if it cannot be read.

    ``read`` is ``mathml.equation`` or ``mathml.statement``.
    """
    if len(code) > LONGEST:
        return element("code", code)
    try:
        shown = read(code)
    except (ValueError, RecursionError):
        return element("code", code)
    return Html(shown if isinstance(shown, str) else "<br>".join(shown))


def _rows(block):
    """Rows of a block, as it is to be read; one that is no equation any more as it stands."""
    if len(block["code"]) > LONGEST_BLOCK:
        return _code(block["code"])
    return _READ.get(block["kind"], _code)(block["code"])


def _title(block):
    return f"{block['name']}: {block['meaning']}" if block["meaning"] else block["name"]


def _synapses(synapses):
    """A group for each projection: what is done, and when."""
    groups = []
    for one in synapses:
        title = f"{one['name']}, {one['from']} to {one['to']}"
        title += f", {one['pairs']} synapses" if "pairs" in one else ""
        title += f", integrator {one['integrator']}" if "integrator" in one else ""
        title += f": {'; '.join(one['equations'].splitlines())}"
        rows = [(row["when"], formula(row["code"], mathml.statement)) for row in one["rows"]]
        groups.append((title, rows))
    return table(("when", "what"), groups, "synapses")


def _equations(code):
    """Rows of a part of a cell, such as ``b : volt  # bias``; one may go over several lines."""
    for text, comment in _whole(code, lambda text: ":" in text):
        left, _, unit = text.rpartition(":")
        yield formula(left or unit), unit.strip() if left else "", comment


def _statements(code):
    """Rows of what is done at a moment, and of conditions."""
    for text, comment in _whole(code, lambda text: text.count("(") == text.count(")")):
        yield formula(text, mathml.statement), "", comment


def _whole(code, complete):
    """Lines as (code, comment), with those joined that are only complete together."""
    text, comments = "", []
    for line in code.splitlines():
        more, _, comment = (part.strip() for part in line.partition("#"))
        text = f"{text} {more}".strip()
        comments += [comment] if comment else []
        if text and complete(text):
            yield text, " ".join(comments)
            text, comments = "", []
    if text:
        yield text, " ".join(comments)


def _code(code):
    """Code that is no equation, as it stands: one row."""
    yield element("pre", code), "", ""


_READ = {"equations": _equations, "statements": _statements, "condition": _statements}
_READ["code"] = _code
