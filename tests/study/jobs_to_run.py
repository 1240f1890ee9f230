"""Functions that tests have workers run: these find them by name."""

import os
import signal
from pathlib import Path


def double(tell, number):
    """Twice the number; says how far it is."""
    tell({"n": number})
    return 2 * number, os.getpid()


def fail(tell, number):
    """As a bad value does."""
    if number:
        raise ValueError(f"{number} is too many")
    return "none"


def die_once(tell, mark):
    """End the worker, but for the second time."""
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def die(tell):
    """End each worker."""
    os.kill(os.getpid(), signal.SIGKILL)
