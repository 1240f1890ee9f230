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
    part : float
        Seconds of a chunk: a whole number of loops.
    how : mapping
        ``device`` and ``precision``.
    most : (int, int), optional
        The most spikes of an input and targets of an output in an example: the same for tasks that
        share their compiled programs.
    """

    def __init__(self, task, options, part, how, most=None):
        counts = ((task.inputs, task.cells), (task.targets, task.outputs))
        most = most or tuple(int(stimuli.columns(*one)) for one in counts)
        loops = round(1000 * part / options.lasts / len(task.inputs))
        self.examples, self.options, self.how = loops * len(task.inputs), options, how
        self.network = network(options, stimuli.trains(most[0], task.cells), task.outputs, most[1])
        shown, asked = (
            np.tile(stimuli.packed(*one, room), (loops, 1))
            for one, room in zip(counts, most, strict=True)
        )
        self.given = shown, np.zeros(self.examples, dtype=int), {"target": asked}
        silent = stimuli.silent_error(task.targets, task.outputs, options.lasts, options.dt)
        self.silent = silent.sum()
        self.seconds, self._programs = 0.0, {}

    def sharing(self, other):
        """This player with the programs of another one of the same shape, if there is one."""
        if other is not None:
            self._programs = other._programs
        return self

    def play(self, state, learns=True, epoch=0, spikes=False):
        """Play one part; returns the state, and what was heard."""
        key = learns, spikes
        if key not in self._programs:
            record = Recording({"spikes": ()}) if spikes else NOTHING
            self._programs[key] = self.network.program(self.examples, learns, record, **self.how)
        shown, labels, more = self.given
        inputs = Inputs(shown, labels, state, 1, epoch, learns, more=more)
        out = self._programs[key].run(inputs)
        began = self.seconds
        self.seconds += self.examples * self.options.lasts / 1000
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


def options(**values):
    """Options of a network that plays: the paper's time step and delay, and nothing is cleared."""
    return Options(**{"clear": False, "lasts": 500.0, "dt": 0.1, "delay": 0.8} | values)
