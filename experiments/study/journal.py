"""Optuna's journal of a study: opened, and mended after a kill, by the process that holds it."""

from experiments.run import files
from experiments.run.folder import RunError

NAME = "journal.log"
ENDED = ("COMPLETE", "PRUNED")
DAMAGE = (ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError)


class Held:
    """In the place of the journal's own lock, which outlasts a kill: the folder is held already."""

    def acquire(self):
        """Begin to write."""
        return True

    def release(self):
        """End it."""


def opened(optuna, out):
    """The study in a folder, begun if there is none; trials that were under way have failed.

    Parameters
    ----------
    optuna : module
    out : Path
        A folder that this process holds.

    Returns
    -------
    optuna.Study

    Raises
    ------
    RunError
        If the journal is damaged. A last line that is cut short is none of that: it goes away.
    """
    path = files.inside(out, NAME)
    _cut(out, path)
    how = {"study_name": "search", "direction": "maximize", "load_if_exists": True}
    how["sampler"] = optuna.samplers.RandomSampler(seed=0)
    try:
        backend = optuna.storages.journal.JournalFileBackend(str(path), Held())
        study = optuna.create_study(storage=optuna.storages.JournalStorage(backend), **how)
        trials = study.get_trials(deepcopy=False)
    except DAMAGE as error:
        raise RunError(f"{path} is damaged: {files.said(error)}") from error
    states = optuna.trial.TrialState
    if any("point" not in t.user_attrs for t in ended(study)):
        raise RunError(f"{path} is damaged: a trial has ended that is none of the study's")
    for trial in trials:
        if trial.state == states.WAITING:
            study.ask()  # this one: only trials that run can fail
        if trial.state in (states.WAITING, states.RUNNING):
            study.tell(trial.number, state=states.FAIL)
    return study


def ended(study):
    """Trials that have ended: complete, or dropped."""
    return [t for t in study.get_trials(deepcopy=False) if t.state.name in ENDED]


def asked(study, point):
    """Values that a point had in a trial that did not end (name -> value), and its number, if any.

    A trial that was killed while it was asked for has some of them only.
    """
    found = {}, None
    for trial in study.get_trials(deepcopy=False):
        if trial.state.name == "FAIL" and trial.user_attrs.get("point") == point:
            found = trial.params, trial.number
    return found


def _cut(out, path):
    """Take away a last line that has no end."""
    try:
        found = files.read(out, NAME, most=1 << 33)
    except FileNotFoundError:
        return
    whole = found.rpartition(b"\n")
    if whole[2]:
        files.write(out, NAME, whole[0] + whole[1])
