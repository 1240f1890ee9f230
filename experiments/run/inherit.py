"""A run as the start of another (``--weights RUN[@EPOCH]``): its options, and what it had learned.

The run may be a stranger's: what it says is checked as on the command line, and code that it names
is not run unless the user names it, too.
"""

import sys

import numpy as np

from experiments.run import folder as folders
from experiments.run.folder import RunError
from models.theory import DEFAULT, NONE

# What a run does not hand down, beside where it was written.
OWN = ("weights", "lesion", "device", "record", "record_images", "record_training", "record_epochs")
OWN += ("record_neurons", "record_variables")
DATA = ("dataset", "data_dir", "encoding")
CODE = ("theory", "variant")  # may name a file that is run


def theory(text):
    """The theory of the run ``RUN[@EPOCH]``; RunError as ``options``."""
    return options(text, {"variant": None}).get("theory", DEFAULT)


def options(text, given=NONE):
    """Options of the run ``RUN[@EPOCH]``, by name, which those of a command line then change.

    Parameters
    ----------
    text : str
    given : mapping
        Options of the command line.

    Raises
    ------
    RunError
        If there is no such run, or it needs code that the user has not named.
    """
    folder = folders.at(text)
    told = {name: value for name, value in folder.config().items() if name not in OWN}
    if given.get("theory", told.get("theory", DEFAULT)) != told.get("theory", DEFAULT):
        return {name: told[name] for name in DATA if name in told}  # all others are its theory's
    for name in CODE:
        if str(told.get(name, "")).endswith(".py") and name not in given:
            raise RunError(
                f"--weights: {folder.path} was run with --{name} {told[name]}, whose code is run: "
                "if you trust it, name it yourself"
            )
    return told


def begin(config, fresh):
    """What learning begins with, and where that is from.

    Parameters
    ----------
    config : Config
        Whose ``weights`` name the run.
    fresh : dict of ndarray
        The state of a new network.

    Returns
    -------
    state : dict of ndarray
        That of the run; what it does not have is as in a new network.
    about : dict
        For the provenance: the run, its images seen, what differs, what it did not have
        (``new``), what of it is not used (``left_out``), and what is set to 0 (``lesion``).

    Raises
    ------
    RunError
        If its state is damaged, or not that of such a network, or has not what is to be set to 0.
    """
    folder = folders.at(config.weights)
    kept = folder.state()
    state, theirs = dict(fresh), kept.state
    both = [name for name in fresh if name in theirs]
    if not both:
        raise RunError(
            f"--weights: {folder.path} learned {', '.join(theirs) or 'nothing'}, and this network "
            f"learns {', '.join(fresh) or 'nothing'}"
        )
    for name in both:
        mine, his = fresh[name], theirs[name]
        if his.shape != mine.shape or his.dtype.kind not in "biuf":
            shapes = (sides(one.shape) for one in (his, mine))
            said = "--weights: {} of {} is {}, here it is {}".format(name, folder.path, *shapes)
            other = folder.config().get("theory", DEFAULT)
            if other != config.theory:
                said += f": it was learned by the theory {other!r:.60}, and this is {config.theory}"
            raise RunError(said)
        if not np.isfinite(his).all():
            raise RunError(f"--weights: {name} of {folder.path} is not all numbers")
        state[name] = his.astype(mine.dtype)
    for name in config.lesion:
        if name not in state:
            raise RunError(f"--lesion: there is no {name!r}, but {', '.join(state)}")
        state[name] = np.zeros_like(state[name])
    about = {
        "run": folder.path.resolve().name,
        "images_seen": kept.images_seen,
        "differs": _differs(config, folder.config()),
        "new": [name for name in fresh if name not in theirs],
        "left_out": [name for name in theirs if name not in fresh],
        "lesion": list(config.lesion),
    }
    for names, what in ((about["new"], "begins anew"), (about["left_out"], "is left out")):
        if names:
            print(f"--weights: {', '.join(names)} {what}", file=sys.stderr, flush=True)
    return state, {"weights": about}


def _differs(config, theirs):
    """Option -> its value in the run, and here, where they are not the same."""
    mine = config.flat()
    values = ((name, theirs.get(name), mine.get(name)) for name in mine | theirs)
    found = {
        name: [his, list(own) if isinstance(own, tuple) else own]
        for name, his, own in values
        if name not in (*OWN, "data_dir")
    }
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def sides(shape):
    """A shape in words: "64 x 30"."""
    return " x ".join(map(str, shape)) or "one number"
