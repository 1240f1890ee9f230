"""Folders of a cache: whole, ours, and not removed while they are in use.

What lies there is run, so a folder counts only if it is as it was when it was kept, by the list of
digests in it, and if no one else may write to it. Whoever uses it holds a lock on it. What is mere
courtesy, such as removing what is old, never stops a run.
"""

import errno
import hashlib
import os
import shutil
import stat
import tempfile
import time
import weakref
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on every system
    fcntl = None

LIST = "sha256"  # a file in each folder, as sha256sum writes it
KEPT_DAYS = 30  # a folder is removed when it was not used for so long
OTHERS = 0o022  # may write


class Kept:
    """A folder in use: it is locked, and so not removed, as long as this object lives."""

    def __init__(self, folder):
        handle = _locked(folder, shared=True, wait=False)  # who has it removes it
        weakref.finalize(self, os.close, handle)
        self.folder = folder
        self.is_there = os.path.samestat(folder.lstat(), os.fstat(handle))


def find(folder):
    """A folder as ``Kept``; None if it is not there, not whole, or not ours alone."""
    try:
        kept = Kept(folder)
        if not kept.is_there or (folder / LIST).read_text() != _digests(folder):
            return None
    except (OSError, ValueError):
        return None
    touch(folder)
    return kept


def make(folder, fill):
    """Have a folder filled, and keep it.

    Parameters
    ----------
    folder : Path
        Its place; what is there and not whole is replaced.
    fill : callable
        ``fill(path)`` writes into a new folder.

    Returns
    -------
    Kept

    Raises
    ------
    OSError
        If it cannot be kept.
    """
    place = folder.parent
    _open_to_us(place)
    part = Path(tempfile.mkdtemp(dir=place, prefix="part-"))
    old = part.with_name(f"{part.name}-old")
    try:
        with _hold(part, shared=True):
            new = part / "new"
            new.mkdir()
            fill(new)
            (new / LIST).touch()
            for path in (new, *new.rglob("*")):
                path.chmod(path.stat().st_mode & ~OTHERS)
            (new / LIST).write_text(_digests(new))
            with _hold(place):
                found = find(folder)  # another process may have just made the same
                if not found:
                    with suppress(FileNotFoundError):
                        folder.rename(old)
                    new.rename(folder)
    finally:
        _remove(part)
        _remove(old)
    found = found or find(folder)
    if not found:
        raise PermissionError(errno.EACCES, "it does not stay as it is written", str(folder))
    return found


def touch(folder):
    """Say that a folder is still of use; not where nothing may be written."""
    with suppress(OSError):
        os.utime(folder)


def clean(place, but=""):
    """Remove what lies in a folder (``but`` one), was not used for long, and is not in use."""
    with suppress(OSError), _hold(place, wait=False):
        for path in {*place.iterdir()} - {place / but}:
            with suppress(OSError):  # it is in use, or not ours
                if path.lstat().st_mtime < time.time() - KEPT_DAYS * 86400:
                    with _hold(path, wait=False):
                        _remove(path)


def _digests(folder):
    """The list of a folder's files; PermissionError if others may write to any."""
    lines = []
    for path in (folder, *sorted(folder.rglob("*"))):
        about = path.lstat()
        if about.st_uid != os.geteuid() or about.st_mode & OTHERS:
            raise PermissionError(errno.EACCES, "it is not ours alone", str(path))
        if stat.S_ISREG(about.st_mode) and path.name != LIST:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"{digest}  {path.relative_to(folder)}\n")
    return "".join(lines)


def _open_to_us(place):
    """Make the folder of folders, in which none but us may put one in the place of another."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = place.stat()
    if about.st_uid == os.geteuid() and about.st_mode & OTHERS:
        place.chmod(about.st_mode & 0o777 & ~OTHERS)


def _locked(path, shared=False, wait=True):
    """Open and lock a file or folder; where there are no locks, it is only opened.

    BlockingIOError if another has it and we do not wait.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if fcntl:
            how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            fcntl.flock(handle, how if wait else how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise
    except OSError:
        pass
    return handle


@contextmanager
def _hold(path, shared=False, wait=True):
    """Lock a file or folder for a while, as ``_locked`` does."""
    handle = _locked(path, shared, wait)
    try:
        yield
    finally:
        os.close(handle)


def _remove(path):
    """Remove a file or a folder, as far as that can be done."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
