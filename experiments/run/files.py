"""Files of a folder: only plain files that lie in it are read; each is written whole or not at all.

A folder may come from a stranger: a link in it may lead anywhere, a pipe makes a reader wait for
ever, and a file with a known name may be put where ours is to be. What is written outlasts a power
cut: file and folder are on the disk before a function returns.
"""

import errno
import os
import secrets
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on every system
    fcntl = None

NO_LOCKS = {errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL}
MOST = 1 << 26  # bytes of a text
LETTERS = 200  # of what another package says


class RunError(ValueError):
    """A folder or a file cannot be used; the message is one sentence for the user."""


# --- reading --------------------------------------------------------------------------------------


def inside(root, name):
    """The path of a file in a folder; RunError if a link leads out of the folder."""
    path, real = Path(root) / name, os.path.realpath(root)
    if os.path.commonpath((real, os.path.realpath(path))) != real:
        raise RunError(f"{path} is a link that leads out of {root}")
    return path


def opened(root, name):
    """A plain file of a folder, open for reading bytes.

    Raises
    ------
    FileNotFoundError
        If it is not there.
    RunError
        If it lies elsewhere, is no plain file, or cannot be opened.
    """
    path = inside(root, name)
    try:
        return plain(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise RunError(f"{path} cannot be opened: {error.strerror}") from error


def plain(path):
    """A plain file, wherever it lies, open for reading bytes; OSError, or RunError if it is none.

    Nobody waits for a pipe.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise RunError(f"{path} is not a plain file")
    return os.fdopen(handle, "rb")


def read(root, name, most=MOST):
    """The bytes of a plain file of a folder, ``most`` at most; raises as ``opened``."""
    with opened(root, name) as file:
        size = os.fstat(file.fileno()).st_size  # Python makes room for all that is asked for
        try:
            found = file.read(min(most, size) + 1)
        except OSError as error:
            raise RunError(f"{Path(root) / name} cannot be read: {error.strerror}") from error
    if len(found) > most:
        raise RunError(f"{Path(root) / name} has more than {most >> 20} MB: no run writes that")
    return found


def text(root, name, most=MOST):
    """A text, as ``read``; RunError if it is none."""
    try:
        return read(root, name, most).decode()
    except UnicodeDecodeError as error:
        raise RunError(f"{Path(root) / name} is damaged: it is no text") from error


def said(error):
    """What another package says is wrong with a file, as a part of one sentence."""
    text = "".join(c if c.isprintable() else "?" for c in " ".join(str(error).split()))
    name = type(error).__name__
    return f"{name}: {text[:LETTERS]}{' ...' * (len(text) > LETTERS)}" if text else name


# --- writing --------------------------------------------------------------------------------------


@contextmanager
def replaced(root, name):
    """A new file beside a file of a folder; it takes its place if all goes well, or goes away."""
    path = inside(root, name)
    _make(path.parent)
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
    try:
        yield part
        _keep(part)
        os.replace(part, path)
        _keep(path.parent)
    finally:
        part.unlink(missing_ok=True)


def write(root, name, data):
    """A file of a folder, whole or not at all."""
    with replaced(root, name) as part:
        part.write_bytes(data)


def append(root, name, data):
    """Add to a file of a folder that is there.

    Where it is cut short, the last line has no end: readers leave it out.
    """
    path = inside(root, name)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        while data:  # without a buffer, which would be written once more after a failure
            data = data[os.write(handle, data) :]
        _sync(handle)
    finally:
        os.close(handle)


def remove(root, name):
    """Remove a file of a folder, if it is there."""
    path = inside(root, name)
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        _keep(path.parent)


def tidy(root):
    """Remove what killed runs left beside files in a folder that is held."""
    for part in Path(root).rglob(".*.part"):
        if len(part.suffixes) > 1 and len(part.suffixes[-2]) == 17:
            part.unlink(missing_ok=True)


def _make(folder):
    """Make a folder, and those above it that are not there."""
    if folder.is_dir():
        return
    if folder.exists():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    _make(folder.parent)
    folder.mkdir(exist_ok=True)
    _keep(folder.parent)


def _keep(path):
    """Have a file, or the names in a folder, on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _sync(handle)
    finally:
        os.close(handle)


def _sync(handle):
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in NO_LOCKS:  # some file systems cannot
            raise


# --- holding --------------------------------------------------------------------------------------

# By flock itself, and not by the package filelock: that locks no folders and shares no native lock,
# as the cache of builds needs; tells nobody which file it holds, as ``Hold.check`` needs; and where
# there are no locks it leaves a file that a killed process does not take away.


class Hold:
    """A folder that one process writes to; see ``held``."""

    def __init__(self, root, handle):
        self.root, self.handle = root, handle

    def check(self):
        """RunError if the folder was removed, or another is in its place."""
        with suppress(OSError):
            there = os.stat(Path(self.root) / "run.lock", follow_symlinks=False)
            if os.path.samestat(there, os.fstat(self.handle)):
                return
        raise RunError(f"{self.root} was removed or replaced while it was written to")


@contextmanager
def held(root):
    """Hold a folder until the end; a process that is killed lets go.

    Raises
    ------
    RunError
        If another holds it.
    """
    path = inside(root, "run.lock")
    _make(path.parent)
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        handle = os.open(path, flags, 0o666)
    except OSError as error:
        raise RunError(f"{path} cannot be opened: {error.strerror}") from error
    try:
        if not lock(handle):
            raise RunError(f"{root} is held by a run that is still going")
        yield Hold(root, handle)
    finally:
        os.close(handle)


def lock(handle, wait=False):
    """Lock an open file, or wait for it; False if another process has it locked.

    Where there are no locks, it says so once and goes on.
    """
    try:
        if fcntl is None:
            raise OSError(errno.ENOSYS, "")
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
        _say_once()
    return True


def _say_once(said=[]):  # noqa: B006 (it is to be remembered)
    if not said:
        said.append(True)
        print("files cannot be locked here: let no two runs write to one folder", file=sys.stderr)
