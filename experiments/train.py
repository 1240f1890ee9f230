"""The main job: train a network of pyramidal cells on a data set and test it.

    python -m experiments.train --dataset mnist --data-dir DIR --layers 500 10 --epochs 5 --out RUN

Writes a run folder. Exit status: 0 done, 2 for a bad argument or bad data (one line on stderr),
130 after Ctrl-C (go on with --resume).
"""

import sys
from pathlib import Path

from experiments.run import command

NAME = "experiments.train"


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "the last chunk is kept, go on with --resume")


def _main(arguments):
    from experiments.run import config  # Brian2 takes a second to import: Ctrl-C may come meanwhile

    parser = command.parser(NAME, __doc__)
    parser.add_argument("--out", help="run folder (default: runs/DATASET-LAYERS-seedN)")
    parser.add_argument("--resume", action="store_true", help="go on with the run in the folder")
    config.add_options(parser)
    given = parser.parse_args(arguments)
    chosen = config.from_arguments(given)
    layers = "-".join(map(str, chosen.layers))
    out = given.out or Path("runs") / f"{chosen.dataset}-{layers}-seed{chosen.seed}"
    result = _train(chosen, out, given.resume)
    print(
        f"test error {result['test_error']:.2f} % after {result['epochs']} epochs, "
        f"{result['cpu_ms_per_image']:.2f} ms CPU an image; see {out}"
    )


def _train(chosen, out, resume):
    from experiments.run import loop as training

    return training.run(chosen, out, resume)


if __name__ == "__main__":
    sys.exit(main())
