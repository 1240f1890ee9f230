"""The main job: train a network on a data set and test it.

    python -m experiments.train --dataset mnist --data-dir DIR --layers 500 10 --epochs 5 --out RUN
    python -m experiments.train --theory backprop --preset digits

Writes a run folder. Exit status: 0 done, 2 for a bad argument or bad data (one line on stderr),
130 after Ctrl-C (go on with --resume).
"""

import sys
from pathlib import Path

from experiments import RUNS
from experiments.run import command

NAME = "experiments.train"


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "the last chunk is kept, go on with --resume")


def _main(arguments):
    from experiments.run import config, loop  # Brian2 takes a second: Ctrl-C may come meanwhile
    from models import theory as theories

    words = sys.argv[1:] if arguments is None else list(map(str, arguments))
    name = config.named_theory(words)
    parser = command.parser(NAME, __doc__)
    parser.add_argument("--out", help="run folder (default: runs/DATASET-LAYERS-seedN)")
    parser.add_argument("--resume", action="store_true", help="go on with the run in the folder")
    config.add_options(parser, theories.find(name))
    given = config.parse(parser, words, name)
    chosen = config.from_arguments(given)
    out = given.out or RUNS / _folder(chosen)
    result = loop.run(chosen, out, given.resume)
    print(
        f"test error {result['test_error']:.2f} % after {result['epochs']} epochs, "
        f"{result['cpu_ms_per_image']:.2f} ms CPU an image; see {out}"
    )


def _folder(config):
    """The name of a run's folder, where none is given."""
    from models.theory import DEFAULT

    theory = [] if config.theory == DEFAULT else [Path(config.theory).stem]
    layers = map(str, getattr(config.options, "layers", ()))
    return "-".join([*theory, config.dataset, *layers, f"seed{config.seed}"])


if __name__ == "__main__":
    sys.exit(main())
