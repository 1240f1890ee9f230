"""Every reader, given inputs that nobody wrote: only refusals and right answers are allowed.

    python -m benchmarks.trust.fuzz [--only NAME ...] [--inputs 1000000] [--seconds N]

Targets are those of ``tests.trust.targets``, and atheris (pip install -e '.[fuzz]') changes their
inputs: it keeps what reaches new code. ``--seconds`` ends each target after that time. What is done
is kept in ``build/fuzz``, and a later call goes on; a target that had faults begins anew. When all
targets had all inputs, it writes ``fuzz.csv`` into ``results/benchmarks/trust``.
"""

import subprocess
import sys
import time

import numpy as np

from benchmarks.measuring import OUT, ROOT, write
from experiments.run import command
from tests.trust import targets

NAME = "benchmarks.trust.fuzz"
COLUMNS = ("target", "inputs", "faults", "seconds")
ALL, PART = 1_000_000, 50_000  # inputs of a target, and of a process
PLACE = ROOT / "build" / "fuzz"


def attack(name, inputs, seconds):
    """Fuzz a target until it had so many inputs; returns its row of the table."""
    folder = PLACE / name.replace(" ", "_")
    counts = _begun(folder, targets.TARGETS[name].seeds(PLACE / "good"))
    end = time.monotonic() + seconds
    while counts[0] < inputs and time.monotonic() < end:
        before, begun = counts.copy(), time.monotonic()
        left = min(PART, int(inputs - before[0])), int(end - begun) + 1, int(before[0]) + 1
        words = [sys.executable, "-m", f"{NAME}_one", name, folder, *left]
        with (folder / "log").open("w") as log:
            done = subprocess.run(list(map(str, words)), cwd=ROOT, stdout=log, stderr=log)
        counts[2] += time.monotonic() - begun
        if counts[0] == before[0]:
            raise RuntimeError(f"the fuzzer of {name} read no input: see {folder / 'log'}")
        counts[1] += done.returncode != 0  # an input that ended the process
    return name, *(int(count) for count in counts)


def _begun(folder, seeds):
    """Inputs, faults and seconds so far, as a file holds them; from good inputs where it begins."""
    for part in ("corpus", "faults"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for k, seed in enumerate(seeds):
        (folder / "corpus" / f"good_{k}").write_bytes(seed)
    if not (folder / "counts").exists():
        (folder / "counts").write_bytes(bytes(24))
    counts = np.memmap(folder / "counts", "f8", "r+")
    if counts[1]:
        counts[:] = 0
        (folder / "faults.txt").unlink(missing_ok=True)
        for kept in (folder / "faults").iterdir():
            kept.rename(folder / "corpus" / kept.name)  # they are tried first
    return counts


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "what was done is kept, and goes on")


def _main(arguments):
    parser = command.parser(NAME, __doc__)
    parser.add_argument("--only", nargs="+", choices=targets.TARGETS, metavar="NAME")
    parser.add_argument("--inputs", type=int, default=ALL)
    parser.add_argument("--seconds", type=float, default=1e6)
    given = parser.parse_args(arguments)
    if not (PLACE / "good" / "result.json").exists():
        targets.good(PLACE / "good")
    rows = []
    for name in given.only or targets.TARGETS:
        rows.append(attack(name, given.inputs, given.seconds))
        _, inputs, faults, seconds = rows[-1]
        rate = inputs / max(1, seconds)
        print(f"{name}: {inputs} inputs, {faults} faults, {rate:.0f} inputs/s", flush=True)
    if not given.only and all(row[1] >= ALL for row in rows):
        write(OUT / "trust" / "fuzz.csv", COLUMNS, rows)
        for path in PLACE.glob("*/counts"):
            path.unlink()
    wrong = sum(row[2] for row in rows)
    if wrong:
        raise RuntimeError(f"{wrong} inputs went wrong: see {PLACE}/*/faults.txt")


if __name__ == "__main__":
    sys.exit(main())
