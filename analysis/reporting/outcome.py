"""What came of a run: its result, the learning curve, answers, and what was recorded and learned.

Each part takes a run folder and gives a part of the page; RunError says why there is none.
"""

import math

from analysis import confusion as answers
from analysis import examples as shown
from analysis import learning_curve, raster, voltages, weights
from analysis.drawing import equations
from analysis.drawing.html import Html, element, image, note, table
from analysis.reading import KINDS, LARGEST, headline, line, of_page, variables, when
from analysis.reading import model as simulated
from analysis.reporting import firing
from experiments.run import named, records
from experiments.run.folder import RunError

FIGURES = {  # in result.json -> what it is, and its unit
    "test_error": ("test error", "%"),
    "best_test_error": ("lowest test error, chosen afterwards", "%"),
    "training_error": ("training error, mean of the last epoch", "%"),
    "epochs": ("epochs", ""),
    "images": ("images shown in training, in all epochs", ""),
    "cpu_ms_per_image": ("processor time of training", "ms an image"),
    "wall_ms_per_image": ("time of training by the clock", "ms an image"),
    "footprint_bytes": ("memory of all that the network holds, in bytes", ""),
    "connection_sparsity": ("share of weights that are 0", ""),
    "spikes_per_image": ("spikes an image, the input's left out", ""),
    "activation_sparsity": ("share of activities that are 0", ""),
    "operations_per_image": ("effective synaptic operations an image", ""),
}
SHORTEST = 1e-4  # ms: no clock tells less
NOT_RECORDED = (
    "nothing was recorded. To go on with this run and record two test images at its end, give "
    "its command once more with --resume --record"
)
UNCHANGED, FROM_ZERO, LARGE = "unchanged", "from 0", 100  # of a relative change, and a large one


def result(run):
    """The final figures, or how far the run is."""
    if of_page(run):
        said = "What a page's network did, as it was recorded; its numbers are among the results."
        return Html(element("p", said))
    epochs = run_epochs(run)
    if run.text("result.json") is None:
        return note(f"This run has not finished: there is no result.json. {_so_far(run, epochs)}")
    found = run.result()
    rows = [
        (_name(run, name), _number(run, name, value))
        for name, value in found.items()
        if value or name not in ("epochs", "images")
    ]
    page = table((), [("", rows)], "figures")
    if run.epoch is not None:
        page += note(f"Weights and records are those after epoch {run.epoch}, all else of the end.")
    if run.config().get("validation"):
        text = "Tests are on training images that were held out; the test set was left alone."
        page += element("p", text)
    if named.fits(found.get("epochs"), int) and found["epochs"] < epochs:
        text = f"This run goes on, and has not finished. {_so_far(run, epochs)} Its last end gave:"
        page = note(text) + page
    return Html(page)


def _name(run, name):
    text, _ = FIGURES.get(name, (name.replace("_", " "), ""))
    return text.replace("test error", f"{tested(run)} error")


def _number(run, name, value):
    """A final figure as a reader would write it, with its unit."""
    _, unit = FIGURES.get(name, ("", ""))
    if not named.fits(value, float) or not abs(value) < LARGEST:
        return str(value)
    if unit == "%":
        return f"{value:.2f} %{_of_images(value, _whole_test(run)) if name == 'test_error' else ''}"
    if unit.startswith("ms"):
        return f"{value:.3g} {unit}" if value > SHORTEST else "too short to measure"
    whole = float(value).is_integer()
    return f"{value:,.0f}" if whole else f"{value:.4g}"


def _of_images(error, images):
    """Of how many images an error is, as the end of a text; nothing where that is not known."""
    return f" ({round(error * images / 100):,} of {images:,} images)" if images else ""


def _whole_test(run):
    """How many images a test of all has, 0 if that is not known."""
    try:
        return max((row["test_examples"] or 0 for row in run.metrics()), default=0)
    except RunError:  # the part on learning says so
        return 0


def tested(run):
    """What errors of tests are called: of the test set, or of images held out from training."""
    return "validation" if run.config().get("validation") else "test"


def run_epochs(run):
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
    tests = [row for row in rows if row["test_error"] is not None]
    if not tests:
        return f"{text}; there was no test yet."
    error = tests[-1]["test_error"]
    shown = _of_images(error, tests[-1]["test_examples"])
    return f"{text}, last {tested(run)} error {error:.2f} %{shown}."


def learning(run):
    """The learning curve."""
    if run.config().get("epochs") == 0:
        raise RunError("nothing was to be learned, in 0 epochs")
    _, tests = learning_curve.columns(run)
    last = tests["test_error"][tests["epoch"].round() == tests["epoch"]][-1]
    alt = f"Error and output loss against epochs; the last {tested(run)} error is {last:.2f} %."
    caption = (
        "Upper panel: images whose class is wrong. Below: the output loss, and what else was "
        "measured. The training error is scored while the weights change."
    )
    return image(learning_curve.draw(run), alt, caption)


