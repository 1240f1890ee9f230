"""What was run, and what came of it? One page that says all that a run folder holds.

    python -m analysis.report RUN [--out FILE]

Writes ``RUN/report.html``: the result, configuration, provenance, equations, figures and weights.
The page stands alone: it can be sent to anyone and read anywhere, and loads nothing. What the run
does not hold is left out, with a sentence that says why.
"""

import sys

from analysis import learning_curve, raster, voltages, weights
from analysis.drawing import equations
from analysis.drawing.figure import command
from analysis.drawing.html import Html, Section, document, element, image, table
from analysis.drawing.writing import write_text
from analysis.reading import KINDS, LARGEST, headline, line, variables
from analysis.reading import model as simulated
from experiments.run import named
from experiments.run.folder import RunError

FIGURES = {  # in result.json -> what it is, its unit, its decimals
    "test_error": ("test error", "%", 2),
    "best_test_error": ("lowest test error", "%", 2),
    "training_error": ("training error, mean of the last epoch", "%", 2),
    "epochs": ("epochs", "", 0),
    "images": ("images learned from", "", 0),
    "cpu_ms_per_image": ("CPU time of training", "ms an image", 3),
    "wall_ms_per_image": ("time of training", "ms an image", 3),
}
NOT_RECORDED = (
    "nothing was recorded. To go on with this run and record two test images at its end, give "
    "its command once more with --resume --record"
)


PARTS = (  # what links call it, its heading, the file that it is made from
    ("configuration", "Configuration", "config.json"),
    ("provenance", "Provenance", "provenance.json"),
    ("equations", "Equations", "equations.txt"),
    ("learning", "Learning", "metrics.csv"),
    ("spikes", "Spikes", "records.h5"),
    ("potentials", "Potentials", "records.h5"),
    ("weights", "Weights", "a file in weights"),
)
DRAWN = {"spikes": "spikes", "potentials": "voltages"}  # parts, and what they need recorded


def page(run):
    """A page on one run: its result, configuration, provenance, equations, figures and weights."""
    show = (configuration, provenance, model, learning, spikes, potentials, learned)
    kinds = _kinds(run)
    absent = [k for k, kind in DRAWN.items() if kind not in kinds]
    sections = [
        Section(name, title, _if_whole(part, run, file))
        for (name, title, file), part in zip(PARTS, show, strict=True)
        if name not in absent
    ]
    epochs = _epochs(run)
    title = headline(run) + (f", {epochs} epoch{'s' * (epochs != 1)}" if epochs else "")
    foot = f"Written by python -m analysis.report from the run folder {run.path.resolve().name}."
    return document(title, _if_whole(result, run, "result.json"), sections, foot)


def result(run):
    """The final figures, or how far the run is."""
    epochs = _epochs(run)
    if run.text("result.json") is None:
        return _note(f"This run has not finished: there is no result.json. {_so_far(run, epochs)}")
    found, rows = run.result(), []
    for name, value in found.items():
        text, unit, decimals = FIGURES.get(name, (name, "", 3))
        number = named.fits(value, float) and abs(value) < LARGEST
        rows.append((text, f"{value:,.{decimals}f} {unit}" if number else _text(value)))
    shown = table((), [("", rows)], "figures")
    if run.config().get("validation"):
        text = "Tests are on training images that were held out; the test set was left alone."
        shown += element("p", text)
    if named.fits(found.get("epochs"), int) and found["epochs"] < epochs:
        text = f"This run goes on, and has not finished. {_so_far(run, epochs)} Its last end gave:"
        shown = _note(text) + shown
    return Html(shown)


def configuration(run):
    """All options of the run, in two tables."""
    rows = [(name, _text(value)) for name, value in run.config().items()]
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
        rows = [(name.replace("_", " "), _text(value)) for name, value in start.items()]
        tables.append(table((), [("", rows)], "options"))
    said = "What made the run, from an image on until the next start." if len(starts) > 1 else ""
    return Html((element("p", said) if said else "") + "".join(tables))


def model(run):
    """The equations, set and as they were run."""
    text, found = run.text("equations.txt"), simulated(run)
    if not text:
        raise RunError("the run folder has no equations.txt")
    if not found:  # a run of an earlier version
        return element("pre", text)
    said = "x ← … is what a statement makes of x; all else holds at all times."
    source = element("details", element("summary", "the same as text"), element("pre", text))
    return Html(element("p", said) + equations.show(found) + source)


