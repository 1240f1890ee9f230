"""Remove a run folder, unless a run that is still going holds it.

    python -m experiments.run.remove RUN

Exit status: 0 done, or it was not there; 2 if it is held or cannot be removed (one line on stderr).
"""

import os
import shutil
import sys

from experiments.run import command, files

NAME = "experiments.run.remove"


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "not all of it was removed")


def _main(arguments):
    parser = command.parser(NAME, __doc__)
    parser.add_argument("run", metavar="RUN", help="run folder")
    run = parser.parse_args(arguments).run
    if os.path.lexists(run):
        with files.held(run):
            shutil.rmtree(run)


if __name__ == "__main__":
    sys.exit(main())
