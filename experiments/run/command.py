"""What all commands share: errors of one line, and the exit status.

0 done, 2 for what the user can mend (one line on stderr), 130 after Ctrl-C, 143 after SIGTERM, 129
after SIGHUP. Only a fault of ours, such as a KeyError, leaves a traceback and 1.
"""

import argparse
import difflib
import errno
import os
import signal
import sys
import threading
import traceback
from concurrent.futures import wait
from contextlib import contextmanager, suppress
from pathlib import Path

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # that end a command; not every system has all
came = []  # signals that have stopped the command that runs


class Stopped(KeyboardInterrupt):
    """Someone has stopped us with a signal, which is Ctrl-C or as good as that."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message):
        """Exit with status 2; a misspelt option is told what it may have been."""
        known = [word for action in self._actions for word in action.option_strings]
        if message.startswith("unrecognized arguments"):
            words = [word for word in message.split() if word.startswith("--")]
            near = [m for word in words for m in difflib.get_close_matches(word, known, 1)]
            message += f"; did you mean {' and '.join(near)}?" if near else ""
        self.exit(2, f"{self.prog}: {message}\n")

    def parse_known_args(self, args=None, namespace=None):
        """Parse words, in which a leading ~ is the home; a shell leaves it in ``--out=~/run``."""
        words = map(str, sys.argv[1:] if args is None else args)
        return super().parse_known_args([_with_home(word) for word in words], namespace)

    def print_help(self, file=None):
        """Print what it takes; argparse would hide that there is no room for it."""
        print(self.format_help(), end="", file=file)


def _with_home(word):
    option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
    return option + equals + os.path.expanduser(value)


def parser(name, text):
    """A parser for a command; ``text`` is the docstring of its module."""
    return Parser(
        prog=name,
        description=text,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def say(text):
    """A sign of life in what takes seconds, for whoever looks at a terminal."""
    if sys.stderr.isatty():
        print(f"{text} ...", file=sys.stderr, flush=True)


def until_ended(futures):
    """Wait until futures have ended, or for Ctrl-C and the like.

    It looks up now and then: a signal that comes just before a wait without an end would be noticed
    only when that has ended.
    """
    while wait(futures, timeout=0.2).not_done:
        stop_if_told()


def stop_if_told():
    """Raise ``Stopped`` once more if a signal came: Python drops what is raised in a destructor."""
    if came:
        raise Stopped(came[0])


def end(futures, stop):
    """Have futures end now: ``stop()`` ends what runs, again and again, for more may have begun."""
    while not all(future.done() for future in futures):
        stop()
        wait(futures, timeout=0.05)


@contextmanager
def signals():
    """Ctrl-C, SIGTERM and SIGHUP raise ``Stopped`` meanwhile; those that were ignored stay so.

    A shell has SIGINT ignored by what it starts with "&", and ``nohup`` SIGHUP.
    """
    before = {}
    came.clear()

    def stop(number, _):
        if number == signal.SIGINT or not came:  # a second SIGTERM must not end the tidying up
            came.append(number)
            raise Stopped(number)

    def ignore(number, _):
        """In the place of SIG_IGN, which Brian2's own handler of SIGINT would call."""

    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name) for name in SIGNALS if hasattr(signal, name)):
            before[number] = signal.getsignal(number)
            usual = getattr(before[number], "previous_handler", before[number])  # within Brian2's
            if usual is not signal.SIG_IGN:
                signal.signal(number, stop)
            elif number == signal.SIGINT:
                signal.signal(number, ignore)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        came.clear()


def guarded(name, action, arguments, goes_on="what was written is kept"):
    """Run ``action(arguments)`` and return the exit status: 0, or what the action returned.

    A bad value or file, a full disk and too little memory are one line on stderr. Our checks raise
    ValueError, RuntimeError or a class of their own made from them; where another package raised
    one, the line says so. ``goes_on`` is what someone is told who stopped it.
    """
    try:
        os.environ["MPLBACKEND"] = "agg"  # Brian2 imports matplotlib, which may refuse another
        with signals(), said():
            return action(arguments) or 0
    except KeyboardInterrupt as stop:
        number = getattr(stop, "number", signal.SIGINT)
        by = "" if number == signal.SIGINT else f" by {signal.Signals(number).name}"
        with suppress(OSError):  # after SIGHUP there may be no one to tell
            print(f"stopped{by}; {goes_on}", file=sys.stderr, flush=True)
        return 128 + number
    except (ValueError, RuntimeError) as error:
        return _fail(name, f"{error}{_elsewhere(error)}")
    except MemoryError as error:
        return _fail(
            name, f"not enough memory: {error or 'ask for less'}; what was written is kept"
        )
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "no space left on the disk" if full else error.strerror or error
        where = error.filename or "while writing"
        return _fail(name, f"{reason} ({where}); what was written is kept")


@contextmanager
def said():
    """What is printed meanwhile is out at the end: a full disk is noticed here, not at the exit."""
    try:
        yield
    finally:
        try:
            if sys.stdout:
                sys.stdout.flush()
        except OSError:
            with open(os.devnull, "w") as nowhere:  # else Python tries once more, and complains
                os.dup2(nowhere.fileno(), sys.stdout.fileno())
            raise


def _elsewhere(error):
    """Where an error comes from that is none of our sentences, for whoever is asked about it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    file = Path(last.filename)
    if not {"site-packages", "dist-packages"} & set(file.parts):
        return ""
    return f" ({type(error).__name__}, {file.parent.name}/{file.name}, line {last.lineno})"


def _fail(name, reason):
    print(f"{name}: {' '.join(str(reason).split())}", file=sys.stderr)
    return 2
