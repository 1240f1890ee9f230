"""One target of ``benchmarks.trust.fuzz``: a fuzzer ends the process that it is in.

    python -m benchmarks.trust.fuzz_one NAME FOLDER INPUTS SECONDS SEED

It counts inputs and faults in ``FOLDER/counts``, and keeps inputs: those that reached new code, and
those that went wrong.
"""

import hashlib
import resource
import sys
import tempfile
from pathlib import Path

import atheris
import numpy as np

READERS = ["analysis", "experiments", "models", "csv", "json", "zipfile"]
with atheris.instrument_imports(include=READERS):
    from tests.trust import targets

PATIENCE = 20  # s, until an input that hangs outside of Python is ended with the process
FAULTS = 20  # inputs that go wrong in one way are kept once, and so many ways at most


def limited():
    """No more memory than an input may take, beyond what is used."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + targets.BYTES,) * 2)


def main(name, folder, inputs, seconds, seed):
    """Fuzz until the end; it does not return."""
    folder, target, ways = Path(folder), targets.TARGETS[name], set()
    counts = np.memmap(folder / "counts", "f8", "r+")
    place = tempfile.TemporaryDirectory(dir=targets.workplace())
    there = targets.settle(folder.parent / "good", Path(place.name))

    def once(given):
        wrong = targets.wrong(target, there, given)
        counts[0] += 1
        if wrong is None:
            return
        counts[1] += 1
        if wrong[:40] not in ways and len(ways) < FAULTS:
            ways.add(wrong[:40])
            kept = folder / "faults" / hashlib.sha256(given).hexdigest()[:16]
            kept.write_bytes(given)
            with (folder / "faults.txt").open("a") as file:
                print(kept.name, wrong, file=file)

    words = [f"-runs={inputs}", f"-max_total_time={seconds}", f"-seed={seed}", "-rss_limit_mb=0"]
    words += [f"-timeout={PATIENCE}", f"-artifact_prefix={folder}/faults/"]
    limited()
    atheris.Setup([sys.argv[0], *words, str(folder / "corpus")], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
