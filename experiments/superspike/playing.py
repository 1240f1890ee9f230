"""A loop of spikes that is played again and again to a network that learns what to answer."""

from typing import NamedTuple

import numpy as np

from experiments.superspike import stimuli
from models.engine.recording import NOTHING, Recording
from models.superspike.network import network
from models.superspike.options import Options
from models.theory import Inputs


class Task(NamedTuple):
    """What is shown and what is asked for, as lists of ``stimuli.Spikes``: one an example."""

    inputs: list
    targets: list
    cells: int  # that are shown the inputs
    outputs: int


class Heard(NamedTuple):
    """Of some seconds: J, the root of the mean square of the error, rates, and output spikes.

    ``J`` is the cost of all outputs that have targets, by that of silence; ``rates`` are in Hz, by
    population; ``spikes`` are (times in s since the player began, cells).
    """

    seconds: float
    J: float
    rms: float
    rates: dict
    spikes: stimuli.Spikes


class Player:
    """Plays a task to a network.

    Parameters
    ----------
    task : Task
    options : Options
        Their ``layers`` end with the task's outputs; ``clear`` is off.
    how : mapping
        ``device`` and ``precision``.
    most : (int, int), optional
        The most spikes of an input and targets of an output in an example: the same for tasks that
        share their compiled programs.

    Attributes
    ----------
    seconds : float
        For which it has learned.
    """

    def __init__(self, task, options, how, most=None):
        counts = ((task.inputs, task.cells), (task.targets, task.outputs))
        most = most or tuple(int(stimuli.columns(*one)) for one in counts)
        self.options, self.how = options, how
        self.network = network(options, stimuli.trains(most[0], task.cells), task.outputs, most[1])
        packed = (stimuli.packed(*one, room) for one, room in zip(counts, most, strict=True))
        self.loop = tuple(packed)  # what is shown, and the targets
        silent = stimuli.silent_error(task.targets, task.outputs, options.lasts, options.dt)
        self.silent = silent.sum()
        self.seconds, self._programs = 0.0, {}

    def sharing(self, other):
        """This player with the programs of another one of the same shape, if there is one."""
        if other is not None:
            self._programs = other._programs
        return self

    def play(self, state, part, learns=True, epoch=0, spikes=False):
        """Play for some seconds, whole loops; returns the state, and what was heard."""
        loops = round(1000 * part / self.options.lasts / len(self.loop[0]))
        shown, asked = (np.tile(rows, (loops, 1)) for rows in self.loop)
        key = len(shown), learns, spikes
        if key not in self._programs:
            record = Recording({"spikes": ()}) if spikes else NOTHING
            self._programs[key] = self.network.program(len(shown), learns, record, **self.how)
        labels, more = np.zeros(len(shown), dtype=int), {"target": asked}
        out = self._programs[key].run(Inputs(shown, labels, state, 1, epoch, learns, more=more))
        began = self.seconds
        self.seconds += learns * len(shown) * self.options.lasts / 1000
        cost = float(np.mean(out.measures["loss"], dtype=float))
        rates = {
            name.removeprefix("rate_"): float(values.mean())
            for name, values in out.measures.items()
            if name.startswith("rate_")
        }
        heard = stimuli.Spikes(np.zeros(0), np.zeros(0, dtype=int))
        if spikes:
            times, cells = (out.records["spikes", "output", name] for name in "ti")
            heard = stimuli.Spikes(began + times / 1000, cells)
        return out.state, Heard(self.seconds, cost / self.silent, np.sqrt(cost), rates, heard)


def options(setting, **values):
    """Options of a network that plays: the paper's time step and delay, and nothing is cleared."""
    steps = setting.size({"dt": 0.1, "delay": 0.8}, {"dt": 1.0, "delay": 1.0})
    return Options(**{"clear": False, "lasts": 500.0} | steps | values)


def how(setting):
    """Where, and in which precision, it plays."""
    return {"device": setting.size("standalone", "runtime"), "precision": "single"}
