"""The main job: train a network on a data set and test it.

    python -m experiments.train --dataset mnist --data-dir DIR --layers 500 10 --epochs 5 --out RUN
    python -m experiments.train --theory backprop --preset digits
    python -m experiments.train --preset mnist --seeds 1 2 3 --jobs 2
    python -m experiments.train --preset digits --sweep g_a 0 0.05 0.6 --seeds 1 2 3
    python -m experiments.train --dataset mine.npz --layers 50 3
    python -m experiments.train --weights RUN@5 --g-a 0.05 --epochs 0

Writes a run folder; of --seeds, ``seed_1``, ``seed_2``, ... in --out; of --sweep, ``g_a_0``, ...,
with seeds in each. Values of a list go with commas, --sweep eta 0.2,0.1 0.1,0.05, and what has none
is on or off. Exit status: 0 done, 2 for a bad argument or bad data (one line on stderr), 130 after
Ctrl-C, 143 after SIGTERM and 129 after SIGHUP (go on with --resume).
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
    parser.add_argument(
        "--sweep", nargs="+", metavar="WORD", help="an option and its values, a run for each"
    )
    jobs.add_options(parser)
    config.add_options(parser, theories.find(name))
    given = config.parse(parser, words, name)
    chosen = config.from_arguments(given)
    where = jobs.where(given)
    _refuse_seeds(given.seeds, given.sweep, where, "seed" in given)
    swept = {"": chosen}
    if given.sweep:
        swept = {
            f"{given.sweep[0]}_{value}": config.from_arguments(config.parse(parser, own, name))
            for value, own in _swept(words, *given.sweep).items()
        }
    if given.seeds or given.sweep:
        return _several(swept, given, where)
    out = given.out or RUNS / _folder(chosen)
    print(_told(chosen, loop.run(chosen, out, given.resume), out))


def _refuse_seeds(seeds, sweep, where, one):
    """Raise ValueError for what ``--seeds`` cannot be; ``one``: it is given with ``--seed``."""
    if seeds and one:
        raise ValueError("--seeds: give it or --seed, not both")
    if seeds and len(set(seeds)) < len(seeds):
        raise ValueError("--seeds: give each seed once")
    if (where.jobs > 1 or where.scheduler) and not (seeds or sweep):
        flag = "--scheduler" if where.scheduler else "--jobs"
        raise ValueError(f"{flag}: give --seeds or --sweep as well; a run of one seed is one job")


def _swept(words, option, *values):
    """Value -> the words of the command line with an option at that value."""
    if len(set(values)) < max(1, len(values)):
        raise ValueError("--sweep: give an option and its values, each once")
    name = option.removeprefix("--").replace("_", "-")
    found = {"on": [f"--{name}"], "off": [f"--no-{name}"]}
    return {
        value: [*words, *found.get(value, [f"--{name}", *value.split(",")])] for value in values
    }


def _several(swept, given, where):
    """Runs of values and seeds; RuntimeError at the end for those that failed."""
    from experiments.run import folder
    from experiments.study import training

    configs, names = {}, {value: [] for value in swept}
    for value, chosen in swept.items():
        for seed in given.seeds or (chosen.seed,):
            config = replace(chosen, seed=seed)
            parts = [value] * bool(value) + [f"seed_{seed}"] * bool(given.seeds)
            out = Path(given.out).joinpath(*parts) if given.out else RUNS / _folder(config)
            if value and not given.out:
                out = out / value
            if not given.resume:
                folder.create(out)
            name = ", ".join(part.replace("_", " ") for part in parts)
            configs[name] = config, out
            names[value].append(name)
    results, failures = training.train(configs, where, given.resume)
    for name, result in results.items():
        print(f"{name}: {_told(configs[name][0], result, configs[name][1])}")
    for value, chosen in swept.items():
        own = [results[name]["test_error"] for name in names[value] if name in results]
        _tell_mean(value.replace("_", " "), chosen, own)
    if failures:
        raise RuntimeError("; ".join(failures))


def _tell_mean(value, config, errors):
    """The mean of several seeds."""
    if len(errors) > 1:
        mean, low, high = sum(errors) / len(errors), min(errors), max(errors)
        start = f"{value}: " if value else ""
        print(
            f"{start}{len(errors)} seeds: {_kind(config)} error {mean:.2f} % "
            f"({low:.2f} to {high:.2f} %)"
        )


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
