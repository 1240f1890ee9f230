"""What a run was made with: versions, commit, compiler; and whether its equations are still those.

``provenance.json`` has a list of starts. What one of them says holds from its ``images_seen`` on,
until the next.
"""

import importlib.metadata
import platform
import subprocess
from pathlib import Path

from experiments.run.data import OWN_FILE, SOURCES
from experiments.run.folder import RunError
from models import theory as theories
from models.engine import compiler, printing

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("brian2", "numpy", "scipy", "scikit-learn", "h5py", "pillow")


def origin(config):
    """What else a run depends on: versions, commit, compiler, flags. Host-neutral.

    Returns
    -------
    dict
        ``commit`` and ``uncommitted_changes`` are None where they are not known.
    """
    version = flags = None
    if config.device == "standalone":
        found = compiler.find_compiler()
        version = compiler.version(found)
        flags = [*compiler.accepted(compiler.FLAGS, found), *compiler.LINK_FLAGS]
    return software() | {"compiler": version, "flags": flags}


def software():
    """Versions of Python, of packages and of this project, and the kind of machine."""
    ours = _git("rev-parse", "--show-toplevel")
    known = bool(ours) and Path(ours).resolve() == ROOT  # else it is that of a folder around us
    changed = _git("status", "--porcelain", "--untracked-files=no") if known else None
    if changed == "":  # a new theory is a folder that git does not know yet
        changed = _git("ls-files", "--others", "--exclude-standard", "--", "models")
    return {
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
        "system": platform.system(),
        "machine": platform.machine(),
        "commit": (_git("rev-parse", "HEAD") or None) if known else None,
        "uncommitted_changes": None if changed is None else bool(changed),
    }


def data(config, found):
    """What a run says of data that are not published, or not as they are: their SHA-256."""
    own = config.dataset == "idx" or config.dataset.endswith(OWN_FILE)
    about = SOURCES[config.dataset].about if config.dataset in SOURCES else ""
    told = {"data": about} if about else {}
    return told | ({"data_sha256": found.digest()} if own or about else {})


def refuse_other_data(folder, starts, now):
    """Raise RunError if a run that goes on was begun with other data."""
    then = [start["data_sha256"] for start in starts if "data_sha256" in start]
    if then and then[-1] != now.get("data_sha256"):
        raise RunError(f"{folder.path} holds a run of other data: what is in the files has changed")


def started(starts, images_seen, now):
    """The starts of a run that begins, or goes on, at an image.

    Parameters
    ----------
    starts : list of dict
        Those before, as from ``RunFolder.starts``. One of which nothing is left goes away.
    images_seen : int
        Where the run stands.
    now : dict
        As from ``origin``.

    Returns
    -------
    list of dict
    """
    kept = [start for start in starts if (start.get("images_seen") or 0) < images_seen]
    return [*kept, {"images_seen": images_seen, **now}]


def _git(*words):
    """What git says; None if it fails, or is not there."""
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return None
    return None if done.returncode else done.stdout.strip()


def described(config, network):
    """What ``model.json`` holds: the theory, its variables, and all that is simulated."""
    variables = {name: variable._asdict() for name, variable in network.variables.items()}
    about = {"theory": config.theory, "about": theories.find(config.theory).about.strip()}
    about |= {"variables": variables, "records": list(network.records)}
    return about | network.model()


def refuse_other_model(folder, network):
    """Raise RunError if the run in a folder was of other equations than a network's.

    A run of an earlier version has no ``model.json``: nobody can tell, and it goes on.
    """
    then, now = folder.model(), network.model()
    if then is not None and not printing.same({key: then.get(key) for key in now}, now):
        raise RunError(
            f"{folder.path} holds a run of other equations: the variant or theory has changed; "
            "move the folder away, or choose another"
        )
