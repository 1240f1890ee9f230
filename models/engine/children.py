"""Programs that we start, and end.

Each has a session of its own: Ctrl-C at a terminal reaches us alone, and we end what runs.
"""

import os
import select
import signal
import subprocess
from contextlib import suppress

LOOK_UP = 200  # ms: a signal that comes just before a wait without an end would not be noticed


class Children:
    """Programs that run now; each of several threads may wait for its own."""

    def __init__(self):
        self._running = set()

    def run(self, command, **how):
        """Run a program to its end.

        Parameters
        ----------
        command : sequence of str
        how : dict
            As for ``subprocess.Popen``; either ``stdout`` or ``stderr`` is a pipe.

        Returns
        -------
        status : int
        said : str
            What came through the pipe.
        """
        child = subprocess.Popen(command, start_new_session=True, **how)
        self._running.add(child)
        try:
            eye = select.poll()
            eye.register(child.stdout or child.stderr)
            while not eye.poll(LOOK_UP):
                pass
            said = b"".join(text for text in child.communicate() if text)
            return child.returncode, said.decode(errors="replace")
        except BaseException:
            _end(child)
            child.wait()
            raise
        finally:
            self._running.discard(child)

    def stop(self):
        """End what runs, whichever thread waits for it: there its status is that of a kill."""
        for child in tuple(self._running):
            _end(child)


def _end(child):
    """End a program and what it has started in turn, as a compiler does."""
    with suppress(ProcessLookupError, PermissionError):  # it has just ended
        os.killpg(child.pid, signal.SIGKILL)
