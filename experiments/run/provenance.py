"""What a run was made with: versions, commit, compiler; and whether its equations are still those.

``provenance.json`` has a list of starts. What one of them says holds from its ``images_seen`` on,
until the next.
"""

import importlib.metadata
import platform
import re
import subprocess
from pathlib import Path

from models.engine import compiler

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("brian2", "numpy", "scipy", "scikit-learn", "h5py")


def origin(config):
    """What else a run depends on: versions, commit, compiler, flags. Host-neutral.

    Returns
    -------
    dict
        ``commit`` and ``uncommitted_changes`` are None where they are not known.
    """
    version = None
    if config.device == "standalone":
        version = compiler.version(compiler.find_compiler())
    ours = _git("rev-parse", "--show-toplevel")
    known = bool(ours) and Path(ours).resolve() == ROOT  # else it is that of a folder around us
    changed = _git("status", "--porcelain", "--untracked-files=no") if known else None
    return {
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
        "system": platform.system(),
        "machine": platform.machine(),
        "commit": (_git("rev-parse", "HEAD") or None) if known else None,
        "uncommitted_changes": None if changed is None else bool(changed),
        "compiler": version,
        "flags": [*compiler.FLAGS, *compiler.LINK_FLAGS] if version else None,
    }


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


# --- equations --------------------------------------------------------------------------------

# Texts of earlier commits say the same in other words. Lines that repeat what stands elsewhere:
REPEATED = ("but in ", "but onto ", "feedback noise, ")
REWRITTEN = (
    (re.compile(r", spiking True$"), ""),  # which was not a choice
    (re.compile(r"^(rule +\w+):.*"), r"\1"),  # its source
    (re.compile(r"^(# at (?!its )\w+):.*"), r"\1"),  # what the moment is for
    (re.compile(r"(?<!^)#.*|^#(?! at ).*"), ""),
    # the error of backpropagation once stood without a name of its own
    (re.compile(r"^e_bp = .*"), ""),
    (re.compile(r"^error = e_bp$"), "error = e_back*k_b*phi_max*ms*sigma_bar*(1 - sigma_bar)"),
    (re.compile(r"\be_bp_post\b"), "error_post"),
    (re.compile(r"\s+"), ""),
)


def same_equations(then, now):
    """Whether two texts of ``models.describe.text`` are of the same simulation.

    Statements are compared without comments and spaces. So are the values of parameters, but only
    if both tables have the same form: it has changed.
    """
    (lines, table), (others, other_table) = _simulated(then), _simulated(now)
    if table[:1] == other_table[:1] and table != other_table:
        return False
    return lines == others


def _simulated(text):
    """Statements of a text, and the rows of its table: symbol, value, unit."""
    lines, table = [], []
    for line in text.splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            table.append(cells[:-1])  # without the source
        elif not line.startswith(REPEATED):
            for pattern, plain in REWRITTEN:
                line = pattern.sub(plain, line)
            lines += [line] if line else []
    return lines, table
