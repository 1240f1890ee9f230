"""The equations of a run as HTML: reads ``equations.txt``, which ``models.describe`` wrote.

First come the cells, each under its name with its parts (equations, their units and what they
mean) and what is done at which moment; then the synapses, and a table of parameters. A line that
cannot be read as an equation is shown as it is.
"""

import re

from analysis.drawing import mathml
from analysis.drawing.html import Html, element, table

WORDS = ("rule", "feedback", "phases")  # what is said of synapses in words


def show(text):
    """All cells, synapses and parameters.

    Parameters
    ----------
    text : str
        What is in ``equations.txt``.

    Returns
    -------
    Html
    """
    before, *blocks = re.split(r"^(\S.*)\n=+$\n?", text, flags=re.MULTILINE)
    shown = [_lines(before)]
    for title, body in zip(blocks[::2], blocks[1::2], strict=True):
        shown.append(element("h3", title))
        shown.append(_synapses(body) if title == "synapses" else _cell(body))
    return Html("\n".join(shown))


def formula(code, read=mathml.equation):
    """A string of code as MathML, or as it is if it cannot be read.

    ``read`` is ``mathml.equation`` or ``mathml.statement``.
    """
    try:
        shown = read(code)
    except (ValueError, RecursionError):
        return element("code", code)
    return Html(shown if isinstance(shown, str) else "<br>".join(shown))


def _cell(body):
    groups, alike = [], []
    for paragraph in re.split(r"\n\s*\n", body.strip("\n")):
        lines = paragraph.splitlines()
        if re.fullmatch(r"\w+: \d+ cells, as \w+", paragraph.strip()):
            alike.append(paragraph)
            continue
        if not groups or lines[0].startswith("#"):
            groups.append((lines.pop(0).lstrip("# "), []))
        title, rows = groups[-1]
        rows += _statements(lines) if title.startswith("at ") else _equations(lines)
    return Html(table(("equation", "unit", "meaning"), groups, "equations") + _lines(*alike))


def _equations(lines):
    """Rows of a part of a cell, such as ``b : volt  # bias``; one may go over several lines."""
    for code, comment in _whole(lines, lambda code: ":" in code):
        left, _, unit = code.rpartition(":")
        yield formula(left or unit), unit.strip() if left else "", comment


def _statements(lines):
    """Rows of what is done at a moment."""
    for code, comment in _whole(lines, lambda code: code.count("(") == code.count(")")):
        yield formula(code, mathml.statement), "", comment


def _whole(lines, complete):
    """Lines as (code, comment), with those joined that are only complete together."""
    code, comments = "", []
    for line in lines:
        more, _, comment = (part.strip() for part in line.partition("#"))
        code = f"{code} {more}".strip()
        comments += [comment] if comment else []
        if code and complete(code):
            yield code, " ".join(comments)
            code, comments = "", []
    if code:
        yield code, " ".join(comments)


def _synapses(body):
    """Lines such as ``learning    w += ...``, then the table of parameters."""
    rows, parameters, rest = [], [], []
    for line in filter(None, map(str.strip, body.splitlines())):
        what, gap, code = re.match(r"(.*?)(\s{2,}|$)(.*)", line).groups()
        if line.startswith("|"):
            parameters.append([cell.strip() for cell in line.strip("|").split("|")])
        elif gap:
            rows.append((what, code if what in WORDS else formula(code, mathml.statement)))
        else:
            rest.append(line)
    shown = table((), [("", rows)], "synapses") + _lines(*rest)
    if len(parameters) > 2:  # names of the columns and a line of dashes
        cells = [(formula(name), *others) for name, *others in parameters[2:]]
        shown += element("h3", "parameters") + table(parameters[0], [("", cells)], "parameters")
    return Html(shown)


def _lines(*lines):
    return "".join(element("p", line) for line in lines if line.strip())
