"""The commands that draw: a figure of one run, and the figures of a page.

A figure of one run takes ``RUN [--out FILE]``; those of a page are drawn by ``python -m analysis``.
Exit status: 0 done, 2 if it cannot be drawn (one line on stderr), 130 after Ctrl-C.
"""

import importlib
from functools import partial
from pathlib import Path

from analysis.drawing import conditions
from analysis.drawing.writing import save, write, write_text
from experiments.run import folder as folders
from experiments.run.command import Parser, guarded, say

KEPT = "what was drawn is kept"
ROOM = Path(__file__).parents[1]


def named(stem, epoch):
    """The name of what is made of a run after an epoch (None: of its end), without its ending."""
    return stem if epoch is None else f"{stem}_epoch_{epoch:03d}"


def command(name, draw, arguments=None, place=None, how=write, whole=False, **options):
    """Draw one figure of one run; returns the exit status.

    ``name`` is that of its module and of its file in ``RUN/figures``; ``draw(run, **values of the
    options)`` returns a Figure; each of ``options`` holds keywords of ``add_argument``. What is no
    Figure needs ``how(what draw gave, path)``, and ``place``, its file in the run folder. What is
    not of the ``whole`` run has the epoch of ``RUN@EPOCH`` in its name.
    """
    place = place or f"figures/{name}.png"
    parser = Parser(prog=f"analysis.{name}", description=draw.__doc__, allow_abbrev=False)
    parser.add_argument("run", metavar="RUN", help="run folder, or RUN@EPOCH")
    parser.add_argument("--out", metavar="FILE", help=f"default: RUN/{place}")
    for option, keywords in options.items():
        parser.add_argument(f"--{option}", **keywords)

    def action(arguments):
        given = vars(parser.parse_args(arguments))
        run, out = folders.at(given.pop("run")), given.pop("out")
        run.config()  # first of all: is it a run folder?
        own = run.path / place
        path = Path(out) if out else own.with_stem(named(own.stem, None if whole else run.epoch))
        say(f"making {path}")
        save(partial(draw, run, **given), path, how, None if out else run.path)

    return guarded(parser.prog, action, arguments, KEPT)


def figure(results, out=None):
    """Draw a page's figures from its kept results; returns the exit status.

    A page whose figure is its own has a module ``analysis/<theory>/<page>.py``: ``draw(results)``
    returns a Figure; ``more(results)``, if there, names further figures of the folder: file name
    without its ending -> draw; ``table(results)``, if there, is text in Markdown that is kept
    beside the figure. Any other page is drawn by ``conditions``. The first figure goes to ``out``,
    and then it alone; default: all into the folder of the results.
    """
    name = results.experiment
    path = Path(out) if out else results.path / f"{name}.png"

    def action(path):
        own = module(results.theory, name)
        save(partial(own.draw, results), path, write, None if out else results.root)
        if out:
            return
        if hasattr(own, "table"):
            save(partial(own.table, results), path.with_suffix(".md"), write_text, results.root)
        for stem, one in (own.more(results) if hasattr(own, "more") else {}).items():
            save(partial(one, results), results.path / f"{stem}.png", write, results.root)

    return guarded(f"analysis {name}", action, path, KEPT)


def file(theory, page):
    """Where the module of a page's figure is, if it has one."""
    return ROOM / theory / f"{page}.py"


def drawable(results):
    """Whether a page has a figure: a module of its own, or curves of its conditions."""
    return file(results.theory, results.experiment).exists() or results.has("curves")


def module(theory, page):
    """What draws a page: a module of its own, or ``conditions``."""
    own = file(theory, page).exists()
    return importlib.import_module(f"analysis.{theory}.{page}") if own else conditions
