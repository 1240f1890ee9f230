"""A run folder as a research object: one ZIP file that says what is in it (RO-Crate 1.1).

RO-Crate (Soiland-Reyes et al. 2022, https://doi.org/10.3233/DS-210053) is what archives and
catalogues read. How the run came about is told as the Process Run Crate profile asks: an action
for each start, with what it was made by and what options it was given.
"""

import hashlib
import mimetypes
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from analysis import reading
from experiments.run import files, named
from experiments.run.folder import RunError

MOST = 100_000  # files of a run
TERMS = "https://w3id.org/ro/terms/workflow-run/context"  # of digests
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
SOFTWARE = "segregated-dendrites"
LEFT_OUT = ("export", "run.lock")  # what was made of the run, and who holds it
FILES = {  # or folder -> what it is
    "config.json": "all options of the run",
    "provenance.json": "versions, commit and compiler of each start",
    "equations.txt": "all that was simulated, as text",
    "model.json": "all that was simulated, as data",
    "metrics.csv": "errors and times by chunk of images",
    "result.json": "the last errors, and what the network costs",
    "confusion.csv": "which class was answered for which, in the last test",
    "records.h5": "what was recorded, with units",
    "report.html": "a page with all of it",
    "weights": "what was learned, as NumPy arrays",
    "figures": "a figure",
}
NO_LICENCE = {  # a crate has to have one
    "name": "not chosen yet",
    "description": "All rights are with whoever made this run, until a licence stands here.",
}
TYPES = {".npz": "application/zip", ".h5": "application/x-hdf5"}


class Part(NamedTuple):
    """A file of the run: its path, its name in the run folder, bytes, SHA-256."""

    path: Path
    name: str
    size: int
    sha256: str


class Crate(NamedTuple):
    """What a crate tells of a run."""

    title: str
    theory: str  # what its theory says of itself
    options: dict  # name -> value
    starts: list  # as ``RunFolder.starts``
    parts: list
    ended: datetime  # when the last file that the run writes was written

    def left_out(self):
        """A sentence on what is not there."""
        said = "The crate names no author and no licence: they are yours to add"
        return f"{said}; config.json says where your data lie, if you said so."


def load(run):
    """What a run folder holds, as ``Crate``.

    Raises
    ------
    RunError
        If it is no run folder, or a file of it is damaged, lies elsewhere or is no plain file.
    """
    title, starts = reading.headline(run), run.starts()
    if run.epoch is not None:
        raise RunError(f"--to rocrate takes the whole run: {run.path}, without @{run.epoch}")
    if not named.fits(starts, [{"packages?": {...: str}}]):
        raise RunError(f"{run.path / 'provenance.json'} is damaged: packages have names")
    parts = [_part(run.path, name) for name in _names(run.path)]
    theory = reading.text(reading.model(run).get("about", ""))
    last = max(os.stat(part.path).st_mtime for part in parts if part.name in FILES)
    return Crate(title, theory, run.config(), starts, parts, datetime.fromtimestamp(last, UTC))


def _names(root):
    """Files of a run folder that belong into a crate, in order; those of a killed run do not."""
    found = []
    for folder, folders, names in os.walk(root):
        place = Path(folder).relative_to(root)
        folders[:] = [name for name in folders if (place / name).parts[0] not in LEFT_OUT]
        for name in folders:  # which may be a link
            files.inside(root, place / name)
        found += [str(place / name) for name in names if name[0] != "."]
        if len(found) > MOST:
            raise RunError(f"{root} has more than {MOST} files: no run writes that")
    return sorted(name for name in found if name not in LEFT_OUT)


def _part(root, name):
    try:
        with files.opened(root, name) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return Part(Path(root) / name, name, os.fstat(file.fileno()).st_size, digest)
    except FileNotFoundError as error:
        raise RunError(f"{Path(root) / name} is not there any more, or leads nowhere") from error


def write(crate, path):
    """Write a ZIP file at a path where there is nothing yet."""
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    made = ROCrate(version="1.1")
    made.name, made.description = crate.title, crate.theory or "A run of a simulated network."
    made.datePublished = crate.ended.isoformat(timespec="seconds")
    made.metadata.extra_contexts.append(TERMS)

    def add(identifier, kind, **properties):
        properties = {key: value for key, value in properties.items() if value is not None}
        return made.add(ContextEntity(made, identifier, {"@type": kind} | properties))

    results = [made.add_file(str(p.path), p.name, properties=_about(p)) for p in crate.parts]
    options = [
        add(f"#option-{quote(name)}", "PropertyValue", name=name, value=value)
        for name, value in _options(crate.options).items()
    ]
    profile = add(PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    made.root_dataset["conformsTo"] = profile
    made.root_dataset["license"] = add("#licence", "CreativeWork", **NO_LICENCE)
    for number, start in enumerate(crate.starts, start=1):
        needs = [
            add(_url(name, version), "SoftwareApplication", name=name, softwareVersion=version)
            for name, version in _packages(start).items()
        ]
        commit = start.get("commit")
        software = add(
            f"#software-{number}",
            "SoftwareApplication",
            name=SOFTWARE,
            softwareVersion=None if commit is None else reading.line(commit),
            softwareRequirements=needs,
        )
        began = start.get("images_seen") or 0
        action = add(
            f"#start-{number}",
            "CreateAction",
            name=f"Training from image {began} on",
            description="Images are learned in chunks; tests run beside them.",
            instrument=software,
            object=options,
            result=results,
            endTime=str(made.datePublished) if number == len(crate.starts) else None,
        )
        made.root_dataset.append_to("mentions", action)
    made.write_zip(str(path))


def _about(part):
    first, suffix = Path(part.name).parts[0], Path(part.name).suffix
    kind = TYPES.get(suffix) or mimetypes.guess_type(part.name)[0] or "application/octet-stream"
    told = {"name": part.name, "encodingFormat": kind, "sha256": part.sha256}
    told |= {"contentSize": str(part.size)}
    return told | ({"description": FILES[first]} if first in FILES else {})


def _options(config):
    """Options as a crate holds them: lists as text, no path of one machine."""
    shown = {}
    for name, value in config.items():
        plain = value if isinstance(value, bool | int | float) else reading.line(value)
        if name != "data_dir" and value is not None:
            shown[reading.line(name)] = Path(plain).name if isinstance(value, str) else plain
    return shown


def _url(name, version):
    """A package as catalogues of software know it."""
    kind = "generic" if name == "python" else "pypi"
    return f"pkg:{kind}/{quote(name)}@{quote(version)}"


def _packages(start):
    """Name -> version of what a start was made with, Python first."""
    python = {} if start.get("python") is None else {"python": str(start["python"])}
    found = python | start.get("packages", {})
    return {reading.line(name): reading.line(version) for name, version in found.items()}
