"""How good do settings become that an optimiser chooses, beside those that were chosen by hand?

    python -m experiments tuning --data-dir DIR [--only usual tpe gp] [--evaluations 50]
                                 [--jobs N | --scheduler ADDRESS]

All numbers that the theory lets a search move, within its own bounds, from the best settings on:
learning rates, weights, feedback, phases, and the constants of the cells. An optimiser (TPE, or a
Gaussian process with an upper confidence bound) has 50 evaluations, from three seeds; each is the
mean accuracy of three folds of 3,000 training images of MNIST after three epochs, and is dropped
if its first fold begins badly. The best of its 150 is then trained on all images for ten epochs,
three networks, and tested once, beside the settings as they are, trained alike. A search takes ten
minutes of one core, a network one to two.
"""

from dataclasses import replace

from experiments.run.config import chosen
from experiments.segregated.robustness import CELLS, IMAGES, small_study
from experiments.segregated.robustness import EPOCHS as SHORT
from experiments.segregated.settings import BEST, small
from experiments.study import jobs, search, space
from experiments.study.page import Page
from experiments.study.replicates import SEEDS, headline, network_row
from experiments.study.results import read_rows

SAMPLERS, USUAL = ("tpe", "gp"), "usual"
EVALUATIONS, EPOCHS = 50, 10
LAST = {"decay": 0.8}  # of ten epochs: rates fall as far as in a long run
KEPT = ("point", "accuracy", "pruned", "diverged")


def study(setting):
    """Searches of each optimiser, then networks with the best that it found."""
    where = jobs.where(setting.given)
    for name in setting.chosen((USUAL, *SAMPLERS)):
        options = {} if name == USUAL else _tuned(setting, name, where)
        _train(setting, name, options)


def _tuned(setting, sampler, where):
    """What the best trial of all seeds changes: field -> value."""
    config = chosen(CELLS | {"dataset": "mnist", "data_dir": setting.data_dir}, "best")
    config = replace(config, epochs=setting.size(SHORT, 1))
    asked = search.Study(search.TUNE, setting.given.evaluations, images=IMAGES, sampler=sampler)
    if setting.smoke:
        config, asked = small_study(config, asked)
    rows = []
    for seed in SEEDS[: setting.size(None, 1)]:
        print(f"{sampler}, seed {seed} of the optimiser", flush=True)
        out = setting.runs / "studies" / f"tune_{sampler}_{seed}"
        found = search.run(config, asked._replace(seed=seed), out, where)
        costs = [float(row["cpu_seconds"]) for row in read_rows(out / "costs.csv")]
        about = {"sampler": sampler, "seed": seed}
        kept = [about | {key: row[key] for key in KEPT} for row in found]
        kept = [row | {"cpu_seconds": cost} for row, cost in zip(kept, costs, strict=True)]
        setting.results.update("trials", kept, (*about, "point"))
        rows += found
    best = max((row for row in rows if not row["pruned"]), key=lambda row: row["accuracy"])
    found = space.within(config)
    moved = space.moved(config, {p.name: best[p.name] for p in found if p.name in best}).flat()
    own = config.flat()
    return {field: value for field, value in moved.items() if value != own[field]}


def _train(setting, name, options):
    """Networks on all images, and their test."""
    epochs, own = setting.epochs or EPOCHS, name if name == USUAL else f"tuned_{name}"
    for seed in setting.seeds:
        network = setting.trained(own, BEST | options | LAST, epochs, seed)
        about = {"condition": own, "seed": seed, "epochs": network.epochs}
        setting.results.update("networks", [about | network_row(network)], tuple(about))
    headline(setting.results, own, network.epochs, words=setting.arguments or ("--only", name))


def _options(parser):
    text = f"of each optimiser and seed (default: {EVALUATIONS})"
    parser.add_argument("--evaluations", type=int, default=EVALUATIONS, help=text)
    jobs.add_options(parser)


page = Page(
    __name__,
    __doc__,
    study,
    title="Settings that an optimiser chose",
    seeds=SEEDS,
    counts="networks",
    smoke=small,
    options=_options,
    parts=(USUAL, *SAMPLERS),
)
