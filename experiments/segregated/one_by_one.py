"""Which of their settings do the segregated dendrites hang on? Each is moved alone.

    python -m experiments one_by_one --data-dir DIR [--only paper best backprop]
                                     [--jobs N | --scheduler ADDRESS]

Where all settings are moved at once (page `robustness`), a model with more of them is moved
farther. Here each is moved alone, by a factor of 1.41 and 2 either way, with all others as they
are. Accuracy is the mean of three folds of 3,000 training images of MNIST after three epochs; the
test set is left alone. Folds differ by two or three points, so a change of that size is chance.
Expect the highest firing rate and the width of the initial weights to matter, and little else. Six
minutes of one core a model.
"""

from dataclasses import replace

from experiments.run.config import chosen
from experiments.segregated.robustness import EPOCHS, IMAGES, MODELS, small_study
from experiments.study import jobs, search, trials
from experiments.study.page import Page

SHOWN = ("paper", "best", "backprop")
FACTOR = 2.0


def study(setting):
    """A study of each model, one parameter at a time."""
    where = jobs.where(setting.given)
    for name in setting.chosen(SHOWN):
        label, preset, options = MODELS[name]
        config = chosen(options | {"dataset": "mnist", "data_dir": setting.data_dir}, preset)
        config = replace(config, epochs=setting.size(EPOCHS, 1))
        asked = search.Study(search.EACH, spread=FACTOR, images=IMAGES)
        if setting.smoke:
            config, asked = small_study(config, asked)
            asked = asked._replace(kind=search.ROBUST, evaluations=2)
        print(f"{label}: each alone, within a factor of {FACTOR:g}", flush=True)
        out = setting.runs / "studies" / f"{name}_each"
        usual, *rows = search.run(config, asked, out, where)
        _keep(setting, name, usual, rows)


def _keep(setting, name, usual, rows):
    """A row for each place of each parameter; point 0 is the settings as they are."""
    folds = [usual[key] for key in usual if key.startswith("fold_")]
    about = {"condition": name, "point": 0, "parameter": "none", "factor": 1.0}
    kept = [about | {"accuracy": usual["accuracy"], "low": min(folds), "high": max(folds)}]
    for row in rows:
        moved = next(key for key, value in trials.places(row).items() if value != usual[key])
        folds = [row[key] for key in row if key.startswith("fold_")]
        about = {"condition": name, "point": row["point"], "parameter": moved}
        about |= {"factor": row[moved] / usual[moved], "accuracy": row["accuracy"]}
        kept.append(about | {"low": min(folds), "high": max(folds)})
    setting.results.update("points", kept, ("condition", "point"))
    worst = min(kept, key=lambda row: row["accuracy"])
    heads = [("accuracy", usual["accuracy"]), ("worst_accuracy", worst["accuracy"])]
    setting.results.headline(
        [{"condition": f"each_{name}", "measure": key, "value": value} for key, value in heads],
        setting.arguments or ("--only", name),
    )


page = Page(
    __name__,
    __doc__,
    study,
    title="Accuracy with one setting moved at a time",
    options=jobs.add_options,
    parts=SHOWN,
)
