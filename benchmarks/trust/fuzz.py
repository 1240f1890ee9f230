"""Every reader, given inputs that nobody wrote: only refusals and right answers are allowed.

    python -m benchmarks.trust.fuzz [--only READER ...] [--inputs 1000000] [--seconds N]

A reader has one target of ``tests.trust.targets`` or several, such as bytes of a file and values
within it; they take turns until the reader had all its inputs: four minutes of the first, half a
minute of each other, which are slower. Atheris (pip install -e '.[fuzz]') changes inputs: it keeps
what reaches new code. ``--seconds`` ends each reader after that time. What is done is kept in
``build/fuzz``, and a later call goes on; a target that had faults begins anew. What each target has
come to stands in ``results/benchmarks/trust/fuzz.csv``, unless more of it is there already.
"""

import subprocess
import sys
import time

import numpy as np

from benchmarks.measuring import OUT, ROOT, write
from experiments.run import command
from experiments.study.results import read_rows
from tests.trust import targets

NAME = "benchmarks.trust.fuzz"
COLUMNS = ("reader", "target", "inputs", "faults", "seconds")
ALL, PART = 1_000_000, 50_000  # inputs of a reader, and of a process
TURNS = 240, 30  # s of a reader's first target, and of each other
PLACE = ROOT / "build" / "fuzz"


def attack(name, inputs, seconds):
    """Fuzz a target with so many further inputs; returns inputs, faults and seconds of all."""
    folder = PLACE / name.replace(" ", "_")
    counts = _begun(folder, targets.TARGETS[name].seeds(PLACE / "good"))
    most, end = counts[0] + inputs, time.monotonic() + seconds
    while counts[0] < most and time.monotonic() < end:
        before, begun = counts.copy(), time.monotonic()
        left = min(PART, int(most - before[0])), int(end - begun) + 1, int(before[0]) + 1
        words = [sys.executable, "-m", f"{NAME}_one", name, folder, *left]
        with (folder / "log").open("w") as log:
            done = subprocess.run(list(map(str, words)), cwd=ROOT, stdout=log, stderr=log)
        counts[2] += time.monotonic() - begun
        if counts[0] == before[0]:
            raise RuntimeError(f"the fuzzer of {name} read no input: see {folder / 'log'}")
        counts[1] += done.returncode != 0  # an input that ended the process
    return tuple(int(count) for count in counts)


def campaign(reader, inputs, seconds):
    """Fuzz the targets of a reader in turns until it had so many inputs; returns their rows."""
    names, found, end = targets.READERS[reader], {}, time.monotonic() + seconds
    had = 0
    while had < inputs and time.monotonic() < end:
        for name in names:
            turn = min(TURNS[name != names[0]], max(1, end - time.monotonic()))
            found[name] = attack(name, max(1, inputs - had), turn)
            had = sum(counts[0] for counts in found.values())
            keep((reader, name, *found[name]))
    return [(reader, name, *found[name]) for name in names]


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


def keep(row):
    """Put a target's row into the table, but where there is one with more inputs."""
    path = OUT / "trust" / "fuzz.csv"
    there = {old["target"]: tuple(old[name] for name in COLUMNS) for old in read_rows(path)}
    reader, name, inputs, faults, _ = row
    if name not in there or faults or int(there[name][3]) or int(there[name][2]) <= inputs:
        there[name] = row
    write(path, COLUMNS, [there[name] for name in targets.TARGETS if name in there])


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "what was done is kept, and goes on")


def _main(arguments):
    parser = command.parser(NAME, __doc__)
    parser.add_argument("--only", nargs="+", choices=targets.READERS, metavar="READER")
    parser.add_argument("--inputs", type=int, default=ALL)
    parser.add_argument("--seconds", type=float, default=1e6)
    given = parser.parse_args(arguments)
    if not (PLACE / "good" / "result.json").exists():
        targets.good(PLACE / "good")
    rows = []
    for reader in given.only or targets.READERS:
        mine = campaign(reader, given.inputs, given.seconds)
        inputs, faults, seconds = (sum(row[k] for row in mine) for k in (2, 3, 4))
        rate = inputs / max(1, seconds)
        print(f"{reader}: {inputs} inputs, {faults} faults, {rate:.0f} inputs/s", flush=True)
        rows += mine
    wrong = sum(row[3] for row in rows)
    if wrong:
        raise RuntimeError(f"{wrong} inputs went wrong: see {PLACE}/*/faults.txt")


if __name__ == "__main__":
    sys.exit(main())
