"""The tables of headline numbers, the paper's beside ours.

    python -m analysis.summary [--results DIR] [--readme FILE]

They are made from ``results/summary.csv``: the key ones stand between two marks in the README, all
in ``results/README.md``.
"""

import csv
import sys
from pathlib import Path

from analysis.drawing.figure import ROOT, Parser
from analysis.segregated import asynchronous, attenuation, depth, feedback
from experiments.run.folder import RunError

MARKS = "<!-- results -->\n", "<!-- end of results -->\n"
SHOWN = {  # measure -> its text with its unit, and what n counts; the summary has more
    "test_error": ("test error (%)", "tests of one network"),
    "training_error": ("the same, training images (%)", "images"),
    "test_error_last_epochs": ("the same, last ten epochs (%)", "tests after an epoch each"),
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
    "largest_eigenvalue_start": ("largest eigenvalue, before learning", "mean of 100 images"),
    "largest_eigenvalue_min": ("largest eigenvalue, at its least", "means of 100 images"),
    "largest_eigenvalue_end": ("largest eigenvalue, at the epoch's end", "means of 100 images"),
    "largest_eigenvalue_of_1000_min": ("largest eigenvalue, at its least", "means of 1,000 images"),
    "largest_eigenvalue_of_1000_end": (
        "largest eigenvalue, at the epoch's end",
        "mean of 1,000 images",
    ),
    "theorem_1_holds": ("Theorem 1's inequality holds (share)", "images"),
    "theorem_1_holds_plateaus": ("the same, with the plateaus learned from (share)", "images"),
    "eigenvalue_below_1": ("eigenvalue below 1 (share)", "images"),
    "knn_accuracy": ("5 nearest neighbours agree (%)", "images"),
    "angle_spiking_start": ("angle to backprop, first 100 images (degrees)", "images"),
    "angle_spiking_min": ("angle to backprop, least mean of 1,000 images (degrees)", "images"),
    "angle_spiking": ("angle to backprop, last epoch (degrees)", "images"),
    "angle_rate_start": ("angle to backprop, first 100 images (degrees)", "images"),
    "angle_rate_min": ("angle to backprop, least mean of 1,000 images (degrees)", "images"),
    "angle_rate": ("angle to backprop, last epoch (degrees)", "images"),
    "field_similarity": ("r with the most similar field of backprop", "cells"),
    "field_similarity_shuffled": ("the same, pixels shuffled", "cells"),
    "epsp_change_early": ("change of the EPSP, apical input early (%)", "cells"),
    "epsp_change_late": ("change of the EPSP, apical input late (%)", "cells"),
    "sign_change_ms": ("where the change turns its sign (ms)", "cells"),
    "validation_error": ("error on images held out (%)", "network"),
    "test_error_digits": ("test error, digits (%)", "networks"),
    "test_error_mnist": ("test error, MNIST (%)", "networks"),
}
BOUNDS = ("largest_eigenvalue",)  # measures that the paper only says to be below its number
TRAINED = {  # pages of the README's first table -> text of each condition, in their order
    "depth": {name: look.text for name, look in depth.LOOKS.items()},
    "feedback": feedback.LABELS,
    "attenuation": attenuation.LABELS,
    "asynchronous": asynchronous.LABELS,
}
KEY = (  # measures of its second
    "loss_correlation_digit_2",
    "largest_eigenvalue_end",
    "largest_eigenvalue_of_1000_end",
    "angle_spiking_min",
    "angle_spiking",
    "angle_rate_min",
    "angle_rate",
    "field_similarity",
    "knn_accuracy",
    "epsp_change_early",
    "epsp_change_late",
)
KEY_EPOCHS = {"losses": "1"}  # the only ones in the README, of pages that look at many
SEPARATE = ("cell_bench",)  # a page of data sheets, with measures of its own
SPREADS = {  # columns of the first table: measure of the summary -> head
    "test_error": "ours, 20 tests",
    "test_error_last_epochs": "last ten epochs",
    "test_error_of_seeds": "seeds, epoch 5",
}
ERRORS = ("page", "condition", "paper", *SPREADS.values(), "epochs", "CPU hours", "command")
COLUMNS = ("page", "condition", "measure", "paper", "ours", "over", "epochs", "command")


def rows(path):
    """Rows of the summary as dicts of str; RunError if there is none."""
    try:
        with Path(path).open(newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError as error:
        raise RunError(f"no results in {path}: run a page of experiments first") from error


def table(rows):
    """The two tables of the README in Markdown: test errors with their spreads, and the rest.

    Parameters
    ----------
    rows : list of dict of str
        Rows of ``results/summary.csv``. A network that was tested after several numbers of epochs
        stands there with the most.
    """
    lines = [*_head(ERRORS)]
    for page in TRAINED:
        here = [row for row in rows if _name(row) == page]
        for name in TRAINED[page]:
            mine = [row for row in here if row["condition"] == name]
            tested = [row["epochs"] for row in mine if row["measure"] == "test_error"]
            if tested:
                lines.append(_errors(page, name, max(tested, key=int), mine))
    rest = [row for row in rows if row["epochs"] == KEY_EPOCHS.get(_name(row), row["epochs"])]
    rest = [row for row in rest if row["measure"] in KEY]
    return "\n".join([*lines, "", *_head(COLUMNS), *map(_line, rest)]) + "\n"


def book(rows):
    """All rows with a measure in ``SHOWN``: a heading and a table for each experiment."""
    parts, last = (
        ["# All results", "", "Made by `python -m analysis.summary`; see ../README.md."],
        "",
    )
    for row in rows:
        if row["measure"] not in SHOWN or _name(row) in SEPARATE:
            continue
        if _name(row) != last:
            parts += ["", f"## {_name(row)}", "", *_head(COLUMNS)]
        parts.append(_line(row))
        last = _name(row)
    return "\n".join(parts) + "\n"


def _head(columns):
    return ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]


def _name(row):
    return row["experiment"]


def _errors(page, name, epochs, mine):
    """Line of a trained condition: its three spreads beside the paper's error."""
    found = {row["measure"]: row for row in mine if row["epochs"] == epochs}
    found |= {row["measure"]: row for row in mine if row["measure"] == "test_error_of_seeds"}
    tested, hours = found["test_error"], found.get("cpu_hours")
    cells = (
        page,
        TRAINED[page][name],
        _paper(tested),
        *(_spread(found[measure]) if measure in found else "" for measure in SPREADS),
        epochs,
        hours and f"{float(hours['value']):.2f}",
        _command(tested),
    )
    return "| " + " | ".join(cell or "" for cell in cells) + " |"


def _line(row):
    measure, counted = SHOWN[row["measure"]]
    cells = (
        _name(row),
        row["condition"].replace("_", " "),
        measure,
        _paper(row),
        _spread(row),
        f"{row['n']} {counted}" if row["n"] and counted else "",
        row["epochs"],
        _command(row),
    )
    return "| " + " | ".join(cells) + " |"


def _paper(row):
    below = "< " if row["measure"].startswith(BOUNDS) else ""
    return row["paper"] and below + _number(row["paper"])


def _spread(row):
    return _number(row["value"]) + (f" ± {float(row['spread']):.2g}" if row["spread"] else "")


def _command(row):
    return row["command"] and f"`{row['command'].removeprefix('python -m ')}`"


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
