"""The table of all headline numbers, the paper's beside ours, written into the README.

    python -m analysis.summary [--results DIR] [--readme FILE]

It is made from ``results/summary.csv`` and stands between two marks in the README.
"""

import csv
import sys
from pathlib import Path

from analysis.command import ROOT, Parser
from experiments.records import RunError

MARKS = "<!-- results -->\n", "<!-- end of results -->\n"
SHOWN = (  # the measures that the paper's readers ask for; the summary has more
    "test_error",
    "test_error_of_seeds",
    "apical_share_printed_hidden_0",
    "apical_share_best_hidden_0",
    "gain_apical",
    "target_rate_taught",
    "target_rate_others",
    "loss_correlation_digit_2",
    "loss_correlation",
    "loss_correlation_shuffled",
    "largest_eigenvalue_min",
    "theorem_1_holds",
    "theorem_1_holds_mu_below_1",
    "knn_accuracy",
    "angle_spiking",
    "angle_rate",
    "angle_spiking_min",
    "angle_rate_min",
    "field_similarity",
    "field_similarity_shuffled",
    "weight_change_early",
    "weight_change_late",
    "sign_change_ms",
    "test_error_digits",
    "test_error_mnist",
)
SEPARATE = ("cell_bench",)  # a page of data sheets, with measures of its own
COLUMNS = ("experiment", "condition", "measure", "paper", "ours", "n", "epochs", "CPU hours")


def rows(path):
    """Rows of the summary as dicts of str; RunError if there is none."""
    try:
        with Path(path).open(newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError as error:
        raise RunError(f"no results in {path}: run a page of experiments first") from error


def table(rows):
    """The rows as a table in Markdown.

    Parameters
    ----------
    rows : list of dict of str
        Rows of ``results/summary.csv``, of which those with a measure in ``SHOWN`` are taken. A
        row ``cpu_hours`` becomes a column of the others of its condition.
    """
    cpu = {_key(row): row["value"] for row in rows if row["measure"] == "cpu_hours"}
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    for row in rows:
        if row["measure"] not in SHOWN or row["experiment"] in SEPARATE:
            continue
        ours = _number(row["value"])
        if row["spread"]:
            ours += f" ± {float(row['spread']):.2g}"
        hours = cpu.get(_key(row), "")
        cells = (
            row["experiment"],
            row["condition"].replace("_", " "),
            row["measure"].replace("_", " "),
            row["paper"] and _number(row["paper"]),
            ours,
            row["n"],
            row["epochs"],
            hours and f"{float(hours):.2f}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


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
        body = table(rows(Path(given.results) / "summary.csv"))
        readme.write_text(insert(readme.read_text(), body))
    except (RunError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    print(readme)
    return 0


if __name__ == "__main__":
    sys.exit(main())