def confusions(run):
    """Which class was answered for which."""
    said = answers.said(run.confusion(), f"{tested(run)} images")
    if run.epoch is not None:
        said += f" That is the run's last test, not one after epoch {run.epoch}."
    caption = "Right answers are framed; the more wrong answers another cell has, the darker it is."
    alt = f"A table of the classes shown and answered. {said}"
    return Html(element("p", said) + image(answers.draw(run), alt, caption))


def examples(run):
    """Recorded images, and what was answered."""
    refuse_unrecorded(run)
    found = shown.load(run)
    right = int((found.answers.argmax(axis=1) == found.labels).sum())
    count = len(found.labels)
    alt = f"Recorded images, each with the answer of every class; {right} of {count} are right."
    caption = (
        "Recorded images, and the answer of each class to them: the largest (dark) is what the "
        "network says, the row of the class shown is shaded. They were shown as in training, which "
        "may be for a shorter time than in a test."
    )
    return image(shown.draw(run), alt, caption)


def spikes(run):
    """The raster of the recorded images, and how populations fire."""
    caption = (
        "Each stroke is a spike. After an image's first phase (deeper shade) it is taught: the "
        "rows of its class are shaded."
    )
    if of_page(run):
        caption = "Each stroke is a spike: of the first cells, in the first 2 s."
    drawn = image(raster.draw(run), "Spikes of all populations over recorded images.", caption)
    return Html(drawn + firing.part(run))


def potentials(run):
    """One cell of each population: that whose plateau potentials differ most, if it has any."""
    parts = []
    for name in voltages.populations(run):
        where = name.replace("_", " ")
        caption = (
            f"A recorded cell of {where}. If these cells have plateau potentials, that whose two "
            "differ most: it learns from their difference."
        )
        alt = f"Potentials of a cell of {where} over recorded images."
        parts.append(image(voltages.draw(run, population=name), alt, caption))
    return Html("".join(parts))


def learned(run):
    """All weights in numbers, their histograms, and receptive fields."""
    found = weights.load(run)
    told = variables(run)
    head = ("weights", "meaning", "shape", "unit", "mean", "SD", "norm", "relative change")
    rows = []
    for name, pair in found.items():
        now = weights.change(*pair)
        shape = " × ".join(map(str, now.shape))
        numbers = (*(f"{x:.4g}" for x in (now.mean, now.sd, now.norm)), moved(now.relative))
        meaning, unit = (told.get(name, {}).get(key, "") for key in ("meaning", "unit"))
        rows.append((equations.formula(line(name)), meaning, shape, unit, *numbers))
    when = "Of the last checkpoint" if run.epoch is None else f"Of epoch {run.epoch}"
    seen = run.state().images_seen
    said = (
        f"{when}, {f'after {seen:,} images' if seen else 'before anything was learned'}. The norm "
        "is the Frobenius norm; the relative change is the norm of what was learned over that at "
        "the beginning."
    )
    caption = "Numbers of weights, now and at the beginning."
    if weights.fields(run, found):
        caption += (
            " Below, the weights from the image to the first cells of the first layer: the number "
            "of a cell is that of its row plus that of its column."
        )
    drawn = image(weights.draw(run), "Histograms of all weights, and receptive fields.", caption)
    return Html(element("p", said) + table(head, [("", rows)], "numbers") + drawn)


def moved(relative):
    """A relative change as text; what began at 0, or nearly so, has none that says anything."""
    if relative == 0:
        return UNCHANGED
    if math.isinf(relative):
        return FROM_ZERO
    return f"{relative:.3g}" if relative < LARGE else "from nearly 0"


def refuse_unrecorded(run):
    """RunError, that says how to record, if nothing was."""
    if has_records(run):
        return
    if run.text("result.json") is None and run.config().get("record"):
        raise RunError("records are made at the end of the run, which has not finished")
    epoch = "" if run.epoch is None else f" --record-epochs {run.epoch}"
    raise RunError(f"{NOT_RECORDED} {' '.join(kinds(run))}{epoch}")


def has_records(run):
    """Whether there are records, whole or not."""
    return (run.path / records.name(run.epoch)).exists()


def kinds(run):
    """Kinds of records that the theory of a run has."""
    try:
        return simulated(run).get("records", KINDS)
    except RunError:  # a part of the page says that it is damaged
        return KINDS


def title(run):
    """What the page is called."""
    if run.epoch is not None:
        return when(run)
    epochs = run_epochs(run)
    return headline(run) + (f", {epochs} epoch{'s' * (epochs != 1)}" if epochs else "")
