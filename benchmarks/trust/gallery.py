"""Does a stranger's run folder read, write or run anything beyond itself?

    python -m benchmarks.trust.gallery

Goes with every command through each folder of ``tests.trust.gallery`` and writes ``gallery.csv``
into ``results/benchmarks/trust``.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import OUT, show, write
from experiments.run import command
from tests.trust import gallery

NAME = "benchmarks.trust.gallery"
COLUMNS = ("stranger", "commands", "wrong")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "nothing was written")


def _main(arguments):
    command.parser(NAME, __doc__).parse_args(arguments)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        gallery.good(Path(folder) / "good")
        for name in gallery.STRANGERS:
            run, outside = gallery.invite(Path(folder) / "good", Path(folder) / "place", name)
            wrong = gallery.visit(run, outside)
            show(rows, (name, len(gallery.COMMANDS) + 1, len(wrong)))
            for sentence in wrong:
                print(f"{name}: {sentence}", file=sys.stderr)
    write(OUT / "trust" / "gallery.csv", COLUMNS, rows)
    if any(row[-1] for row in rows):
        raise RuntimeError("some strangers got further than their folder")


if __name__ == "__main__":
    sys.exit(main())
