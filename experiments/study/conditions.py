"""A condition stands once: what it is called, how it is trained, what the paper found, its look."""

from typing import NamedTuple


class Condition(NamedTuple):
    """One trained network. Its name, which keys tables and run folders, is its page's.

    ``options`` are those of a run and of its theory: fields of ``experiments.run.config.Config``.
    ``network`` is the condition whose network it is, if not its own. ``estimate`` is the (lowest,
    highest) test error, per cent, read off the paper's figure; with a third, the name of a
    condition, above the mean of that one's tests. ``each`` is the number of epochs that all weights
    need to learn from each image once, where they take turns: tables and figures then count these
    passes as epochs.
    """

    label: str  # what figures and tables call it
    options: dict
    epochs: int
    paper: float | None = None  # the paper's test error, per cent, if it gives one
    network: str | None = None
    estimate: tuple | None = None
    each: int = 1
    look: tuple | None = None  # colour, marker, line, as Matplotlib has them; None: by its place

    def passes(self, epochs):
        """Passes of all weights through the images in so many epochs; the last may be a part."""
        return -(-int(epochs) // self.each)

    def described(self):
        """What figures and tables need of it, as data."""
        low, high, above = (*(self.estimate or (None, None)), None)[:3]
        return {
            "label": self.label,
            "paper": self.paper,
            "estimate": [low, high, above] if self.estimate else None,
            "look": list(self.look) if self.look else None,
            "epochs": self.passes(self.epochs),
        }
