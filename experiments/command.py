"""What all commands share: errors of one line, and the exit status.

0 done, 2 for a bad argument or bad data (one line on stderr), 130 after Ctrl-C.
"""

import argparse
import difflib
import errno
import sys


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


def parser(name, text):
    """A parser for a command; ``text`` is the docstring of its module."""
    return Parser(
        prog=name,
        description=text,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def guarded(name, action, arguments, goes_on="what was written is kept"):
    """Run ``action(arguments)`` and return the exit status; no error leaves a traceback.

    ``goes_on`` is what someone is told who stopped it.
    """
    try:
        action(arguments)
        return 0
    except KeyboardInterrupt:
        print(f"stopped; {goes_on}", file=sys.stderr)
        return 130
    except (ValueError, RuntimeError) as error:
        return _fail(name, error)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "no space left on the disk" if full else error.strerror or error
        where = error.filename or "while writing"
        return _fail(name, f"{reason} ({where}); what was written is kept")


def _fail(name, reason):
    print(f"{name}: {' '.join(str(reason).split())}", file=sys.stderr)
    return 2
