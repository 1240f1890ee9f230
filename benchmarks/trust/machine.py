"""A run folder that is trained, killed, copied, moved, damaged and restored in any order.

    python -m benchmarks.trust.machine [--steps 100000] [--seed 1]

See ``tests.trust.machine``. It ends after so many steps, or with the shortest way to a fault that
it found. With all steps it writes ``machine.csv`` into ``results/benchmarks/trust``.
"""

import sys

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.measuring import OUT, write
from experiments.run import command
from tests.trust.machine import Machine

NAME = "benchmarks.trust.machine"
COLUMNS = ("steps", "lost")
LENGTH, ALL = 50, 100_000  # steps of a folder, and of all


def play(steps, seed=1, shrink=True):
    """Play so many steps; AssertionError with what was done if anything is lost."""
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    how = {"database": None, "deadline": None, "suppress_health_check": list(HealthCheck)}
    count = max(1, steps // LENGTH)
    how |= {"max_examples": count, "stateful_step_count": LENGTH, "phases": phases}
    run_state_machine_as_test(seeded(seed)(Machine), settings=settings(**how))


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "nothing was written")


def _main(arguments):
    parser = command.parser(NAME, __doc__)
    parser.add_argument("--steps", type=int, default=ALL)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    done, part = 0, 0
    while Machine.steps < given.steps:
        play(min(5000, given.steps), given.seed + part)
        done, part = Machine.steps, part + 1
        print(f"{done} steps", flush=True)
    if done >= ALL:
        write(OUT / "trust" / "machine.csv", COLUMNS, [(done, 0)])


if __name__ == "__main__":
    sys.exit(main())