def learning(run):
    """The learning curve."""
    _, tests = learning_curve.columns(run)
    last = tests["test_error"][-1]
    alt = f"Error and output loss against epochs; the last test error is {last:.2f} %."
    caption = (
        "Upper panel: images whose class is wrong. Below: the output loss, and what else was "
        "measured. The training error is scored while the weights change."
    )
    return image(learning_curve.draw(run), alt, caption)


def spikes(run):
    """The raster of the recorded images."""
    _refuse_unrecorded(run)
    caption = (
        "Each stroke is a spike. After an image's first phase (deeper shade) it is taught: the "
        "rows of its class are shaded."
    )
    return image(raster.draw(run), "Spikes of all populations over test images.", caption)


def potentials(run):
    """One cell of each population: that whose plateau potentials differ most, if it has any."""
    _refuse_unrecorded(run)
    shown = []
    for name in voltages.populations(run):
        where = name.replace("_", " ")
        caption = (
            f"A recorded cell of {where}. If these cells have plateau potentials, that whose two "
            "differ most: it learns from their difference."
        )
        alt = f"Potentials of a cell of {where} over the recorded test images."
        shown.append(image(voltages.draw(run, population=name), alt, caption))
    return Html("".join(shown))


def learned(run):
    """All weights in numbers, their histograms, and receptive fields."""
    found = weights.load(run)
    told = variables(run)
    head = ("weights", "meaning", "shape", "unit", "mean", "SD", "norm", "relative change")
    rows = []
    for name, pair in found.items():
        now = weights.change(*pair)
        shape = " × ".join(map(str, now.shape))
        numbers = (f"{x:.4g}" for x in (now.mean, now.sd, now.norm, now.relative))
        meaning, unit = (told.get(name, {}).get(key, "") for key in ("meaning", "unit"))
        rows.append((equations.formula(line(name)), meaning, shape, unit, *numbers))
    said = (
        f"Of the last checkpoint, after {run.state().images_seen:,} images. The norm is the "
        "Frobenius norm; the relative change is the norm of what was learned over that at the "
        "beginning."
    )
    caption = "Numbers of weights, now and at the beginning."
    if weights.fields(run, found):
        caption += (
            " Below, the weights from the image to the first cells of the first layer: the number "
            "of a cell is that of its row plus that of its column."
        )
    shown = image(weights.draw(run), "Histograms of all weights, and receptive fields.", caption)
    return Html(element("p", said) + table(head, [("", rows)], "numbers") + shown)


def _if_whole(show, run, file):
    """A part of the page, or the sentence that says why there is none."""
    try:
        return show(run)
    except RunError as error:
        reason = str(error).replace(f"{run.path}/", "").replace(str(run.path), "the run folder")
    except (ValueError, OSError) as error:  # of a figure that cannot be drawn, or a file
        reason = f"{file} is damaged ({type(error).__name__}: {error})"
    return _note(f"Left out: {reason.rstrip('.')}.")


def _refuse_unrecorded(run):
    if not (run.path / "records.h5").exists():
        raise RunError(f"{NOT_RECORDED} {' '.join(_kinds(run))}")


def _kinds(run):
    """Kinds of records that the theory of a run has."""
    try:
        return simulated(run).get("records", KINDS)
    except RunError:  # a part of the page says that it is damaged
        return KINDS


def _epochs(run):
    """How many epochs the run is to go through, 0 if its configuration does not say."""
    found = run.config().get("epochs")
    return found if named.fits(found, int) and 0 < found < LARGEST else 0


def _so_far(run, epochs):
    """How far a run is, by its metrics."""
    try:
        rows = run.metrics()
    except RunError:
        return "How far it is cannot be said: metrics.csv is damaged."
    if not rows or rows[-1]["epoch"] is None:
        return "It has not been through a chunk yet."
    text = f"So far: {rows[-1]['epoch']:.3g} of {epochs} epochs"
    tests = [row["test_error"] for row in rows if row["test_error"] is not None]
    return text + (f", last test error {tests[-1]:.2f} %." if tests else ".")


def _note(text):
    return element("p", text, kind="note")


def _text(value, depth=5):
    """A value of a JSON file, as a reader would write it."""
    if value is None or value == []:
        return "–"
    if not depth:
        return "…"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(part, depth - 1)}" for name, part in value.items())
    if isinstance(value, list):
        return " ".join(_text(part, depth - 1) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command("report", page, arguments, place="report.html", how=write_text)


if __name__ == "__main__":
    sys.exit(main())
