"""Real runs of compiled networks, killed at any moment until they end.

    python -m benchmarks.trust.kills [--kills 1000] [--seed 1]

Each run is killed (SIGKILL) and resumed until it has ended; it must end with the weights of a run
that was left alone, to the bit, and no program may run on. With all kills it writes ``kills.csv``
into ``results/benchmarks/trust``.
"""

import random
import sys
import tempfile
from pathlib import Path

from tqdm import tqdm

from benchmarks.measuring import OUT, write
from experiments.run import command
from experiments.run.config import Config
from tests.trust import power

NAME = "benchmarks.trust.kills"
COLUMNS = ("kills", "runs", "lost")
ALL, MOST = 1000, 0.3  # kills; seconds that a process lives at most


def config():
    """A run of twenty chunks, with tests beside training."""
    given = {"train_examples": 200, "test_examples": 60, "chunk": 20, "epochs": 2}
    return Config.of(given, quick_every=2, quick_examples=30, layers=(12, 10))


def attack(kills, seed, place):
    """Kill so often; returns the row of the table."""
    trials, draw = power.Trials(config(), Path(place)), random.Random(seed).random
    done, runs, lost = 0, 0, 0
    with tqdm(total=kills, unit="kill", disable=None) as bar:
        while done < kills:
            count, wrong = trials.killed(draw, MOST)
            done, runs = done + count, runs + 1
            bar.update(count)
            if wrong:
                lost += 1
                print(f"run {runs}: {wrong}", file=sys.stderr)
    return done, runs, lost


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "nothing was written")


def _main(arguments):
    parser = command.parser(NAME, __doc__)
    parser.add_argument("--kills", type=int, default=ALL)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        row = attack(given.kills, given.seed, folder)
    print(*row, sep="\t")
    if given.kills >= ALL:
        write(OUT / "trust" / "kills.csv", COLUMNS, [row])
    if row[-1]:
        raise RuntimeError(f"{row[-1]} runs went wrong")


if __name__ == "__main__":
    sys.exit(main())
