"""The main job: train a network on a data set and test it.

    python -m experiments.train --dataset mnist --data-dir DIR --layers 500 10 --epochs 5 --out RUN
    python -m experiments.train --theory backprop --preset digits
    python -m experiments.train --preset mnist --seeds 1 2 3 --jobs 2
    python -m experiments.train --dataset mine.npz --layers 50 3
    python -m experiments.train --weights RUN@5 --g-a 0.05 --epochs 0

Writes a run folder; of --seeds, ``seed_1``, ``seed_2``, ... in --out. Exit status: 0 done,
2 for a bad argument or bad data (one line on stderr), 130 after Ctrl-C, 143 after SIGTERM and 129
after SIGHUP (go on with --resume).
"""

import sys
from dataclasses import replace
from pathlib import Path

from experiments import RUNS
from experiments.run import command

NAME = "experiments.train"


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "the last chunk is kept, go on with --resume")


def _main(arguments):
    from experiments.run import config, loop  # Brian2 takes a second: Ctrl-C may come meanwhile
    from experiments.study import jobs
    from models import theory as theories

    words = sys.argv[1:] if arguments is None else list(map(str, arguments))
    name = config.named_theory(words)
    parser = command.parser(NAME, __doc__)
    parser.add_argument("--out", help="run folder (default: runs/DATASET-LAYERS-seedN)")
    parser.add_argument("--resume", action="store_true", help="go on with the run in the folder")
    parser.add_argument("--seeds", type=int, nargs="+", help="a run for each, in place of --seed")
    jobs.add_options(parser)
    config.add_options(parser, theories.find(name))
    given = config.parse(parser, words, name)
    chosen = config.from_arguments(given)
    where = jobs.where(given)
    _refuse_seeds(given.seeds, where, "seed" in given)
    if given.seeds:
        return _several(chosen, given, where)
    out = given.out or RUNS / _folder(chosen)
    print(_told(chosen, loop.run(chosen, out, given.resume), out))


def _refuse_seeds(seeds, where, one):
    """Raise ValueError for what ``--seeds`` cannot be; ``one``: it is given with ``--seed``."""
    if seeds and one:
        raise ValueError("--seeds: give it or --seed, not both")
    if seeds and len(set(seeds)) < len(seeds):
        raise ValueError("--seeds: give each seed once")
    if (where.jobs > 1 or where.scheduler) and not seeds:
        flag = "--scheduler" if where.scheduler else "--jobs"
        raise ValueError(f"{flag}: give --seeds as well; a run of one seed is one job")


def _several(chosen, given, where):
    """A run for each seed; RuntimeError at the end for those that failed."""
    from experiments.run import folder
    from experiments.study import training

    configs = {}
    for seed in given.seeds:
        config = replace(chosen, seed=seed)
        out = Path(given.out) / f"seed_{seed}" if given.out else RUNS / _folder(config)
        if not given.resume:
            folder.create(out)
        configs[f"seed {seed}"] = config, out
    results, failures = training.train(configs, where, given.resume)
    for name, result in results.items():
        print(f"{name}: {_told(configs[name][0], result, configs[name][1])}")
    errors = [result["test_error"] for result in results.values()]
    if len(errors) > 1:
        mean, low, high = sum(errors) / len(errors), min(errors), max(errors)
        print(
            f"{len(errors)} seeds: {_kind(chosen)} error {mean:.2f} % ({low:.2f} to {high:.2f} %)"
        )
    if failures:
        raise RuntimeError("; ".join(failures))


def _kind(config):
    """What an error is of: of the test set, or of images held out from training."""
    return "validation" if config.validation else "test"


def _told(config, result, out):
    text = f"{_kind(config)} error {result['test_error']:.2f} % after {result['epochs']} epochs"
    if "cpu_ms_per_image" in result:
        text += f", {result['cpu_ms_per_image']:.2g} ms CPU an image"
    return f"{text}; see {out}"


def _folder(config):
    """The name of a run's folder, where none is given."""
    from experiments.run.encodings import USUAL
    from models.theory import DEFAULT

    theory = [] if config.theory == DEFAULT else [Path(config.theory).stem]
    layers = map(str, getattr(config.options, "layers", ()))
    encoding = [] if config.encoding == USUAL else [config.encoding]
    data = [Path(config.dataset).stem, *encoding]
    return "-".join([*theory, *data, *layers, f"seed{config.seed}"])


if __name__ == "__main__":
    sys.exit(main())
