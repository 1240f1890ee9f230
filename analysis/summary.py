"""The tables of headline numbers, the paper's beside ours.

    python -m analysis.summary [--results DIR] [--readme FILE]

They are made from ``results/summary.csv``: the key ones stand between two marks in the README, all
in ``results/README.md``.
"""

import csv
import sys
from pathlib import Path

from analysis.command import ROOT, Parser
from experiments.records import RunError

MARKS = "<!-- results -->\n", "<!-- end of results -->\n"
SHOWN = {  # measure -> its text with its unit, and what n counts; the summary has more
    "test_error": ("test error (%)", "tests of one network"),
    "training_error": ("the same, training images (%)", "images"),
    "test_error_of_seeds": ("test error (%)", "networks"),
    "apical_share_printed_hidden_0": ("share of the steady $V^a$, 30 to 50 ms", ""),
    "apical_share_best_hidden_0": ("share of the steady $V^a$, 60 to 80 ms", ""),
    "apical_share_best_deep_hidden_0": ("share of the steady $V^a$, 75 to 95 ms", ""),
    "gain_apical": ("gain from apical dendrite to soma", ""),
    "target_rate_taught": ("rate of the taught output cell (Hz)", "images"),
    "target_rate_others": ("rate of the other output cells (Hz)", "images"),
    "loss_correlation_digit_2": ("r of both losses, digit 2", "images"),
    "loss_correlation": ("r of both losses", "digits"),
    "loss_correlation_shuffled": ("r of random pairs", "digits"),
    "loss_correlation_shuffled_activity": ("r, forward activity shuffled", "digits"),
    "largest_eigenvalue_of_1000_start": (
        "largest eigenvalue, before learning",
        "mean of 100 images",
    ),
    "largest_eigenvalue_of_1000_min": ("largest eigenvalue, at its least", "means of 1,000 images"),
    "largest_eigenvalue_of_1000_end": ("largest eigenvalue, at the end", "mean of 1,000 images"),
    "theorem_1_holds": ("Theorem 1's inequality holds (share)", "images"),
    "theorem_1_holds_plateaus": ("the same, with the plateaus learned from (share)", "images"),
    "eigenvalue_below_1": ("eigenvalue below 1 (share)", "images"),
    "knn_accuracy": ("5 nearest neighbours agree (%)", "images"),
    "angle_spiking_start": ("angle to backprop at first (degrees)", "images"),
    "angle_spiking_min": ("the same, least mean of 1,000 images", "images"),
    "angle_spiking": ("the same, last epoch", "images"),
    "angle_rate_start": ("angle to backprop at first (degrees)", "images"),
    "angle_rate_min": ("the same, least mean of 1,000 images", "images"),
    "angle_rate": ("the same, last epoch", "images"),
    "field_similarity": ("r with the most similar field of backprop", "cells"),
    "field_similarity_shuffled": ("the same, pixels shuffled", "cells"),
    "epsp_change_early": ("change of the EPSP, apical input early (%)", "cells"),
    "epsp_change_late": ("change of the EPSP, apical input late (%)", "cells"),
    "sign_change_ms": ("where the change turns its sign (ms)", "cells"),
    "validation_error": ("error on images held out (%)", "network"),
    "test_error_digits": ("test error, digits (%)", "networks"),
    "test_error_mnist": ("test error, MNIST (%)", "networks"),
}
KEY = (  # the measures that stand in the README
    "test_error",
    "loss_correlation_digit_2",
    "largest_eigenvalue_of_1000_end",
    "angle_spiking",
    "angle_rate",
    "field_similarity",
    "knn_accuracy",
    "epsp_change_early",
    "epsp_change_late",
)
KEY_EPOCHS = {"losses": "1"}  # the only ones in the README, of pages that look at many
SEPARATE = ("cell_bench",)  # a page of data sheets, with measures of its own
COLUMNS = ("condition", "measure", "paper", "ours", "over", "epochs", "CPU hours", "command")


def rows(path):
    """Rows of the summary as dicts of str; RunError if there is none."""
    try:
        with Path(path).open(newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError as error:
        raise RunError(f"no results in {path}: run a page of experiments first") from error


def table(rows):
    """The rows of the README, as one table in Markdown.

    Parameters
    ----------
    rows : list of dict of str
        Rows of ``results/summary.csv``, of which those with a measure in ``KEY`` are taken. A row
        ``cpu_hours`` becomes a column of the others of its condition.
    """
    rows = [row for row in rows if row["epochs"] == KEY_EPOCHS.get(_name(row), row["epochs"])]
    return "\n".join([*_head(), *(line for _, line in _lines(rows, KEY))]) + "\n"


def book(rows):
    """All rows with a measure in ``SHOWN``: a heading and a table for each experiment."""
    parts, last = (
        ["# All results", "", "Made by `python -m analysis.summary`; see ../README.md."],
        "",
    )
    for name, line in _lines(rows, SHOWN):
        if name != last:
            parts += ["", f"## {name}", "", *_head()]
        parts.append(line)
        last = name
    return "\n".join(parts) + "\n"


def _head():
    return ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]


def _lines(rows, measures):
    """Experiment and line of the table, of rows with one of the measures."""
    cpu = {_key(row): row["value"] for row in rows if row["measure"] == "cpu_hours"}
    for row in rows:
        if row["measure"] in measures and _name(row) not in SEPARATE:
            yield _name(row), _line(row, cpu.get(_key(row), ""))


def _name(row):
    return row["experiment"]


def _line(row, hours):
    ours = _number(row["value"])
    if row["spread"]:
        ours += f" ± {float(row['spread']):.2g}"
    measure, counted = SHOWN[row["measure"]]
    command = row["command"].removeprefix("python -m ")
    cells = (
        row["condition"].replace("_", " "),
        measure,
        row["paper"] and _number(row["paper"]),
        ours,
        f"{row['n']} {counted}" if row["n"] and counted else "",
        row["epochs"],
        hours and f"{float(hours):.2f}",
        command and f"`{command}`",
    )
    return "| " + " | ".join(cells) + " |"


def _key(row):
    return row["experiment"], row["condition"], row["epochs"]


def _number(text):
    value = float(text)
    return f"{value:#.3g}".rstrip(".") if abs(value) < 100 else f"{value:.0f}"


def insert(text, body):
    """Text with what stands between the marks replaced; RunError if it has no marks."""
    try:
        before, rest = text.split(MARKS[0])
        _, after = rest.split(MARKS[1])
    except ValueError as error:
        raise RunError("the README has no place for the results: it lost its marks") from error
    return before + MARKS[0] + body + MARKS[1] + after


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    parser = Parser(prog="analysis.summary", description=__doc__.splitlines()[0])
    parser.add_argument("--results", default=ROOT, metavar="DIR", help=f"default: {ROOT}")
    parser.add_argument("--readme", default="README.md", metavar="FILE")
    given = parser.parse_args(arguments)
    readme = Path(given.readme)
    try:
        found = rows(Path(given.results) / "summary.csv")
        readme.write_text(insert(readme.read_text(), table(found)))
        (Path(given.results) / "README.md").write_text(book(found))
    except (RunError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    print(readme)
    return 0


if __name__ == "__main__":
    sys.exit(main())
