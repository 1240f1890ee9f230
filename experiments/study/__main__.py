"""Search the settings of any theory: how robust are they, and how good is the best?

    python -m experiments.study --preset best --dataset mnist --data-dir DIR --spread 2 --jobs 2
    python -m experiments.study --theory THEORY --preset mnist --kind tune --sampler gp
    python -m experiments.study --preset digits --epochs 1 --images 300 --evaluations 3

Around the settings that options give, as of ``experiments.train``, each trial is the mean accuracy
over folds of the training images; the test set is left alone. ``robust``: a fixed design, every
parameter that the theory names moved within a factor (--spread). ``each``: one of them at a time,
at four places within the factor. ``tune``: an optimiser within the theory's own bounds. Writes a
folder of the study (--out); killed or stopped, the same command goes on. Draw it: python -m
analysis.study FOLDER.
"""

import statistics
import sys
from pathlib import Path

from experiments import RUNS
from experiments.run import command

NAME = "experiments.study"
GOES_ON = "folds that have ended are kept, and the same command goes on"


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, GOES_ON)


def _main(arguments):
    from experiments.run import config  # Brian2 takes a second: Ctrl-C may come meanwhile
    from experiments.study import jobs, search
    from models import theory as theories

    words = sys.argv[1:] if arguments is None else list(map(str, arguments))
    name = config.named_theory(words)
    parser = command.parser(NAME, __doc__)
    _add_options(parser, search)
    jobs.add_options(parser)
    config.add_options(parser, theories.find(name))
    given = config.parse(parser, words, name)
    study = search.Study(**{field: getattr(given, field) for field in OWN})
    study = study._replace(seed=given.study_seed)
    if asked := [name for name in (*NOT, *config.RECORD) if name in given]:
        raise ValueError(
            f"{theories.flag(asked[0])} is not for a study: it begins from its own seeds, divides "
            "the first --images of the training set, and keeps accuracies alone"
        )
    chosen = config.from_arguments(given)
    out = Path(given.out or RUNS / "studies" / _folder(chosen, given.preset, study))
    rows = search.run(chosen, study, out, jobs.where(given))
    print(f"{told(rows, study)}; see {out}")
    if study.kind == search.TUNE:
        print(f"the best: {best(rows, chosen)}")


NOT = ("weights", "lesion", "seed", "train_examples", "test_examples", "validation")
NOT += ("quick_examples", "quick_every")  # options of a run that a study cannot have
OWN = ("kind", "evaluations", "spread", "images", "folds", "sampler", "pruning")


def _add_options(parser, search):
    import argparse

    usual, add = search.Study(), parser.add_argument
    add("--out", help="folder of the study (default: runs/studies/...)")
    add("--kind", choices=search.KINDS, default=usual.kind, help=f"(default: {usual.kind})")
    texts = {
        "evaluations": "robust: points; tune: trials (each: four a parameter)",
        "spread": "robust, each: the factor within which parameters are moved",
        "images": "training images, the first so many",
        "folds": "of these",
    }
    for field, text in texts.items():
        value = getattr(usual, field)
        add(f"--{field}", type=type(value), default=value, help=f"{text} (default: {value:g})")
    add("--study-seed", type=int, default=usual.seed, help="of design, optimiser and folds")
    text = f"tune: what chooses where to look (default: {usual.sampler})"
    add("--sampler", choices=search.SAMPLERS, default=usual.sampler, help=text)
    text = "tune: drop a trial whose first fold begins badly"
    add("--pruning", action=argparse.BooleanOptionalAction, default=usual.pruning, help=text)


def _folder(config, preset, study):
    """The name of a study's folder, where none is given."""
    parts = [Path(config.theory).stem, preset or "usual", Path(config.dataset).stem, study.kind]
    parts += [study.sampler if study.kind == "tune" else f"{study.spread:g}"]
    return "-".join([*parts, f"seed{study.seed}"])


def best(rows, config):
    """The settings of the best trial, as text."""
    from experiments.study import space

    row = max((r for r in rows if not r["pruned"]), key=lambda r: r["accuracy"])
    found = [p.name for p in space.within(config) if p.name in row]
    return ", ".join(f"{name} {row[name]:.4g}" for name in found)


def told(rows, study):
    """A sentence on what came out."""
    values = sorted(row["accuracy"] for row in rows if not row["pruned"])
    best, middle = values[-1], statistics.median(values)
    diverged = sum(row["diverged"] > 0 for row in rows)
    return (
        f"{len(rows)} {'trials' if study.kind == 'tune' else 'points'}: accuracy {middle:.3f} "
        f"(median), {best:.3f} (best), {values[0]:.3f} (worst); {diverged} diverged"
    )


if __name__ == "__main__":
    sys.exit(main())
