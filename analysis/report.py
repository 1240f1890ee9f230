"""What was learned, and what was run? One page that says all that a run folder holds.

    python -m analysis.report RUN [--out FILE]

Writes ``RUN/report.html``: the result, the learning curve, which class was answered for which,
examples, spikes (rates, events and bursts of each population), potentials and weights; then the
equations, configuration and provenance. The page stands alone: it can be sent to anyone and read
anywhere, and loads nothing. What the run does not hold is left out, with a sentence that says why.
"""

import sys

from analysis import voltages
from analysis.drawing.figure import command
from analysis.drawing.html import Section, document, note
from analysis.drawing.writing import write_text
from analysis.reading import of_page
from analysis.reporting import origin, outcome
from experiments.run.folder import RunError

PARTS = (  # what links call it, its heading, the file that it is made from, what makes it
    ("learning", "Learning", "metrics.csv", outcome.learning),
    ("answers", "Answers of the last test", "confusion.csv", outcome.confusions),
    ("examples", "Examples", "records.h5", outcome.examples),
    ("spikes", "Spikes", "records.h5", outcome.spikes),
    ("potentials", "Potentials", "records.h5", outcome.potentials),
    ("weights", "Weights", "a file in weights", outcome.learned),
    ("equations", "Equations", "equations.txt", origin.model),
    ("configuration", "Configuration", "config.json", origin.configuration),
    ("provenance", "Provenance", "provenance.json", origin.provenance),
)
# Parts, and what they need recorded.
DRAWN = {"spikes": ("spikes",), "potentials": voltages.KINDS}
OF_TRAINING = ("learning", "answers", "examples", "weights")  # parts


def page(run):
    """A page on one run: its result, what was learned, and what was run."""
    kinds = outcome.kinds(run)
    drawn = kinds if outcome.has_records(run) else ()  # else one part says how to record
    absent = [part for part, needed in DRAWN.items() if not set(needed) & set(drawn)]
    if of_page(run):
        there = set(run.config().get("record", ()))
        absent = [part for part, needed in DRAWN.items() if not set(needed) & there]
        absent += OF_TRAINING
    sections = [
        Section(name, title, _if_whole(part, run, file))
        for name, title, file, part in PARTS
        if name not in absent
    ]
    foot = f"Written by python -m analysis.report from the run folder {run.path.resolve().name}."
    lead = _if_whole(outcome.result, run, "result.json")
    return document(outcome.title(run), lead, sections, foot)


def _if_whole(show, run, file):
    """A part of the page, or the sentence that says why there is none."""
    try:
        return show(run)
    except RunError as error:
        reason = str(error).replace(f"{run.path}/", "").replace(str(run.path), "the run folder")
    except (ValueError, OSError) as error:  # of a figure that cannot be drawn, or a file
        reason = f"{file} is damaged ({type(error).__name__}: {error})"
    return note(f"Left out: {reason.rstrip('.')}.")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command("report", page, arguments, place="report.html", how=write_text)


if __name__ == "__main__":
    sys.exit(main())
