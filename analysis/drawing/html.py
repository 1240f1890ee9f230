"""A page that stands alone: HTML whose figures and styles are within it, and that loads nothing.

Text is escaped wherever it becomes part of the page, unless it is ``Html`` already.
"""

import base64
import html
import io
from typing import NamedTuple

from analysis.drawing.writing import plt

LARGEST_SVG = 200_000  # bytes; a figure of more strokes is stored as pixels

STYLE = """
:root { color-scheme: light; --line: #c8c8c8; --soft: #f4f4f2; --link: #00558c; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem 1.25rem 3rem; max-width: 58rem; color: #1a1a1a;
  background: #fff; font: 1rem/1.5 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif;
  overflow-wrap: break-word; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; border-bottom: 2px solid #1a1a1a; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p { margin: .6rem 0; max-width: 46rem; }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; list-style: none; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: .85em; }
pre { overflow-x: auto; padding: .75rem; background: var(--soft); line-height: 1.35; }
.note { padding: .5rem .75rem; border-left: 4px solid #b35900; background: #fdf3e7; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .92rem; }
th, td { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: baseline;
  border-bottom: 1px solid var(--line); font-weight: normal; }
thead th, tbody th[colspan] { font-weight: 600; }
tbody th[colspan] { padding-top: .8rem; }
.figures { width: auto; }
.figures td { font-weight: 600; white-space: nowrap; }
.options th { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: .85em; width: 45%; }
.options td { overflow-wrap: anywhere; }
.numbers td { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.numbers thead th:not(:first-child) { text-align: right; }
.numbers td:nth-child(2), .numbers thead th:nth-child(2) { text-align: left; white-space: normal;
  min-width: 7.5rem; }
.equations th:not([colspan]), .equations td { vertical-align: middle; }
.equations tbody th:not([colspan]) { width: 58%; padding-top: .35rem; padding-bottom: .35rem; }
.synapses th { width: 28%; }
.equations td:nth-child(2) { width: 17%; }
.equations td { font-size: .88rem; color: #444; }
math { font-size: 1.08rem; line-height: 1.6; font-family: "STIX Two Math", "Latin Modern Math",
  "Cambria Math", "DejaVu Math TeX Gyre", math; }
summary { cursor: pointer; }
.folded > summary { padding: .4rem 0; color: var(--link); text-decoration: underline; }
.zoom > summary { list-style: none; overflow: auto hidden; cursor: zoom-in; }
.zoom > summary::-webkit-details-marker { display: none; }
.zoom[open] > summary { cursor: zoom-out; }
.zoom[open] img { max-width: none; min-width: 100%; }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 0 2rem; }
/* what scrolls has a shadow where there is more: covers move with the content, shadows do not */
.wide { overflow: auto hidden; padding-bottom: 2px; background:
  linear-gradient(to right, #fff 30%, #fff0) left / 2.5rem 100% no-repeat local,
  linear-gradient(to left, #fff 30%, #fff0) right / 2.5rem 100% no-repeat local,
  linear-gradient(to right, #0004, #0000) left / .75rem 100% no-repeat scroll,
  linear-gradient(to left, #0004, #0000) right / .75rem 100% no-repeat scroll; }
figure { margin: 1rem 0 1.75rem; }
img { display: block; max-width: 100%; height: auto; }
figcaption { max-width: 46rem; color: #444; font-size: .9rem; }
.hint { color: #444; font-size: .9rem; }
footer { margin-top: 3rem; color: #555; font-size: .85rem; }
@media (max-width: 40rem) {
  .equations thead { display: none; }
  .equations, .equations tbody, .equations tr { display: block; }
  .equations tr { border-bottom: 1px solid var(--line); padding: .3rem 0; }
  .equations tbody th:not([colspan]) { display: block; width: auto; border: 0; padding: .15rem 0;
    overflow: auto hidden; }
  .equations tbody th[colspan] { display: block; border: 0; padding: .5rem 0 0; }
  .equations td, .equations td:nth-child(2) { display: inline-block; width: auto; border: 0;
    padding: 0 1rem 0 0; }
  .equations td:empty, .equations td:nth-child(2):empty { display: none; }
}
@media print {
  body { max-width: none; font-size: 10pt; padding: 0; }
  nav, .hint { display: none; }
  figure, tr { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  h2, h3 { break-after: avoid; }
  pre { white-space: pre-wrap; }
}
"""

