"""How do the records of a run, and the run itself, open in the tools of the field?

    python -m analysis.export RUN --to nwb|neo|csv|rocrate|neuroml [--out PATH]

nwb
    One NWB 2 file: spikes as units, potentials as time series, plateaus and losses as tables,
    images as trials, phases as intervals. For PyNWB, MatNWB, NWB Widgets, DANDI.
neo
    One file of Neo's MATLAB format (``neo.io.NeoMatlabIO``), with a segment for each image. For
    Neo, Elephant and MATLAB.
csv
    One folder of plain tables, and a README that says what their columns are.
rocrate
    The whole run folder as one ZIP file that says what is in it (RO-Crate), for archives such as
    Zenodo or WorkflowHub; it needs no records.
neuroml
    The cells' equations as LEMS, the language of NeuroML, for PyLEMS and jNeuroML; it needs no
    records.

What was not recorded is left out, with a sentence on stderr. Nothing is overwritten. nwb, neo and
rocrate need more packages: pip install -e '.[export]'. Exit status: 0 done, 2 if the run cannot be
exported (one line on stderr; nothing is left behind), 130 after Ctrl-C.
"""

import importlib
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from analysis.drawing.figure import named
from analysis.exporting import crate as export_crate
from analysis.exporting import neo as export_neo
from analysis.exporting import neuroml as export_neuroml
from analysis.exporting import nwb as export_nwb
from analysis.exporting import tables as export_csv
from analysis.exporting.recorded import load
from experiments.run import command, files
from experiments.run import folder as folders
from experiments.run.folder import RunError

NAME = "analysis.export"


class Format(NamedTuple):
    """A format: what it makes of a run, and what it needs.

    ``load(run)`` gives what ``write(loaded, path)`` writes; ``loaded.left_out()`` is a sentence on
    what is not in it. ``file`` is the file's name in ``RUN/export``, where that of records says
    of which epoch they are.
    """

    write: object
    file: str
    package: str | None
    load: object = load


FORMATS = {
    "nwb": Format(export_nwb.write, "records.nwb", "pynwb"),
    "neo": Format(export_neo.write, "records.mat", "neo"),
    "csv": Format(export_csv.write, "records_csv", None),
    "rocrate": Format(export_crate.write, "run.zip", "rocrate", export_crate.load),
    "neuroml": Format(export_neuroml.write, "cells.xml", None, export_neuroml.load),
}


def export(run, to, out=None):
    """Export a run to one of ``FORMATS``.

    RunError, with one sentence, if it cannot be exported; what was begun is removed. ``out`` is
    what to write, and must not exist; default: in ``RUN/export``. Returns the path written, and a
    sentence on what is not there.
    """
    form = FORMATS[to]
    name = form.file.replace("records", named("records", run.epoch))
    path = Path(out) if out else files.inside(run.path, f"export/{name}")
    _refuse(path, form, to)
    loaded = form.load(run)
    _need(form.package, to)
    try:
        with _beside(path) as part:
            form.write(loaded, part)
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error.strerror or error}") from error
    return path, loaded.left_out()


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, "nothing was written")


def _main(arguments):
    parser = command.parser(NAME, __doc__)
    parser.add_argument("run", metavar="RUN", help="run folder, or RUN@EPOCH")
    parser.add_argument("--to", required=True, choices=FORMATS, help="the format")
    parser.add_argument("--out", metavar="PATH", help="default: in RUN/export")
    given = parser.parse_args(arguments)
    command.say(f"exporting {given.run} to {given.to}")
    path, left_out = export(folders.at(given.run), given.to, given.out)
    print(path)
    print(left_out, file=sys.stderr)


def _refuse(path, form, to):
    suffix = Path(form.file).suffix
    if suffix and path.suffix != suffix:
        raise RunError(f"--out: a file of {to} is known by its name: end {path} in {suffix}")
    if os.path.lexists(path):
        raise RunError(f"{path} exists already: remove it, or choose another --out")


def _need(package, to):
    if package is None:
        return
    try:
        importlib.import_module(package)
    except ImportError as error:
        raise RunError(
            f"--to {to} needs the package {package} ({error}): pip install -e '.[export]'"
        ) from error


@contextmanager
def _beside(path):
    """A path of the same name in a folder beside; it moves to its place if all goes well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".export-", dir=path.parent))
    try:
        made = folder / path.name
        yield made
        if made.is_dir():
            os.rename(made, path)
        else:
            with files.replaced(path.parent, path.name) as part:  # so that it is on the disk
                os.replace(made, part)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
