"""Phases turned into named moments with precomputed times.

A theory says which phases an image has and how long they are, and where in them its moments are;
names are its own. Times are whole numbers of steps, so that every moment falls on the grid. One
moment each theory has: ``onset``, the first step of an image, at which ``example`` is counted.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from brian2 import Quantity

from models import units

ONSET = "onset"


class Moment(NamedTuple):
    """Where in an image something happens.

    Attributes
    ----------
    phase : str
    place : str
        "first" or "last" step of the phase, or "each".
    slot : str
        Where in its step: Brian2's "start", "groups" or "end".
    meaning : str
    skip, window : int
        With "each": steps at the phase's start that are left out, or, if ``window`` is not 0, all
        but the last so many.
    every : int
        Only of every so many images, and of the last.
    """

    phase: str
    place: str
    slot: str
    meaning: str
    skip: int = 0
    window: int = 0
    every: int = 1


class Schedule(NamedTuple):
    """The phases of a chunk of images, in steps.

    Attributes
    ----------
    phases : tuple of str
    edges : ndarray of int, shape (images, phases + 1)
        First step of each phase, and of the next image.
    moments : mapping of name -> Moment
        Those of phases that are not there never come.
    dt : Quantity
        The time step.
    """

    phases: tuple
    edges: np.ndarray
    moments: Mapping
    dt: Quantity

    @classmethod
    def of(cls, lengths, moments, dt):
        """A schedule of successive images.

        Parameters
        ----------
        lengths : dict
            Phase -> ndarray of int, shape (images,): its steps.
        moments : mapping of name -> Moment
        dt : Quantity

        Raises
        ------
        ValueError
            If a window, or what is skipped, does not fit into its phase.
        """
        ends = np.cumsum(np.stack(list(lengths.values()), axis=1)).reshape(-1, len(lengths))
        edges = np.column_stack([np.append(0, ends[:-1, -1]), ends])
        for name, moment in moments.items():
            if moment.phase in lengths and moment.place == "each":
                shortest = int(lengths[moment.phase].min())
                if moment.skip >= shortest or moment.window > shortest:
                    raise ValueError(
                        f"{name} ({moment.skip} steps left out, window {moment.window or 'none'}) "
                        f"does not fit into a phase of {shortest} steps"
                    )
        return cls(tuple(lengths), edges, moments, dt)

    @property
    def images(self):
        """Number of images."""
        return len(self.edges)

    @property
    def steps_in_all(self):
        """Steps of all images."""
        return int(self.edges[-1, -1])

    def steps_of(self, images):
        """Steps of the first so many images; of all, where something waits for several images."""
        waits = any(moment.every > 1 for moment in self.moments.values())
        return self.steps_in_all if waits else int(self.edges[images - 1, -1])

    @property
    def duration(self):
        """Length of the whole chunk."""
        return self.steps_in_all * self.dt

    def starts(self, phase=None):
        """First step of a phase (of the image, if none is named) in each image."""
        return self.edges[:, self.phases.index(phase) if phase else 0]

    def ends(self, phase=None):
        """First step after a phase (after the image, if none is named) in each image."""
        return self.edges[:, self.phases.index(phase) + 1 if phase else -1]

    def steps(self, name):
        """Steps at which a moment happens (sorted ndarray of int); None: it is in each step.

        A moment that no phase of this schedule has never happens.
        """
        if name not in self.moments:
            return None
        moment = self.moments[name]
        if moment.phase not in self.phases:
            return np.array([], dtype=int)
        chosen = slice(None)
        if moment.every > 1:
            image = np.arange(1, self.images + 1)
            chosen = (image % moment.every == 0) | (image == self.images)
        first, last = self.starts(moment.phase)[chosen], self.ends(moment.phase)[chosen]
        if moment.place != "each":
            return first if moment.place == "first" else last - 1
        begins = last - moment.window if moment.window else first + moment.skip
        return np.concatenate([np.arange(a, b) for a, b in zip(begins, last, strict=True)])

    def times(self, name):
        """The same as times, each exactly on Brian2's grid of steps."""
        return Quantity(self.steps(name) * float(self.dt), dim=self.dt.dim)

    def rows(self):
        """Rows (start ms, end ms, name) of every phase, in order; for records."""
        unit, _ = units.number(self.dt, "ms")
        return [
            (start * unit, end * unit, phase)
            for edges in self.edges
            for start, end, phase in zip(edges[:-1], edges[1:], self.phases, strict=True)
        ]