DOCUMENT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
{lead}
<nav aria-label="Sections"><ul>
{contents}
</ul></nav>
{hint}
</header>
<main>
{sections}
</main>
<footer><p>{foot}</p></footer>
</body>
</html>
"""


class Html(str):
    """Text that is HTML already."""


class Section(NamedTuple):
    """A part of the page, with a heading of its own."""

    name: str  # what links within the page call it
    title: str
    body: Html


def escape(text):
    """Text as HTML."""
    if isinstance(text, Html):
        return text
    return Html(html.escape(str(text).encode(errors="replace").decode()))


def element(name, *parts, **attributes):
    """An element; ``kind`` is its class, and parts and attributes are escaped."""
    names = {"kind": "class"}
    words = [f' {names.get(k, k)}="{escape(v)}"' for k, v in attributes.items() if v]
    return Html(f"<{name}{''.join(words)}>{''.join(map(escape, parts))}</{name}>")


def table(head, groups, kind=""):
    """A table; ``kind`` is its class, for its style.

    ``head`` has the names of the columns, and may be empty; ``groups`` are pairs (title, rows). A
    row is a sequence of cells, the first of which names it. A title may be empty.
    """
    parts, columns = [], len(head)
    if head:
        cells = [element("th", name, scope="col") for name in head]
        parts.append(element("thead", element("tr", *cells)))
    for title, rows in groups:
        lines = []
        if title:
            heading = element("th", title, colspan=columns, scope="rowgroup")
            lines.append(element("tr", heading))
        for name, *cells in rows:
            cells = [element("td", cell) for cell in cells]
            lines.append(element("tr", element("th", name, scope="row"), *cells))
        parts.append(element("tbody", *(Html(f"{line}\n") for line in lines)))
    return element("div", element("table", *parts, kind=kind), kind="wide")


def note(text):
    """A sentence that stands out: what is missing, and why."""
    return element("p", text, kind="note")


def folded(summary, *parts):
    """What is seen only once it is asked for."""
    return element("details", element("summary", summary), *parts, kind="folded")


def image(figure, alt, caption):
    """A figure within the page: as strokes, or as pixels if there are very many of them.

    It is as wide as the page; a tap enlarges it until the next one, and it scrolls in its place.
    """
    try:
        data, kind = _saved(figure, "svg"), "svg+xml"
        if len(data) > LARGEST_SVG:
            data, kind = _saved(figure, "png"), "png"
    finally:
        plt.close(figure)
    width, height = (round(96 * inches) for inches in figure.get_size_inches())
    source = Html(f"data:image/{kind};base64,{base64.b64encode(data).decode()}")
    shown = f'<img src="{source}" alt="{escape(alt)}" width="{width}" height="{height}">'
    zoomed = element("details", element("summary", Html(shown)), kind="zoom")
    return element("figure", zoomed, element("figcaption", caption))


def _saved(figure, kind):
    data = io.BytesIO()
    dated = {"Date": None} if kind == "svg" else {}
    with plt.rc_context({"svg.hashsalt": "page"}):  # the same figure gives the same bytes
        figure.savefig(data, format=kind, metadata=dated)
    return data.getvalue()


def document(title, lead, sections, foot):
    """A whole page, as text: title, what comes first of all (Html), Sections, and a foot."""
    contents = [element("li", element("a", s.title, href=f"#{s.name}")) for s in sections]
    bodies = []
    for name, heading, body in sections:
        parts = element("h2", heading, id=f"{name}-title"), Html("\n"), body
        attributes = {"id": name, "aria-labelledby": f"{name}-title"}
        bodies.append(element("section", *parts, **attributes))
    zoom = element("p", "A tap or a click on a figure enlarges it.", kind="hint")
    return DOCUMENT.format(
        title=escape(title),
        style=STYLE,
        lead=lead,
        contents="\n".join(contents),
        hint=zoom if any("<img" in s.body for s in sections) else "",
        sections="\n".join(bodies),
        foot=escape(foot),
    )
