"""What stands in place of a line ``<!-- fill: ... -->`` of a page: tables made from ``results``."""

import json
import re
from pathlib import Path

from analysis.measures import MEASURES
from experiments.study.results import read_rows

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "results"
LINE = re.compile(r"^<!-- fill: (\w+)(?: of (\w+))? -->$", re.MULTILINE)
BY_HAND = ROOT / "docs" / "figures.md"  # figures that have a text of their own


def filled(text):
    """A page with its tables."""
    return LINE.sub(lambda found: MADE[found[1]](*filter(None, [found[2]])), text)


def figures(theory):
    """The figures of a theory's pages that no text shows yet: question, title and picture."""
    parts, by_hand = [], BY_HAND.read_text()
    for file in sorted((RESULTS / theory).glob("*/page.json")):
        page = json.loads(file.read_text())
        picture = f"results/{theory}/{page['page']}/{page['page']}.png"
        if picture in by_hand or not (ROOT / picture).exists():
            continue
        question = page["text"].strip().splitlines()[0]
        module = f"api/experiments.{theory}.{page['page']}.rst"
        parts += [f"### {page['page'].replace('_', ' ').capitalize()}", f"*{question}*"]
        parts += [f"![{page['title']}](../{picture})", f"[What it does and expects]({module})"]
    return "\n\n".join(parts)


def claims(theory):
    """The numbers of a theory for which its paper has one, too."""
    head = ("page", "network", "measure", "the paper", "here", "of", "epochs")
    lines, labels = [], _labels(theory)
    for row in read_rows(RESULTS / "summary.csv"):
        if row["theory"] != theory or not row["paper"] or row["measure"] not in MEASURES:
            continue
        measure, place = MEASURES[row["measure"]], (row["experiment"], row["condition"])
        here = f"{float(row['value']):.3g}"
        here += f" ± {float(row['spread']):.2g}" if row["spread"] else ""
        counted = f"{row['n']} {measure.counted}".strip()
        paper = f"{'< ' if measure.below else ''}{float(row['paper']):.3g}"
        named = labels.get(place, row["condition"].replace("_", " "))
        cells = row["experiment"], named, measure.text, paper, here, counted, row["epochs"]
        lines.append(cells)
    return table(head, lines) if lines else "No page of it has been run yet."


def speed():
    """CPU time of training by network, as a ratio to the bound."""
    rows = [r for r in _speed() if r["what"] == "ours" and r["ratio_to_bound"]]
    shown = []
    for r in rows:
        ratio = f"{float(r['ratio_to_bound']):.2f} ({_range(r['lowest'], r['highest'])})"
        shown.append((r["network"], f"{float(r['cpu_ms_per_image']):.2f}", ratio))
    return table(("network", "ms CPU an image", "ratio to the bound (range)"), shown)


def others():
    """Slower ways to run the same network."""
    rows = [r for r in _speed() if r["note"].endswith("times ours")]
    shown = [(r["what"], r["cpu_ms_per_image"], r["note"]) for r in rows]
    return table(("what", "ms CPU an image", "beside ours"), shown)


def chunks():
    """The share of start-up by the length of a chunk."""
    notes = [r["note"].partition(": ") for r in _speed() if r["note"].startswith("chunk of ")]
    shown = [
        (images.removeprefix("chunk of "), share.split("back ")[-1]) for images, _, share in notes
    ]
    return table(("images in a chunk", "share of its time"), shown)


def rates():
    """CPU time of backpropagation beside batched NumPy."""
    head = ("network", "beside", "ours, ms CPU an image", "NumPy", "ratio (range)")
    shown = []
    for r in read_rows(RESULTS / "benchmarks" / "rates.csv"):
        ratio = f"{float(r['ratio']):.2f} ({_range(r['lowest'], r['highest'])})"
        times = (f"{float(r[name]):.3f}" for name in ("ours_ms", "numpy_ms"))
        shown.append((r["network"], r["beside"], *times, ratio))
    return table(head, shown) if shown else "It has not been measured yet."


def agreement():
    """Test errors of our learning curves and of the bound's."""
    rows = read_rows(RESULTS / "benchmarks" / "agreement" / "test_error.csv")
    places = [(epoch, who) for epoch in ("1", "5") for who in ("ours", "bound")]
    shown = []
    for settings in dict.fromkeys(row["settings"] for row in rows):
        cells = []
        for epoch, who in places:
            key = settings, who, epoch
            same = [r for r in rows if (r["settings"], r["who"], r["epoch"]) == key]
            errors = [float(r["test_error"]) for r in same]
            cells.append(f"{sum(errors) / len(errors):.2f} ({_range(min(errors), max(errors))})")
        shown.append((f"`{settings}`", *cells))
    return table(("settings", *(f"{who}, epoch {epoch}" for epoch, who in places)), shown)


MADE = {made.__name__: made for made in (figures, claims, speed, others, chunks, rates, agreement)}


def _labels(theory):
    """(page, condition) -> what figures call it."""
    found = {}
    for file in (RESULTS / theory).glob("*/page.json"):
        page = json.loads(file.read_text())
        named = {name: about["label"] for name, about in page["conditions"].items()}
        found |= {(page["page"], name): label for name, label in named.items()}
    return found


def _speed():
    return read_rows(RESULTS / "benchmarks" / "speed.csv")


def _range(low, high):
    return f"{float(low):.2f} to {float(high):.2f}"


def table(head, rows):
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in lines)
