"""The progress bar of all that takes longer than two seconds."""

import builtins

from tqdm import tqdm


def bar(*things, **about):
    """A bar of ``tqdm``, drawn on a terminal and in a notebook, and not into a file.

    Parameters are those of ``tqdm``.
    """
    notebook = hasattr(builtins, "__IPYTHON__")  # where stderr is no terminal, but is looked at
    return tqdm(*things, disable=False if notebook else None, dynamic_ncols=not notebook, **about)
